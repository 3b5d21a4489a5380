"""What is suspicious stays out, what is odd is said, and neither is ever corrected."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from dashboard.evidence.gathering.harmonise.harmonise import Harmonised
from dashboard.evidence.gathering.review.check import ACCEPTABLE, check, check_unread, select_errors
from data_sources.contract import Parsed, SourceFinding
from data_sources.info import Assertions
from tests.checks import all_of

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
    told = SourceFinding("unreadable_value", "warning", "Georgia 2020: 'abc' is not a figure", count=rejected)
    found = check_unread(Parsed(make.observations(*[{}] * 100), "2026", (told,), rejected), make.link())
    assert [finding.code for finding in found] == expected
    assert all("'abc' is not a figure" in finding.message for finding in found)


def test_only_plausibility_may_be_overruled() -> None:
    assert all_of(code.split(".")[0] in ("assert", "series", "rows", "value") for code in ACCEPTABLE)
    assert not {"unit.conflict", "rows.contradict", "rows.shown_twice", "censored.number"} & ACCEPTABLE
    assert select_errors([SourceFinding("a", "warning", ""), SourceFinding("b", "error", "")]) == [
        SourceFinding("b", "error", "")
    ]


def line(figures: int, value: float, first: int = 1980, **more: Any) -> list[dict[str, Any]]:
    return [{"period": str(first + n), "value": value, "value_text": "x"} | more for n in range(figures)]


@pytest.mark.parametrize(
    ("beyond", "of", "metric", "code"),
    [
        (1, 20, {}, "value.out_of_bounds"),  # a twentieth is a slip
        (2, 39, {}, "value.misread"),
        (2, 39, {"unit": "usd"}, "value.misread"),  # 0 to 100 are hard, whatever the unit
        (2, 39, {"unit": "usd", "upper": 99}, "value.out_of_bounds"),
        (2, 39, {"unit": "usd", "lower": None}, "value.out_of_bounds"),
        (2, 39, {"upper": None}, None),
    ],
)
def test_a_twentieth_beyond_hard_bounds_is_a_slip_and_more_is_another_scale(
    read: Read, make: SimpleNamespace, beyond: int, of: int, metric: dict[str, Any], code: str | None
) -> None:
    rows = read(*line(beyond, 150.0), *line(of - beyond, 50.0, 1900), {"value": None, "status": "missing"}).rows
    found = check(rows, make.link(), make.metric(**metric), Assertions())
    assert [(one.code, one.count) for one in found] == ([(code, beyond)] if code else [])
    if found:
        least, most = metric.get("lower", 0), metric.get("upper", 100)
        words = f"{beyond} of {of} figures lie outside {'…' if least is None else least} to {most}: AZE 1980"
        assert found[0].message.startswith(words)


@pytest.mark.parametrize(("value", "outside"), [(-0.1, True), (0.0, False), (100.0, False), (100.1, True)])
def test_a_bound_itself_lies_within(checked: Checked, value: float, outside: bool) -> None:
    assert checked({"value": value}, unit="usd", upper=100.0, lower=0.0).keys() == (
        {"value.misread"} if outside else set()
    )


@pytest.mark.parametrize(
    ("figures", "times", "told"),
    [(30, 8.0, True), (30, 7.9, False), (30, 0.125, True), (30, 0.126, False), (29, 9.0, False), (30, -9.0, True)],
)
def test_eight_times_the_published_figures_of_thirty_facts_are_another_unit(
    read: Read, make: SimpleNamespace, figures: int, times: float, told: bool
) -> None:
    now, before = read(*line(figures, times)).rows, read(*line(figures, 1.0)).rows
    metric = make.metric(lower=None, upper=None)
    found = check(now, make.link(), metric, Assertions(), before)
    assert [(one.code, one.count) for one in found] == ([("series.rescaled", 30)] if told else [])
    assert all(f"are {abs(times):.4g} times those published (median of 30)" in one.message for one in found)


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({2018: 0.605, 2019: 0.62}, "0.01"), ({2018: 0.61}, "0.01008"), ({2018: 60500.0, 2019: 61900.0}, "999.2"),
        ({2018: 605.0, 2019: 620.0}, ""), ({2018: 0.605, 2019: 62.0}, ""), ({2018: 0.605, 2019: 0.7}, ""),
        ({2018: 0.0, 2019: 0.62}, "0.01"), ({2020: 0.605}, ""),
    ],
)  # fmt: skip
def test_one_factor_of_a_hundred_or_more_is_another_unit_however_few_the_figures(
    read: Read, make: SimpleNamespace, figures: dict[int, float], told: str
) -> None:
    """A national platform that turns to fractions would be published with 0.6 per cent after 60."""
    before = read({"period": "2018", "value": 60.5}, {"period": "2019", "value": 62.0}).rows
    now = read(*({"period": str(year), "value": value} for year, value in figures.items())).rows
    found = check(now, make.link(), make.metric(lower=None, upper=None), Assertions(), before)
    assert [one.code for one in found] == (["series.rescaled"] if told else [])
    assert all(f"figures are {told} times those published" in one.message for one in found)


def test_of_several_figures_of_a_fact_the_shown_one_is_compared(read: Read, make: SimpleNamespace) -> None:
    """The estimates beside them are of another scale; in a series that is not shown all are compared."""
    before = read(*line(40, 1.0)).rows
    now = read(*line(40, 1.1), *line(40, 90.0, nature="E"), *line(40, 91.0, nature="M")).rows
    assert check(now, make.link(), make.metric(), Assertions(), before) == []
    unshown = now.with_columns(primary=pl.lit(False))
    assert [one.code for one in check(unshown, make.link(), make.metric(), Assertions(), before)] == ["series.rescaled"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"lower": 70.0, "upper": 60.0, "interval_level": None}, True),
        ({"lower": 77.0, "upper": 80.0, "interval_level": 90.0}, False),
        ({"lower": 60.0, "upper": 77.0, "interval_level": 90.0}, False),
        ({"lower": 78.0, "upper": 80.0, "interval_level": None}, False),  # a range that is no interval
        ({"lower": 60.0, "upper": 60.0, "interval_level": None}, False),
        ({"lower": None, "upper": None, "interval_level": None}, False),
    ],
)
def test_an_interval_holds_its_figure_and_its_ends_are_in_order(
    checked: Checked, change: dict[str, Any], told: bool
) -> None:
    assert checked({"value": 77.0} | change) == ({"interval.outside": "warning"} if told else {})


@pytest.mark.parametrize(
    ("period", "first", "last", "told"),
    [("2014/2016", 2014, 2016, False), ("2014/2016", 2015, 2016, True), ("2014/2016", 2014, 2015, True)],
)
def test_both_ends_of_a_span_are_years_of_the_series(
    checked: Checked, period: str, first: int, last: int, told: bool
) -> None:
    asserted = Assertions(first_year=first, last_year=last)
    assert checked({"period": period}, asserted=asserted) == ({"assert.years": "error"} if told else {})


def test_each_objection_counts_its_rows_and_names_the_facts(read: Read, make: SimpleNamespace) -> None:
    def found(rows: pl.DataFrame, current: pl.DataFrame | None = None) -> list[tuple[str, int, str]]:
        told = check(rows, make.link(), make.metric(), Assertions(min_areas=0, min_rows=0), current)
        return [(one.code, one.count, one.message) for one in told]

    censored = [{"value": None, "value_text": "<2", "upper": 2.0, "status": "censored", "period": year} for year in
                ("2015", "2016")]  # fmt: skip
    rows = read(*censored, {"period": "2017"}).rows
    assert found(rows.with_columns(value=pl.lit(2.0))) == [
        ("censored.number", 2, "a bound was read as a number: AZE 2015 “<2”, AZE 2016 “<2”.")
    ]
    assert found(rows.with_columns(upper=pl.lit(None, pl.Float64))) == [
        ("censored.no_bound", 2, "a bound was lost: AZE 2015 “<2”, AZE 2016 “<2”.")
    ]
    assert found(rows.with_columns(upper=pl.lit(None, pl.Float64), lower=pl.lit(1.0))) == []
    twice = read({"nature": "C"}, {"nature": "E"}, {"period": "2016"}).rows.with_columns(primary=pl.lit(True))
    assert found(twice) == [("rows.shown_twice", 1, "two rows would be shown for AZE 2015.")]
    four = read({}, {"area": "268"}, {"area": "384"}, {"area": "412"}).rows
    assert found(four.head(1), four) == [
        ("series.shrunk", 3, "1 countries, 4 are published from the very same edition: the reply is not whole.")
    ]
    assert found(four.head(2), four) == []
    assert found(four.clear(), four.clear()) == [
        ("series.empty", 1, "the publisher answers without any country row: nothing to publish.")
    ]


@pytest.mark.parametrize(("rejected", "read_", "stops"), [(1, 99, False), (1, 98, True), (3, 297, False), (1, 0, True)])
def test_one_row_in_a_hundred_may_be_left_out(make: SimpleNamespace, rejected: int, read_: int, stops: bool) -> None:
    found = check_unread(Parsed(make.observations(*[{}] * read_), "2026", (), rejected), make.link())
    assert [(one.code, one.severity, one.count) for one in found] == (
        [("rows.unread", "error", rejected)] if stops else []
    )
    assert all(one.message == f"{rejected} of {rejected + read_} rows cannot be read" for one in found)
