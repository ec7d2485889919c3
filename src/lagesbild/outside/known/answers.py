"""What a municipality says that it does: coded answers to a few questions, read as yes, partly or no."""

from collections.abc import Mapping
from typing import Literal

from lagesbild.core.figures import State
from lagesbild.core.indicator import Indicator
from lagesbild.outside.known.readings import Reading

QUESTIONS = ("R01", "R02", "R03", "R04", "R09", "R10")
"""The yes and no questions about what is done, one for each common measure."""

MEASURE: Mapping[str, str] = {"R03": "M04", "R04": "M02", "R09": "M07", "R10": "M12"}
"""The measure of the catalogue that a question asks for; the others ask about documents."""

Answered = Literal["yes", "partly", "no", "unknown", "protected"]


def answer(indicator: Indicator, reading: Reading | None) -> Answered:
    """Yes, partly or no from a coded answer; a number of measures is a yes unless it is zero."""
    if reading is None or reading.state is State.NO_PICTURE or reading.state is State.NOT_APPLICABLE:
        return "unknown"
    if reading.count is None:
        return "protected"
    words = indicator.categories.get(reading.count)
    if words is None:
        return "yes" if reading.count else "no"
    first = words.en.lower()
    return "yes" if first.startswith("yes") else "partly" if first.startswith("part") else "no"
