"""The tables of offices side by side: whose an indicator is, and figures that two of them send."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from dashboard.database.columns import Moment


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


class ConflictRow(SQLModel, table=True):
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
