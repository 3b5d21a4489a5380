"""The values of this room: findings, states of a submission and the moves between them, what a template holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypedDict

from dashboard.accounts.model import FIRST_OFFICE, Right
from data_sources.national_submission.made import SUBMITTED

Severity = Literal["error", "warning", "suggestion"]
"""``error``: cannot be submitted. ``warning``: a second look is due. ``suggestion``: would make the figures better."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "suggestion")

ACTIVITIES = "agreement_activities"
"""The dataset of activities, and what one of them is named as where figures are named by their indicators."""

Intent = Literal["corrects", "replaces"]
"""``corrects``: it adds and corrects, and what it does not name stays published. ``replaces``: it is the whole year."""

State = Literal[
    "draft", "checked", "submitted", "approved", "published", "returned", "withdrawn", "not_reported", "superseded",
    "rolled_back",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class AllowedMove:
    """One allowed move: from which states, to which, by whose right, and whether a reason must be given.

    ``closed``: only while its year is closed. ``told``: how the trail calls it, where not by the state it leads to.
    """

    before: tuple[State, ...]
    after: State
    right: Right
    reason: bool = False
    closed: bool = False
    told: str = ""


MOVES: Mapping[str, tuple[AllowedMove, ...]] = {
    "submit": (AllowedMove(("checked",), "submitted", Right.SUBMIT),),
    "approve": (AllowedMove(("submitted",), "approved", Right.APPROVE),),
    "take_back": (AllowedMove(("approved",), "submitted", Right.APPROVE, told="approval_taken_back"),),
    "return": (
        AllowedMove(("submitted",), "returned", Right.APPROVE, reason=True),
        AllowedMove(("submitted", "approved"), "returned", Right.REVIEW, reason=True),
    ),
    "publish": (AllowedMove(("approved",), "published", Right.REVIEW),),
    "ask_reopen": (
        AllowedMove(("published",), "published", Right.SUBMIT, reason=True, closed=True, told="reopening_asked"),
        AllowedMove(("published",), "published", Right.APPROVE, reason=True, closed=True, told="reopening_asked"),
    ),
    "reopen": (AllowedMove(("published",), "published", Right.REVIEW, reason=True, closed=True, told="reopened"),),
    "decline_reopen": (
        AllowedMove(("published",), "published", Right.REVIEW, reason=True, closed=True, told="reopening_declined"),
    ),
    "roll_back": (AllowedMove(("published",), "rolled_back", Right.REVIEW, reason=True),),
    "withdraw": (
        AllowedMove(
            ("draft", "checked", "submitted", "approved", "returned", "not_reported"), "withdrawn", Right.SUBMIT
        ),
    ),
}
"""Every move a person makes; an approval is taken back by whoever gave it, and by nobody else. ``check`` (draft,
checked, returned → checked), ``supersede`` (published, not_reported → superseded), ``restore`` (and back)
and the statement that nothing is reported belong to an upload, a publication, a publication rolled back, a form."""

HANDS: Mapping[str, tuple[str, ...]] = {
    "approve": ("upload", "fill", "check", "submit"),
    "publish": ("upload", "fill", "check", "submit", "approve"),
    "decide": ("upload", "fill", "check", "submit", "approve"),
}
"""Moves that take a person apart from all who made these before."""

UNHELD = (*HANDS, "roll_back")
"""Moves that nobody makes whose account another person has reset within 72 hours."""

ASKED = ("ask_reopen", "reopen", "decline_reopen")
"""The question whether a year is opened again, and its answers."""

MADE = (
    "submission.received", "submission.mapped", "submission.method", "survey.mapped", "submission.released",
    "submission.submitted",
)  # fmt: skip
"""What the trail calls a hand in what a submission holds: also saying what a column means, how figures were made, or
that published ones may go."""

NOT_SUBMITTED: tuple[State, ...] = ("draft", "checked", "returned")
"""States in which a file may be read again."""

OF = "of"
"""Of the values of a finding the indicator of its row; of rows without a known one there is none."""

MOST_PLACES = 200
"""Places of a file that one rule names."""

SOURCE = SUBMITTED
"""The publisher (folder of ``data_sources``) under which submitted figures stand in the record."""

MAX_BYTES = 50 * 2**20
"""Largest file taken. Ours."""

MAX_ROWS = 250_000
"""Most rows of one sheet. Ours: 200,000 rows of figures with room for heads and notes."""

BREAKDOWNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "sex": (("Sex", "FEMALE"), ("Sex", "MALE")),
    "location": (("Location", "URBAN"), ("Location", "RURAL")),
    "disability": (("Disability status", "PD"), ("Disability status", "PWD")),
}
"""Breakdown → dimension and category as the publishers of the record write them, so that figures meet."""

MISSING_REASONS = ("not_collected", "not_yet", "too_few", "not_applicable", "other")
"""Why a figure is not sent. ``other`` needs words in the note."""

WITHDRAWN = "withdrawn"
"""The reason that takes a published figure back; needs words in the note."""

LEVEL = 95.0
"""Level of the intervals that the template asks for and surveys are estimated with, in per cent."""

REPLACED = "replaced"
"""Why a figure went that a whole year no longer has."""

ONE_UNIT = "one_unit"
"""Why an estimate of many answers is not told: they are all of one sampling unit, which shows no error."""

FIGURE_REASONS = (*MISSING_REASONS, WITHDRAWN)
"""What a row without a figure may say."""

METHODS = ("household_survey", "user_survey", "registers", "estimate")
"""How the figures were made, as *Method* says it; decides the evidence level."""

DEFINITIONS = ("official", "own")
"""Whose definition a figure follows: the indicator's, or one of the country's own, which makes it national."""

QUANTILES: Mapping[str, float] = {"90": 1.645, "95": 1.96, "99": 2.576}
LEVELS = tuple(QUANTILES)
"""Levels of intervals that are kept, in per cent, and the standard errors of each half; unsaid it is ``LEVEL``."""

METHOD_FIELDS = (
    "method", "who", "population", "period_of_work", "sample_size", "question", "scale", "mode", "legal_basis",
    "address", "definition_used", "own_definition", "numerator_counts", "denominator_counts", "interval_level",
)  # fmt: skip
"""What is asked of how figures were made, in this order: by the sheet *Method*, or beside a file that has none."""

METHOD_CHOICES: Mapping[str, tuple[str, ...]] = {
    "method": METHODS, "definition_used": DEFINITIONS, "interval_level": LEVELS,
}  # fmt: skip
"""Those of them that are chosen from a list."""

SAME = "same"
"""Beside them, of one indicator: whether its figures were made as all are, whatever the file says."""

LONGEST_METHOD = 1_000
"""Letters of one of these fields."""


class SubmissionError(Exception):
    """The base of this room's errors: the message says what was wrong, where, and what to do."""


class UploadRefused(SubmissionError):
    """A file that is not taken; ``code`` names the reason (``too_large``, ``empty``, ``bomb`` …)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.values: Mapping[str, str] = {}  # with which its words in a language are filled


class MoveNotAllowed(SubmissionError):
    """A move this person may not make, or not from this state; ``code`` names the reason."""

    def __init__(self, code: str, message: str, **values: str) -> None:
        super().__init__(message)
        self.code = code
        self.values: Mapping[str, str] = values  # with which its words in a language are filled


class ReadingBusy(SubmissionError):
    """Too many files are being read just now; what was sent before is kept. ``seconds``: when to try again."""

    code = "reading"
    seconds = 60


class NoRoom(ReadingBusy):
    """The disk has no room, or refused: nothing was published, and nothing has changed."""

    code = "disk"


class SubmissionUnknown(SubmissionError):
    """There is no such submission, or not for this person."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a file: rule, place, what was read; its words come from the catalogues.

    ``row`` and ``column`` are as a spreadsheet counts (row 1, column ``C``); 0 and ``""`` mean the whole sheet or file.
    """

    rule: str
    severity: Severity
    sheet: str = ""
    row: int = 0
    column: str = ""
    read: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    count: int = 1

    @property
    def cell(self) -> str:
        """``C7``; ``""`` when no single cell is meant."""
        return f"{self.column}{self.row}" if self.row and self.column else ""

    def as_json(self) -> dict[str, Any]:
        """Plain values, as stored."""
        return {
            "rule": self.rule, "severity": self.severity, "sheet": self.sheet, "row": self.row, "column": self.column,
            "read": self.read, "values": dict(self.values), "count": self.count,
        }  # fmt: skip

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Finding":
        """Return the finding as stored by ``as_json``."""
        return cls(**stored)


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A fact of a submission against what is published."""

    indicator: str
    period: str
    dimensions: str
    fate: Literal["new", "revised", "withdrawn", "vanished", "unchanged"]
    before: float | None
    after: float | None
    edition: str = ""  # of what is published; "" where nothing is
    reason: str = ""  # why there is no figure any more: its code, its words, or ``code: words``
    bounds_before: tuple[float, float] | None = None  # its interval (``LEVEL``)
    bounds_after: tuple[float, float] | None = None
    note_before: str = ""  # how many answered, and the note
    note_after: str = ""
    levels: tuple[float | None, float | None] = (None, None)  # of its intervals, in per cent
    made_before: Mapping[str, str] = field(default_factory=dict)  # how (``dataset.made``)
    made_after: Mapping[str, str] = field(default_factory=dict)

    @property
    def percent(self) -> float | None:
        """Size of the revision in per cent of the published figure; None where that is 0 or one is missing."""
        if self.before is None or self.after is None or self.before == 0:
            return None
        return 100 * (self.after - self.before) / abs(self.before)


@dataclass(frozen=True, slots=True, order=True)
class Removed:
    """A published figure that would be published no more.

    ``group`` is the breakdown as the record has it; of a count the centre, the service and the channel.
    """

    indicator: str
    period: str
    group: str
    value: float

    def as_json(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"indicator": self.indicator, "period": self.period, "group": self.group, "value": self.value}

    def __str__(self) -> str:
        return f"{self.indicator} {self.period} {self.group} {self.value:.12g}"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A published figure that is taken back, and why."""

    figure: Removed
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return self.figure.as_json() | {"reason": self.reason}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Withdrawal":
        """Return the withdrawal as stored by ``as_json``."""
        return cls(Removed(*(stored[name] for name in ("indicator", "period", "group", "value"))), stored["reason"])


@dataclass(frozen=True, slots=True)
class ContestedFigure:
    """A row about a figure that another office of the country holds: it changes nothing of what is published."""

    indicator: str
    period: str
    dimensions: str
    value: float | None  # what is sent; None for a row without a value
    reason: str  # of such a row
    holder: int  # the submission whose figure is published
    holder_office: int
    held: float | None  # the published figure; None where it was taken back while nothing is decided


@dataclass(frozen=True)
class Submission:
    """A submission as read from the store; its findings and figures are fetched apart."""

    id: int
    country: str
    dataset: str  # of ``kinds.registry.KINDS``
    period: str
    state: State
    lang: str
    filename: str
    sha256: str
    size: int
    created_by: int
    created_office: str
    created_at: datetime
    rows: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    method: Mapping[str, str] = field(default_factory=dict)  # how its figures were made
    methods: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # indicator → whole, where otherwise
    stated: Mapping[str, str] = field(default_factory=dict)  # said beside the file (``methods.resolving``)
    unknown: Mapping[str, Any] = field(default_factory=dict)  # head → ``field`` it was said to be, ``seen`` below it
    submitted_by: int | None = None
    submitted_office: str = ""
    submitted_at: datetime | None = None
    approved_by: int | None = None
    approved_office: str = ""
    approved_at: datetime | None = None
    published_at: datetime | None = None
    vintage: int | None = None
    supersedes: int | None = None
    reason: str = ""
    released: Mapping[str, Any] = field(default_factory=dict)  # ``removal``: what it removes, who answered for it, when
    intent: Intent = "corrects"
    withdrawn: Sequence[Mapping[str, Any]] = ()  # ``Withdrawal``, of what is published
    office_number: int = FIRST_OFFICE  # of the country's offices, whose it is

    @property
    def errors(self) -> int:
        """Findings that keep it from being submitted."""
        return int(self.counts.get("error", 0))

    def method_of(self, indicator: str) -> Mapping[str, str]:
        """Return how the figures of one indicator were made."""
        return self.methods.get(indicator, self.method)

    @property
    def asked(self) -> dict[str, tuple[str, Sequence[str]]]:
        """Heads of the country's own → field that it has said (``none``: not read; "": not yet), first cells below."""
        return {
            head: (str(it["field"]), it["seen"]) if isinstance(it, dict) else ("", ())  # earlier files have a sheet
            for head, it in self.unknown.items()
        }

    @property
    def edition(self) -> str:
        """What its figures name as their edition."""
        return f"submission {self.id}"


class PeriodStanding(TypedDict):
    """A year of a country, as readers are told of it."""

    country: str
    period: str
    day: str
    standing: str


class AccountGiver(TypedDict):
    """Who gives accounts in a country, as readers are told."""

    country: str
    words: str
