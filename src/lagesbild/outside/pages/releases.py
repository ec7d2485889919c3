"""What was published when: the calendar, each release for itself, what was revised, and the Atom feed."""

from datetime import UTC, datetime

from markupsafe import Markup, escape

from lagesbild.outside.press import Files, Page, Press
from lagesbild.outside.table import Head, Line, table
from lagesbild.outside.words import lower, opening, plain
from lagesbild.release.contents import Release


def overview(press: Press, _: str) -> Files:
    words, numbers = press.words, press.numbers
    heads = [
        Head(words("releases.number")),
        Head(words("releases.day")),
        Head(words("releases.title")),
        Head(words("releases.cells"), number=True),
        Head(words("releases.shown"), number=True),
        Head(words("releases.hidden"), number=True),
    ]
    lines = [
        Line(
            (
                Markup('<a href="{}">{}</a>').format(press.to.release(each.number), each.number),
                numbers.day(each.published),
                each.title.in_(press.language),
                numbers.whole(each.audit.cells),
                numbers.whole(each.audit.published),
                numbers.whole(each.audit.hidden),
            )
        )
        for each in reversed(press.material.releases)
    ]
    yield press.section_page(
        "releases.html",
        "releases",
        str(words("nav.releases")),
        plain(words("releases.intro")),
        releases=table(words("releases.caption"), heads, lines, stack=True),
        newest=press.material.release,
        revised=revised(press, press.material.release),
        calendar=calendar(press),
    )
    yield press.to("feed").removeprefix(press.base), feed(press).encode()


def calendar(press: Press) -> Markup:
    """When figures come, and what is in them: a promise by month, never by a person."""
    words = press.words
    heads = [Head(words("releases.when")), Head(words("releases.what"))]
    lines = [
        Line((words(f"releases.{each}_when"), words(f"releases.{each}_what")))
        for each in ("spring", "autumn", "errors")
    ]
    return table(words("releases.calendar") + press.example(press.material.origin), heads, lines)


def one(press: Press, number: str) -> Files:
    """The page of one release; it never changes once the release is out."""
    words, numbers = press.words, press.numbers
    release = next(each for each in press.material.releases if each.number == number)
    title = str(words("site.release", number=number, day=numbers.day(release.published)))
    page = Page(
        path=press.to.release(number),
        twin=press.to.other.release(number),
        title=title,
        description=plain(words("releases.intro")),
        section="release",
        heading=title,
        trail=((str(words("nav.releases")), press.to("releases")),),
        example=any(each.origin == "example" for each in release.figures.values()),
    )
    audit = words(
        "releases.audit_text",
        cells=numbers.whole(release.audit.cells),
        published=numbers.whole(release.audit.published),
        hidden=numbers.whole(release.audit.hidden),
        narrow=numbers.whole(release.audit.unsafe_too_narrow),
    )
    yield press.page(
        "one_release.html",
        page,
        shown=release,
        audit=audit,
        revised=revised(press, release),
        indicators=[
            (
                release.indicators[code].name.in_(press.language),
                press.to.indicator(press.material.indicators[code]),
                figures.origin,
            )
            for code, figures in release.figures.items()
            if code in press.material.indicators
        ],
    )


def revised(press: Press, release: Release) -> Markup | None:
    """Which indicators had cells changed, how many, and why."""
    if not release.revisions:
        return None
    words = press.words
    heads = [
        Head(words("table.indicator")),
        Head(words("releases.changed"), number=True),
        Head(words("releases.why")),
    ]
    lines = [
        Line(
            (
                press.material.indicators[each.indicator].name.in_(press.language),
                press.numbers.whole(each.changed),
                each.reason.in_(press.language),
            )
        )
        for each in release.revisions
    ]
    return table(words("releases.revised_caption"), heads, lines)


def changes(press: Press, release: Release) -> list[tuple[str, Markup]]:
    """What was changed: for each reason the indicators, with how many figures each."""
    found: dict[str, list[Markup]] = {}
    for each in release.revisions:
        name = press.material.indicators[each.indicator].name.in_(press.language)
        found.setdefault(each.reason.in_(press.language), []).append(
            press.words.n("start.revised", each.changed, name=lower(name))
        )
    return [(why, opening(press.words.join(names))) for why, names in found.items()]


def feed(press: Press) -> str:
    """Atom 1.0 (RFC 4287): one entry a release, dated by the release itself and never by the build."""
    newest = press.material.release
    entries = "".join(_entry(press, each) for each in reversed(press.material.releases))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{press.language}">'
        f"<title>{escape(press.words('site.name'))}</title><id>urn:lagesbild:releases:{press.language}</id>"
        f'<link href="{escape(press.to("releases"))}"/><link rel="self" href="{escape(press.to("feed"))}"/>'
        f"<updated>{_moment(newest)}</updated><author><name>{escape(press.words('site.name'))}</name></author>"
        f"{entries}</feed>\n"
    )


def _entry(press: Press, release: Release) -> str:
    told = " ".join(f"{why} {plain(names)}." for why, names in changes(press, release))
    untouched = press.words("releases.nothing" if release.predecessor else "releases.first")
    return (
        f"<entry><title>{escape(release.title.in_(press.language))}</title>"
        f"<id>urn:lagesbild:release:{escape(release.digest)}</id>"
        f'<link href="{escape(press.to.release(release.number))}"/><updated>{_moment(release)}</updated>'
        f"<summary>{escape(told or untouched)}</summary></entry>"
    )


def _moment(release: Release) -> str:
    day = release.published
    return datetime(day.year, day.month, day.day, tzinfo=UTC).isoformat().replace("+00:00", "Z")
