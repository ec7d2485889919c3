"""`lagesbild-outside serve`: a built site on loopback, for looking at."""

import argparse
import contextlib
import sys
from pathlib import Path
from typing import Any

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Exit, Finding
from lagesbild.outside.host import serve

_AT = Text(
    "Sidorna visas på {address} (avsluta med Ctrl-C)", "The pages are shown at {address} (stop with Ctrl-C)"
)
_NOTHING = Finding(
    "not-a-site",
    Text("Mappen har ingen byggd webbplats.", "The folder holds no built site."),
    Text("Bygg den först med lagesbild-outside site.", "Build it first with lagesbild-outside site."),
)


def add_commands(subparsers: Any) -> None:
    """Adds `serve`."""
    parser = subparsers.add_parser("serve", help="visa en byggd webbplats / show a built site")
    parser.add_argument("site", type=Path, metavar="DIR", help="byggd webbplats / built site")
    parser.add_argument("--port", type=int, default=8000, help="önskad port / wished port")
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    if not (options.site / "sv/index.html").is_file():
        raise BadUsage(_NOTHING)
    with serve(options.site, options.port) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/{options.lang}/"
        sys.stdout.write(_AT.in_(options.lang).format(address=address) + "\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    return Exit.OK
