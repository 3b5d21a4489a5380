"""Asking to be told, confirming it from the address itself, and stopping it; whoever asks learns nothing of others.

Asking keeps a row and nothing else, alike for an address that follows already, has asked too often or is new: what is
answered and how long it takes is the same. The letter with the link goes out with the others (``sweep``).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import outbound
from dashboard.accounts import tokens
from dashboard.accounts.mail import read_address
from dashboard.accounts.model import AccountError, Impossible
from dashboard.database.engine import open_engine, writing
from dashboard.services.base.context import open_context
from dashboard.services.base.errors import NotReady
from dashboard.settings import Settings
from dashboard.subscriptions import store, webhook
from dashboard.subscriptions.model import DAYS, SEAL, Channel, FollowedSubject, SealedContent, Subscription, next_due

UNCONFIRMED = timedelta(hours=48)
"""Time to confirm; afterwards the address is gone."""

MOST_ASKED = 3
"""Letters to confirm that one address, or one host of webhooks, gets within that time, whoever asks for them."""

MOST_FOLLOWED = 40
"""Subscriptions of one address or host."""

MOST_WAITING = 2_000
"""Subscriptions of all addresses together that wait to be confirmed: this is no way to send mail to the world."""

LONGEST_ADDRESS = 1_000


class TooManyWait(AccountError):
    """So many wait to be confirmed that nobody can ask at the moment."""


@dataclass(frozen=True, slots=True)
class FollowWish:
    """What somebody asks for: what, where to, in which language, how often, and whether with the brief."""

    subject: FollowedSubject
    channel: Channel
    to: str
    lang: str
    days: int = 7
    brief: bool = False


def request(settings: Settings, wish: FollowWish, now: datetime) -> str:
    """Keep a wish until it is confirmed; gives the secret of a webhook, "" of mail.

    Raises:
        Impossible: the address cannot be one.
        TooManyWait: nobody can ask at the moment.
    """
    to = read_address(wish.to) if wish.channel == "mail" else read_webhook(wish.to)
    marks = marks_of(settings, wish.channel, to)
    content = SealedContent(to, new_token(), new_token(), webhook.new_secret() if wish.channel == "webhook" else "")
    values = {
        "channel": wish.channel, "countries": ",".join(wish.subject.countries),
        "indicators": ",".join(wish.subject.indicators), "claim": wish.subject.claim, "lang": wish.lang,
        "days": (wish.days if wish.days in DAYS else DAYS[1]) if wish.channel == "mail" else 0,
        "brief": wish.brief and wish.channel == "mail", "sealed": content.seal(settings),
        "confirm_hash": tokens.hash_of(content.confirm), "stop_hash": tokens.hash_of(content.stop),
        "made_at": now, "expires_at": now + UNCONFIRMED, "due_at": now, **marks,
    }  # fmt: skip
    with writing(open_engine(settings)) as connection:
        store.expire(connection, now)
        if store.count_waiting(connection, now) >= MOST_WAITING:
            raise TooManyWait("Too many requests wait to be confirmed: please try again in an hour", "limits")
        asked = store.count_waiting(connection, now, marks["bound_mark"]) >= MOST_ASKED
        if not asked and store.count_confirmed(connection, marks["bound_mark"]) < MOST_FOLLOWED:
            store.add(connection, values)
    return content.secret


def find_request(settings: Settings, token: str, now: datetime) -> Subscription | None:
    """What a link would confirm; None of one that is over or nobody's."""
    with writing(open_engine(settings)) as connection:
        return store.find_to_confirm(connection, tokens.hash_of(token), now)


def confirm(settings: Settings, token: str, now: datetime) -> Subscription | None:
    """Begin what a link confirms, in place of what its address followed of the same; None of one that is over."""
    try:
        told = open_context().dataset.vintage
    except NotReady:
        told = 0
    with writing(open_engine(settings)) as connection:
        found = store.find_to_confirm(connection, tokens.hash_of(token), now)
        if found is not None and found.confirmed_at is None:
            store.change(
                connection, found, confirmed_at=now, expires_at=None, told=told, failures=0,
                due_at=next_due(found.days, now),
            )  # fmt: skip
            store.remove_replaced(connection, found)
    return found


def stop(settings: Settings, token: str) -> None:
    """Forget what a link stops, with its address; of an unknown link nothing is said."""
    with writing(open_engine(settings)) as connection:
        found = store.find_to_stop(connection, tokens.hash_of(token))
        if found is not None:
            store.remove(connection, found.id)


def read_webhook(typed: str) -> str:
    """An address that may be told.

    Raises:
        Impossible: it is no public address that begins with https://.
    """
    plain = typed.strip()
    fault = Impossible("It begins with https:// and leads to a public server, without user or password", "webhook")
    if not plain.startswith("https://") or len(plain) > LONGEST_ADDRESS or not plain.isascii() or "#" in plain:
        raise fault
    if not plain.isprintable() or " " in plain or "\\" in plain:
        raise fault
    try:
        outbound.checked(plain)
    except outbound.NotPublic as error:
        raise fault from error
    return plain


def new_token() -> str:
    """What a link names: 144 random bits, short enough that a header with its address is never folded."""
    return secrets.token_urlsafe(18)


def marks_of(settings: Settings, channel: Channel, to: str) -> dict[str, str]:
    """What stands for an address, for what is bounded (a webhook's host), and for the secret that encrypts it."""
    bound = outbound.checked(to).host if channel == "webhook" else to
    return {
        "address_mark": tokens.mark_of(settings, SEAL, f"{channel} {to}"),
        "bound_mark": tokens.mark_of(settings, SEAL, f"{channel} bound {bound}"),
        "sealed_with": sealed_with(settings),
    }


def sealed_with(settings: Settings) -> str:
    """Which secret is in use, without the secret."""
    return tokens.mark_of(settings, SEAL)[:16]
