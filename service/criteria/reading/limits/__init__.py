"""Tokens with numbers → bounds, times, and what they bound."""
