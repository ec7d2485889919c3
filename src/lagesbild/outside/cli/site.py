"""`lagesbild-outside site`: every public page, from verified releases and public facts alone."""

import argparse
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from lagesbild import reference
from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Exit, Finding
from lagesbild.outside.material import Material
from lagesbild.outside.shelf import open_releases, sealed_files
from lagesbild.outside.site import build

_BUILT = Text(
    "{pages} sidor i {files} filer, {size} MB, i {to}; {made} filer gjordes nu",
    "{pages} pages in {files} files, {size} MB, in {to}; {made} files were made now",
)
_BASE = Finding(
    "base-path",
    Text("Basadressen ska börja och sluta med snedstreck.", "The base path must begin and end with a slash."),
    Text("Skriv till exempel --base /lagesbild/.", "Write for instance --base /lagesbild/."),
)
_NOT_A_SITE = Finding(
    "not-a-site",
    Text("Mappen finns och är ingen byggd webbplats.", "The folder exists and is not a built site."),
    Text("Ange en tom mapp eller en som är byggd förut.", "Give an empty folder or one built before."),
)


def add_commands(subparsers: Any) -> None:
    """Adds `site`."""
    parser = subparsers.add_parser("site", help="bygg de öppna sidorna / build the public pages")
    parser.add_argument(
        "--releases", type=Path, required=True, help="hyllan med releaser / the shelf of releases"
    )
    parser.add_argument(
        "--to", type=Path, default=Path("build/site"), help="mapp att skriva till / where to write"
    )
    parser.add_argument(
        "--base", default="/", help="sidornas adress på servern / path of the site on its host"
    )
    parser.add_argument("--keys", type=Path, help="utgivarens nyckellista / the publisher's key list")
    parser.set_defaults(run=_site)


def _site(options: argparse.Namespace) -> int:
    if not (options.base.startswith("/") and options.base.endswith("/")):
        raise BadUsage(_BASE)
    if options.to.exists() and any(options.to.iterdir()) and not (options.to / "static/style.css").is_file():
        raise BadUsage(_NOT_A_SITE)
    material = Material(
        open_releases(options.releases, options.keys),
        reference.load(),
        sealed_files(options.releases, options.keys),
    )
    with tqdm(unit="job", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:

        def say(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        built = build(material, options.to, options.base, say)
    sentence = _BUILT.in_(options.lang)
    sys.stdout.write(
        sentence.format(
            pages=built.pages,
            files=built.files,
            size=round(built.size / 1e6, 1),
            to=options.to,
            made=built.made,
        )
        + "\n"
    )
    return Exit.OK
