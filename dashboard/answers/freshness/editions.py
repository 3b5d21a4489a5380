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

MIN_RELEASES = 3
"""Past editions from which on an interval counts as usual. Ours."""

MIN_DATED_RELEASES = 2
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
        """Return True if a published edition reaches further than the dataset does."""
        return self.newest is not None and 0 < self.held_to < int(self.newest.data_to or 0)

    def is_due(self, today: date) -> bool:
        """Return True if the months in which the next edition is expected have passed."""
        return self.expected is not None and self.expected.last < today


def list_editions(ctx: Context, source: str) -> list[DatabaseEditions]:
    """Return the databases of a publisher by title; the publisher itself where it names none."""
    info = list_publishers()[source]
    titles = {_name_database(info, start) for start in info.databases} or {info.title}
    releases = [
        release
        for release in ctx.book.releases
        if release.source == source and choose_release_day(release) <= ctx.today
    ]
    newest = _list_held(ctx)
    found = []
    for title in sorted(titles):
        own = [release for release in releases if _name_database(info, release.database) == title]
        edition, year = newest.get((source, title), ("", 0))
        found.append(DatabaseEditions(source, title, edition, year, own[-1] if own else None, expect_next(own)))
    return found


def find_editions(ctx: Context, source: str, series: str) -> DatabaseEditions | None:
    """Return the database that holds a series; None where no publisher is declared."""
    info = list_publishers().get(source)
    if info is None:
        return None
    return next(edition for edition in list_editions(ctx, source) if edition.title == _name_database(info, series))


def choose_release_day(release: PublishedEdition) -> date:
    """Return the day of a release, mid-month or mid-year where no more is known."""
    year, month, day = (*map(int, release.published.split("-")), 0, 0)[:3]
    return date(year, month or 7, day or (15 if month else 1))


def expect_next(releases: Iterable[PublishedEdition]) -> ReleaseWindow | None:
    """Return the months of the next edition: the median interval after the last, in the usual months.

    None where fewer than three editions are known, fewer than two to the month, or their intervals are irregular.
    """
    past = sorted(releases, key=choose_release_day)
    dated = [choose_release_day(edition) for edition in past if edition.certainty == "on" and "-" in edition.published]
    if len(past) < MIN_RELEASES or len(dated) < MIN_DATED_RELEASES:
        return None
    intervals = [(after - before).days for before, after in pairwise(map(choose_release_day, past))]
    usual = median(intervals)
    years = round(usual / YEAR_DAYS)
    if not years or any(abs(interval - usual) > IRREGULAR_DAYS for interval in intervals):
        return None
    about = choose_release_day(past[-1]) + timedelta(days=round(years * YEAR_DAYS))
    days = sorted(_move(day, about) for day in dated)
    last = days[-1].replace(day=monthrange(days[-1].year, days[-1].month)[1])
    middle = date.fromordinal(round(median(day.toordinal() for day in days)))
    return ReleaseWindow(middle, days[0].replace(day=1), last, years)


def _move(day: date, about: date) -> date:
    """Move a day by whole years to where it is nearest to another."""
    return day + timedelta(days=round(round((about - day).days / YEAR_DAYS) * YEAR_DAYS))


def describe_expected(ctx: Context, database: DatabaseEditions) -> str:
    """Name the months in which the next edition is expected, or say that it is due or unknown."""
    if database.expected is None:
        return t("answers.releases.unknown", ctx.lang)
    first, last = (format_day(day, ctx.lang, "month") for day in (database.expected.first, database.expected.last))
    when = first if first == last else t("answers.releases.span", ctx.lang, first=first, last=last)
    return t("answers.releases.due", ctx.lang, when=when) if database.is_due(ctx.today) else when


def describe_interval(ctx: Context, database: DatabaseEditions) -> str:
    """Say how often the publisher issues an edition, judged by past ones; "" where unknown."""
    return t("answers.releases.every", ctx.lang, count=database.expected.years) if database.expected else ""


def describe_release_day(ctx: Context, release: PublishedEdition) -> str:
    """Name the day an edition was published, as precisely as it is known."""
    date_text = format_day(release.published, ctx.lang)
    return t("answers.releases.by", ctx.lang, date=date_text) if release.certainty == "by" else date_text


def describe_newer(ctx: Context, database: DatabaseEditions) -> str:
    """Say which newer edition is published but not in the dataset; "" where none is known."""
    if not database.is_behind or database.newest is None:
        return ""
    return t(
        "answers.releases.newer",
        ctx.lang,
        edition=format_edition(database.newest.edition, ctx.lang),
        date=describe_release_day(ctx, database.newest),
        held=format_edition(database.held, ctx.lang),
    )


def describe_next(ctx: Context, database: DatabaseEditions) -> str:
    """Say when the next edition of a database is expected, and how often it has one."""
    when = describe_expected(ctx, database)
    if database.expected is None:
        return when
    return t(
        "answers.indicator.next", ctx.lang, when=when, every=describe_interval(ctx, database), source=database.title
    )


@kept(8)
def _list_held(ctx: Context) -> Mapping[tuple[str, str], tuple[str, int]]:
    """Map publisher and database title to the newest edition with figures here and their last year."""
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
    """Return the title of the database of a series; the sites of a platform are one database."""
    return info.of(series).title if info.databases else info.title
