"""The committee's report: one place's picture on four to eight pages, from the site's values and words."""

import gc
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from markupsafe import Markup

from lagesbild.core.figures import State
from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding
from lagesbild.outside.addresses import slug
from lagesbild.outside.cards import cards, cost, effect, teachers
from lagesbild.outside.compared import compared
from lagesbild.outside.drawing.paint import as_backgrounds, paint_all
from lagesbild.outside.expectation import expected_table
from lagesbild.outside.pages import first
from lagesbild.outside.pages.indicator import status
from lagesbild.outside.pages.measures import account
from lagesbild.outside.pages.place import cited, everything, meta, meter, near, opening_of
from lagesbild.outside.pages.published import published_table
from lagesbild.outside.paper import accessible
from lagesbild.outside.picture import Picture
from lagesbild.outside.press import TEMPLATES, Press
from lagesbild.outside.series import Small, series_figure, small
from lagesbild.outside.words.sentences import effort

SHORT = 12
"""Digits of the digest in the footer; the whole digest stands on the last page."""
STYLE = TEMPLATES / "report.css"
MOST_SMALL = 3
"""As many small series as fit beside the headline."""

_NO_PANGO = Finding(
    "P8",
    Text("PDF kräver biblioteket Pango.", "PDF needs the Pango library."),
    Text(
        "Installera Debianpaketen libpango-1.0-0, libpangoft2-1.0-0 och libharfbuzz-subset0.",
        "Install the Debian packages libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0.",
    ),
)


def report(press: Press, shown: Picture) -> bytes:
    """The report as PDF/UA-1; the same release gives the same bytes. Raises Unreadable, BadUsage."""
    html = document(press, shown)
    accessible.require(html, shown.place.code)
    return _Paper.get().print(html, f"{press.material.release.digest}{shown.place.code}{press.language}")


def file_name(press: Press, shown: Picture, suffix: str = ".pdf") -> str:
    """lagesbild-2480-umea-2026-2-sv.pdf"""
    name = slug(shown.place.name_sv)
    return f"lagesbild-{shown.place.code}-{name}-{press.material.release.number}-{press.language}{suffix}"


def document(press: Press, shown: Picture) -> str:
    """The report as one HTML document in which every drawing carries its own colours."""
    html = press.environment.get_template("report.html").render(**_context(press, shown))
    return _for_paper(html)


def _context(press: Press, shown: Picture) -> dict[str, Any]:
    words, material = press.words, press.material
    path = material.reference.first_picture
    return {
        "name": press.name(shown.place),
        "in_text": press.in_text(shown.place),
        "example": shown.origin == "example",
        "digest": material.release.digest[:SHORT],
        "meta": meta(press, shown),
        "lead": opening_of(press, shown),
        "meter": meter(press, shown),
        "cards": cards(press, shown),
        "everything": everything(press, shown) if shown.readings else None,
        "sources": [(source, first.told(press, shown.sources[source.code])) for source in path.sources],
        "expected": expected_table(press, shown),
        "figure": _headline_figure(press, shown),
        "note": _note(press, shown),
        "verdict": _verdict(press, shown),
        "small": list(_small(press, shown)),
        "near": near(press, shown),
        "compared": compared(press, shown),
        "beside": first.beside(press, shown),
        "cited": published_table(press, found) if (found := cited(press, shown)) else None,
        "done": [_answer(press, each) for each in shown.done],
        "told": [account(press, local) for _, local in shown.local_measures],
        "alike": words.join([press.name(each.place) for each in shown.alike]),
        "teachers": words.join(
            [
                words("report.learn_have", name=name, measures=words.n("unit.measure", have))
                for name, have, _ in teachers(press, shown)
            ]
        ),
        "accounts": _accounts(press, shown),
        "answers": [effect(press, shown), cost(press, shown)],
        "measures": material.reference.measures,
        "path": path,
        "law": [(part, first.status(press, shown, part.indicators)) for part in path.law],
        "defined": [known for code in shown.readings if not (known := material.indicators[code]).categories],
    }


def _headline_figure(press: Press, shown: Picture) -> Markup | None:
    if shown.headline is None or len(shown.series) < 2:
        return None
    indicator = press.material.indicators[shown.headline.indicator]
    return series_figure(press, indicator, shown.place, shown.series)


def _verdict(press: Press, shown: Picture) -> tuple[str, Markup] | None:
    if shown.trend is None:
        return None
    years = press.numbers.years(shown.trend.first, shown.trend.last)
    return shown.trend.word, press.words(f"verdict.{shown.trend.word}", years=years)


def _note(press: Press, shown: Picture) -> Markup:
    """What the headline does not show; reports always with the effort behind them."""
    if shown.headline is None:
        return Markup("")
    indicator = press.material.indicators[shown.headline.indicator]
    text = Markup("{}").format((indicator.beside or indicator.caveat).in_(press.language))
    return text + " " + effort(press.words, shown.shifts) if shown.shows_effort else text


def _small(press: Press, shown: Picture) -> Iterator[Small]:
    """The other series with numbers, the newest beside each."""
    found = 0
    for code, series in shown.readings.items():
        indicator = press.material.indicators[code]
        known = [reading for reading in series if reading.state is State.VALUE]
        if code == (shown.headline and shown.headline.indicator) or indicator.categories or len(known) < 3:
            continue
        found += 1
        if found > MOST_SMALL:
            return
        yield small(press, indicator, series)


def _answer(press: Press, each: Any) -> tuple[str, Markup, str, Markup]:
    mark = press.example(each.reading.origin) if each.reading is not None else Markup("")
    told = status(press, each.reading) if each.reading else press.words("state.none")
    when = press.numbers.short_period(each.reading.period) if each.reading else ""
    return each.indicator.name.in_(press.language), told, when, mark


def _accounts(press: Press, shown: Picture) -> list[Any]:
    """What sources tell of the most alike, else of the best documented case; never of the place itself."""
    local = press.material.reference.local_measures
    near = {each.place.code for each in shown.alike} | {place.code for place in shown.neighbours}
    found = [each for each in local if each.region in near] or [
        each for each in local if each.region == "2480"
    ]
    return [account(press, each) for each in found if each.region != shown.place.code][:4]


def _for_paper(html: str) -> str:
    """Colours into the drawings, decoration to the background, and no links to pages that paper lacks."""
    return paint_all(as_backgrounds(re.sub(r"</?a\b[^>]*>", "", html)))


class _Paper:
    """WeasyPrint with its fonts and style sheet, made once for all reports of a process."""

    def __init__(self) -> None:
        try:
            import weasyprint
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import URLFetcher
        except OSError as error:
            raise BadUsage(_NO_PANGO) from error
        self._weasyprint = weasyprint
        self._fonts = FontConfiguration()
        self._style = weasyprint.CSS(filename=str(STYLE), font_config=self._fonts)
        # Drawings stand in the document itself; a report fetches nothing from anywhere.
        self._fetcher = URLFetcher(allowed_protocols={"data"}, fail_on_errors=True)
        self._images: dict[str, Any] = {}

    @staticmethod
    @cache
    def get() -> "_Paper":
        return _Paper()

    def print(self, html: str, identifier: str) -> bytes:
        """The document as a tagged file without any time but the release's.

        Layout makes hundreds of thousands of small objects and frees few: the collector would walk through
        all of them again and again, at nearly half of the time.
        """
        collecting = gc.isenabled()
        gc.disable()
        try:
            return self._print(html, identifier)
        finally:
            self._images.clear()
            if collecting:
                gc.enable()

    def _print(self, html: str, identifier: str) -> bytes:
        found: bytes = self._weasyprint.HTML(string=html, url_fetcher=self._fetcher).write_pdf(
            stylesheets=[self._style],
            font_config=self._fonts,
            pdf_variant="pdf/ua-1",
            pdf_identifier=identifier.encode(),
            cache=self._images,
            finisher=_with_scopes,
        )
        return found


def _with_scopes(_: Any, paper: Any) -> None:
    """Give each table heading the direction that PDF/UA-1 asks for (7.5), which WeasyPrint leaves out.

    A row of headings alone stands over columns; a heading beside cells belongs to its row.
    """
    elements: list[Any] = [each for each in paper.objects if isinstance(each, dict) and "S" in each]
    tags = {each.reference: each for each in elements}
    for each in elements:
        if each["S"] == "/TH":
            beside = {tags[child]["S"] for child in tags[each["P"]]["K"] if child in tags}
            each["A"]["Scope"] = "/Row" if "/TD" in beside else "/Column"
