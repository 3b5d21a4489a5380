"""Reading one printed figure: a number, a bound, a mark for "no value", or none of these."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_BOUND = re.compile(r"(<=|>=|<|>|≤|≥)\s*(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ParsedFigure:
    """A figure as printed (``text``) and as understood.

    ``value`` is null unless the text is a plain number; a censored figure has its bound in ``lower`` or ``upper``.
    """

    text: str
    status: str  # one of contract.STATUSES
    value: float | None = None
    lower: float | None = None
    upper: float | None = None

    def columns(self) -> dict[str, Any]:
        """Return what the figure says of an observation, by the names of its columns."""
        return {
            "value": self.value, "value_text": self.text, "lower": self.lower, "upper": self.upper,
            "status": self.status,
        }  # fmt: skip


def read_number(text: str) -> float | None:
    """Return the number a text prints, or None.

    Only plain decimal notation counts (``-1.5``, ``2e3``): no thousands separator, no decimal comma, no ``inf`` or
    ``nan``, nothing around it but blanks. A guess would turn ``1,234`` into a wrong figure somewhere.
    """
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        return None
    number = float(stripped) + 0.0  # a zero has no sign: -0 is 0
    return number if math.isfinite(number) else None


def read_figure(text: str | None, marks: Mapping[str, str]) -> ParsedFigure | None:
    """Return what a publisher's cell says, or None when it cannot be read.

    Args:
        text: the cell as printed; None when the publisher sent null.
        marks: the publisher's marks for "no value" and their status, e.g. ``{"..": "missing"}``. An empty text and
            null are always missing.
    """
    if text is None:
        return ParsedFigure("", "missing")
    stripped = text.strip()
    if not stripped:
        return ParsedFigure(text, "missing")
    if stripped in marks:
        return ParsedFigure(text, marks[stripped])
    number = read_number(stripped)
    if number is not None:
        return ParsedFigure(text, "normal", value=number)
    bound = _BOUND.fullmatch(stripped)
    limit = read_number(bound[2]) if bound else None
    if bound is None or limit is None:
        return None
    if bound[1] in ("<", "<=", "≤"):
        return ParsedFigure(text, "censored", upper=limit)
    return ParsedFigure(text, "censored", lower=limit)
