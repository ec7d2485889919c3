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
    then 1). Variance as in Rivest and Baillargeon (2007, Biometrics 63:999).
    """
    share = thinned(occasions)
    unseen = share * once * (once - 1) / (2 * (twice + 1))
    spread = share**2 * once * (once - 1) * (once**2 + 4 * once * twice + 3 * once - 6 * twice - 6)
    error = sqrt(max(unseen + spread / (4 * (twice + 1) ** 2 * (twice + 2)), 0.0))
    return bounded(observed, unseen, error, level)


def classic(
    observed: float, once: float, twice: float, occasions: int | None = None, level: float = 0.95
) -> LowerBound:
    """Chao's bound as first given (1987, Biometrics 43:783).

    N + ((t - 1) / t) f1^2 / (2 f2); needs f2 > 0.
    """
    share, ratio = thinned(occasions), once / twice
    unseen = share * once * ratio / 2
    error = sqrt(twice * (share**2 * ratio**4 / 4 + share**2 * ratio**3 + share * ratio**2 / 2))
    return bounded(observed, unseen, error, level)


def thinned(occasions: int | None) -> float:
    return 1.0 if occasions is None else (occasions - 1) / occasions


def bounded(observed: float, unseen: float, error: float, level: float) -> LowerBound:
    """With Chao's log-normal interval, which cannot go below the number observed."""
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
