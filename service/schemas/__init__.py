"""The nouns: frozen Structs that the validator, the OpenAPI document and the tests share."""
