"""Group-time effects gathered: by time since start, by group, by calendar period, and over all (same
source, section 3).

The weights are the groups' sizes, or what their units weigh. They are estimated too, so each unit's
influence holds a part for them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..table.arrays import Floats
from .group_time import Cell
from .panel import Panel


@dataclass(frozen=True)
class Gathered:
    """One gathered effect; `key` is the time since start, the group or the period, None over all."""

    kind: str
    key: float | None
    att: float
    influence: Floats

    @property
    def error(self) -> float:
        return float(np.sqrt((self.influence**2).mean() / len(self.influence)))


def simple(panel: Panel, cells: Sequence[Cell]) -> list[Gathered]:
    """The mean over all treated group-periods."""
    post = [cell for cell in cells if cell.post]
    return [weighted(panel, post, "simple", None)] if post else []


def dynamic(panel: Panel, cells: Sequence[Cell]) -> list[Gathered]:
    """By time since the start, and the mean over all times from the start on."""
    each = by(panel, cells, "dynamic", lambda cell: steps_since(panel, cell))
    return each + overall([one for one in each if one.key is not None and one.key >= 0], "dynamic_overall")


def calendar(panel: Panel, cells: Sequence[Cell]) -> list[Gathered]:
    """By period, over the groups treated by then, and the mean over the periods."""
    post = [cell for cell in cells if cell.post]
    each = by(panel, post, "calendar", lambda cell: cell.period)
    return each + overall(each, "calendar_overall")


def group(panel: Panel, cells: Sequence[Cell]) -> list[Gathered]:
    """By group, over its periods from the start on, and the mean over the groups by their size."""
    post = [cell for cell in cells if cell.post]
    keys = sorted({cell.group for cell in post})
    each = [mean([cell for cell in post if cell.group == key], "group", key) for key in keys]
    if not each:
        return []
    as_cells = [Cell(key, key, one.att, one.influence, 0, 0) for key, one in zip(keys, each, strict=True)]
    return [*each, weighted(panel, as_cells, "group_overall", None)]


def steps_since(panel: Panel, cell: Cell) -> float:
    """Periods from the group's start to the cell's period, counted along the panel's own periods."""
    return float(np.searchsorted(panel.periods, cell.period) - np.searchsorted(panel.periods, cell.group))


def by(panel: Panel, cells: Sequence[Cell], kind: str, key: Callable[[Cell], float]) -> list[Gathered]:
    keys = sorted({key(cell) for cell in cells})
    return [weighted(panel, [cell for cell in cells if key(cell) == one], kind, one) for one in keys]


def overall(each: Sequence[Gathered], kind: str) -> list[Gathered]:
    """The plain mean of effects already gathered."""
    if not each:
        return []
    influence = np.mean([one.influence for one in each], axis=0)
    return [Gathered(kind, None, float(np.mean([one.att for one in each])), influence)]


def mean(cells: Sequence[Cell], kind: str, key: float) -> Gathered:
    influence = np.mean([cell.influence for cell in cells], axis=0)
    return Gathered(kind, key, float(np.mean([cell.att for cell in cells])), influence)


def weighted(panel: Panel, cells: Sequence[Cell], kind: str, key: float | None) -> Gathered:
    """The mean of cells weighted by their groups' sizes, with the influence of having estimated those
    sizes."""
    share = np.array([panel.share(cell.group) for cell in cells])
    weight = share / share.sum()
    effects = np.array([cell.att for cell in cells])
    influence = np.column_stack([cell.influence for cell in cells]) @ weight
    member = np.column_stack([panel.members(cell.group) for cell in cells]) - share
    of_weights = (member - member.sum(axis=1, keepdims=True) * weight) / share.sum()
    return Gathered(kind, key, float(weight @ effects), influence + of_weights @ effects)
