"""The engine as a tool of its own, for any statistical office's tables: a specification in, a folder out."""
