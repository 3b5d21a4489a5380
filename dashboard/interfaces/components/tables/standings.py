"""What is due, received, in review and published of what countries send: a table of years."""

from datetime import date
from typing import Any

import reflex as rx

from dashboard.answers.base.context import Context
from dashboard.contributions.submissions.model import AccountGiver, PeriodStanding
from dashboard.interfaces.components.figures import list_rows
from dashboard.locales import t


def list_standings(ctx: Context) -> list[PeriodStanding]:
    """Every year that is due, or of which something was submitted, as it is now."""
    from datetime import UTC, datetime

    from dashboard.contributions.submissions import deadlines
    from dashboard.settings import settings

    return deadlines.standings(settings(), datetime.now(UTC), ctx.book, ctx.lang)


def find_deadline(iso3: str) -> tuple[date, str] | None:
    """When the next figures of a country are due, and of which year; None where no day is set."""
    from datetime import UTC, datetime

    from dashboard.contributions.submissions import deadlines
    from dashboard.settings import settings

    return deadlines.find_next(settings(), datetime.now(UTC), iso3)


def list_givers(ctx: Context) -> list[AccountGiver]:
    """Who gives accounts: in each country that has one the coordinator's office, told by its name and no person's."""
    from dashboard.contributions.delivery.wording import country_name
    from dashboard.contributions.submissions.offices import directory
    from dashboard.settings import settings

    return [
        AccountGiver(
            country=country_name(country, ctx.lang),
            words=t("submissions.accounts.coordinator", ctx.lang, office=t("ui.list.comma", ctx.lang).join(offices)),
        )
        for country, offices in directory.list_coordinators(settings()).items()
    ]


def draw_standings(lang: str, rows: Any) -> rx.Component:
    """The table, or the word that nothing is due."""
    titles = [
        t(f"submissions.{key}", lang)
        for key in ("column.country", "column.period", "contribute.day", "contribute.standing")
    ]

    def row(standing: Any) -> tuple[Any, ...]:
        return standing["country"], standing["period"], standing["day"], standing["standing"]

    return rx.cond(
        rows.length() > 0,
        list_rows(t("submissions.public.standing_title", lang), titles, rows, row),
        rx.el.p(t("submissions.public.standing_none", lang), class_name="note"),
    )
