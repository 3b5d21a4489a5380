"""Tables of service delivery. ``store`` alone reads and writes them; migrations 0005, 0031 and 0035 make them."""

from datetime import date, datetime

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from dashboard.evidence.database.columns import Moment


class ServiceCentre(SQLModel, table=True):
    """A centre from a day on; a later row of the same code says what changed."""

    __tablename__ = "service_centre"

    code: str = Field(primary_key=True)
    since: date = Field(primary_key=True)
    country: str = Field(index=True, max_length=3)
    name: str
    region: str = ""
    opened: date | None = None
    closed: date | None = None
    latitude: float | None = None
    longitude: float | None = None
    services: list[list[str]] = Field(default_factory=list, sa_type=JSON)
    form: bool = False


class ServiceReport(SQLModel, table=True):
    """One month of one centre, service and channel as sent; a later sending supersedes it and both stay."""

    __tablename__ = "service_report"
    __table_args__ = (Index("ix_service_report_superseded", "country", "superseded_at"),)

    id: int | None = Field(default=None, primary_key=True)
    country: str = Field(index=True, max_length=3)
    centre: str
    service: str
    channel: str
    month: date
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    histograms: dict[str, list[int]] = Field(default_factory=dict, sa_type=JSON)
    cost: float | None = None
    currency: str = ""
    measured_by: str = ""
    received_at: datetime = Field(sa_type=Moment)
    superseded_at: datetime | None = Field(default=None, sa_type=Moment)


class ServiceMerged(SQLModel, table=True):
    """A service that another of its country has taken over from a month on."""

    __tablename__ = "service_merged"

    country: str = Field(primary_key=True, max_length=3)
    old: str = Field(primary_key=True)
    new: str
    since: date


class ServiceAddress(SQLModel, table=True):
    """A public address of one channel that is asked whether it says what is expected."""

    __tablename__ = "service_address"

    url: str = Field(primary_key=True)
    country: str = Field(index=True, max_length=3)
    name: str
    channel: str = Field(default="web", description="web or app.")
    expects: str = Field(default="", description="Text its page holds where it is up; empty: it is asked no more.")
    added_at: datetime = Field(sa_type=Moment, description="Since when it is asked for this text.")


class ServiceProbe(SQLModel, table=True):
    """One question to an address, at the start of its step of five minutes, and what came back."""

    __tablename__ = "service_probe"

    url: str = Field(primary_key=True, foreign_key="service_address.url")
    at: datetime = Field(primary_key=True, sa_type=Moment)
    up: bool
    status: int | None = None
    milliseconds: int | None = None
    error: str = ""
