"""The tables of accounts. They hold hashes of sessions, links and tokens, never the secrets themselves."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from dashboard.accounts.model import FIRST_OFFICE, Role, State
from dashboard.evidence.database.columns import Moment


class _AccountFields(SQLModel):
    """The columns of an account that hold no secret."""

    email: str = Field(unique=True, description="In small letters.")
    name: str = ""
    role: str = Field(description="Role")
    country: str = Field(default="", description='ISO3; "" for the whole programme.')
    network: str = Field(default="", description='A service network in the country; "" for all of it.')
    office: str = Field(default="", description="Shown to readers in the person's place.")
    office_number: int = Field(default=FIRST_OFFICE, description="Of the country's offices.")
    language: str = "en"
    state: str = Field(description="State")
    by_group: bool = Field(default=False, description="The role came from a group at the organisation's login.")
    created_at: datetime = Field(sa_type=Moment)
    given_by: int | None = Field(
        default=None, description="Account that gave the role; none: the operator, or the organisation's login."
    )
    given_at: datetime | None = Field(default=None, sa_type=Moment)
    confirmed_by: int | None = Field(default=None, description="Reviewer who confirmed the person's identity.")
    waits: bool = Field(default=False, description="For that reviewer: until then the role has no right.")
    held_until: datetime | None = Field(
        default=None, sa_type=Moment, description="Until then it neither approves nor publishes: another reset it."
    )


class Account(_AccountFields):
    """A person with a role, as other packages see it."""

    id: int
    role: Role
    state: State
    second_factor: bool = Field(description="A one-time code is asked for.")


class AccountRow(_AccountFields, table=True):
    """A person with a role, and the hashes and secrets that prove who they are."""

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    password: str = Field(default="", description="argon2's encoded hash; empty: no password can be right.")
    totp: str = Field(default="", description="The shared secret, encrypted with the installation's.")
    totp_step: int = Field(default=0, description="The last time step whose code was taken.")
    subject: str | None = Field(
        default=None, unique=True, description="Issuer and subject at the organisation's login."
    )


class OfficeRow(SQLModel, table=True):
    """An office of a country that sends figures, numbered within the country."""

    __tablename__ = "office"

    country: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str


class LinkRow(SQLModel, table=True):
    """A single-use link sent by mail: an invitation or a password reset."""

    __tablename__ = "account_link"

    hash: str = Field(primary_key=True)
    account: int = Field(foreign_key="account.id", index=True)
    purpose: str = Field(description="invitation or reset")
    by_another: bool = Field(default=False, description="Not its owner asked for it.")
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class SessionRow(SQLModel, table=True):
    """A browser where a person is logged in, or still has to give a one-time code."""

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
    """A browser where a person was logged in: login attempts from it are counted separately."""

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
    """The end of the audit trail as published on a day; every later trail must contain it."""

    __tablename__ = "audit_head"

    day: date = Field(primary_key=True)
    number: int
    digest: str


class AuditRow(SQLModel, table=True):
    """An entry of the audit trail; triggers refuse to change or delete it."""

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
