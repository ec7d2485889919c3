"""The committee's report: whole, read aloud in order, the same every time, and nothing beside its pages."""

import io
import itertools
import re
import sys

import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from example_release import make_release
from lagesbild.core.figures import State
from lagesbild.core.refusal import BadUsage
from lagesbild.outside.cli import main
from lagesbild.outside.material import Material
from lagesbild.outside.paper import report as paper
from lagesbild.outside.paper.accessible import Unreadable, require
from lagesbild.outside.picture import picture
from lagesbild.outside.press import Press
from lagesbild.reference import load

ORDER = {
    "sv": (
        "Sammanfattning",
        "Kartläggning:",
        "Lägesbild: över tid",
        "Orsaker att",
        "Vad som görs",
        "Uppföljning",
    ),
    "en": ("Summary", "Mapping:", "Situation picture: over", "Causes to", "What is done", "Follow-up"),
}


@pytest.fixture(scope="module")
def material() -> Material:
    return Material((make_release(),), load())


@pytest.fixture(scope="module")
def blank(material) -> str:
    return next(code for code, state in sorted(material.known.items()) if state is State.NO_PICTURE)


@pytest.fixture(scope="module")
def printed(material, blank) -> dict[tuple[str, str], bytes]:
    cases = (("sv", "2480"), ("en", "2480"), ("sv", blank))
    return {
        (language, code): paper.report(Press(material, language), picture(material, code))
        for language, code in cases
    }


@pytest.fixture(scope="module")
def umea(printed) -> PdfReader:
    return PdfReader(io.BytesIO(printed["sv", "2480"]))


def text(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_four_to_eight_pages_each_with_release_digest_and_number(printed, material):
    for (language, _), pdf in printed.items():
        pages = text(pdf)
        assert 4 <= len(pages) <= 8
        of = {"sv": "av", "en": "of"}[language]
        for number, page in enumerate(pages, start=1):
            assert "2026-1" in page
            assert material.release.digest[:12] in page
            assert re.search(rf"\b{number} {of} {len(pages)}\b", page)


def test_the_text_comes_in_reading_order_in_both_languages(printed):
    for language in ("sv", "en"):
        whole = "\n".join(text(printed[language, "2480"]))
        places = [whole.index(heading) for heading in ORDER[language]]
        assert places == sorted(places)


def test_the_structure_has_headings_in_order_and_every_figure_its_words(umea):
    elements = list(structure(umea.trailer["/Root"]["/StructTreeRoot"]))
    headings = [int(kind[2]) for kind, _ in elements if re.fullmatch("/H[1-6]", kind)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(headings))
    figures = [element for kind, element in elements if kind == "/Figure"]
    assert len(figures) >= 2
    assert all(element.get("/Alt") for element in figures)
    assert sum(kind == "/Table" for kind, _ in elements) >= 5
    assert sum(kind == "/Caption" for kind, _ in elements) >= 5


def test_every_table_heading_says_whether_it_heads_a_row_or_a_column(umea):
    """PDF/UA-1, 7.5; veraPDF's rule of the same clause."""
    elements = list(structure(umea.trailer["/Root"]["/StructTreeRoot"]))
    scopes = [str(element["/A"].get("/Scope")) for kind, element in elements if kind == "/TH"]
    assert set(scopes) == {"/Row", "/Column"}


def structure(element):
    """Every element of the structure tree, with its kind, in reading order."""
    kind = element.get("/S")
    if kind:
        yield str(kind), element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        child = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if hasattr(child, "get") and child.get("/Type") == "/StructElem":
            yield from structure(child)


def test_it_says_that_it_is_for_everybody(umea):
    root = umea.trailer["/Root"]
    assert root["/Lang"] == "sv"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert umea.metadata.title == "Lägesbild: prostitution och sexköp i Umeå"
    assert all(page.get("/Tabs", "/S") == "/S" for page in umea.pages)


def test_nothing_stands_beside_the_pages(printed, umea):
    root = umea.trailer["/Root"]
    assert set(root) <= {
        "/Type", "/Pages", "/Lang", "/Metadata", "/StructTreeRoot", "/MarkInfo", "/ViewerPreferences",
        "/Outlines", "/PageMode", "/Names",
    }  # fmt: skip
    assert umea.attachments == {}
    assert set(umea.metadata) == {"/Title", "/Author", "/Subject", "/Producer", "/CreationDate", "/ModDate"}
    assert umea.metadata["/CreationDate"].startswith("D:20261123")
    raw = printed["sv", "2480"]
    assert raw.count(b"%%EOF") == 1
    assert raw.count(b"startxref") == 1
    objects = [found.get_object() for found in every_object(umea)]
    kinds = {
        str(each.get(key)) for each in objects if hasattr(each, "get") for key in ("/S", "/Type", "/Subtype")
    }
    assert kinds.isdisjoint(
        {"/JavaScript", "/Launch", "/EmbeddedFile", "/Filespec", "/OCG", "/URI", "/GoToR"}
    )


def every_object(reader):
    return [IndirectObject(number, 0, reader) for number in range(1, int(reader.trailer["/Size"]))]


def test_the_same_release_gives_the_same_bytes(printed, material):
    again = paper.report(Press(material, "sv"), picture(material, "2480"))
    assert again == printed["sv", "2480"]


def test_examples_are_marked_where_they_stand_and_on_every_page(printed):
    for page in text(printed["sv", "2480"])[1:]:
        assert "Exempeldata: siffror med märket är påhittade" in page
    assert "påhittade" in text(printed["sv", "2480"])[0]


def test_a_place_without_a_picture_gets_a_paper_to_begin_with(printed, blank):
    whole = "\n".join(text(printed["sv", blank]))
    for words in (
        "Ingen bild ännu",
        "De första stegen",
        "Det här vet vi om hela landet",
        "Grannar",
        "Årshjul",
    ):
        assert words in whole


def test_a_template_without_words_for_a_picture_is_refused(material, monkeypatch):
    press, shown = Press(material, "sv"), picture(material, "2480")
    html = paper.document(press, shown)
    require(html)
    monkeypatch.setattr(
        paper, "document", lambda *_: re.sub(r"(<svg[^>]*>.*?)<title.*?</title>", r"\1", html, count=1)
    )
    with pytest.raises(Unreadable):
        paper.report(press, shown)


def test_protected_figures_are_words_and_no_link_leads_out(material):
    press = Press(material, "sv")
    for code, state in sorted(material.known.items()):
        if state is State.PROTECTED:
            html = paper.document(press, picture(material, code))
            assert "skyddat" in html
            assert "href" not in html
            return
    raise AssertionError("the example has no protected place")


def test_without_pango_the_command_says_which_packages_and_exits_with_usage(monkeypatch):
    class Missing:
        @staticmethod
        def find_spec(name, *_):
            if name == "weasyprint":
                raise OSError("cannot load library")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing, *sys.meta_path])
    with pytest.raises(BadUsage) as refused:
        paper._Paper()
    assert refused.value.exit_code == 2
    assert "libpango-1.0-0" in refused.value.in_("sv")
    assert "Install the Debian packages" in refused.value.in_("en")


def test_the_command_writes_one_report_and_knows_its_places(material, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("lagesbild.outside.cli.report.open_releases", lambda *_: material.releases)
    to = tmp_path / "umea.pdf"
    assert main(["report", "2480", "--releases", str(tmp_path), "--to", str(to)]) == 0
    assert to.read_bytes().startswith(b"%PDF-1.7")
    assert main(["report", "9999", "--releases", str(tmp_path)]) == 2
    assert main(["--lang", "en", "report", "--releases", str(tmp_path)]) == 2
    assert "municipality code" in capsys.readouterr().err
