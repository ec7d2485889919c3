"""Numbers in, numbers with their uncertainty out. Pure; knows neither side."""
