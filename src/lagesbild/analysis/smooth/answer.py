"""The method `smooth`: what an area's rate is likely to be, when its own few events say little."""

from dataclasses import replace
from typing import Any

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding

from ..answer.reason import Reason
from ..answer.result import Answer, Declined, level_key, rows_of
from ..estimation.limits import normal_quantile
from ..inversion import by_enumeration
from ..method import (
    AREA,
    COUNT,
    DENOMINATOR,
    LEVEL,
    MULTIPLIER,
    PERIOD,
    PROTECTION,
    Column,
    Method,
    Option,
    one_of,
    positive,
    text,
    texts,
)
from ..table.panel import Panel, panel_of
from ..table.periods import times_of
from ..table.tidy import Numbers, Tidy, missing_column
from .adjacency import Borders, borders, map_covariance
from .bym2 import Smoothed, bym2
from .covariates import design_of, regressions
from .fay_herriot import fay_herriot
from .moran import eb_moran_i, moran
from .shrinkage import Drawn, clayton_kaldor_moment, marshall_global, marshall_local, poisson_gamma_mle

FEWEST_AREAS = 5


def _run(
    table: Tidy,
    level: tuple[float, ...],
    multiplier: float | None,
    model: str,
    adjacency: Tidy | None,
    covariate: tuple[str, ...],
) -> Answer:
    if model == "fay_herriot" or (model == "auto" and "estimate" in table):
        return _survey(table, level, covariate)
    if "count" not in table or not {"expected", "denominator"} & set(table):
        raise BadUsage(missing_column("count" if "count" not in table else "denominator"))
    return _counts(table, level, multiplier, model, adjacency, covariate)


def _counts(
    table: Tidy,
    level: tuple[float, ...],
    multiplier: float | None,
    model: str,
    adjacency: Tidy | None,
    covariate: tuple[str, ...],
) -> Answer:
    table.require("area")
    to_expected = "expected" in table
    per = table.numbers("expected" if to_expected else "denominator")
    panel = panel_of(_with(table, per))
    if len(panel.keys) < FEWEST_AREAS:
        raise Declined(Reason.TOO_FEW_AREAS)
    if (panel.counts.value < 0).any():
        raise Declined(Reason.IMPOSSIBLE)
    scale = multiplier or (1.0 if to_expected else 100000.0)
    touching = _touching(panel, adjacency)
    chosen = _model(model, panel, adjacency)
    if chosen == "local" and adjacency is None:
        raise BadUsage(_no_map())
    found = _hierarchical(panel, touching) if chosen == "bym2" else None
    side_by_side, summary = _classical(panel, touching, to_expected)
    if chosen != "bym2" and not side_by_side:
        raise Declined(Reason.PROTECTED if panel.counts.protected.any() else Reason.MISSING)
    shown = _shown(panel, found or side_by_side[_COLUMN[chosen]], side_by_side, level, scale)
    row, column = _places(table, panel)
    columns = {name: values[row, column] for name, values in shown.items()}
    if to_expected:
        columns["smr"] = columns["raw"] / scale
    columns["pooled"] = np.array([_pooled(panel, touching, i, chosen) for i in range(len(panel.keys))])[row]
    carried = table.without(("lower", "upper")).columns
    several = len(panel.times) > 1
    reason = np.where(panel.counts.protected, Reason.PROTECTED, "")[row, column]
    summary |= regressions(table, per, covariate) | {"model": chosen, "multiplier": scale}
    return Answer(rows_of({**carried, **columns, "reason": reason}), summary | _spread_of(found, several))


def _no_map() -> Finding:
    return Finding(
        "no-neighbours",
        Text("Modellen local behöver grannar.", "The model local needs neighbours."),
        Text("Lägg till --adjacency FIL.csv.", "Add --adjacency FILE.csv."),
    )


def _with(table: Tidy, per: Numbers) -> Tidy:
    periods = {} if "period" in table else {"period": np.zeros(len(table))}
    return replace(table, columns={**table.columns, **periods, "denominator": per})


def _touching(panel: Panel, adjacency: Tidy | None) -> Borders:
    areas = [str(key["area"]) for key in panel.keys]
    return np.zeros((len(areas), len(areas)), dtype=bool) if adjacency is None else borders(areas, adjacency)


def _model(model: str, panel: Panel, adjacency: Tidy | None) -> str:
    """The map and the years are used when they are there, and when hidden cells need a likelihood."""
    if model != "auto":
        return model
    several = panel.counts.value.shape[1] > 1
    return "bym2" if adjacency is not None or several or panel.counts.protected.any() else "gamma"


def _hierarchical(panel: Panel, touching: Borders) -> Smoothed:
    known = panel.counts
    if (known.protected & ~known.bounded).any():
        raise Declined(Reason.PROTECTED)
    if not known.bounded.any():
        raise Declined(Reason.MISSING)
    return bym2(known, np.where(panel.denominator > 0, panel.denominator, 1.0), map_covariance(touching))


@np.errstate(divide="ignore", invalid="ignore")
def _classical(panel: Panel, touching: Borders, to_expected: bool) -> tuple[dict[str, Drawn], dict[str, Any]]:
    """The classical estimators of every area; they need one period and nothing hidden or missing."""
    if panel.counts.value.shape[1] > 1 or not panel.counts.exact.all() or not (panel.denominator > 0).all():
        return {}, {}
    count, per = panel.counts.value[:, 0], panel.denominator[:, 0]
    overall = marshall_global(count, per)
    gamma, moment = poisson_gamma_mle(count, per), clayton_kaldor_moment(count, per)
    columns = {
        "marshall_global": overall.drawn,
        "poisson_gamma_mle": gamma.drawn,
        "clayton_kaldor_moment": moment.drawn,
    }
    expected = per if to_expected else per * count.sum() / per.sum()
    summary = {
        "marshall_global": {"a": overall.a[0], "b": overall.b[0]},
        "poisson_gamma_mle": {"alpha_shape": gamma.shape, "log_mean": np.log(gamma.shape / gamma.rate)},
        "clayton_kaldor_moment": {"nu": moment.shape, "alpha": moment.rate},
        "heterogeneity_chisq": float(((count - expected) ** 2 / expected).sum()),
    }
    if touching.any():
        columns["marshall_local"] = marshall_local(count, per, touching).drawn
        summary |= _autocorrelation(count, per, touching)
    return columns, summary


def _autocorrelation(count: Numbers, per: Numbers, touching: Borders) -> dict[str, Any]:
    raw = moran(count / per, touching)
    return {
        "moran_I_smr": raw.i,
        "moran_expectation": raw.expectation,
        "moran_variance_randomisation": raw.variance,
        "moran_p": raw.p,
        "eb_moran_I": eb_moran_i(count, per, touching),
    }


@np.errstate(divide="ignore", invalid="ignore", over="ignore")
def _shown(
    panel: Panel,
    chosen: Smoothed | Drawn,
    classical: dict[str, Drawn],
    levels: tuple[float, ...],
    scale: float,
) -> dict[str, Numbers]:
    """Columns as (areas, periods): raw, smoothed, limits, shrinkage, and the classical estimators."""
    known, shape = panel.counts, panel.counts.value.shape
    raw = np.where(known.protected, np.nan, known.value) / panel.denominator
    columns = {"raw": raw * scale, "smoothed": chosen.smoothed.reshape(shape) * scale}
    for place, level in enumerate(levels):
        lower, upper = (end.reshape(shape) * scale for end in chosen.limits(level))
        if place == 0:
            columns |= {"lower": lower, "upper": upper}
        columns |= {level_key("lower", level): lower, level_key("upper", level): upper}
    columns["shrinkage"] = chosen.shrinkage.reshape(shape)
    return columns | {name: drawn.smoothed[:, None] * scale for name, drawn in classical.items()}


_COLUMN = {"gamma": "poisson_gamma_mle", "marshall": "marshall_global", "local": "marshall_local"}


def _places(table: Tidy, panel: Panel) -> tuple[Any, Any]:
    """Row and column of each table row in the panel."""
    row_of = {str(key["area"]): i for i, key in enumerate(panel.keys)}
    row = np.array([row_of[area] for area in table.text("area")])
    if "period" not in table:
        return row, np.zeros(len(table), dtype=int)
    return row, np.searchsorted(panel.times, times_of(table))


def _pooled(panel: Panel, touching: Borders, i: int, chosen: str) -> str:
    """What this area borrowed from, in words short enough for a table."""
    neighbours = " ".join(str(panel.keys[j]["area"]) for j in np.flatnonzero(touching[i]))
    if chosen == "local" or (chosen == "bym2" and neighbours):
        return neighbours or "self"
    return "all"


def _spread_of(found: Smoothed | None, several: bool) -> dict[str, Any]:
    """The standard deviations of the map model; one period has no variation between periods."""
    if found is None:
        return {}
    names = ("sd_area", "rho", "sd_period", "sd_cell")
    shown = {name: getattr(found, name) for name in names}
    return {"bym2": shown | ({} if several else {"sd_period": None})}


def _survey(table: Tidy, levels: tuple[float, ...], covariate: tuple[str, ...]) -> Answer:
    table.require("estimate")
    if "variance" not in table:
        table.require("se")
    variance = table.numbers("variance") if "variance" in table else table.numbers("se") ** 2
    estimate = table.numbers("estimate")
    names, design = design_of(table, covariate)
    known = ~np.isnan(estimate) & (variance > 0) & ~np.isnan(design).any(1)
    if known.sum() < max(FEWEST_AREAS, design.shape[1] + 2):
        raise Declined(Reason.TOO_FEW_AREAS)
    fit = fay_herriot(estimate[known], variance[known], design[known])
    columns = {"raw": estimate}
    values = {"smoothed": fit.smoothed, "mse": fit.mse, "gamma": fit.gamma, "shrinkage": 1 - fit.gamma}
    for level in levels:
        half = normal_quantile(level) * np.sqrt(fit.mse)
        ends = {"lower": fit.smoothed - half, "upper": fit.smoothed + half}
        values |= ({} if "lower" in values else ends) | {
            level_key(side, level): limit for side, limit in ends.items()
        }
    for name, some in values.items():
        columns[name] = np.full(len(table), np.nan)
        columns[name][known] = some
    reason = np.where(known, "", Reason.MISSING)
    summary = {
        "model": "fay_herriot",
        "refvar": fit.variance,
        "coef": dict(zip(names, fit.coefficients, strict=True)),
        "se": dict(zip(names, fit.se, strict=True)),
    }
    return Answer(rows_of({**table.columns, **columns, "reason": reason}), summary)


SMOOTH = Method(
    "smooth",
    Text(
        "Vilken nivå är trolig när de egna händelserna är få?",
        "Which level is likely where an area's own events are few?",
    ),
    (
        AREA,
        Column("period", PERIOD.meaning, PERIOD.also, False),
        Column("count", COUNT.meaning, COUNT.also, False, True),
        Column("expected", Text("väntat antal", "expected count"), ("exp", "e"), False, True),
        Column(
            "denominator",
            Text("antal att räkna per", "number to count per"),
            tuple(name for name in DENOMINATOR.also if name != "expected"),
            False,
            True,
        ),
        Column("estimate", Text("skattning ur en enkät", "survey estimate"), ("yi", "direct"), False, True),
        Column(
            "variance",
            Text("skattningens varians", "variance of the estimate"),
            ("vardir", "var"),
            False,
            True,
        ),
        Column("se", Text("skattningens medelfel", "standard error of the estimate"), ("sd",), False, True),
        *PROTECTION,
    ),
    (
        LEVEL,
        Option("multiplier", MULTIPLIER.meaning, positive),
        Option(
            "model",
            Text(
                "auto, gamma, marshall, local, bym2 eller fay_herriot.",
                "auto, gamma, marshall, local, bym2 or fay_herriot.",
            ),
            one_of("auto", "gamma", "marshall", "local", "bym2", "fay_herriot"),
            "auto",
        ),
        Option(
            "adjacency",
            Text("Fil med grannpar: två kolumner med områden.", "File of neighbours: two columns of areas."),
            text,
            is_table=True,
        ),
        Option(
            "covariate",
            Text(
                "Kolumner att förklara med; factor(NAMN) för koder.",
                "Columns to explain by; factor(NAME) for codes.",
            ),
            texts,
            (),
        ),
    ),
    _run,
    by_enumeration,
)
