"""Groups beside one another: one year, no totals among parts, and no gap where the rule forbids one."""

import polars as pl
import pytest

from dashboard.analysis.measures.breakdown import add_gaps, select_dimension, select_latest_year
from dashboard.evidence.dataset.schema import ROWS


def group(country: str, year: int, category: str, value: float | None, **given: object) -> dict[str, object]:
    return {
        "id": f"{country}{year}{category}", "country": country, "year": year, "value": value, "primary": True,
        "status": "normal" if value is not None else "missing", "dimensions": f'{{"Sex":"{category}"}}',
    } | given  # fmt: skip


def frame(*rows: dict[str, object], dimension: str = "Sex") -> pl.DataFrame:
    return select_dimension(pl.DataFrame(list(rows), schema=ROWS), dimension)


def gap_of(*rows: dict[str, object], dimension: str = "Sex") -> dict[str, object]:
    return add_gaps(select_latest_year(frame(*rows, dimension=dimension)), dimension).row(0, named=True)


def test_totals_and_finer_breakdowns_never_stand_among_the_groups():
    rows = frame(
        group("AZE", 2020, "MALE", 40.0),
        group("AZE", 2020, "FEMALE", 30.0),
        group("AZE", 2020, "", 35.0, dimensions="{}"),
        group("AZE", 2020, "", 1.0, dimensions='{"Age":"15+","Sex":"MALE"}'),
        group("AZE", 2020, "MALE", 99.0, primary=False),
    )
    assert rows["category"].to_list() == ["MALE", "FEMALE"]


def test_the_latest_year_with_two_groups_counts_not_the_latest_with_one():
    rows = frame(
        group("AZE", 2019, "MALE", 40.0), group("AZE", 2019, "FEMALE", 30.0), group("AZE", 2021, "MALE", 41.0),
        group("UGA", 2018, "MALE", 7.0), group("UGA", 2020, "MALE", None),
    )  # fmt: skip
    chosen = select_latest_year(rows)
    assert dict(chosen.group_by("country").agg(pl.col("year").max()).iter_rows()) == {"AZE": 2019, "UGA": 2018}


def test_the_gap_is_highest_minus_lowest_with_both_named():
    found = gap_of(group("AZE", 2021, "MALE", 40.0), group("AZE", 2021, "FEMALE", 52.1))
    assert found["gap"] == pytest.approx(12.1)
    assert (found["gap_high"], found["gap_low"]) == ("FEMALE", "MALE")
    assert (found["gap_lower"], found["gap_upper"], found["gap_reason"]) == (None, None, None)


def test_with_errors_the_gap_has_the_interval_of_the_method():
    found = gap_of(group("AZE", 2021, "MALE", 82.0, std_error=1.5), group("AZE", 2021, "FEMALE", 71.0, std_error=2.2))
    assert found["gap"] == pytest.approx(11.0)
    assert round(found["gap_lower"], 1) == 5.8
    assert round(found["gap_upper"], 1) == 16.2


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"status": "suppressed"}, "flagged_figure"), ({"status": "censored"}, "flagged_figure"),
        ({"status": "unreliable"}, "flagged_figure"), ({"status": "missing"}, "one_group"),
    ],
)  # fmt: skip
def test_no_gap_from_a_hidden_a_flagged_or_a_missing_figure(other: dict[str, object], reason: str):
    found = gap_of(group("AZE", 2021, "MALE", 40.0), group("AZE", 2021, "FEMALE", None, **other))
    assert found["gap"] is None
    assert found["gap_reason"] == reason


def test_groups_that_overlap_have_no_gap():
    rows = [
        group("AZE", 2021, code, value, dimensions=f'{{"Age":"{code}"}}')
        for code, value in (("<1Y", 90.0), ("<5Y", 95.0))
    ]
    found = gap_of(*rows, dimension="Age")
    assert found["gap"] is None
    assert found["gap_reason"] == "overlapping_groups"


def test_no_gap_from_an_unreliable_figure_although_it_has_a_value():
    found = gap_of(group("AZE", 2021, "MALE", 40.0), group("AZE", 2021, "FEMALE", 9.0, status="unreliable"))
    assert (found["gap"], found["gap_reason"]) == (None, "flagged_figure")


def test_rows_nobody_marked_count_as_shown_and_of_a_category_the_first_counts():
    rows = frame(
        group("AZE", 2021, "MALE", 40.0, primary=None), group("AZE", 2021, "MALE", 99.0),
        group("AZE", 2021, "FEMALE", 30.0), group("AZE", 2020, "MALE", 1.0), group("AZE", 2020, "FEMALE", 2.0),
    )  # fmt: skip
    assert select_latest_year(rows).select("year", "category", "value").rows() == [
        (2021, "MALE", 40.0), (2021, "FEMALE", 30.0),
    ]  # fmt: skip


def test_a_country_without_any_figure_keeps_its_latest_year():
    rows = frame(group("UGA", 2018, "MALE", None), group("UGA", 2020, "MALE", None))
    assert select_latest_year(rows)["year"].to_list() == [2020]


def test_of_several_groups_the_gap_is_between_the_ends_and_of_equal_ones_nothing():
    three = [group("AZE", 2021, name, value, std_error=1.0) for name, value in (("B", 30.0), ("A", 52.0), ("C", 41.0))]
    found = gap_of(*three)
    assert (found["gap"], found["gap_high"], found["gap_low"]) == (22.0, "A", "B")
    assert (found["gap_lower"] + found["gap_upper"]) / 2 == pytest.approx(22.0)
    assert gap_of(*three[:2], group("AZE", 2021, "C", 41.0))["gap_lower"] is None  # one has no error
    equal = gap_of(group("AZE", 2021, "MALE", 40.0), group("AZE", 2021, "FEMALE", 40.0))
    assert (equal["gap"], equal["gap_high"], equal["gap_low"]) == (0.0, "FEMALE", "MALE")
    alone = gap_of(group("AZE", 2021, "MALE", 40.0))
    assert (alone["gap"], alone["gap_reason"]) == (None, "one_group")
    two = [group("AZE", 2021, name, None, status="suppressed") for name in ("MALE", "FEMALE")]
    assert gap_of(*two)["gap_reason"] == "flagged_figure"
