"""What can be taken home: CSV, JSON, workbook and chart files."""
