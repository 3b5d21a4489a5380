"""Decisions of a country for calendars (RFC 5545: one event a due day) and readers of feeds (RFC 4287)."""

from datetime import UTC, date, datetime, timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

from dashboard.analysis.reports.icalendar import Event, write_icalendar
from dashboard.contributions.actions import store
from dashboard.contributions.actions.model import ENDED
from dashboard.contributions.actions.tables import Decision
from dashboard.contributions.actions.views import DecisionsView, DecisionView
from dashboard.contributions.delivery.metrics import shifted
from dashboard.evidence.database.engine import open_engine
from dashboard.locales import t
from dashboard.settings import Settings

MOST = 50
"""Entries of a feed, the ones moved last."""

REMIND_DAYS = 7
ATOM = "http://www.w3.org/2005/Atom"


def calendar(settings: Settings, view: DecisionsView, base: str, lang: str) -> bytes:
    """Due days of what is not ended, with a reminder a week before; the end of the month in which each should show.

    Args:
        settings: of the installation.
        view: the country's decisions in this language.
        base: the address of the product, without a slash at its end.
        lang: of titles.
    """
    decisions = {one["number"]: one for one in view["decisions"]}
    events = []
    for row in store.listing(open_engine(settings), view["iso3"]):
        if row.id not in decisions:
            continue
        one = decisions[row.id]
        if row.shows and row.state != "declined":
            events.append(_shown(row, one, view, f"{base}/actions/{view['iso3']}/?lang={lang}#d{row.id}", lang))
        if row.state in ENDED:
            continue
        title = t("actions.calendar.due", lang, what=one["what"], country=view["name"])
        text = "\n".join((one["figure"], f"{t('actions.owner', lang)}{t('ui.list.colon', lang)}{row.owner}"))
        address = f"{base}/actions/{view['iso3']}/?lang={lang}#d{row.id}"
        stamp = row.moved_at.astimezone(UTC)
        events.append(Event(f"decision-{row.id}", row.due, stamp, title, text, address, REMIND_DAYS))
    return write_icalendar("Decisions", events)


def _shown(row: Decision, one: DecisionView, view: DecisionsView, address: str, lang: str) -> Event:
    """Return the last day of the month in which a decision should show, with what became of it."""
    after = shifted(date.fromisoformat(f"{row.shows}-01"), 1)
    title = t("actions.calendar.shows", lang, what=one["what"], country=view["name"])
    verdict = f"{one['verdict_text']}{t('ui.list.colon', lang)}{one['verdict_why']}"
    text = "\n".join(filter(None, (one["measure"], one["figure"], one["judged"], verdict, one["against"])))
    stamp = row.moved_at.astimezone(UTC)
    return Event(f"decision-{row.id}-shows", after - timedelta(days=1), stamp, title, text, address)


def atom(settings: Settings, view: DecisionsView, base: str, lang: str) -> bytes:
    """Return one entry a decision, as it stands; the ones moved last come first.

    Args:
        settings: of the installation.
        view: the country's decisions in this language.
        base: the address of the product, without a slash at its end.
        lang: of titles and sentences.
    """
    rows = sorted(store.listing(open_engine(settings), view["iso3"]), key=lambda row: row.moved_at, reverse=True)[:MOST]
    decisions = {one["number"]: one for one in view["decisions"]}
    page = f"{base}/actions/{view['iso3']}/?lang={lang}"
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": lang})
    _text(feed, "id", f"urn:asan-sdg-monitor:decisions:{view['iso3']}")
    _text(feed, "title", t("actions.heading", lang, country=view["name"]))
    _text(feed, "updated", _moment(rows[0].moved_at if rows else datetime(2026, 1, 1, tzinfo=UTC)))
    _text(SubElement(feed, "author"), "name", t("ui.product.name", lang))
    SubElement(feed, "link", {"rel": "self", "href": f"{base}/api/v1/actions.atom?country={view['iso3']}&lang={lang}"})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page})
    for row in rows:
        one = decisions.get(row.id or 0)
        if one is None:
            continue
        entry = SubElement(feed, "entry")
        _text(entry, "id", f"urn:asan-sdg-monitor:decision:{row.id}")
        _text(entry, "title", f"{one['what']}{t('ui.list.colon', lang)}{one['state_text']}")
        _text(entry, "updated", _moment(row.moved_at))
        _text(entry, "published", _moment(row.opened_at))
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": f"{page}#d{row.id}"})
        verdict = f"{one['verdict_text']}{t('ui.list.colon', lang)}{one['verdict_why']}" if one["verdict"] else ""
        lines = (
            one["why"], one["figure"], one["before"], one["measure"], one["shows"], verdict, one["against"],
            one["judged"], one["again"], one["owner"], one["due"], one["words"],
        )  # fmt: skip
        content = SubElement(entry, "content", {"type": "text"})
        content.text = "\n".join(filter(None, lines))
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode").encode()


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _moment(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
