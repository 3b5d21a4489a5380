"""Send due messages, each once, by any number of servers, losing none where a server is killed.

A server holds a lease and checks again that the message is due. Before sending it stores the vintage the message
reaches (``pending``), afterwards that it was taken. If it is killed in between, the next server sends the same message
with the same id, by which receivers recognise it.
"""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from dashboard.accounts import mail
from dashboard.accounts.model import Unconfigured
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, NotReady, Unknown
from dashboard.evidence.database import leases
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.interfaces.subscriptions import letters, signup, store, webhook
from dashboard.interfaces.subscriptions.digest import Digest, compose
from dashboard.interfaces.subscriptions.model import SealedContent, can_mail, can_post, compute_next_due
from dashboard.interfaces.subscriptions.tables import Subscription
from dashboard.settings import Settings

log = logging.getLogger(__name__)

LEASE_S = 600.0
"""Time after which another server sends what a killed one was sending."""

TIME_LIMIT_S = 300.0
"""Time after which a sweep begins nothing further."""

MAX_FAILURES = 8
"""Failures in a row, over some days, after which a subscription ends."""

Post = Callable[[str, str, str, bytes, datetime], webhook.PostOutcome]
Send = Callable[[Settings, EmailMessage], None]


class ServerAway(Exception):
    """The mail server accepts nothing: other letters wait."""


def sweep(
    settings: Settings, now: datetime, send: Send = mail.send, post: Post = webhook.post, lease_s: float = LEASE_S
) -> int:
    """Send what is due and return how many messages were taken.

    Args:
        settings: of the installation.
        now: the moment.
        send: hands a letter to the mail server; replaced in tests.
        post: calls a webhook; replaced in tests.
        lease_s: lease of a message, in seconds.
    """
    if not can_post(settings):
        return 0
    with writing(open_engine(settings)) as connection:
        store.expire(connection, now)
    rotate_secret(settings)
    began, sent, is_away = time.monotonic(), 0, False
    with reading(open_engine(settings)) as connection:
        due = store.list_due(connection, now)
    for number in due:
        if time.monotonic() - began > TIME_LIMIT_S:
            break
        try:
            sent += _send_alone(settings, number, now, send, post, lease_s, mailing=not is_away and can_mail(settings))
        except ServerAway:
            is_away = True
        except NotReady:
            break
        except Exception as error:  # it stays due, and the others do not wait for what is wrong with one
            log.error("Subscription %s was not told: %s", number, type(error).__name__)
    return sent


def rotate_secret(settings: Settings) -> tuple[int, int]:
    """Encrypt addresses with the present secret; return how many succeeded and how many cannot be read."""
    done = lost = 0
    present = signup.identify_secret(settings)
    with writing(open_engine(settings)) as connection:
        for subscription in store.list_sealed_otherwise(connection, present):
            try:
                content = subscription.open(settings)
            except Unconfigured:
                lost += 1
                continue
            marks = signup.compute_marks(settings, subscription.channel, content.to)
            store.change(connection, subscription, sealed=content.seal(settings), **marks)
            done += 1
    return done, lost


def _send_alone(
    settings: Settings, number: int, now: datetime, send: Send, post: Post, lease_s: float, *, mailing: bool
) -> int:
    engine, name = open_engine(settings), f"subscription {number}"
    holder = f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(8)}"
    if not leases.acquire_lease(engine, name, holder, lease_s):
        return 0
    try:
        with reading(engine) as connection:
            subscription = store.find_by_id(connection, number)
        if subscription is None or subscription.due_at > now or (subscription.channel == "mail" and not mailing):
            return 0
        return _send(settings, subscription, now, send, post)
    finally:
        leases.release_lease(engine, name, holder)


def _send(settings: Settings, subscription: Subscription, now: datetime, send: Send, post: Post) -> int:
    content, ctx = subscription.open(settings), open_context(subscription.lang)
    if subscription.confirmed_at is None:
        message = (
            letters.write_request(settings, ctx, subscription, content) if subscription.channel == "mail" else None
        )
        data = {
            "follows": subscription.subject.name(ctx),
            "confirm": f"{settings.origin}/follow/confirm/{content.confirm}",
        }
        return _deliver(settings, subscription, content, now, message, ("subscription.requested", data), send, post)
    digest = _prepare_digest(settings, ctx, subscription, now)
    if digest is None:
        return 0
    message = None
    if subscription.channel == "mail":
        message = letters.write_digest(settings, subscription, content, digest, _read_brief(ctx, subscription))
    event = ("figures.changed", _describe_changes(settings, subscription, content, digest))
    return _deliver(settings, subscription, content, now, message, event, send, post)


def _prepare_digest(settings: Settings, ctx: Context, subscription: Subscription, now: datetime) -> Digest | None:
    """Return the digest to send and store that it is under way; None where there is nothing to send."""
    latest = ctx.dataset.vintage
    after = min(subscription.told, latest) or latest  # followed before anything was published
    until = min(subscription.pending, latest) or latest
    digest = None
    if after < until:
        try:
            digest = compose(ctx, subscription.subject, after, until)
        except (Invalid, Unknown) as error:  # what it follows is no longer in the codebook
            log.warning("Subscription %s follows what is gone: %s", subscription.id, type(error).__name__)
    with writing(open_engine(settings)) as connection:
        if digest is None:
            due = compute_next_due(subscription.days, now) if subscription.days else now + timedelta(minutes=5)
            store.change(connection, subscription, told=until, pending=0, due_at=due)
            return None
        if (subscription.told, subscription.pending) != (after, until) and not store.change(
            connection, subscription, told=after, pending=until
        ):
            return None  # stopped meanwhile
    subscription.told, subscription.pending = after, until
    return digest


def _deliver(
    settings: Settings, subscription: Subscription, content: SealedContent, now: datetime, message: EmailMessage | None,
    event: tuple[str, dict[str, Any]], send: Send, post: Post,
) -> int:  # fmt: skip
    """Send a message and store the result; return 1 if it was taken."""
    wait, gone = timedelta(), False
    if message is not None:
        try:
            send(settings, message)
        except mail.Undelivered as error:
            if not mail.is_message_refused(error):
                raise ServerAway from error
            wait = timedelta(hours=2 ** min(subscription.failures, 6))
    else:
        body = webhook.write_body(event[0], now, event[1])
        outcome = post(content.to, content.secret, letters.compute_message_id(subscription), body, now)
        gone = outcome.kind == "gone"
        if outcome.kind == "failed":
            log.info("Webhook of subscription %s failed: %s", subscription.id, outcome.why)
            wait = max(webhook.RETRY_WAITS[min(subscription.failures, len(webhook.RETRY_WAITS) - 1)], outcome.wait)
    with writing(open_engine(settings)) as connection:
        if gone or (wait and subscription.failures + 1 >= MAX_FAILURES):
            store.remove(connection, subscription)
        elif wait:
            store.change(connection, subscription, due_at=now + wait, failures=subscription.failures + 1)
        elif subscription.confirmed_at is None:
            assert subscription.expires_at is not None
            store.change(connection, subscription, due_at=subscription.expires_at, failures=0)
        else:
            due = compute_next_due(subscription.days, now)
            store.change(connection, subscription, told=subscription.pending, pending=0, due_at=due, failures=0)
    return int(not wait and not gone)


def _describe_changes(
    settings: Settings, subscription: Subscription, content: SealedContent, digest: Digest
) -> dict[str, Any]:
    return {
        "follows": digest.name, "after": subscription.told, "until": subscription.pending, "counts": digest.numbers,
        "page": settings.origin + digest.page, "json": settings.origin + digest.json,
        "stop": f"{settings.origin}/follow/stop/{content.stop}", "changes": [dict(row) for row in digest.changes],
    }  # fmt: skip


def _read_brief(ctx: Context, subscription: Subscription) -> tuple[str, bytes] | None:
    """Return the attached brief where it is wished."""
    subject = subscription.subject.find_kept(ctx)
    if not subscription.brief or not subject.has_brief:
        return None
    from dashboard.answers.reports import query
    from dashboard.answers.reports.files import read_file

    brief_query = (
        query.ask_own(ctx, subject.countries, subject.indicators)
        if subject.indicators
        else query.ask_country(ctx, subject.countries[0])
    )
    return brief_query.filename("pdf"), read_file(brief_query, "pdf")
