"""A requirement → typed tokens, and what can be told of a stretch of them."""
