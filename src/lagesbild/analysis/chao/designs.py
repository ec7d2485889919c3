"""The closed-population models as log-linear designs (Baillargeon and Rivest 2007, J Stat Softw 19(5)).

M0: all alike; Mt: occasions differ; Mh: people differ; Mth: both; Mb: seen once, seen differently after;
Mbh: both of those. Heterogeneity enters through a function of the number of captures: Chao's free terms
(a lower bound), Poisson 2^k - 1, Darroch k^2 / 2, Gamma -log(1 + k / 3.5).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import gammaln

from ..table.arrays import Bools, Floats

SHAPES: dict[str, Callable[[Floats], Floats]] = {
    "Poisson2": lambda seen: 2.0**seen - 1,
    "Darroch": lambda seen: seen**2 / 2,
    "Gamma3.5": lambda seen: -np.log1p(seen / 3.5),
}


@dataclass(frozen=True)
class Model:
    """A named design (cells, parameters), intercept first.

    `free` columns may not have a negative estimate; `offset` is the logarithm of what each cell weighs.
    """

    name: str
    design: Floats
    free: tuple[int, ...] = ()
    offset: Floats | float = 0.0


def models(member: Bools) -> tuple[Model, ...]:
    """Every model that the number of occasions (columns of `member`, in time order) allows."""
    occasions = member.shape[1]
    alike, differing = seen(member)[:, None], member.astype(np.float64)
    plain = (Model("M0", with_intercept(alike)), Model("Mt", with_intercept(differing)))
    behaviour = (Model("Mb", with_intercept(first_capture(member))),)
    if occasions < 3:
        return plain + behaviour
    mixed = heterogeneous("Mh", alike, seen(member)) + heterogeneous("Mth", differing, seen(member))
    return plain + mixed + behaviour + (Model("Mbh", with_intercept(behaviour_and_first(member))),)


def repeated(most: int) -> tuple[Model, ...]:
    """The models of those seen 1, 2, ..., `most` times in one register, which has no number of occasions.

    A Poisson process a person, so that k captures weigh 1 / k! (Rivest and Baillargeon 2007).
    """
    times = np.arange(1.0, most + 1)
    base = times[:, None]
    alike = (Model("M0", with_intercept(base)), *heterogeneous("Mh", base, times))
    return tuple(replace(model, offset=-gammaln(times + 1)) for model in alike)


def heterogeneous(name: str, base: Floats, captures: Floats) -> tuple[Model, ...]:
    """The lower bound and the three shapes on top of `base`; `captures` is how often each cell was seen."""
    free = np.maximum(captures[:, None] - np.arange(2, captures.max()), 0)
    first = 1 + base.shape[1]
    bound = Model(f"{name} Chao (LB)", with_intercept(base, free), tuple(range(first, first + free.shape[1])))
    shaped = tuple(
        Model(f"{name} {word}", with_intercept(base, shape(captures)[:, None]))
        for word, shape in SHAPES.items()
    )
    return (bound, *shaped)


def seen(member: Bools) -> Floats:
    """How many times each history was captured."""
    return np.asarray(member.sum(axis=1), dtype=np.float64)


def with_intercept(*columns: Floats) -> Floats:
    return np.column_stack([np.ones(len(columns[0])), *columns])


def first_capture(member: Bools) -> Floats:
    """Occasions before the first capture, and captures after it."""
    return np.column_stack([member.argmax(axis=1), member.sum(axis=1) - 1]).astype(np.float64)


def behaviour_and_first(member: Bools) -> Floats:
    """Model Mbh lets the first occasion differ."""
    return np.column_stack([1.0 - member[:, 0], first_capture(member)])
