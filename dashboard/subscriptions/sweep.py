"""Sending what is due: each message once, by however many servers, and none lost where one is killed.

Whoever sends holds a lease and looks again whether it is still due. Before a message leaves it is put down up to where
it tells (``pending``); when it was taken, that it was. A server that was killed in between leaves it pending: the next
one sends the same message, with the same id, by which a mailbox or a program knows it again.
"""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from dashboard.accounts import mail
from dashboard.accounts.model import Unconfigured
from dashboard.database import leases
from dashboard.database.engine import open_engine, reading, writing
from dashboard.services.base.context import Context, open_context
from dashboard.services.base.errors import Invalid, NotReady, Unknown
from dashboard.settings import Settings
from dashboard.subscriptions import letters, signup, store, webhook
from dashboard.subscriptions.digest import Digest, compose
from dashboard.subscriptions.model import SealedContent, Subscription, can_mail, can_post, next_due

log = logging.getLogger(__name__)

HELD = 600.0
"""Seconds after which what a killed server was sending is sent by another one."""

ENOUGH = 300.0
"""Seconds of one look after which nothing further is begun."""

MOST_FAILURES = 8
"""In a row, over some days, after which a subscription ends: its address takes nothing."""

Post = Callable[[str, str, str, bytes, datetime], webhook.PostOutcome]
Send = Callable[[Settings, EmailMessage], None]


class ServerAway(Exception):
    """The mail server takes nothing: whatever else is due waits."""


def sweep(
    settings: Settings, now: datetime, send: Send = mail.send, post: Post = webhook.post, held: float = HELD
) -> int:
    """Send what is due; gives how many messages were taken. Any number of servers may do so at once.

    Args:
        settings: where the product is.
        now: the moment.
        send: what hands a letter to the mail server; for tests.
        post: what tells a webhook; for tests.
        held: seconds for which a message is nobody else's.
    """
    if not can_post(settings):
        return 0
    with writing(open_engine(settings)) as connection:
        store.expire(connection, now)
    reseal(settings)
    began, sent, away = time.monotonic(), 0, False
    with reading(open_engine(settings)) as connection:
        due = store.list_due(connection, now)
    for number in due:
        if time.monotonic() - began > ENOUGH:
            break
        try:
            sent += _send_alone(settings, number, now, send, post, held, mailing=not away and can_mail(settings))
        except ServerAway:
            away = True
        except NotReady:
            break
        except Exception as error:  # it stays due, and the others do not wait for what is wrong with one
            log.error("Subscription %s was not told: %s", number, type(error).__name__)
    return sent


def reseal(settings: Settings) -> tuple[int, int]:
    """Encrypt addresses with the present secret that one of before has encrypted; gives how many, and how many do not
    open."""
    done = lost = 0
    present = signup.sealed_with(settings)
    with writing(open_engine(settings)) as connection:
        for one in store.list_sealed_otherwise(connection, present):
            try:
                content = one.open(settings)
            except Unconfigured:
                lost += 1
                continue
            marks = signup.marks_of(settings, one.channel, content.to)
            store.change(connection, one, sealed=content.seal(settings), **marks)
            done += 1
    return done, lost


def _send_alone(
    settings: Settings, number: int, now: datetime, send: Send, post: Post, held: float, *, mailing: bool
) -> int:
    engine, name = open_engine(settings), f"subscription {number}"
    me = f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(8)}"
    if not leases.acquire(engine, name, me, held):
        return 0
    try:
        with reading(engine) as connection:
            one = store.get(connection, number)
        if one is None or one.due_at > now or (one.channel == "mail" and not mailing):
            return 0
        return _send(settings, one, now, send, post)
    finally:
        leases.release(engine, name, me)


def _send(settings: Settings, one: Subscription, now: datetime, send: Send, post: Post) -> int:
    content, ctx = one.open(settings), open_context(one.lang)
    if one.confirmed_at is None:
        message = letters.write_request(settings, ctx, one, content) if one.channel == "mail" else None
        data = {"follows": one.subject.name(ctx), "confirm": f"{settings.origin}/follow/confirm/{content.confirm}"}
        return _hand_over(settings, one, content, now, message, ("subscription.requested", data), send, post)
    digest, marked = _compose(settings, ctx, one, now)
    if digest is None:
        return 0
    message = None
    if one.channel == "mail":
        message = letters.write_digest(settings, marked, content, digest, _brief(ctx, marked))
    return _hand_over(
        settings,
        marked,
        content,
        now,
        message,
        ("figures.changed", _data(settings, marked, content, digest)),
        send,
        post,
    )


def _compose(settings: Settings, ctx: Context, one: Subscription, now: datetime) -> tuple[Digest | None, Subscription]:
    """What is to be told, put down before it leaves; None where nothing is, which is put down too."""
    latest = ctx.dataset.vintage
    told = min(one.told, latest) or latest  # followed before anything was published
    until = min(one.pending, latest) or latest
    digest = None
    if told < until:
        try:
            digest = compose(ctx, one.subject, told, until)
        except (Invalid, Unknown) as error:  # what it follows is no longer in the codebook
            log.warning("Subscription %s follows what is gone: %s", one.id, type(error).__name__)
    with writing(open_engine(settings)) as connection:
        if digest is None:
            due = next_due(one.days, now) if one.days else now + timedelta(minutes=5)
            store.change(connection, one, told=until, pending=0, due_at=due)
            return None, one
        if (one.told, one.pending) != (told, until) and not store.change(connection, one, told=told, pending=until):
            return None, one  # stopped meanwhile
    return digest, replace(one, told=told, pending=until)


def _hand_over(
    settings: Settings, one: Subscription, content: SealedContent, now: datetime, message: EmailMessage | None,
    event: tuple[str, dict[str, Any]], send: Send, post: Post,
) -> int:  # fmt: skip
    """Send a message and put down what came of it; gives 1 where it was taken."""
    wait, gone = timedelta(), False
    if message is not None:
        try:
            send(settings, message)
        except mail.Undelivered as error:
            if not mail.concerns_letter(error):
                raise ServerAway from error
            wait = timedelta(hours=2 ** min(one.failures, 6))
    else:
        body = webhook.write_body(event[0], now, event[1])
        outcome = post(content.to, content.secret, letters.message_id(one), body, now)
        gone = outcome.kind == "gone"
        if outcome.kind == "failed":
            log.info("Webhook of subscription %s failed: %s", one.id, outcome.why)
            wait = max(webhook.WAITS[min(one.failures, len(webhook.WAITS) - 1)], outcome.wait)
    with writing(open_engine(settings)) as connection:
        if gone or (wait and one.failures + 1 >= MOST_FAILURES):
            store.remove(connection, one.id)
        elif wait:
            store.change(connection, one, due_at=now + wait, failures=one.failures + 1)
        elif one.confirmed_at is None:
            assert one.expires_at is not None
            store.change(connection, one, due_at=one.expires_at, failures=0)
        else:
            due = next_due(one.days, now)
            store.change(connection, one, told=one.pending, pending=0, due_at=due, failures=0)
    return int(not wait and not gone)


def _data(settings: Settings, one: Subscription, content: SealedContent, digest: Digest) -> dict[str, Any]:
    return {
        "follows": digest.name, "after": one.told, "until": one.pending, "counts": digest.numbers,
        "page": settings.origin + digest.page, "json": settings.origin + digest.json,
        "stop": f"{settings.origin}/follow/stop/{content.stop}", "changes": [dict(row) for row in digest.changes],
    }  # fmt: skip


def _brief(ctx: Context, one: Subscription) -> tuple[str, bytes] | None:
    """The brief of a country, or of a view of countries and indicators, where it is wished."""
    subject = one.subject.find_kept(ctx)
    if not one.brief or not subject.has_brief:
        return None
    from dashboard.services.reports import query
    from dashboard.services.reports.files import read_file

    asked = (
        query.ask_own(ctx, subject.countries, subject.indicators)
        if subject.indicators
        else query.ask_country(ctx, subject.countries[0])
    )
    return asked.filename("pdf"), read_file(asked, "pdf")
