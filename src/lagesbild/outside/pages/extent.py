"""How big is it: every measure in small, the comparison, and what surveys and lists can say."""

from markupsafe import Markup

from lagesbild.outside.compared import compared
from lagesbild.outside.expectation import expected_table
from lagesbild.outside.pages import place_series
from lagesbild.outside.pages.behind import Printed, effort_note, page
from lagesbild.outside.picture import EFFORT, Picture
from lagesbild.outside.press import Press
from lagesbild.outside.series import Small, series_figure, small

HIDDEN = "E10"
"""The estimate from overlapping lists, where somebody has been able to make one."""


def extent(press: Press, shown: Picture) -> Printed:
    """Every measure of extent in small, the headline beside others, and what surveys and lists can say."""
    figures = [
        _measure(press, shown, code)
        for code, series in shown.readings.items()
        if len(series) > 1 and place_series.has_page(press, shown, code)
    ]
    estimated = shown.readings.get(HIDDEN, ())
    return page(
        press,
        shown,
        "extent",
        "extent",
        figures=figures,
        compared=compared(press, shown),
        origin=shown.origin,
        note=effort_note(press, shown) if any(code in EFFORT for code in shown.readings) else "",
        expected=expected_table(press, shown),
        expected_caveat=press.material.indicators["D09"].caveat.in_(press.language),
        hidden=estimated and series_figure(press, press.material.indicators[HIDDEN], shown.place, estimated),
        hidden_path=press.to.indicator(press.material.indicators[HIDDEN]),
    )


def _measure(press: Press, shown: Picture, code: str) -> tuple[Small, str, Markup]:
    """One measure in small, the way to its page, and the verdict on where it goes."""
    indicator = press.material.indicators[code]
    found = press.material.trends.get((code, shown.place.code))
    verdict = Markup("")
    if found is not None and found.word != "few":
        years = press.numbers.years(found.first, found.last)
        verdict = press.words(f"verdict.{found.word}", years=years)
    return small(press, indicator, shown.readings[code]), place_series.way(press, shown, indicator), verdict
