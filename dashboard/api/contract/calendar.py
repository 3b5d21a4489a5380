"""When publishers are expected to have news and when what was announced is due, as a calendar (RFC 5545).

An all-day event for each database, and one for each claim of the statement that has a due date.
"""

from datetime import UTC
from hashlib import sha256

from dashboard.codebook.model import choose_text
from dashboard.codebook.register.history import last_day
from dashboard.locales import format_day, t
from dashboard.reports.icalendar import Event, escape_text, write_icalendar
from dashboard.services.base.context import Context
from dashboard.services.freshness.expected import Expected, list_expected
from dashboard.services.wording.publishers import list_publishers


def calendar(ctx: Context, base: str, seen: str) -> bytes:
    """The calendar as UTF-8; databases of which nothing was received yet are left out.

    Args:
        ctx: for the dataset and the language of titles and sentences.
        base: the address of the product, without a slash at its end.
        seen: the ``outcomes.mark``.
    """
    head = (
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape_text(t('changes.calendar.title', ctx.lang))}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
    )
    events = [
        event
        for source in list_publishers()
        for one in list_expected(ctx, seen, source)
        if (event := _event(ctx, source, one, base)) is not None
    ]
    return write_icalendar("Expected releases", [*events, *list_due_events(ctx, base)], head=head)


def _event(ctx: Context, source: str, one: Expected, base: str) -> Event | None:
    if one.due is None or one.received is None:
        return None
    every = t("ui.date.days", ctx.lang, count=one.cadence_days)
    words = t("changes.calendar.text", ctx.lang, date=format_day(one.received, ctx.lang), every=every)
    name = sha256(f"{source}\n{one.title}".encode()).hexdigest()[:16]
    title = t("changes.calendar.expected", ctx.lang, source=one.title)
    stamp = ctx.dataset.created_at.astimezone(UTC)
    return Event(f"{name}.release", one.due, stamp, title, words, f"{base}/{ctx.lang}/sources/#{source}")


def list_due_events(ctx: Context, base: str) -> list[Event]:
    """An event on the last day of the month in which a claim falls due; ``base`` is the address of the product."""
    stamp = ctx.dataset.created_at.astimezone(UTC)
    return [
        Event(
            f"{claim.id}.due",
            day,
            stamp,
            t("statement.due.title", ctx.lang, claim=choose_text(claim.claim, ctx.lang), id=claim.id),
            t("statement.due.text", ctx.lang),
            f"{base}/{ctx.lang}/statement/{claim.id}/",
        )
        for claim in ctx.book.claims
        if (day := last_day(claim.due_on)) is not None
    ]


def write_due_calendar(ctx: Context, base: str) -> bytes:
    """The calendar as UTF-8."""
    head = ("METHOD:PUBLISH", f"X-WR-CALNAME:{escape_text(t('statement.page.short', ctx.lang))}")
    return write_icalendar("Statement", list_due_events(ctx, base), head=head)
