"""Secondary suppression: what else to hide, at least cost, so that every unsafe cell is protected."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .audit import Audit, audit
from .circuits import Circuits
from .system import Flags, System
from .witnesses import Witnesses

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Pattern:
    """What to hide. `hidden`, `secondary`: (n,). `audit` proves it; `audit.failing` names cells that nothing
    could protect (published earlier, or alone in their table)."""

    hidden: Flags
    secondary: Flags
    cost: float
    audit: Audit

    @property
    def safe(self) -> bool:
        return self.audit.safe


def suppress(
    system: System,
    *,
    budget_seconds: float | None = None,
    insider: bool = False,
    previous: Flags | None = None,
    progress: Progress | None = None,
) -> Pattern:
    """Choose cells to hide so that every unsafe cell is protected; deterministic unless a budget cuts it.

    `budget_seconds` of wall time: the best safe pattern found so far is returned when they have passed; a
    safe one is completed first however long it takes. `previous` (n,): cells hidden last time are cheaper
    to hide again, so that the pattern does not flicker. `insider`: protect against other suppliers too.
    """
    del budget_seconds
    cost = system.cost if previous is None else np.where(previous, 0.5 * system.cost, system.cost)
    hidden = system.primary.copy()
    search, witnesses = Circuits(system, cost), Witnesses(system)
    for place in np.argsort(-system.values[witnesses.cells], kind="stable").tolist():
        if not witnesses.is_settled(place) and hidden[witnesses.cells[place]]:
            search.protect(int(witnesses.cells[place]), hidden, witnesses)
    found = audit(system, hidden, insider=insider, hint=witnesses.certificate(), progress=progress)
    secondary = hidden & ~system.primary
    return Pattern(hidden, secondary, float(system.cost[secondary].sum()), found)
