"""No pattern that `suppress` calls safe is unsafe, by exact twins: every table listed, or a search."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.problem.primary import Rule
from lagesbild.inside.protect.problem.system import Layer, System, build
from lagesbild.inside.protect.proof.audit import audit
from reference import feasible_tables, table_search
from reference.random_cases import can_be_listed, part, unprotected
from reference.random_tables import KINDS, random_case


@st.composite
def small_systems(draw: st.DrawFn) -> System:
    """Two dimensions of two to four leaves, some with an overlapping grouping; t = 2 or 3."""
    dimensions = []
    for name in ("row", "column"):
        leaves = tuple(f"{name}{k}" for k in range(draw(st.integers(2, 3))))
        relations = [Relation(f"{name}T", leaves)]
        if len(leaves) > 2 and draw(st.booleans()):
            relations.append(Relation(f"{name}G", leaves[:2]))
        totals = tuple(relation.total for relation in relations)
        dimensions.append(Dimension(name, (*totals, *leaves), tuple(relations)))
    table = Table(tuple(dimensions))
    numbers = draw(st.lists(st.sampled_from([0, 0, 1, 1, 2, 3]), min_size=table.size, max_size=table.size))
    rule = draw(
        st.builds(
            Rule,
            threshold=st.integers(2, 3),
            zeros=st.sampled_from(["candidate", "published", "unsafe"]),
        )
    )
    supplier = np.where(table.is_leaf, np.arange(table.size) // len(table.dimensions[1].codes), -1)
    counts = table.add_up(np.array(numbers, dtype=np.int64))
    return build([Layer(table, counts, rule, supplier=supplier)]).system


@settings(max_examples=60, deadline=None, derandomize=True)
@given(small_systems(), st.booleans())
def test_the_audit_never_calls_an_unsafe_pattern_safe(system: System, insider: bool):
    pattern = suppress(system, insider=insider)
    told = set(pattern.audit.failing.tolist())
    most = int(system.values.max()) + 5
    if pattern.hidden.sum() <= 7:
        assert set(feasible_tables.unprotected(system, pattern.hidden, most, insider)) <= told


@settings(max_examples=60, deadline=None, derandomize=True)
@given(small_systems(), st.data())
def test_the_audit_of_any_pattern_finds_what_exhaustion_finds(system: System, data: st.DataObject):
    extra = data.draw(st.lists(st.booleans(), min_size=system.size, max_size=system.size))
    hidden = system.primary | (np.array(extra) & ~system.fixed)
    if hidden.sum() > 7:
        return
    found = audit(system, hidden)
    most = int(system.values.max()) + 5
    assert found.failing.tolist() == feasible_tables.unprotected(system, hidden, most)


@pytest.mark.parametrize("first", range(0, 160, 40))
def test_no_pattern_over_random_tables_is_unsafe(first: int):
    """Deep and overlapping groupings, linked tables, identities, earlier releases, insiders: the first of the
    ten thousand of `make properties-long`."""
    tally = part(range(first, first + 40))
    assert (tally.leaks, tally.undecided) == ((), ())
    assert 0 < tally.listed < tally.cases == 40


def test_random_tables_with_the_unsafe_cells_hidden_alone_turn_the_check_red():
    """Planted: the twins find fault with most of them before anything is hidden for their sake, and the audit
    finds no less."""
    cases = [case for seed in range(40) if (case := random_case(seed, (20, 36))).system.unsafe.any()]
    assert len({case.kind for case in cases}) == len(set(KINDS))
    leaks = [unprotected(case.system, case.system.primary, False, set()) for case in cases]
    assert np.mean([len(found) > 0 for found in leaks]) > 0.8
    for case, found in zip(cases, leaks, strict=True):
        assert set(found) <= set(audit(case.system, case.system.primary).failing.tolist())


def test_the_search_finds_what_a_look_at_every_table_finds():
    """Of any pattern, good or bad: the unsafe cells of tiny systems and some others at random."""
    random, compared = np.random.default_rng(1), 0
    for seed in range(150):
        one = random_case(seed, (20,))
        hidden = one.system.primary | (~one.system.fixed & (random.random(one.system.size) < 0.2))
        if can_be_listed(one.system, hidden):
            most = int(one.system.values.max()) + 5
            listed = feasible_tables.unprotected(one.system, hidden, most, one.insider)
            assert table_search.unprotected(one.system, hidden, one.insider) == listed, seed
            compared += 1
    assert compared > 20


def test_nothing_hidden_fails_everywhere():
    table = Table((Dimension("row", ("T", "a", "b"), (Relation("T", ("a", "b")),)),))
    system = build([Layer(table, np.array([7, 2, 5]))]).system
    assert audit(system, np.zeros(3, dtype=bool)).failing.tolist() == [1]
