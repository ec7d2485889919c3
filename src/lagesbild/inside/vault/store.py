"""The only way to read or write the store."""

import fcntl
import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import connections, transaction

from lagesbild.core.language import Text
from lagesbild.core.refusal import AgainstPolicy, Finding
from lagesbild.inside.counts import Counts

from . import faults, keyring, library, models, policies
from .fingerprint import fingerprint
from .records import Draft, Event, Vintage
from .standing import standing

Check = Callable[[Callable[[str], Counts]], None]
"""Judges what is about to be kept; it is given a way to ask for each indicator's table as it then stands."""


def unchecked(standing_of: Callable[[str], Counts]) -> None:
    """Lets everything in."""


_ONE_WRITER = 4720  # any number; the same for every writer of a PostgreSQL store


class Vault:
    """One store: a closed folder with its secrets and staged drafts, and its database."""

    def __init__(self, folder: Path, alias: str) -> None:
        self.folder = folder
        self._alias = alias

    @classmethod
    def open(cls, folder: Path, address: str | None = None, *, renew: Event | None = None) -> "Vault":
        """The store in a folder, made if it is not there. `address`: another database than its own SQLite.

        `renew`: somebody's wish for new keys in place of lost ones.
        Raises AgainstPolicy where other users could read it, or where a key or the database was lost.
        """
        keyring.close(folder)
        (folder / "staging").mkdir(mode=0o700, exist_ok=True)
        own = f"sqlite://{quote(str(folder.resolve() / 'vault.sqlite3'))}"
        vault = cls(folder, library.connect(address or own))
        with vault._alone(), faults.worded():
            keyring.check_goes_with(folder, database=vault._has_tables())
            vault._migrate()
            if renew is not None:
                vault._renew_keys(renew)
            keyring.make(folder, used=renew is None and vault._is_used())
        return vault

    def close(self) -> None:
        """Let go of the database in this thread."""
        connections[self._alias].close()

    @property
    def signing_key(self) -> Ed25519PrivateKey:
        return keyring.signing_key(self.folder)

    def keep(
        self, tables: Sequence[Counts], source: str, *, event: Event, check: Check = unchecked
    ) -> tuple[Vintage, ...]:
        """Keep admitted tables, all or none; when this returns they are on the disk.

        A table that was kept before and still stands is not kept twice: its vintage is returned.
        `check` sees the tables as they then stand; it is asked within the transaction, so that of two
        imports at once neither is judged by what the other replaces.
        Raises AgainstPolicy where example figures would meet reported ones, and what `check` raises.
        """
        policies.check_is_named(event.who)
        with self._writing():
            row = self._record("import", event)
            kept = tuple(_vintage(self._keep(table, source, row)) for table in tables)
            check(self._standing)
            return kept

    def _standing(self, indicator: str) -> Counts:
        """An indicator's table as it stands now; empty where nothing was imported."""
        contents = self._contents([each.id for each in self.vintages(indicator)])
        return standing(contents) if contents else Counts.of(indicator, {})

    def vintages(self, indicator: str | None = None) -> tuple[Vintage, ...]:
        """All imports, in the order in which they were kept."""
        rows = self._vintages() if indicator is None else self._vintages().filter(indicator=indicator)
        return tuple(map(_vintage, rows))

    def table(self, vintages: Iterable[Vintage]) -> Counts:
        """The table of one indicator as it stood after these vintages; at least one."""
        return standing(self._contents([vintage.id for vintage in vintages]))

    def stage(self) -> Path:
        """A name for a new staging folder, not made yet."""
        return self.folder / "staging" / uuid.uuid4().hex

    def staged(self, draft: Draft) -> Path:
        """Where the bytes of a draft lie."""
        return self.folder / "staging" / draft.folder

    def draft(
        self, number: str, digest: str, staged: Path, vintages: Iterable[Vintage], *, event: Event
    ) -> Draft:
        """Record what was staged for a release, and from which vintages."""
        policies.check_is_named(event.who)
        with self._writing():
            row = models.Draft(
                number=number, digest=digest, folder=staged.name, event=self._record("draft", event)
            )
            row.save(using=self._alias)
            for vintage in vintages:
                models.Ingredient(draft=row, vintage_id=vintage.id).save(using=self._alias)
            return self._draft(row)

    def drafts(self, number: str | None = None) -> tuple[Draft, ...]:
        """All drafts, or those of one number, the newest last."""
        rows = models.Draft.objects.using(self._alias).select_related("event").order_by("id")
        return tuple(self._draft(row) for row in (rows if number is None else rows.filter(number=number)))

    def approve(self, draft: Draft, digest: str, *, event: Event) -> Draft:
        """Record a person's yes to the bytes of this digest. Raises AgainstPolicy."""
        with self._writing():
            now = self.again(draft)
            policies.check_may_approve(now, event.who)
            policies.check_is_what_was_staged(now, digest)
            models.Approval(draft_id=draft.id, digest=digest, event=self._record("approve", event)).save(
                using=self._alias
            )
            return self.again(draft)

    def newest_publication(self) -> str | None:
        """The digest of what was published last, on whatever shelf; None before the first."""
        last = models.Publication.objects.using(self._alias).order_by("id").last()
        return last.digest if last else None

    def publish(self, draft: Draft, digest: str, *, after: str | None, event: Event) -> Draft:
        """Record that the bytes of this digest go onto a shelf. `after`: the release that they follow.

        Raises AgainstPolicy. One writer at a time: of two drafts made knowing the same releases, one.
        """
        policies.check_is_named(event.who)
        with self._writing():
            now = self.again(draft)
            policies.check_may_publish(now)
            policies.check_is_next(after, self.newest_publication())
            policies.check_is_what_was_staged(now, digest)
            models.Publication(draft_id=draft.id, digest=digest, event=self._record("publish", event)).save(
                using=self._alias
            )
            return self.again(draft)

    def _keep(self, table: Counts, source: str, event: models.Event) -> models.Vintage:
        mark = fingerprint(table, keyring.fingerprint_key(self.folder))
        earlier = list(self._vintages().filter(indicator=table.indicator))
        if any(each.origin != table.origin for each in earlier):
            raise AgainstPolicy(_MIXED_ORIGIN)
        twin: models.Vintage | None = next(
            (each for each in reversed(earlier) if each.fingerprint == mark), None
        )
        if twin is not None and self._still_stands(table):
            return twin
        row = models.Vintage(
            indicator=table.indicator,
            sequence=len(earlier) + 1,
            predecessor=earlier[-1] if earlier else None,
            fingerprint=mark,
            origin=table.origin,
            source=source,
            content=table.to_parquet(),
            event=event,
        )
        row.save(using=self._alias)
        return row

    def _still_stands(self, table: Counts) -> bool:
        """Whether keeping the table again would change no cell."""
        contents = self._contents([each.id for each in self.vintages(table.indicator)])
        now, then = (fingerprint(standing(each), b"") for each in (contents, [*contents, table]))
        return now == then

    def _contents(self, ids: Sequence[int]) -> list[Counts]:
        found = self._vintages().filter(id__in=ids).values_list("content", flat=True)
        return [Counts.from_parquet(bytes(content)) for content in found]

    def _vintages(self) -> models.AppendOnlyRows:
        rows: models.AppendOnlyRows = models.Vintage.objects.using(self._alias)
        return rows.select_related("event").order_by("id").defer("content")

    def again(self, draft: Draft) -> Draft:
        """The draft as it is now: approved or published meanwhile, perhaps."""
        return self._draft(models.Draft.objects.using(self._alias).select_related("event").get(id=draft.id))

    def _draft(self, row: models.Draft) -> Draft:
        ingredients = models.Ingredient.objects.using(self._alias).filter(draft=row).order_by("vintage_id")
        approved = models.Approval.objects.using(self._alias).filter(draft=row).first()
        published = models.Publication.objects.using(self._alias).filter(draft=row).first()
        return Draft(
            id=row.pk,
            number=row.number,
            digest=row.digest,
            folder=row.folder,
            vintages=tuple(
                _vintage(each) for each in self._vintages().filter(id__in=ingredients.values("vintage_id"))
            ),
            event=_event(row.event),
            approved=_event(approved.event) if approved else None,
            published=_event(published.event) if published else None,
        )

    def _record(self, what: str, event: Event) -> models.Event:
        row = models.Event(what=what, who=event.who, at=event.at)
        row.save(using=self._alias)
        return row

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time on both engines: SQLite's own transactions see to it, PostgreSQL is asked."""
        with faults.worded(), transaction.atomic(using=self._alias, durable=True):
            connection = connections[self._alias]
            if connection.vendor == "postgresql":
                connection.cursor().execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_WRITER])
            yield

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time makes or migrates the store; the lock ends with the process."""
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _has_tables(self) -> bool:
        return models.Event._meta.db_table in connections[self._alias].introspection.table_names()

    def _is_used(self) -> bool:
        return bool(models.Event.objects.using(self._alias).exists())

    def _renew_keys(self, event: Event) -> None:
        policies.check_is_named(event.who)
        with self._writing():
            self._record("new-key", event)

    def _migrate(self) -> None:
        call_command("migrate", database=self._alias, verbosity=0, interactive=False)


def _vintage(row: models.Vintage) -> Vintage:
    return Vintage(
        id=row.pk,
        indicator=row.indicator,
        sequence=row.sequence,
        fingerprint=row.fingerprint,
        origin="example" if row.origin == "example" else "reported",
        source=row.source,
        event=_event(row.event),
    )


def _event(row: models.Event) -> Event:
    return Event(row.who, row.at)


_MIXED_ORIGIN = Finding(
    "mixed-origin",
    Text(
        "Exempeldata och rapporterade uppgifter får inte stå i samma tabell.",
        "Example data and reported figures may not stand in one table.",
    ),
    Text("Använd ett eget förråd för exempel.", "Use a store of its own for examples."),
)
