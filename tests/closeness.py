"""How close whoever adds up published numbers comes to a hidden one, in fractions."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Sums = NDArray[np.float64]
"""Which finest cells, none of which can be below 0, a number adds up."""


def too_close(own: Sums, sums: Sequence[Sums], shown: Sequence[int], least: int = 5) -> str | None:
    """The interval of the number, where it is narrower than `least` or does not reach it; else None."""
    low, high = (
        sign * linprog(sign * own, A_eq=np.array(sums), b_eq=shown, method="highs").fun for sign in (1, -1)
    )
    narrow = high < least - 1e-6 or high - low < least - 1e-6
    return f"{low} to {high}" if narrow else None
