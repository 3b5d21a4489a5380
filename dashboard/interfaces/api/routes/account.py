"""Who a personal token stands for, and the audit trail's daily end as a public feed.

The feed holds only number and digest of an entry. Whoever kept one can detect a trail that was cut or rewritten:
``account audit verify --head DIGEST``.
"""

import logging
from datetime import UTC, datetime, time
from datetime import date as Day  # noqa: N812 - beside `date` in words
from typing import Annotated
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from dashboard.accounts import audit
from dashboard.accounts.model import AccountError, Principal
from dashboard.evidence.database.engine import open_engine
from dashboard.interfaces.api import problems
from dashboard.interfaces.api.access import find_caller, get_status
from dashboard.interfaces.api.answers import get_public_base
from dashboard.interfaces.api.parameters import Configured
from dashboard.interfaces.api.submissions.public import Lang
from dashboard.locales import format_day, t

log = logging.getLogger(__name__)
router = APIRouter()

MAX_DAYS = 60
"""Days of a feed."""

ATOM = "http://www.w3.org/2005/Atom"
IDS = "urn:asan-sdg-monitor:audit"


@router.get("/audit.atom", summary="The end of the audit trail, day by day, as a feed", response_class=Response)
def download_audit_feed(request: Request, configured: Configured, lang: Lang = "en") -> Response:
    """One entry a day: number and digest of the trail's last entry then. What people did is not in it."""
    heads = audit.list_heads(open_engine(configured), MAX_DAYS)
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": lang})
    updated = heads[0].day if heads else datetime.now(UTC).date()
    for name, words in (
        ("id", IDS), ("title", t("accounts.audit.feed", lang)), ("updated", _format_midnight(updated)),
    ):  # fmt: skip
        SubElement(feed, name).text = words
    SubElement(SubElement(feed, "author"), "name").text = t("ui.product.name", lang)
    SubElement(feed, "link", {"rel": "self", "href": f"{get_public_base(request, configured)}/api/v1/audit.atom"})
    for head in heads:
        entry = SubElement(feed, "entry")
        SubElement(entry, "id").text = f"{IDS}:{head.day.isoformat()}"
        title = t(
            "accounts.audit.feed_entry", lang, number=str(head.number), date=format_day(head.day.isoformat(), lang)
        )
        SubElement(entry, "title").text = title
        SubElement(entry, "updated").text = _format_midnight(head.day)
        SubElement(entry, "content", {"type": "text"}).text = f"{head.number} {head.digest}"
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode").encode()
    return Response(body, 200, {"Cache-Control": "public, max-age=3600"}, "application/atom+xml; charset=utf-8")


@router.get("/account", summary="Who a personal token stands for", tags=["contribution"])
def describe_caller(principal: Annotated[Principal, Depends(find_caller)]) -> dict[str, str | list[str]]:
    """Role, country and office of the one who asks, and what the token may; 401 where it is not in force.

    `scopes` holds `read`, `submit`, `approve` or `publish`; it is empty where a browser's session asks, which no token
    limits. `network` is empty, as rights hold for a whole country; only an account once invited for one service network
    of it still names that.
    """
    return {
        "role": principal.role.value,
        "country": principal.country,
        "network": principal.network,
        "office": principal.office,
        "scopes": sorted(principal.scopes or ()),
    }


async def answer_account_error(request: Request, error: Exception) -> Response:
    """Return an account error as a problem document; faults of ours are logged."""
    assert isinstance(error, AccountError)
    status = get_status(error)
    if status >= 500:
        log.error("%s %s: %s", request.method, request.url.path, error)
    return problems.build_problem(request, status, str(error))


def _format_midnight(day: Day) -> str:
    return f"{datetime.combine(day, time(), UTC):%Y-%m-%dT%H:%M:%SZ}"
