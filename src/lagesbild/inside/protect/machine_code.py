"""Functions that are compiled when they are first called."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def njit(*, cache: bool) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """numba's `njit`, which keeps its code beside the package or in the user's own cache.

    A user of the machine who may write neither (a service without a home) compiles anew each time: a
    folder that others may write, such as the temporary one, is no place for code.
    """

    def compiled(function: Callable[P, R]) -> Callable[P, R]:
        try:
            return cast("Callable[P, R]", numba.njit(cache=cache)(function))
        except RuntimeError:
            return cast("Callable[P, R]", numba.njit(function))

    return compiled
