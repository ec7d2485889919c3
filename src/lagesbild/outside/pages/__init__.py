"""The pages: a module for each kind, every one a function from a press to files."""
