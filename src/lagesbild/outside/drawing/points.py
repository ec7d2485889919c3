"""From readings to the points and colours of charts and maps."""

from collections.abc import Mapping

from lagesbild.core.figures import State
from lagesbild.outside.drawing.charts import Point
from lagesbild.outside.drawing.maps import Classes
from lagesbild.outside.known.readings import Reading, Series
from lagesbild.outside.numbers import Numbers

STATE_STYLES = {State.PROTECTED: "kc", State.NO_PICTURE: "kx", State.NOT_APPLICABLE: "kz"}


def points_of(series: Series, numbers: Numbers) -> list[Point]:
    """Rates where there are any, else counts; every other state keeps its place on the axis."""
    return [_point(reading, numbers) for reading in series]


def _point(reading: Reading, numbers: Numbers) -> Point:
    estimate = reading.estimate
    value = estimate.value if estimate else float(reading.count) if reading.count is not None else None
    return Point(
        numbers.short_period(reading.period),
        value,
        reading.state,
        estimate.band80 if estimate else None,
        estimate.band95 if estimate else None,
        bool(reading.after_break),
        says=_says(reading, numbers),
    )


def _says(reading: Reading, numbers: Numbers) -> str:
    """2019: 34,2 (28,1–41,0), as in the table behind the chart."""
    period = numbers.short_period(reading.period)
    if reading.estimate is not None:
        band = numbers.interval(*reading.estimate.band95)
        return f"{period}: {numbers.rate(reading.estimate.value)} ({band})"
    return f"{period}: {numbers.whole(reading.count)}" if reading.count is not None else ""


def value_of(reading: Reading) -> float | None:
    """What a map shows of a cell: its rate, or its count where nothing is counted per inhabitant."""
    if reading.estimate is not None:
        return reading.estimate.value
    return None if reading.count is None else float(reading.count)


def styles_of(readings: Mapping[str, Reading], classes: Classes | None) -> dict[str, str]:
    """The style class of each area on a map of one indicator."""
    return {code: _style(reading, classes) for code, reading in readings.items()}


def _style(reading: Reading, classes: Classes | None) -> str:
    value = value_of(reading)
    if value is None:
        return STATE_STYLES.get(reading.state, "kx")
    return classes.style(value) if classes else "k1"
