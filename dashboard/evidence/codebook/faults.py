"""Faults of the codebook's files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, its location and a remedy.

    ``row`` is the line number in the file (the header is 1), or None when the fault concerns the whole file.
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
        """Return file, row and column joined by colons, omitting empty parts."""
        return ":".join(str(part) for part in (self.file, self.row, self.column) if part)

    def __str__(self) -> str:
        return f"{self.place} [{self.rule}] {self.message} {self.remedy}"


class CodebookError(Exception):
    """The files cannot be used; ``faults`` lists all reasons."""

    SHOWN = 20

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[: self.SHOWN]]
        if rest := len(self.faults) - len(lines):
            lines.append(f"… and {rest} more; `python -m dashboard codebook check` lists all.")
        super().__init__("The codebook's files have faults:\n" + "\n".join(lines))
