"""The words shown to readers: respectful, plain, and the same in data and glossary."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from lagesbild.core.language import Text
from lagesbild.reference import load

GLOSSARY = Path(__file__).parents[3] / "docs" / "glossary.md"


def texts(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)


def shown() -> list[Text]:
    reference = load()
    parts = (
        reference.indicators,
        reference.measures,
        reference.local_measures,
        reference.published_figures,
        reference.first_picture,
        reference.kolada,
    )
    return [text for part in parts for text in texts(part)]


def test_no_avoided_word_is_used() -> None:
    avoided = [term for term in load().terms if term.use == "avoid"]

    for text in shown():
        for term in avoided:
            assert not re.search(rf"\b{term.sv}", text.sv, re.IGNORECASE)
            assert not re.search(rf"\b{term.en}", text.en, re.IGNORECASE)


def test_glossary_holds_every_term() -> None:
    glossary = GLOSSARY.read_text(encoding="utf-8")

    for term in load().terms:
        assert f"| {term.sv} | {term.en} |" in glossary


def test_sentences_are_short_enough_to_follow() -> None:
    """Klarspråk: about 20 words; 25 is where a sentence must be split."""
    for text in shown():
        for sentence in re.split(r"(?<=[.?!])\s+(?=[A-ZÅÄÖ])", text.sv):
            assert len(sentence.split()) <= 25, sentence


@pytest.mark.parametrize("mark", ["--", " - ", "...", "\u00a0"])
def test_typography_is_swedish(mark: str) -> None:
    for text in shown():
        assert mark not in text.sv


def test_thousands_and_decimals_are_written_in_swedish() -> None:
    for text in shown():
        assert not re.search(r"\d \d{3}\b", text.sv), text.sv
        assert not re.search(r"\d,\d{3}\b", text.sv), text.sv
