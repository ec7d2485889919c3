"""One series of one place: the finding, the chart, the comparison, what the figure is and is not."""

from dataclasses import replace

from markupsafe import Markup

from lagesbild.core.figures import State
from lagesbild.core.indicator import Indicator
from lagesbild.outside.compared import compared
from lagesbild.outside.files import chart_files, downloads
from lagesbild.outside.pages.compare import side_by_side
from lagesbild.outside.pages.indicator import definition
from lagesbild.outside.picture import Picture, focused
from lagesbild.outside.press import Files, Page, Press
from lagesbild.outside.series import series_figure
from lagesbild.outside.words import plain
from lagesbild.outside.words.sentences import level, limit, what


def has_page(press: Press, shown: Picture, code: str) -> bool:
    """Where at least one figure is shown; elsewhere the indicator's own page says all there is."""
    series = shown.readings.get(code, ())
    counted = not press.material.indicators[code].categories
    return counted and any(reading.state is State.VALUE for reading in series)


def way(press: Press, shown: Picture, indicator: Indicator) -> str:
    """The page of the series, or the indicator's where the place has none."""
    own = has_page(press, shown, indicator.code)
    return press.to.place_indicator(shown.place, indicator) if own else press.to.indicator(indicator)


def files(press: Press, shown: Picture) -> Files:
    """A page for every series of the place, each with its data beside it."""
    for code in shown.readings:
        if has_page(press, shown, code):
            yield page(press, focused(press.material, shown, code), press.material.indicators[code])
            folder = press.to.place_indicator(shown.place, press.material.indicators[code])
            one = replace(shown, readings={code: shown.readings[code]})
            yield f"{folder.removeprefix(press.base)}data.csv", downloads.machine_csv(press, one)
            yield f"{folder.removeprefix(press.base)}data.json", downloads.document(press, one)


def page(press: Press, shown: Picture, indicator: Indicator) -> tuple[str, bytes]:
    name, place, headline = indicator.name.in_(press.language), press.name(shown.place), shown.headline
    if headline is None:
        raise ValueError("a series has a latest figure")
    said = what(press.words, shown, indicator, headline), level(press.words, shown, headline)
    finding = Markup(" ").join(each for each in said if each)
    about = Page(
        path=press.to.place_indicator(shown.place, indicator),
        twin=press.to.other.place_indicator(shown.place, indicator),
        title=f"{name}, {place}",
        description=plain(finding),
        section="place",
        heading=name,
        example=headline.origin == "example",
        trail=((place, press.to.place(shown.place)),),
    )
    verdict = shown.trend.word if shown.trend else ""
    years = press.numbers.years(shown.trend.first, shown.trend.last) if shown.trend else ""
    return press.page(
        "parts/series.html",
        about,
        place=place,
        finding=finding,
        limit=limit(press.words, shown, indicator),
        origin=headline.origin,
        figure=series_figure(press, indicator, shown.place, shown.series, level=2),
        verdict=verdict,
        verdict_text=press.words(f"verdict.{verdict}", years=years) if verdict else "",
        compared=compared(press, shown),
        comparison=side_by_side(press, [shown.place, *(each.place for each in shown.alike)], indicator),
        drawn=chart_files.file_name(indicator.code) if len(shown.series) > 1 else "",
        home=press.to.place(shown.place),
        siblings=[
            (other.name.in_(press.language), way(press, shown, other))
            for other in (press.material.indicators[code] for code in shown.readings)
            if other.code != indicator.code and has_page(press, shown, other.code)
        ],
        **definition(press, indicator),
    )
