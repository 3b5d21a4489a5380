"""When publishers are next expected to have news: the last receipt plus the cadence declared of the database.

The pages of sources and of indicators both say it, so both ask here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as day
from datetime import timedelta

import polars as pl

from dashboard.locales import format_day, t
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.freshness.outcomes import list_outcomes_known
from dashboard.services.wording.publishers import find_publisher, list_publishers
from data_sources.info import SourceInfo


@dataclass(frozen=True, slots=True)
class Expected:
    """One database of a publisher: when it was last received, how often it has news, when next; None: never yet."""

    title: str
    received: day | None
    cadence_days: int

    @property
    def due(self) -> day | None:
        """The day news is expected about."""
        return self.received + timedelta(days=self.cadence_days) if self.received else None


def list_expected(ctx: Context, seen: str, source: str) -> list[Expected]:
    """The databases of a publisher of which something was received, by title; the publisher as one where it names none.

    Args:
        ctx: for the dataset and the day.
        seen: the ``outcomes.mark``.
        source: the publisher's id.
    """
    info = list_publishers()[source]
    days = {series: one for (owner, series), one in _received(ctx, seen).items() if owner == source}
    if not info.databases:
        return [_expected(info, list(days.values()))]
    infos = {own.title: own for own in map(info.of, days)}
    return [
        _expected(infos[title], [one for series, one in days.items() if info.of(series).title == title])
        for title in sorted(infos)
    ] or [_expected(info, [])]


def describe_next(ctx: Context, seen: str, source: str, series: str) -> str:
    """When the database that a series is in is next expected to have news, and how often it has; "" where unknown."""
    info = find_publisher(source, series)
    if info is None:
        return ""
    by_title = {one.title: one for one in list_expected(ctx, seen, source)}
    one = by_title.get(info.title) or by_title.get(list_publishers()[source].title)
    if one is None or one.due is None:
        return ""
    every = t("ui.date.days", ctx.lang, count=one.cadence_days)
    return t("answers.indicator.next", ctx.lang, date=format_day(one.due, ctx.lang), every=every, source=info.title)


def _expected(info: SourceInfo, days: list[day]) -> Expected:
    return Expected(info.title, max(days, default=None), info.cadence_days)


@kept(8)
def _received(ctx: Context, seen: str) -> Mapping[tuple[str, str], day]:
    """(Publisher, series) → the day it was last received well; of a series without an outcome, that of its rows."""
    rows = ctx.dataset.scan().group_by("source", "series").agg(pl.col("retrieved_at").max()).collect()
    received = {
        (one["source"], one["series"]): one["last_success_at"].date()
        for one in list_outcomes_known(ctx, seen)
        if one["last_success_at"] is not None
    }
    return {(source, series): moment.date() for source, series, moment in rows.iter_rows()} | received
