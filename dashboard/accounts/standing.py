"""Keep two independent people behind every published figure, although administrators create accounts.

* A role given by a person has no right until a reviewer confirms the account (``Role.needs_confirmation``).
* ``trace_line`` follows who gave whom a role within thirty days, up to the first confirmed account. Nobody approves or
  publishes what a member of their own line took part in (``require_separation``).
* An account that another person reset approves and publishes nothing for 72 hours, and reviewers are told (``hold``).
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.accounts import audit, mail, store
from dashboard.accounts.model import AccessRefused, Impossible, Principal, Right, Role, State
from dashboard.accounts.tables import Account
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings

log = logging.getLogger(__name__)

HOLD_PERIOD = timedelta(hours=72)
CHAIN_PERIOD = timedelta(days=30)


def describe_grant(role: Role, by: Principal | None, now: datetime) -> dict[str, Any]:
    """Return the account columns that record who gave a role; ``by`` is None for the operator and OIDC."""
    waits = by is not None and role.needs_confirmation
    return {"given_by": by.id if by else None, "given_at": now, "confirmed_by": None, "waits": waits}


def require_separation(connection: store.Connection, by: Principal, hands: Iterable[int], now: datetime) -> None:
    """Refuse anyone who may not approve or publish work in which these accounts took part.

    Args:
        connection: in the transaction of the move.
        by: who approves or publishes.
        hands: accounts that sent, changed, submitted or approved it.
        now: the moment.

    Raises:
        AccessRefused: ``waits``, ``held``, ``four_eyes`` or ``chained``.
    """
    accounts = {account.id: account for account in store.list_accounts(connection)}
    require_free(accounts.get(by.id, by), now)
    own_line = trace_line(accounts, by.id, now - CHAIN_PERIOD)
    for hand in set(hands):
        if hand == by.id:
            raise AccessRefused("This person had a hand in it: another person has to do this", "four_eyes")
        if own_line & trace_line(accounts, hand, now - CHAIN_PERIOD):
            raise AccessRefused(
                "Who had a hand in this was invited within 30 days by this person, by the same one, or invited them: "
                "somebody whom a reviewer has confirmed has to do this",
                "chained",
            )


def require_free(account: Account | Principal, now: datetime) -> None:
    """Refuse an account that waits for a reviewer or is held after a reset.

    Raises:
        AccessRefused: ``waits`` or ``held``.
    """
    if account.waits:
        raise AccessRefused("A reviewer has to confirm this account first", "waits")
    if is_held(account, now):
        raise AccessRefused("Another person reset this account: it approves and publishes nothing for 72 hours", "held")


def is_held(account: Account | Principal, now: datetime) -> bool:
    """Return True while an account reset by another person may not approve and publish."""
    return account.held_until is not None and now < account.held_until


def trace_line(accounts: Mapping[int, Account], account: int, since: datetime | None = None) -> set[int]:
    """Return the account and those that gave it its role, up to the first confirmed one.

    Args:
        accounts: all accounts by number.
        account: where to start.
        since: ignore roles given at this moment or before; None counts all.
    """
    line: set[int] = set()
    current: int | None = account
    while current is not None and current not in line:
        line.add(current)
        giver = accounts.get(current)
        if giver is None or giver.confirmed_by is not None or (since and giver.given_at and giver.given_at <= since):
            break
        current = giver.given_by
    return line


def may_confirm(accounts: Mapping[int, Account], by: Principal, account: Account, now: datetime) -> bool:
    """Return True if a reviewer stands apart from whoever gave this account its role, and may confirm it."""
    reviewer = accounts.get(by.id)
    if (
        reviewer is None
        or not by.may(Right.REVIEW)
        or reviewer.waits
        or is_held(reviewer, now)
        or account.state is not State.ACTIVE
    ):
        return False
    if (
        not account.role.needs_confirmation
        or len(trace_line(accounts, account.id, None if account.waits else now - CHAIN_PERIOD)) < 2
    ):
        return False
    return not trace_line(accounts, by.id, now - CHAIN_PERIOD) & trace_line(accounts, account.id)


def list_confirmable(settings: Settings, by: Principal) -> list[Account]:
    """Return the accounts this reviewer may confirm, waiting ones first."""
    with reading(open_engine(settings)) as connection:
        accounts = {account.id: account for account in store.list_accounts(connection)}
    now = datetime.now(UTC)
    confirmable = [account for account in accounts.values() if may_confirm(accounts, by, account, now)]
    return sorted(confirmable, key=lambda account: (not account.waits, account.id))


def list_held(settings: Settings) -> list[Account]:
    """Return active accounts that another person reset and that are still held."""
    now = datetime.now(UTC)
    with reading(open_engine(settings)) as connection:
        return [
            account
            for account in store.list_accounts(connection)
            if is_held(account, now) and account.state is State.ACTIVE
        ]


def confirm(settings: Settings, account: int, by: Principal, address: str = "") -> None:
    """Record that a reviewer vouches for the identity behind an account, and release its rights.

    Raises:
        Impossible: no such account, or this reviewer may not confirm it.
    """
    with writing(open_engine(settings)) as connection:
        accounts = {confirmed.id: confirmed for confirmed in store.list_accounts(connection)}
        confirmed = accounts.get(account)
        if confirmed is None or not may_confirm(accounts, by, confirmed, datetime.now(UTC)):
            raise Impossible("This account is not for this reviewer to confirm", "not_to_confirm")
        store.change_account(connection, account, waits=False, confirmed_by=by.id)
        audit.record(
            connection, action="account.confirmed", subject=f"account {account}", by=by, address=address,
            after={"role": confirmed.role.value, "country": confirmed.country, "given_by": confirmed.given_by},
        )  # fmt: skip


def confirm_at_server(settings: Settings, account: int) -> None:
    """Confirm an account as the operator where no reviewer can, and lift any hold."""
    with writing(open_engine(settings)) as connection:
        now = datetime.now(UTC)
        values = {"given_by": None, "given_at": now, "confirmed_by": None, "waits": False, "held_until": None}
        store.change_account(connection, account, **values)
        audit.record(connection, action="account.break_glass", subject=f"account {account}", after={"confirmed": True})


def hold(connection: store.Connection, account: int, now: datetime) -> None:
    """Keep an account that another person reset from approving and publishing for a while."""
    store.change_account(connection, account, held_until=now + HOLD_PERIOD)


def announce_hold(settings: Settings, account: Account, by: Principal | None) -> int:
    """Tell every reviewer and the person that another person reset an account; return the mails sent."""
    who = by.name if by else ""
    return _send_notices(settings, account, "held", {"who": who or "–"}, also=account)


def announce_waiting(settings: Settings, account: Account) -> int:
    """Tell every reviewer that an account waits to be confirmed; return the mails sent."""
    return _send_notices(settings, account, "waits", {})


def _send_notices(
    settings: Settings, account: Account, kind: str, values: Mapping[str, str], also: Account | None = None
) -> int:
    """Send a notice to every active reviewer; failures are only logged."""
    if not mail.is_configured(settings):
        return 0
    with reading(open_engine(settings)) as connection:
        accounts = store.list_accounts(connection)
    reviewers = [
        reviewer
        for reviewer in accounts
        if reviewer.role is Role.REVIEWER and reviewer.state is State.ACTIVE and not reviewer.waits
    ]
    sent = 0
    for recipient in {reviewer.id: reviewer for reviewer in (*reviewers, *([also] if also else []))}.values():
        try:
            mail.send(settings, mail.compose_notice(settings, recipient, kind, account, values))
            sent += 1
        except mail.Undelivered:
            log.warning("Not every reviewer was told of account %s", account.id)
    return sent
