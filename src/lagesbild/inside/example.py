"""Example counts for the demonstration: invented, and marked so everywhere."""
