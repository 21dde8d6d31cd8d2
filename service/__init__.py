"""Eligo: which clinical trials fit a patient, criterion by criterion, with the evidence."""
