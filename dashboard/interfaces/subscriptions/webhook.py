"""Post signed messages (Standard Webhooks 1.0) to public https addresses, within limits.

The address is checked before it is stored and again at each attempt: its name is resolved once, every answer must be
public, and the connection goes to one of them (``dashboard/runtime/outbound.py``). Redirects are not followed.
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

from dashboard.runtime.sandbox.pools import Crashed, JobLimits, Sandbox, TooCostly

PREFIX = "whsec_"
TIMEOUT_S = 15
MEMORY_BYTES = 2**30
"""Address space of the process that posts."""

MAX_ANSWER_BYTES = 2**18
"""Largest answer; only its status is used, and a longer one counts as failed."""

MAX_BODY_BYTES = 20_000
"""Largest message."""

RETRY_WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 300, 600, 840, 1200, 1440))
"""Waits before the next attempt after each failure in a row; after the last the subscription ends."""

MAX_WAIT = timedelta(days=1)

SANDBOX = Sandbox(workers=1, tasks=50, idle=60.0)


@dataclass(frozen=True, slots=True)
class PostOutcome:
    """The result of an attempt: taken, failed, or refused for good (410), and how long the receiver asks to wait."""

    kind: Literal["taken", "failed", "gone"]
    wait: timedelta = timedelta()
    why: str = ""


def generate_secret() -> str:
    """Return a new signing secret in the form that the receiver stores."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the HMAC-SHA256 signature of id, time of the attempt and body."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def write_body(kind: str, moment: datetime, data: Mapping[str, Any]) -> bytes:
    """Return a message as JSON, dropping ``changes`` until it is small enough."""
    content = dict(data)
    while True:
        message = {"type": kind, "timestamp": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "data": content}
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        if len(body) <= MAX_BODY_BYTES or not content.get("changes"):
            return body
        content["changes"] = content["changes"][: len(content["changes"]) // 2]


def post(
    url: str, secret: str, message_id: str, body: bytes, now: datetime, private: Collection[str] = ()
) -> PostOutcome:
    """Send a message once.

    Args:
        url: where to.
        secret: of this subscription.
        message_id: the same for every attempt at this message.
        body: the message.
        now: the moment of this attempt.
        private: hosts allowed although they are not public; only in tests.
    """
    timestamp = int(now.timestamp())
    job = {
        "address": url, "most": MAX_ANSWER_BYTES, "seconds": TIMEOUT_S, "private": list(private), "content": body,
        "headers": {
            "Content-Type": "application/json", "User-Agent": "asan-sdg-monitor", "webhook-id": message_id,
            "webhook-timestamp": str(timestamp), "webhook-signature": sign(secret, message_id, timestamp, body),
        },
    }  # fmt: skip
    if not url.startswith("https://") and not private:
        return PostOutcome("failed", why="not_public")
    try:
        answer = SANDBOX.call(
            "dashboard.runtime.outbound:ask", job, JobLimits(MEMORY_BYTES, TIMEOUT_S, float(TIMEOUT_S))
        )
    except TooCostly:
        return PostOutcome("failed", why="slow")
    except Crashed:
        return PostOutcome("failed", why="unreachable")
    if "trouble" in answer:
        return PostOutcome("failed", why=answer["trouble"])
    status = int(answer["status"])
    if 200 <= status < 300:
        return PostOutcome("taken")
    if status == 410:
        return PostOutcome("gone", why="410")
    return PostOutcome("failed", _read_wait(answer["retry_after"], now), str(status))


def _read_wait(retry_after: str, now: datetime) -> timedelta:
    """Return how long a receiver asks to wait, up to a day."""
    try:
        wait = (
            timedelta(seconds=int(retry_after)) if retry_after.isdigit() else parsedate_to_datetime(retry_after) - now
        )
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    return min(max(wait, timedelta()), MAX_WAIT)
