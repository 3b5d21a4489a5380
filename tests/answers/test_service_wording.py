"""Every word of a figure by hand: rounding, bounds, intervals, ages, kinds of gap and who can end them."""

from dataclasses import replace
from typing import Any, cast

import pytest

from dashboard.answers.wording.changes import change_text
from dashboard.answers.wording.figures import (
    build_figure,
    classify_missing,
    count_years_old,
    describe_age,
    describe_breakdown,
    describe_direction,
    format_value,
    name_supplier,
)
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Metric
from tests.answers.published import ask_nothing_held

CTX = ask_nothing_held()
ROW: dict[str, Any] = {
    "id": "0f", "indicator": "internet_users", "country": "AZE", "value": None, "lower": None, "upper": None,
    "interval_level": None, "std_error": None, "status": "normal", "value_text": "n/a", "year": 2023, "period": "2023",
    "nature": "", "source": "world_bank", "series": "IT.NET.USER.ZS", "edition": "e", "dimensions": "{}",
    "primary": True,
}  # fmt: skip


def metric(name: str, **changes: Any) -> Metric:
    return replace(load_codebook().metrics[name], **changes)


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


USERS = metric("internet_users")
ANSWER = metric("nhri_status_a")


@pytest.mark.parametrize(
    ("of", "value", "error", "text", "with_unit"),
    [
        (USERS, 90.45, None, "90.5", "90.5 %"), (USERS, 90.45, 3.0, "90", "90 %"),
        (USERS, 99.97, None, "> 99.9", "> 99.9 %"), (USERS, 100.0, None, "100.0", "100.0 %"),
        (USERS, 0.01, None, "< 0.1", "< 0.1 %"), (USERS, 0.0, None, "0.0", "0.0 %"),
        (ANSWER, 1.0, None, "Yes", "Yes"), (ANSWER, 0.0, None, "No", "No"),
        (metric("access_to_information"), 2019.0, None, "2019", "2019"),
        (metric("access_to_information"), 2.5, None, "2.5", "2.5"),
    ],
)  # fmt: skip
def test_a_value_is_rounded_for_reading(
    of: Metric, value: float, error: float | None, text: str, with_unit: str
) -> None:
    assert plain(format_value(CTX, of, value, error)) == text
    assert plain(format_value(CTX, of, value, error, unit=True)) == with_unit


@pytest.mark.parametrize(
    ("row", "text", "quantity", "kind"),
    [
        ({"status": "censored", "upper": 2.5}, "less than 2.5", "less than 2.5 %", "censored"),
        ({"status": "censored", "lower": 97.5}, "more than 97.5", "more than 97.5 %", "censored"),
        ({"status": "censored", "lower": 80.0, "value_text": ">=80"}, "at least 80", "at least 80 %", "censored"),
        ({"status": "censored", "upper": 5.0, "value_text": "≤5"}, "at most 5", "at most 5 %", "censored"),
        ({"status": "censored"}, "n/a", "n/a", "censored"),
        ({"value": 5.0}, "5.0", "5.0 %", ""),
        ({"status": "missing"}, "missing in the source", "missing in the source", "missing"),
        ({"status": "not_applicable"}, "not applicable", "not applicable", "not_applicable"),
    ],
)
def test_what_is_no_number_is_words(row: dict[str, Any], text: str, quantity: str, kind: str) -> None:
    it = build_figure(CTX, USERS, ROW | row)
    assert (it["text"], plain(it["quantity"]), it["kind"]) == (text, quantity, kind)
    assert bool(it["why"]) == (kind in ("missing", "not_applicable")), "a bound is said, a gap has its reason"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"value": 5.0, "lower": 4.0, "upper": 6.0, "interval_level": 95.0}, "between 4.0 and 6.0 (95 %)"),
        ({"value": 5.0, "lower": 4.0, "upper": 6.0}, "between 4.0 and 6.0"),
        ({"value": 5.0, "lower": 4.0}, ""), ({"value": 5.0, "upper": 6.0}, ""), ({"lower": 4.0, "upper": 6.0}, ""),
    ],
)  # fmt: skip
def test_an_interval_has_both_its_ends_and_its_value(row: dict[str, Any], words: str) -> None:
    assert plain(build_figure(CTX, USERS, ROW | row)["interval"]) == words


@pytest.mark.parametrize(
    ("year", "age", "words"),
    [
        (None, None, ""), (2027, 0, "of this year"), (2026, 0, "of this year"), (2025, 1, "1 year old"),
        (2016, 10, "10 years old"),
    ],
)  # fmt: skip
def test_an_age_is_counted_to_the_day_of_the_dataset_and_never_below_nothing(
    year: int | None, age: int | None, words: str
) -> None:
    assert (count_years_old(CTX, year), describe_age(CTX, year)) == (age, words)
    undated = build_figure(CTX, USERS, ROW | {"value": 5.0, "year": year, "period": str(year or "2015/2025")})
    assert undated["age_text"] == (words or "year not published")
    assert bool(undated["caution"]) == (year is None)


@pytest.mark.parametrize(
    ("of", "gathered", "kind", "who"),
    [
        (USERS, True, "not_reported", "The ministry or agency that holds the figure can report it."),
        (USERS, False, "not_gathered", "not been gathered"),
        (metric("egdi"), True, "not_collected", ""), (metric("egdi"), False, "not_gathered", ""),
        (metric("csat_exit_poll"), True, "not_reported", "can submit them"),
        (metric("csat_exit_poll"), False, "not_reported", "can submit them"),
        (metric("egdi", series=(*USERS.series, *load_codebook().metrics["egdi"].series)), True, "not_reported", ""),
    ],
)  # fmt: skip
def test_a_gap_is_of_the_publisher_who_asks_everyone_or_of_the_country_that_does_not_report(
    of: Metric, gathered: bool, kind: str, who: str
) -> None:
    assert classify_missing(of, None, gathered=gathered) == kind
    it = build_figure(CTX, of, None, gathered=gathered)
    assert (it["kind"], it["value"], it["year"]) == (kind, None, None)
    assert it["text"] == it["quantity"] != ""
    assert kind == "not_gathered" or who in it["why"]
    assert it["why"].endswith(name_supplier(CTX, of, cast(Any, kind)))


def test_a_caution_is_of_one_countrys_primary_total() -> None:
    """The codebook warns of Uganda's birth registration; not of its parts, its gaps or its own series."""
    births, row = metric("birth_registration"), ROW | {"country": "UGA", "value": 32.0}
    assert "implausible" in build_figure(CTX, births, row)["caution"]
    for other in ({"primary": False}, {"dimensions": '{"Sex":"MALE"}'}, {"value": None, "status": "missing"},
                  {"country": "AZE"}):  # fmt: skip
        assert build_figure(CTX, births, row | other)["caution"] == ""


def test_a_breakdown_and_a_direction_are_said_in_words() -> None:
    assert describe_breakdown(CTX, '{"Sex":"FEMALE","Location":"RURAL"}') == "Sex: female; Location: rural"
    assert describe_breakdown(CTX, "{}") == describe_breakdown(CTX, "") == ""
    assert describe_direction(CTX, metric("budget_reliability")) == "closer to 100 is better"


@pytest.mark.parametrize(
    ("of", "earlier", "later", "kind", "text"),
    [
        (USERS, (5.0, 0.5), (9.0, 0.5), "rise", "+4.0 percentage points from 2015 to 2023, beyond the margin of error"),
        (USERS, (9.0, 0.5), (5.0, 0.5), "fall", "−4.0 percentage points from 2015 to 2023, beyond the margin of error"),
        (USERS, (5.0, 3.0), (9.0, 3.0), "unclear",
         "no detectable change from 2015 to 2023: 5.0 → 9.0, "
         "a difference of +4.0 percentage points within the margin of error"),
        (USERS, (5.0, None), (9.0, 3.0), "error_unknown",
         "+4.0 percentage points from 2015 to 2023; no margin of error published"),
        (USERS, (5.0, None), (5.0, None), "same", "the same figure in 2015 and 2023"),
    ],
)  # fmt: skip
def test_a_change_is_an_arrow_only_beyond_its_error(
    of: Metric, earlier: tuple[float, float | None], later: tuple[float, float | None], kind: str, text: str
) -> None:
    first, last = (
        ROW | {"year": year, "value": value, "std_error": error, "unit": of.unit}
        for year, (value, error) in ((2015, earlier), (2023, later))
    )
    told = change_text(CTX, of, first, last)
    assert (told.kind, plain(told.text)) == (kind, text)


@pytest.mark.parametrize("dimensions", ["{}", '{"Sex":"FEMALE"}'])
def test_an_unreliable_figure_says_so_beside_it_of_a_group_too(dimensions: str) -> None:
    row = ROW | {"value": 61.5, "value_text": "61.5", "dimensions": dimensions, "country": "XKX"}
    told = build_figure(CTX, CTX.book.metrics["internet_users"], row | {"status": "unreliable"})
    assert told["caution"].startswith("It rests on fewer than 30 people")
    assert told["status_text"] == "unreliable"
    assert build_figure(CTX, CTX.book.metrics["internet_users"], row)["caution"] == ""
