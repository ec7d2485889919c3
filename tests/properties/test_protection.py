"""No pattern that `suppress` calls safe is unsafe, by exhaustion over tiny random tables."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.protect.audit import audit
from lagesbild.inside.protect.primary import Rule
from lagesbild.inside.protect.secondary import suppress
from lagesbild.inside.protect.system import Layer, System, build
from reference.every_table import case, judged
from reference.feasible_tables import unprotected


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
        assert set(unprotected(system, pattern.hidden, most, insider)) <= told


@settings(max_examples=60, deadline=None, derandomize=True)
@given(small_systems(), st.data())
def test_the_audit_of_any_pattern_finds_what_exhaustion_finds(system: System, data: st.DataObject):
    extra = data.draw(st.lists(st.booleans(), min_size=system.size, max_size=system.size))
    hidden = system.primary | (np.array(extra) & ~system.fixed)
    if hidden.sum() > 7:
        return
    found = audit(system, hidden)
    assert found.failing.tolist() == unprotected(system, hidden, int(system.values.max()) + 5)


@pytest.mark.parametrize("first", range(0, 120, 30))
def test_linked_earlier_and_insider_cases_are_never_unsafe(first: int):
    """The first of the ten thousand of `make properties-long`."""
    assert "unsafe" not in {judged(seed) for seed in range(first, first + 30)}


def test_a_pattern_without_secondary_cells_would_be_seen():
    """Planted: only the unsafe cells are hidden; exhaustion finds the leaks, and so does the audit."""
    systems = [case(seed).system for seed in range(20)]
    leaks = [unprotected(system, system.primary, int(system.values.max()) + 5) for system in systems]
    assert sum(map(len, leaks)) > 20
    for system, leak in zip(systems, leaks, strict=True):
        assert set(leak) <= set(audit(system, system.primary).failing.tolist())


def test_nothing_hidden_fails_everywhere():
    table = Table((Dimension("row", ("T", "a", "b"), (Relation("T", ("a", "b")),)),))
    system = build([Layer(table, np.array([7, 2, 5]))]).system
    assert audit(system, np.zeros(3, dtype=bool)).failing.tolist() == [1]
