"""Request, confirm and stop a subscription, without revealing anything about other subscribers.

A request only stores a row, at equal cost whether the address is new, follows already or has asked too often. The
letter with the link goes out with the others (``sweep``).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.accounts import tokens
from dashboard.accounts.mail import read_address
from dashboard.accounts.model import AccountError, Impossible
from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import NotReady
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.interfaces.subscriptions import store, webhook
from dashboard.interfaces.subscriptions.model import (
    DAYS,
    KEY_PURPOSE,
    Channel,
    FollowedSubject,
    SealedContent,
    compute_next_due,
)
from dashboard.interfaces.subscriptions.tables import Subscription
from dashboard.runtime import outbound
from dashboard.settings import Settings

CONFIRMATION_PERIOD = timedelta(hours=48)
"""Time to confirm; afterwards the address is deleted."""

MAX_REQUESTS = 3
"""Unconfirmed requests allowed for an address or webhook host."""

MAX_SUBSCRIPTIONS = 40
"""Confirmed subscriptions allowed for an address or webhook host."""

MAX_WAITING = 2_000
WAITING_WINDOW = timedelta(hours=1)
"""All addresses together may have ``MAX_WAITING`` unconfirmed requests within this time, against misuse as a mailer."""

MAX_ADDRESS_CHARS = 1_000


class TooManyWait(AccountError):
    """Too many requests wait to be confirmed."""


@dataclass(frozen=True, slots=True)
class FollowWish:
    """A request to follow a subject: channel, address, language, interval in days, and whether with the brief."""

    subject: FollowedSubject
    channel: Channel
    to: str
    lang: str
    days: int = 7
    brief: bool = False


def request(settings: Settings, wish: FollowWish, now: datetime) -> str:
    """Store a request until it is confirmed; return the secret of a webhook, "" for mail.

    Raises:
        Impossible: the address is not acceptable.
        TooManyWait: nobody can ask at the moment.
    """
    to = read_address(wish.to) if wish.channel == "mail" else read_webhook(wish.to)
    marks = compute_marks(settings, wish.channel, to)
    content = SealedContent(
        to, generate_token(), generate_token(), webhook.generate_secret() if wish.channel == "webhook" else ""
    )
    values = {
        "channel": wish.channel, "countries": ",".join(wish.subject.countries),
        "indicators": ",".join(wish.subject.indicators), "claim": wish.subject.claim, "lang": wish.lang,
        "days": (wish.days if wish.days in DAYS else DAYS[1]) if wish.channel == "mail" else 0,
        "brief": wish.brief and wish.channel == "mail", "sealed": content.seal(settings),
        "confirm_hash": tokens.hash_secret(content.confirm), "stop_hash": tokens.hash_secret(content.stop),
        "made_at": now, "expires_at": now + CONFIRMATION_PERIOD, "due_at": now, **marks,
    }  # fmt: skip
    with writing(open_engine(settings)) as connection:
        store.expire(connection, now)
        if store.count_waiting(connection, now, since=now - WAITING_WINDOW) >= MAX_WAITING:
            raise TooManyWait("Too many requests wait to be confirmed: please try again in an hour", "limits")
        asked = store.count_waiting(connection, now, marks["bound_mark"]) >= MAX_REQUESTS
        if not asked and store.count_confirmed(connection, marks["bound_mark"]) < MAX_SUBSCRIPTIONS:
            store.add(connection, values)
    return content.secret


def find_request(settings: Settings, token: str, now: datetime) -> Subscription | None:
    """Return the subscription that a link would confirm; None if it expired or is unknown."""
    with writing(open_engine(settings)) as connection:
        return store.find_to_confirm(connection, tokens.hash_secret(token), now)


def confirm(settings: Settings, token: str, now: datetime) -> Subscription | None:
    """Start the subscription that a link confirms, replacing an earlier one; None if it has expired."""
    try:
        vintage = open_context().dataset.vintage
    except NotReady:
        vintage = 0
    with writing(open_engine(settings)) as connection:
        subscription = store.find_to_confirm(connection, tokens.hash_secret(token), now)
        if subscription is not None and subscription.confirmed_at is None:
            store.change(
                connection, subscription, confirmed_at=now, expires_at=None, told=vintage, failures=0,
                due_at=compute_next_due(subscription.days, now),
            )  # fmt: skip
            store.remove_replaced(connection, subscription)
    return subscription


def stop(settings: Settings, token: str) -> None:
    """Delete the subscription that a link stops, with its address; unknown links are ignored."""
    with writing(open_engine(settings)) as connection:
        subscription = store.find_to_stop(connection, tokens.hash_secret(token))
        if subscription is not None:
            store.remove(connection, subscription)


def read_webhook(typed: str) -> str:
    """Return a webhook address that may be called.

    Raises:
        Impossible: it is not a public https address.
    """
    plain = typed.strip()
    fault = Impossible("It begins with https:// and leads to a public server, without user or password", "webhook")
    if not plain.startswith("https://") or len(plain) > MAX_ADDRESS_CHARS or not plain.isascii() or "#" in plain:
        raise fault
    if not plain.isprintable() or " " in plain or "\\" in plain:
        raise fault
    try:
        outbound.checked(plain)
    except outbound.NotPublic as error:
        raise fault from error
    return plain


def generate_token() -> str:
    """Return 144 random bits for a link, short enough that mail headers with it are never folded."""
    return secrets.token_urlsafe(18)


def compute_marks(settings: Settings, channel: str, to: str) -> dict[str, str]:
    """Return the keyed hashes of the address and of its bound (a webhook's host), and the secret's id."""
    bound = outbound.checked(to).host if channel == "webhook" else to
    return {
        "address_mark": tokens.compute_mark(settings, KEY_PURPOSE, f"{channel} {to}"),
        "bound_mark": tokens.compute_mark(settings, KEY_PURPOSE, f"{channel} bound {bound}"),
        "sealed_with": identify_secret(settings),
    }


def identify_secret(settings: Settings) -> str:
    """Return an id of the secret in use, which does not reveal it."""
    return tokens.compute_mark(settings, KEY_PURPOSE)[:16]
