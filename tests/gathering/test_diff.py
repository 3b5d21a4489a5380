"""What a gathering would change, counted fact by fact."""

from collections.abc import Callable
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dashboard.dataset.identity import with_ids
from dashboard.gathering.harmonise.harmonise import Harmonised
from dashboard.gathering.review.diff import Revision, compare

Read = Callable[..., Harmonised]


def rows(read: Read, *given: dict[str, Any], edition: str = "2026.Q2.G.02") -> pl.DataFrame:
    return with_ids(read(*[row | {"edition": edition} for row in given]).rows)


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
    assert compare(published.with_columns(primary=pl.lit(False)), published).supersedes


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
