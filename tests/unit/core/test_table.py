"""Dimensions, margins and equations."""

import numpy as np
import pytest

from lagesbild.core.linking import Identity, add_up_to, cell_names, link
from lagesbild.core.table import Dimension, Relation, Table

SEX = Dimension("sex", ("T", "K", "M"), (Relation("T", ("K", "M")),))
AGE = Dimension("age", ("15-17", "18-20"))
COUNTY = Dimension.of_levels("region", [("@", "SE"), ("@@", "L1"), ("@@@", "A"), ("@@@", "B"), ("@@", "L2")])


def test_levels_become_relations():
    assert COUNTY.codes == ("SE", "L1", "A", "B", "L2")
    assert COUNTY.relations == (Relation("SE", ("L1", "L2")), Relation("L1", ("A", "B")))
    assert COUNTY.leaves == ("A", "B", "L2")
    assert COUNTY.top == "SE"


def test_groupings_need_not_nest():
    police = Dimension(
        "region", ("SE", "L1", "P1", "A", "B", "C"),
        (Relation("SE", ("L1", "C")), Relation("L1", ("A", "B")), Relation("P1", ("B", "C"))),
    )  # fmt: skip
    counts = Table((police,)).add_up(np.array([0, 0, 0, 1, 2, 4]))
    assert counts.tolist() == [7, 3, 6, 1, 2, 4]
    assert police.tops == ("SE",)


def test_the_top_adds_up_every_leaf_once():
    ages = Dimension.of_levels(
        "age", [("@", "all"), ("@@", "a"), ("@@", "b"), ("@@", "c"), ("@", "ab"), ("@@", "a"), ("@@", "b"),
                ("@", "bc"), ("@@", "b"), ("@@", "c"), ("@", "every"), ("@@", "ab"), ("@@", "c")],
    )  # fmt: skip
    assert ages.leaves == ("a", "b", "c")
    assert ages.tops == ("all", "every")  # two groupings over the same leaves, each with its total
    assert Dimension("age", ("a", "b")).tops == ()
    assert Dimension("year", ("2024",)).tops == ()  # a leaf is itself, not the sum of what it is alone in


def test_a_code_has_its_parts_in_one_place():
    with pytest.raises(ValueError, match="parts in two places"):
        Dimension.of_levels("r", [("@", "A"), ("@@", "a"), ("@", "B"), ("@@", "A"), ("@@@", "b")])


@pytest.mark.parametrize(
    "relations",
    [
        (Relation("T", ("T", "K")),),
        (Relation("T", ("K", "X")),),
        (Relation("T", ()),),
        (Relation("T", ("K",)), Relation("K", ("T",))),
    ],
)
def test_senseless_relations_are_refused(relations):
    with pytest.raises(ValueError, match="dimension sex"):
        Dimension("sex", ("T", "K", "M"), relations)


def test_levels_that_skip_one_are_refused():
    with pytest.raises(ValueError, match="level marks"):
        Dimension.of_levels("region", [("@", "SE"), ("@@@", "A")])


def test_a_full_table_satisfies_its_equations():
    table = Table((COUNTY, SEX))
    counts = table.add_up(np.arange(table.size, dtype=np.int64))
    assert not (table.equations() @ counts).any()
    assert table.equations().shape == (2 * 3 + 5, 15)
    assert table.is_top.sum() == 1
    assert table.is_leaf.sum() == 6


def test_linked_tables_share_their_margin():
    age = Dimension("age", ("A", "old", "young"), (Relation("A", ("old", "young")),))
    linked = link([Table((COUNTY, SEX)), Table((age, COUNTY))])
    assert linked.size == 15 + 15 - 5
    by_sex, by_age = linked.cell_of
    assert by_sex.reshape(5, 3)[:, 0].tolist() == by_age.reshape(3, 5)[0].tolist()
    # The regional sums of the shared margin stand once, not once for each table.
    assert linked.equations.shape[0] == 11 + 11 - 2


def test_indicators_are_tied_together_where_both_are_told():
    tables = [Table((SEX,), name) for name in ("reported", "cleared", "open")]
    linked = link(tables, [Identity("reported", ("cleared", "open"))])
    counts = np.zeros(9, dtype=np.int64)
    for own, numbers in zip(linked.cell_of, ([7, 3, 4], [2, 1, 1], [5, 2, 3]), strict=True):
        counts[own] = numbers
    assert linked.equations.shape[0] == 6
    assert not (linked.equations @ counts).any()


def test_a_revised_cell_is_another_cell():
    linked = link([Table((SEX,)), Table((SEX,))], versions=[(5, 2, 3), (6, 3, 3)])
    now, then = linked.cell_of
    assert (now == then).tolist() == [False, False, True]


def test_cells_are_the_same_number_where_they_cover_the_same_places_in_all_tables():
    county = Table((Dimension.of_levels("region", [("@", "C1"), ("@@", "m1"), ("@@", "m2")]),), "a")
    every = Table((Dimension.of_levels("region", [("@", "SE"), ("@@", "C1"), ("@@", "C2")]),), "a")
    alone, bare = Table((Dimension("region", ("SE",)),), "a"), Table((Dimension("sex", ("S",)),), "a")
    (c1, *_), (se, part, _), (one,), (without,) = cell_names([county, every, alone, bare])
    assert c1 == part != se == one == without
    (top, *_), (without,) = cell_names([county, bare])
    assert top == without
    other = Table((Dimension("region", ("SE", "C1")),), "b")
    (top, *_), (without,), _ = cell_names([county, bare, other])
    assert top == without  # what another indicator has makes no stranger of it


def test_what_a_table_lacks_is_what_its_own_release_has_there():
    """With a sex that was published then and is gone now, women and men are no longer everybody."""
    places = Dimension("region", ("A", "B"))
    then = Dimension("sex", ("all", "K", "M", "U"), (Relation("all", ("K", "M", "U")),))
    tables = [Table((places, SEX)), Table((places,)), Table((places, then)), Table((places,))]
    by_sex, now, before, alone = cell_names(tables, [0, 0, 1, 1])
    assert now == [by_sex[0], by_sex[3]]
    assert alone == [before[0], before[4]]
    assert now != alone


def test_a_place_alone_goes_by_its_own_code_whatever_others_say_it_is_made_of():
    county, made_of = (
        Dimension("region", ("09",)),
        Dimension("region", ("09", "0980", "0114"), (Relation("09", ("0980",)),)),
    )
    tables = [Table((county, SEX)), Table((SEX,)), Table((made_of, AGE), "others")]
    by_place, without, _ = cell_names(tables)
    assert by_place == without


def test_a_cell_that_is_the_sum_of_itself_is_no_equation():
    """A region that is one county: both names are one cell, and plus and minus of it went for two."""
    equations = add_up_to([(3, 3), (4, 1, 2)], 5)
    assert equations.toarray().tolist() == [[0] * 5, [0, -1, -1, 0, 1]]
    assert equations.nnz == 3
