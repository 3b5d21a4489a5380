"""Telling a program: a signed message (Standard Webhooks 1.0) to a public https address, within limits.

The address is looked at before it is kept and again each time: its name is resolved once, every answer must be public,
and the connection goes to one of them (``dashboard/outbound.py``). No redirect is followed, little is read of the
answer, and a server that trickles is cut with the process that waits for it.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from dashboard.sandbox.pools import Crashed, JobLimits, Sandbox, TooCostly

PREFIX = "whsec_"
SECONDS = 15
MEMORY = 2**30
"""Address space of the process that asks, in bytes."""

MOST_READ = 2**18
"""Bytes of an answer, of which only the status is used; a longer one has failed."""

LARGEST = 20_000
"""Bytes of a message."""

WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 300, 600, 840, 1200, 1440))
"""Until the next try, after each failure in a row; after the last one the subscription ends."""

LONGEST_WAIT = timedelta(days=1)

SANDBOX = Sandbox(workers=1, tasks=50, idle=60.0)


@dataclass(frozen=True, slots=True)
class PostOutcome:
    """What became of a message: taken, failed, or refused for good (410); how long the receiver asks to wait."""

    kind: Literal["taken", "failed", "gone"]
    wait: timedelta = timedelta()
    why: str = ""


def new_secret() -> str:
    """A secret to sign with, as the receiver keeps it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of a message: HMAC-SHA256 of id, time of this attempt and the very bytes that are sent."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def write_body(kind: str, moment: datetime, data: Mapping[str, Any]) -> bytes:
    """A message as it is sent; ``changes`` make room until it is small enough."""
    known = dict(data)
    while True:
        told = {"type": kind, "timestamp": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "data": known}
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        if len(body) <= LARGEST or not known.get("changes"):
            return body
        known["changes"] = known["changes"][: len(known["changes"]) // 2]


def post(
    url: str, secret: str, message_id: str, body: bytes, now: datetime, private: Collection[str] = ()
) -> PostOutcome:
    """Send a message once.

    Args:
        url: where to.
        secret: of this subscription.
        message_id: the same for every attempt at this message.
        body: what is sent.
        now: the moment of this attempt.
        private: hosts that may be told though they are not public; none, but in tests.
    """
    timestamp = int(now.timestamp())
    job = {
        "address": url, "most": MOST_READ, "seconds": SECONDS, "private": list(private), "content": body,
        "headers": {
            "Content-Type": "application/json", "User-Agent": "asan-sdg-monitor", "webhook-id": message_id,
            "webhook-timestamp": str(timestamp), "webhook-signature": sign(secret, message_id, timestamp, body),
        },
    }  # fmt: skip
    if not url.startswith("https://") and not private:
        return PostOutcome("failed", why="not_public")
    try:
        told = SANDBOX.call("dashboard.outbound:ask", job, JobLimits(MEMORY, SECONDS, float(SECONDS)))
    except TooCostly:
        return PostOutcome("failed", why="slow")
    except Crashed:
        return PostOutcome("failed", why="unreachable")
    if "trouble" in told:
        return PostOutcome("failed", why=told["trouble"])
    status = int(told["status"])
    if 200 <= status < 300:
        return PostOutcome("taken")
    if status == 410:
        return PostOutcome("gone", why="410")
    return PostOutcome("failed", _read_wait(told["retry_after"], now), str(status))


def _read_wait(given: str, now: datetime) -> timedelta:
    """How long a receiver asks to wait, as far as it is heard."""
    try:
        wait = timedelta(seconds=int(given)) if given.isdigit() else parsedate_to_datetime(given) - now
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    return min(max(wait, timedelta()), LONGEST_WAIT)
