"""A balanced panel with one start: donors in rows, then the treated; periods in columns."""

from dataclasses import dataclass, field, replace

import numpy as np

from ..table.arrays import Floats


@dataclass(frozen=True)
class Panel:
    """`outcome` is (donors, periods), `treated` (periods,) the mean of the treated; `before` periods precede.

    `predictors` (donors, k) and `treated_predictors` (k,) describe the units before the measure; they may be
    empty, and then the outcomes before the measure are all that is matched.
    """

    donors: tuple[str, ...]
    periods: tuple[str, ...]
    outcome: Floats
    treated: Floats
    before: int
    treated_units: int = 1
    predictors: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    treated_predictors: Floats = field(default_factory=lambda: np.zeros(0))

    @property
    def after(self) -> int:
        return len(self.periods) - self.before

    def without(self, donor: int) -> "Panel":
        """The panel with one donor left out."""
        return replace(
            self,
            donors=self.donors[:donor] + self.donors[donor + 1 :],
            outcome=np.delete(self.outcome, donor, axis=0),
            predictors=np.delete(self.predictors, donor, axis=0) if len(self.predictors) else self.predictors,
        )

    def placebo(self, donor: int) -> "Panel":
        """The panel that pretends that this donor took the measure; the truly treated are left out."""
        own = self.predictors[donor] if len(self.predictors) else self.treated_predictors
        rest = self.without(donor)
        return replace(rest, treated=self.outcome[donor], treated_predictors=own, treated_units=1)
