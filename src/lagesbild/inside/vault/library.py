"""Django's models and migrations used as a library: one database per store, opened by its address."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import django
from django.conf import settings
from django.db import connections

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding

APP = "lagesbild.inside.vault"

if not settings.configured:
    settings.configure(
        INSTALLED_APPS=[APP],
        DATABASES={},
        USE_TZ=True,
        TIME_ZONE="UTC",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        LOGGING_CONFIG=None,
    )
    django.setup()

# WAL lets readers go on while one writes; FULL waits for the disk before a commit is acknowledged, so that
# not even a power cut takes back an import that was said to be kept.
_SQLITE = {
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    "transaction_mode": "IMMEDIATE",
    "timeout": 60,
}


def connect(address: str) -> str:
    """Make a database known to Django, `sqlite:///path` or `postgresql://...`. Returns its alias there."""
    connections.settings.update(connections.configure_settings({"default": {}, address: _settings(address)}))
    return address


def _settings(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        path = Path(unquote(parts.path))
        path.touch(mode=0o600)  # its journals take over what the file allows
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": _SQLITE}
    if parts.scheme not in ("postgresql", "postgres"):
        raise BadUsage(_ADDRESS)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "OPTIONS": query,
    }


_ADDRESS = Finding(
    "database-address",
    Text("LAGESBILD_DATABASE är ingen databasadress.", "LAGESBILD_DATABASE is no database address."),
    Text("Skriv sqlite:///sökväg eller postgresql://…", "Write sqlite:///path or postgresql://…"),
)
