"""What `lagesbild demo` leaves behind, for tests that prove something on it."""

from dataclasses import dataclass
from pathlib import Path

from lagesbild.outside.shelf import open_releases, sealed_files
from lagesbild.release.contents import Release


@dataclass(frozen=True)
class Demo:
    """The folder that `lagesbild demo` filled: handed over files, store, shelf; and the site beside it."""

    folder: Path
    site: Path

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def shelf(self) -> Path:
        return self.folder / "shelf"

    def releases(self) -> tuple[Release, ...]:
        return open_releases(self.shelf)

    def sealed(self) -> dict[str, dict[str, bytes]]:
        return sealed_files(self.shelf)
