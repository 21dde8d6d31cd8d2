"""The tables of the field: vocabulary, analytes, units, scales; read once, at import."""
