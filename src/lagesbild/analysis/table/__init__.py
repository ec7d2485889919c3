"""Tidy tables as methods read them: rows, and areas by periods."""
