"""Response types of ``answers.wording``: plain, JSON-safe values, every text in the reader's language."""

from typing import Literal, TypedDict


class Citation(TypedDict):
    """The reference in one form, with the words of the button that copies it."""

    id: str  # un, apa, bibtex
    label: str
    text: str
    copy_text: str
    copied_text: str


class EvidenceBar(TypedDict):
    """Indicators by their strongest link, those without figures last; lengths compare with the bars beside it."""

    counts: list[int]  # by ``answers.wording.evidence.PARTS``
    widths: list[str]  # in per cent of the longest bar
    text: str


MissingKind = Literal[
    "",
    "not_collected",
    "not_gathered",
    "not_reported",
    "not_applicable",
    "missing",
    "suppressed",
    "not_comparable",
    "censored",
]
"""Why there is no number; ``""`` when there is one. ``not_gathered``: the publisher's series is not in this dataset;
``missing``: the publisher answered without a value; ``censored``: it printed a bound, which is shown as text."""


ChangeKind = Literal["", "rise", "fall", "unclear", "same", "error_unknown"]
"""``unclear``: inside the error. ``same``: no difference, of figures without errors or of answers. ``error_unknown``: a
difference that no error is known of, so that it gets no mark. ``""``: nothing to compare, or it may not be compared."""


class Term(TypedDict):
    """A word with its definition (statuses, strengths, natures, kinds of no data …)."""

    id: str
    label: str
    definition: str


class Figure(TypedDict):
    """A value with all it must never lose on the way to the page."""

    id: str  # observation id; "" when nothing was published
    value: float | None
    text: str  # "−0.95", "less than 2.5", or the words of the kind of no data
    quantity: str  # the same with its unit, for sentences: "12.5 %"
    unit: str  # words
    lower: float | None
    upper: float | None
    interval: str  # "between −1.20 and −0.70 (90 %)" or ""
    year: int | None
    period: str
    age: int | None  # full years between the period and the dataset's as-of date
    age_text: str  # "2 years old" or ""
    status: str  # id: normal, estimated, provisional, unreliable, censored, missing, not_applicable
    status_text: str
    nature_text: str
    source: str  # id of the publisher's room
    source_text: str
    edition: str
    dimensions: str  # words of the breakdown; "" for the total
    kind: MissingKind
    why: str  # words of the kind, and who can supply it; "" when there is a number
    caution: str  # what to be careful about with this very figure; "" where nothing is


class MethodSection(TypedDict):
    id: str
    title: str
    text: str
    terms: list[Term]
