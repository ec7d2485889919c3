"""Capture histories: which lists a person stands on, and how many people share the pattern."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

import numpy as np

from ..table.arrays import Bools, Floats, Integers


@dataclass(frozen=True)
class Histories:
    """All 2^k - 1 observable histories of k lists, ordered by the number of lists.

    `member` is (cells, k) of 0/1 and `counts` (cells,); the all-zero history is what nobody saw. `given` are
    the cells in the order in which the table named them, which is the order in which replicates are drawn.
    """

    lists: tuple[str, ...]
    member: Bools
    counts: Floats
    given: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.intp))

    @classmethod
    def of(cls, lists: Sequence[str], rows: Bools, counts: Floats) -> "Histories":
        """Gather observed rows (n, k) into the full table; histories that are not given count zero."""
        member = every_history(len(lists))
        place = 2 ** np.arange(len(lists))
        index = {int(code): position for position, code in enumerate(member @ place)}
        full = np.zeros(len(member))
        seen = rows.any(axis=1)
        cells = [index[int(code)] for code in rows[seen] @ place]
        np.add.at(full, cells, counts[seen])
        return cls(tuple(lists), member, full, np.array(list(dict.fromkeys(cells)), dtype=np.intp))

    @cached_property
    def drawn(self) -> Integers:
        """The cells with a count, as the table named them; in their own order when it named none."""
        order = self.given if len(self.given) else np.arange(len(self.counts))
        return np.asarray(order[self.counts[order] > 0])

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
