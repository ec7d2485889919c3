"""What is to be protected: cells, the equations between them, and who knows what."""
