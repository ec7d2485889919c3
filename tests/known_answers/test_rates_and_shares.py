"""Rates, shares and standardised rates against published test figures.

Source: PHEindicatormethods 2.1.0 (github.com/ukhsa-collaboration/PHEindicatormethods, commit 093fd288,
tests/testthat), which follows the Fingertips Public Health Technical Guide; re-derived with scipy.
"""

import numpy as np
import pytest

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.estimation.limits import byar, wilson
from lagesbild.analysis.rate import rates
from lagesbild.analysis.table.tidy import Tidy

# numerator, denominator, then per 100: value, lower 95, upper 95, lower 99.8, upper 99.8
CRUDE = [
    (1, 100, 1.0, 0.025317807984289897, 5.571643390938898, 0.0010005003335835344, 9.233413476451585),
    (5, 100, 5.0, 1.62348639011842, 11.668332079322669, 0.739371731917839, 16.454745203680105),
]
# count, denominator (None: the count itself), level, lower, upper
LIMITS = [
    (65, None, 0.95, 50.163187710459454, 82.84913854593984),
    (1045, None, 0.95, 982.5932018073325, 1110.33121298565),
    (1, None, 0.95, 0.01307213290150435, 5.5637555824752605),
    (65, None, 0.998, 42.8802614714802, 94.00029084431802),
    (10, None, 0.998, 2.916318374695686, 24.193724927880535),
    (65, 100, 0.95, 0.5525444329688797, 0.7363575175690247),
    (0.445, 1, 0.95, 0.04381744772058822, 0.9334621276979156),
    (65, 100, 0.998, 0.4954946574070431, 0.7783540614089697),
    (0.445, 1, 0.998, 0.019347006132900975, 0.9702259947019541),
]


@pytest.mark.parametrize(("count", "per", "value", "low95", "high95", "low998", "high998"), CRUDE)
def test_crude_rates(count, per, value, low95, high95, low998, high998):
    found = rates(np.array([count]), np.array([per]), 100.0)
    assert found.value[0] == pytest.approx(value, rel=1e-9)
    assert found.lower[:, 0] == pytest.approx([low95, low998], rel=1e-8)
    assert found.upper[:, 0] == pytest.approx([high95, high998], rel=1e-8)


@pytest.mark.parametrize(("count", "per", "level", "lower", "upper"), LIMITS)
def test_byar_and_wilson_limits(count, per, level, lower, upper):
    found = byar(count, level) if per is None else wilson(count, per, level)
    assert [float(end) for end in found] == pytest.approx([lower, upper], rel=1e-9)


REFERENCE = [10303, 2824, np.nan, 3615, 3641, 3490, 3789, 3213, 3031, 2771, 3089, 3490, 3595, 4745, 5514]
REFERENCE += [7125, 5694, 6210, 5757]
PEOPLE = [50520, 57173, 60213, 54659, 44345, 50128, 62163, 67423, 62899, 55463, 60479, 49974, 44140, 40888]
PEOPLE += [37239, 30819, 18136, 15325, 13918]
TINY = [0, 0, np.nan, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 2, 3]
INHABITANTS = [
    636,
    558,
    np.nan,
    543,
    384,
    594,
    669,
    843,
    660,
    576,
    606,
    522,
    426,
    273,
    300,
    288,
    153,
    123,
    207,
]


def test_indirect_standardisation_of_few_events():
    """testdata_tiny: nine events, so exact limits; one age group without count, people or reference count."""
    table = Tidy.of(
        area=["tiny"] * 19,
        age_group=range(19),
        count=TINY,
        population=INHABITANTS,
        reference_count=REFERENCE,
        reference_population=PEOPLE,
    )
    (row,) = METHODS["isr"].answer(table, ratio_multiplier=100.0).rows
    assert row["observed"] == 9
    assert row["expected"] == pytest.approx(835.8835612311743, rel=1e-9)
    assert row["ref_rate"] == pytest.approx(9349.88309221102, rel=1e-9)
    assert row["value"] == pytest.approx(100.6706576523123, rel=1e-9)
    assert row["lower95.0"] == pytest.approx(46.03303513307893, rel=1e-8)
    assert row["upper95.0"] == pytest.approx(191.10426659054028, rel=1e-8)
    assert row["ratio"] == pytest.approx(1.0767049882813684, rel=1e-9)
    assert row["ratio_lower99.8"] == pytest.approx(0.2933930655068262, rel=1e-8)
    assert row["ratio_upper99.8"] == pytest.approx(2.710589651469021, rel=1e-8)


@pytest.mark.parametrize(
    ("share", "lower", "upper"),
    [(81 / 263, 0.255289, 0.366210), (15 / 148, 0.0623864, 0.1604872), (1 / 29, 0.00611321, 0.17175522)],
)
def test_a_share_of_many_people_is_as_uncertain_as_the_survey(share, lower, upper):
    """Newcombe's (1998) shares with score limits by prop.test of R 4.2.2."""
    columns = {"share": [share], "share_lower": [lower], "share_upper": [upper], "population": [10**7]}
    (row,) = METHODS["prevalence"].answer(Tidy.of(**columns), level=(0.95,)).rows
    assert row["value"] == pytest.approx(share * 1e7)
    assert row["lower"] == pytest.approx(lower * 1e7, rel=0.06)
    assert row["upper"] == pytest.approx(upper * 1e7, rel=0.06)
