"""Revisions as pages say them: which vintages changed which figures of an indicator, and the values of one figure."""

from dataclasses import replace
from datetime import date as day
from typing import Any
from urllib.parse import urlencode

import polars as pl

from dashboard.analysis.measures.rounding import round_half_away
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid, quote_given
from dashboard.answers.base.lookup import find_metric
from dashboard.answers.base.rows import Row
from dashboard.answers.base.words import join_sentences, name_country, translate_term
from dashboard.answers.public import changes
from dashboard.answers.revisions import news
from dashboard.answers.revisions.views import EarlierValue, RevisionRow, RevisionsView
from dashboard.answers.wording.changes import format_difference
from dashboard.answers.wording.figures import build_figure, describe_breakdown, format_value
from dashboard.answers.wording.publishers import is_unmodified_only, title_publisher
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import format_day, format_edition, format_number, format_quantity, t

MAX_ROWS = 15
OF_CHOSEN = 2000
"""Changes of the chosen countries that are read to find the latest: a dozen countries have fewer."""
FURTHER = 6
"""How many more decimals are shown at most to tell two figures apart."""


def format_apart(
    ctx: Context, metric: Metric, before: float | None, after: float | None, *, unit: bool = False
) -> tuple[str, str]:
    """Format two values as pages do, with as many more decimals as it takes to tell them apart."""

    def finer(value: float, decimals: int) -> str:
        return (
            format_quantity(value, metric.unit, ctx.lang, decimals)
            if unit
            else format_number(value, ctx.lang, decimals)
        )

    if before is None or after is None:
        first, other = (
            "" if value is None else format_value(ctx, metric, value, unit=unit) for value in (before, after)
        )
        return first, other
    texts = format_value(ctx, metric, before, unit=unit), format_value(ctx, metric, after, unit=unit)
    if before != after and metric.quantity:
        for more in range(FURTHER + 1):
            if texts[0] != texts[1]:
                break
            texts = finer(before, metric.decimals + more), finer(after, metric.decimals + more)
    return texts


def format_difference_apart(ctx: Context, metric: Metric, difference: float) -> str:
    """Format a signed difference, with more decimals where it would round to nothing."""
    decimals = count_decimals_apart(metric, difference)
    if decimals == metric.decimals:
        return format_difference(ctx, metric, difference)
    return format_number(difference, ctx.lang, decimals, signed=True)


def count_decimals_apart(metric: Metric, difference: float) -> int:
    """Return the decimals, at least the indicator's, by which a difference does not round to nothing."""
    most = metric.decimals + FURTHER
    return next((more for more in range(metric.decimals, most + 1) if round_half_away(difference, more)), most)


@cached
def view_revisions(
    ctx: Context, indicator: str, since: str = "", most: int = MAX_ROWS, chosen: tuple[str, ...] = ()
) -> RevisionsView:
    """Return the figures of an indicator revised or withdrawn since a day, the newest first.

    Without a day, since the first vintage.

    Those of the ``chosen`` countries stand before all others, the latest years first.

    Raises:
        Unknown: no such indicator.
        Invalid: ``since`` is no ISO date.
    """
    metric = find_metric(ctx, indicator)
    vintages = ctx.dataset.vintages()
    first = vintages[0]
    start = _day(since)
    after = max(news.find_vintage_number(ctx, start, "since") if start else 0, first["number"])
    selection = news.NewsSelection(after, vintages[-1]["number"], (metric.id,), kinds=("revised", "vanished"))
    page = news.read_page(ctx, selection, most)
    total = news.add_counts(page["vintages"])
    own = _of_chosen(ctx, selection, chosen)
    shown = [*own, *(row for row in page["rows"] if row not in own)][:most]
    rows = _rows_of(ctx, metric, shown)
    dates = {vintage["number"]: vintage["created_at"].date() for vintage in vintages}
    query = {"indicator": metric.id, "since": after, "as_of": ctx.day}
    asked_for = urlencode({name: value for name, value in query.items() if value != ""})
    changed = total["revised"] + total["vanished"]
    return RevisionsView(
        since=start.isoformat() if start else "",
        first=first["created_at"].date().isoformat(),
        last=ctx.today.isoformat(),
        text=_text(ctx, start, first["created_at"].date(), total, len(vintages)),
        more_text=t(
            "changes.revisions.more_chosen" if own else "changes.revisions.more",
            ctx.lang,
            shown=format_number(len(shown), ctx.lang),
            total=format_number(changed, ctx.lang),
        )
        if changed > len(shown)
        else "",
        rows=[_row(ctx, metric, change, rows, dates) for change in shown],
        json=f"/api/v1/changes?{asked_for}",
        feed=f"/api/v1/changes.atom?indicator={metric.id}&lang={ctx.lang}",
    )


def _of_chosen(ctx: Context, selection: news.NewsSelection, chosen: tuple[str, ...]) -> list[changes.Change]:
    if not chosen:
        return []
    found = news.read_page(ctx, replace(selection, countries=chosen), OF_CHOSEN)["rows"]
    found.sort(key=lambda row: chosen.index(row["country"]))
    found.sort(key=lambda row: (row["vintage"], row["period"]), reverse=True)  # stable: countries stay as chosen
    return found


def _text(ctx: Context, start: day | None, first: day, total: changes.ChangeCounts, vintages: int) -> str:
    lang = ctx.lang
    if vintages == 1:
        return t("changes.revisions.first_only", lang, date=format_day(first, lang))
    since = format_day(max(start, first) if start else first, lang)
    if total["revised"] or total["vanished"]:
        head = t(
            "changes.revisions.some",
            lang,
            date=since,
            revised=format_number(total["revised"], lang),
            vanished=format_number(total["vanished"], lang),
        )
    else:
        head = t("changes.revisions.none", lang, date=since)
    return join_sentences(
        [
            t("changes.revisions.early", lang, date=format_day(first, lang)) if start and start < first else "",
            head,
            t("changes.revisions.new", lang, new=format_number(total["new"], lang)) if total["new"] else "",
            t("changes.revisions.reissued", lang, reissued=format_number(total["reissued"], lang))
            if total["reissued"]
            else "",
        ]
    )


def _row(ctx: Context, metric: Metric, change: Any, rows: dict[str, Row], dates: dict[int, day]) -> RevisionRow:
    lang, gone = ctx.lang, change["kind"] == "vanished"
    old, new = rows[change["id_before"]], rows.get(change["id_after"] or "")
    before, after = format_apart(ctx, metric, change["before"], change["after"])
    named = [format_edition(figure["edition"], lang) for figure in (old, new) if figure is not None]
    return RevisionRow(
        iso3=change["country"],
        country=name_country(ctx, change["country"]),
        period=change["period"],
        dimensions=describe_breakdown(ctx, old["dimensions"]),
        kind=change["kind"],
        before=before or build_figure(ctx, metric, old)["text"],
        after=t("changes.revisions.gone", lang) if new is None else after or build_figure(ctx, metric, new)["text"],
        difference="" if gone or new is None else _difference(ctx, metric, old, new),
        id_before=change["id_before"],
        id_after=change["id_after"] or "",
        vintage=change["vintage"],
        vintage_text=t("changes.revisions.vintage", lang, number=str(change["vintage"])),
        date_text=format_day(dates[change["vintage"]], lang),
        edition_text=named[0]
        if len(set(named)) == 1
        else t("changes.revisions.step", lang, before=named[0], after=named[1]),
        reason_text=t(f"changes.reason.{change['reason']}", lang),
        source_text=title_publisher(change["source"], change["series"]),
    )


def _difference(ctx: Context, metric: Metric, old: Row, new: Row) -> str:
    """Return the signed difference, as exactly as the figures are told apart, or in words."""
    before, after = old["value"], new["value"]
    if before != after and is_unmodified_only(new["source"]):
        return t("changes.revisions.licence", ctx.lang)
    if before is not None and after is not None and before != after and metric.quantity:
        return format_difference_apart(ctx, metric, after - before)
    if old["status"] != new["status"]:
        words = [translate_term(ctx, "value_status", row["status"]) for row in (old, new)]
        return t("changes.revisions.status", ctx.lang, before=words[0], after=words[1])
    return "" if before != after else t("changes.revisions.bounds", ctx.lang)


def _rows_of(ctx: Context, metric: Metric, changes: list[Any]) -> dict[str, Row]:
    """Return the whole rows behind the ids of changes: equal ids have equal content."""
    ids = {change[side] for change in changes for side in ("id_before", "id_after")} - {None}
    rows = ctx.dataset.history(metric.id).filter(pl.col("id").is_in(list(ids))).collect()
    return {row["id"]: row for row in rows.iter_rows(named=True)}


def _day(text: str) -> day | None:
    try:
        return day.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid("since", f"{quote_given(text)} is not a date such as 2024-11-02.") from error


def list_history(ctx: Context, row: Row) -> list[Row]:
    """Return the successive rows of a row's fact, oldest first, up to the day of the context."""
    same = ("country", "period", "dimensions", "source", "series")
    rows = (
        ctx.dataset.history(row["indicator"])
        .filter(*(pl.col(name) == row[name] for name in same), pl.col("vintage") <= ctx.dataset.vintage)
        .sort("vintage", "id")
        .collect()
        .to_dicts()
    )
    own = (row["id"], row["vintage"])
    return [other for other in rows if (other["id"], other["vintage"]) == own or not _together(other, row)]


def _together(earlier: Row, other: Row) -> bool:
    """Return True if two rows were in force at once: natures of a fact, not successive values."""
    ends = [row["superseded"] or float("inf") for row in (earlier, other)]
    return bool(earlier["vintage"] < ends[1] and other["vintage"] < ends[0])


def list_earlier_values(ctx: Context, row: Row) -> list[EarlierValue]:
    """Return the values a figure has had, newest first, each with a link to a day it was in force."""
    dates = {vintage["number"]: vintage["created_at"].date() for vintage in ctx.dataset.as_of(None).vintages()}
    metric = find_metric(ctx, row["indicator"])
    entries = []
    for version in reversed(list_history(ctx, row)):
        came, gone = dates[version["vintage"]], dates.get(version["superseded"] or 0)
        now = gone is None or version["superseded"] > ctx.dataset.vintage
        stood = now or (gone is not None and came < gone)
        entries.append(
            EarlierValue(
                id=version["id"],
                text=build_figure(ctx, metric, version)["quantity"],
                edition=format_edition(version["edition"], ctx.lang),
                since_text=t(
                    "changes.earlier.since", ctx.lang, number=str(version["vintage"]), date=format_day(came, ctx.lang)
                ),
                until_text=t("changes.earlier.now", ctx.lang)
                if now or gone is None
                else t("changes.earlier.until", ctx.lang, date=format_day(gone, ctx.lang)),
                now=now,
                href=f"/{ctx.lang}/indicators/{metric.id}/?country={version['country']}&as_of={came.isoformat()}"
                if stood
                else "",
                href_text=t("changes.earlier.see", ctx.lang, date=format_day(came, ctx.lang)),
            )
        )
    return entries
