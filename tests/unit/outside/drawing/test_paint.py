"""Drawings that carry their own colours: those of the one style sheet, and nothing that paper cannot show."""

import base64
import re

from lagesbild.outside.drawing.paint import as_backgrounds, paint_all, painted, sheet

CHART = (
    '<svg class="chart" role="img"><title>t</title><rect class="kx"/><line class="l1"/>'
    '<text class="tick halo">1</text></svg>'
)


def test_a_drawing_gets_the_rules_of_its_classes_with_variables_filled_in():
    drawn = painted(CHART)
    assert ".l1{stroke:#12436d;stroke-width:2.5;stroke-linecap:round}" in drawn
    assert ".l2" not in drawn
    assert "var(" not in drawn


def test_the_hatch_is_there_where_a_class_asks_for_it():
    assert '<pattern id="hatch"' in painted(CHART)
    assert "<pattern" not in painted(CHART.replace("kx", "k1"))


def test_what_only_browsers_know_stays_on_the_screen():
    assert "halo" not in re.search(r"<style>(.*?)</style>", painted(CHART))[1]
    assert ".chart .halo{paint-order:stroke" in painted(CHART, paper=False)


def test_every_drawing_of_a_document_is_painted_once_and_an_inner_one_belongs_to_it():
    inner = CHART.replace("<line", '<svg viewBox="0 0 1 1"><polygon class="b80"/></svg><line')
    document = f"<p>{inner}</p><p>{CHART}</p>"
    drawn = paint_all(document)
    assert drawn.count("<style>") == 2
    assert re.sub(r"<style>.*?</style>(<defs>.*?</defs>)?", "", drawn) == document


def test_decoration_becomes_a_background_and_leaves_no_picture_without_words():
    html = as_backgrounds(
        '<svg class="dot" width="100%" height="24" aria-hidden="true"><circle class="p1"/></svg>'
    )
    assert "<svg" not in html
    data = base64.b64decode(re.search(r"base64,([^']+)", html)[1]).decode()
    assert ".p1{fill:#12436d}" in data
    assert 'class="p1"' in data


def test_no_rule_of_the_sheet_is_lost_for_the_classes_of_maps_and_charts():
    classes = {name for rule in sheet() for name in rule.needs}
    wanted = {"k1", "k2", "k3", "k4", "k5", "kc", "kx", "kz", "me", "county", "l1", "l2", "l3", "p1", "p3"}
    assert wanted | {"b80", "b95", "w95", "axis", "grid", "tick", "break", "protected-fill"} <= classes
