"""The tables of accounts. No secret is in them: of a session, link or token its hash, of a password argon2's."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from dashboard.database.columns import Moment


class AccountRow(SQLModel, table=True):
    """A person with a role."""

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True, description="In small letters.")
    name: str = ""
    role: str = Field(description="Role")
    country: str = ""
    network: str = ""
    office: str = ""
    office_number: int = Field(default=1, description="Of the country's offices.")
    language: str = "en"
    state: str = Field(description="State")
    password: str = Field(default="", description="argon2's encoded hash; empty: no password can be right.")
    totp: str = Field(default="", description="The shared secret, encrypted with the installation's.")
    totp_step: int = Field(default=0, description="The last time step whose code was taken.")
    subject: str | None = Field(
        default=None, unique=True, description="Issuer and subject at the organisation's login."
    )
    by_group: bool = Field(default=False, description="The role came from a group at the organisation's login.")
    created_at: datetime = Field(sa_type=Moment)
    given_by: int | None = Field(
        default=None, description="Account that gave the role; none: the operator, or the organisation's login."
    )
    given_at: datetime | None = Field(default=None, sa_type=Moment)
    confirmed_by: int | None = Field(default=None, description="Reviewer who said that this is the person.")
    waits: bool = Field(default=False, description="For that reviewer: until then the role has no right.")
    held_until: datetime | None = Field(
        default=None, sa_type=Moment, description="Until then it neither approves nor publishes: another reset it."
    )


class OfficeRow(SQLModel, table=True):
    """An office that sends figures of its country (a ministry, an agency, a statistics office), by its number there."""

    __tablename__ = "office"

    country: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str


class LinkRow(SQLModel, table=True):
    """A link by mail that can be used once: an invitation, or a new password."""

    __tablename__ = "account_link"

    hash: str = Field(primary_key=True)
    account: int = Field(foreign_key="account.id", index=True)
    purpose: str = Field(description="invitation or reset")
    by_another: bool = Field(default=False, description="Not its owner asked for it.")
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class SessionRow(SQLModel, table=True):
    """One browser where a person is logged in, or half-way."""

    __tablename__ = "account_session"

    id: int | None = Field(default=None, primary_key=True)
    hash: str = Field(unique=True)
    account: int = Field(foreign_key="account.id", index=True)
    stage: str = Field(description="code: the password was right; full: logged in")
    started_at: datetime = Field(sa_type=Moment)
    used_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    address: str = ""
    agent: str = ""


class DeviceRow(SQLModel, table=True):
    """A browser in which a person was logged in: attempts made there are counted apart from those of others."""

    __tablename__ = "account_device"

    hash: str = Field(primary_key=True)
    account: int = Field(primary_key=True, foreign_key="account.id", index=True)
    made_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)


class TokenRow(SQLModel, table=True):
    """A personal token for the API."""

    __tablename__ = "account_token"

    id: int | None = Field(default=None, primary_key=True)
    hash: str = Field(unique=True)
    account: int = Field(foreign_key="account.id", index=True)
    name: str = ""
    scopes: str = Field(default="submit", description="What it may do of what its owner may: names, parted by spaces.")
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class AuditHeadRow(SQLModel, table=True):
    """What was published of the audit trail's end on a day: a later trail must still hold it."""

    __tablename__ = "audit_head"

    day: date = Field(primary_key=True)
    number: int
    digest: str


class AuditRow(SQLModel, table=True):
    """One thing that was done; triggers refuse to change or delete it."""

    __tablename__ = "audit"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    moment: datetime = Field(sa_type=Moment)
    actor: int | None = Field(default=None, description="Account that did it; none: the operator or the product.")
    office: str = Field(default="", description="Role and office of the actor then.")
    action: str = Field(description="e.g. account.invited, submission.approved")
    subject: str = Field(index=True, description="On what, e.g. account 7, submission 12")
    address: str = Field(default="", description="From where.")
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reason: str = ""
    previous: str = Field(description="Digest of the entry before; empty for the first.")
    digest: str = Field(description="sha256 of all of the above.")
