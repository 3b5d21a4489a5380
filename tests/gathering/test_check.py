"""What is suspicious stays out, what is odd is said, and neither is ever corrected."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from dashboard.gathering.harmonise.harmonise import Harmonised
from dashboard.gathering.review.check import ACCEPTABLE, check, errors, unread
from data_sources.contract import Finding, Parsed
from data_sources.info import Assertions

Read = Callable[..., Harmonised]
Checked = Callable[..., dict[str, str]]

MANY = [{"period": str(year), "value": float(year - 1960), "value_text": "x"} for year in range(1980, 2020)]


@pytest.fixture
def checked(read: Read, make: SimpleNamespace) -> Checked:
    def run(
        *rows: dict[str, Any],
        current: pl.DataFrame | None = None,
        change: pl.Expr | None = None,
        asserted: Assertions | None = None,
        **metric: Any,
    ) -> dict[str, str]:
        frame = read(*rows).rows
        if change is not None:
            frame = frame.with_columns(change)
        asserted = asserted or Assertions()
        found = check(frame, make.link(), make.metric(**metric), asserted, current)
        assert all(finding.message and finding.series == "IT_USE_ii99" for finding in found)
        return {finding.code: finding.severity for finding in found}

    return run


def test_a_good_series_is_not_talked_about(checked: Checked) -> None:
    assert checked({}, {"area": "268"}, {"value": None, "status": "missing", "period": "2016"}) == {}


@pytest.mark.parametrize(
    ("asserted", "code"),
    [
        (Assertions(min_rows=3), "assert.rows"),
        (Assertions(max_rows=1), "assert.rows"),
        (Assertions(min_areas=3), "assert.areas"),
        (Assertions(first_year=2016), "assert.years"),
        (Assertions(last_year=2014), "assert.years"),
    ],
)
def test_what_the_publisher_declares_is_held_against_it(checked: Checked, asserted: Assertions, code: str) -> None:
    assert checked({}, {"area": "268"}, asserted=asserted) == {code: "error"}


def test_what_is_just_what_the_publisher_declares_is_believed(checked: Checked) -> None:
    exact = Assertions(min_rows=2, max_rows=2, min_areas=2, first_year=2015, last_year=2015)
    assert checked({}, {"area": "268"}, asserted=exact) == {}


def test_a_figure_beyond_its_bounds_is_kept_and_said(checked: Checked) -> None:
    assert checked(*MANY, {"value": 101.5}, upper=100) == {"value.out_of_bounds": "warning"}
    assert checked(*MANY, {"value": 100.0}, {"value": 0.0, "period": "2016"}, lower=0, upper=100) == {}


@pytest.mark.parametrize(("beyond", "named"), [(3, "AZE 2002 “9”"), (5, "AZE 2002 “9” and 2 more")])
def test_the_first_figures_beyond_their_bounds_are_named_and_the_rest_counted(
    read: Read, make: SimpleNamespace, beyond: int, named: str
) -> None:
    """A person who is to judge would have to search for them."""
    rows = read(*[{"period": str(2000 + n), "value": 101.0 + n, "value_text": "9"} for n in range(beyond)], *MANY).rows
    (found,) = check(rows, make.link(), make.metric(), Assertions(), None)
    assert f": AZE 2000 “9”, AZE 2001 “9”, {named}; " in found.message


def test_many_figures_beyond_hard_bounds_are_another_scale(checked: Checked) -> None:
    beyond = [{"period": str(year), "value": 500.0} for year in range(2000, 2010)]
    assert checked(*beyond) == {"value.misread": "error"}
    assert checked(*beyond, unit="usd", lower=0, upper=100.5) == {"value.out_of_bounds": "warning"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (pl.lit(2.5).alias("value"), "censored.number"),
        (pl.lit(None, pl.Float64).alias("upper"), "censored.no_bound"),
    ],
)
def test_a_bound_is_neither_a_number_nor_lost(checked: Checked, change: pl.Expr, code: str) -> None:
    censored = {"value": None, "value_text": "<2.5", "upper": 2.5, "status": "censored"}
    assert checked(censored) == {}
    assert checked(censored, change=change) == {code: "error"}


@pytest.mark.parametrize("status", ["missing", "not_applicable", "normal"])
def test_a_status_and_its_value_must_agree(checked: Checked, status: str) -> None:
    assert checked({"status": status, "value": None if status == "normal" else 3.0}) == {"missing.number": "error"}


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_only_numbers_are_figures(checked: Checked, value: float) -> None:
    assert checked({"value": value}, upper=None)["value.not_finite"] == "error"


def test_two_shown_rows_of_one_fact_are_an_error(checked: Checked) -> None:
    rows = {"nature": "C"}, {"nature": "E"}
    assert checked(*rows, change=pl.lit(True).alias("primary")) == {"rows.shown_twice": "error"}


def test_a_figure_outside_its_own_interval_is_kept_and_said(checked: Checked) -> None:
    odd = {"value": 50.0, "lower": 60.0, "upper": 70.0, "interval_level": 90.0}
    assert checked(odd) == {"interval.outside": "warning"}


def test_a_reply_without_countries_where_some_are_published_is_not_believed(checked: Checked, read: Read) -> None:
    assert checked() == {"series.empty": "info"}
    assert checked(current=read({}).rows) == {"series.emptied": "error"}


def test_more_than_half_of_the_countries_gone_is_an_error_within_one_edition_and_a_warning_from_a_new_one(
    checked: Checked, read: Read
) -> None:
    """A reply cut short would be believed; and one that only halved would be refused as if it were cut."""
    published = read({}, {"area": "268"}, {"area": "384"}).rows
    assert checked({}, current=published.filter(pl.col("country") != "CIV")) == {}
    assert checked({}, current=published) == {"series.shrunk": "error"}
    assert checked({"edition": "2026.Q3.G.01"}, current=published) == {"series.shrunk": "warning"}


@pytest.mark.parametrize(("factor", "expected"), [(1.1, {}), (0.01, {"series.rescaled": "error"})])
def test_a_change_of_unit_is_noticed(checked: Checked, read: Read, factor: float, expected: dict[str, str]) -> None:
    """Figures of another unit would be taken in; and zeros, of which there is no multiple, be called one."""
    published = read(*MANY).rows
    assert checked(*[row | {"value": row["value"] * factor} for row in MANY], current=published) == expected
    zeros = published.with_columns(value=pl.lit(0.0))
    more = [{"period": str(year), "value": 30.0, "value_text": "x"} for year in range(1940, 1971)]
    assert checked(*MANY, *more, current=pl.concat([zeros, read(*more).rows])) == {}


@pytest.mark.parametrize(("rejected", "expected"), [(0, []), (1, []), (2, ["rows.unread"])])
def test_rows_that_cannot_be_read_stop_a_series_when_they_are_many(
    make: SimpleNamespace, rejected: int, expected: list[str]
) -> None:
    told = Finding("unreadable_value", "warning", "Georgia 2020: 'abc' is not a figure", count=rejected)
    parsed = Parsed(make.observations(*[{}] * 100), "2026", (told,), rejected)
    found = unread(parsed, make.link())
    assert [finding.code for finding in found] == expected
    assert all("'abc' is not a figure" in finding.message for finding in found)


def test_only_plausibility_may_be_overruled() -> None:
    assert all(code.split(".")[0] in ("assert", "series", "rows", "value") for code in ACCEPTABLE)
    assert not {"unit.conflict", "rows.contradict", "rows.shown_twice", "censored.number"} & ACCEPTABLE
    assert errors([Finding("a", "warning", ""), Finding("b", "error", "")]) == [Finding("b", "error", "")]
