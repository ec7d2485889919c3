"""Synthetic control: what would have happened where the measure was taken, had it not been taken."""
