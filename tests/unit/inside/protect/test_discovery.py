"""Sums between tables that nobody declared."""

import numpy as np

from lagesbild.core.linking import Identity
from lagesbild.core.table import Dimension, Table
from lagesbild.inside.protect.problem.discovery import implied_identities, same_counts
from lagesbild.inside.protect.problem.system import Layer

REGION = Dimension.of_levels("region", [("@", "R"), ("@@", "A1"), ("@@", "A2"), ("@@", "A3")])
SEX = Dimension.of_levels("sex", [("@", "T"), ("@@", "K"), ("@@", "M")])
ONE = np.array([[0, 0, 0], [0, 3, 8], [0, 7, 5], [0, 2, 9]])
OTHER = np.array([[0, 0, 0], [0, 6, 4], [0, 1, 3], [0, 11, 2]])


def layer(indicator: str, leaves: np.ndarray, *dimensions: Dimension) -> Layer:
    table = Table(dimensions, indicator)
    return Layer(table=table, counts=table.add_up(leaves.ravel()))


def test_a_sum_is_found_in_whatever_order_the_dimensions_stand():
    layers = [
        layer("all", ONE + OTHER, REGION, SEX),
        layer("one", ONE.T, SEX, REGION),
        layer("other", OTHER, REGION, SEX),
    ]
    assert implied_identities(layers) == (Identity("all", ("one", "other")),)


def test_a_sum_is_found_in_whatever_order_the_codes_stand():
    turned = Dimension.of_levels("sex", [("@", "T"), ("@@", "M"), ("@@", "K")])
    layers = [
        layer("all", ONE + OTHER, REGION, SEX),
        layer("one", ONE[:, [0, 2, 1]], REGION, turned),
        layer("other", OTHER, REGION, SEX),
    ]
    assert implied_identities(layers) == (Identity("all", ("one", "other")),)


def test_one_number_that_is_equal_by_chance_is_no_sign_where_another_denies_it():
    """Thefts and cars have a place with twelve each; a second table of cars has what thefts have not."""
    at_a1 = Dimension("region", ("A1",))
    thefts = layer("thefts", ONE, REGION, SEX)
    cars = layer("cars", np.array([11]), at_a1)
    more = layer("cars", OTHER[:, 1], REGION)
    assert same_counts([thefts, cars], ()) == {"thefts": "thefts", "cars": "thefts"}
    assert same_counts([thefts, cars, more], ()) == {"thefts": "thefts", "cars": "cars"}


def test_tables_that_are_equal_in_every_cell_are_found():
    layers = [
        layer("one", ONE, REGION, SEX),
        layer("same", ONE.T, SEX, REGION),
        layer("other", OTHER, REGION, SEX),
    ]
    assert set(implied_identities(layers)) == {Identity("one", ("same",)), Identity("same", ("one",))}


def test_few_cells_tell_nothing():
    bare = [layer("all", ONE[:, 1] + OTHER[:, 1], REGION), layer("one", ONE[:, 1], REGION)]
    assert implied_identities([*bare, layer("other", OTHER[:, 1], REGION)]) == ()
