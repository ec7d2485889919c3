"""A chart as a file of its own: title, example mark, legend, caveat, source and release inside."""

import textwrap
from collections.abc import Iterator

from markupsafe import escape

from lagesbild.core.figures import State
from lagesbild.core.indicator import Indicator
from lagesbild.outside.drawing import charts
from lagesbild.outside.drawing.paint import NAMESPACE, painted
from lagesbild.outside.drawing.points import points_of
from lagesbild.outside.known.readings import Series
from lagesbild.outside.picture import EFFORT, Picture
from lagesbild.outside.press import Press
from lagesbild.outside.series import describe
from lagesbild.outside.words.sentences import effort

WIDTH, EDGE, CHART = 760, 20, 280
LINE, LETTERS = 17, 104
"""Height of a line of notes, and the letters that it holds at 12 pixels."""
FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"


def charted(press: Press, shown: Picture) -> Iterator[str]:
    """The indicators that have a series to draw: one with no figure at all would be an empty picture."""
    for code, series in shown.readings.items():
        known = any(reading.shown for reading in series)
        if known and not press.material.indicators[code].categories and len(series) > 1:
            yield code


def file_name(code: str, suffix: str = ".svg") -> str:
    return f"chart-{code.lower()}{suffix}"


def series_file(press: Press, shown: Picture, code: str) -> bytes:
    """The series of one indicator as SVG that needs nothing beside it."""
    indicator, series = press.material.indicators[code], shown.readings[code]
    title = press.words(
        "chart.series",
        name=indicator.name.in_(press.language),
        place=press.in_text(shown.place),
        years=press.numbers.years(series[0].year, series[-1].year),
    ).striptags()
    description = describe(press, series)
    drawing = charts.series(
        points_of(series, press.numbers),
        press.numbers,
        name="series",
        title=title,
        description=description,
        height=CHART,
        break_label=str(press.words("chart.break_label")),
    )
    heading = [*_text(EDGE, 32, title, 'font-size="19" font-weight="700"'), *_mark(press, series)]
    heading += _legend(press, series)
    notes = [
        line for note in _notes(press, shown, indicator, series) for line in textwrap.wrap(note, LETTERS)
    ]
    top = 96 + CHART
    height = top + LINE * (len(notes) + 1)
    body = "".join(
        [
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
            *heading,
            f'<svg x="{EDGE}" y="84" width="{WIDTH - 2 * EDGE}" height="{CHART}">{drawing}</svg>',
            *(each for row, note in enumerate(notes) for each in _text(EDGE, top + LINE * row, note, SMALL)),
        ]
    )
    root = (
        f'<svg xmlns="{NAMESPACE}" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'lang="{press.language}" font-family="{FONT}" role="img" aria-labelledby="file-t">'
        f'<title id="file-t">{escape(title)}</title>{body}</svg>\n'
    )
    return painted(root, paper=False).encode()


def raster(svg: bytes) -> bytes:
    """The same picture as PNG, twice as fine as a screen. Letters come from the fonts of this machine."""
    import resvg_py  # the site's many drawings do without it

    found: bytes = resvg_py.svg_to_bytes(svg_string=svg.decode(), zoom=2)
    return found


SMALL = 'font-size="12" fill="#544d5e"'


def _text(x: int, y: int, text: str, how: str) -> Iterator[str]:
    yield f'<text x="{x}" y="{y}" {how}>{escape(text)}</text>'


def _mark(press: Press, series: Series) -> Iterator[str]:
    """Invented figures say so inside the picture, where no cropping of the page removes it."""
    if any(reading.origin == "example" for reading in series):
        text = f"{press.words('mark.example')}. {press.words('mark.example_title')}"
        yield f'<rect x="{EDGE}" y="42" width="{WIDTH - 2 * EDGE}" height="20" fill="#fdf3d3"/>'
        yield from _text(EDGE + 6, 56, text, 'font-size="12" font-weight="600" fill="#4d3a00"')


def _legend(press: Press, series: Series) -> Iterator[str]:
    """A swatch and a word for every sign that occurs."""
    states = {reading.state for reading in series}
    banded = any(reading.estimate for reading in series)
    items = [("b80", "chart.band80"), ("b95", "chart.band95")] if banded else []
    items += [("protected-fill", "chart.gap_protected")] if State.PROTECTED in states else []
    items += [("none-fill", "chart.gap_none")] if State.NO_PICTURE in states else []
    for place, (style, key) in enumerate(items):
        x = EDGE + 160 * place
        yield f'<rect class="{style}" x="{x}" y="68" width="22" height="11"/>'
        yield from _text(x + 28, 78, str(press.words(key)), SMALL)


def _notes(press: Press, shown: Picture, indicator: Indicator, series: Series) -> Iterator[str]:
    """What the figure does not show, the breaks, and where it comes from."""
    release, numbers = press.material.release, press.numbers
    per = next((reading.estimate.per for reading in series if reading.estimate), None)
    unit = press.words("unit.per", per=numbers.whole(per)) if per else indicator.unit.in_(press.language)
    yield f"{unit[:1].upper()}{unit[1:]}."
    text = (indicator.beside or indicator.caveat).in_(press.language)
    yield f"{text} {effort(press.words, shown.shifts)}" if indicator.code in EFFORT else text
    for reading in series:
        for each in reading.after_break:
            why = each.why.in_(press.language)
            yield press.words("chart.break_note", day=numbers.day(each.day), why=why).striptags()
    yield press.words(
        "chartfile.source",
        number=release.number,
        day=numbers.day(release.published),
        digest=release.digest[:12],
    ).striptags()
