"""A released table as comma-separated text that a spreadsheet can open without running anything."""

import csv
import io

from lagesbild.core.figures import Figures
from lagesbild.core.region import Geography

from .origin import mark
from .rows import rows

HEADER = (
    "indicator",
    "region",
    "region_name",
    "period",
    "sex",
    "age",
    "value",
    "status",
    "municipalities",
    "origin",
)


def write(figures: Figures, geography: Geography) -> bytes:
    """UTF-8, comma, CRLF, one row a cell. An empty value has its reason in `status`."""
    into = io.StringIO(newline="")
    writer = csv.writer(into)
    writer.writerow(HEADER)
    for row in rows(figures):
        name = geography[row.region].name_sv
        texts = [figures.indicator, row.region, name, row.period, row.sex, row.age]
        writer.writerow(
            [*map(harmless, texts), row.value, row.status, row.municipalities, mark(figures.origin)]
        )
    return into.getvalue().encode()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: a leading = + - @, tab or return is quoted."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text
