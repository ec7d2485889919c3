"""Coverage of `did` and of the placebo tests of `synth` where nothing but the measure sets places apart."""

from collections.abc import Iterator

import numpy as np

from lagesbild.analysis.did import aggregate, group_time, two_period
from lagesbild.analysis.did.bootstrap import band
from lagesbild.analysis.did.panel import Panel as Staggered
from lagesbild.analysis.did.small_samples import precision
from lagesbild.analysis.synth.estimators import ESTIMATORS
from lagesbild.analysis.synth.inference import placebos
from lagesbild.analysis.synth.panel import Panel

RUNS = 400
Figure = tuple[str, float, float, float]


def measures() -> Iterator[Figure]:
    for units in (30, 60, 200):
        simple, joint = staggered(units)
        low = 0.93 if units >= 60 else 0.90
        yield f"did: overall effect, {units} places", simple, low, 0.98
        yield f"did: band holds for all group-periods, {units} places", joint, low - 0.02, 0.99
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
