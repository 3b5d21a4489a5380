"""The table of decisions. ``store`` alone reads and writes it; migrations 0009 and 0034 make it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from dashboard.evidence.database.columns import Moment


class Decision(SQLModel, table=True):
    """One decision on one figure. The figure is kept as it stood; each move is in the audit trail."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("country", "kind", "place", "metric", "month", name="uq_decision_subject"),)

    id: int | None = Field(default=None, primary_key=True)
    country: str = Field(max_length=3, index=True)
    kind: str
    place: str = Field(default="", description="Code of a centre, or empty.")
    metric: str = Field(default="", description="Metric or theme, or empty.")
    month: str = Field(description="The last month the figure rests on, of a submission its year.")
    figure: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    dataset: str = Field(default="", description="Version of the dataset on the day it was opened.")
    owner: str = Field(description="The office that has to act.")
    due: date
    state: str
    measure: str = Field(default="", description="What is done.")
    shows: str = Field(default="", description="The month in which the figure should show it: 2027-03.")
    words: str = Field(default="", description="The outcome, or the reason it was declined.")
    language: str = Field(description="Of owner, measure and words.")
    office: str = Field(default="", description="Who opened it, as readers see them.")
    opened_at: datetime = Field(sa_type=Moment)
    moved_at: datetime = Field(sa_type=Moment)
