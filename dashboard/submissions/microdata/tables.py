"""The table of surveys: what is kept beside a submission once its microdata are gone."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from dashboard.database.columns import Moment


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
