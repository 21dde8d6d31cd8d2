"""The rules, one family a file; each is `(trial, criteria) → issues` and knows no other."""
