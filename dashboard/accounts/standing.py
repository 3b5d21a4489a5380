"""Two people behind every figure: who may not act on what whom sent, for an administrator makes accounts at will.

* A role that a person gave has no right until a reviewer confirms the account (``Role.needs_confirmation``); what the
  operator gave at the command line, or the organisation's login, waits for nobody.
* ``line``: who gave whom a role, up to thirty days back. Who is confirmed has left the line of who gave them theirs.
  Nobody approves or publishes what somebody of their own line had a hand in (``demand_apart``).
* Whom another person reset (codes, or password by a link they asked for) approves and publishes nothing for 72 hours,
  and every reviewer is told (``hold``).

Nothing changes the address of an account: links for it go there and nowhere else.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.accounts import audit, mail, store
from dashboard.accounts.model import AccessRefused, Account, Impossible, Principal, Right, Role, State
from dashboard.database.engine import open_engine, reading, writing
from dashboard.settings import Settings

log = logging.getLogger(__name__)

HELD = timedelta(hours=72)
CHAINED = timedelta(days=30)


def given(role: Role, by: Principal | None, now: datetime) -> dict[str, Any]:
    """What is kept of who gave a role; ``by`` is None for the operator and for the organisation's login."""
    waits = by is not None and role.needs_confirmation
    return {"given_by": by.id if by else None, "given_at": now, "confirmed_by": None, "waits": waits}


def demand_apart(connection: store.Connection, by: Principal, hands: Iterable[int], now: datetime) -> None:
    """Refuse whoever may not approve or publish what these accounts had a hand in.

    Their standing is read within the transaction of the move.

    Args:
        connection: of that transaction.
        by: who approves or publishes.
        hands: accounts that sent, changed, submitted or approved it.
        now: the moment.

    Raises:
        AccessRefused: ``waits``, ``held``, ``four_eyes`` or ``chained``.
    """
    everybody = {one.id: one for one in store.accounts(connection)}
    demand_free(everybody.get(by.id, by), now)
    mine = line(everybody, by.id, now - CHAINED)
    for hand in set(hands):
        if hand == by.id:
            raise AccessRefused("This person had a hand in it: another person has to do this", "four_eyes")
        if mine & line(everybody, hand, now - CHAINED):
            raise AccessRefused(
                "Who had a hand in this was invited within 30 days by this person, by the same one, or invited them: "
                "somebody whom a reviewer has confirmed has to do this",
                "chained",
            )


def demand_free(one: Account | Principal, now: datetime) -> None:
    """Refuse an account that waits for a reviewer, or that another person has reset.

    Raises:
        AccessRefused: ``waits`` or ``held``.
    """
    if one.waits:
        raise AccessRefused("A reviewer has to confirm this account first", "waits")
    if is_held(one, now):
        raise AccessRefused("Another person reset this account: it approves and publishes nothing for 72 hours", "held")


def is_held(one: Account | Principal, now: datetime) -> bool:
    """Whether an account that another person reset still may not approve and publish."""
    return one.held_until is not None and now < one.held_until


def line(everybody: Mapping[int, Account], account: int, since: datetime | None = None) -> set[int]:
    """An account, who gave it its role, who gave them theirs, and so on up to the first who was confirmed.

    Args:
        everybody: all accounts by number.
        account: of whom.
        since: roles that were given at this moment or before do not count; None counts all.
    """
    found: set[int] = set()
    at: int | None = account
    while at is not None and at not in found:
        found.add(at)
        one = everybody.get(at)
        if one is None or one.confirmed_by is not None or (since and one.given_at and one.given_at <= since):
            break
        at = one.given_by
    return found


def may_confirm(everybody: Mapping[int, Account], by: Principal, account: Account, now: datetime) -> bool:
    """Whether a reviewer may say of an account that it is the person: they stand apart from whoever gave the role."""
    me = everybody.get(by.id)
    if me is None or not by.may(Right.REVIEW) or me.waits or is_held(me, now) or account.state is not State.ACTIVE:
        return False
    if (
        not account.role.needs_confirmation
        or len(line(everybody, account.id, None if account.waits else now - CHAINED)) < 2
    ):
        return False
    return not line(everybody, by.id, now - CHAINED) & line(everybody, account.id)


def to_confirm(settings: Settings, by: Principal) -> list[Account]:
    """Accounts that this reviewer may confirm, those that wait for it first."""
    with reading(open_engine(settings)) as connection:
        everybody = {one.id: one for one in store.accounts(connection)}
    now = datetime.now(UTC)
    found = [one for one in everybody.values() if may_confirm(everybody, by, one, now)]
    return sorted(found, key=lambda one: (not one.waits, one.id))


def held(settings: Settings) -> list[Account]:
    """Accounts that approve and publish nothing now because another person reset them."""
    now = datetime.now(UTC)
    with reading(open_engine(settings)) as connection:
        return [one for one in store.accounts(connection) if is_held(one, now) and one.state is State.ACTIVE]


def confirm(settings: Settings, account: int, by: Principal, address: str = "") -> None:
    """A reviewer says that an account is the person it is said to be, and may act.

    Raises:
        Impossible: no such account, or not for this reviewer to say.
    """
    with writing(open_engine(settings)) as connection:
        everybody = {one.id: one for one in store.accounts(connection)}
        one = everybody.get(account)
        if one is None or not may_confirm(everybody, by, one, datetime.now(UTC)):
            raise Impossible("This account is not for this reviewer to confirm", "not_to_confirm")
        store.change_account(connection, account, waits=False, confirmed_by=by.id)
        audit.record(
            connection, action="account.confirmed", subject=f"account {account}", by=by, address=address,
            after={"role": one.role.value, "country": one.country, "given_by": one.given_by},
        )  # fmt: skip


def confirm_at_server(settings: Settings, account: int) -> None:
    """The operator says it, where no reviewer can: the role is as if the operator had given it, and no longer held."""
    with writing(open_engine(settings)) as connection:
        now = datetime.now(UTC)
        values = {"given_by": None, "given_at": now, "confirmed_by": None, "waits": False, "held_until": None}
        store.change_account(connection, account, **values)
        audit.record(connection, action="account.break_glass", subject=f"account {account}", after={"confirmed": True})


def hold(connection: store.Connection, account: int, now: datetime) -> None:
    """Another person reset an account: from now it neither approves nor publishes for a while (``tell_held``)."""
    store.change_account(connection, account, held_until=now + HELD)


def tell_held(settings: Settings, account: Account, by: Principal | None) -> int:
    """Tell every reviewer, and the person, that an account was reset by another; gives how many messages were taken."""
    who = by.name if by else ""
    return _tell(settings, account, "held", {"who": who or "–"}, also=account)


def tell_waits(settings: Settings, account: Account) -> int:
    """Tell every reviewer that an account waits to be confirmed; gives how many messages were taken."""
    return _tell(settings, account, "waits", {})


def _tell(
    settings: Settings, account: Account, kind: str, values: Mapping[str, str], also: Account | None = None
) -> int:
    """A notice is sent after what it tells and changes nothing of it: a server that does not take it is logged."""
    if not mail.configured(settings):
        return 0
    with reading(open_engine(settings)) as connection:
        everybody = store.accounts(connection)
    reviewers = [one for one in everybody if one.role is Role.REVIEWER and one.state is State.ACTIVE and not one.waits]
    taken = 0
    for to in {one.id: one for one in (*reviewers, *([also] if also else []))}.values():
        try:
            mail.send(settings, mail.notice(settings, to, kind, account, values))
            taken += 1
        except mail.Undelivered:
            log.warning("Not every reviewer was told of account %s", account.id)
    return taken
