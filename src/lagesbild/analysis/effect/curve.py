"""The specification curve: the same question under every reasonable way of asking it.

Simonsohn, Simmons and Nelson (2020, Nature Human Behaviour 4:1208). The joint p-value asks how often a
place without the measure would have shown a median as large, had it been asked the same questions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..synth.estimators import ESTIMATORS
from ..synth.panel import Panel
from ..table.arrays import Floats

FEWEST_BEFORE = 4
LOGARITHM = "log "
SHARES = (1.0, 0.75, 0.5)
ESTIMATED_BY = ("did", "sc", "synthdid")


@dataclass(frozen=True)
class Specification:
    """One way of asking; `relative` is the effect as a share of what would have been."""

    estimator: str
    outcome: str
    periods_before: int
    without: str
    att: float
    relative: float


@dataclass(frozen=True)
class Curve:
    """All specifications, and what the same curve gives for each donor as if it had taken the measure."""

    specifications: tuple[Specification, ...]
    placebo_medians: Floats

    @property
    def median(self) -> float:
        return float(np.median([one.relative for one in self.specifications]))

    @property
    def same_sign(self) -> float:
        """Share of specifications that point the same way as their median."""
        return float(np.mean([np.sign(one.relative) == np.sign(self.median) for one in self.specifications]))

    @property
    def p(self) -> float:
        larger = int((np.abs(self.placebo_medians) >= abs(self.median)).sum())
        return (1 + larger) / (1 + len(self.placebo_medians))


def curve(panels: dict[str, Panel]) -> Curve:
    """`panels` by the name of the outcome, all with the same donors."""
    own = tuple(one for name, panel in panels.items() for one in specifications(name, panel))
    donors = len(next(iter(panels.values())).donors)
    medians = [placebo_median(panels, donor) for donor in range(donors)] if donors > 2 else []
    return Curve(own, np.array(medians))


def placebo_median(panels: dict[str, Panel], donor: int) -> float:
    found = (one for name, panel in panels.items() for one in specifications(name, panel.placebo(donor)))
    return float(np.median([one.relative for one in found]))


def specifications(outcome: str, panel: Panel) -> Iterator[Specification]:
    """Every estimator on every length of the past, with all donors and without the one that weighs most."""
    for before in lengths(panel.before):
        shorter = last_periods(panel, before)
        for name in ESTIMATED_BY:
            estimate = ESTIMATORS[name](shorter)
            yield specified(name, outcome, shorter, "", estimate.att, estimate.synthetic)
            if name != "did" and len(panel.donors) > 2:
                heaviest = int(np.argmax(estimate.weights))
                rest = ESTIMATORS[name](shorter.without(heaviest))
                yield specified(name, outcome, shorter, panel.donors[heaviest], rest.att, rest.synthetic)


def specified(
    name: str, outcome: str, panel: Panel, without: str, att: float, synthetic: Floats
) -> Specification:
    level = float(np.abs(synthetic[panel.before :].mean()))
    share = att / level if level > 0 else 0.0
    relative = float(np.expm1(att)) if outcome.startswith(LOGARITHM) else share
    return Specification(name, outcome, panel.before, without, att, relative)


def lengths(before: int) -> list[int]:
    """How many periods of the past to use, longest first."""
    return sorted({max(FEWEST_BEFORE, int(before * share)) for share in SHARES if before}, reverse=True)


def last_periods(panel: Panel, before: int) -> Panel:
    """The panel without its earliest periods."""
    skip = panel.before - before
    return replace(
        panel,
        periods=panel.periods[skip:],
        outcome=panel.outcome[:, skip:],
        treated=panel.treated[skip:],
        before=before,
    )
