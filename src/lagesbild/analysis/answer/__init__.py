"""What a method gives back: results, reasons for what is missing, and sentences."""
