"""Charts: gaps stay gaps, no line crosses a break, and nothing is drawn for what is not shown."""

import re

from lagesbild.core.figures import State
from lagesbild.outside.drawing import charts
from lagesbild.outside.drawing.charts import FunnelPoint, Point
from lagesbild.outside.numbers import Numbers

SV = Numbers("sv")


def draw(points: list[Point]) -> str:
    return str(
        charts.series(points, SV, name="s", title="Titel", description="Beskrivning", break_label="ändrat")
    )


def point(label: str, value: float | None, state: State = State.VALUE, **more: object) -> Point:
    bands = (
        {} if value is None else {"band80": (value * 0.9, value * 1.1), "band95": (value * 0.8, value * 1.2)}
    )
    return Point(label, value, state, **bands, **more)  # type: ignore[arg-type]


def strokes(svg: str) -> int:
    return len(re.findall(r'<line class="l1"', svg))


def test_a_whole_series_has_a_stroke_between_each_pair():
    assert strokes(draw([point(str(year), 5.0) for year in range(2016, 2021)])) == 4


def test_a_gap_is_never_bridged():
    gap = [point("2018", None, State.PROTECTED)]
    svg = draw([point("2016", 4), point("2017", 5), *gap, point("2019", 6), point("2020", 7)])
    assert strokes(svg) == 2
    assert svg.count('class="protected-fill"') == 1
    assert svg.count('class="b95"') == 2


def test_no_line_and_no_band_crosses_a_break():
    svg = draw([point("2023", 4), point("2024", 5), point("2025", 6, breaks_before=True), point("2026", 7)])
    assert strokes(svg) == 2
    assert svg.count('class="b80"') == 2
    assert "ändrat" in svg


def test_no_picture_is_hatched_and_never_a_zero():
    svg = draw([point("2023", 4), point("2024", None, State.NO_PICTURE)])
    assert svg.count('class="none-fill"') == 1
    zero = draw([point("2023", 4), point("2024", 0.0)])
    assert 'class="none-fill"' not in zero
    assert strokes(zero) == 1


def test_a_chart_has_title_and_description_and_escapes_them():
    svg = str(charts.spark([point("2024", 1)], SV, name="x", title="a<b", description="c&d"))
    assert '<title id="x-t">a&lt;b</title><desc id="x-d">c&amp;d</desc>' in svg
    assert 'role="img" aria-labelledby="x-t x-d"' in svg


def test_the_top_of_the_axis_is_round_and_not_below_the_highest():
    assert [charts.nice_top(value) for value in (0, 0.7, 1.2, 3.1, 47, 50, 684)] == [
        1,
        0.8,
        1.5,
        4,
        50,
        50,
        800,
    ]


def test_a_funnel_marks_ones_own_place():
    points = [FunnelPoint(1000 * n, 5.0, n == 3) for n in range(1, 6)]
    limits = [(1000.0 * n, 4.0, 6.0, 3.0, 7.0) for n in range(1, 6)]
    svg = str(
        charts.funnel(points, limits, 5.0, SV, name="f", title="t", description="d", axis=("få", "många"))
    )
    assert svg.count("ring") == 1
    assert svg.count("<circle") == 5


def test_whiskers_only_beside_a_value():
    assert charts.interval(None, None, 10) == ""
    assert "w95" in charts.interval(5, (4, 6), 10)


def test_an_outlier_is_an_arrow_and_does_not_flatten_the_rest():
    points = [charts.FunnelPoint(1000 + each, 10.0 + each, False, f"plats {each}") for each in range(40)]
    points.append(charts.FunnelPoint(5000, 900.0, False, "ensam"))
    assert charts.funnel_top(points, 20.0) < 100
    drawn = str(
        charts.funnel(points, [], 20.0, SV, name="f", title="t", description="d", axis=("få", "många"))
    )
    assert drawn.count("<circle") == 40
    assert 'data-say="ensam"' in drawn


def test_ones_own_place_is_never_beyond_the_chart():
    points = [charts.FunnelPoint(1000 + each, 10.0, False) for each in range(40)]
    points.append(charts.FunnelPoint(5000, 900.0, True))
    assert charts.funnel_top(points, 10.0) >= 900


def test_a_value_beyond_the_scale_is_no_dot():
    assert "circle" not in charts.interval(20, (15, 25), 10)
