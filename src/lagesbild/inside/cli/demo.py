"""`lagesbild demo`: the whole street on invented example counts, from files to pages in the browser."""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lagesbild.core.language import Language, Text
from lagesbild.core.refusal import BadUsage, Finding
from lagesbild.inside import example, walk
from lagesbild.inside.walk import Event, Plan, Vault
from lagesbild.reference import load
from lagesbild.release.contents import Release
from lagesbild.release.origin import mark
from lagesbild.release.seal import MANIFEST

ANALYST, REVIEWER = "Exempelanalytiker", "Exempelgranskare"
_OWN = ("files", "store", "shelf")
_REASON = Text("Dubbelräkning rättad, nya uppgifter.", "Double counting corrected, new figures.")


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `demo`."""
    parser = subparsers.add_parser(
        "demo", help="hela vägen med exempeldata / the whole way with example data"
    )
    parser.add_argument(
        "--to",
        type=Path,
        default=Path("build/demo"),
        metavar="DIR",
        help="förråd och hylla / store and shelf",
    )
    parser.add_argument(
        "--site", type=Path, default=Path("build/site"), metavar="DIR", help="sidorna / the pages"
    )
    parser.add_argument("--no-site", action="store_true", help="bygg inga sidor / build no pages")
    parser.add_argument(
        "--serve", action="store_true", help="visa sidorna efteråt / serve the pages afterwards"
    )
    parser.add_argument("--port", help="annars en ledig / otherwise a free one")
    parser.set_defaults(run=_demo)


def _demo(options: argparse.Namespace) -> int:
    stations = Stations(options.lang)
    if not options.no_site:
        only_examples(options.site)
    _clear(options.to)
    releases = _publish(options.to, stations)
    if not options.no_site:
        make_room(options.site, options.to / "shelf")
        stations.come_to(Text("Bygger sidorna", "Building the pages"))
        _outside("site", "--releases", options.to / "shelf", "--to", options.site, "--lang", options.lang)
    stations.end()
    _summary(releases, stations)
    if options.serve and not options.no_site:
        port = ("--port", options.port) if options.port else ()
        command = _command("serve", options.site, *port, "--lang", options.lang)
        os.execv(command[0], command)  # noqa: S606 - our own program takes this one's place
    return 0


def _publish(to: Path, stations: "Stations") -> list[Release]:
    """Every handover through the gate, every release by two people."""
    stations.come_to(Text("Hittar på exempel", "Inventing examples"))
    reference = load()
    handovers = example.handovers(reference)
    releases = []
    with walk.opened(to / "store") as vault:
        for number, day in example.RELEASES.items():
            for handover in handovers:
                if handover.number == number:
                    _take_in(vault, handover, to / "files", stations)
            title = Text(f"Exempelpublicering {number}", f"Example release {number}")
            plan = Plan(number, day, title, _REASON, prefer=[example.UMEA])
            at = max(handover.at for handover in handovers if handover.number == number)
            made = walk.draft(vault, plan, reference, event=Event(ANALYST, at), say=stations.come_to)
            stations.come_to(Text("En annan person godkänner", "Another person approves"))
            walk.approve(vault, made, event=Event(REVIEWER, at))
            stations.come_to(Text(f"Publicerar {number}", f"Publishing {number}"))
            releases.append(walk.publish(vault, made, to / "shelf", event=Event(REVIEWER, at)))
    return releases


def _take_in(vault: Vault, handover: example.Handover, files: Path, stations: "Stations") -> None:
    stations.cells += len(handover.rows)
    stations.come_to(Text(f"Grinden: {handover.name}", f"The gate: {handover.name}"))
    walk.take_in(
        vault,
        [example.write(handover, files)],
        load(),
        event=Event(ANALYST, handover.at),
        source=handover.source,
        origin="example",
    )


@dataclass
class Stations:
    """Says where the walk is, and how long each station took. `cells`: rows handed over."""

    language: Language
    cells: int = 0
    _began: float = field(default_factory=time.monotonic)
    _since: float = 0.0
    _now: Text | None = None

    def come_to(self, station: Text) -> None:
        """The station before is done, this one begins."""
        self.end()
        self._now, self._since = station, time.monotonic()
        sys.stderr.write(f"{station.in_(self.language):.<44} ")
        sys.stderr.flush()

    def end(self) -> None:
        """The last station is done."""
        if self._now:
            sys.stderr.write(f"{time.monotonic() - self._since:6.1f} s\n")
        self._now = None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began


def _summary(releases: Sequence[Release], stations: Stations) -> None:
    for release in releases:
        audit = release.audit
        said = Text(
            f"{release.number}: {audit.cells} celler, {audit.published} visas, {audit.hidden} skyddas, "
            f"{audit.unsafe_too_narrow} för snävt skyddade",
            f"{release.number}: {audit.cells} cells, {audit.published} shown, {audit.hidden} protected, "
            f"{audit.unsafe_too_narrow} protected too narrowly",
        )
        sys.stdout.write(said.in_(stations.language) + "\n")
    users = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(user).ru_maxrss for user in users) / 1024
    said = Text(
        f"{stations.cells} rader in, {stations.seconds:.0f} s, högst {peak:.0f} MB minne",
        f"{stations.cells} rows in, {stations.seconds:.0f} s, at most {peak:.0f} MB of memory",
    )
    sys.stdout.write(said.in_(stations.language) + "\n")
    sys.stdout.flush()


def _clear(to: Path) -> None:
    """An empty folder for the demo; only what an earlier demo made is removed. Raises BadUsage."""
    if to.exists() and {path.name for path in to.iterdir()} - set(_OWN):
        raise BadUsage(_OTHERS)
    for name in _OWN:
        shutil.rmtree(to / name, ignore_errors=True)
    (to / "files").mkdir(parents=True)


def only_examples(site: Path) -> None:
    """Refuses a site with releases that do not say they are invented, before anything is done.

    Raises BadUsage.
    """
    if not all(map(_is_invented, _frozen(site))):
        raise BadUsage(_REAL)


def _is_invented(manifest: Path) -> bool:
    try:
        return set(json.loads(manifest.read_bytes())["origin"].values()) == {mark("example")}
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def make_room(site: Path, shelf: Path) -> None:
    """Takes away what an earlier demo froze under these numbers, if it was made by another version: invented
    figures need no address for ever."""
    for manifest in _frozen(site):
        folder = manifest.parent.parent
        ours = shelf / folder.name / MANIFEST
        if ours.exists() and ours.read_bytes() != manifest.read_bytes():
            shutil.rmtree(folder)


def _frozen(site: Path) -> list[Path]:
    return sorted(site.glob(f"r/*/data/{MANIFEST}"))


def _command(*arguments: object) -> list[str]:
    """The outside program, which lies beside this one: inside never imports it."""
    return [str(Path(sys.executable).with_name("lagesbild-outside")), *map(str, arguments)]


def _outside(*arguments: object) -> None:
    subprocess.run(_command(*arguments), check=True)  # noqa: S603 - our own program


_REAL = Finding(
    "real-figures",
    Text("Webbplatsen kan ha publicerat verkliga siffror.", "The site may have published real figures."),
    Text("Ange en annan mapp med --site.", "Give another folder with --site."),
)
_OTHERS = Finding(
    "not-empty",
    Text("Mappen innehåller annat än en demo.", "The folder holds other things than a demo."),
    Text("Ange en tom mapp med --to.", "Give an empty folder with --to."),
)
