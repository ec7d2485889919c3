"""Did a measure help? The estimates side by side, and whether the question was fixed before the answer was
known."""
