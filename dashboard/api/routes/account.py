"""Who a personal token stands for; and the end of the audit trail day by day, a feed that anybody may keep.

The feed holds number and digest of an entry and nothing of what was done. Whoever kept one finds a trail that was cut
or written anew: ``account audit verify --head DIGEST``.
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
from dashboard.api import problems
from dashboard.api.access import caller, status_of
from dashboard.api.answers import public_base
from dashboard.api.parameters import Configured
from dashboard.api.submissions.public import Lang
from dashboard.database.engine import open_engine
from dashboard.locales import format_day, t

log = logging.getLogger(__name__)
router = APIRouter()

MOST = 60
"""Days of a feed."""

ATOM = "http://www.w3.org/2005/Atom"
IDS = "urn:asan-sdg-monitor:audit"


@router.get("/audit.atom", summary="The end of the audit trail, day by day, as a feed", response_class=Response)
def atom(request: Request, configured: Configured, lang: Lang = "en") -> Response:
    """One entry a day: number and digest of the trail's last entry then. What people did is not in it."""
    heads = audit.heads(open_engine(configured), MOST)
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": lang})
    updated = heads[0].day if heads else datetime.now(UTC).date()
    for name, words in (
        ("id", IDS), ("title", t("accounts.audit.feed", lang)), ("updated", _midnight(updated)),
    ):  # fmt: skip
        SubElement(feed, name).text = words
    SubElement(SubElement(feed, "author"), "name").text = t("ui.product.name", lang)
    SubElement(feed, "link", {"rel": "self", "href": f"{public_base(request, configured)}/api/v1/audit.atom"})
    for head in heads:
        entry = SubElement(feed, "entry")
        SubElement(entry, "id").text = f"{IDS}:{head.day.isoformat()}"
        told = t(
            "accounts.audit.feed_entry", lang, number=str(head.number), date=format_day(head.day.isoformat(), lang)
        )
        SubElement(entry, "title").text = told
        SubElement(entry, "updated").text = _midnight(head.day)
        SubElement(entry, "content", {"type": "text"}).text = f"{head.number} {head.digest}"
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode").encode()
    return Response(body, 200, {"Cache-Control": "public, max-age=3600"}, "application/atom+xml; charset=utf-8")


@router.get("/account", summary="Who a personal token stands for", tags=["contribution"])
def who_am_i(principal: Annotated[Principal, Depends(caller)]) -> dict[str, str | list[str]]:
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


async def fault(request: Request, error: Exception) -> Response:
    """What went wrong with an account, as a problem document; what is ours to mend is in the log."""
    assert isinstance(error, AccountError)
    status = status_of(error)
    if status >= 500:
        log.error("%s %s: %s", request.method, request.url.path, error)
    return problems.problem(request, status, str(error))


def _midnight(day: Day) -> str:
    return f"{datetime.combine(day, time(), UTC):%Y-%m-%dT%H:%M:%SZ}"
