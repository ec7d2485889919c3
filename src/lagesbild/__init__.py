"""Lägesbild: situation pictures from protected aggregates only."""
