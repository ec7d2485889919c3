"""What a period is made of where some of its parts are months, others quarters or halves."""

from collections.abc import Callable
from functools import cache

from lagesbild.core.period import Frequency, Period


def parts_of(code: str, known: frozenset[str], nothing: Callable[[str], bool]) -> list[str]:
    """Periods that make up a longer one: of the `known` ones within it the longest, and between these the
    longest that fill the gap, leaving out those in which there can be `nothing`. Empty where none is known
    within it. Periods nest, so every month of it is in one part."""
    longest, gaps = _split(code, known & _inner(code))
    return [*longest, *(gap for gap in gaps if not nothing(gap))]


@cache
def _split(code: str, within: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The longest of the periods within one, and what they leave of it."""
    longest = within.difference(*map(_inner, within))
    return tuple(sorted(longest)), tuple(_gaps(code, longest)) if longest else ()


def _gaps(code: str, taken: frozenset[str]) -> list[str]:
    """The longest periods within one that hold nothing that is taken."""
    if code in taken:
        return []
    if taken.isdisjoint(_inner(code)):
        return [code]
    return [gap for part in _next(code) for gap in _gaps(part, taken)]


@cache
def _next(code: str) -> tuple[str, ...]:
    """The periods of the next finer frequency."""
    period = Period.parse(code)
    finer = [each for each in Frequency if each.months < period.frequency.months]
    return tuple(part.code for part in period.parts(finer[0])) if finer else ()


@cache
def _inner(code: str) -> frozenset[str]:
    """Every shorter period within one."""
    parts = _next(code)
    return frozenset(parts).union(*map(_inner, parts))
