"""What must hold of the causal estimators whatever the data are."""

import json
from dataclasses import replace

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lagesbild.analysis.chao.lower_bound import chao
from lagesbild.analysis.did import aggregate, group_time, two_period
from lagesbild.analysis.did.panel import Panel
from lagesbild.analysis.effect import plan as plans
from lagesbild.analysis.mse.histories import Histories, every_history
from lagesbild.analysis.mse.stepwise import Selection
from lagesbild.analysis.synth import simplex
from lagesbild.core.refusal import BrokenSeal

numbers = st.floats(-100, 100, allow_nan=False, width=32)


@given(arrays(float, (5, 8), elements=numbers), arrays(float, 5, elements=numbers), numbers)
@settings(max_examples=60, deadline=None)
def test_simplex_weights_are_a_mixture_and_do_not_mind_where_zero_is(donors, target, shift):
    found = simplex.weights(donors, target)
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1)
    moved = simplex.weights(donors + shift, target + shift)
    misfit = [((donors @ weights - target) ** 2).sum() for weights in (found, moved)]
    assert misfit[1] == pytest.approx(misfit[0], rel=1e-5, abs=1e-4)


@given(
    arrays(float, (9, 5), elements=numbers),
    arrays(float, (9, 1), elements=numbers),
    arrays(float, 5, elements=numbers),
)
@settings(max_examples=40, deadline=None)
def test_differences_in_differences_do_not_mind_levels_of_places_or_periods(outcome, places, periods):
    first = np.array([np.inf] * 4 + [3.0] * 3 + [4.0] * 2)

    def overall(values):
        panel = Panel.plain(values, np.arange(1.0, 6.0), first)
        cells = group_time.cells(panel, group_time.Setting(two_period.regression))
        return aggregate.simple(panel, cells)[0].att

    assert overall(outcome + places + periods) == pytest.approx(overall(outcome), abs=1e-6)


@given(arrays(float, (9, 5), elements=numbers), st.lists(st.integers(1, 4), min_size=9, max_size=9))
@settings(max_examples=40, deadline=None)
def test_units_that_are_copies_of_each_other_count_once_when_they_stand_in_a_cluster(outcome, copies):
    """Weights make up for the copies; so neither effect nor error may differ from the table without them."""
    first = np.array([np.inf] * 4 + [3.0] * 3 + [4.0] * 2)
    again = np.repeat(np.arange(9), copies)
    weights = np.repeat(1 / np.array(copies, dtype=float), copies)[:, None] * np.ones(5)
    once = Panel.plain(outcome, np.arange(1.0, 6.0), first)
    copied = replace(Panel.plain(outcome[again], once.periods, first[again]), weights=weights, cluster=again)
    setting = group_time.Setting(two_period.doubly_robust)
    effects = [aggregate.group(panel, group_time.cells(panel, setting))[-1] for panel in (once, copied)]
    assert effects[1].att == pytest.approx(effects[0].att, rel=1e-6, abs=1e-6)
    influence = copied.clustered(effects[1].influence)
    assert influence == pytest.approx(effects[0].influence, rel=1e-6, abs=1e-6)
    assert copied.cluster_first == pytest.approx(first)


@given(st.lists(st.integers(0, 30), min_size=15, max_size=15), st.permutations(range(4)))
@settings(max_examples=40, deadline=None)
def test_hidden_people_do_not_depend_on_the_order_of_the_lists(counts, order):
    member = every_history(4)
    values = np.array(counts, dtype=float)
    assume(values[member.sum(axis=1) >= 2].sum() > 5)
    lists = tuple("ABCD")
    here = Histories.of(lists, member, values)
    there = Histories.of(tuple(lists[i] for i in order), member[:, order], values)
    # no threshold is passed, so that ties between equal p-values cannot choose differently
    hidden = [Selection(table, 0.0).run(table.counts[None]).fits.hidden[0] for table in (here, there)]
    assume(np.isfinite(hidden[0]))
    assert hidden[1] == pytest.approx(hidden[0], rel=1e-6)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(2, 9))
def test_the_floor_is_never_below_those_seen(once, twice, more, occasions):
    found = chao(once + twice + more, once, twice, occasions)
    assert once + twice + more <= found.lower <= found.value <= found.upper


PLAN = plans.Plan("Did it help?", "reports", ("Ekby",), "2024", "synthdid", "fall", 0.05, "2023")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def test_a_signed_plan_is_itself_whatever_the_order_of_its_parts():
    signed = json.loads(plans.sign(PLAN, KEY))
    turned = json.dumps({**signed, "plan": dict(reversed(signed["plan"].items()))}).encode()
    plan, key = plans.verified(turned)
    assert plan == PLAN
    assert key == KEY.public_key().public_bytes_raw().hex()


@given(
    st.sampled_from(["question", "outcome", "at", "estimator", "direction", "data_through"]),
    st.text(min_size=1),
)
def test_a_plan_changed_after_signing_is_refused(part, text):
    signed = json.loads(plans.sign(PLAN, KEY))
    assume(signed["plan"][part] != text)
    signed["plan"][part] = text
    with pytest.raises(BrokenSeal):
        plans.verified(json.dumps(signed).encode())


@given(st.binary(max_size=200))
def test_what_is_no_plan_is_refused_and_never_crashes(content):
    with pytest.raises(BrokenSeal):
        plans.verified(content)
