"""Editions of publishers' databases: which is held, which is the newest known, and when the next is expected.

Expected only from a publisher's own past dates (``releases.csv``). A day of ours, such as that of an import, is no part
of it: when something was received says nothing of when its publisher publishes.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

import polars as pl

from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.wording.publishers import list_publishers
from dashboard.evidence.codebook.editions import find_edition_date
from dashboard.evidence.codebook.model import PublishedEdition
from dashboard.locales import format_day, format_edition, t
from data_sources.info import SourceInfo

FEWEST_RELEASES = 3
"""Past editions from which on an interval counts as usual. Ours."""

FEWEST_DATED = 2
"""Past editions known to the month from which on a month counts as usual. Ours."""

IRREGULAR_DAYS = 275
"""An interval this far from the median one, and nothing is expected: three quarters of a year. Ours."""

YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class ReleaseWindow:
    """When an edition is expected: past ones came out between these months, so many years apart."""

    day: date  # the middle one of the days of past editions, moved to this year
    first: date  # the first day of the earliest of their months
    last: date  # the last day of the latest
    years: int


@dataclass(frozen=True, slots=True)
class DatabaseEditions:
    """One database of a publisher: the edition held, the newest known, and when the next is expected."""

    source: str
    title: str
    held: str  # the newest edition held; "" when there are no figures of it
    held_to: int  # the last year with a figure; 0 when there are none
    newest: PublishedEdition | None  # None when no edition of it is on record
    expected: ReleaseWindow | None  # None when too few or too irregular

    @property
    def is_behind(self) -> bool:
        """Whether an edition is published that reaches further than what is held."""
        return self.newest is not None and 0 < self.held_to < int(self.newest.data_to or 0)

    def is_due(self, today: date) -> bool:
        """Whether the months in which the next edition is expected have passed."""
        return self.expected is not None and self.expected.last < today


def list_editions(ctx: Context, source: str) -> list[DatabaseEditions]:
    """The databases of a publisher, by title; the publisher as one where it names none."""
    info = list_publishers()[source]
    titles = {_name_database(info, start) for start in info.databases} or {info.title}
    releases = [one for one in ctx.book.releases if one.source == source and day_of(one) <= ctx.today]
    held = _list_held(ctx)
    found = []
    for title in sorted(titles):
        own = [one for one in releases if _name_database(info, one.database) == title]
        edition, year = held.get((source, title), ("", 0))
        found.append(DatabaseEditions(source, title, edition, year, own[-1] if own else None, expect_next(own)))
    return found


def find_editions(ctx: Context, source: str, series: str) -> DatabaseEditions | None:
    """The database that a series is in; None where no publisher is declared."""
    info = list_publishers().get(source)
    if info is None:
        return None
    return next(one for one in list_editions(ctx, source) if one.title == _name_database(info, series))


def day_of(release: PublishedEdition) -> date:
    """The day of a release, in the middle of the month or year where that is all that is known."""
    year, month, day = (*map(int, release.published.split("-")), 0, 0)[:3]
    return date(year, month or 7, day or (15 if month else 1))


def expect_next(releases: Iterable[PublishedEdition]) -> ReleaseWindow | None:
    """When the next edition is expected: the median interval after the last, in the months of past editions.

    None where fewer than three editions are known, fewer than two to the month, or their intervals are irregular.
    """
    past = sorted(releases, key=day_of)
    dated = [day_of(one) for one in past if one.certainty == "on" and "-" in one.published]
    if len(past) < FEWEST_RELEASES or len(dated) < FEWEST_DATED:
        return None
    intervals = [(after - before).days for before, after in pairwise(map(day_of, past))]
    usual = median(intervals)
    years = round(usual / YEAR_DAYS)
    if not years or any(abs(interval - usual) > IRREGULAR_DAYS for interval in intervals):
        return None
    about = day_of(past[-1]) + timedelta(days=round(years * YEAR_DAYS))
    days = sorted(_move(day, about) for day in dated)
    last = days[-1].replace(day=monthrange(days[-1].year, days[-1].month)[1])
    middle = date.fromordinal(round(median(day.toordinal() for day in days)))
    return ReleaseWindow(middle, days[0].replace(day=1), last, years)


def _move(day: date, about: date) -> date:
    """The day, moved by whole years to where it is nearest to the other."""
    return day + timedelta(days=round(round((about - day).days / YEAR_DAYS) * YEAR_DAYS))


def describe_expected(ctx: Context, one: DatabaseEditions) -> str:
    """The months in which the next edition is expected, due now where they have passed; else that it is not known."""
    if one.expected is None:
        return t("answers.releases.unknown", ctx.lang)
    first, last = (format_day(day, ctx.lang, "month") for day in (one.expected.first, one.expected.last))
    when = first if first == last else t("answers.releases.span", ctx.lang, first=first, last=last)
    return t("answers.releases.due", ctx.lang, when=when) if one.is_due(ctx.today) else when


def describe_interval(ctx: Context, one: DatabaseEditions) -> str:
    """How often the publisher has an edition, by past ones; "" where that is not known."""
    return t("answers.releases.every", ctx.lang, count=one.expected.years) if one.expected else ""


def describe_release_day(ctx: Context, release: PublishedEdition) -> str:
    """When an edition was published, as precisely as it is known."""
    date_text = format_day(release.published, ctx.lang)
    return t("answers.releases.by", ctx.lang, date=date_text) if release.certainty == "by" else date_text


def describe_newer(ctx: Context, one: DatabaseEditions) -> str:
    """That an edition is published which is not held, and which is; "" where none is known."""
    if not one.is_behind or one.newest is None:
        return ""
    return t(
        "answers.releases.newer",
        ctx.lang,
        edition=format_edition(one.newest.edition, ctx.lang),
        date=describe_release_day(ctx, one.newest),
        held=format_edition(one.held, ctx.lang),
    )


def describe_next(ctx: Context, one: DatabaseEditions) -> str:
    """When the next edition is expected, of which database, and how often it has one."""
    when = describe_expected(ctx, one)
    if one.expected is None:
        return when
    return t("answers.indicator.next", ctx.lang, when=when, every=describe_interval(ctx, one), source=one.title)


@kept(8)
def _list_held(ctx: Context) -> Mapping[tuple[str, str], tuple[str, int]]:
    """(Publisher, title of its database) → the newest edition with figures here, and their last year."""
    rows = (
        ctx.dataset.scan()
        .filter(pl.col("value").is_not_null(), pl.col("year").is_not_null())
        .group_by("source", "series", "edition")
        .agg(pl.col("year").max())
        .collect()
    )
    editions: defaultdict[tuple[str, str], list[tuple[tuple[int, ...], str, int]]] = defaultdict(list)
    for source, series, edition, year in rows.iter_rows():
        if info := list_publishers().get(source):
            editions[source, _name_database(info, series)].append((find_edition_date(edition), edition, year))
    return {key: (max(found)[1], max(year for _, _, year in found)) for key, found in editions.items()}


def _name_database(info: SourceInfo, series: str) -> str:
    """The title of the database that a series is in; sites of a platform are one database."""
    return info.of(series).title if info.databases else info.title
