"""Plays the outsider against the staged public bytes."""
