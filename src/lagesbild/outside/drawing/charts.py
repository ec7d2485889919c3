"""Charts as SVG from plain functions. Places along x are shares of the width, so text never shrinks.

Nothing here knows a figure that is not drawn from its arguments; scales come from those figures alone.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from lagesbild.core.figures import State
from lagesbild.outside.numbers import Numbers

TOP, FOOT = 24, 26
LEFT, RIGHT = 3.0, 86.0
LONG = 5
"""A last value of more signs than this stands above its point: beside it a narrow chart has no room."""


@dataclass(frozen=True)
class Point:
    """One place along x: a value with its bands, or the state that says why there is none.

    `starts` is the label of a measure that is in force from here on, `says` the point in words for whoever
    points at it; a `revised` point was published otherwise before.
    """

    label: str
    value: float | None
    state: State = State.VALUE
    band80: tuple[float, float] | None = None
    band95: tuple[float, float] | None = None
    breaks_before: bool = False
    starts: str = ""
    says: str = ""
    revised: bool = False


@dataclass(frozen=True)
class Line:
    """A comparison line; `style` is 2 (dashes) or 3 (dots)."""

    label: str
    values: Sequence[float | None]
    style: int


@dataclass(frozen=True)
class Frame:
    """Turns values into places: x in per cent of the width, y in pixels from the top."""

    count: int
    highest: float
    height: int

    def x(self, index: float) -> float:
        return (LEFT + RIGHT) / 2 if self.count < 2 else LEFT + index * (RIGHT - LEFT) / (self.count - 1)

    def y(self, value: float) -> float:
        room = self.height - TOP - FOOT
        return self.height - FOOT - room * value / self.highest

    @property
    def floor(self) -> float:
        return self.height - FOOT


def series(
    points: Sequence[Point],
    say: Numbers,
    *,
    name: str,
    title: str,
    description: str,
    lines: Sequence[Line] = (),
    height: int = 280,
    break_label: str = "",
) -> Markup:
    """A series over time with 80 and 95 per cent bands; gaps stay gaps, and no line crosses a break."""
    frame = Frame(len(points), _highest(points, lines), height)
    body = [
        *_grid(frame),
        *_gaps(frame, points),
        *_bands(frame, points),
        *_breaks(frame, points, break_label),
        *(_drawn for line in lines for _drawn in _stroke(frame, line.values, points, f"l{line.style}")),
        *_stroke(frame, [point.value for point in points], points, "l1"),
        *_dots(frame, points),
        *_starts(frame, points),
        *_ticks(frame, say),
        *_end_label(frame, points, say),
        *_years(frame, points),
    ]
    return _svg("chart", height, body, name, title, description)


def spark(points: Sequence[Point], say: Numbers, *, name: str, title: str, description: str) -> Markup:
    """The same series, small: band, line, first and last period, last value."""
    frame = Frame(len(points), _highest(points, ()), 104)
    body = [
        f'<line class="axis" x1="{LEFT}%" x2="{RIGHT}%" y1="{frame.floor}" y2="{frame.floor}"/>',
        *_gaps(frame, points),
        *_bands(frame, points),
        *_breaks(frame, points, ""),
        *_stroke(frame, [point.value for point in points], points, "l1"),
        *_dots(frame, points, radius=2),
        *_end_label(frame, points, say),
        *_years(frame, points, only_ends=True),
    ]
    return _svg("chart", 104, body, name, title, description)


def interval(value: float | None, band: tuple[float, float] | None, highest: float, style: int = 1) -> Markup:
    """A dot with its whiskers on a common scale; decoration beside the numbers of a table row.

    A value beyond the scale is an arrow at its end: one outlier must not flatten all others.
    """
    if value is None or not highest:
        return Markup("")
    if value > highest:
        beyond = f'<path class="p{style}" d="M0 6l10 6-10 6z"/>'
        return Markup(
            f'<svg class="dot" width="100%" height="24" aria-hidden="true">'
            f'<svg x="97%" overflow="visible">{beyond}</svg></svg>'
        )
    at = 1 + 97 * value / highest
    whisker = ""
    if band:
        low, high = (1 + 97 * min(end / highest, 1) for end in band)
        whisker = f'<line class="w95" x1="{low:.1f}%" x2="{high:.1f}%" y1="12" y2="12"/>'
    shape = f'<circle class="p{style}" cx="{at:.1f}%" cy="12" r="5.5"/>'
    return Markup(f'<svg class="dot" width="100%" height="24" aria-hidden="true">{whisker}{shape}</svg>')


@dataclass(frozen=True)
class FunnelPoint:
    """One municipality in a funnel: population along x, rate along y; `says` is the point in words."""

    size: float
    rate: float
    here: bool
    says: str = ""


def funnel(
    points: Sequence[FunnelPoint],
    limits: Sequence[tuple[float, float, float, float, float]],
    average: float,
    say: Numbers,
    *,
    name: str,
    title: str,
    description: str,
    axis: tuple[str, str],
    height: int = 320,
) -> Markup:
    """Rates against size with limits (size, 95 low, 95 high, 99.8 low, 99.8 high) around the average."""
    widest = max(point.size for point in points)
    smallest = min(point.size for point in points)
    highest = funnel_top(points, average)
    frame = Frame(2, highest, height)

    def x(size: float) -> float:
        span = math.log(widest / smallest) or 1.0
        return LEFT + (RIGHT + 8 - LEFT) * math.log(size / smallest) / span

    body = [*_grid(frame), *_ticks(frame, say)]
    for column, style in ((1, "l3"), (2, "l3"), (3, "l2"), (4, "l2")):
        for one, two in pairwise(limits):
            if max(one[column], two[column]) > highest:
                continue
            body.append(_line(style, x(one[0]), frame.y(one[column]), x(two[0]), frame.y(two[column])))
    body.append(_line("axis", LEFT, frame.y(average), RIGHT + 8, frame.y(average)))
    for point in sorted(points, key=lambda each: (each.here, each.size, each.rate)):
        body.append(_municipality(point, x(point.size), frame))
    body.append(_text("tick", LEFT, height - 6, axis[0]))
    body.append(_text("tick", RIGHT + 8, height - 6, axis[1], "end"))
    return _svg("chart", height, body, name, title, description)


def _municipality(point: FunnelPoint, x: float, frame: Frame) -> str:
    """A dot; one's own is larger, and one beyond the scale is an arrow at the top."""
    style, radius = ("p1 ring", 7) if point.here else ("p3", 3.5)
    says = f' data-say="{escape(point.says)}"' if point.says else ""
    if point.rate > frame.highest:
        arrow = f'<path class="{style}"{says} d="M-6 8L0-2 6 8z"/>'
        return f'<svg x="{x:.1f}%" y="{frame.y(frame.highest):.1f}" overflow="visible">{arrow}</svg>'
    return f'<circle class="{style}" cx="{x:.1f}%" cy="{frame.y(point.rate):.1f}" r="{radius}"{says}/>'


def funnel_top(points: Sequence[FunnelPoint], average: float) -> float:
    """The top of a funnel: room for one's own place and for all but the most extreme few."""
    own = [point.rate for point in points if point.here]
    return max(spread_top([point.rate for point in points]), nice_top(max([2 * average, *own])))


def spread_top(values: Sequence[float]) -> float:
    """A top for many values: the highest, unless it is an outlier that would flatten the rest."""
    ordered = sorted(values)
    most = ordered[math.ceil(0.95 * len(ordered)) - 1]
    return nice_top(ordered[-1] if ordered[-1] <= 2 * most else 1.2 * most)


def nice_top(value: float) -> float:
    """The least of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten that is not below the value."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    steps = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
    return next((step * power for step in steps if step * power >= value * (1 - 1e-9)), 10 * power)


def _highest(points: Sequence[Point], lines: Sequence[Line]) -> float:
    ends = [end for point in points for end in (point.value, *(point.band95 or ())) if end is not None]
    return nice_top(
        max(ends + [value for line in lines for value in line.values if value is not None], default=0)
    )


GRID = (0.0, 0.5, 1.0)


def _grid(frame: Frame) -> Iterable[str]:
    for share in GRID:
        yield _line(
            "grid" if share else "axis",
            LEFT,
            frame.y(frame.highest * share),
            97,
            frame.y(frame.highest * share),
        )


def _ticks(frame: Frame, say: Numbers) -> Iterable[str]:
    """The values of the grid, written over everything else."""
    for share in GRID[1:]:
        value = frame.highest * share
        yield _text("tick halo", LEFT, frame.y(value) - 5, say.tick(value))


def _starts(frame: Frame, points: Sequence[Point]) -> Iterable[str]:
    """Where a measure began: a line before the first period with it."""
    for index, point in enumerate(points):
        if point.starts:
            x = frame.x(index - 0.5)
            anchor = "end" if x > 45 else "start"
            yield f'<line class="start" x1="{x:.2f}%" x2="{x:.2f}%" y1="{TOP}" y2="{frame.floor}"/>'
            yield _text("halo", x - 1 if anchor == "end" else x + 1, frame.floor - 8, point.starts, anchor)


def _gaps(frame: Frame, points: Sequence[Point]) -> Iterable[str]:
    step = (RIGHT - LEFT) / max(frame.count - 1, 1)
    width = min(step * 0.7, 8)
    for index, point in enumerate(points):
        left = frame.x(index) - width / 2
        if point.state is State.PROTECTED:
            yield _box("protected-fill", left, frame.floor - 14, width, 12)
        elif point.state is State.NO_PICTURE:
            yield _box("none-fill", left, TOP, width, frame.floor - TOP)


def _bands(frame: Frame, points: Sequence[Point]) -> Iterable[str]:
    room = []
    for name in ("band95", "band80"):
        for run in _runs(points, name):
            room.append(_polygon(frame, run, name))
    if room:
        yield (
            f'<svg x="0" y="0" width="100%" height="{frame.height}" viewBox="0 0 1000 {frame.height}" '
            f'preserveAspectRatio="none">{"".join(room)}</svg>'
        )


def _polygon(frame: Frame, run: Sequence[tuple[int, tuple[float, float]]], name: str) -> str:
    upper = [(frame.x(index) * 10, frame.y(band[1])) for index, band in run]
    lower = [(frame.x(index) * 10, frame.y(band[0])) for index, band in reversed(run)]
    corners = " ".join(f"{x:.0f},{y:.1f}" for x, y in [*upper, *lower])
    return f'<polygon class="b{name[4:]}" points="{corners}"/>'


def _runs(points: Sequence[Point], name: str) -> Iterable[list[tuple[int, tuple[float, float]]]]:
    """Stretches of neighbouring points with a band, cut at gaps and breaks; a lone point gets no band."""
    run: list[tuple[int, tuple[float, float]]] = []
    for index, point in enumerate(points):
        band = getattr(point, name)
        if (band is None or point.breaks_before) and run:
            yield from [run] if len(run) > 1 else []
            run = []
        if band is not None:
            run.append((index, band))
    if len(run) > 1:
        yield run


def _stroke(
    frame: Frame, values: Sequence[float | None], points: Sequence[Point], style: str
) -> Iterable[str]:
    for index in range(1, len(values)):
        before, after = values[index - 1], values[index]
        if before is None or after is None or points[index].breaks_before:
            continue
        yield _line(style, frame.x(index - 1), frame.y(before), frame.x(index), frame.y(after))


def _dots(frame: Frame, points: Sequence[Point], radius: float = 3.5) -> Iterable[str]:
    for index, point in enumerate(points):
        if point.value is not None:
            x, y = frame.x(index), frame.y(point.value)
            says = f' data-say="{escape(point.says)}"' if point.says else ""
            yield f'<circle class="p1" cx="{x:.2f}%" cy="{y:.1f}" r="{radius:g}"{says}/>'
            if point.revised:
                yield f'<circle class="revised" cx="{x:.2f}%" cy="{y:.1f}" r="{radius + 4:g}"/>'


def _breaks(frame: Frame, points: Sequence[Point], label: str) -> Iterable[str]:
    for index, point in enumerate(points):
        if point.breaks_before:
            x = frame.x(index - 0.5)
            yield f'<line class="break" x1="{x:.2f}%" x2="{x:.2f}%" y1="{TOP - 6}" y2="{frame.floor}"/>'
            if label:
                anchor = "end" if x > 55 else "start"
                yield _text("halo", x, TOP - 10, label, anchor)


def _end_label(frame: Frame, points: Sequence[Point], say: Numbers) -> Iterable[str]:
    known = [(index, point) for index, point in enumerate(points) if point.value is not None]
    if known:
        index, point = known[-1]
        value = point.value or 0.0
        x, y = frame.x(index), frame.y(value)
        yield f'<circle class="p1" cx="{x:.2f}%" cy="{y:.1f}" r="5"/>'
        text = say.rate(value) if point.band95 else say.whole(int(value))
        if len(text) > LONG:
            yield _text("halo", x + 1, y - 10, text, "end")
        else:
            yield _text("halo end", x + 2.2, y + 5, text)


def _years(frame: Frame, points: Sequence[Point], only_ends: bool = False) -> Iterable[str]:
    last = len(points) - 1
    step = max(1, math.ceil(last / 4))
    shown = {0, last} | (set() if only_ends else set(range(0, last - step // 2, step)))
    for index in sorted(each for each in shown if each >= 0):
        anchor = "start" if index == 0 and last else "middle"
        yield _text("tick", frame.x(index), frame.height - 6, points[index].label, anchor)


def _text(style: str, x: float, y: float, text: str, anchor: str = "start") -> str:
    """A label at a share of the width; `anchor` says which end of it stands there."""
    at = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text class="{style}" x="{x:.2f}%" y="{y:.1f}"{at}>{escape(text)}</text>'


def _box(style: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{style}" x="{x:.2f}%" y="{y:.1f}" width="{width:.2f}%" height="{height:.1f}"/>'


def _line(style: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{style}" x1="{x1:.2f}%" y1="{y1:.1f}" x2="{x2:.2f}%" y2="{y2:.1f}"/>'


def _svg(kind: str, height: int, body: Iterable[str], name: str, title: str, description: str) -> Markup:
    return Markup(
        f'<svg class="{kind}" width="100%" height="{height}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
        f"{''.join(body)}</svg>"
    )
