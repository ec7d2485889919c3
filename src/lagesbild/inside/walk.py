"""The whole journey of a table, read top to bottom."""
