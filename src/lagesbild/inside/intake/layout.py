"""How a sheet's columns stand, and what a place in it may be called."""

from dataclasses import dataclass, field

from lagesbild.core.refusal import Place


@dataclass(frozen=True)
class Layout:
    """Where a sheet's columns stand, and what the sheet may be called in a message."""

    file: str
    sheet: str
    columns: dict[str, int]
    indicator: str | None
    text_only: bool = False
    names: dict[str, int] = field(default_factory=dict)
    """Columns that say in words what another says in codes, or the part of the year beside the year."""
    part: str = ""
    """The header of the column that says which part of the year a row is of."""
    counties: bool = False
    """The places' column is headed as one of counties: Stockholm there is the county."""

    def place(self, row: int | None, column: str | int | None = None) -> Place:
        """A place in the sheet; a column is known by its name, or else by its position."""
        position = self.columns.get(column) if isinstance(column, str) else column
        name = f" ({column})" if isinstance(column, str) else ""
        letters = "" if position is None else letter(position) + name
        return Place(self.file, self.sheet, row, letters)


def letter(position: int) -> str:
    """A column's letters as spreadsheets show them; 0 is A."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
