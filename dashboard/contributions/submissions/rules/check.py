"""One shape of a check, whatever is looked at: figures, monthly counts or a survey.

A check is one function that yields the places where something is wrong; ``check`` gives it its id, its severity and,
until the catalogues have it under ``rule.<id>``, what is expected and what to do in English:

    @check("value_thirteen", "warning", message="Another number than 13.", action="Look at {value} again.")
    def value_thirteen(ground: Ground) -> Iterator[FindingPlace]:
        \"\"\"Thirteen is more often a slip.\"\"\"
        for row in some(ground.read.filter(pl.col("value") == 13)):
            yield ground.place(row, "value", row["value_text"], value=str(row["value"]))
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from dashboard.contributions.submissions.model import Finding, Severity

Looked = TypeVar("Looked")


@dataclass(frozen=True, slots=True)
class FindingPlace:
    """Where something is wrong, and what was read there; a row of 0 and a column of "" mean the sheet or the file.

    ``values`` fill the words in a language; ``message`` says it in English to whoever is at the command line.
    """

    sheet: str = ""
    row: int = 0
    column: str = ""
    read: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    message: str = ""


@dataclass(frozen=True)
class SentCells:
    """A row of a file as it is sent: its cells by column."""

    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """The cell of a column; "" where there is none."""
        return self.cells.get(column, "").strip()

    def day(self, column: str) -> date | None:
        """A day; None where there is none, or it cannot be read."""
        try:
            return date.fromisoformat(self.cell(column))
        except ValueError:
            return None


@dataclass(frozen=True)
class Check(Generic[Looked]):
    """A check: its id, how grave it is, what it looks at, and its words where no catalogue has them.

    ``alone``: told only where nothing graver is wrong with the same row.
    """

    id: str
    severity: Severity
    places: Callable[[Looked], Iterator[FindingPlace]]
    message: str
    action: str
    alone: bool

    def __call__(self, looked: Looked) -> Iterator[Finding]:
        """The findings of this check."""
        for place in self.places(looked):
            values = {**place.values, **self.words(place)}
            yield Finding(self.id, self.severity, place.sheet, place.row, place.column, place.read, values)

    def words(self, place: FindingPlace) -> dict[str, str]:
        """What is expected and what to do, in this check's own words; {} where the catalogues have them."""
        own = {"expected": self.message, "todo": self.action} if self.message else {}
        return {part: words.format(**place.values) for part, words in own.items()}


class Checks(Generic[Looked]):
    """The checks of one kind of file, in the order in which they are written down."""

    def __init__(self) -> None:
        self._all: dict[str, Check[Looked]] = {}

    def __iter__(self) -> Iterator[Check[Looked]]:
        return iter(self._all.values())

    def __len__(self) -> int:
        return len(self._all)

    def check(
        self, id_: str, severity: Severity, *, message: str = "", action: str = "", alone: bool = False
    ) -> Callable[[Callable[[Looked], Iterator[FindingPlace]]], Check[Looked]]:
        """Make a function a check of these.

        Args:
            id_: by which its findings are stored and its words are found; of one check only.
            severity: ``error`` stops the file, ``warning`` wants a second look, ``suggestion`` would make it better.
            message: what is expected, in English, while no catalogue has ``rule.<id>.expected``.
            action: what to do.
            alone: tell it only where nothing graver is wrong with the same row.

        Raises:
            ValueError: another check has this id.
        """
        if id_ in self._all:
            raise ValueError(f"two checks are called {id_}")

        def made(places: Callable[[Looked], Iterator[FindingPlace]]) -> Check[Looked]:
            one = Check(id_, severity, places, message, action, alone)
            self._all[id_] = one
            return one

        return made

    def findings(self, looked: Looked) -> Iterator[Finding]:
        """Every finding of every check."""
        for one in self:
            yield from one(looked)
