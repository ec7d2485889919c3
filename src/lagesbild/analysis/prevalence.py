"""How many does a survey's share mean here: a range of people, never one number."""

from dataclasses import dataclass

import numpy as np

from lagesbild.core.language import Text

from .answer.reason import Reason
from .answer.result import Answer, Warned, level_key, rows_of
from .answer.sentence import number_text
from .estimation.limits import normal_quantile
from .inversion import by_enumeration
from .method import AREA, LEVEL, SEED, Column, Method, Option, number, one_level
from .table.tidy import Numbers, Texts, Tidy

DRAWS = 4000


@dataclass(frozen=True)
class Expected:
    """Expected number of people in each area, with limits at each level (first axis)."""

    value: Numbers
    lower: Numbers
    upper: Numbers
    reason: Texts


def expected_number(
    share: Numbers,
    lower: Numbers,
    upper: Numbers,
    population: Numbers,
    *,
    spread: float = 0.0,
    survey_level: float = 0.95,
    levels: tuple[float, ...] = (0.95,),
    draws: int = DRAWS,
    seed: int = 1,
) -> Expected:
    """People expected when a survey's share holds here: uncertain survey, place unlike others, and chance.

    The share's logit is normal with the survey's interval; the place's own share differs from it on the log
    scale with standard deviation `spread`; the number is binomial in the population. Limits by seeded draws.
    """
    reason = _reasons(share, lower, upper, population)
    answered = reason == ""
    source = np.random.default_rng(seed)
    middle, sd = _logit_normal(np.where(answered, lower, 0.4), np.where(answered, upper, 0.6), survey_level)
    drawn = 1 / (1 + np.exp(-(middle + sd * source.standard_normal((draws, 1)))))
    local = np.minimum(drawn * np.exp(spread * source.standard_normal((draws, len(share)))), 1.0)
    people = np.where(answered, population, 0).astype(np.int64)
    numbers = source.binomial(people, local)
    ends = np.quantile(
        numbers, [(1 - level) / 2 for level in levels] + [(1 + level) / 2 for level in levels], axis=0
    )
    ends = np.where(answered, ends, np.nan)
    return Expected(
        np.where(answered, share * population, np.nan), ends[: len(levels)], ends[len(levels) :], reason
    )


def _logit_normal(lower: Numbers, upper: Numbers, level: float) -> tuple[Numbers, Numbers]:
    """The share as a normal on the logit scale whose ends are the survey's interval."""
    # A lower end of zero has no logit; a thousandth of the upper end is as good as none.
    low, high = _logit(np.maximum(lower, upper / 1000)), _logit(np.minimum(upper, 1 - (1 - lower) / 1000))
    return (low + high) / 2, (high - low) / (2 * normal_quantile(level))


def _logit(share: Numbers) -> Numbers:
    return np.asarray(np.log(share / (1 - share)))


def _reasons(share: Numbers, lower: Numbers, upper: Numbers, population: Numbers) -> Texts:
    ordered = (lower >= 0) & (lower <= share) & (share <= upper) & (upper <= 1) & (lower < upper)
    return np.select(
        [np.isnan(share + lower + upper), ~(population > 0), ~ordered],
        [Reason.MISSING, Reason.NO_DENOMINATOR, Reason.IMPOSSIBLE],
        default="",
    )


def _run(table: Tidy, level: tuple[float, ...], survey_level: float, spread: float, seed: int) -> Answer:
    people = table.numbers("population")
    told = np.array([table.numbers(name) for name in ("share", "share_lower", "share_upper")])
    share, lower, upper = shares = _of_one(told)
    found = expected_number(
        share, lower, upper, people, spread=spread, survey_level=survey_level, levels=level, seed=seed
    )
    columns = {"value": found.value, "lower": found.lower[0], "upper": found.upper[0]}
    for each, low, high in zip(level, found.lower, found.upper, strict=True):
        columns |= {level_key("lower", each): low, level_key("upper", each): high}
    sentences = [_sentence(found, i) for i in range(len(table))]
    rows = rows_of({**table.columns, **columns, "sentence": sentences, "reason": found.reason})
    in_per_cent = (_PER_CENT,) if shares is not told else ()
    return Answer(rows, {"spread": spread}, (_ELSEWHERE, *in_per_cent))


def _of_one(told: Numbers) -> Numbers:
    """The shares (3, rows) as parts of one: where one is above 1 and none above 100, all are per cent."""
    known = told[~np.isnan(told)]
    return told / 100 if 1 < known.max(initial=0) <= 100 and known.min() >= 0 else told


def _sentence(found: Expected, i: int) -> Text:
    if found.reason[i]:
        return Reason(found.reason[i]).text
    low, high = (number_text(float(end[0][i]), digits=2) for end in (found.lower, found.upper))
    return Text(
        f"Mellan {low.sv} och {high.sv} personer, om platsen liknar dem som enkäten frågade.",
        f"Between {low.en} and {high.en} people, if the place resembles those whom the survey asked.",
    )


_ELSEWHERE = Warned(
    "share_from_elsewhere",
    Text(
        "Andelen är mätt på andra än dem som bor här. Talet visar vad den skulle betyda. Ingen har räknat.",
        "The share was measured on others than those who live here. It is what it would mean, not a count.",
    ),
)

_PER_CENT = Warned(
    "share_in_per_cent",
    Text(
        "Andelarna är lästa som procent, eftersom någon är större än 1.",
        "The shares were read as per cent, since one of them is above 1.",
    ),
)

PREVALENCE = Method(
    "prevalence",
    Text("Hur många människor skulle andelen betyda här?", "How many people would the share mean here?"),
    (
        AREA,
        Column(
            "share",
            Text("enkätens andel, 0–1 eller procent", "the survey's share, 0–1 or per cent"),
            ("value", "p", "andel"),
            True,
            True,
        ),
        Column(
            "share_lower",
            Text("andelens undre gräns", "lower limit of the share"),
            ("lower", "lcl"),
            True,
            True,
        ),
        Column(
            "share_upper",
            Text("andelens övre gräns", "upper limit of the share"),
            ("upper", "ucl"),
            True,
            True,
        ),
        Column(
            "population",
            Text("antal människor här", "number of people here"),
            ("denominator", "pop", "n", "folkmangd", "invanare"),
            True,
            True,
        ),
    ),
    (
        LEVEL,
        Option(
            "survey_level",
            Text("Enkätintervallets nivå.", "Level of the survey's interval."),
            one_level,
            0.95,
        ),
        Option(
            "spread",
            Text(
                "Hur mycket platser skiljer sig, standardavvikelse på logskalan.",
                "How much places differ, standard deviation on the log scale.",
            ),
            number(0, 5),
            0.0,
        ),
        SEED,
    ),
    _run,
    by_enumeration,
)
