"""What a later release changed, of counts that both have published."""

from dataclasses import replace

from example_release import make_release
from lagesbild.core.figures import Figure, Figures, Key, State
from lagesbild.outside.known.revised import revised

UMEA = Key("2480", "2020")


def changed(release, key, figure):
    table = release.figures["D01"]
    cells = {**table.cells, key: figure}
    figures = {**release.figures, "D01": Figures("D01", table.origin, cells, table.coverage)}
    return replace(release, number="2026-2", figures=figures)


def test_a_changed_count_is_told_with_both_values():
    first = make_release()
    before = first.figures["D01"][UMEA].value
    found = revised((first, changed(first, UMEA, Figure(before + 3, State.VALUE))))
    (one,) = found["D01", "2480"]
    assert (one.period, one.before, one.after, one.release) == ("2020", before, before + 3, "2026-2")


def test_what_is_hidden_now_or_was_hidden_then_is_no_revision():
    first = make_release()
    later = changed(first, UMEA, Figure(None, State.PROTECTED))
    assert revised((first, later)) == {}
    assert revised((later, first)) == {}


def test_a_single_release_revises_nothing():
    assert revised((make_release(),)) == {}


def test_a_sum_that_grew_says_how_many_reported_before_and_after():
    first = make_release()
    whole = Key("00", "2020")
    table = first.figures["D01"]
    before, summed = table[whole].value, table.coverage[whole]
    cells = {**table.cells, whole: Figure(before + 9, State.VALUE)}
    coverage = {**table.coverage, whole: summed + 2}
    later = replace(first, number="2026-2", figures={"D01": Figures("D01", table.origin, cells, coverage)})
    (one,) = revised((first, later))["D01", "00"]
    assert one.reported == (summed, summed + 2)
