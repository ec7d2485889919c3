"""The sentences that open a place's page, for every state and in both languages."""

from dataclasses import replace

import pytest

from example_release import make_release
from lagesbild.core.figures import State
from lagesbild.outside.known.trend import Trend
from lagesbild.outside.material import Material
from lagesbild.outside.picture import picture
from lagesbild.outside.words import plain, speak
from lagesbild.outside.words.sentences import lead
from lagesbild.reference import load

SURVEY = (8.0, 13.0)


@pytest.fixture(scope="module")
def material() -> Material:
    return Material((make_release(),), load())


@pytest.fixture(scope="module")
def umea(material):
    return picture(material, "2480")


def told(material, shown, language="sv"):
    indicator = material.indicators[shown.headline.indicator] if shown.headline else None
    return lead(speak(language), shown, indicator, SURVEY)


@pytest.mark.parametrize(
    ("word", "sv", "en"),
    [
        ("rises", "ökade 2020–2024", "rose 2020–2024"),
        ("falls", "minskade 2020–2024", "fell 2020–2024"),
        ("steady", "visar ingen säker förändring 2020–2024", "saw no clear change 2020–2024"),
    ],
)
def test_which_way_it_goes(material, umea, word, sv, en):
    shown = replace(umea, trend=Trend(word, 2020, 2024, umea.trend.points, 0.1, (0.05, 0.15)))
    assert sv in plain(told(material, shown).what)
    assert en in plain(told(material, shown, "en").what)


def test_reports_are_always_told_with_the_effort_behind_them(material, umea):
    sentence = plain(told(material, umea).limit)
    assert "hur mycket den letat" in sentence
    assert "insatspass" in sentence
    without = plain(told(material, replace(umea, shifts=None)).limit)
    assert "inte känt" in without


def test_a_protected_figure_is_said_to_be_there_without_its_size(material, umea):
    hidden = replace(umea.headline, state=State.PROTECTED, count=None, estimate=None)
    said = told(material, replace(umea, headline=hidden))
    assert "skyddas" in plain(said.what)
    assert not any(mark.isdigit() for mark in plain(said.what + said.level))


def test_no_picture_is_not_zero(material, umea):
    shown = replace(umea, headline=None, trend=None)
    sentence = plain(told(material, shown).whole)
    assert "ingen bild" in sentence
    assert "betyder inte att inget händer" in sentence
    assert "8–13 procent" in sentence


def test_a_real_zero_is_an_answer(material, umea):
    shown = replace(umea, headline=replace(umea.headline, count=0), trend=None)
    assert "noll" in plain(told(material, shown).what)


def test_places_with_one_verdict_stand_together(material, umea):
    kinds = ("county", "group", "country")
    compared = tuple(
        replace(each, verdict="lower" if each.kind != "group" else "like")
        for each in umea.compared
        if each.kind in kinds
    )
    sentence = plain(told(material, replace(umea, compared=compared)).level)
    assert "lägre än länet och riket, och ungefär som kommungruppen" in sentence
