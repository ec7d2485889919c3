"""The door: the one sealed format that both sides know."""
