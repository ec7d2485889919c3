"""Closed populations: Chao's lower bound, and the classical capture-recapture models beside it."""
