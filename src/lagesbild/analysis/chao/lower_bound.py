"""A floor under the hidden number from those seen once and those seen twice."""

from dataclasses import dataclass
from math import exp, log, sqrt

from scipy.special import ndtri


@dataclass(frozen=True)
class LowerBound:
    """A floor.

    The population is at least `value` as far as these data can tell, whatever the heterogeneity.
    """

    value: float
    error: float
    lower: float
    upper: float


def chao(
    observed: float, once: float, twice: float, occasions: int | None = None, level: float = 0.95
) -> LowerBound:
    """Chao's bound with bias correction: n + ((t - 1) / t) f1 (f1 - 1) / (2 (f2 + 1)).

    `occasions` is the number of lists t, None when people may be seen any number of times (the factor is
    then 1). Variance as in Rivest and Baillargeon (2007, Biometrics 63:999); the interval is Chao's
    (1987, Biometrics 43:783) log-normal one, which cannot go below the number observed.
    """
    share = 1.0 if occasions is None else (occasions - 1) / occasions
    unseen = share * once * (once - 1) / (2 * (twice + 1))
    spread = share**2 * once * (once - 1) * (once**2 + 4 * once * twice + 3 * once - 6 * twice - 6)
    error = sqrt(max(unseen + spread / (4 * (twice + 1) ** 2 * (twice + 2)), 0.0))
    factor = log_normal_factor(unseen, error, level)
    return LowerBound(observed + unseen, error, observed + unseen / factor, observed + unseen * factor)


def log_normal_factor(unseen: float, error: float, level: float) -> float:
    """By what factor the unseen number may be wrong, from its coefficient of variation."""
    if unseen <= 0:
        return 1.0
    return exp(float(ndtri((1 + level) / 2)) * sqrt(log(1 + (error / unseen) ** 2)))


def zelterman(observed: float, once: float, twice: float) -> float:
    """Zelterman's estimate, n / (1 - exp(-2 f2 / f1)).

    Less touched by those who are seen often (1988, JSPI 18:225).
    """
    return observed / (1 - exp(-2 * twice / once))
