"""Primary suppression: which counts are too small to publish."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Zeros = Literal["candidate", "published", "unsafe"]


@dataclass(frozen=True)
class Rule:
    """When a count is unsafe, and what an attacker must be left believing possible.

    A count is unsafe when 1 <= count < threshold (0 <= count with zeros "unsafe"). The feasible interval of
    an unsafe cell must reach `threshold` and be `width` wide (default: as wide as the threshold is high).
    `attacker_lower` is the least the attacker believes of a hidden cell; by default 1 when zeros are always
    published, else 0. Where it is 1 no zero is hidden, so that she believes what is so. `weight` scales the
    cost of hiding.
    """

    threshold: int = 5
    width: int | None = None
    zeros: Zeros = "candidate"
    attacker_lower: int | None = None
    weight: float = 1.0

    @property
    def required_width(self) -> int:
        return self.threshold if self.width is None else self.width

    def or_stricter(self, other: "Rule") -> "Rule":
        """This rule, with whatever the other asks more."""
        return replace(
            self,
            threshold=max(self.threshold, other.threshold),
            width=max(self.required_width, other.required_width),
            zeros="unsafe" if "unsafe" in (self.zeros, other.zeros) else self.zeros,
        )

    @property
    def zeros_shown(self) -> bool:
        """Whether every zero is published, which tells that a hidden cell is none."""
        return self.zeros == "published" or self.least > 0

    @property
    def underrated(self) -> bool:
        """Whether the attacker is taken to believe less than the publication of all zeros tells her."""
        return self.zeros == "published" and self.least == 0

    @property
    def least(self) -> int:
        if self.attacker_lower is not None:
            return self.attacker_lower
        return 1 if self.zeros == "published" else 0


def is_unsafe(counts: NDArray[np.int64], rule: Rule) -> NDArray[np.bool_]:
    """Primary rule: too small to publish. Shape (cells,)."""
    least = 0 if rule.zeros == "unsafe" else 1
    return np.asarray((counts >= least) & (counts < rule.threshold))
