"""Why a figure is not given: one code each, with a sentence that needs no statistics to be understood."""

from enum import StrEnum

from lagesbild.core.language import Text


class Reason(StrEnum):
    """The codes that stand in the results; a method gives one of these instead of a number."""

    TOO_FEW_POINTS = "too_few_points"
    TOO_FEW_EVENTS = "too_few_events"
    TOO_FEW_AREAS = "too_few_areas"
    TWO_LISTS = "two_lists"
    NO_OVERLAP = "no_overlap"
    NO_COMPARISON_GROUP = "no_comparison_group"
    NO_POINTS_BEFORE = "no_points_before"
    NO_POINTS_AFTER = "no_points_after"
    NOT_IDENTIFIED = "not_identified"
    NO_FINITE_ESTIMATE = "no_finite_estimate"
    POOR_FIT_BEFORE = "poor_fit_before"
    SERIES_BREAK = "series_break"
    PROTECTED = "protected"
    MISSING = "missing"
    NO_DENOMINATOR = "no_denominator"
    IMPOSSIBLE = "impossible"
    NO_VARIATION = "no_variation"
    EFFECT_MAY_BE_ZERO = "effect_may_be_zero"

    @property
    def text(self) -> Text:
        return _SENTENCES[self]


_SENTENCES = {
    Reason.TOO_FEW_POINTS: Text(
        "Det finns för få mättillfällen för att säga något om utvecklingen.",
        "There are too few points in time to say anything about the development.",
    ),
    Reason.TOO_FEW_EVENTS: Text(
        "Det har hänt för sällan för att siffran ska betyda något.",
        "It has happened too seldom for the figure to mean anything.",
    ),
    Reason.TOO_FEW_AREAS: Text(
        "Det finns för få områden att jämföra med.", "There are too few areas to compare with."
    ),
    Reason.TWO_LISTS: Text(
        "Med bara två register går det inte att avgöra om samma personer oftare syns i båda; "
        "då kan antalet bli nästan vad som helst.",
        "With only two registers nobody can tell whether the same people tend to be seen in both; "
        "the number could then be almost anything.",
    ),
    Reason.NO_OVERLAP: Text(
        "Nästan ingen finns i mer än ett register, så det går inte att räkna ut hur många som saknas i alla.",
        "Hardly anyone is in more than one register, so those missing from all cannot be worked out.",
    ),
    Reason.NO_COMPARISON_GROUP: Text(
        "Det finns ingen plats utan åtgärden att jämföra med.",
        "There is no place without the measure to compare with.",
    ),
    Reason.NO_POINTS_BEFORE: Text(
        "Det finns för få mätningar från tiden före åtgärden.",
        "There are too few measurements from before the measure.",
    ),
    Reason.NO_POINTS_AFTER: Text(
        "Det finns för få mätningar från tiden efter åtgärden.",
        "There are too few measurements from after the measure.",
    ),
    Reason.NOT_IDENTIFIED: Text(
        "Uppgifterna räcker inte för att skilja en verklig förändring från en ändrad insats.",
        "The data cannot tell a real change from a change in effort.",
    ),
    Reason.NO_FINITE_ESTIMATE: Text(
        "Uppgifterna passar lika bra med hur stora tal som helst, så ingen siffra kan anges.",
        "The data fit arbitrarily large numbers equally well, so no figure can be given.",
    ),
    Reason.POOR_FIT_BEFORE: Text(
        "Jämförelsen liknar inte platsen ens före åtgärden och duger därför inte efteråt.",
        "The comparison does not resemble the place even before the measure, so it will not do afterwards.",
    ),
    Reason.SERIES_BREAK: Text(
        "Sättet att räkna eller lagen har ändrats under tiden; före och efter går inte att jämföra.",
        "The way of counting or the law changed meanwhile; before and after cannot be compared.",
    ),
    Reason.PROTECTED: Text(
        "Siffran skyddas för att ingen enskild person ska kunna kännas igen.",
        "The figure is protected so that no single person can be recognised.",
    ),
    Reason.MISSING: Text("Ingen har lämnat uppgiften.", "Nobody has supplied the figure."),
    Reason.NO_DENOMINATOR: Text(
        "Det saknas ett antal att räkna per, till exempel invånare.",
        "There is nothing to count per, for instance inhabitants.",
    ),
    Reason.IMPOSSIBLE: Text(
        "Uppgiften kan inte stämma, till exempel fler drabbade än tillfrågade.",
        "The figure cannot be right, for instance more affected than asked.",
    ),
    Reason.NO_VARIATION: Text(
        "Alla värden är lika, så det finns ingen skillnad att mäta.",
        "All values are equal, so there is no difference to measure.",
    ),
    Reason.EFFECT_MAY_BE_ZERO: Text(
        "Åtgärden kan ha varit utan verkan, så en kostnad per uppnått resultat går inte att ange.",
        "The measure may have had no effect, so a cost per result achieved cannot be given.",
    ),
}
