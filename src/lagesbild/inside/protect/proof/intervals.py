"""The feasible interval of each hidden cell."""

from ..problem.reduction import Demand, as_seen
from ..problem.system import Flags, Ints, System
from ..search.circuits import FARTHEST, Circuits
from .units import Units


def intervals(system: System, hidden: Flags, cells: Ints) -> tuple[Ints, Ints]:
    """Least and largest value of `cells` (k,) given all that is published, two arrays (k,).

    The same from whichever table that fits what is published (`system.values`) one starts. Fractions are
    allowed, so an interval is never narrower than the whole-number one; its ends are rounded inwards.
    """
    reduction = as_seen(system, hidden)
    units, circuits = Units(reduction), Circuits(reduction)
    low, high = system.values[cells].copy(), system.values[cells].copy()
    down, up = units.room(cells)
    known: dict[tuple[int, int], int] = {}
    for place, cell in enumerate(cells.tolist()):
        unit, sign = units.of(cell)
        for way, most in ((1, int(up[place])), (-1, int(down[place]))):
            if most and (unit, way * sign) not in known:
                known[unit, way * sign] = furthest(circuits, unit, way * sign, most)
        if up[place]:
            high[place] += known[unit, sign]
        if down[place]:
            low[place] -= known[unit, -sign]
    return low, high


def furthest(circuits: Circuits, unit: int, direction: int, most: int) -> int:
    """How far at most, up to `most`, a unit can go in a direction (1 or -1) before even tables of fractions
    are ruled out. Nothing is ruled out beyond `FARTHEST`: what gets there is taken to go on."""
    least, most = 0, min(most, FARTHEST)
    while least < most:
        amount = least + (most - least + 1) // 2
        demand = Demand(unit, direction, amount, amount)
        if any(cut.certain for cut in circuits.explain(demand, circuits.reduction.given)):
            most = amount - 1
        else:
            least = amount
    return least
