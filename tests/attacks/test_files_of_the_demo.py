"""Attacks 33 to 39 on the demonstration's files: parts, metadata, residues, leftovers, digests, headers."""

import hashlib
import io
import os
import re
import shutil
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from lagesbild.inside.attack import residue
from lagesbild.outside.host import serve
from lagesbild.outside.material import Material
from lagesbild.outside.paper.report import report
from lagesbild.outside.picture import picture
from lagesbild.outside.press import Press
from lagesbild.reference import load

PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:workbook|styles|sharedStrings|theme/theme1|worksheets/sheet\d+)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|docProps/(?:app|core)\.xml"
)
FORBIDDEN = (
    b"veryHidden", b'state="hidden"', b'hidden="1"', b"<f>", b"<f ", b"externalLink", b"definedName",
    b"comments", b"pivot", b"TargetMode", b"dataValidation", b"customXml",
)  # fmt: skip


def strange_parts(workbook: bytes) -> list[str]:
    """Parts that no workbook of ours has, and parts that hide something (attack 33)."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        return [
            each.filename
            for each in book.infolist()
            if not PARTS.fullmatch(each.filename)
            or any(mark in book.read(each) for mark in FORBIDDEN)
            or each.date_time != (1980, 1, 1, 0, 0, 0)
            or each.comment
        ]


def test_no_workbook_has_a_part_that_hides_something(demo) -> None:
    books = sorted(demo.site.rglob("*.xlsx"))
    assert len(books) > 200
    assert not [path for path in books if strange_parts(path.read_bytes())]


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/comments1.xml", b"<comments>3</comments>"),
        ("xl/pivotCache/pivotCacheRecords1.xml", b"<r><n v='3'/></r>"),
        ("xl/worksheets/sheet99.xml", b'<worksheet><row hidden="1"><c><v>3</v></c></row></worksheet>'),
        ("xl/worksheets/sheet98.xml", b"<worksheet><c><f>1+2</f><v>3</v></c></worksheet>"),
        ("docProps/custom.xml", b"<p>3</p>"),
    ],
)
def test_a_part_that_hides_something_turns_the_check_red(demo, part: str, content: bytes) -> None:
    planted = io.BytesIO((demo.site / "sv/kommun/2480-umea/data.xlsx").read_bytes())
    with zipfile.ZipFile(planted, "a") as book:
        book.writestr(zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0)), content)
    assert strange_parts(planted.getvalue()) == [part]


ACTIVE = ("/OCProperties", "/OpenAction", "/AA", "/AcroForm", "/Collection")
INFO = {"/Title", "/Creator", "/Producer", "/CreationDate", "/ModDate", "/Keywords", "/Subject", "/Author"}


def strange_in(paper: bytes) -> set[str]:
    """What a PDF of ours never has: a second revision, an attachment, a layer, a script, more metadata."""
    reader = PdfReader(io.BytesIO(paper))
    catalogue, found = reader.trailer["/Root"], set()
    found |= {"revisions"} if paper.count(b"%%EOF") != 1 or paper.count(b"startxref") != 1 else set()
    found |= {"after the end"} if paper.rstrip()[-5:] != b"%%EOF" else set()
    found |= {
        name
        for name in ("/OCProperties", "/OpenAction", "/AA", "/AcroForm", "/Collection")
        if name in catalogue
    }
    names = catalogue.get("/Names", {})
    found |= {name for name in ("/EmbeddedFiles", "/JavaScript") if name in names}
    found |= set(reader.metadata or {}) - INFO
    found |= {"annotation" for page in reader.pages for each in page.get("/Annots", ()) or ()
              if each.get_object()["/Subtype"] != "/Link"}  # fmt: skip
    return found


@pytest.fixture(scope="module")
def paper(demo) -> bytes:
    material = Material(demo.releases(), load())
    return report(Press(material, "sv"), picture(material, "2480"))


def test_a_report_is_one_revision_without_anything_beside_its_pages(paper: bytes) -> None:
    assert strange_in(paper) == set()


def test_a_second_revision_or_an_attachment_turns_the_check_red(paper: bytes) -> None:
    from pypdf import PdfWriter

    assert "revisions" in strange_in(paper + b"\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n")
    writer = PdfWriter(io.BytesIO(paper))
    writer.add_attachment("register.csv", b"3")
    writer.add_metadata({"/Source": "3"})
    planted = io.BytesIO()
    writer.write(planted)
    assert {"/EmbeddedFiles", "/Source"} <= strange_in(planted.getvalue())


def test_the_sealed_tables_of_the_demo_hold_no_residue(demo) -> None:
    """Attack 35; a planted column statistic is in tests/unit/inside/attack/test_attack.py."""
    for folder in sorted(demo.shelf.glob("2026-*")):
        staged = [each for each in residue.search(folder) if each.place.file != "manifest.sig"]
        assert not [each for each in staged if each.code == "residue"]


LINK = re.compile(r'(?:href|src|action)="([^"#?]*)')


def unreached(site: Path) -> set[str]:
    """Files of a site that no link leads to from its two start pages (attack 37)."""
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    reached, waiting = set(), ["sv/index.html", "en/index.html"]
    while waiting:
        name = waiting.pop()
        if name in files and name not in reached:
            reached.add(name)
            if name.endswith((".html", ".atom")):
                waiting += list(targets(name, (site / name).read_text(encoding="utf-8")))
    return files - reached


def targets(name: str, page: str) -> Iterator[str]:
    for link in LINK.findall(page):
        path = os.path.normpath(os.path.join("/" + os.path.dirname(name), link)).lstrip("/")
        yield path if "." in path.rsplit("/", 1)[-1] else f"{path}/index.html"


FETCHED_BY_SCRIPT = re.compile(r"(?:sv|en)/(?:places|likeness|compare)\.json|(?:sv|en)/.*\.json")


def test_every_file_of_the_site_is_linked_from_a_page_or_read_by_the_script(demo) -> None:
    assert not {name for name in unreached(demo.site) if not FETCHED_BY_SCRIPT.fullmatch(name)}


def test_a_file_that_was_left_over_turns_the_check_red(tmp_path: Path) -> None:
    for language in ("sv", "en"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "index.html").write_text('<a href="/sv/">')
    (tmp_path / "sv/index.html.orig").write_text("3")
    assert unreached(tmp_path) == {"sv/index.html.orig"}


DIGEST = re.compile(rb"(?<![0-9a-fA-F])[0-9a-f]{32,}(?![0-9a-fA-F])")


def unexplained_digests(site: Path, known: set[bytes]) -> dict[str, set[bytes]]:
    """Digests on the site that are not of a sealed public file (attack 38)."""
    found = {}
    for path in site.rglob("*"):
        if path.suffix in (".html", ".json", ".csv", ".svg", ".atom", ".toml", ".js"):
            strange = set(DIGEST.findall(path.read_bytes())) - known
            if strange:
                found[path.relative_to(site).as_posix()] = strange
    return found


@pytest.fixture(scope="module")
def digests(demo) -> set[bytes]:
    public = [content for files in demo.sealed().values() for content in files.values()]
    return {hashlib.sha256(content).hexdigest().encode() for content in public}


def test_every_digest_on_the_site_is_of_a_public_file(demo, digests: set[bytes]) -> None:
    assert unexplained_digests(demo.site, digests) == {}


def test_a_digest_of_a_count_turns_the_check_red(tmp_path: Path, digests: set[bytes]) -> None:
    (tmp_path / "page.html").write_text(f"<p>{hashlib.sha256(b'D01 2460 2024 3').hexdigest()}</p>")
    assert list(unexplained_digests(tmp_path, digests)) == ["page.html"]


PAGES = (
    "/sv/",
    "/sv/kommun/2480-umea/",
    "/sv/kommun/2460-vannas/data.csv",
    "/sv/kommun/2480-umea/data.csv",
    "/none",
)


def headers(site: Path) -> list[dict[str, str]]:
    """What the server says of each page beside its bytes, but for the time of day."""
    with serve(site, 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        said = []
        for page in PAGES:
            request = urllib.request.Request(
                f"http://127.0.0.1:{server.server_address[1]}{page}", headers={"Accept-Encoding": "gzip"}
            )
            try:
                answer = urllib.request.urlopen(request, timeout=10)  # noqa: S310
            except urllib.error.HTTPError as refused:
                answer = refused
            with answer:
                said.append({name: value for name, value in answer.headers.items() if name != "Date"})
        server.shutdown()
        thread.join()
    return said


def test_headers_depend_on_the_public_bytes_alone(demo, tmp_path: Path) -> None:
    """Attack 39: the same bytes, written at another time by another build, answer with the same headers."""
    for page in ("sv/index.html", "sv/kommun/2480-umea/index.html", "sv/kommun/2480-umea/data.csv"):
        target = tmp_path / page
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(demo.site / page, target)
        os.utime(target, (1, 1))
    here, there = headers(demo.site), headers(tmp_path)
    assert here == there
    assert not {"ETag", "Last-Modified", "Age"} & {name for said in here for name in said}


def test_a_header_that_tells_more_turns_the_check_red(demo, tmp_path: Path, monkeypatch) -> None:
    from lagesbild.outside import host

    before = headers(demo.site)
    monkeypatch.setitem(host.HEADERS, "ETag", "hidden-3")
    assert headers(demo.site) != before
