"""The table of addresses from which offices' figures are fetched."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from dashboard.database.columns import Moment


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
