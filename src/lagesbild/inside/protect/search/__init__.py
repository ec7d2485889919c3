"""Which cells to hide: tables found by a small simplex, and the cuts that say why there is none."""
