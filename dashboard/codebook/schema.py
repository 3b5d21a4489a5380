"""What a column and a file of the codebook are: how their declarations are written."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "integer", "yes_no", "pairs"]


@dataclass(frozen=True, slots=True)
class SchemaColumn:
    """One column: whether every row fills it, and what a cell may hold.

    ``many`` cells hold several values separated by ``; ``. ``refers`` names the file in whose first key column each
    value must stand.
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
    """One file: its columns, and the columns that tell its rows apart."""

    file: str
    columns: tuple[SchemaColumn, ...]
    key: tuple[str, ...]


def declare_table(file: str, key: tuple[str, ...], *columns: SchemaColumn) -> SchemaTable:
    """A file whose rows are told apart by the columns of ``key``."""
    return SchemaTable(file, columns, key)
