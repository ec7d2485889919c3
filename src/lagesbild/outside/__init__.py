"""Sees sealed releases, nothing else."""
