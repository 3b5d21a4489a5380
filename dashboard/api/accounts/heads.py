"""The end of the audit trail as it was published each day: an Atom feed that anybody may keep.

It holds number and digest of an entry and nothing of what was done. Whoever kept one finds a trail that was cut or
written anew: ``account audit verify --head DIGEST``.
"""

from datetime import UTC, datetime, time
from datetime import date as Day  # noqa: N812 - beside `date` in words
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.accounts import audit
from dashboard.api.answers import public_base
from dashboard.api.parameters import Configured
from dashboard.api.submissions.public import Lang
from dashboard.database.engine import engine
from dashboard.locales import date, t

router = APIRouter()

MOST = 60
"""Days of a feed."""

ATOM = "http://www.w3.org/2005/Atom"
IDS = "urn:asan-sdg-monitor:audit"


@router.get("/api/v1/audit.atom", summary="The end of the audit trail, day by day, as a feed", response_class=Response)
def atom(request: Request, configured: Configured, lang: Lang = "en") -> Response:
    """One entry a day: number and digest of the trail's last entry then. What people did is not in it."""
    heads = audit.heads(engine(configured), MOST)
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
        told = t("accounts.audit.feed_entry", lang, number=str(head.number), date=date(head.day.isoformat(), lang))
        SubElement(entry, "title").text = told
        SubElement(entry, "updated").text = _midnight(head.day)
        SubElement(entry, "content", {"type": "text"}).text = f"{head.number} {head.digest}"
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode").encode()
    return Response(body, 200, {"Cache-Control": "public, max-age=3600"}, "application/atom+xml; charset=utf-8")


def _midnight(day: Day) -> str:
    return f"{datetime.combine(day, time(), UTC):%Y-%m-%dT%H:%M:%SZ}"
