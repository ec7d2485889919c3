"""`its`: did the series change its course when the measure came?"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lagesbild.core.language import Text

from ..answer.reason import Reason
from ..answer.result import Answer, Declined
from ..estimation.regression import NotFitted, newey_west
from ..inversion import by_enumeration
from ..longitudinal import WHEN
from ..method import (
    LOWER,
    STATUS,
    UPPER,
    Method,
    Option,
    integer,
    levels,
    one_of,
    text,
    texts,
)
from ..table.tidy import Tidy
from .arima import ArimaFit, Orders, arima
from .counts import CountModel, count_model, log_model, risen, usual_lag
from .design import Design, design, seasons
from .series import BREAK, COUNT, DENOMINATOR, PERIOD, SCALES, TREATED, Series, check, read


def estimate(
    table: Tidy,
    at: str | None = None,
    change: str = "both",
    season: str | None = None,
    harmonics: int = 0,
    covariates: tuple[str, ...] | None = None,
    delay: int = 0,
    lag: int | None = None,
    arima: tuple[int, ...] | None = None,
    scale: str = "log",
    level: Sequence[float] = (0.95,),
) -> Answer:
    """Quasi-Poisson, least squares of the logarithm, and regression with ARMA errors.

    And the course without it.
    """
    series = read(table, at, season, covariates or (), delay)
    check(series)
    cyclic = seasons(series.season, harmonics)
    lines = design(series.time, series.treated, change, cyclic, series.covariates)  # type: ignore[arg-type]
    cycle = 1 if series.season is None else len(np.unique(series.season))
    reach = usual_lag(len(series.time), cycle) if lag is None else lag
    try:
        model = count_model(lines, series.counts, series.exposure, reach)
    except NotFitted:
        raise Declined(Reason.NO_FINITE_ESTIMATE) from None
    rows = [effect_row(model, term, level[0], series) for term in lines.effects]
    if not series.counts.hidden.any():
        rows += [log_row(lines, series, reach)] if (series.counts.lower > 0).all() else []
        rows += arima_rows(series, orders(arima, cycle), scale)
    rows += course(model, series, level[0])
    facts = {"periods": len(series.time), "lag": reach, "dispersion": model.fit.dispersion}
    facts["autocorrelation"] = model.resemblance.correlation
    return Answer(rows, facts | {"sentence": sentence(rows)})


def effect_row(model: CountModel, term: int, level: float, series: Series) -> dict[str, Any]:
    """One effect as a rate ratio: `level` the jump, `slope` the factor for each further period."""
    ratio = float(risen(model.fit.coefficients[term]))
    lower, upper = model.interval(term, level)
    wald = model.wald(term, level)
    hidden = bool(series.counts.hidden.any())
    return {
        "model": "quasipoisson",
        "term": model.design.names[term],
        "rate_ratio": ratio,
        "change_per_cent": 100 * (ratio - 1),
        "lower": lower,
        "upper": upper,
        "coefficient": float(model.fit.coefficients[term]),
        "se": float(np.sqrt(model.naive[term, term])),
        "se_newey_west": float(np.sqrt(max(model.robust[term, term], 0.0))),
        "se_autocorrelation": float(np.sqrt(model.resemblance.covariance[term, term])),
        "wald_lower": wald[0],
        "wald_upper": wald[1],
        "p": model.p(term),
        "dispersion": model.fit.dispersion,
        **({"interval_includes": "hidden counts"} if hidden else {}),
    }


def log_row(lines: Design, series: Series, lag: int) -> dict[str, Any]:
    """Least squares of the logarithm of the rate, beside the count model."""
    fit = log_model(lines, series.counts.lower / series.exposure)
    robust = newey_west(fit.scores, fit.bread, lag)
    terms = [lines.names[term] for term in lines.effects]
    place = list(lines.effects)
    return {
        "model": "ols_log",
        "coefficient": dict(zip(terms, fit.coefficients[place], strict=True)),
        "se": dict(zip(terms, np.sqrt(np.diag(fit.covariance)[place]), strict=True)),
        "se_newey_west": dict(zip(terms, np.sqrt(np.diag(robust)[place]), strict=True)),
        "durbin_watson": fit.durbin_watson,
    }


def sizes(typed: str) -> tuple[int, ...]:
    """`1,0,0` or `1,0,0,1,0,0`."""
    read = tuple(integer(0, 9)(part) for part in typed.split(","))
    if len(read) not in (3, 6):
        raise ValueError
    return read


def orders(asked: tuple[int, ...] | None, cycle: int) -> Orders:
    """As asked, seasonal ones with the season's length; by default one AR term for each."""
    if asked is None:
        return Orders(season=cycle, seasonal_ar=int(cycle > 1))
    p, d, q, *seasonal = asked
    more = seasonal or [0, 0, 0]
    return Orders(p, d, q, more[0], more[1], more[2], max(cycle, 1))


def arima_rows(series: Series, chosen: Orders, scale: str) -> list[dict[str, Any]]:
    """With the covariates and with the measure alone; left out where the series is too short for it."""
    values = series.counts.lower / series.exposure
    if scale != "identity" and not (values > 0).all():
        return []
    response = np.asarray(SCALES[scale](values))
    alone = {"intercept": np.ones(len(response)), "level": series.treated}
    rows = []
    named = {"arima": alone | dict(series.covariates)} | (
        {"arima_level_only": alone} if series.covariates else {}
    )
    for name, columns in named.items():
        try:
            fit = arima(response, np.column_stack(list(columns.values())), tuple(columns), chosen)
        except NotFitted:
            continue
        rows.append(arima_row(name, fit, chosen, scale))
    return rows


def arima_row(name: str, fit: ArimaFit, chosen: Orders, scale: str) -> dict[str, Any]:
    seasonal = (chosen.seasonal_ar, chosen.seasonal_difference, chosen.seasonal_ma)
    return {
        "model": name,
        "scale": scale,
        "orders": f"({chosen.ar},{chosen.difference},{chosen.ma}){seasonal}{chosen.season}".replace(" ", ""),
        "coefficient": fit.coefficients,
        "se": fit.errors,
        "loglik": fit.log_likelihood,
        "sigma2": fit.variance,
        "aic": 2 * (len(fit.coefficients) + 1) - 2 * fit.log_likelihood,
    }


def course(model: CountModel, series: Series, level: float) -> list[dict[str, Any]]:
    """Each period.

    What was counted, what the model expects, and what it would have been without the measure.
    """
    without, lower, upper = model.expected_without(level)
    hidden = series.counts.hidden
    return [
        {
            "model": "course",
            "period": series.periods[t],
            "treated": float(series.treated[t]),
            "observed": None if hidden[t] else float(series.counts.lower[t]),
            "expected": float(model.fit.fitted[t]),
            "without": float(without[t]),
            "without_lower": float(lower[t]),
            "without_upper": float(upper[t]),
        }
        for t in range(len(series.periods))
    ]


def sentence(rows: Sequence[Mapping[str, Any]]) -> Text:
    """The verdict from the first effect of the count model."""
    first = rows[0]
    words = {"level": ("nivån", "the level"), "slope": ("utvecklingen", "the slope")}[first["term"]]
    if first["lower"] <= 1 <= first["upper"]:
        return Text(
            f"Det går inte att se att {words[0]} ändrades när åtgärden kom.",
            f"Nothing shows that {words[1]} changed when the measure came.",
        )
    down = first["rate_ratio"] < 1
    change = abs(round(first["change_per_cent"]))
    return Text(
        f"När åtgärden kom {'sjönk' if down else 'steg'} {words[0]} med omkring {change} procent; "
        "annat kan ha hänt samtidigt.",
        f"When the measure came {words[1]} {'fell' if down else 'rose'} by about {change} per cent; "
        "other things may have happened then.",
    )


ITS = Method(
    "its",
    Text("Ändrades serien när åtgärden kom?", "Did the series change when the measure came?"),
    (PERIOD, COUNT, TREATED, DENOMINATOR, BREAK, STATUS, LOWER, UPPER),
    (
        WHEN,
        Option(
            "change",
            Text("level (ett steg), slope (ett knä) eller both.", "level (a jump), slope (a bend) or both."),
            one_of("level", "slope", "both"),
            "both",
        ),
        Option(
            "season",
            Text("En kolumn, eller antal perioder per år.", "A column, or the number of periods a year."),
            text,
        ),
        Option(
            "harmonics",
            Text(
                "Säsongen som så många par av sinus och cosinus; 0: en nivå för varje.",
                "The season as so many pairs of sine and cosine; 0: a level for each.",
            ),
            integer(0, 50),
            0,
        ),
        Option(
            "covariates",
            Text("Kolumner att justera för, också log(NAMN).", "Columns to adjust for, log(NAME) too."),
            texts,
        ),
        Option("delay", Text("Perioder innan det verkar.", "Periods before it takes effect."), integer(), 0),
        Option("lag", Text("Newey-Wests fördröjning.", "Lag of Newey and West."), integer()),
        Option(
            "arima",
            Text("Ordningar p,d,q eller p,d,q,P,D,Q.", "Orders p,d,q or p,d,q,P,D,Q."),
            sizes,
        ),
        Option(
            "scale",
            Text("log, log10 eller identity för ARIMA.", "log, log10 or identity for ARIMA."),
            one_of(*SCALES),
            "log",
        ),
        Option("level", Text("Konfidensnivå.", "Confidence level."), levels, (0.95,)),
    ),
    estimate,
    by_enumeration,
)
