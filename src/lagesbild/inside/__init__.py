"""The only code that may see an unprotected count."""
