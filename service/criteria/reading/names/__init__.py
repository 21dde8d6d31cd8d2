"""Tokens without numbers → diseases, therapies, tests, and the words that narrow them."""
