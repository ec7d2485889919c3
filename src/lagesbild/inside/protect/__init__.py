"""Hides what must be hidden, and proves that it is."""
