"""Capture histories: which lists a person stands on, and how many people share the pattern."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from ..table.arrays import Bools, Floats


@dataclass(frozen=True)
class Histories:
    """All 2^k - 1 observable histories of k lists, ordered by the number of lists.

    `member` is (cells, k) of 0/1 and `counts` (cells,); the all-zero history is what nobody saw.
    """

    lists: tuple[str, ...]
    member: Bools
    counts: Floats

    @classmethod
    def of(cls, lists: Sequence[str], rows: Bools, counts: Floats) -> "Histories":
        """Gather observed rows (n, k) into the full table; histories that are not given count zero."""
        member = every_history(len(lists))
        place = 2 ** np.arange(len(lists))
        index = {int(code): position for position, code in enumerate(member @ place)}
        full = np.zeros(len(member))
        seen = rows.any(axis=1)
        np.add.at(full, [index[int(code)] for code in rows[seen] @ place], counts[seen])
        return cls(tuple(lists), member, full)

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The two-list effects, in the order (first, second), (first, third), ..."""
        return tuple(combinations(range(len(self.lists)), 2))

    @cached_property
    def design(self) -> Floats:
        """(cells, 1 + k + pairs): intercept, one column per list, one per pair of lists."""
        both = [self.member[:, i] & self.member[:, j] for i, j in self.pairs]
        return np.column_stack([np.ones(len(self.member)), self.member, *both]).astype(np.float64)

    @cached_property
    def observed(self) -> float:
        """How many different people stand on at least one list."""
        return float(self.counts.sum())

    def pair_name(self, pair: int) -> str:
        """`A:B` for the pair with that index."""
        first, second = self.pairs[pair]
        return f"{self.lists[first]}:{self.lists[second]}"


def every_history(lists: int) -> Bools:
    """(2^k - 1, k): every history but the all-zero one, fewest lists first."""
    codes = np.arange(1, 2**lists)
    member = (codes[:, None] >> np.arange(lists)) & 1
    return member[np.lexsort((codes, member.sum(axis=1)))].astype(np.bool_)
