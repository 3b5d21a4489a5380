"""Roles, their rights, and ``Principal``: who is asking, already checked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    """A person's role in the programme; readers have no account and no role."""

    CONTRIBUTOR = "contributor"
    APPROVER = "approver"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    MODERATOR = "moderator"
    OFFICER = "integrity_officer"
    ADMIN = "admin"

    @property
    def of_country(self) -> bool:
        """Return True if the role holds within one country only."""
        return self in (*OF_OFFICE, Role.MODERATOR, Role.OFFICER)

    @property
    def needs_confirmation(self) -> bool:
        """Return True if a reviewer has to confirm an account to which a person gave this role."""
        return self not in (Role.CONTRIBUTOR, Role.ADMIN)

    @property
    def needs_second_factor(self) -> bool:
        """Return True if a password alone is not enough."""
        return self in (Role.REVIEWER, Role.MODERATOR, Role.OFFICER, Role.ADMIN)


OF_OFFICE = (Role.CONTRIBUTOR, Role.APPROVER, Role.COORDINATOR)
"""Roles of people who belong to an office of their country."""

FIRST_OFFICE = 1
"""Number of the office that every country has; most have no other."""

ORGANISATIONS = ("XUN",)
"""Senders that are no country: UN DESA. Codes that ISO 3166 leaves to users, so that none is ever a country's; their
names stand under ``accounts.organisation``."""


class Right(StrEnum):
    """A permission."""

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
    """A permission of a personal token; every token may read what its owner sees."""

    READ = "read"
    SUBMIT = "submit"
    APPROVE = "approve"
    PUBLISH = "publish"  # and return: what the API offers of a review

    @property
    def right(self) -> Right | None:
        """Return the right that the scope carries besides reading."""
        return {
            TokenScope.SUBMIT: Right.SUBMIT, TokenScope.APPROVE: Right.APPROVE, TokenScope.PUBLISH: Right.REVIEW,
        }.get(self)  # fmt: skip


CONFIRMED_TOKEN = timedelta(hours=12)
"""How long a token is valid that stands for a second factor given when it was made."""


def list_scopes(role: Role) -> list[TokenScope]:
    """Return the scopes a token of this role may carry, never more than the role may.

    Of the roles that need a second factor only reviewers have tokens.
    """
    carried = [scope for scope in TokenScope if scope.right in RIGHTS[role]]
    return [TokenScope.READ, *carried] if carried or not role.needs_second_factor else []


class State(StrEnum):
    """The state of an account."""

    INVITED = "invited"
    ACTIVE = "active"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Principal:
    """Who is asking, checked against the database at this very request.

    ``session`` is None for a personal token; ``token`` is that token's number and ``scopes`` what it may do.
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
        """Return True if role and token carry this right for the country and network."""
        is_in_scope = self.scopes is None or any(scope.right is right for scope in self.scopes)
        return self.has(right) and is_in_scope and (not country or self.covers(country, network))

    def has(self, right: Right) -> bool:
        """Return True if the role has this right, whatever a token may do of it."""
        return not self.waits and right in RIGHTS[self.role]

    def covers(self, country: str, network: str = "") -> bool:
        """Return True if a country, or a service network in it, is within the person's scope."""
        if not self.role.of_country:
            return True
        return self.country == country and (not self.network or self.network == network)

    def works_for(self, country: str, office: int) -> bool:
        """Return True if the person may see what this office sends; a coordinator sees all offices."""
        if not self.covers(country):
            return False
        return self.role not in (Role.CONTRIBUTOR, Role.APPROVER) or self.office_number == office


class AccountError(Exception):
    """An account operation that cannot be done; the message says why and what to do instead.

    ``key`` names the sentence for readers in the catalogues (``accounts.errors.<key>``), ``values`` its placeholders.
    """

    def __init__(self, message: str, key: str = "", **values: str) -> None:
        super().__init__(message)
        self.key = key
        self.values = values


class Unconfigured(AccountError):
    """A setting that accounts need is missing; the message holds the lines to write."""


class AccessRefused(AccountError):
    """The caller could not prove that they may do this."""


class TooMany(AccessRefused):
    """Too many attempts; ``seconds`` says when the next is allowed."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message, "too_many", minutes=str(max(1, -(-seconds // 60))))
        self.seconds = seconds


class Impossible(AccountError):
    """Input that cannot be accepted: a known e-mail, an unknown country, a weak password."""
