"""Hidden populations against published tables that are small enough to stand here."""

import numpy as np
import pytest

from lagesbild.analysis.chao.closed import abundances
from lagesbild.analysis.chao.corrected import corrected
from lagesbild.analysis.chao.lower_bound import chao, classic
from lagesbild.analysis.mse import loglinear, r_random
from lagesbild.analysis.mse.answer import estimate
from lagesbild.analysis.mse.criterion import every_set
from lagesbild.analysis.mse.histories import Histories
from lagesbild.analysis.mse.stepwise import Selection
from lagesbild.analysis.table.tidy import Tidy

WESTERN = "A 52 B 90 C 114 D 45 E 21 AC 4 AD 2 AE 5 BC 6 BD 1 DE 3 ACE 1 BCD 1"
HARE = (
    "000001 4 000010 4 000011 2 000100 3 000101 4 000110 1 000111 1 001000 5 001001 2 001011 1 001101 1 "
    "010000 6 010001 1 010010 3 010011 1 010100 3 010101 3 010111 1 011001 2 011011 1 011101 2 011111 1 "
    "100000 3 100001 1 100010 2 100100 2 100111 1 101000 1 101010 1 101100 1 110001 1 110010 1 111111 2 "
)


NEW_ORLEANS = "A 25 F 24 C 70 D 33 H 21 AF 1 AC 1 AD 2 FC 2 FD 2 FH 1 CD 1 AFC 1 AFD 1"
UK = (
    "L 54 N 463 P 995 G 695 S 316 LN 15 LP 19 LG 3 NP 62 NG 19 NS 1 PG 76 PS 11 GS 8 LNP 1 LNG 1 NPG 4 LNPG 1"
)
NETHERLANDS = (
    "I 756 K 1299 P 4466 R 650 Z 632 IK 1 IP 81 IR 5 IZ 73 KP 44 KZ 4 PR 82 PZ 125 RZ 2 IPR 2 IPZ 11 PRZ 1"
)


ARTIFICIAL = (
    np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]], dtype=bool),
    np.array([40.0, 30.0, 20.0, 6.0]),
)


def captured(written):
    """`A 52 AB 4` as a tidy table: how many people stand on just those lists."""
    patterns, counts = written.split()[::2], written.split()[1::2]
    names = [name for name in dict.fromkeys("".join(patterns))]
    rows = {name: [int(name in pattern) for pattern in patterns] for name in names}
    return Tidy.of(**rows, count=[float(count) for count in counts])


def by_family(written, **options):
    return {row["family"]: row for row in estimate(captured(written), **options).rows}


def hare():
    rows = np.array([[one == "1" for one in pattern] for pattern in HARE.split()[::2]])
    return Histories.of(tuple("123456"), rows, np.array(HARE.split()[1::2], dtype=float))


def test_the_western_site_has_the_published_model_estimate_and_interval():
    """Chan, Silverman and Vincent (2021), JASA 116:1297: 2 483 (BCa 1 293 to 3 670), model with AE.

    Every digit is that of `estimatepopulation(Western)` in SparseMSE 2.0.1 (R 4.2.2), whose replicates
    are ours too. Its lower limit is the smallest of its 1 000 replicates: the BCa quantile lies at 0.00008.
    """
    rows = by_family(WESTERN)
    stepwise = rows["stepwise"]
    assert stepwise["population"] == pytest.approx(2483.38392, abs=1e-4)
    assert stepwise["interactions_in_order_of_entry"] == ["A:E"]
    assert stepwise["coef"]["A:E"] == pytest.approx(2.33456143, abs=1e-7)
    published = {"q2.5": 1293.213942, "q10": 1343.288882, "q90": 2998.538644, "q97.5": 3672.036563}
    assert stepwise["bca"] == pytest.approx(published, rel=1e-7)
    assert stepwise["outermost_replicate"] == ["q2.5"]
    assert rows["main"]["population"] == pytest.approx(2007.14176, abs=1e-4)
    assert rows["bic"]["interactions"] == ["A:E"]


def test_new_orleans_on_five_lists():
    """The same package on its table NewOrl_5 (Bales, Murphy and Silverman 2020): no effect enters."""
    stepwise = by_family(NEW_ORLEANS)["stepwise"]
    assert stepwise["population"] == pytest.approx(1034.15106523, rel=1e-9)
    assert stepwise["interactions_in_order_of_entry"] == []
    assert stepwise["aic"] == pytest.approx(77.5293892557, rel=1e-9)
    published = {"q2.5": 588.81747159, "q10": 598.985380724, "q90": 1256.1525875, "q97.5": 1703.69374615}
    assert stepwise["bca"] == pytest.approx(published, rel=1e-7)


def test_the_random_tables_are_those_of_r():
    """R 4.2.2: `set.seed(1234); runif(3)` and `set.seed(77); rmultinom(3, sum(n), n)`.

    The third table needs R's long doubles: 1 672 x 260 / 1 760 is a whole number.
    """
    uniform = r_random.uniforms(1234)
    printed = (0.11370341130532324, 0.62229940481483936, 0.60927473288029432)
    assert tuple(next(uniform) for _ in range(3)) == printed
    shares = np.array([5, 40, 0, 300, 7000, 12, 900, 33, 1, 4, 260, 1500], dtype=float)
    assert r_random.multinomial(shares, 3, 77).astype(int).tolist() == [
        [4, 51, 0, 294, 7021, 20, 900, 28, 1, 5, 283, 1448],
        [0, 34, 0, 308, 7021, 9, 845, 19, 1, 2, 232, 1584],
        [9, 42, 0, 288, 7128, 6, 862, 41, 0, 8, 250, 1421],
    ]


FEW = {"bootstraps": 20, "level": (0.95, 0.8)}


def test_five_british_lists_and_their_wald_limits():
    """UKdat_5 in SparseMSE 2.0.1: model, information criterion and the limits that trust the model."""
    stepwise = by_family(UK, **FEW)["stepwise"]
    wald = {name: stepwise[f"{name}_conditional_wald"] for name in ("q2.5", "q10", "q90", "q97.5")}
    printed = (9884.40283062, 10349.696973, 12398.2887313, 13027.3966545)
    assert stepwise["population"] == pytest.approx(11312.9902894, rel=1e-9)
    assert tuple(wald.values()) == pytest.approx(printed, rel=1e-9)
    assert stepwise["aic"] == pytest.approx(127.598630577, rel=1e-9)
    assert stepwise["interactions_in_order_of_entry"] == ["L:N", "N:S", "P:S", "L:P", "G:S", "N:G"]


def test_the_netherlands_where_a_pair_that_shares_nobody_enters():
    """Ned_5 in SparseMSE 2.0.1 (van Dijk et al. 2017): K:R has its effect at minus infinity."""
    stepwise = by_family(NETHERLANDS, **FEW)["stepwise"]
    assert stepwise["population"] == pytest.approx(121521.613712, rel=1e-9)
    assert stepwise["deviance"] == pytest.approx(24.3395014692, rel=1e-9)
    assert stepwise["aic"] == pytest.approx(143.786993583, rel=1e-9)
    assert stepwise["interactions_in_order_of_entry"] == ["I:Z", "P:Z", "P:R", "I:P", "K:R", "I:K"]


def test_models_without_a_finite_estimate_are_found():
    """`checkallmodels(Artificial_3)` in SparseMSE 2.0.1: A:B alone, A:B with A:C, and A:B with B:C."""
    rows = Histories.of(tuple("ABC"), *ARTIFICIAL)
    selection = Selection(rows, 0.02)
    models = every_set(3)
    counts = np.repeat(rows.counts[None], len(models), axis=0)
    fits = loglinear.fit(rows.design, counts, selection.wanted(models))
    exists = selection.existence.confirmed(counts, fits).settled
    without = {tuple(rows.pair_name(pair) for pair in np.flatnonzero(model)) for model in models[~exists]}
    assert without == {
        ("A:B",),
        ("A:B", "A:C"),
        ("A:B", "B:C"),
        ("A:B", "A:C", "B:C"),
    }  # the last: not identifiable


def test_chao_finds_the_published_floor_under_the_cottontails():
    """Chao (1987), Biometrics 43:783, table 1.

    Edwards and Eberhardt's rabbits, at least 134 where 135 were known.
    """
    assert round(classic(76, 43, 16).value) == 134
    assert chao(76, 43, 16).value < classic(76, 43, 16).value


def test_the_snowshoe_hares():
    """Rcapture (Baillargeon and Rivest 2007, J Stat Softw 19(5), data of Cormack 1989), computed with
    1.4-4."""
    table = hare()
    found = {one.model.name: one for one in abundances(table.member, table.counts)}
    published = {
        "M0": 75.43362,
        "Mt": 75.06620,
        "Mh Chao (LB)": 79.83712,
        "Mth Darroch": 90.46410,
        "Mbh": 74.18293,
    }
    assert {name: found[name].abundance for name in published} == pytest.approx(published, abs=1e-4)
    assert found["Mt"].error == pytest.approx(3.352331, rel=1e-4)
    assert corrected(table.member, table.counts)["M0"][0] == pytest.approx(75.3880, abs=1e-3)
    assert classic(68, 25, 22, 6).value == pytest.approx(79.83712, abs=1e-4)


def test_nobody_on_all_lists_leaves_the_lower_bound_standing():
    """The free term runs off to minus infinity; heterogeneity cannot be negative, so model M0 remains."""
    rows = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], dtype=bool)
    table = Histories.of(("a", "b", "c"), rows, np.array([30.0, 25.0, 20.0, 6.0, 5.0, 4.0]))
    found = {one.model.name: one.abundance for one in abundances(table.member, table.counts)}
    assert found["Mh Chao (LB)"] == pytest.approx(found["M0"])
