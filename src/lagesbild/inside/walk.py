"""The whole journey of a table, read top to bottom; it stops twice for people: a mended file, an approval."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.figures import Key, Origin, State
from lagesbild.core.indicator import Protection
from lagesbild.core.language import Text
from lagesbild.core.refusal import AgainstPolicy, BadUsage, Finding
from lagesbild.inside import attack, intake, safeguard, told
from lagesbild.inside.edition import Plan as Plan
from lagesbild.inside.edition import edition, figures_of
from lagesbild.inside.intake import wording
from lagesbild.inside.linked.adding_up import check_add_up
from lagesbild.inside.linked.margins import Cell, Margins, margins
from lagesbild.inside.linked.stack import Layer, Stack, stack
from lagesbild.inside.safeguard import Hide
from lagesbild.inside.vault import Draft as Draft
from lagesbild.inside.vault import Event as Event
from lagesbild.inside.vault import Vault as Vault
from lagesbild.inside.vault import Vintage, faults, policies
from lagesbild.reference import Reference
from lagesbild.release import bundle
from lagesbild.release.contents import AuditStatement, Release, Source

Say = Callable[[Text], None]
"""Told the name of each station as the walk comes to it."""


def quiet(station: Text) -> None:
    """Says nothing."""


@contextmanager
def opened(folder: Path, address: str | None = None, *, renew: Event | None = None) -> Iterator[Vault]:
    """The store in a folder, closed again afterwards; with new keys in place of lost ones where it is wished.

    Raises AgainstPolicy where others could read it, where a key or the database was lost, or, whenever it
    shows, where the database is damaged.
    """
    vault = Vault.open(folder, address, renew=renew)
    try:
        with faults.worded():
            yield vault
    finally:
        vault.close()


def take_in(
    vault: Vault,
    files: Sequence[Path],
    reference: Reference,
    *,
    event: Event,
    source: str,
    origin: Origin = "reported",
    progress: Callable[[int], None] = lambda bytes_read: None,
) -> tuple[Vintage, ...]:
    """From files to kept tables: all of them come through the gate, or nothing of them stays.

    They must add up by themselves, and together with what is in the store.

    Raises Refusal with every place, rule and remedy.
    """
    _check_source(source)
    admitted = intake.admit(files, reference, origin=origin, progress=progress)
    return vault.keep(list(admitted.tables.values()), source, event=event, check=admitted.check_with)


def draft(
    vault: Vault,
    plan: Plan,
    reference: Reference,
    *,
    event: Event,
    hide: Hide = safeguard.least_cost,
    say: Say = quiet,
    progress: safeguard.Progress = safeguard.quiet,
    tell: Say = quiet,
) -> Draft:
    """From kept tables to a staged release that waits for another person's yes.

    `tell`: told what is for those inside only, such as how much earlier releases have told.

    Raises Unsafe, with nothing staged, where a cell cannot be proven protected or the staged bytes tell more
    than the released cells; AgainstPolicy where the number is taken, or it or the day comes before the
    newest release's; Refusal where the words of the plan hold what looks like personal data.
    """
    policies.check_is_named(event.who)
    _check_words(plan)
    _check_number(vault, plan.number)
    earlier = _earlier(vault)
    _check_order(plan, [each.release for each in earlier])

    say(Text("Länkar samman tabellerna", "Linking the tables"))
    vintages = _ingredients(vault, plan.indicators)
    tables = _tables(vault, vintages, reference, earlier)
    check_add_up(tables)
    linked = told.beside_earlier(_linked(vault, tables, earlier, reference))
    for words in told.in_words(linked):
        tell(words)

    say(Text("Skyddar", "Protecting"))
    hidden = safeguard.choose(linked, hide, plan.prefer, progress)

    say(Text("Granskar skyddet", "Auditing the protection"))
    safeguard.check_protected(linked, hidden)

    say(Text("Ställer i ordning publiceringen", "Staging the release"))
    releases = [each.release for each in earlier]
    figures = figures_of(tables, linked, hidden)
    sources = {code: _sources(code, vintages) for code in figures}
    planned = edition(plan, figures, reference.indicators, sources, releases)
    folder = vault.stage()
    with _taken_away_if_stopped(folder):
        digest = bundle.write(planned, reference.geography, folder)
        say(Text("Angriper det som ska publiceras", "Attacking what is to be published"))
        attack.check(folder, planned, releases, linked, private=_private(vintages))
    # Not within: a draft that was recorded in the very moment of a Ctrl-C keeps its files.
    return vault.draft(plan.number, digest, folder, vintages, event=event)


def examine(
    vault: Vault, draft: Draft, reference: Reference, *, say: Say = quiet, tell: Say = quiet
) -> AuditStatement:
    """Audit a staged draft anew, from its bytes and the kept tables, as if nobody had done it before.

    Raises AgainstPolicy where the bytes have changed, Unsafe where a cell cannot be proven protected.
    """
    release = staged(vault, draft)
    earlier = [each for each in _earlier(vault) if each.draft.id < draft.id]
    tables = _tables(vault, draft.vintages, reference, earlier)
    linked = told.beside_earlier(_linked(vault, tables, earlier, reference))
    for words in told.in_words(linked):
        tell(words)
    say(Text("Granskar skyddet", "Auditing the protection"))
    safeguard.check_protected(linked, _hidden_in(linked, release))
    return release.audit


def approve(vault: Vault, draft: Draft, *, event: Event, seen: str | None = None) -> Draft:
    """A person's yes to the staged bytes. `seen`: how the digest begins that the person has seen.

    Raises AgainstPolicy for an importer, for changed bytes, and for another draft than the one seen.
    """
    if seen is not None:
        policies.check_is_what_was_seen(draft, seen)
    return vault.approve(draft, staged(vault, draft).digest, event=event)


def publish(vault: Vault, draft: Draft, shelf: Path, *, event: Event) -> Release:
    """Seal the approved bytes, write down that they are published, and put them on the shelf in one step.

    In this order, so that the store never forgets what readers have seen: a publisher that was killed in
    between is run again, and neither the store nor the shelf is written twice.
    Raises AgainstPolicy where the draft is not approved, its bytes have changed, or the shelf or the store
    has moved on.
    """

    def record(release: Release) -> None:
        if vault.again(draft).published is None:
            vault.publish(draft, release.digest, after=release.predecessor, event=event)

    policies.check_is_named(event.who)
    now = vault.again(draft)
    policies.check_is_approved(now)
    if now.published is None:
        # Asked again within the transaction; here so that a shelf that is refused is not even made.
        policies.check_is_next(staged(vault, draft).predecessor, vault.newest_publication())
    return bundle.publish(vault.staged(draft), draft.digest, shelf, vault.signing_key, record)


def staged(vault: Vault, draft: Draft) -> Release:
    """What a draft holds. Raises AgainstPolicy where its bytes have changed."""
    return bundle.read_staged(vault.staged(draft), draft.digest)


def newest(vault: Vault, number: str | None = None) -> Draft:
    """The draft that was made last. Raises BadUsage where there is none."""
    drafts = vault.drafts(number)
    if not drafts:
        raise BadUsage(_NO_DRAFT)
    return drafts[-1]


def _check_source(source: str) -> None:
    """The source's words are published."""
    if not source.strip():
        raise BadUsage(_NO_SOURCE)
    wording.check(source, "--source")


def _check_words(plan: Plan) -> None:
    """The title and the reason are published too."""
    for name, words in (("title", plan.title), ("reason", plan.reason)):
        wording.check(words.sv, f"--{name}-sv")
        wording.check(words.en, f"--{name}-en")


def _check_number(vault: Vault, number: str) -> None:
    if any(each.published for each in vault.drafts(number)):
        raise AgainstPolicy(_NUMBER_TAKEN)


def _check_order(plan: Plan, earlier: Sequence[Release]) -> None:
    """The chain of releases goes by digests, but people tell the newest one by its number and day."""
    if not earlier:
        return
    if _place_in_line(plan.number) <= _place_in_line(earlier[-1].number):
        raise AgainstPolicy(_EARLIER_NUMBER)
    if plan.published < earlier[-1].published:
        raise AgainstPolicy(_EARLIER_DATE)


def _place_in_line(number: str) -> tuple[int, ...]:
    """2026-10 comes after 2026-9."""
    return tuple(map(int, number.split("-")))


@contextmanager
def _taken_away_if_stopped(folder: Path) -> Iterator[None]:
    """Nothing stays staged of what was refused, found no room or was interrupted."""
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@dataclass(frozen=True)
class Earlier:
    """A published release of this store: what was shown, and the draft that says what it was made from."""

    draft: Draft
    release: Release

    @property
    def rules(self) -> dict[str, Protection]:
        """The rule of each indicator on that day."""
        return {code: indicator.protection for code, indicator in self.release.indicators.items()}


def _earlier(vault: Vault) -> list[Earlier]:
    """Every published release, the first one first, read from the store's own verified copy."""
    published = [each for each in vault.drafts() if each.published]
    return [Earlier(each, staged(vault, each)) for each in published]


def _ingredients(vault: Vault, indicators: Sequence[str] | None) -> tuple[Vintage, ...]:
    """The vintages behind a release, oldest first."""
    found = [each for each in vault.vintages() if indicators is None or each.indicator in indicators]
    missing = sorted(set(indicators or ()) - {each.indicator for each in found})
    if missing or not found:
        raise BadUsage(_nothing_imported(missing))
    return tuple(found)


def _tables(
    vault: Vault, vintages: Sequence[Vintage], reference: Reference, earlier: Sequence[Earlier] = ()
) -> list[Margins]:
    """`earlier`: what was protected in one of these releases is still."""
    guarded = {code for each in earlier for code, rule in each.rules.items() if rule.applies}
    codes = sorted({vintage.indicator for vintage in vintages})
    return [
        margins(
            vault.table([each for each in vintages if each.indicator == code]),
            reference.indicators[code],
            reference.geography,
            guarded=code in guarded,
        )
        for code in codes
    ]


def _linked(
    vault: Vault, tables: Sequence[Margins], earlier: Sequence[Earlier], reference: Reference
) -> Stack:
    """One system of all tables of this release and of every earlier one, and what others have published."""
    layers = [Layer(_protected(tables))]
    for each in earlier:
        before = _protected(_tables(vault, each.draft.vintages, reference, earlier))
        layers.append(Layer(before, _shown(each.release), each.rules))
    public = [
        (Cell(each.indicator, Key(each.region, each.period, each.sex, each.age)), int(each.value))
        for each in reference.published_figures
        if each.indicator is not None and each.value == int(each.value)
    ]
    return stack(layers, reference.geography, reference.population.behind, public)


def _protected(tables: Sequence[Margins]) -> list[Margins]:
    """Tables in which a small number could point at someone."""
    return [each for each in tables if each.guarded]


def _shown(release: Release) -> frozenset[Cell]:
    return frozenset(
        Cell(code, key)
        for code, figures in release.figures.items()
        for key, figure in figures
        if figure.state is State.VALUE
    )


def _hidden_in(linked: Stack, release: Release) -> NDArray[np.bool_]:
    """The pattern of a staged release: whatever it does not show with a value is hidden, (n,)."""
    shown = _shown(release)
    appears = np.array([cell in shown for cell in linked.cells], np.bool_)
    return ~(linked.known | (appears & linked.current))


def _sources(indicator: str, vintages: Sequence[Vintage]) -> tuple[Source, ...]:
    """Each source once, in the order in which they came."""
    found = [
        Source(_in_both(each.source), each.event.at.date())
        for each in vintages
        if each.indicator == indicator
    ]
    return tuple(dict.fromkeys(found))


def _in_both(words: str) -> Text:
    """What was typed as "svenska / English" in each language; one text alone stands for both."""
    swedish, _, english = words.partition(" / ")
    return Text(swedish, english or swedish)


def _private(vintages: Sequence[Vintage]) -> frozenset[str]:
    """What the store knows and no public byte may hold."""
    return frozenset(vintage.fingerprint for vintage in vintages)


_NO_DRAFT = Finding(
    "no-draft",
    Text("Det finns inget utkast.", "There is no draft."),
    Text("Gör ett med lagesbild release draft.", "Make one with lagesbild release draft."),
)
_NO_SOURCE = Finding(
    "no-source",
    Text("Källan saknas.", "The source is missing."),
    Text("Skriv med --source varifrån uppgifterna kommer.", "Say with --source where the figures come from."),
)
_NUMBER_TAKEN = Finding(
    "number-taken",
    Text("Numret är redan publicerat.", "The number is published already."),
    Text(
        "Välj nästa nummer. Ligger det inte på hyllan: kör lagesbild release publish för det en gång till.",
        "Choose the next number. If it is not on the shelf: run lagesbild release publish for it once more.",
    ),
)

_EARLIER_NUMBER = Finding(
    "earlier-number",
    Text(
        "Numret ligger före den senaste publiceringens.",
        "The number comes before that of the newest release.",
    ),
    Text(
        "Välj ett senare; lagesbild release list visar vilka som finns.",
        "Choose a later one; lagesbild release list shows which there are.",
    ),
)
_EARLIER_DATE = Finding(
    "earlier-date",
    Text(
        "Dagen ligger före den senaste publiceringens.",
        "The day comes before that of the newest release.",
    ),
    Text("Ange en senare med --date.", "Give a later one with --date."),
)


def _nothing_imported(codes: Sequence[str]) -> Finding:
    """Codes that a person typed, of which the store has nothing; none: it has nothing at all."""
    named = ", ".join(codes)
    return Finding(
        "nothing-imported",
        Text(
            f"Förrådet har inga uppgifter om {named}." if codes else "Förrådet är tomt.",
            f"The store has no figures of {named}." if codes else "The store is empty.",
        ),
        Text(
            "Importera först, eller välj andra indikatorer med --indicator.",
            "Import first, or choose other indicators with --indicator.",
        ),
    )
