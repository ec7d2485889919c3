"""What did it cost, for whom, and was it worth it: never a cost per effect that may not exist."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from lagesbild.core.language import Text

from .answer.reason import Reason
from .answer.result import Answer, Row, Warned
from .answer.sentence import interval_text, number_text
from .inversion import by_enumeration
from .method import LEAST_POSITIVE, LEVEL, Column, Method, Option, numbers
from .table.tidy import CountsKnown, Numbers, Tidy


@dataclass(frozen=True)
class Worth:
    """Cost, effect and what follows, from draws of both.

    `ratio` (cost per unit of effect) is NaN when the effect's interval holds zero; then `at_best` is the
    least that a unit must be worth for the measure to pay even at the effect's upper limit, NaN if that is
    not above zero. `probability` is the share of draws with an effect above zero.
    """

    cost: tuple[float, float, float]
    effect: tuple[float, float, float]
    ratio: tuple[float, float, float]
    at_best: float
    probability: float

    @property
    def has_ratio(self) -> bool:
        return bool(np.isfinite(self.ratio[0]))


def worth(cost: Numbers, effect: Numbers, level: float = 0.95) -> Worth:
    """Summarise paired draws; effect is what was gained, above zero for the better.

    The ratio is that of the means, its limits the quantiles of the draws' ratios, and it is given only when
    the effect's interval lies above zero: otherwise the ratio has no finite limits (Heitjan 2000).
    """
    costs, effects = _summary(cost, level), _summary(effect, level)
    above = effects[1] > 0
    inside = effect > 0
    ratio = (np.nan, np.nan, np.nan)
    if above:
        ends = np.quantile(cost[inside] / effect[inside], [(1 - level) / 2, (1 + level) / 2])
        ratio = (costs[0] / effects[0], float(ends[0]), float(ends[1]))
    at_best = costs[0] / effects[2] if effects[2] > 0 and not above else np.nan
    return Worth(costs, effects, ratio, at_best, float(inside.mean()))


def net_benefit_probability(cost: Numbers, effect: Numbers, value: float) -> float:
    """Probability that the effect, at this value of a unit, is worth more than it cost."""
    return float((value * effect > cost).mean())


def cost_per_person(cost: tuple[float, float, float], reached: CountsKnown) -> tuple[float, float, float]:
    """Cost per person reached with limits; where the number reached is protected only limits are given.

    Cost is public, so cost per person gives the number back: it is computed from a released number, or from
    the bounds of one that is not.
    """
    least, most = float(reached.lower[0]), float(reached.upper[0])
    value = cost[0] / float(reached.value[0]) if reached.exact[0] and reached.value[0] > 0 else np.nan
    return value, cost[1] / most if most > 0 else np.nan, cost[2] / least if least > 0 else np.nan


def _summary(draws: Numbers, level: float) -> tuple[float, float, float]:
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return float(draws.mean()), float(low), float(high)


def _run(table: Tidy, level: tuple[float, ...], value: tuple[float, ...]) -> Answer:
    rows = [{**key, **_row(table.at(rows), level[0], value)} for key, rows in table.groups("measure", "area")]
    return Answer(rows, {}, _warnings(table))


def _row(table: Tidy, level: float, values: tuple[float, ...]) -> Row:
    cost, effect = table.numbers("cost"), table.filled("effect", np.nan)
    unknown = np.isnan(effect)
    # A draw left out is seldom left out by chance: what is left would be too sure of itself.
    if np.isnan(cost).any() or unknown.any() > unknown.all():
        return {"cost": None, "reason": Reason.MISSING}
    costs = _summary(cost, level)
    row = {"cost": costs[0], "cost_lower": costs[1], "cost_upper": costs[2], **_per_head(table, costs)}
    if unknown.all():
        nobody = "population" in table and not table.numbers("population")[0] > 0
        return {**row, "reason": Reason.NO_DENOMINATOR if nobody else ""}
    return {**row, **_of_effect(worth(cost, effect, level)), **_at_values(cost, effect, values)}


def _per_head(table: Tidy, cost: tuple[float, float, float]) -> Row:
    row: dict[str, Any] = {}
    if "population" in table:
        people = table.numbers("population")[0]
        row |= dict(
            zip(
                ("cost_per_inhabitant", "cost_per_inhabitant_lower", "cost_per_inhabitant_upper"),
                (end / people if people > 0 else np.nan for end in cost),
                strict=True,
            )
        )
    if "reached" in table:
        names = ("cost_per_person_reached", "cost_per_person_reached_lower", "cost_per_person_reached_upper")
        row |= dict(zip(names, cost_per_person(cost, table.counts("reached").at([0])), strict=True))
    return row


def _of_effect(found: Worth) -> Row:
    return {
        "effect": found.effect[0],
        "effect_lower": found.effect[1],
        "effect_upper": found.effect[2],
        "probability_of_effect": found.probability,
        "cost_per_effect": found.ratio[0],
        "cost_per_effect_lower": found.ratio[1],
        "cost_per_effect_upper": found.ratio[2],
        "break_even_at_best": found.at_best,
        "sentence": sentence(found),
        "reason": "" if found.has_ratio else Reason.EFFECT_MAY_BE_ZERO,
    }


def _at_values(cost: Numbers, effect: Numbers, values: tuple[float, ...]) -> Row:
    """For each value of a unit of effect: the effect that pays for itself, and how likely it was reached."""
    return {
        "at_value": [
            {
                "value": value,
                "break_even_effect": float(cost.mean() / value),
                "probability_worth_it": net_benefit_probability(cost, effect, value),
            }
            for value in values
        ]
    }


def sentence(found: Worth) -> Text:
    chance = number_text(100 * found.probability, digits=2)
    if found.has_ratio:
        each, ends = number_text(found.ratio[0], digits=2), interval_text(found.ratio[1], found.ratio[2])
        return Text(
            f"Varje uppnått resultat kostade {each.sv} ({ends.sv}).",
            f"Each result cost {each.en} ({ends.en}).",
        )
    start = Text(
        f"Sannolikheten att åtgärden hade någon verkan är {chance.sv} procent.",
        f"The probability that the measure had any effect is {chance.en} per cent.",
    )
    if np.isnan(found.at_best):
        return start
    least = number_text(found.at_best, digits=2)
    return Text(
        f"{start.sv} Ett resultat måste vara värt minst {least.sv} för att det ens i bästa fall lönar sig.",
        f"{start.en} A result must be worth at least {least.en} for it to pay even at best.",
    )


def _warnings(table: Tidy) -> tuple[Warned, ...]:
    return (_ONE_DRAW,) if len(table) < 100 and "effect" in table else ()


_ONE_DRAW = Warned(
    "few_draws",
    Text(
        "Färre än hundra dragningar säger lite om osäkerheten.",
        "Fewer than a hundred draws say little about the uncertainty.",
    ),
)

COST = Method(
    "cost",
    Text(
        "Vad kostade det, för vem, och var det värt det?", "What did it cost, for whom, and was it worth it?"
    ),
    (
        Column("measure", Text("åtgärd", "measure"), ("intervention", "atgard"), False),
        Column("area", Text("område", "area"), ("municipality", "kommun"), False),
        Column(
            "cost", Text("kostnad, en dragning per rad", "cost, one draw a row"), ("kostnad",), True, True
        ),
        Column(
            "effect",
            Text("vad som vanns, en dragning per rad", "what was gained, one draw a row"),
            ("effekt", "benefit"),
            False,
            True,
        ),
        Column(
            "population", Text("invånare", "inhabitants"), ("denominator", "pop", "folkmangd"), False, True
        ),
        Column(
            "reached",
            Text("personer som nåddes", "people reached"),
            ("count", "persons", "nadda"),
            False,
            True,
        ),
        Column(
            "status", Text("hidden eller rounded för reached", "hidden or rounded for reached"), (), False
        ),
        Column("lower", Text("minst nådda", "least reached"), (), False, True),
        Column("upper", Text("mest nådda", "most reached"), (), False, True),
    ),
    (
        LEVEL,
        Option(
            "value",
            Text(
                "Vad ett resultat är värt; flera skilda av komma.",
                "What a result is worth; several by comma.",
            ),
            numbers(LEAST_POSITIVE),
            (),
        ),
    ),
    _run,
    partial(by_enumeration, column="reached"),
)
