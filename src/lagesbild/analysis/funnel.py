"""Different from the others or not: funnel limits, what lies outside, and how much areas differ anyway."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lagesbild.core.language import Text

from .answer.reason import Reason
from .answer.result import Answer, Declined, Row, Warned, rows_of
from .estimation.limits import exact_poisson, normal_quantile, poisson
from .inversion import by_enumeration
from .method import AREA, COUNT, PROTECTION, Column, Method, Option, number, one_of
from .table.tidy import CountsKnown, Numbers, Texts, Tidy

TWO, THREE = 0.95, 0.998
"""The levels of the two and three sigma limits of a funnel, as the field rounds them."""

LABELS = ("Low (0.001)", "Low (0.025)", "Not significant", "High (0.025)", "High (0.001)")
WINSORISED = 0.1
FEWEST_AREAS = 5


@dataclass(frozen=True)
class Funnel:
    """One element for each area. `significance` is an index of `LABELS`, -1 where hidden cells leave it open.

    `limits` are the two and three sigma limits of the value at each area's size (lower 2, upper 2, lower 3,
    upper 3); `wider` the same with the additive variance `tau2` between areas; `z` on the transformed scale.
    """

    value: Numbers
    baseline: float
    significance: Any
    significance_wider: Any
    limits: tuple[Numbers, ...]
    wider: tuple[Numbers, ...]
    z: Numbers
    phi: float
    tau2: float
    reason: Texts


@np.errstate(divide="ignore", invalid="ignore")
def funnel(
    counts: CountsKnown | Any, size: Any, statistic: str = "ratio", baseline: float | None = None
) -> Funnel:
    """Compare each area with what its size makes likely; `size` is the expected count, people, or trials.

    `statistic` is ratio (observed to expected, baseline 1), rate or proportion (baseline: all areas together
    unless given). Significance as in Fingertips: exact or Byar limits for ratio and rate, score for
    proportion. Additive overdispersion after Spiegelhalter (2005), on the square-root or arcsine scale,
    with the outermost tenth of the z-scores at each end drawn in.
    """
    known = counts if isinstance(counts, CountsKnown) else CountsKnown.released(counts)
    size = np.asarray(size, dtype=float)
    reason = _reasons(known, size)
    usable = (reason == "") | ((reason == Reason.PROTECTED) & known.bounded)
    low_base, high_base = (
        _baseline(values, size, usable, statistic, baseline) for values in (known.lower, known.upper)
    )
    shares = statistic == "proportion"
    highest = _significance(known.upper, size, low_base, shares)
    lowest = _significance(known.lower, size, high_base, shares)
    centre = (low_base + high_base) / 2
    exact = reason == ""
    value = np.where(exact, known.value / size, np.nan)
    z = _z(value, size, centre, shares)
    phi, tau2 = _overdispersion(z[exact], size[exact])
    wider_limits = [_wider(size, centre, tau2, level, shares) for level in (TWO, THREE)]
    limits = [_limits(size, centre, level, shares) for level in (TWO, THREE)]
    open_ = ~usable | (highest != lowest)
    return Funnel(
        value,
        float(centre) if low_base == high_base else np.nan,
        np.where(open_, -1, lowest),
        np.where(exact, _outside(value, *wider_limits), -1),
        (*limits[0], *limits[1]),
        (*wider_limits[0], *wider_limits[1]),
        z,
        phi,
        tau2,
        np.where(usable & ~open_, "", reason),
    )


def _reasons(known: CountsKnown, size: Numbers) -> Texts:
    return np.select(
        [known.protected, np.isnan(known.value), ~(size > 0)],
        [Reason.PROTECTED, Reason.MISSING, Reason.NO_DENOMINATOR],
        default="",
    )


def _baseline(count: Numbers, size: Numbers, usable: Any, statistic: str, given: float | None) -> float:
    if given is not None:
        return given
    return 1.0 if statistic == "ratio" else float(count[usable].sum() / size[usable].sum())


def _significance(count: Numbers, size: Numbers, baseline: float, shares: bool) -> Any:
    """Index of `LABELS`: does the count's own interval leave out the baseline (the share: the score test)?"""
    if shares:
        limits = [_limits(size, baseline, level, True) for level in (TWO, THREE)]
        return _outside(count / size, *limits)
    own = [tuple(end / size for end in poisson(count, level)) for level in (TWO, THREE)]
    too_high = [lower > baseline for lower, _ in own]
    too_low = [upper < baseline for _, upper in own]
    return 2 + too_high[0].astype(int) + too_high[1] - too_low[0] - too_low[1]


def _outside(value: Numbers, two: tuple[Numbers, Numbers], three: tuple[Numbers, Numbers]) -> Any:
    above = (value > two[1]).astype(int) + (value > three[1])
    return 2 + above - (value < two[0]) - (value < three[0])


def _limits(size: Numbers, baseline: float, level: float, shares: bool) -> tuple[Numbers, Numbers]:
    """The values an area of this size may show when it is like the baseline.

    For shares the score limits, which are where Wilson's interval just reaches the baseline; for counts the
    Poisson quantiles of the mean count, by their normal-scale twin on square roots.
    """
    if shares:
        half = normal_quantile(level) * np.sqrt(baseline * (1 - baseline) / size)
        return np.maximum(baseline - half, 0.0), np.minimum(baseline + half, 1.0)
    return _wider(size, baseline, 0.0, level, False)


def _z(value: Numbers, size: Numbers, baseline: float, shares: bool) -> Numbers:
    """Standardised distance on the scale where the variance is 1 / (4 size), whatever the mean."""
    transform = _arcsine if shares else np.sqrt
    return np.asarray((transform(value) - transform(baseline)) * 2 * np.sqrt(size))


def _overdispersion(z: Numbers, size: Numbers) -> tuple[float, float]:
    """phi: mean square of the winsorised z; tau2: DerSimonian and Laird's variance between areas."""
    if len(z) < FEWEST_AREAS:
        return np.nan, 0.0
    low, high = np.quantile(z, [WINSORISED, 1 - WINSORISED])
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    weight = 4 * size
    excess = len(z) * phi - (len(z) - 1)
    return phi, max(0.0, float(excess / (weight.sum() - (weight**2).sum() / weight.sum())))


def _wider(
    size: Numbers, baseline: float, tau2: float, level: float, shares: bool
) -> tuple[Numbers, Numbers]:
    half = normal_quantile(level) * np.sqrt(1 / (4 * size) + tau2)
    if shares:
        middle = _arcsine(baseline)
        return np.sin(np.maximum(middle - half, 0)) ** 2, np.sin(np.minimum(middle + half, np.pi / 2)) ** 2
    return np.maximum(np.sqrt(baseline) - half, 0) ** 2, (np.sqrt(baseline) + half) ** 2


def _arcsine(share: Any) -> Numbers:
    return np.asarray(np.arcsin(np.sqrt(share)))


def expected_at_limits(observed: Any) -> dict[str, Numbers]:
    """Expected counts at which an observed count lies just on each funnel line (exact Poisson tails)."""
    (low2, high2), (low3, high3) = exact_poisson(observed, TWO), exact_poisson(observed, THREE)
    return {
        "lower_2s_expected": high2,
        "upper_2s_expected": low2,
        "lower_3s_expected": high3,
        "upper_3s_expected": low3,
    }


def axis(largest: float, smallest: float, points: int = 100) -> Numbers:
    """Whole numbers from the smallest to past the largest, closer where small, for drawing the lines.

    The spacing is that of PHEindicatormethods, so that its published lines can be compared.
    """
    top, steps = _rounded_up(largest), [1.0 if largest > 2 * smallest else max(1.0, _rounded_down(smallest))]
    for place in range(1, points):
        last = steps[-1]
        # R and numpy both round halves to even here.
        steps.append(max(float(np.round(last * (top / last) ** (1 / (points + 1 - place)))), last + 1))
    return np.array(steps)


def _rounded_up(value: float) -> float:
    unit = 10.0 ** (len(str(int(np.ceil(1.05 * value)))) - 2)
    return float(np.ceil(1.05 * value / unit) * unit)


def _rounded_down(value: float) -> float:
    unit = 10.0 ** (len(str(int(np.floor(0.95 * value)))) - 1)
    return float(np.floor(0.95 * value / unit) * unit)


def _run(table: Tidy, statistic: str, baseline: float | None, multiplier: float) -> Answer:
    kind = _kind(table) if statistic == "auto" else statistic
    column = "expected" if kind == "ratio" else "denominator"
    table.require(column)
    counts, size = table.counts(), table.numbers(column)
    if (counts.bounded & (size > 0)).sum() < 2 and kind != "ratio" and baseline is None:
        raise Declined(Reason.TOO_FEW_AREAS)
    found = funnel(counts, size, kind, None if baseline is None else baseline / multiplier)
    observed = np.where(counts.protected, np.nan, counts.value)
    columns = {
        **table.without(("lower", "upper")).columns,
        "value": found.value * multiplier,
        "significance": [LABELS[i] if i >= 0 else None for i in found.significance],
        "z": found.z,
        **dict(zip(_LINES, (line * multiplier for line in found.limits), strict=True)),
        "significance_overdispersed": [LABELS[i] if i >= 0 else None for i in found.significance_wider],
        **{f"{n}_overdispersed": line * multiplier for n, line in zip(_LINES, found.wider, strict=True)},
        **expected_at_limits(observed),
    }
    spread = {"phi": found.phi, "tau2": found.tau2, "winsorised": WINSORISED}
    summary = {"statistic": kind, "baseline": found.baseline * multiplier, **spread}
    if kind == "ratio" and (size > 0).any():
        summary["curve"] = _curve(size[size > 0])
    warnings = (_DIFFER,) if found.tau2 > 0 and found.phi > 1 + 2 * np.sqrt(2 / len(size)) else ()
    return Answer(rows_of(columns | {"reason": found.reason}), summary, warnings)


def _kind(table: Tidy) -> str:
    return "ratio" if "expected" in table else "rate"


def _curve(expected: Numbers) -> list[Row]:
    """The funnel's lines for drawing: at each observed count, where the lines are and their ratios."""
    observed = axis(float(expected.max()), float(expected.min()))
    lines = expected_at_limits(observed)
    ratios = {name.replace("expected", "limit"): observed / at for name, at in lines.items()}
    return list(rows_of({"observed": observed, **lines, **ratios}))


_LINES = ("lower_2s_limit", "upper_2s_limit", "lower_3s_limit", "upper_3s_limit")

_DIFFER = Warned(
    "overdispersion",
    Text(
        "Områdena skiljer sig mer än slumpen förklarar; läs de vidare gränserna (overdispersed).",
        "The areas differ by more than chance explains; read the wider limits (overdispersed).",
    ),
)

FUNNEL = Method(
    "funnel",
    Text("Skiljer sig området från de andra?", "Is the area different from the others?"),
    (
        AREA,
        COUNT,
        Column("expected", Text("väntat antal", "expected count"), ("exp", "e"), False, True),
        Column(
            "denominator",
            Text("antal att räkna per", "number to count per"),
            ("population", "pop", "n", "persons", "folkmangd", "invanare"),
            False,
            True,
        ),
        *PROTECTION,
    ),
    (
        Option(
            "statistic",
            Text("ratio, rate, proportion eller auto.", "ratio, rate, proportion or auto."),
            one_of("auto", "ratio", "rate", "proportion"),
            "auto",
        ),
        Option("baseline", Text("Värdet att jämföra med.", "The value to compare with."), number),
        Option("multiplier", Text("Per hur många.", "Per how many."), number, 1.0),
    ),
    _run,
    by_enumeration,
)
