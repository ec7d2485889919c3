"""Coverage of `did` and of the placebo tests of `synth` where nothing but the measure sets places apart."""

from collections.abc import Iterator

import numpy as np

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.did import aggregate, group_time, two_period
from lagesbild.analysis.did.bootstrap import band
from lagesbild.analysis.did.panel import Panel as Staggered
from lagesbild.analysis.did.small_samples import precision
from lagesbild.analysis.synth.estimators import ESTIMATORS
from lagesbild.analysis.synth.inference import placebos
from lagesbild.analysis.synth.panel import Panel
from lagesbild.analysis.table.tidy import Tidy

RUNS = 400
Figure = tuple[str, float, float, float]


def measures() -> Iterator[Figure]:
    for units in (30, 60, 200):
        simple, joint = staggered(units)
        low = 0.93 if units >= 60 else 0.90
        yield f"did: overall effect, {units} places", simple, low, 0.98
        yield f"did: band holds for all group-periods, {units} places", joint, low - 0.02, 0.99
    yield "did: overall effect, 60 places, 1-4 hidden as 1-4", with_hidden("did"), 0.93, 1.0
    yield "synth sc: mean effect, 39 donors, 1-4 hidden as 1-4", with_hidden("synth"), 0.93, 1.0
    for name in ("did", "sc", "synthdid", "augmented"):
        false, covered = placebo(name)
        yield f"synth {name}: p <= 0.05 by rank of effect under no effect, 39 donors", false, 0.0, 0.09
        yield f"synth {name}: 95 % interval covers, 39 donors", covered, 0.90, 0.99


def staggered(units: int) -> tuple[float, float]:
    """Counts in thirds: never, from period 4, from period 6; places and periods have levels of their own."""
    source = np.random.default_rng(20261123)
    periods = np.arange(8.0)
    first = np.tile([np.inf, 4.0, 6.0], units)[:units]
    on = periods >= first[:, None]
    overall, joint = [], []
    for run in range(RUNS):
        level = source.normal(10, 2, (units, 1)) + source.normal(0, 1, (1, 8))
        outcome = level + source.normal(0, 1, (units, 8)) - 1.0 * on
        panel = Staggered.plain(outcome, periods, first)
        cells = group_time.cells(panel, group_time.Setting(two_period.doubly_robust))
        one = aggregate.simple(panel, cells)[0]
        overall.append(abs(one.att + 1.0) <= precision(one.influence, first).reach(0.95))
        found = band(np.column_stack([cell.influence for cell in cells]), 300, run, 0.95)
        truth = np.array([-1.0 * cell.post for cell in cells])
        apart = np.abs(np.array([cell.att for cell in cells]) - truth)
        wide = [precision(cell.influence, first).joint_reach(found.critical) for cell in cells]
        joint.append(bool((apart <= np.array(wide)).all()))
    return float(np.mean(overall)), float(np.mean(joint))


def with_hidden(method: str) -> float:
    """Counts by the command's own table, where small ones are known by their bounds; there is no effect.

    For `did` places start in thirds; for `synth` only the treated place has hidden counts, after the measure.
    """
    source = np.random.default_rng(20261126)
    return float(np.mean([covered_when_hidden(source, method) for _ in range(RUNS // 2)]))


def covered_when_hidden(source: np.random.Generator, method: str) -> bool:
    places, periods = (60, 8) if method == "did" else (40, 16)
    level = np.exp(source.normal(1.8, 0.4, (places, 1)))
    counts = source.poisson(level * np.exp(source.normal(0, 0.1, (1, periods)))).astype(float)
    unit, period = (each.ravel() for each in np.indices(counts.shape))
    flat = counts.ravel()
    after = (unit == 0) & (period >= 10)
    veiled = (flat >= 1) & (flat <= 4) & (after if method == "synth" else True)
    table = Tidy.of(
        unit=unit.astype(str),
        period=period,
        outcome=np.where(veiled, np.nan, flat),
        status=np.where(veiled, "hidden", ""),
        lower=np.where(veiled, 1.0, flat),
        upper=np.where(veiled, 4.0, flat),
        first=np.array([0, 4, 6])[unit % 3] if method == "did" else np.where(unit == 0, 10, 0),
    )
    if method == "did":
        rows = METHODS["did"].answer(table, comparison="never", bootstraps=20).rows
        (row,) = (row for row in rows if row["kind"] == "group_overall")
    else:
        (row,) = METHODS["synth"].answer(table, estimators=("sc",)).rows
    return bool(row["lower"] <= 0 <= row["upper"])


def placebo(name: str) -> tuple[float, float]:
    """A factor model without any effect: how often is the treated the most extreme, and is zero covered?"""
    source = np.random.default_rng(20261123)
    false, covered = [], []
    for _ in range(RUNS // (8 if name == "augmented" else 2)):
        course = source.normal(0, 1, (2, 20)).cumsum(axis=1)
        outcome = source.normal(1, 0.3, (40, 2)) @ course + source.normal(0, 1, (40, 20)) + 30
        donors = tuple(map(str, range(39)))
        panel = Panel(donors, tuple(map(str, range(20))), outcome[1:], outcome[0], 14)
        found = placebos(panel, ESTIMATORS[name])
        false.append(found.p_effect <= 0.05)
        low, high = found.interval(0.95)
        covered.append(low <= 0 <= high)
    return float(np.mean(false)), float(np.mean(covered))
