"""That it is enough: alternative tables for every unsafe cell, checked in whole numbers."""
