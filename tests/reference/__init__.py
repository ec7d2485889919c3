"""Slow plain twins that the fast implementations must equal."""
