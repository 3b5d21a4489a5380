"""Asking a publisher only for what has changed since its last reply (RFC 9110, section 13).

The reply kept from the last time carries its own marks, ``ETag`` and ``Last-Modified``; sent back as ``If-None-Match``
and ``If-Modified-Since`` they let the publisher answer 304 without a body: the same bytes as before.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from data_sources.contract import Reply
from data_sources.fetching.failures import parse_http_date

CLOCK_TOLERANCE = timedelta(minutes=1)
"""A ``Last-Modified`` up to this far ahead of our clock is taken as now. Ours."""

_MARKS = ("etag", "last-modified")


def ask_if_changed(cached: Reply | None) -> dict[str, str]:
    """Headers that ask for a reply only if it differs from this one; none when it carries no mark."""
    if cached is None:
        return {}
    headers = {}
    if tag := cached.headers.get("etag"):
        headers["If-None-Match"] = tag
    if (modified := cached.headers.get("last-modified")) and parse_http_date(modified) and not is_dated_ahead(cached):
        headers["If-Modified-Since"] = modified
    return headers


def confirm_reply(cached: Reply, headers: Mapping[str, str]) -> Reply:
    """The kept reply, said by a 304 with these headers to be still the publisher's answer. It has no bytes."""
    fresh = {name: headers[name] for name in _MARKS if headers.get(name)}
    return replace(cached, status=304, headers={**cached.headers, **fresh}, body=b"", retrieved_at=datetime.now(UTC))


def is_dated_ahead(reply: Reply) -> bool:
    """Return True if the reply was modified after it was received: one of two clocks is wrong.

    Such a date is of no use: a publisher must ignore it as a condition (RFC 9110, section 13.1.3).
    """
    modified = parse_http_date(reply.headers.get("last-modified", ""))
    return modified is not None and modified > reply.retrieved_at + CLOCK_TOLERANCE
