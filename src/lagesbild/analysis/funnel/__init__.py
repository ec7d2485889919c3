"""Different from the others or not: the chart, its lines, and the method that answers."""
