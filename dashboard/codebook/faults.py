"""What can be wrong with the codebook's files, said so that a person can put it right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, where it is and what to do.

    ``row`` is the line of the file as editors count it (the header is 1), ``None`` when the whole file is meant.
    """

    file: str
    row: int | None
    column: str
    rule: str
    message: str
    remedy: str
    severity: Literal["error", "warning"] = "error"

    @property
    def place(self) -> str:
        """File, row and column in one word, as far as they are known."""
        return ":".join(str(part) for part in (self.file, self.row, self.column) if part)

    def __str__(self) -> str:
        return f"{self.place} [{self.rule}] {self.message} {self.remedy}"


class CodebookError(Exception):
    """The files cannot be used; ``faults`` lists every reason, the message the first of them."""

    SHOWN = 20

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[: self.SHOWN]]
        if rest := len(self.faults) - len(lines):
            lines.append(f"… and {rest} more; `python -m dashboard codebook check` lists all.")
        super().__init__("The codebook's files have faults:\n" + "\n".join(lines))
