"""Cell-key noise: a small change to every positive count, from a secret and the cell's own identity.

The same cell with the same count gets the same noise in every table, release and format; zeros stay zeros; no
count moves by more than a bound; the noise has mean 0. In the manner of the Australian Bureau of Statistics
(Fraser and Wooton, 2005; Marley and Leaver, 2011) with the transition probabilities of greatest entropy
(Giessing, 2016). Aggregates have no record keys, so the draw comes from a keyed hash of the cell instead.
"""

import hashlib
import hmac
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import softmax

from ..problem.system import Ints, Reals

KEY_BYTES = 32
"""256 bits: an installation's own secret, never in a repository. A key of 32 bits falls to guessing."""


@dataclass(frozen=True)
class Noise:
    """bound: the most that a count can move.  variance: of the noise; small counts may have less room."""

    bound: int = 5
    variance: float = 2.0

    def __post_init__(self) -> None:
        if self.bound < 1 or not 0 < self.variance < self.bound:
            raise ValueError("the bound must be at least 1 and above the variance, which must be positive")

    @cached_property
    def steps(self) -> Ints:
        """Every change that can be, -bound to bound."""
        return np.arange(-self.bound, self.bound + 1)

    @cached_property
    def transition(self) -> Reals:
        """Probability of each step for counts 1 to `bound` (all larger ones as the last), (bound, steps)."""
        return np.array([self._row(count) for count in range(1, self.bound + 1)])

    def _row(self, count: int) -> Reals:
        """Greatest entropy among distributions on steps >= -count with mean 0 and the variance."""
        from scipy.optimize import root  # takes a second to load, and only noise needs it

        possible = self.steps[self.steps >= -count].astype(float)
        powers = np.stack([possible, possible**2])
        target = np.array([0.0, self.variance])

        def miss(slopes: Reals) -> Reals:
            return np.asarray(powers @ softmax(slopes @ powers) - target)

        found = root(miss, np.zeros(2), method="hybr", tol=1e-13)
        if np.abs(found.fun).max() > 1e-9:
            raise ValueError("no noise has this bound and variance for the smallest counts")
        row = np.zeros(len(self.steps))
        row[self.steps >= -count] = softmax(found.x @ powers)
        return row


def perturb(counts: Ints, identities: Sequence[Hashable], key: bytes, noise: Noise) -> Ints:
    """Counts with noise, (n,), by the cells' identities (see `Table.identities`).

    Raises ValueError on a short key.
    """
    if len(key) < KEY_BYTES:
        raise ValueError(f"a cell key has at least {KEY_BYTES} bytes")
    shown = np.zeros(len(counts), dtype=np.int64)
    positive = np.flatnonzero(counts > 0)
    draws = np.array([_draw(key, identities[cell], int(counts[cell])) for cell in positive.tolist()])
    rows = np.minimum(counts[positive], noise.bound) - 1
    upto = np.cumsum(noise.transition, axis=1)
    upto[:, -1] = 1.0
    place = (draws[:, None] >= upto[rows]).sum(axis=1) if len(positive) else positive
    shown[positive] = counts[positive] + noise.steps[place]
    return shown


def _draw(key: bytes, identity: Hashable, count: int) -> float:
    """Uniform on [0, 1). The count is part of the hash: else a revision would keep its noise, and the
    difference of two releases would show the revision exactly."""
    digest = hmac.new(key, repr((identity, count)).encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def thinkable(shown: Ints, noise: Noise) -> tuple[Ints, Ints]:
    """What an outsider can think of each cell alone, two arrays (n,): a shown 0 may be 0 to the bound."""
    return np.where(shown > 0, np.maximum(shown - noise.bound, 1), 0), shown + noise.bound
