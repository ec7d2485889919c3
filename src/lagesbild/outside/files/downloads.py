"""The figures of one place as files: CSV for machines, CSV for Swedish Excel, JSON; the page's cells."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from lagesbild.core.figures import State
from lagesbild.outside.known.readings import Reading
from lagesbild.outside.picture import Picture
from lagesbild.outside.press import Press

COLUMNS = (
    "indicator",
    "name",
    "region",
    "place",
    "period",
    "count",
    "status",
    "rate",
    "per",
    "lower95",
    "upper95",
    "population",
    "population_status",
    "origin",
    "release",
)
STATUS = {State.VALUE: "", State.PROTECTED: "c", State.NO_PICTURE: "x", State.NOT_APPLICABLE: "z"}
DIGITS = 4


def rows(press: Press, shown: Picture) -> Iterator[dict[str, Any]]:
    """One mapping for each cell (total of sexes and ages), in machine form; None where there is nothing."""
    for code, series in shown.readings.items():
        name = press.material.indicators[code].name.in_(press.language)
        for reading in series:
            yield _row(press, shown, name, reading)


def _row(press: Press, shown: Picture, name: str, reading: Reading) -> dict[str, Any]:
    estimate = reading.estimate
    values = (
        reading.indicator,
        name,
        reading.region,
        press.name(shown.place),
        reading.period,
        reading.count,
        STATUS[reading.state],
        round(estimate.value, DIGITS) if estimate else None,
        estimate.per if estimate else None,
        round(estimate.band95[0], DIGITS) if estimate else None,
        round(estimate.band95[1], DIGITS) if estimate else None,
        estimate.people.number if estimate else None,
        str(estimate.people.status) if estimate else None,
        reading.origin,
        press.material.release.number,
    )
    return dict(zip(COLUMNS, values, strict=True))


def machine_csv(press: Press, shown: Picture) -> bytes:
    """Comma and decimal point, UTF-8."""
    return _csv(rows(press, shown), ",", str).encode()


def excel_csv(press: Press, shown: Picture) -> bytes:
    """Semicolon and decimal comma with a byte order mark, as Swedish Excel opens it."""
    return (
        b"\xef\xbb\xbf" + _csv(rows(press, shown), ";", lambda value: str(value).replace(".", ",")).encode()
    )


def _csv(found: Iterator[dict[str, Any]], delimiter: str, number: Any) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in found:
        writer.writerow([number(value) if isinstance(value, float) else value for value in row.values()])
    return text.getvalue()


def document(press: Press, shown: Picture) -> bytes:
    """The same rows as JSON, with what a reader must know about the release."""
    release = press.material.release
    about = {
        "place": {"code": shown.place.code, "name": press.name(shown.place)},
        "release": {
            "number": release.number,
            "published": release.published.isoformat(),
            "digest": release.digest,
        },
        "example": shown.origin == "example",
        "status": {
            "": str(press.words("state.value")),
            "c": str(press.words("state.protected")),
            "x": str(press.words("state.none")),
            "z": str(press.words("state.inapplicable")),
        },
        "figures": list(rows(press, shown)),
    }
    return (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode()
