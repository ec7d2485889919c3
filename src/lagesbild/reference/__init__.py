"""Public facts that the product carries: places, people, indicators, measures, published figures."""
