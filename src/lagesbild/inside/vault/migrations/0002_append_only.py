"""The database itself refuses to change or remove a row, whoever asks it."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations

# For each table the columns, beside `id`, by which SQLite's INSERT OR REPLACE could displace a row.
TABLES = {
    "vault_event": (),
    "vault_vintage": (("indicator", "sequence"), ("predecessor_id",)),
    "vault_draft": (),
    "vault_ingredient": (),
    "vault_approval": (("draft_id",),),
    "vault_publication": (("draft_id",),),
}


def forbid_changes(apps: Any, schema_editor: Any) -> None:
    statements = {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]
    for statement in statements():
        schema_editor.execute(statement)


def sqlite() -> Iterator[str]:
    for table, uniques in TABLES.items():
        for act in ("UPDATE", "DELETE"):
            yield f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} BEGIN {ABORT}; END"
        taken = " OR ".join(
            " AND ".join(f"{column} = NEW.{column}" for column in columns) for columns in (("id",), *uniques)
        )
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {taken})"  # noqa: S608 - our own names
        yield f"CREATE TRIGGER {table}_no_REPLACE BEFORE INSERT ON {table} WHEN {there} BEGIN {ABORT}; END"


def postgresql() -> Iterator[str]:
    yield """
        CREATE FUNCTION vault_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'append only' USING ERRCODE = 'restrict_violation'; END $$
    """
    for table in TABLES:
        for act, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            yield (
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION vault_append_only()"
            )


ABORT = "SELECT RAISE(ABORT, 'append only')"


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]
    operations = [migrations.RunPython(forbid_changes, elidable=False)]
