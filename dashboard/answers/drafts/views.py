"""What checking a draft answers: plain, JSON-safe values, every text in the reader's language."""

from typing_extensions import TypedDict

from dashboard.answers.wording.stated import StatedFigure


class CheckedNumber(TypedDict):
    """One number of a draft and, where it is a figure that we hold, ours."""

    place: int  # number of the paragraph or table in the draft, from 1
    sentence: str  # as written, cut where it is long
    written: str  # the number as written, with its unit
    text: str  # our figure and the difference in a sentence, or that the number is not checked
    ours: StatedFigure | None  # None: not checked
    difference: float | None  # written less ours, in the indicator's unit; 0 within the rounding of what is written
    href: str  # the page that shows the figure with its provenance, below the language


class DraftCheck(TypedDict):
    """All numbers of a draft in their order."""

    dataset: str
    as_of: str
    text: str  # the result in a sentence
    held: int  # numbers that are figures that we hold
    numbers: list[CheckedNumber]
    cut: bool  # whether the draft has more numbers than are looked at
