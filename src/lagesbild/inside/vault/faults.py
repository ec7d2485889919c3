"""A database that gives way, told as what a person can mend."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InternalError, OperationalError

from lagesbild.core.language import Text
from lagesbild.core.refusal import AgainstPolicy, Finding

_IN_RUINS = ("malformed", "not a database", "no such table")
"""What SQLite says of a file that is cut off or written over."""


@contextmanager
def worded() -> Iterator[None]:
    """A database that cannot write is a fault of the machine; one that is in ruins is refused.

    Other errors of the database are faults of ours, and pass.
    """
    try:
        yield
    except OperationalError as error:
        if _is_in_ruins(error):
            raise AgainstPolicy(_DAMAGED) from error
        said = str(error).casefold()
        number = errno.ENOSPC if "full" in said else errno.EROFS if "readonly" in said else errno.EIO
        raise OSError(number, "the database") from error
    except DatabaseError as error:
        if isinstance(error, InternalError) or _is_in_ruins(error):
            raise AgainstPolicy(_DAMAGED) from error
        raise


def _is_in_ruins(error: DatabaseError) -> bool:
    said = str(error).casefold()
    return any(words in said for words in _IN_RUINS)


_DAMAGED = Finding(
    "damaged-store",
    Text("Förrådets databas är skadad.", "The store's database is damaged."),
    Text("Lägg tillbaka hela mappen från säkerhetskopian.", "Put the whole folder back from the backup."),
)
