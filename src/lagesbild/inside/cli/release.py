"""`lagesbild release`: draft, audit, approve, publish, list, show."""

import argparse
import getpass
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from lagesbild.core.language import Language, Text
from lagesbild.core.refusal import BadUsage, Exit, Finding
from lagesbild.inside import walk
from lagesbild.inside.walk import Draft, Event, Plan
from lagesbild.reference import load
from lagesbild.release.contents import Release
from lagesbild.release.keys import PublicKey

from .import_ import add_store, add_who, store_of
from .protect import bar

_REASON = Text("Rättade eller kompletterade uppgifter.", "Corrected or completed figures.")


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `release` with its steps."""
    release = subparsers.add_parser("release", help="gör utkast och publicera / make and publish releases")
    steps = release.add_subparsers(dest="step", required=True, metavar="STEP")
    _add_draft(steps)
    for name, run, needs_who, words in (
        ("audit", _audit, False, "granska utkastet på nytt / audit the draft anew"),
        ("approve", _approve, True, "godkänn utkastet / approve the draft"),
        ("publish", _publish, False, "lägg det godkända på hyllan / put what was approved on the shelf"),
        ("list", _list, False, "alla utkast och publiceringar / all drafts and releases"),
        ("show", _show, False, "vad utkastet innehåller / what the draft holds"),
    ):
        step = steps.add_parser(name, help=words)
        step.add_argument("--number", help="annars det senaste utkastet / otherwise the newest draft")
        if needs_who:
            add_who(step)
        if name == "approve":
            step.add_argument(
                "--digest",
                help="början av kontrollsumman du har sett, minst åtta tecken"
                " / the beginning of the digest that you have seen, at least eight characters",
            )
        if name == "publish":
            step.add_argument(
                "--who",
                default=getpass.getuser(),
                metavar="NAME",
                help="annars du som är inloggad / otherwise you who are logged in",
            )
            step.add_argument("--to", type=Path, required=True, metavar="SHELF", help="hyllan / the shelf")
        add_store(step)
        step.set_defaults(run=run)
    new_key = steps.add_parser("new-key", help="nya nycklar i stället för förlorade / new keys for lost ones")
    add_who(new_key)
    add_store(new_key)
    new_key.set_defaults(run=_new_key)


def _add_draft(steps: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    draft = steps.add_parser("draft", help="skydda, granska och ställ i ordning / protect, audit and stage")
    draft.add_argument("--number", required=True, help="till exempel 2026-1 / for instance 2026-1")
    add_who(draft)
    draft.add_argument(
        "--indicator", nargs="+", metavar="CODE", help="annars alla som finns / otherwise all there are"
    )
    draft.add_argument(
        "--prefer", nargs="+", default=(), metavar="CODE", help="helst visade platser / places rather shown"
    )
    draft.add_argument(
        "--date", type=date.fromisoformat, help="releasens dag, annars i dag / its day, otherwise today"
    )
    for language in ("sv", "en"):
        draft.add_argument(f"--title-{language}", help="titel / title")
        draft.add_argument(f"--reason-{language}", help="varför siffror har ändrats / why figures changed")
    add_store(draft)
    draft.set_defaults(run=_draft)


def _draft(options: argparse.Namespace) -> int:
    told: list[Text] = []
    with bar() as progress, store_of(options) as vault:
        made = walk.draft(
            vault,
            _plan(options),
            load(),
            event=Event.now(options.who),
            say=_speaker(options.lang),
            progress=progress,
            tell=told.append,
        )
        release = walk.staged(vault, made)
    statement = release.audit
    said = Text(
        f"Utkast {made.number}: {statement.cells} celler, {statement.published} visas, "
        f"{statement.hidden} skyddas, {statement.unsafe_too_narrow} för snävt.\n{made.digest}",
        f"Draft {made.number}: {statement.cells} cells, {statement.published} shown, "
        f"{statement.hidden} protected, {statement.unsafe_too_narrow} too narrow.\n{made.digest}",
    )
    _write(said.in_(options.lang))
    for line in (*_revised(release, options.lang), *_for_us(told, options.lang)):
        _write(line)
    return Exit.OK


def _plan(options: argparse.Namespace) -> Plan:
    if not re.fullmatch(r"20\d\d-[1-9]\d?", options.number, re.ASCII):
        raise BadUsage(_BAD_NUMBER)
    number = options.number
    return Plan(
        number=number,
        published=options.date or datetime.now(UTC).date(),
        title=Text(options.title_sv or f"Publicering {number}", options.title_en or f"Release {number}"),
        reason=Text(options.reason_sv or _REASON.sv, options.reason_en or _REASON.en),
        indicators=[code.upper() for code in options.indicator] if options.indicator else None,
        prefer=options.prefer,
    )


def _audit(options: argparse.Namespace) -> int:
    told: list[Text] = []
    with store_of(options) as vault:
        draft = walk.newest(vault, options.number)
        walk.examine(vault, draft, load(), say=_speaker(options.lang), tell=told.append)
    said = Text(
        f"Utkast {draft.number}: varje liten siffra är bevisat skyddad.",
        f"Draft {draft.number}: every small number is proven protected.",
    )
    if told:
        said = Text(
            f"Utkast {draft.number}: allt som går att skydda är bevisat skyddat.",
            f"Draft {draft.number}: all that can be protected is proven protected.",
        )
    for line in (said.in_(options.lang), *_for_us(told, options.lang)):
        _write(line)
    return Exit.OK


def _approve(options: argparse.Namespace) -> int:
    with store_of(options) as vault:
        draft = walk.newest(vault, options.number)
        draft = walk.approve(vault, draft, event=Event.now(options.who), seen=options.digest)
    said = Text(f"Godkänt: {draft.number} {draft.digest}", f"Approved: {draft.number} {draft.digest}")
    _write(said.in_(options.lang))
    return Exit.OK


def _publish(options: argparse.Namespace) -> int:
    with store_of(options) as vault:
        draft = walk.newest(vault, options.number)
        release = walk.publish(vault, draft, options.to, event=Event.now(options.who))
    said = Text(
        f"Publicerat: {release.number} {release.digest}", f"Published: {release.number} {release.digest}"
    )
    _write(said.in_(options.lang))
    return Exit.OK


def _new_key(options: argparse.Namespace) -> int:
    with store_of(options, renew=Event.now(options.who)) as vault:
        key = PublicKey.of(vault.signing_key)
    said = Text(
        f"Nyckeln som förseglar är nu {key.id}. Lämna ut hyllans nyckellista igen efter nästa publicering.",
        f"The sealing key is now {key.id}. Hand out the shelf's key list anew after the next release.",
    )
    _write(said.in_(options.lang))
    return Exit.OK


def _list(options: argparse.Namespace) -> int:
    with store_of(options) as vault:
        for draft in vault.drafts(options.number):
            _write(_line(draft).in_(options.lang))
    return Exit.OK


def _show(options: argparse.Namespace) -> int:
    with store_of(options) as vault:
        draft = walk.newest(vault, options.number)
        release = walk.staged(vault, draft)
    _write(_line(draft).in_(options.lang))
    for line in (*_contents(release, options.lang), *_revised(release, options.lang)):
        _write(line)
    return Exit.OK


def _line(draft: Draft) -> Text:
    state = Text("utkast", "draft")
    if draft.approved:
        state = Text(f"godkänt av {draft.approved.who}", f"approved by {draft.approved.who}")
    if draft.published:
        state = Text("publicerat", "published")
    when = f"{draft.event.at:%Y-%m-%d %H:%M} UTC"
    return Text(
        f"{draft.number}  {state.sv}  {draft.event.who}  {when}  {draft.digest}",
        f"{draft.number}  {state.en}  {draft.event.who}  {when}  {draft.digest}",
    )


def _contents(release: Release, language: Language) -> Iterator[str]:
    """One line a table: its shape, and how much of it is protected."""
    for code, figures in release.figures.items():
        hidden = sum(figure.value is None for _, figure in figures)
        name = release.indicators[code].name
        yield Text(
            f"  {code}  {name.sv}: {len(figures)} celler, {hidden} utan värde",
            f"  {code}  {name.en}: {len(figures)} cells, {hidden} without value",
        ).in_(language)


def _revised(release: Release, language: Language) -> Iterator[str]:
    """One line a table in which figures that were shown before have changed."""
    for revision in release.revisions:
        yield Text(
            f"  {revision.indicator}: {revision.changed} visade siffror är ändrade sedan förra publiceringen",
            f"  {revision.indicator}: {revision.changed} figures that were shown before have changed",
        ).in_(language)


def _for_us(told: Sequence[Text], language: Language) -> Iterator[str]:
    """What no release says, and whoever drafts or approves must know."""
    yield from (f"  {each.in_(language)}" for each in told)


def _speaker(language: Language) -> walk.Say:
    def say(station: Text) -> None:
        sys.stderr.write(f"{station.in_(language)} …\n")

    return say


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")


_BAD_NUMBER = Finding(
    "release-number",
    Text("Numret går inte att läsa.", "The number cannot be read."),
    Text("Skriv år och löpnummer: 2026-1.", "Write year and sequence: 2026-1."),
)
