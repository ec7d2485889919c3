"""Cell-key noise: bounded, unbiased, consistent; what averaging learns of it."""

import numpy as np
import pytest

from lagesbild.core.table import Dimension, Table
from lagesbild.inside.protect.methods.cell_key import KEY_BYTES, Noise, perturb, thinkable

KEY = bytes(range(KEY_BYTES))
REGION = Dimension.of_levels("region", [("@", "R"), ("@@", "A"), ("@@", "B")])
SEX = Dimension.of_levels("sex", [("@", "T"), ("@@", "K"), ("@@", "M")])


@pytest.mark.parametrize(("bound", "variance"), [(5, 2.0), (3, 1.0), (2, 0.5), (8, 4.0)])
def test_noise_has_mean_zero_and_the_variance_asked_for(bound: int, variance: float):
    noise = Noise(bound, variance)
    assert np.allclose(noise.transition.sum(axis=1), 1)
    assert np.allclose(noise.transition @ noise.steps, 0, atol=1e-7)
    assert np.allclose(noise.transition @ noise.steps**2, variance, atol=1e-7)


def test_no_count_becomes_negative_or_moves_too_far():
    counts = np.repeat(np.arange(12), 400)
    shown = perturb(counts, list(range(len(counts))), KEY, Noise())
    assert shown.min() >= 0
    assert np.abs(shown - counts).max() == 5
    assert np.all(shown[counts == 0] == 0)


def test_noise_is_unbiased_over_many_cells():
    """20,000 draws of variance 2: the mean lies within four standard errors of 0."""
    counts = np.full(20_000, 7)
    shown = perturb(counts, list(range(20_000)), KEY, Noise())
    assert abs(float((shown - counts).mean())) < 4 * np.sqrt(2 / 20_000)


def test_the_same_cell_is_the_same_in_every_table():
    wide, narrow = Table((REGION, SEX), "events"), Table((REGION,), "events")
    wide_counts = wide.add_up(np.where(wide.is_leaf, 7, 0))
    narrow_counts = narrow.add_up(np.where(narrow.is_leaf, 14, 0))
    shown = dict(zip(wide.identities(), perturb(wide_counts, wide.identities(), KEY, Noise()), strict=True))
    again = perturb(narrow_counts, narrow.identities(), KEY, Noise())
    assert [shown[identity] for identity in narrow.identities()] == again.tolist()


def test_another_key_gives_another_noise():
    counts = np.full(200, 9)
    one, other = (perturb(counts, list(range(200)), key, Noise()) for key in (KEY, KEY[::-1]))
    assert not np.array_equal(one, other)


def test_a_revision_does_not_keep_its_noise():
    """Else the difference of two releases would be the revision itself in every cell."""
    cells = list(range(2000))
    before, after = (perturb(np.full(2000, count), cells, KEY, Noise()) for count in (8, 9))
    assert len(set((after - before).tolist())) > 5


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        perturb(np.array([3]), ["cell"], b"short", Noise())


def test_noise_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="bound"):
        Noise(bound=2, variance=2.0)


def test_the_truth_is_always_thinkable():
    counts = np.repeat(np.arange(12), 100)
    noise = Noise()
    low, high = thinkable(perturb(counts, list(range(len(counts))), KEY, noise), noise)
    assert np.all((low <= counts) & (counts <= high))
