"""The committee's report as accessible PDF, from the same values and words as the pages."""
