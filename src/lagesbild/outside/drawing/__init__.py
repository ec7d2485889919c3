"""Charts and maps as SVG, from plain functions of values that are already known."""
