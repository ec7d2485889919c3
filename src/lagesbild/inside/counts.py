"""An unprotected table: shows its shape, never its values."""
