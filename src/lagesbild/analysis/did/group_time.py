"""Group-time effects: for each group of units that start together, the effect in each period.

Callaway and Sant'Anna (2021, Journal of Econometrics 225:200). Periods before the start are estimated
too: they should be zero, and are the test of the assumption that the groups would have moved alike.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import chdtrc

from ..estimation.regression import NotFitted
from ..table.arrays import Bools, Floats
from .panel import Panel
from .two_period import TwoPeriod

Comparison = Literal["never", "notyet"]
Base = Literal["varying", "universal"]


@dataclass(frozen=True)
class Cell:
    """The effect on one group in one period; `influence` is (units,) over the whole panel."""

    group: float
    period: float
    att: float
    influence: Floats
    treated: int
    compared: int

    @property
    def post(self) -> bool:
        return self.period >= self.group

    @property
    def error(self) -> float:
        return float(np.sqrt((self.influence**2).mean() / len(self.influence)))


@dataclass(frozen=True)
class Setting:
    """What is compared with whom, and how."""

    estimator: TwoPeriod
    comparison: Comparison = "never"
    base: Base = "varying"
    anticipation: int = 0


def cells(panel: Panel, setting: Setting) -> tuple[Cell, ...]:
    """Every group in every period; those without a usable comparison are left out.

    A universal base is itself shown as zero, the point from which an event study is drawn.
    """
    found = []
    for group in panel.groups:
        for now in range(len(panel.periods)):
            base = base_period(panel, group, now, setting)
            if base is not None:
                found.append(attempted(panel, setting, float(group), base, now))
    return tuple(cell for cell in found if cell is not None)


def base_period(panel: Panel, group: float, now: int, setting: Setting) -> int | None:
    """The last period before the start (less anticipation); before that, the period just before `now`."""
    start = int(np.searchsorted(panel.periods, group)) - setting.anticipation
    last = start - 1
    if last < 0:
        return None
    if now >= start or setting.base == "universal":
        return last
    return now - 1 if now > 0 else None


def attempted(panel: Panel, setting: Setting, group: float, base: int, now: int) -> Cell | None:
    try:
        return cell(panel, setting, group, base, now)
    except NotFitted:
        return None


def cell(panel: Panel, setting: Setting, group: float, base: int, now: int) -> Cell:
    """One group-time effect; raises `NotFitted` when there is nobody to compare with."""
    treated = panel.first == group
    compared = comparison(panel, setting, group, max(base, now))
    part, earlier = treated | compared, min(base, now)
    if not compared.any():
        raise NotFitted
    design = np.column_stack([np.ones(int(part.sum())), panel.covariates[part, earlier]])
    change = panel.outcome[part, now] - panel.outcome[part, base]
    effect = setting.estimator(change, treated[part], design, panel.weights[part, earlier])
    influence = np.zeros(panel.units)
    influence[part] = effect.influence * (panel.units / part.sum())
    period = float(panel.periods[now])
    return Cell(group, period, effect.att, influence, int(treated.sum()), int(compared.sum()))


def comparison(panel: Panel, setting: Setting, group: float, last: int) -> Bools:
    """The never treated; or also those who have not started by the later of the two periods."""
    if setting.comparison == "never":
        never: Bools = np.isinf(panel.first)
        return never
    horizon = panel.periods[min(last + setting.anticipation, len(panel.periods) - 1)]
    later: Bools = (panel.first > horizon) & (panel.first != group)
    return later


@dataclass(frozen=True)
class PreTest:
    """Wald test that every effect before the start is zero."""

    statistic: float
    freedom: int
    p: float


def pre_test(found: tuple[Cell, ...]) -> PreTest | None:
    """None when there is no period to test, or more of them than the units can tell apart."""
    before = [cell for cell in found if not cell.post and cell.error > 0]
    if not before:
        return None
    influence = np.column_stack([cell.influence for cell in before])
    variance = influence.T @ influence / len(influence) ** 2
    if np.linalg.matrix_rank(variance) < len(variance):
        return None
    effects = np.array([cell.att for cell in before])
    statistic = float(effects @ np.linalg.solve(variance, effects))
    return PreTest(statistic, len(before), float(chdtrc(len(before), statistic)))
