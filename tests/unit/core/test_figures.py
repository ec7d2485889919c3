"""Figures: every cell has a value or the reason why it has none."""

import pytest

from lagesbild.core.figures import Figure, Figures, Key, State


def figures(cells: dict[Key, Figure]) -> Figures:
    return Figures("X01", "example", cells, {})


def test_a_cell_that_nobody_reported_has_no_picture() -> None:
    assert figures({})[Key("0001", "2024")] == Figure(None, State.NO_PICTURE)


def test_a_real_zero_is_a_value() -> None:
    table = figures({Key("0001", "2024"): Figure(0, State.VALUE)})
    assert table[Key("0001", "2024")].value == 0


@pytest.mark.parametrize(
    "wrong", [Figure(3, State.PROTECTED), Figure(None, State.VALUE), Figure(0, State.NO_PICTURE)]
)
def test_a_hidden_cell_cannot_carry_its_value(wrong: Figure) -> None:
    with pytest.raises(ValueError, match="exactly when"):
        figures({Key("0001", "2024"): wrong})


def test_a_series_has_every_period_of_the_table() -> None:
    table = figures(
        {Key("0001", "2023"): Figure(7, State.VALUE), Key("0002", "2024"): Figure(None, State.PROTECTED)}
    )
    assert table.series("0001") == {"2023": Figure(7, State.VALUE), "2024": Figure(None, State.NO_PICTURE)}


def test_cells_are_in_the_same_order_however_they_came() -> None:
    cells = {Key("0002", "2024"): Figure(1, State.VALUE), Key("0001", "2024"): Figure(2, State.VALUE)}
    assert list(figures(cells)) == list(figures(dict(reversed(cells.items()))))
