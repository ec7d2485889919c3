"""The mark that says, inside every file of a release, whether its figures are invented."""

from collections.abc import Mapping
from types import MappingProxyType

from lagesbild.core.figures import Origin
from lagesbild.core.language import Text

MARK: Mapping[Origin, Text] = MappingProxyType(
    {
        "example": Text("exempeldata", "example data"),
        "reported": Text("rapporterade uppgifter", "reported figures"),
    }
)


def mark(origin: Origin) -> str:
    """Both languages at once: a file may be read by anyone, far from the page it was fetched from."""
    return f"{MARK[origin].sv} / {MARK[origin].en}"
