"""Words that tell of no person: what a file, a sheet, a header or a footer may be called."""

import re
from functools import cached_property

from lagesbild.reference import Reference

from . import template_text, vocabulary
from .vocabulary import FIRST_YEAR, Places, period

_WORDS = frozenset(
    """
    mall template data tabell tabeller table tables export kommun kommuner kommunen lan län region regioner
    riket sverige antal counts count lagesbild lägesbild totalt total ny nya old rättad rattad version v
    kvartal q ar år bra brå kolada scb exempel example million liten små stor demo test tom blad sheet
    sida sidan page av of och and per i för till från med efter på den kopia copy resultat underlag rapport
    sammanställning
    statistik slutlig preliminär utkast bilaga månad månader halvår helår år period kön ålder åldersgrupp
    personer anmälningar anmälda anmälan köp sexköp sexuell sexuella handling handlingar tjänst brott polisen
    socialtjänsten socialtjänst stödverksamhet summa st kr sek tkr mkr procent delar
    true false sant falskt yes no ja nej
    """.split()  # noqa: SIM905 -- reads better than many quoted words
)
_KINDS = frozenset(("xlsx", "csv", "tsv", "txt", "parquet"))


class Ordinary:
    """Judges words by the reference data: codes, periods, places, and the words of our own template."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._places = Places(reference.geography)
        self._codes = {code.casefold() for code in reference.indicators} | _KINDS

    def name(self, text: str) -> bool:
        """Whether every word is ordinary, and at most one a place and one a small number.

        No more of these: Nora and Berg are municipalities, and 1988-03-20 is a year and two numbers.
        """
        kinds = [self._kind(word) for word in re.split(r"[ ._()-]+", text.casefold()) if word]
        return "unknown" not in kinds and kinds.count("place") <= 1 and kinds.count("number") <= 1

    def text(self, text: str) -> bool:
        """Whether a text beside the cells is one that the gate knows, or has nothing but ordinary words."""
        word = text.strip()
        known = (
            word in self._template or vocabulary.header(word) or vocabulary.normal(word) in vocabulary.SEXES
        )
        if known or self._places.find(word) or period(word) or vocabulary.age(word) in self._ages:
            return True
        return re.fullmatch(r"[\d\W_]{0,6}", word) is not None or self.name(re.sub(r"[,:;/&?!]", " ", word))

    def _kind(self, word: str) -> str:
        if word in self._codes or word in _WORDS:
            return "ordinary"
        if re.fullmatch(r"[0-9]{1,2}", word):
            return "number"
        found = period(word)
        if found is not None and found.year >= FIRST_YEAR:
            return "period"
        return "place" if self._places.find(word) else "unknown"

    @cached_property
    def _template(self) -> frozenset[str]:
        return template_text.words(self._reference)

    @cached_property
    def _ages(self) -> frozenset[str]:
        return frozenset(age for each in self._reference.indicators.values() for age in each.ages)
