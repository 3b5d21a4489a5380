"""What every kind of submission answers (``Kind``), and the periods that files are sent for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

import polars as pl

from dashboard.accounts.model import ORGANISATIONS
from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.comparison import PublicationComparison
from dashboard.contributions.submissions.methods.resolving import evidence_level
from dashboard.contributions.submissions.model import (
    Finding,
    Intent,
    MoveNotAllowed,
    Removed,
    Submission,
    UploadRefused,
    Withdrawal,
)
from dashboard.contributions.submissions.reading.process import FileReading
from dashboard.evidence.codebook.model import Codebook
from dashboard.settings import Settings

FIRST_YEAR = 1990
OFFERED_YEARS = 7
"""Years, up to the last whole one, that a page offers to send for."""


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What a file is read with: codebook, the office's column names and closed years, and the account that asks."""

    settings: Settings
    book: Codebook
    mapping: Mapping[str, str]
    closed: Sequence[str]
    who: str


class Kind:
    """One kind of submission. What a kind does not say itself is as here."""

    dataset: ClassVar[str]
    intents: ClassVar[Sequence[Intent]]
    """What a file can be to its year, the usual one first."""

    sheet: ClassVar[str] = ""
    """Sheet of the workbook (``submissions.sheet.…``) that is named beside a period; of figures none is."""

    fixed_level: ClassVar[int] = 0
    """Evidence level of all of its figures; 0 where *Method* decides."""

    writes_vintage: ClassVar[bool] = True
    """Whether its figures come into force as a vintage of the dataset, and are due on a day."""

    can_roll_back: ClassVar[bool] = True
    is_monthly: ClassVar[bool] = False
    is_due_yearly: ClassVar[bool] = False
    """Whether each country is expected to send it for each year."""

    is_typed: ClassVar[bool] = False
    """Whether it can be typed in the table of its year, and its method said beside its file."""

    is_sealed: ClassVar[bool] = False
    """Whether its file is encrypted as it arrives, never leaves, and is destroyed once it is decided."""

    @property
    def has_choice(self) -> bool:
        """Return True if who sends a file says what it is to its year."""
        return len(self.intents) > 1

    def choose_intent(self, name: str) -> str:
        """Return what a file is to its year: as it was named, or as is usual.

        Raises:
            UploadRefused: a file of this kind is never that.
        """
        if name not in ("", *self.intents):
            raise UploadRefused("form", f"The field “intent” of {self.dataset} is one of: {', '.join(self.intents)}.")
        return name or self.intents[0]

    def may_send(self, country: str) -> bool:
        """Return True if a country (or organisation) may send this kind."""
        return country not in ORGANISATIONS

    def require_period(self, period: str) -> None:
        """Raise ``MoveNotAllowed`` unless figures can be sent for this year (month)."""
        parse_year(period)

    def offer_periods(self, today: date) -> list[str]:
        """Return the periods that the page of this kind offers, newest first."""
        return [str(today.year - back) for back in range(1, OFFERED_YEARS + 1)]

    def format_period(self, period: str, lang: str) -> str:
        """Return a year (month) in words."""
        return period

    def level_of(self, submission: Submission) -> int:
        """Return the evidence level (1 to 3) of a submission's figures."""
        return self.fixed_level or evidence_level(submission.method)

    def read(self, submission: Submission, context: ReadingContext) -> FileReading:
        """Read and check the file of a submission.

        Raises:
            UploadRefused: the file cannot be read.
        """
        raise NotImplementedError

    def find_conflicts(self, submission: Submission, read: FileReading, context: ReadingContext) -> list[Finding]:
        """Return what the record says against rows that were read; the reading process sees no database."""
        return []

    def find_leaks(self, connection: store.Connection, submission: Submission) -> list[Finding]:
        """Return errors where publication would tell what a few people answered."""
        return []

    def removed_on(
        self, connection: store.Connection, book: Codebook, submission: Submission, sent: pl.DataFrame
    ) -> list[Removed]:
        """Return what is published and would go, without being taken back by name."""
        raise NotImplementedError

    def withdrawals_on(self, connection: store.Connection, book: Codebook, submission: Submission) -> list[Withdrawal]:
        """Return what is published and taken back by name."""
        return []

    def require_safe(self, connection: store.Connection, submission: Submission) -> None:
        """Raise ``MoveNotAllowed`` where publication would tell what a few people answered."""

    def require_own(
        self, connection: store.Connection, submission: Submission, comparison: PublicationComparison | None
    ) -> None:
        """Raise ``MoveNotAllowed`` where another office has come to send the same since the file was checked."""

    def put_in_force(self, connection: store.Connection, submission: Submission, now: datetime) -> None:
        """Keep what is published outside the dataset, within the transaction that publishes it."""

    def closes_period(self, submission: Submission, now: datetime) -> bool:
        """Return True if publication closes the year (month)."""
        return submission.rows > 0  # a month of which only centres were sent stays open for its counts

    def refresh(self, settings: Settings, submission: Submission) -> None:
        """Compute anew what pages show, after publication and apart from it."""


def parse_year(period: str) -> int:
    """Return the year that figures are sent for, or that is said to have none.

    Raises:
        MoveNotAllowed: it is none, or one that is still to come.
    """
    now = datetime.now(UTC).year
    if not re.fullmatch(r"[0-9]{4}", period) or not FIRST_YEAR <= int(period) <= now:
        raise MoveNotAllowed("period", f"“{period[:10]}” is not a year from {FIRST_YEAR} to {now}.")
    return int(period)


def parse_month(period: str) -> str:
    """Return the month that counts are sent for.

    Raises:
        MoveNotAllowed: it is none, or one that is still to come.
    """
    now = datetime.now(UTC)
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", period)
    if not found or not f"{FIRST_YEAR}-01" <= period <= f"{now:%Y-%m}":
        raise MoveNotAllowed("month", f"“{period[:10]}” is not a month from {FIRST_YEAR}-01 to {now:%Y-%m}.")
    return period
