"""The ways to protect a table: suppression, rounding, cell-key noise; magnitudes and coarser tables."""
