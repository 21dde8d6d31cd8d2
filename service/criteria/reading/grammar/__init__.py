"""Items → one expression: lists, negation, exceptions, conditions, and how far each of them reaches."""
