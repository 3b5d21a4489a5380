"""Expected releases of publishers and due claims of the statement as a calendar (RFC 5545)."""

from datetime import UTC
from hashlib import sha256

from dashboard.analysis.reports.icalendar import Event, escape_text, write_icalendar
from dashboard.answers.base.context import Context
from dashboard.answers.freshness.editions import (
    DatabaseEditions,
    describe_expected,
    describe_interval,
    describe_release_day,
    list_editions,
)
from dashboard.answers.wording.publishers import list_publishers
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.codebook.register.history import read_last_day
from dashboard.locales import format_edition, t


def write_calendar(ctx: Context, base: str) -> bytes:
    """Return the calendar as UTF-8, without databases whose next edition cannot be expected.

    ``base`` is the address of the product without a trailing slash.
    """
    head = (
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape_text(t('changes.calendar.title', ctx.lang))}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
    )
    events = [
        event
        for source in list_publishers()
        for database in list_editions(ctx, source)
        if (event := _make_event(ctx, source, database, base)) is not None
    ]
    return write_icalendar("Expected releases", [*events, *list_due_events(ctx, base)], head=head)


def _make_event(ctx: Context, source: str, database: DatabaseEditions, base: str) -> Event | None:
    if database.expected is None or database.newest is None:
        return None
    words = t(
        "changes.calendar.text",
        ctx.lang,
        when=describe_expected(ctx, database),
        edition=format_edition(database.newest.edition, ctx.lang),
        date=describe_release_day(ctx, database.newest),
        every=describe_interval(ctx, database),
    )
    name = sha256(f"{source}\n{database.title}".encode()).hexdigest()[:16]
    title = t("changes.calendar.expected", ctx.lang, source=database.title)
    stamp = ctx.dataset.created_at.astimezone(UTC)
    return Event(f"{name}.release", database.expected.day, stamp, title, words, f"{base}/{ctx.lang}/sources/#{source}")


def list_due_events(ctx: Context, base: str) -> list[Event]:
    """Return an event on the last day of the month in which each claim falls due."""
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
        if (day := read_last_day(claim.due_on)) is not None
    ]


def write_due_calendar(ctx: Context, base: str) -> bytes:
    """Return the calendar of due claims as UTF-8."""
    head = ("METHOD:PUBLISH", f"X-WR-CALNAME:{escape_text(t('statement.page.short', ctx.lang))}")
    return write_icalendar("Statement", list_due_events(ctx, base), head=head)
