"""Eligo: which clinical trials fit a patient, criterion by criterion, with the evidence."""

VERSION = "0.1.0"
