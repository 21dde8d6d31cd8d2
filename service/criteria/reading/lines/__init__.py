"""Eligibility text → requirements: lines, bullets, headings and whom they speak of."""
