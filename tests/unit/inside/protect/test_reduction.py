"""Cells that can only move together."""

import numpy as np

from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.problem.primary import Rule
from lagesbild.inside.protect.problem.reduction import reduce
from lagesbild.inside.protect.problem.system import Layer, System, build
from lagesbild.inside.protect.search.circuits import Circuits
from lagesbild.inside.protect.search.lower_bound import lower_bound

TOWN = Dimension("town", ("T", "a", "b", "c"), (Relation("T", ("a", "b", "c")),))
SEX = Dimension("sex", ("T", "k", "m"), (Relation("T", ("k", "m")),))


def system_with(leaves: list[int], rule: Rule | None = None) -> System:
    table = Table((TOWN, SEX))
    counts = np.zeros(table.shape, dtype=np.int64)
    counts[1:, 1:] = np.array(leaves).reshape(3, 2)
    return build([Layer(table, table.add_up(counts.ravel()), rule or Rule(zeros="published"))]).system


def test_a_total_beside_a_published_zero_moves_with_its_only_part():
    reduction = reduce(system_with([2, 0, 9, 8, 7, 6]))
    together = abs(reduction.members).T @ abs(reduction.members)
    town_a, its_women = 3, 4
    unit = reduction.members[[town_a]].indices[0]
    assert reduction.members[[its_women]].indices.tolist() == [unit]
    assert together[[unit]].toarray().max() == 2


def test_every_move_of_units_is_a_move_of_cells():
    system = system_with([2, 1, 9, 8, 7, 6])
    reduction = reduce(system)
    circuits = Circuits(reduction)
    anything = np.ones(len(reduction.price), dtype=bool)
    for demand in reduction.demands:
        for move in circuits.within(demand, anything) or ():
            by = np.zeros(len(reduction.price), dtype=np.int64)
            by[move.units] = move.by
            cells = reduction.members @ by
            assert not (system.equations @ cells).any()
            assert (system.values + cells >= system.floor).all()
            assert not cells[system.fixed].any()


def test_what_a_cut_asks_for_is_hidden_by_every_safe_pattern():
    system = system_with([2, 11, 9, 8, 7, 6])
    reduction = reduce(system)
    cuts = [
        cut for demand in reduction.demands for cut in Circuits(reduction).explain(demand, reduction.given)
    ]
    hidden = reduction.units_of(suppress(system).hidden)
    assert cuts
    assert not any(cut.violated(hidden) for cut in cuts)


def test_the_bound_is_below_the_price_and_above_nothing():
    system = system_with([2, 11, 9, 8, 7, 6])
    assert 0.0 < lower_bound(system) <= suppress(system).cost + 1e-6
