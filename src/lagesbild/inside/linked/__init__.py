"""Linked tables: everything that is published at once as cells and the sums that bind them."""
