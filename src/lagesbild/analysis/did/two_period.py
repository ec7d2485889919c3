"""One group, one comparison group, two periods: the effect on the treated and each unit's influence on it.

Doubly robust, outcome regression and inverse probability weighting as in Sant'Anna and Zhao (2020,
Journal of Econometrics 219:101). The influence of a unit is what its presence does to the estimate; the
root of the mean squared influence over n is the standard error.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from ..estimation.regression import NotFitted
from ..table.arrays import Bools, Floats

OVERLAP = 0.995  # comparison units more likely than this to be treated carry no information, and are trimmed
STEPS = 50


@dataclass(frozen=True)
class Effect:
    """`influence` is (units,) with mean zero."""

    att: float
    influence: Floats


TwoPeriod = Callable[[Floats, Bools, Floats], Effect]


def regression(change: Floats, treated: Bools, design: Floats) -> Effect:
    """Outcome regression.

    The change among the treated less what the comparison units' regression predicts.
    """
    predicted, line = outcome_model(change, treated, design)
    gain = change - predicted
    att = float(gain[treated].mean())
    influence = treated * (gain - att) - line @ (treated[:, None] * design).mean(axis=0)
    return Effect(att, influence / treated.mean())


def weighting(change: Floats, treated: Bools, design: Floats) -> Effect:
    """Inverse probability weighting with weights that sum to one."""
    score, line = propensity(treated, design)
    weight = np.where(treated, 0.0, score / (1 - score))
    treated_mean, control_mean = change[treated].mean(), float((weight * change).mean() / weight.mean())
    slope = (weight * (change - control_mean))[:, None] * design
    for_control = (weight * (change - control_mean) + line @ slope.mean(axis=0)) / weight.mean()
    for_treated = treated * (change - treated_mean) / treated.mean()
    return Effect(float(treated_mean - control_mean), for_treated - for_control)


def doubly_robust(change: Floats, treated: Bools, design: Floats) -> Effect:
    """Right when either the outcome regression or the propensity score is."""
    predicted, outcome_line = outcome_model(change, treated, design)
    score, score_line = propensity(treated, design)
    gain = change - predicted
    weight = np.where(treated, 0.0, score / (1 - score))
    treated_mean, control_mean = gain[treated].mean(), float((weight * gain).mean() / weight.mean())
    for_treated = treated * (gain - treated_mean) - outcome_line @ (treated[:, None] * design).mean(axis=0)
    slope = ((weight * (gain - control_mean))[:, None] * design).mean(axis=0)
    for_control = weight * (gain - control_mean) + score_line @ slope
    for_control -= outcome_line @ (weight[:, None] * design).mean(axis=0)
    influence = for_treated / treated.mean() - for_control / weight.mean()
    return Effect(float(treated_mean - control_mean), influence)


def outcome_model(change: Floats, treated: Bools, design: Floats) -> tuple[Floats, Floats]:
    """Least squares among the comparison units.

    Predictions for all, and each unit's influence on the coefficients.
    """
    control = ~treated
    if np.linalg.matrix_rank(design[control]) < design.shape[1]:
        raise NotFitted
    coefficients = np.linalg.lstsq(design[control], change[control], rcond=None)[0]
    predicted = design @ coefficients
    bread = np.linalg.inv(design[control].T @ design[control] / len(change))
    return predicted, (control * (change - predicted))[:, None] * design @ bread


def propensity(treated: Bools, design: Floats) -> tuple[Floats, Floats]:
    """Logistic regression: the probability of treatment, and each unit's influence on the coefficients."""
    coefficients = np.zeros(design.shape[1])
    for _ in range(STEPS):
        score = expit(design @ coefficients)
        information = (design * (score * (1 - score))[:, None]).T @ design
        if np.linalg.matrix_rank(information) < len(information):
            raise NotFitted
        move = np.linalg.solve(information, design.T @ (treated - score))
        coefficients = coefficients + move
        if np.abs(move).max() < 1e-10:
            break
    else:
        raise NotFitted
    if (score[~treated] >= OVERLAP).any():
        raise NotFitted
    line = ((treated - score)[:, None] * design) @ np.linalg.inv(information) * len(treated)
    return score, line


ESTIMATORS: dict[str, TwoPeriod] = {"dr": doubly_robust, "reg": regression, "ipw": weighting}
