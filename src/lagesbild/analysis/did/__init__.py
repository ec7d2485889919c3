"""Difference-in-differences when places start at different times."""
