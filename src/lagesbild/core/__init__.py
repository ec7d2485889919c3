"""Plain frozen values; no files, no network, nothing of ours imported."""
