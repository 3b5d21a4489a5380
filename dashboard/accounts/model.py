"""Roles, what each may do, and who is asking.

``Principal`` is what other rooms get: who is asking, already checked. They never see a cookie, a session or a token.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    """What a person is to the programme; readers have no account and no role."""

    CONTRIBUTOR = "contributor"
    APPROVER = "approver"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    MODERATOR = "moderator"
    OFFICER = "integrity_officer"
    ADMIN = "admin"

    @property
    def of_country(self) -> bool:
        """Whether it holds within one country only."""
        return self in (*OF_OFFICE, Role.MODERATOR, Role.OFFICER)

    @property
    def needs_confirmation(self) -> bool:
        """Whether a reviewer has to say that this is the person, where another person gave the role."""
        return self not in (Role.CONTRIBUTOR, Role.ADMIN)

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password alone is not enough."""
        return self in (Role.REVIEWER, Role.MODERATOR, Role.OFFICER, Role.ADMIN)


OF_OFFICE = (Role.CONTRIBUTOR, Role.APPROVER, Role.COORDINATOR)
"""Roles of people who belong to an office of their country."""

FIRST_OFFICE = 1
"""Number of the office that every country has; most have no other."""

ORGANISATIONS = ("XUN",)
"""Senders that are no country: UN DESA. Codes that ISO 3166 leaves to users, so that none is ever a country's; their
names stand under ``accounts.organisation``."""


class Right(StrEnum):
    """Something that is allowed or not."""

    SUBMIT = "submit"  # fetch templates, upload, correct, submit, say why nothing is reported
    APPROVE = "approve"  # approve or return what another person of the country submitted
    COORDINATE = "coordinate"  # make offices, assign indicators, set deadlines, decide between offices of the country
    DECIDE = "decide"  # open decisions on the country's figures, assign and close them
    REVIEW = "review"  # comment, return, publish, reopen a closed period
    MODERATE = "moderate"  # read and sort what citizens of the country say, release words, answer
    INTEGRITY = "integrity"  # read integrity reports of the country
    ADMINISTER = "administer"  # invite, revoke, set deadlines, read the audit trail


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.CONTRIBUTOR: frozenset({Right.SUBMIT}),
    Role.APPROVER: frozenset({Right.APPROVE, Right.DECIDE}),
    Role.COORDINATOR: frozenset({Right.COORDINATE}),
    Role.REVIEWER: frozenset({Right.REVIEW}),
    Role.MODERATOR: frozenset({Right.MODERATE}),
    Role.OFFICER: frozenset({Right.INTEGRITY}),
    Role.ADMIN: frozenset({Right.ADMINISTER}),
}
"""Who enters does not approve, who publishes does not say who may, who reads opinions reads no report; that an approver
also decides what follows from figures gives no second hand in making them."""


class TokenScope(StrEnum):
    """What a personal token may do of what its owner may; each of them reads what the owner sees."""

    READ = "read"
    SUBMIT = "submit"
    APPROVE = "approve"
    PUBLISH = "publish"  # and return: what the API offers of a review

    @property
    def right(self) -> Right | None:
        """The right that it carries beside reading."""
        return {
            TokenScope.SUBMIT: Right.SUBMIT, TokenScope.APPROVE: Right.APPROVE, TokenScope.PUBLISH: Right.REVIEW,
        }.get(self)  # fmt: skip


CONFIRMED_TOKEN = timedelta(hours=12)
"""How long a token is in force that stands for a second factor: its owner gave a one-time code when it was made."""


def list_scopes(role: Role) -> list[TokenScope]:
    """What a token of somebody with this role may carry: never more than the role may.

    Of the roles that need a second factor only reviewers have tokens: nothing else of theirs is done by programs.
    """
    carried = [one for one in TokenScope if one.right in RIGHTS[role]]
    return [TokenScope.READ, *carried] if carried or not role.needs_second_factor else []


class State(StrEnum):
    """Whether an account can be used."""

    INVITED = "invited"
    ACTIVE = "active"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Account:
    """A person with a role, as others may see it: nothing here is secret."""

    id: int
    email: str
    name: str
    role: Role
    country: str  # ISO3; "" for the whole programme
    network: str  # one service network in the country; "" for all of it
    office: str  # shown to readers in the person's place
    language: str
    state: State
    second_factor: bool  # a one-time code is asked for
    created_at: datetime
    by_group: bool = False  # the role came from a group at the organisation's login, and goes with it
    given_by: int | None = None  # account that gave the role; None: the operator, or the organisation's login
    given_at: datetime | None = None
    confirmed_by: int | None = None  # reviewer who said that this is the person
    waits: bool = False  # for that reviewer: until then the role has no right
    held_until: datetime | None = None  # another person reset it: until then it neither approves nor publishes
    office_number: int = FIRST_OFFICE  # of the country's offices, to which the person belongs


@dataclass(frozen=True)
class Principal:
    """Who is asking, checked against the database at this very request.

    ``session`` is the number of the session it came by, None for a personal token; ``token`` is that token's number,
    ``scopes`` what it may.
    """

    id: int
    role: Role
    country: str  # ISO3; "" for the whole programme
    network: str
    office: str
    name: str
    language: str
    session: int | None = None
    waits: bool = False  # for a reviewer who confirms the account: until then its role has no right
    held_until: datetime | None = None  # until then it neither approves nor publishes
    office_number: int = FIRST_OFFICE  # of the country's offices
    scopes: frozenset[TokenScope] | None = None  # of a personal token; None: no token limits it
    token: int | None = None

    def may(self, right: Right, country: str = "", network: str = "") -> bool:
        """Whether the role has this right, there where it is asked for, and what they came by carries it."""
        return self.has(right) and self._carries(right) and (not country or self.covers(country, network))

    def has(self, right: Right) -> bool:
        """Whether the role has this right, whatever a token may do of it: who has it also reads what belongs to it."""
        return not self.waits and right in RIGHTS[self.role]

    def _carries(self, right: Right) -> bool:
        return self.scopes is None or any(one.right is right for one in self.scopes)

    def covers(self, country: str, network: str = "") -> bool:
        """Whether a country, or one service network in it, is within the person's scope."""
        if not self.role.of_country:
            return True
        return self.country == country and (not self.network or self.network == network)

    def works_for(self, country: str, office: int) -> bool:
        """Whether what an office of a country sends is theirs to see: one's own office's, a coordinator's all."""
        if not self.covers(country):
            return False
        return self.role not in (Role.CONTRIBUTOR, Role.APPROVER) or self.office_number == office


@dataclass(frozen=True)
class OpenSession:
    """One place where a person is logged in, as its owner sees it."""

    id: int
    started_at: datetime
    used_at: datetime
    expires_at: datetime
    address: str
    agent: str


@dataclass(frozen=True)
class PersonalToken:
    """One personal token, as its owner sees it; the token itself is shown once, when it is made."""

    id: int
    name: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    scopes: tuple[TokenScope, ...] = ()


class AccountError(Exception):
    """Something about accounts that cannot be done; the message says what, and what to do instead.

    ``key`` names the sentence for readers in the catalogues (``accounts.errors.<key>``), ``values`` what stands in it.
    """

    def __init__(self, message: str, key: str = "", **values: str) -> None:
        super().__init__(message)
        self.key = key
        self.values = values


class Unconfigured(AccountError):
    """Accounts are switched on, but a setting they need is missing; the message holds the lines to write."""


class AccessRefused(AccountError):
    """Who is asking could not show that they may: wrong, over, used, revoked, or too often."""


class TooMany(AccessRefused):
    """Too many attempts; ``seconds`` says when the next one is allowed."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message, "too_many", minutes=str(max(1, -(-seconds // 60))))
        self.seconds = seconds


class Impossible(AccountError):
    """What was given cannot be taken: a known e-mail, an unknown country, a weak password."""
