"""Growing or not: the verdict, and the tests that stand beside it."""
