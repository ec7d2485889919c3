"""The private, append-only store of admitted tables."""
