"""The phrases of the pages: the same in both languages, and right in number."""

import re
import string

import pytest

from lagesbild.outside.cards import softness
from lagesbild.outside.words import phrases, plain, speak
from lagesbild.reference import Status


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_both_languages_have_the_same_phrases_with_the_same_places_to_fill():
    swedish, english = phrases("sv"), phrases("en")
    assert swedish.keys() == english.keys()
    differing = {key for key in swedish if fields(swedish[key]) != fields(english[key])}
    allowed = {key for key in differing if key.endswith(".one")}  # "ett pass" may name its number in words
    assert differing - allowed == set()


def test_every_phrase_in_number_has_both_forms():
    keys = phrases("sv").keys()
    assert {key.removesuffix(".one") for key in keys if key.endswith(".one")} == {
        key.removesuffix(".other") for key in keys if key.endswith(".other")
    }


@pytest.mark.parametrize(
    ("language", "key", "count", "text"),
    [
        ("sv", "unit.municipality", 1, "1 kommun"),
        ("sv", "unit.municipality", 2, "2 kommuner"),
        ("sv", "unit.municipality", 0, "0 kommuner"),
        ("sv", "unit.county", 1, "ett län"),
        ("sv", "unit.county", 21, "21 län"),
        ("en", "unit.municipality", 1, "1 municipality"),
        ("en", "unit.municipality", 2, "2 municipalities"),
        ("en", "unit.county", 1, "one county"),
        ("sv", "meter.finding", 3, "tre av fem källor har uppgift"),
        ("en", "meter.finding", 1, "one of five sources has a figure"),
    ],
)
def test_number_and_noun_agree(language, key, count, text):
    assert speak(language).n(key, count) == text


def test_lists_in_a_sentence():
    words = speak("sv")
    assert words.join(["länet"]) == "länet"
    assert words.join(["länet", "riket"]) == "länet och riket"
    assert words.join(["länet", "kommungruppen", "riket"]) == "länet, kommungruppen och riket"


def test_what_is_filled_in_is_escaped_and_the_phrase_is_not():
    sentence = speak("sv")("lead.none", place="<script>")
    assert "&lt;script&gt;" in sentence
    assert "<strong>" in sentence


LONGEST = 20
SENTENCE_END = re.compile(r"(?<=[.!?:;]) +")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_sentence_is_longer_than_plain_language_allows(language):
    sentences = [each for phrase in phrases(language).values() for each in SENTENCE_END.split(plain(phrase))]
    assert [each for each in sentences if len(each.split()) > LONGEST] == []


BLAMING = ("prostituerad", "antal sexköp", "sexarbetare", "horor", "prostitute ", "sex worker", "customer")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_phrase_blames_the_exploited_or_takes_reports_for_purchases(language):
    text = " ".join(phrases(language).values()).lower()
    assert [word for word in BLAMING if word in text] == []


@pytest.mark.parametrize(("status", "said"), [(status, status is not Status.OBSERVED) for status in Status])
def test_a_rate_on_a_population_that_nobody_observed_says_so(status, said):
    """An interpolated number never passes for an observed one, not even behind a rate."""
    for language in ("sv", "en"):
        assert bool(softness(speak(language), status)) is said
    assert softness(speak("sv"), Status.INTERPOLATED) == " Folkmängden är beräknad mellan två år."
