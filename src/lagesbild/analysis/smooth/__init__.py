"""Rates of areas with few events: the classical estimators, the map model, and survey estimates."""
