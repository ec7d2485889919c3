"""No pattern that `suppress` calls safe is unsafe, by an exact search where tables are too many to list."""

import numpy as np
import pytest

from lagesbild.inside.protect.audit import audit
from lagesbild.inside.protect.secondary import suppress
from reference import feasible_tables, table_search
from reference.every_table import MOST_HIDDEN
from reference.every_table import case as tiny_case
from reference.random_tables import KINDS, random_case

SEEDS, SMALL = 120, 36
"""Cases here, and the most cells of a table: more and larger ones are a command of their own."""


@pytest.mark.parametrize("part", range(4))
def test_no_pattern_over_random_hierarchies_is_unsafe(part: int):
    """Deep and overlapping groupings, linked tables, identities, earlier releases; more of the same by
    `make bench-protection-cases`."""
    for seed in range(part, SEEDS, 4):
        case = random_case(seed, SMALL)
        pattern = suppress(case.system, insider=case.insider)
        assert not (pattern.hidden & case.system.fixed).any()
        assert not (case.system.primary & ~pattern.hidden).any()
        found = table_search.unprotected(case.system, pattern.hidden, case.insider)
        assert set(found) <= set(pattern.audit.failing.tolist()), seed


def test_random_hierarchies_with_the_unsafe_cells_hidden_alone_turn_the_check_red():
    """Planted: the search must find fault with most systems before anything is hidden for their sake."""
    cases = [random_case(seed, SMALL) for seed in range(24)]
    assert len({case.kind for case in cases}) == len(set(KINDS))
    leaking = [bool(table_search.unprotected(case.system, case.system.primary)) for case in cases]
    assert np.mean(leaking) > 0.8
    for case, leaks in zip(cases, leaking, strict=True):
        assert leaks <= bool(len(audit(case.system, case.system.primary).failing))


def test_the_search_finds_what_a_look_at_every_table_finds():
    """Of any pattern, good or bad: the unsafe cells of tiny systems and some others at random."""
    random, compared = np.random.default_rng(1), 0
    for seed in range(60):
        one = tiny_case(seed)
        hidden = one.system.primary | (~one.system.fixed & (random.random(one.system.size) < 0.2))
        if hidden.sum() <= MOST_HIDDEN - 1:
            most = int(one.system.values.max()) + 5
            listed = feasible_tables.unprotected(one.system, hidden, most, one.insider)
            assert table_search.unprotected(one.system, hidden, one.insider) == listed, seed
            compared += 1
    assert compared > 20
