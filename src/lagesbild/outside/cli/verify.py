"""`lagesbild-outside verify`: does the seal hold, and what does it cover?"""

import argparse
import sys
from pathlib import Path
from typing import Any

from lagesbild.core.language import Language, Text
from lagesbild.core.refusal import Exit
from lagesbild.outside.shelf import open_releases
from lagesbild.release.contents import Release

_HOLDS = Text(
    "Förseglingen håller: {number}, {published}. Tabeller: {tables}. Celler: {cells}, skyddade: {hidden}.",
    "The seal holds: {number}, {published}. Tables: {tables}. Cells: {cells}, protected: {hidden}.",
)
_AUDIT = Text(
    "  Granskning: för snävt skyddade celler: {unsafe}. Tidigare publiceringar som prövats: {earlier}.",
    "  Audit: cells protected too narrowly: {unsafe}. Earlier releases reckoned with: {earlier}.",
)
_DIGEST = Text("  Kontrollsumma: {digest}", "  Digest: {digest}")
_OWN_KEYS = Text(
    "Nyckellistan är hyllans egen. Ange utgivarens med --keys för att upptäcka även en utbytt hylla.",
    "The key list is the shelf's own. Give the publisher's with --keys to detect an exchanged shelf too.",
)


def add_commands(subparsers: Any) -> None:
    """Adds `verify`."""
    parser = subparsers.add_parser(
        "verify", help="kontrollera förseglingen på en publicering eller en hylla / verify seals"
    )
    parser.add_argument("path", type=Path, metavar="DIR", help="publicering eller hylla / release or shelf")
    parser.add_argument("--keys", type=Path, help="utgivarens nyckellista / the publisher's key list")
    parser.add_argument("--known-head", help="senast sedda kontrollsumma / newest digest seen before")
    parser.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    releases = open_releases(options.path, options.keys, options.known_head)
    lines = [_OWN_KEYS.in_(options.lang)] if options.keys is None else []
    for release in releases:
        lines += _describe(release, options.lang)
    sys.stdout.write("\n".join(lines) + "\n")
    return Exit.OK


def _describe(release: Release, language: Language) -> list[str]:
    audit = release.audit
    holds = _HOLDS.in_(language).format(
        number=release.number,
        published=release.published,
        tables=len(release.figures),
        cells=audit.cells,
        hidden=audit.hidden,
    )
    proved = _AUDIT.in_(language).format(unsafe=audit.unsafe_too_narrow, earlier=audit.earlier_releases)
    return [holds, proved, _DIGEST.in_(language).format(digest=release.digest)]
