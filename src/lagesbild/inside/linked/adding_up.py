"""Refuses tables of which a total is smaller than its parts."""

from collections.abc import Sequence

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Refusal

from .margins import Margins

SHOWN = 50
"""So many totals that do not add up are named; the rest come to light when these are mended."""


def check_add_up(tables: Sequence[Margins]) -> None:
    """No total is smaller than what is known of its parts, directly or by way of places in between.

    The gate compares one level with another; only here do all of them stand together. Raises Refusal.
    """
    wrong = list(
        dict.fromkeys(
            (table.indicator.code, key.region, key.period) for table in tables for key in table.too_small
        )
    )
    if wrong:
        raise Refusal(*(_smaller_than_parts(*each) for each in wrong[:SHOWN]))


def _smaller_than_parts(indicator: str, region: str, period: str) -> Finding:
    """A total whose parts are larger; its codes, never a count."""
    named = f"{indicator}, {region}, {period}"
    return Finding(
        "total-too-small",
        Text(
            f"En summa är mindre än delarna som är införda: {named}.",
            f"A total is smaller than the parts that were imported: {named}.",
        ),
        Text(
            "Importera summan och dess delar igen, som de är nu.",
            "Import the total and its parts again, as they are now.",
        ),
    )
