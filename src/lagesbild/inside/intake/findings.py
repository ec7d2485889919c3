"""Collects what must be mended: the first ones with their place, the rest as a number."""

from collections.abc import Iterable

from lagesbild.core.refusal import Place, Refusal

from .rules import finding, more

SHOWN = 50


class Findings:
    """What the gate found so far."""

    def __init__(self) -> None:
        self._shown: list[tuple[str, Place]] = []
        self._more = 0

    def __len__(self) -> int:
        return len(self._shown) + self._more

    def add(self, rule: str, place: Place) -> None:
        if len(self._shown) < SHOWN:
            self._shown.append((rule, place))
        else:
            self._more += 1

    def add_all(self, rule: str, places: Iterable[Place], number: int) -> None:
        """Many places that break the same rule; only as many as are shown are looked up."""
        room = max(0, min(SHOWN - len(self._shown), number))
        self._shown.extend((rule, place) for place, _ in zip(places, range(room), strict=False))
        self._more += number - room

    def refuse_if_any(self) -> None:
        if self._shown:
            shown = [finding(rule, place) for rule, place in self._shown]
            raise Refusal(*shown, *([more(self._more)] if self._more else []))
