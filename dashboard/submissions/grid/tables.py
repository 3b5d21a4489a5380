"""The table of drafts that are typed in the page."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from dashboard.database.columns import Moment


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
