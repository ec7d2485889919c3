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


TwoPeriod = Callable[[Floats, Bools, Floats, Floats], Effect]
"""From each unit's change, whether it was treated, its design (units, k) and its weight."""


def regression(change: Floats, treated: Bools, design: Floats, weights: Floats) -> Effect:
    """Outcome regression.

    The change among the treated less what the comparison units' regression predicts.
    """
    predicted, line = outcome_model(change, treated, design, weights)
    gain, on = change - predicted, weights * treated
    att = float((on * gain).mean() / on.mean())
    influence = on * (gain - att) - line @ (on[:, None] * design).mean(axis=0)
    return Effect(att, influence / on.mean())


def weighting(change: Floats, treated: Bools, design: Floats, weights: Floats) -> Effect:
    """Inverse probability weighting with weights that sum to one."""
    on, off, line = likeness(treated, design, weights)
    treated_mean, control_mean = (float((w * change).mean() / w.mean()) for w in (on, off))
    slope = (off * (change - control_mean))[:, None] * design
    for_control = (off * (change - control_mean) + line @ slope.mean(axis=0)) / off.mean()
    for_treated = on * (change - treated_mean) / on.mean()
    return Effect(treated_mean - control_mean, for_treated - for_control)


def doubly_robust(change: Floats, treated: Bools, design: Floats, weights: Floats) -> Effect:
    """Right when either the outcome regression or the propensity score is."""
    predicted, outcome_line = outcome_model(change, treated, design, weights)
    on, off, score_line = likeness(treated, design, weights)
    gain = change - predicted
    treated_mean, control_mean = (float((w * gain).mean() / w.mean()) for w in (on, off))
    for_treated = on * (gain - treated_mean) - outcome_line @ (on[:, None] * design).mean(axis=0)
    slope = ((off * (gain - control_mean))[:, None] * design).mean(axis=0)
    for_control = off * (gain - control_mean) + score_line @ slope
    for_control -= outcome_line @ (off[:, None] * design).mean(axis=0)
    influence = for_treated / on.mean() - for_control / off.mean()
    return Effect(treated_mean - control_mean, influence)


def outcome_model(change: Floats, treated: Bools, design: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Least squares among the comparison units.

    Predictions for all, and each unit's influence on the coefficients.
    """
    control = ~treated
    weight = weights * control
    root = np.sqrt(weight[control])
    if np.linalg.matrix_rank(root[:, None] * design[control]) < design.shape[1]:
        raise NotFitted
    coefficients = np.linalg.lstsq(root[:, None] * design[control], root * change[control], rcond=None)[0]
    predicted = design @ coefficients
    bread = np.linalg.inv((weight[:, None] * design).T @ design / len(change))
    return predicted, (weight * (change - predicted))[:, None] * design @ bread


def likeness(treated: Bools, design: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Weights of the treated, and of the comparison units by how much they resemble the treated (odds of
    treatment by logistic regression); and each unit's influence on that regression's coefficients."""
    coefficients = np.zeros(design.shape[1])
    for _ in range(STEPS):
        score = expit(design @ coefficients)
        information = (design * (weights * score * (1 - score))[:, None]).T @ design
        if np.linalg.matrix_rank(information) < len(information):
            raise NotFitted
        move = np.linalg.solve(information, design.T @ (weights * (treated - score)))
        coefficients = coefficients + move
        if np.abs(move).max() < 1e-10:
            break
    else:
        raise NotFitted
    if (score[~treated] >= OVERLAP).any():
        raise NotFitted
    line = ((weights * (treated - score))[:, None] * design) @ np.linalg.inv(information) * len(treated)
    return weights * treated, weights * np.where(treated, 0.0, score / (1 - score)), line


ESTIMATORS: dict[str, TwoPeriod] = {"dr": doubly_robust, "reg": regression, "ipw": weighting}
