"""When what the statement announced is due, as a calendar (RFC 5545): an all-day event for each such claim."""

from datetime import UTC

from dashboard.codebook.model import choose_text
from dashboard.codebook.register.history import last_day
from dashboard.locales import t
from dashboard.reports.icalendar import Event, escape_text, write_icalendar
from dashboard.services.base.context import Context


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
