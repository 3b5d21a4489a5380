"""The tables of submissions, of tables typed in the page, of surveys, of offices side by side, and of pulled addresses.

Offices are kept beside accounts, since readers see the one and never the other.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from dashboard.evidence.database.columns import Moment


class SubmissionRow(SQLModel, table=True):
    """What a country sent for a year, with its file's hash, its figures and findings, and who did what with it."""

    __tablename__ = "submission"
    __table_args__: Any = (
        CheckConstraint("approved_by IS NULL OR submitted_by IS NULL OR approved_by <> submitted_by", name="four_eyes"),
        CheckConstraint(
            "state NOT IN ('approved', 'published') OR (submitted_by IS NOT NULL AND approved_by IS NOT NULL)",
            name="approved_by_someone",
        ),
        Index(
            "one_published", "country", "dataset", "period", "office_number", unique=True,
            sqlite_where=text("state = 'published'"), postgresql_where=text("state = 'published'"),
        ),
        Index(
            "one_key", "created_by", "idempotency", unique=True,
            sqlite_where=text("idempotency <> ''"), postgresql_where=text("idempotency <> ''"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    country: str = Field(index=True)
    office_number: int = Field(default=1, description="Of the country's offices, whose it is.")
    dataset: str = Field(description="figures; survey: estimated from microdata; counts: of services")
    period: str
    state: str = Field(index=True)
    lang: str
    filename: str
    sha256: str = Field(description="Of the file; empty for a statement without one.")
    size: int
    idempotency: str = Field(default="", description="Key of the request that made it: the same one makes no other.")
    created_by: int
    created_office: str
    created_at: datetime = Field(sa_type=Moment)
    rows: int = 0
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    method: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    methods: dict[str, dict[str, str]] = Field(
        default_factory=dict, sa_type=JSON, description="Indicator to how its figures were made, where not as method."
    )
    stated: dict[str, str] = Field(
        default_factory=dict, sa_type=JSON, description="What its sender said beside the file of how it was made."
    )
    unknown: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    findings: bytes | None = Field(default=None, description="All findings as compressed JSON.")
    figures: bytes | None = Field(default=None, description="The rows as read, as Parquet.")
    submitted_by: int | None = None
    submitted_office: str = ""
    submitted_at: datetime | None = Field(default=None, sa_type=Moment)
    approved_by: int | None = None
    approved_office: str = ""
    approved_at: datetime | None = Field(default=None, sa_type=Moment)
    published_at: datetime | None = Field(default=None, sa_type=Moment)
    vintage: int | None = Field(default=None, foreign_key="vintage.number")
    supersedes: int | None = Field(default=None, foreign_key="submission.id")
    reason: str = ""
    released: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSON, description="Who answered for the figures it removes, which, and when."
    )
    intent: str = Field(default="corrects", description="corrects: what it does not name stays; replaces: the year.")
    withdrawn: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=JSON, description="Figures that its publication took back, each with its reason."
    )


class SubmissionMoveRow(SQLModel, table=True):
    """One move of a submission from a state to another, or a comment on it."""

    __tablename__ = "submission_move"

    id: int | None = Field(default=None, primary_key=True)
    submission: int = Field(foreign_key="submission.id", index=True)
    move: str
    before: str
    after: str
    account: int
    office: str
    moment: datetime = Field(sa_type=Moment)
    reason: str = ""


class SubmissionPeriodRow(SQLModel, table=True):
    """A year of an office's dataset: when it is due, and whether it is closed because it is published."""

    __tablename__ = "submission_period"

    country: str = Field(primary_key=True)
    dataset: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    office_number: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    due: datetime | None = Field(default=None, sa_type=Moment)
    closed: bool = False
    reason: str = Field(default="", description="Why a reviewer opened it again.")


class SubmissionReminderRow(SQLModel, table=True):
    """What a person was reminded of, so that it is told once: account, country, dataset, year, day, which reminder."""

    __tablename__ = "submission_reminder"

    key: str = Field(primary_key=True)
    moment: datetime = Field(sa_type=Moment)


class SubmissionMappingRow(SQLModel, table=True):
    """What an office's own column names mean: head as compared → field."""

    __tablename__ = "submission_mapping"

    country: str = Field(primary_key=True)
    office_number: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    heads: dict[str, str] = Field(default_factory=dict, sa_type=JSON)


class GridDraftRow(SQLModel, table=True):
    """What an office has written in the table of a year, as it was kept last."""

    __tablename__ = "submission_grid"

    country: str = Field(primary_key=True)
    office_number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    period: str = Field(primary_key=True)
    mark: str = Field(description="Of this draft and no other of the same year.")
    version: int = Field(description="Grows by one each time it is kept: who knows an older one overwrites nothing.")
    cells: dict[str, dict[str, str]] = Field(sa_type=JSON, description="Row → column → what is written there.")
    before: dict[str, dict[str, str]] = Field(sa_type=JSON, description="The same before it was kept last.")
    hands: dict[str, str] = Field(sa_type=JSON, description="Accounts that have written in it → their offices' names.")
    account: int = Field(description="Who kept it last.")
    page: str = Field(description="In which window of a browser: its own older version is no other's.")
    saved_at: datetime = Field(sa_type=Moment, index=True)
    submission: int | None = Field(default=None, foreign_key="submission.id", description="Made of it last.")


class SurveyFileRow(SQLModel, table=True):
    """A survey's file by the name of its key, its columns by name, their mapping, and when it was destroyed."""

    __tablename__ = "survey_file"

    submission: int = Field(primary_key=True, foreign_key="submission.id")
    country: str = Field(index=True)
    name: str = Field(description="Of the encrypted file and of its key.")
    columns: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    mapping: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    results: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    expires_at: datetime = Field(sa_type=Moment)
    destroyed_at: datetime | None = Field(default=None, sa_type=Moment)
    destroyed_why: str = ""


class AssignmentRow(SQLModel, table=True):
    """An indicator that one office of a country sends, and no other."""

    __tablename__ = "submission_assignment"

    country: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    office_number: int


class ChoiceRow(SQLModel, table=True):
    """Which indicators an office sends: its templates hold these."""

    __tablename__ = "submission_choice"

    country: str = Field(primary_key=True)
    office_number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    indicators: list[str] = Field(default_factory=list, sa_type=JSON)


class OfficeConflict(SQLModel, table=True):
    """A figure that an office sends and another one holds: what was published stays until the coordinator decides."""

    __tablename__ = "submission_conflict"
    __table_args__: Any = (
        Index(
            "one_open", "country", "indicator", "period", "dimensions", "office_number", unique=True,
            sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    country: str = Field(index=True)
    indicator: str
    period: str
    dimensions: str
    state: str = Field(description="open, decided, or renewed by a later submission of the same office")
    submission: int = Field(foreign_key="submission.id", index=True, description="That sends it.")
    office_number: int = Field(description="Whose that is.")
    value: float
    holder: int = Field(foreign_key="submission.id", index=True, description="Whose figure is published.")
    holder_office: int
    held: float | None = Field(default=None, description="The published figure then; none: taken back since.")
    opened_at: datetime = Field(sa_type=Moment)
    decided_by: int | None = None
    decided_office: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    chosen: int | None = Field(default=None, description="Number of the office whose figure is published.")
    reason: str = ""
    vintage: int | None = Field(default=None, foreign_key="vintage.number")

    @property
    def sides(self) -> tuple[int, int]:
        """The two submissions."""
        return self.submission, self.holder


class PullRow(SQLModel, table=True):
    """An office's address, when it is asked, and what came of it last."""

    __tablename__ = "submission_pull"

    id: int | None = Field(default=None, primary_key=True)
    country: str = Field(index=True)
    office_number: int
    address: str
    form: str = Field(description="What it answers with: json, csv, sdmx, open_sdg or pxweb.")
    indicator: str = Field(default="", description="What its figures are of, where they do not say.")
    period: str = Field(default="", description="The year they are due for; empty: the last whole one.")
    days: int = Field(description="From one time to the next.")
    set_by: int = Field(description="Account in whose name the drafts arrive.")
    set_office: str
    set_at: datetime = Field(sa_type=Moment)
    due_at: datetime = Field(sa_type=Moment)
    asked_at: datetime | None = Field(default=None, sa_type=Moment)
    came_at: datetime | None = Field(default=None, sa_type=Moment, description="When other figures came last.")
    etag: str = ""
    sha256: str = Field(default="", description="Of what came last.")
    came_for: str = Field(default="", description="The year it came for.")
    submission: int | None = Field(default=None, foreign_key="submission.id", description="What was made of it.")
    failures: int = Field(default=0, description="In a row.")
    trouble: str = Field(default="", description="Why nothing came last; empty: it did.")
