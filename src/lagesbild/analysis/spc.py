"""Out of the ordinary or not, point by point: the XmR chart with the NHS special-cause rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place

from .answer.reason import Reason
from .answer.result import Answer
from .inversion import by_enumeration
from .method import AREA, PERIOD, PROTECTION, Column, Method, Option, texts, yes_or_no
from .table.periods import refuse_repeated, times_of, years
from .table.tidy import Numbers, Texts, Tidy

LIMIT = 2.66
"""Three sigma in mean moving ranges: 3 / 1.128."""

SCREEN = 3.267
"""Moving ranges of this many means or more are screened out once: the upper limit of a moving-range chart."""

RUN = 7
FEWEST_POINTS = 2


@dataclass(frozen=True)
class XmR:
    """Mean and natural process limits of one stretch, and the type of each of its points."""

    mean: float
    lower: float
    upper: float
    types: Texts


def xmr(values: Numbers, *, screen: bool = True) -> XmR:
    """The chart of one stretch without a rebase, in order of time; limits mean +- 2.66 mean moving ranges.

    The rules in order: outside the limits; seven rising or falling in a row; two of three near the same
    limit; seven on one side of the mean (NHS England, Making Data Count; as in NHSRplotthedots).
    """
    mean = float(values.mean())
    ranges = np.abs(np.diff(values))
    if screen and len(ranges):
        ranges = ranges[ranges < SCREEN * ranges.mean()] if ranges.any() else ranges
    reach = LIMIT * float(ranges.mean()) if len(ranges) else np.nan
    lower, upper = mean - reach, mean + reach
    return XmR(mean, lower, upper, point_types(values, mean, reach))


def point_types(values: Numbers, mean: float, reach: float) -> Texts:
    """The special cause that each point belongs to, or "Common Cause"; the first rule that holds names it."""
    away = values - mean
    side = np.sign(away)
    outside = np.abs(away) > reach
    near = ~outside & (np.abs(away) > 2 * reach / 3)
    slope = _in_runs(np.sign(np.diff(values)), RUN - 1)
    word = np.where(side > 0, "Above", "Below")
    return np.select(
        [
            outside,
            slope != 0,
            near & _two_in_three(near, side),
            _run_members(side, RUN),
        ],
        [
            np.where(side > 0, "Above UCL", "Below LCL"),
            np.where(slope > 0, "7 Point Trend (Increasing)", "7 Point Trend (Decreasing)"),
            np.char.add(np.char.add("2 in 3 ", word), " CL"),
            np.char.add(np.char.add("7 Points ", word), " CL"),
        ],
        default="Common Cause",
    )


def _run_members(signs: Numbers, length: int) -> Any:
    """Elements that belong to a run of `length` equal signs, zeros breaking it."""
    member = np.zeros(len(signs), dtype=bool)
    for start in range(len(signs) - length + 1):
        stretch = signs[start : start + length]
        if stretch[0] and (stretch == stretch[0]).all():
            member[start : start + length] = True
    return member


def _in_runs(steps: Numbers, length: int) -> Numbers:
    """The direction of the run of steps that each point ends or, where the next step goes on, begins."""
    member = _run_members(steps, length)
    into = np.concatenate([[0.0], np.where(member, steps, 0.0)])
    out_of = np.concatenate([np.where(member, steps, 0.0), [0.0]])
    # Where a rise meets a fall at its top, the point belongs to what follows, as upstream has it.
    return np.where(out_of != 0, out_of, into)


def _two_in_three(near: Any, side: Numbers) -> Any:
    """Points in a triple all on one side of the mean, of which two at least are near the limit."""
    member = np.zeros(len(near), dtype=bool)
    for start in range(-2, len(near)):
        triple = slice(max(start, 0), start + 3)
        if near[triple].sum() >= 2 and abs(side[triple].sum()) == 3:
            member[triple] = True
    return member


def _run(table: Tidy, rebase: tuple[str, ...], screen: bool) -> Answer:
    times, rows = times_of(table), list[dict[str, Any]]()
    refuse_repeated(table, table.codes("area"), times)
    starts = _starts(rebase)
    summaries = []
    for key, places in table.groups("area"):
        ordered = places[np.argsort(times[places], kind="stable")]
        found, stretches = _charted(table.at(ordered), times[ordered], starts, screen)
        rows += found
        summaries += [{**key, **stretch} for stretch in stretches]
    summary = dict(summaries[0]) if len(summaries) == 1 else {"stretches": summaries}
    return Answer(rows, summary)


def _starts(rebase: Sequence[str]) -> Numbers:
    try:
        return np.sort([years(period) for period in rebase])
    except ValueError:
        raise BadUsage(
            Finding(
                "unknown-period",
                Text("Perioden går inte att läsa.", "The period cannot be read."),
                Text("Skriv ombaseringen som en period.", "Write the rebase as a period."),
                Place(column="rebase"),
            )
        ) from None


def _charted(
    table: Tidy, times: Numbers, starts: Numbers, screen: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One row for each point, and one summary for each stretch between rebases."""
    values, periods = table.numbers("value"), table.text("period")
    hidden = table.text("status") != "" if "status" in table else np.zeros(len(table), dtype=bool)
    stretch_of = np.searchsorted(starts, times, side="right")
    rows: list[dict[str, Any]] = [
        {**{name: column[i] for name, column in table.columns.items()}} for i in range(len(table))
    ]
    stretches = []
    for stretch in np.unique(stretch_of):
        mine = np.flatnonzero(stretch_of == stretch)
        reason = _reason(values[mine], hidden[mine])
        chart = None if reason else xmr(values[mine], screen=screen)
        plain = None if reason else xmr(values[mine], screen=False)
        for place, i in enumerate(mine):
            rows[i] |= {**_lines(chart), "type": chart.types[place] if chart else None, "reason": reason}
        named = {"from": periods[mine[0]], "to": periods[mine[-1]], **_lines(chart)}
        unscreened = {f"{name}_noscreen": value for name, value in _lines(plain).items() if name != "mean"}
        stretches.append({**named, **unscreened, "reason": reason})
    return rows, stretches


def _lines(chart: XmR | None) -> dict[str, float | None]:
    if chart is None:
        return {"mean": None, "lpl": None, "upl": None}
    return {"mean": chart.mean, "lpl": chart.lower, "upl": chart.upper}


def _reason(values: Numbers, hidden: Any) -> str:
    """Moving ranges need every neighbour: one hidden or missing point leaves the stretch without limits."""
    if hidden.any():
        return Reason.PROTECTED
    if np.isnan(values).any():
        return Reason.MISSING
    return Reason.TOO_FEW_POINTS if len(values) < FEWEST_POINTS else ""


SPC = Method(
    "spc",
    Text("Är den här perioden ovanlig?", "Is this period out of the ordinary?"),
    (
        AREA,
        PERIOD,
        Column(
            "value",
            Text("värde eller antal", "value or count"),
            ("y", "count", "observed", "obs", "rate", "numerator", "antal", "varde"),
            True,
            True,
        ),
        *PROTECTION,
    ),
    (
        Option(
            "rebase",
            Text(
                "Första period i varje ny del, till exempel efter en lagändring.",
                "First period of each new stretch, for instance after a change of law.",
            ),
            texts,
            (),
        ),
        Option(
            "screen",
            Text("Sålla enstaka stora hopp (yes/no).", "Screen out single large jumps (yes/no)."),
            yes_or_no,
            True,
        ),
    ),
    _run,
    partial(by_enumeration, column="value"),
)
