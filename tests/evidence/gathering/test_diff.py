"""What a gathering would change, counted fact by fact."""

from collections.abc import Callable
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dashboard.evidence.dataset.identity import add_ids
from dashboard.evidence.gathering.harmonise.harmonise import Harmonised
from dashboard.evidence.gathering.review.diff import Revision, compare

Read = Callable[..., Harmonised]


def rows(read: Read, *given: dict[str, Any], edition: str = "2026.Q2.G.02") -> pl.DataFrame:
    return add_ids(read(*[row | {"edition": edition} for row in given]).rows)


A = {"period": "2015", "value": 77.0, "value_text": "77"}
B = {"period": "2016", "value": 78.0, "value_text": "78"}


def test_each_fact_has_one_fate(read: Read) -> None:
    published = rows(read, A, B, {"period": "2017"})
    gathered = rows(
        read, A, B | {"value": 79.5, "value_text": "79.5"}, {"period": "2018", "value": None, "status": "missing"}
    )
    difference = compare(gathered, published)
    assert difference.counts() == {"new": 1, "changed": 1, "unchanged": 1, "vanished": 1, "missing": 1}
    assert difference.largest == (Revision("AZE", "2016", "{}", 78.0, 79.5),)
    assert difference.largest[0].size == 1.5
    assert difference.supersedes


def test_a_person_reads_how_large_what_is_gone_and_what_jumps(read: Read) -> None:
    years = [
        {"period": str(year), "value": 50.0 + year % 2, "value_text": str(50.0 + year % 2)}
        for year in range(1990, 2020)
    ]
    published = rows(read, *years, {"period": "2020", "value": 50.0, "value_text": "50"})
    revised = [year | {"value": year["value"] + 0.5} if year["period"] in ("1990", "1991") else year for year in years]
    difference = compare(rows(read, *revised, {"period": "2021", "value": 99.0, "value_text": "99"}), published)
    assert (difference.changed, difference.median, difference.largest[0].size) == (2, 0.5, 0.5)
    assert difference.gone == (("AZE", "2020"),)
    (jump,) = difference.jumps
    assert (jump.country, jump.period, jump.after, jump.before, jump.value, jump.times) == (
        "AZE", "2021", "2019", 51.0, 99.0, 24.0,
    )  # fmt: skip


def test_the_same_series_supersedes_nothing(read: Read) -> None:
    difference = compare(rows(read, A, B), rows(read, B, A))
    assert (difference.supersedes, difference.counts()["unchanged"]) == (False, 2)


def test_a_new_edition_with_the_same_figures_supersedes(read: Read) -> None:
    difference = compare(rows(read, A, edition="2026.Q3.G.01"), rows(read, A))
    assert (difference.supersedes, difference.counts()["unchanged"]) == (True, 1)
    assert (difference.edition_before, difference.edition_after) == ("2026.Q2.G.02", "2026.Q3.G.01")


def test_a_change_of_role_supersedes(read: Read) -> None:
    published = rows(read, A)
    difference = compare(published.with_columns(primary=pl.lit(False)), published)
    assert (difference.supersedes, difference.largest, difference.edition_before) == (
        True, (), difference.edition_after,
    )  # fmt: skip


def test_the_largest_revisions_come_first(read: Read) -> None:
    published = rows(read, *[{"period": str(year), "value": 50.0} for year in range(2000, 2010)])
    gathered = rows(read, *[{"period": str(year), "value": 50.0 + (year - 2000)} for year in range(2000, 2010)])
    assert [revision.period for revision in compare(gathered, published).largest] == [
        "2009", "2008", "2007", "2006", "2005",
    ]  # fmt: skip


YEARS = st.dictionaries(st.integers(2000, 2010), st.integers(0, 3), max_size=8)


@given(YEARS, YEARS)
def test_counts_add_up(read: Read, before: dict[int, int], after: dict[int, int]) -> None:
    old, new = (
        rows(read, *[{"period": str(year), "value": float(value)} for year, value in facts.items()])
        for facts in (before, after)
    )
    difference = compare(new, old)
    assert difference.new + difference.changed + difference.unchanged == len(after)
    assert difference.vanished + difference.changed + difference.unchanged == len(before)
    assert difference.supersedes == (before != after)
    backwards = compare(old, new)
    assert (backwards.new, backwards.vanished) == (difference.vanished, difference.new)
    assert (backwards.changed, backwards.unchanged) == (difference.changed, difference.unchanged)


def test_revisions_of_a_figure_to_none_come_last_and_have_no_size(read: Read) -> None:
    published = rows(read, A, B, {"period": "2017", "value": 1.0, "value_text": "1"})
    silent = {"period": "2017", "value": None, "value_text": "", "status": "missing"}
    difference = compare(rows(read, A | {"value": 70.0}, B | {"value": 79.0}, silent), published)
    assert [(one.period, one.before, one.after, one.size) for one in difference.largest] == [
        ("2015", 77.0, 70.0, 7.0), ("2016", 78.0, 79.0, 1.0), ("2017", 1.0, None, 0.0),
    ]  # fmt: skip
    assert (difference.median, difference.missing, difference.changed) == (4.0, 1, 3)


def test_countries_that_leave_and_facts_that_vanish_are_named_in_order(read: Read) -> None:
    everywhere = [{"area": area, "period": year} for area in ("384", "268", "031") for year in ("2016", "2015")]
    difference = compare(rows(read, {"period": "2015"}), rows(read, *everywhere))
    assert (difference.countries, difference.countries_gone) == (3, ("CIV", "GEO"))
    assert difference.gone == (("AZE", "2016"), ("CIV", "2015"), ("CIV", "2016"), ("GEO", "2015"), ("GEO", "2016"))
    assert (difference.vanished, difference.unchanged, difference.largest, difference.median) == (5, 1, (), None)


def test_where_nothing_is_published_nothing_jumps(read: Read) -> None:
    wild = [{"period": str(1990 + n), "value": 90.0 if n == 25 else float(n % 2)} for n in range(30)]
    first = compare(rows(read, *wild), rows(read))
    assert (first.new, first.jumps, first.edition_before, first.countries) == (30, (), "", 0)
    again = compare(rows(read, *wild), rows(read, *wild[:25]))
    assert [(one.period, one.value) for one in again.jumps] == [("2015", 90.0), ("2016", 0.0)]
    gone = compare(rows(read), rows(read, *wild))
    assert (gone.vanished, gone.jumps, len(gone.gone)) == (30, (), 5)


def test_of_figures_of_one_fact_the_shown_one_is_compared_and_of_unshown_ones_the_first_by_standing(read: Read) -> None:
    def both(mine: float, theirs: float) -> pl.DataFrame:
        return rows(read, {"value": mine, "nature": "C"}, {"value": theirs, "nature": "E"})

    assert compare(both(1.0, 3.0), both(1.0, 2.0)).counts()["unchanged"] == 1
    assert compare(both(2.0, 2.0), both(1.0, 2.0)).counts()["changed"] == 1
    unshown = [frame.with_columns(primary=pl.lit(False)) for frame in (both(1.0, 3.0), both(1.0, 2.0))]
    assert compare(*unshown).counts()["unchanged"] == 1
    second = both(1.0, 2.0).with_columns(primary=pl.col("nature") == "E")
    assert compare(both(1.0, 2.0), second).largest == (Revision("AZE", "2015", "{}", 2.0, 1.0),)
