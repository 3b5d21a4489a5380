"""What a cell means: numbers and years as ministries write them, in any of their scripts; never a silent guess.

``style_of(texts)`` looks at a whole column first: ``12,5`` somewhere in it says that its commas are decimal. A text
that two readings fit (``1,234``) is ambiguous unless its column settles it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dashboard.contributions.submissions.model import FIGURE_REASONS

Style = Literal["comma", "dot", "unsettled", "mixed"]
"""Which sign sets off the decimals of a column."""

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u2007\u2009\u202f'’٬]\d{3})+(?!\d)")
_MARKS = re.compile("[\u200e\u200f\u061c\u2066-\u2069\u202a-\u202e\ufeff]")
_PER_CENT = ("%", "٪")
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:[.,]\d{3})+")
TWO_READINGS = re.compile(r"^\s*[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}\s*$")
"""A text in which the sign may set off decimals or thousands; 0.813 has one reading."""

BARE_NUMBER = re.compile(r"^\s*[+-]?[0-9]+([.,][0-9]+)*\s*[%٪]?\s*$")
"""A text that is nothing but a number, as ``folded`` writes it."""

_FOOTNOTE = re.compile(r"(?<=[0-9%٪])(?<!(?<![0-9.,])10)\s*(?:[¹²³⁰⁴-⁹]{1,2}|\*{1,3})\)?$")
"""The mark of a footnote behind a number; behind a bare 10 it may be a power."""

_COMMA = re.compile(r"[+-]?\d+,\d+")
_BOTH = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})+([.,])\d+")

NO_FIGURE = frozenset({
    "n/a", "na", "n.a.", "n.a", "#n/a", "nd", "n.d.", "nc", "...", "…", "..", "-", "–", "—", "*", "x", ":", "none",
    "null", "yoxdur", "məlumat yoxdur", "غير متاح", "غير متوفر", "нет", "н/д", "s.o.", "s/o",
})  # fmt: skip
"""What people write where there is no figure."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as read. ``problem``: "", ``unread``, ``ambiguous``, ``formula`` or ``error_value``."""

    value: float | None
    percent: bool = False
    missing: bool = False
    problem: str = ""


NOTHING = Number(None, missing=True)


def folded(text: str) -> str:
    """Return a text without marks of direction, with Western digits and plain spaces at its ends removed."""
    return _MARKS.sub("", text).translate(_DIGITS).strip().strip("\u00a0\u202f")


def style_of(texts: Iterable[str]) -> Style:
    """Return which decimal sign the texts of a column show beyond doubt."""
    comma = dot = False
    for text in texts:
        bare = _bare(text)[0]
        both = _BOTH.fullmatch(bare)
        if both and both[1] != both[2]:
            comma, dot = comma or both[2] == ",", dot or both[2] == "."
        elif _COMMA.fullmatch(bare) and not _GROUPS.fullmatch(bare):
            comma = True
        elif "." in bare and _PLAIN.fullmatch(bare) and not _GROUPS.fullmatch(bare):
            dot = True
    if comma and dot:
        return "mixed"
    return "comma" if comma else "dot" if dot else "unsettled"


def number(text: str, style: Style = "unsettled") -> Number:
    """Return the number of a text cell, in the light of its column's style."""
    stripped = folded(text)
    if not stripped or stripped.casefold() in NO_FIGURE:
        return NOTHING
    if stripped.startswith(("=", "@")) or (stripped.startswith(("+", "-")) and stripped[1:2].isalpha()):
        return Number(None, problem="formula")
    if stripped.startswith("#") and stripped.endswith(("!", "?", "A", "0")):
        return Number(None, problem="error_value")
    bare, percent = _bare(text)
    both = _BOTH.fullmatch(bare)
    if both and both[1] != both[2]:
        bare = bare.replace(both[1], "").replace(both[2], ".")
    elif _GROUPS.fullmatch(bare):
        sign = "," if "," in bare else "."
        if "," in bare and "." in bare:
            return Number(None, percent, problem="unread")
        if bare.count(sign) > 1 or (style == "dot" and sign == ",") or (style == "comma" and sign == "."):
            bare = bare.replace(sign, "")
        elif style != "unsettled":
            if style == "mixed":
                return Number(None, percent, problem="ambiguous")
            bare = bare.replace(",", ".")
        else:
            return Number(None, percent, problem="ambiguous")
    elif _COMMA.fullmatch(bare):
        bare = bare.replace(",", ".")
    if not _PLAIN.fullmatch(bare):
        return Number(None, percent, problem="unread")
    value = float(bare)
    return Number(value, percent) if abs(value) < 1e300 else Number(None, percent, problem="unread")


def readings(text: str) -> tuple[float, float] | None:
    """Both readings of a text that two fit, with its sign as one of thousands and of decimals; None for any other."""
    bare = _bare(text)[0]
    if not _GROUPS.fullmatch(bare) or bare.count(",") + bare.count(".") > 1:
        return None
    return float(re.sub("[.,]", "", bare)), float(bare.replace(",", "."))


def year(text: str) -> str | None:
    """Return the calendar year of a period cell: ``2025``, ``2025.0``, a date; None when it is none.

    A day's number in a spreadsheet is none: a cell that shows a date is received as one.

    A month or quarter is returned as written (``2025-03``, ``2025-Q1``): the rules say what to do with it.
    """
    plain = folded(text)
    if re.fullmatch(r"(19|20)\d\d(\.0+)?", plain):
        return plain[:4]
    if match := re.fullmatch(
        r"((?:19|20)\d\d)[-/.](0?[1-9]|1[0-2])(?:[-/.](\d{1,2}))?(?:[ T]00:00(:00(\.0+)?)?)?", plain
    ):
        if match[3] is None:
            return f"{match[1]}-{int(match[2]):02d}"
        return _of_day(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d\d)", plain):
        # Day and month may be either way round; a year's first or last day is itself in both.
        return _of_day(int(match[3]), int(match[2]), int(match[1])) or _of_day(
            int(match[3]), int(match[1]), int(match[2])
        )
    if match := re.fullmatch(r"((?:19|20)\d\d)[- ]?Q([1-4])", plain, re.IGNORECASE):
        return f"{match[1]}-Q{match[2]}"
    return None


def reason(text: str, words: dict[str, str]) -> str | None:
    """Return the code of a reason for a missing figure, by code or by its words in any language; None when unknown."""
    plain = folded(text).casefold()
    if plain in FIGURE_REASONS:
        return plain
    return words.get(plain)


def _of_day(year_: int, month: int, day: int) -> str | None:
    """Return a first or last day of a year, or a first of January, stands for the year; any other day for its month."""
    try:
        date(year_, month, day)
    except ValueError:
        return None
    return str(year_) if (month, day) in ((1, 1), (12, 31)) else f"{year_}-{month:02d}"


def _bare(text: str) -> tuple[str, bool]:
    """Without spaces of thousands, sign of per cent, footnote and foreign decimal signs; whether it was per cent.

    Other spaces stay, and with them the text is no number: ``12 15`` and ``5'30`` are two.
    """
    plain = _FOOTNOTE.sub("", folded(text)).replace("−", "-").replace("٫", ",").replace("،", ",")
    percent = plain.endswith(_PER_CENT) or plain.startswith(_PER_CENT)
    whole = _THOUSANDS.sub(lambda found: re.sub(r"\D", "", found[0]), plain.strip("%٪").strip().lstrip("'"))
    return re.sub(r"^([+-])\s+", r"\1", whole), percent
