"""Covariates of a table as the columns of a regression, and the regressions shown beside the smoothing."""

from typing import Any

import numpy as np

from lagesbild.core.refusal import Refusal

from ..answer.result import Row
from ..estimation.loglinear import log_linear, negative_binomial
from ..table.tidy import Numbers, Tidy


def design_of(table: Tidy, covariate: tuple[str, ...]) -> tuple[tuple[str, ...], Numbers]:
    """Names and columns of the regression: a constant, numbers as they are, words as one column a level.

    `factor(name)` takes a column of codes for words; the first level in order is what the others differ from.
    """
    names, columns = ["(Intercept)"], [np.ones(len(table))]
    for asked in covariate:
        name = asked.removeprefix("factor(").removesuffix(")")
        table.require(name)
        if asked == name and not _words(table, name):
            names.append(name)
            columns.append(table.numbers(name))
            continue
        cells = table.text(name)
        levels = sorted(
            set(cells.tolist()), key=lambda cell: (len(cell), cell) if cell.isdigit() else (0, cell)
        )
        for level in levels[1:]:
            names.append(f"{name}{level}")
            columns.append((cells == level).astype(float))
    return tuple(names), np.column_stack(columns)


def _code(cell: str) -> tuple[float, str]:
    """Codes that are numbers in their order, words in theirs."""
    return (float(cell), "") if cell.isdigit() else (0.0, cell)


def _words(table: Tidy, name: str) -> bool:
    """Whether the column holds words: something in it, and nothing of it a number."""
    try:
        table.numbers(name)
    except Refusal:
        return not any(cell[:1].isdigit() for cell in table.text(name))
    return False


def regressions(table: Tidy, per: Numbers, covariate: tuple[str, ...]) -> dict[str, Any]:
    """Poisson and negative binomial regressions on the covariates, where any are named."""
    if not covariate:
        return {}
    counts = table.counts()
    names, design = design_of(table, covariate)
    if not counts.exact.all() or np.isnan(design).any() or not (per > 0).all():
        return {"poisson_glm": None, "negbin_glm": None}
    poisson = log_linear(counts.value, design, np.log(per))
    negbin, theta, log_likelihood = negative_binomial(counts.value, design, np.log(per))

    def shown(fit: Any) -> dict[str, Row]:
        return {
            "coef": dict(zip(names, fit.coefficients, strict=True)),
            "se": dict(zip(names, fit.se, strict=True)),
        }

    return {
        "poisson_glm": {**shown(poisson), "pearson_x2": poisson.pearson, "dispersion": poisson.dispersion},
        "negbin_glm": {**shown(negbin), "theta": theta, "log_likelihood": log_likelihood},
    }
