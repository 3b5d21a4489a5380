"""What checking a draft answers: plain, JSON-safe values, every text in the reader's language."""

from typing import Literal

from typing_extensions import TypedDict

from dashboard.services.wording.stated import StatedFigure

Verdict = Literal["matches", "superseded", "differs", "not_ours"]
"""``matches``: within what its rounding allows. ``superseded``: what we held before. ``not_ours``: we cannot tell."""


class CheckedNumber(TypedDict):
    """One number of a draft, what it was taken for, and what we hold."""

    place: int  # number of the paragraph or table in the draft, from 1
    sentence: str  # as written, cut where it is long
    written: str  # the number as written, with its unit
    verdict: Verdict
    verdict_text: str
    why: str  # a code, of ``not_ours`` only: why we do not say
    text: str  # the verdict in a sentence
    indicator: str  # "" where none was understood; so are country and year
    indicator_name: str
    country: str
    country_name: str
    year: str
    ours: StatedFigure | None  # the figure in force
    earlier: StatedFigure | None  # of ``superseded``: the figure that was, and when it ended
    difference: float | None  # written less ours, in the indicator's unit
    href: str  # the page that shows the figure with its provenance, below the language


class VerdictCount(TypedDict):
    """How many numbers have a verdict."""

    verdict: Verdict
    text: str
    count: int


class DraftCheck(TypedDict):
    """All numbers of a draft in their order."""

    dataset: str
    as_of: str
    text: str  # the result in a sentence
    counts: list[VerdictCount]
    numbers: list[CheckedNumber]
    cut: bool  # whether the draft has more numbers than are looked at
