"""Models by information criterion: a search through all sets of two-list effects.

Up to five lists every set is fitted. With more, the search keeps the best models found and fits
everything one effect away from them until nothing better turns up (the up and down passes of Occam's
window, Madigan and Raftery 1994, JASA 89:1535). The bootstrap repeats the selection among the best models
of the data, as Silverman, Chan and Vincent (2024, Statistics and Computing 34:44) found to be enough.
"""

from dataclasses import dataclass

import numpy as np

from ..table.arrays import Bools, Floats
from . import loglinear
from .existence import Existence
from .histories import Histories
from .stepwise import Selection

EVERY_SET_UP_TO = 10  # pairs: five lists, 1 024 models
BEST = 40
OCCAM = 2 * np.log(20)


@dataclass(frozen=True)
class Candidates:
    """Models in order of their BIC: `pairs` is (models, pairs), `bic` (models,), all fitted to the data."""

    pairs: Bools
    bic: Floats


@dataclass(frozen=True)
class Scores:
    """What each model says of each table.

    Arrays are (models, replicates), infinite where no estimate exists.
    """

    hidden: Floats
    deviance: Floats
    parameters: Floats

    def bic(self, people: Floats) -> Floats:
        """Deviance plus log(people seen) for each parameter, those at minus infinity counted."""
        return np.asarray(self.deviance + np.log(people) * self.parameters)

    def aic(self) -> Floats:
        """Deviance plus two for each parameter; the saturated model's term is left out, alike for all."""
        return self.deviance + 2 * self.parameters


def candidates(histories: Histories, selection: Selection, start: Bools) -> Candidates:
    """The best models for the data.

    `start` is one set of pairs to search from, for instance the stepwise choice.
    """
    pairs = len(histories.pairs)
    if pairs <= EVERY_SET_UP_TO:
        return best(every_set(pairs), bic(histories, selection, every_set(pairs)))
    return window(histories, selection, np.vstack([np.zeros(pairs, dtype=np.bool_), start]))


def every_set(pairs: int) -> Bools:
    """(2^pairs, pairs): every set of two-list effects."""
    return ((np.arange(2**pairs)[:, None] >> np.arange(pairs)) & 1).astype(np.bool_)


def bic(histories: Histories, selection: Selection, pairs: Bools) -> Floats:
    """BIC of each model on the data, infinite where it has no finite estimate."""
    counts = np.repeat(histories.counts[None], len(pairs), axis=0)
    wanted = selection.wanted(pairs)
    fits = selection.existence.confirmed(counts, loglinear.fit(selection.design, counts, wanted))
    value = loglinear.deviance(counts, fits) + np.log(histories.observed) * wanted.sum(axis=1)
    return np.where(fits.settled, value, np.inf)


def best(pairs: Bools, values: Floats) -> Candidates:
    """The models with the lowest BIC, lowest first; those without an estimate left out."""
    order = np.argsort(values, kind="stable")[:BEST]
    order = order[np.isfinite(values[order])]
    return Candidates(pairs[order], values[order])


def window(histories: Histories, selection: Selection, start: Bools) -> Candidates:
    """Fit everything one effect away from the best models until no better one turns up."""
    known: dict[bytes, float] = {}
    found = best(start, remember(histories, selection, start, known))
    while True:
        near = np.unique(np.vstack([found.pairs, neighbours(found.pairs)]), axis=0)
        better = best(near, remember(histories, selection, near, known))
        if np.array_equal(better.bic, found.bic):
            return found
        found = better


def neighbours(pairs: Bools) -> Bools:
    """Every model with one effect more or one less."""
    flips = np.eye(pairs.shape[1], dtype=np.bool_)
    return (pairs[:, None, :] ^ flips[None]).reshape(-1, pairs.shape[1])


def remember(histories: Histories, selection: Selection, pairs: Bools, known: dict[bytes, float]) -> Floats:
    """BIC of each model, fitting only those that have not been fitted before."""
    keys = [row.tobytes() for row in pairs]
    new = [row for row, key in enumerate(keys) if key not in known]
    if new:
        values = bic(histories, selection, pairs[new])
        known.update({keys[row]: float(value) for row, value in zip(new, values, strict=True)})
    return np.array([known[key] for key in keys])


def score(histories: Histories, models: Bools, counts: Floats) -> Scores:
    """Fit every candidate model to every table: hidden number, deviance and parameters, (models, tables)."""
    columns = [1 + len(histories.lists) + np.flatnonzero(model) for model in models]
    always = np.arange(1 + len(histories.lists))
    parts = [histories.design[:, np.concatenate([always, pairs])] for pairs in columns]
    scored = [score_one(part, histories.counts, counts) for part in parts]
    hidden, deviance = (np.array(values) for values in zip(*scored, strict=True))
    parameters = np.array([[float(part.shape[1])] for part in parts])
    return Scores(hidden, deviance, np.broadcast_to(parameters, hidden.shape))


def score_one(design: Floats, data: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """One model on every table, starting from the data's own fit; infinite where there is no estimate."""
    wanted = np.ones((len(counts), design.shape[1]), dtype=np.bool_)
    own = loglinear.fit(design, data[None], wanted[:1])
    fits = loglinear.fit(design, counts, wanted, np.repeat(own.coefficients, len(counts), axis=0))
    settled = unique_estimate(design, fits)
    deviance = np.where(settled, loglinear.deviance(counts, fits), np.inf)
    return np.where(settled, fits.hidden, np.inf), deviance


def unique_estimate(design: Floats, fits: loglinear.Fits) -> Bools:
    """Settled, and of full rank on the kept cells; a bootstrap table needs no more than that."""
    existence = Existence(design)
    cells, columns = (np.ones(size, dtype=np.bool_) for size in design.shape)
    rank = np.full(len(fits.settled), existence.full_rank(columns, cells))
    for row in np.flatnonzero(~fits.kept.all(axis=1) | ~fits.active.all(axis=1)):
        rank[row] = existence.full_rank(fits.active[row], fits.kept[row])
    return np.asarray(fits.settled & rank)


def chosen(scores: Scores, values: Floats) -> Floats:
    """The hidden number under the model with the lowest criterion, table by table."""
    hidden: Floats = scores.hidden[values.argmin(axis=0), np.arange(values.shape[1])]
    return hidden


def weights(values: Floats) -> Floats:
    """Weights exp(-difference / 2) over the models, table by table (Buckland, Burnham and Augustin 1997)."""
    least = values.min(axis=0)
    with np.errstate(invalid="ignore"):
        raw = np.where(np.isfinite(values), np.exp(-(values - least) / 2), 0.0)
    total = raw.sum(axis=0)
    return raw / np.where(total > 0, total, 1.0)


def averaged(scores: Scores, values: Floats) -> Floats:
    """The hidden number averaged over models on the log scale, infinite where no model has an estimate."""
    weight = weights(values)
    logs = np.log(np.where(weight > 0, scores.hidden, 1.0))
    return np.where(weight.sum(axis=0) > 0, np.exp((weight * logs).sum(axis=0)), np.inf)


def extremes(scores: Scores, values: Floats, dependence: float) -> tuple[Floats, Floats]:
    """The least and the greatest hidden number that the lists do not contradict.

    Over the models within twenty times the odds of the best (Madigan and Raftery 1994), and with the
    untestable dependence among those whom nobody saw, a factor on the hidden number, between 1/dependence
    and dependence.
    """
    tenable = values <= values.min(axis=0) + OCCAM
    low = np.where(tenable, scores.hidden, np.inf).min(axis=0) / dependence
    high = np.where(tenable, scores.hidden, -np.inf).max(axis=0) * dependence
    return low, np.where(np.isfinite(values.min(axis=0)), high, np.inf)
