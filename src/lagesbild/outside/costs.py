"""What booked measures cost per inhabitant, and which inhabitants that is counted on."""

from dataclasses import dataclass

from markupsafe import Markup

from lagesbild.outside.known.readings import Reading
from lagesbild.outside.material import Material
from lagesbild.outside.press import Press
from lagesbild.reference.population import People


@dataclass(frozen=True)
class PerInhabitant:
    """Kronor per inhabitant, and the inhabitants at the end of a year that it is counted on."""

    kronor: float
    people: People
    year: int


def per_inhabitant(material: Material, reading: Reading) -> PerInhabitant | None:
    """Counted on the inhabitants of the cost's own year, or of the year before while those are not known.

    None where the cost is not shown, or where no such inhabitants are known.
    """
    if reading.count is None:
        return None
    for year in (reading.year, reading.year - 1):
        people = material.reference.population.at(reading.region, year)
        if people is not None:
            return PerInhabitant(reading.count / people.number, people, year)
    return None


def each_text(press: Press, reading: Reading) -> Markup:
    """The cost per inhabitant in words, with the year of the population where that is another."""
    found = per_inhabitant(press.material, reading)
    if found is None:
        return Markup("")
    key = "card.cost_per" if found.year == reading.year else "card.cost_per_before"
    return press.words(key, n=press.numbers.decimal(found.kronor, 2), year=press.numbers.year(found.year))
