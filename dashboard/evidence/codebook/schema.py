"""Declare the columns and files of the codebook."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "integer", "yes_no", "pairs"]


@dataclass(frozen=True, slots=True)
class SchemaColumn:
    """A column and the values its cells may hold.

    Cells of a ``many`` column hold several values separated by ``; ``. ``refers`` names the file whose first key
    column must contain each value.
    """

    name: str
    required: bool = False
    kind: Kind = "text"
    words: tuple[str, ...] = ()
    pattern: str = ""
    refers: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class SchemaTable:
    """A file, its columns and the columns that identify a row."""

    file: str
    columns: tuple[SchemaColumn, ...]
    key: tuple[str, ...]


def build_columns(
    *names: str, required: bool = False, kind: Kind = "text", pattern: str = ""
) -> tuple[SchemaColumn, ...]:
    """Return several columns that differ only in name."""
    return tuple(SchemaColumn(name, required, kind, pattern=pattern) for name in names)


def declare_table(file: str, key: tuple[str, ...], *columns: SchemaColumn) -> SchemaTable:
    """Return a table whose rows are identified by the columns of ``key``."""
    return SchemaTable(file, columns, key)
