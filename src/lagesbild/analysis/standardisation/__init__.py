"""Rates made comparable between areas of different age."""
