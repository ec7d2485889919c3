"""The random tables that R draws, so that a replicate here is the same replicate there.

BCa limits far out rest on a handful of replicates and differ from seed to seed. With R's own stream the
limits of SparseMSE can be checked digit for digit, and nobody needs to ask which seed was chosen. Mersenne
twister (Matsumoto and Nishimura 1998) seeded by a linear congruence, binomial numbers by inversion or by
BTPE (Kachitvichyanukul and Schmeiser 1988, Communications of the ACM 31:216), multinomial ones as
conditional binomials; the order of the draws is R's (`set.seed`, `rbinom`, `rmultinom`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, prod, sqrt

import numpy as np

from ..table.arrays import Floats

WORDS = 624
AT_A_TIME = 4096
TWO_TO_32 = 2.3283064365386963e-10  # R's constant for 1 / (2^32 - 1)
INVERTED_BELOW = 30.0
MOST_INVERTED = 110

Uniform = Callable[[], float]


def multinomial(counts: Floats, replicates: int, seed: int) -> Floats:
    """(replicates, cells): as many people as `counts` hold, spread anew with its shares."""
    people, uniform = int(counts.sum()), uniforms(seed).__next__
    shares = shares_of_the_rest(counts)
    return np.array([one_table(people, shares, uniform) for _ in range(replicates)], dtype=np.float64)


def shares_of_the_rest(counts: Floats) -> list[float]:
    """Each cell's share of itself and those after it, subtracted in long doubles as R does."""
    shares = (counts / counts.sum()).astype(np.longdouble)
    rest = np.subtract.accumulate(np.concatenate([[np.add.accumulate(shares)[-1]], shares[:-1]]))
    part = np.divide(shares, rest, where=shares > 0, out=0 * shares)
    return [float(share) for share in part]


def uniforms(seed: int) -> Iterator[float]:
    """R's `runif` after `set.seed(seed)`: open on both sides."""
    twister = np.random.MT19937()
    twister.state = {"bit_generator": "MT19937", "state": {"key": key(seed), "pos": WORDS}}
    while True:
        drawn = twister.random_raw(AT_A_TIME) * TWO_TO_32
        yield from np.clip(drawn, TWO_TO_32 / 2, 1 - TWO_TO_32 / 2).tolist()


def key(seed: int) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """The twister's state: a linear congruence, its first 51 numbers dropped."""
    words = []
    for _ in range(51 + WORDS):
        seed = (69069 * seed + 1) % 2**32
        words.append(seed)
    return np.array(words[51:], dtype=np.uint32)


def one_table(people: int, shares: Sequence[float], uniform: Uniform) -> list[int]:
    """Cell by cell, the people who are left given its share of the rest; nothing is drawn for empty cells."""
    drawn = []
    for share in shares[:-1]:
        drawn.append(binomial(people, share, uniform) if share < 1 else people)
        people -= drawn[-1]
    return [*drawn, people]


def binomial(size: int, share: float, uniform: Uniform) -> int:
    rarer = min(share, 1 - share)
    if size == 0 or rarer == 0:
        return size if share == 1 else 0
    found = (inverted if size * rarer < INVERTED_BELOW else btpe)(size, rarer, uniform)
    return size - found if share > 0.5 else found


def inverted(size: int, share: float, uniform: Uniform) -> int:
    """Walk up the distribution until the uniform number is used up."""
    odds = share / (1 - share)
    first, step = (1 - share) ** size, odds * (size + 1)
    while True:
        rest, mass = uniform(), first
        for found in range(MOST_INVERTED + 1):
            if rest < mass:
                return found
            rest -= mass
            mass *= step / (found + 1) - odds


def btpe(size: int, share: float, uniform: Uniform) -> int:
    """Accept from a triangle, two parallelograms and two exponential tails laid over the distribution."""
    over = hull(size, share)
    while True:
        where, height = uniform() * over.areas[3], uniform()
        if where <= over.areas[0]:
            return int(over.middle - over.areas[0] * height + where)
        placed = over.place(where, height)
        if placed is not None and over.accepts(*placed):
            return placed[0]


@dataclass(frozen=True)
class Hull:
    """What lies over a binomial distribution.

    `areas` add up: triangle, parallelograms, left tail, right tail. `top` is its peak, `ends` are where the
    tails begin, `raised` is the height beside the triangle.
    """

    size: int
    share: float
    top: int
    ends: tuple[float, float]
    raised: float
    slopes: tuple[float, float]
    areas: tuple[float, float, float, float]

    @property
    def middle(self) -> float:
        return self.top + 0.5

    def place(self, where: float, height: float) -> tuple[int, float] | None:
        """A number and the height it must pass under the distribution, None when off the hull."""
        half, body, left, _ = self.areas
        if where <= body:
            x = self.ends[0] + (where - half) / self.raised
            height = height * self.raised + 1 - abs(self.middle - x) / half
            return (int(x), height) if 0 < height <= 1 else None
        if where > left:
            found = int(self.ends[1] - log(height) / self.slopes[1])
            return (found, height * (where - left) * self.slopes[1]) if found <= self.size else None
        found = int(self.ends[0] + log(height) / self.slopes[0])
        return (found, height * (where - body) * self.slopes[0]) if found >= 0 else None

    def accepts(self, found: int, height: float) -> bool:
        """Whether the height is under the distribution: by products near the peak, else by squeezes."""
        away, spread = abs(found - self.top), self.size * self.share * (1 - self.share)
        if away <= 20 or away >= spread / 2 - 1:
            return height <= self.ratio(found)
        slack = (away / spread) * ((away * (away / 3 + 0.625) + 1 / 6) / spread + 0.5)
        normal, level = -(away**2) / (2 * spread), log(height)
        return level < normal - slack or (level <= normal + slack and level <= self.log_ratio(found))

    def ratio(self, found: int) -> float:
        """The distribution at `found` over its peak, step by step."""
        odds = self.share / (1 - self.share)
        steps = range(min(self.top, found) + 1, max(self.top, found) + 1)
        product = prod(odds * (self.size + 1) / step - odds for step in steps)
        return product if found >= self.top else 1 / product

    def log_ratio(self, found: int) -> float:
        """The log of the same by Stirling's formula, all four terms added as R does."""
        one, other = found + 1.0, self.top + 1.0
        below, left = self.size + 1.0 - self.top, self.size - found + 1.0
        main = self.middle * log(other / one) + (self.size - self.top + 0.5) * log(below / left)
        main += (found - self.top) * log(left * self.share / (one * (1 - self.share)))
        return main + sum(map(stirling, (other, below, one, left)))


@lru_cache(maxsize=1024)
def hull(size: int, share: float) -> Hull:
    """The hull for `size` tries, with the constants of the paper."""
    other, peak = 1 - share, size * share + share
    spread = size * share * other
    half = int(2.195 * sqrt(spread) - 4.6 * other) + 0.5
    low, high = int(peak) + 0.5 - half, int(peak) + 0.5 + half
    raised = 0.134 + 20.5 / (15.3 + int(peak))
    steep = (peak - low) / (peak - low * share), (high - peak) / (high * other)
    slopes = steep[0] * (1 + 0.5 * steep[0]), steep[1] * (1 + 0.5 * steep[1])
    body = half * (1 + 2 * raised)
    left = body + raised / slopes[0]
    areas = (half, body, left, left + raised / slopes[1])
    return Hull(size, share, int(peak), (low, high), raised, slopes, areas)


def stirling(x: float) -> float:
    square = x * x
    return (13860 - (462 - (132 - (99 - 140 / square) / square) / square) / square) / x / 166320
