"""`mse`: the hidden population as every family sees it, with the reasons when lists cannot tell."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import ndtri

from lagesbild.core.language import Text

from ..answer.reason import Reason
from ..answer.result import Answer, Declined, Warned
from ..answer.sentence import interval_text
from ..inversion import by_enumeration
from ..method import REPLICATES, Method, Option, integer, levels, number
from ..table.arrays import Bools, Floats
from ..table.tidy import Tidy
from . import capture_table, criterion, families, feasible, independent, loglinear
from .capture_table import CaptureTable
from .families import Interval, Study
from .feasible import Range
from .histories import Histories
from .loglinear import Fits

FEWEST_PEOPLE = 10
FEWEST_IN_TWO = 3
SEED = 1234  # SparseMSE's own; the replicates are R's, so its published limits come out digit for digit


def estimate(
    table: Tidy,
    lists: tuple[str, ...] | None = None,
    threshold: float = 0.02,
    bootstraps: int = 1000,
    dependence: float = 2.0,
    level: Sequence[float] = (0.95, 0.8),
    seed: int = SEED,
) -> Answer:
    """Every family's population with BCa limits; declines with two lists, or when hardly anyone is on two."""
    captured = capture_table.read(table, lists)
    if len(captured.lists) < 3:
        raise Declined(Reason.TWO_LISTS)
    shares = np.array(sorted({share for one in level for share in ((1 - one) / 2, (1 + one) / 2)}))
    if captured.protected:
        return protected(captured, threshold, dependence, bootstraps, seed, shares)
    study = Study(captured.histories(captured.lower), threshold, dependence)
    check(study)
    found = families.intervals(study, bootstraps, seed, shares)
    rows = [row(study, name, found[name], shares) for name in ("main", "stepwise", "bic", "aic", "averaged")]
    rows.append(worst_case(found["lowest"], found["highest"], shares))
    told = (*warnings(study.histories), *extreme(rows))
    return Answer(rows, summary(study.histories, rows, bootstraps), told)


def check(study: Study) -> None:
    """Decline what no model can carry."""
    histories = study.histories
    if histories.observed < FEWEST_PEOPLE:
        raise Declined(Reason.TOO_FEW_EVENTS)
    if histories.counts[histories.member.sum(axis=1) >= 2].sum() < FEWEST_IN_TWO:
        raise Declined(Reason.NO_OVERLAP)
    if not len(study.models):
        raise Declined(Reason.NO_FINITE_ESTIMATE)


def row(study: Study, name: str, found: Interval, shares: Floats) -> dict[str, Any]:
    """One family: its population, its limits, and the model behind it where it has one."""
    observed = study.histories.observed
    given: dict[str, Any] = {
        "family": name,
        "population": found.population,
        "hidden": found.population - observed,
    }
    given |= limits(found.quantiles, shares) | outermost(found.outermost, shares)
    behind = chosen(study, name)
    if behind is not None:
        given |= model(study, *behind, shares)
    if name == "main":
        given["profile"] = by_name(independent.limits(study.histories, shares), shares)
    if name == "stepwise":
        given["interactions_in_order_of_entry"] = entered(study)
    return given


def limits(quantiles: Floats, shares: Floats) -> dict[str, Any]:
    """The outer limits as lower and upper, and every quantile by its name.

    A reason where there is no ceiling.
    """
    ends = by_name(quantiles, shares)
    given: dict[str, Any] = {"lower": quantiles[0], "upper": quantiles[-1], "bca": ends}
    return given | ({} if np.isfinite(quantiles).all() else {"reason": Reason.NO_FINITE_ESTIMATE})


def by_name(quantiles: Floats, shares: Floats) -> dict[str, float]:
    return {quantile_name(share): value for share, value in zip(shares, quantiles, strict=True)}


def outermost(beyond: Bools, shares: Floats) -> dict[str, Any]:
    """The quantiles that the replicates do not reach; the outermost replicate stands in for them."""
    return {"outermost_replicate": [quantile_name(share) for share in shares[beyond]]}


def quantile_name(share: float) -> str:
    return f"q{round(100 * share, 6):g}"


def chosen(study: Study, name: str) -> tuple[Bools, Fits] | None:
    """The two-list effects and the fit behind a family, None for those that rest on many models."""
    counts = study.histories.counts[None]
    if name == "main":
        return np.zeros(len(study.histories.pairs), dtype=np.bool_), study.main(counts)
    if name == "stepwise":
        return study.path.order[0] >= 0, study.path.fits
    if name in ("bic", "aic") and len(study.models):
        pairs = best(study, name)
        return pairs, loglinear.fit(study.selection.design, counts, study.selection.wanted(pairs[None]))
    return None


def best(study: Study, name: str) -> Bools:
    """The set of two-list effects with the lowest criterion."""
    scores = criterion.score(study.histories, study.models, study.histories.counts[None])
    people = np.array([study.histories.observed])
    values = scores.bic(people) if name == "bic" else scores.aic()
    pairs: Bools = study.models[int(values[:, 0].argmin())]
    return pairs


def model(study: Study, pairs: Bools, fits: Fits, shares: Floats) -> dict[str, Any]:
    """Coefficients, fit and the intervals that trust the model (conditional Wald) of one fitted model."""
    histories, design = study.histories, study.selection.design
    if not fits.settled[0]:
        return {"reason": Reason.NO_FINITE_ESTIMATE}
    parameters = 1 + len(histories.lists) + int(pairs.sum())  # those at minus infinity are counted too
    deviance = float(loglinear.deviance(histories.counts[None], fits)[0])
    rest = float(loglinear.saturated_term(histories.counts * fits.kept[0]))
    error = float(loglinear.intercept_error(design, fits)[0])
    wald = histories.observed + np.exp(fits.coefficients[0, 0] + ndtri(shares) * error)
    return {
        "interactions": [histories.pair_name(int(pair)) for pair in np.flatnonzero(pairs)],
        "coef": coefficients(histories, fits),
        "deviance": deviance,
        "aic": deviance + rest + 2 * parameters,
        "bic": deviance + rest + float(np.log(histories.observed)) * parameters,
        "log_hidden_stderr": error,
        **{
            f"{quantile_name(share)}_conditional_wald": value
            for share, value in zip(shares, wald, strict=True)
        },
    }


def coefficients(histories: Histories, fits: Fits) -> dict[str, float]:
    pairs = [histories.pair_name(pair) for pair in range(len(histories.pairs))]
    names = ("(Intercept)", *histories.lists, *pairs)
    return {
        name: float(value)
        for name, value, active in zip(names, fits.coefficients[0], fits.active[0], strict=True)
        if active
    }


def entered(study: Study) -> list[str]:
    """The two-list effects that the stepwise selection took in, first to last."""
    order = study.path.order[0]
    return [study.histories.pair_name(int(pair)) for pair in np.argsort(order) if order[pair] >= 0]


def worst_case(lowest: Interval, highest: Interval, shares: Floats) -> dict[str, Any]:
    """The ends of what the lists do not contradict; no single number stands for it."""
    quantiles = np.where(shares < 0.5, lowest.quantiles, highest.quantiles)
    return {
        "family": "worst_case",
        "population": None,
        "lowest": lowest.population,
        "highest": highest.population,
        **limits(quantiles, shares),
        **outermost(np.where(shares < 0.5, lowest.outermost, highest.outermost), shares),
    }


def summary(histories: Histories, rows: Sequence[Mapping[str, Any]], bootstraps: int) -> dict[str, Any]:
    """What belongs to all families.

    Who was seen, and the range that must be quoted rather than any one number.
    """
    points = [row["population"] for row in rows if row["population"] and np.isfinite(row["population"])]
    ends = [min(points), max(points)] if points else None
    return {
        "n_observed": histories.observed,
        "on_two_lists_or_more": float(histories.counts[histories.member.sum(axis=1) >= 2].sum()),
        "lists": list(histories.lists),
        "range_of_estimates": ends,
        "bootstraps": bootstraps,
        "sentence": sentence(histories, rows),
    }


def sentence(histories: Histories, rows: Sequence[Mapping[str, Any]]) -> Text:
    """The verdict in words, from the widest of the families' limits."""
    low = min(row["lower"] for row in rows if row["family"] != "main")
    high = max(row["upper"] for row in rows if row["family"] != "main")
    seen = round(histories.observed)
    if not np.isfinite(high):
        return Text(
            f"Registren ser {seen} personer. Hur många fler det kan vara går inte att säga.",
            f"The lists see {seen} people; how many they miss has no upper limit.",
        )
    between = interval_text(low, high)
    return Text(
        f"Registren ser {seen} personer; det verkliga antalet är {between.sv}, efter metod och slump.",
        f"The lists see {seen} people; the true number is {between.en}, by method and chance.",
    )


def warnings(histories: Histories) -> tuple[Warned, ...]:
    """Overlaps that hold very few people make every family shaky."""
    overlaps = histories.counts @ histories.design[:, 1 + len(histories.lists) :]
    if (overlaps > 0).all():
        return ()
    return (
        Warned(
            "empty_overlaps",
            Text(
                "Några par av register har ingen person gemensam; sambandet mellan dem går inte att mäta.",
                "Some pairs of lists share nobody; how they depend on each other cannot be measured.",
            ),
        ),
    )


def extreme(rows: Sequence[Mapping[str, Any]]) -> tuple[Warned, ...]:
    """A limit that is the smallest or largest replicate would move with the seed."""
    return (FEW_REPLICATES,) if any(row["outermost_replicate"] for row in rows) else ()


FEW_REPLICATES = Warned(
    "few_replicates",
    Text(
        "Någon gräns ligger längre ut än omgångarna når (outermost_replicate); fler omgångar flyttar den.",
        "Some limit lies further out than the replicates reach (outermost_replicate); more of them move it.",
    ),
)


def protected(
    captured: CaptureTable, threshold: float, dependence: float, bootstraps: int, seed: int, shares: Floats
) -> Answer:
    """Hidden cells: every family over all tables that agree with the release."""
    tables = feasible.fillings(captured.lower, captured.upper)
    studies = [captured.histories(table) for table in tables]
    middle = captured.histories(np.floor((captured.lower + captured.upper) / 2))
    study = Study(middle, threshold, dependence)
    check(study)
    found = feasible.over(study, np.array([one.counts for one in studies]), bootstraps, seed, shares)
    names = ("main", "stepwise", "bic", "aic", "averaged")
    rows = [protected_row(name, found[name], found[name], shares) for name in names]
    rows.append(protected_row("worst_case", found["lowest"], found["highest"], shares))
    return Answer(rows, summary(middle, rows, bootstraps) | {"n_observed": None, "tables": len(tables)})


def protected_row(name: str, low: Range, high: Range, shares: Floats) -> dict[str, Any]:
    """One family when counts are hidden: a range, never a point."""
    quantiles = np.where(shares < 0.5, low.quantiles, high.quantiles)
    ends = {"family": name, "population": None, "lowest": low.least, "highest": high.greatest}
    return {**ends, **limits(quantiles, shares), "reason": Reason.PROTECTED}


MSE = Method(
    "mse",
    Text("Hur många ser inget register?", "How many does no register see?"),
    capture_table.COLUMNS,
    (
        capture_table.LISTS,
        Option(
            "threshold",
            Text(
                "p-värde under vilket ett samband tas med stegvis.", "p-value below which an effect enters."
            ),
            number(0, 1),
            0.02,
        ),
        Option(
            "bootstraps",
            Text("Antal bootstrapomgångar.", "Number of bootstrap replicates."),
            REPLICATES,
            1000,
        ),
        Option(
            "dependence",
            Text(
                "Hur många gånger fler eller färre osedda ett omätbart samband får ge i värsta fall.",
                "By what factor a dependence that cannot be measured may change the unseen at worst.",
            ),
            number(1, 1e6),
            2.0,
        ),
        Option(
            "level",
            Text("Konfidensnivåer, till exempel 0.95,0.8.", "Confidence levels, for instance 0.95,0.8."),
            levels,
            (0.95, 0.8),
        ),
        Option("seed", Text("Frö till slumptalen.", "Seed of the random numbers."), integer(), SEED),
    ),
    estimate,
    by_enumeration,
)
