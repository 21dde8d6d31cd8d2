"""Spelling, and the words that give a criterion its structure. Knows nothing of tokens."""
