"""Which edition is held, which is the newest known and when the next is expected: by publishers' own dates alone."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, cast

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.freshness.editions import (
    DatabaseEditions,
    choose_release_day,
    describe_expected,
    describe_newer,
    describe_next,
    expect_next,
    list_editions,
)
from dashboard.answers.freshness.sources import view_sources
from dashboard.answers.indicators.indicator import view_indicator
from dashboard.answers.wording.publishers import list_publishers
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import PublishedEdition
from dashboard.locales import LANGUAGES

TOLERANCE = timedelta(days=45)


def _release(published: str, certainty: Literal["on", "by"] = "on", data_to: str = "") -> PublishedEdition:
    return PublishedEdition(
        "cpi", "", f"edition of {published}", data_to, published, certainty, "https://example.org", ""
    )


def _by_database() -> dict[tuple[str, str], list[PublishedEdition]]:
    found = defaultdict(list)
    for one in load_codebook().releases:
        found[one.source, one.database].append(one)
    return found


def _is_near(day: date, first: date, last: date) -> bool:
    """Whether a day, moved by whole years, is at most the tolerance outside of the months."""
    moved = [day + timedelta(days=round(365.25 * years)) for years in range(-9, 10)]
    return any(first - TOLERANCE <= one <= last + TOLERANCE for one in moved)


def test_the_rule_would_have_had_the_month_of_the_last_three_editions() -> None:
    """Each is foretold without its own month; those with three before them also by these alone."""
    foretold, ahead = [], []
    for releases in _by_database().values():
        if expect_next(releases) is None:
            continue
        dated = [one for one in releases if one.certainty == "on" and "-" in one.published]
        for one in dated[-3:]:
            window = expect_next([replace(it, certainty="by") if it is one else it for it in releases])
            assert (window.last - window.first).days <= 92, "three months: wider would be no forecast"
            assert _is_near(choose_release_day(one), window.first, window.last), one
            foretold.append(one.edition)
            if before := expect_next(releases[: releases.index(one)]):
                assert before.first - TOLERANCE <= choose_release_day(one) <= before.last + TOLERANCE, one
                ahead.append(one.edition)
    assert len(foretold) == 9
    assert {*ahead} == {"E-Government Survey 2024", "WGI 2024 edition", "WGI 2026 edition", "CPI 2024", "CPI 2025"}


def test_the_next_edition_is_the_median_interval_later_in_the_months_of_past_ones() -> None:
    window = expect_next([_release(day) for day in ("2020-07-10", "2022-09-28", "2024-09-17")])
    assert (window.first, window.last, window.years) == (date(2026, 7, 1), date(2026, 9, 30), 2)
    assert window.day == date(2026, 9, 17)
    around = expect_next([_release(day) for day in ("2022-12-20", "2024-01-05", "2024-12-28")])
    assert (around.first, around.last) == (date(2025, 12, 1), date(2026, 1, 31)), "over the turn of a year"
    known = expect_next([_release("2023-09", "by"), _release("2024-09-20"), _release("2025-10")])
    assert (known.first, known.last) == (date(2026, 9, 1), date(2026, 10, 31)), "a day seen later is no month of it"


@pytest.mark.parametrize(
    "days",
    [
        [], ["2025-09-19"], ["2024-01-18", "2025-01-20"],  # one interval is not usual
        ["2021", "2022", "2023-05"],  # one month is not usual
        ["2021-07-01", "2022-12-15", "2026-04-29"],  # irregular
        ["2025-01-10", "2025-04-11", "2025-07-09"],  # several a year: no month is usual
    ],
)  # fmt: skip
def test_nothing_is_expected_where_too_little_is_known(days: list[str]) -> None:
    assert expect_next([_release(day) for day in days]) is None


@given(st.integers(1, 3), st.integers(3, 7), st.lists(st.integers(-40, 40), min_size=7, max_size=7), st.data())
def test_a_regular_publisher_is_foretold_and_the_order_of_rows_is_nothing(
    years: int, count: int, late: list[int], data: st.DataObject
) -> None:
    days = [date(2000, 6, 15) + timedelta(days=round(365.25 * years * n) + late[n]) for n in range(count)]
    rows = [_release(day.isoformat()) for day in days]
    window = expect_next(data.draw(st.permutations(rows)))
    assert window == expect_next(rows)
    assert window.years == years
    assert window.first <= window.day <= window.last
    assert abs((window.day - days[-1]).days - 365.25 * years) <= 82, "twice forty days, and two of leap years"


def _held(days: Sequence[date], today: date = date(2026, 11, 26)) -> Context:
    rows = [
        {"source": "cpi", "series": "CPI score", "edition": "CPI 2024", "year": 2024, "value": 20.0, "received": day}
        for day in days
    ]
    frame = pl.DataFrame(rows).with_columns(retrieved_at=pl.col("received").cast(pl.Datetime("us", "UTC")))
    dataset = SimpleNamespace(
        scan=frame.lazy, created_at=datetime.combine(today, time(), UTC), version="", vintage=1, name=""
    )
    return Context(load_codebook(), cast(Any, dataset))


@given(st.lists(st.dates(date(2020, 1, 1), date(2026, 11, 26)), min_size=1, max_size=3))
def test_the_day_of_an_import_is_in_no_expected_date(days: list[date]) -> None:
    expected = [list_editions(_held(one), "cpi") for one in (days, [date(2026, 11, 26)])]
    assert expected[0] == expected[1]
    assert expected[0][0].expected == expect_next(_by_database()["cpi", ""])


def test_an_edition_is_known_from_the_day_it_was_published() -> None:
    newest = []
    for today in (date(2026, 2, 9), date(2026, 2, 10)):
        (one,) = list_editions(_held([today], today), "cpi")
        newest.append((one.newest.edition, one.is_behind))
    assert newest == [("CPI 2024", False), ("CPI 2025", True)]


def test_what_computes_expected_dates_reads_no_day_of_ours() -> None:
    root = Path(__file__).parents[2] / "dashboard"
    text = (root / "answers/freshness/editions.py").read_text(encoding="utf-8")
    assert not [name for name in ("retrieved_at", "last_success", "created_at", "outcomes") if name in text]
    users = {
        "/".join(path.relative_to(root).parts[:2])
        for path in root.rglob("*.py")
        if "asked_every_days" in path.read_text("utf-8")
    }
    assert users == {"evidence/gathering"}, "how often a publisher is asked says nothing of when it publishes"


@pytest.mark.usefixtures("embedded")
def test_a_newer_edition_than_ours_is_told_and_only_once_it_is_published() -> None:
    def find(ctx: Context, title: str) -> DatabaseEditions:
        return next(one for one in list_editions(ctx, "world_bank") if one.title == title)

    ctx = open_context("en", "2026-11-26")
    wgi, wdi = find(ctx, "Worldwide Governance Indicators"), find(ctx, "World Development Indicators")
    book = [one for one in ctx.book.releases if one.database == "GOV_WGI_"]
    assert (wgi.newest, wgi.is_behind) == (book[-1], wgi.held_to < int(book[-1].data_to))
    assert (wdi.newest, wdi.expected, wdi.is_behind) == (None, None, False)
    older = replace(wgi, held_to=2024, held="WGI 2025 edition")
    words = "WGI 2026 edition has been published (18 September 2026); this site holds WGI 2025 edition."
    assert describe_newer(ctx, older) == words
    assert describe_newer(ctx, replace(wgi, held_to=2025)) == ""
    assert describe_newer(ctx, replace(wgi, held_to=0, held="")) == "", "nothing is held of it"


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_say_the_same_of_an_edition(lang: str) -> None:
    ctx = open_context(lang, "2026-11-26")
    sources = {one["id"]: one for one in view_sources(ctx)["sources"]}
    for metric, source in (("egdi", "egdi"), ("ti_cpi", "cpi"), ("spi_overall", "spi")):
        (one,) = list_editions(ctx, source)
        view = view_indicator(ctx, metric)
        assert sources[source]["next_text"] == describe_expected(ctx, one)
        assert view["next_text"] == describe_next(ctx, one)
        assert sources[source]["newer_text"] == describe_newer(ctx, one)
        assert (describe_newer(ctx, one) in view["know"]) == one.is_behind
    assert (sources["egdi"]["status"], sources["spi"]["status"], sources["cpi"]["status"]) == (
        "due",
        "behind",
        "current",
    )


@pytest.mark.usefixtures("embedded")
def test_what_is_due_is_due_the_day_after_its_months() -> None:
    (one,) = list_editions(open_context("en", "2026-11-26"), "egdi")
    assert not one.is_due(one.expected.last)
    assert one.is_due(one.expected.last + timedelta(days=1))
    assert (
        describe_expected(open_context("en", "2026-11-26"), one) == "due now (was expected July 2026 to September 2026)"
    )


def test_every_database_of_a_release_is_one_that_its_publisher_has() -> None:
    book = load_codebook()
    assert {one.source for one in book.releases} <= {*list_publishers()}
    assert list(book.releases) == sorted(book.releases, key=lambda one: one.published)
