"""Every limit of the rules, the moves and the deadlines: exactly at it, one below, one above."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import polars as pl
import pytest

from dashboard.accounts.model import Role
from dashboard.analysis.measures.jumps import JUMP_RATIO
from dashboard.analysis.measures.surveys.suppression import RELIABLE, THRESHOLD
from dashboard.contributions.submissions import deadlines, inbox, intake, store, workflow
from dashboard.contributions.submissions.deadlines import STANDING
from dashboard.contributions.submissions.kinds import base
from dashboard.contributions.submissions.microdata import estimates
from dashboard.contributions.submissions.model import (
    LONGEST_METHOD,
    METHODS,
    MOST_PLACES,
    Finding,
    MoveNotAllowed,
    Submission,
    UploadRefused,
)
from dashboard.contributions.submissions.reading import text
from dashboard.contributions.submissions.rules import completeness, evidence, in_order, numbers, time
from dashboard.contributions.submissions.rules.check import Check
from dashboard.contributions.submissions.rules.ground import Ground
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.engine import open_engine, writing
from tests.contributions.submissions.conftest import NO_HISTORY, YEAR, Desk, person
from tests.contributions.submissions.test_rules import ground
from tests.contributions.submissions.test_survey import ground_of

Y = int(YEAR)
SHARE = {"indicator": "completion_rate", "period": YEAR}
WOMEN, MEN = '{"Sex":"FEMALE"}', '{"Sex":"MALE"}'


def rules_of(told: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(one.rule, one.severity) for one in told]


OF_FEW = (numbers.small_cell, numbers.small_unanimous, numbers.few_answers)
OF_PARTS = (numbers.total_outside_parts, numbers.parts_exceed_total)
OF_YEARS = (time.period_wrong, time.period_closed, time.period_earlier)


def one(rule: Check[Ground] | tuple[Check[Ground], ...], book: Codebook, *rows: dict[str, Any], **more: Any) -> str:
    """The rule that speaks of these rows, with its severity; "" where none does."""
    looked = ground(book, *(SHARE | row for row in rows), **more)
    told = rules_of(finding for one in (rule if isinstance(rule, tuple) else (rule,)) for finding in one(looked))
    assert len(told) < 2
    return " ".join(told[0]) if told else ""


@pytest.mark.parametrize(
    ("people", "value", "told"),
    [
        (0, 50, ""), (1, 50, "small_cell error"), (THRESHOLD - 1, 50, "small_cell error"),
        (THRESHOLD, 50, "few_answers warning"), (RELIABLE - 1, 50, "few_answers warning"), (RELIABLE, 50, ""),
        (THRESHOLD, 100, "small_unanimous error"), (RELIABLE - 1, 100, "small_unanimous error"),
        (RELIABLE - 1, 0, "small_unanimous error"), (RELIABLE, 100, ""), (RELIABLE, 0, ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", ["sample", "denominator"])
def test_how_many_people_stand_behind_a_figure(
    book: Codebook, people: int, value: float, told: str, column: str
) -> None:
    assert one(OF_FEW, book, {"value": float(value), column: float(people)}) == told
    assert one(OF_FEW, book, {"value": None, column: float(people)}) == ""


def test_a_sample_comes_before_a_denominator(book: Codebook) -> None:
    both = {"value": 50.0, "sample": float(THRESHOLD - 1), "denominator": 400.0}
    assert one(OF_FEW, book, both) == "small_cell error"


@pytest.mark.parametrize(("left", "told"), [(0, ""), (1, "e"), (THRESHOLD - 1, "e"), (THRESHOLD, ""), (-1, "")])
def test_how_many_people_a_total_leaves_to_the_other_group(book: Codebook, left: int, told: str) -> None:
    rows = {"value": 50.0, "sample": 400.0}, {"value": 50.0, "sample": 400.0 - left, "dimensions": WOMEN}
    assert bool(one(numbers.small_rest, book, *rows)) == bool(told)
    small = {"value": 50.0, "sample": 9.0}, {"value": 50.0, "sample": 8.0, "dimensions": WOMEN}
    assert one(numbers.small_rest, book, *small) == "", "said of the cell itself"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"numerator": 400.0, "denominator": 400.0}, ""), ({"numerator": 401.0, "denominator": 400.0}, "error"),
        ({"numerator": 399.0, "denominator": 400.0}, ""),
    ],
)  # fmt: skip
def test_a_numerator_is_at_most_its_denominator(book: Codebook, row: dict[str, float], told: str) -> None:
    assert one(numbers.numerator_too_large, book, row).endswith(told)
    assert bool(one(numbers.numerator_too_large, book, row)) == bool(told)


@pytest.mark.parametrize("name", ["numerator", "denominator", "sample"])
@pytest.mark.parametrize("value", [-1.0, 0.0, 0.5, 1.0])
def test_counts_are_whole_and_a_denominator_is_above_zero(book: Codebook, name: str, value: float) -> None:
    allowed = (1.0,) if name == "denominator" else (0.0, 1.0)
    assert bool(one(numbers.count_not_whole, book, {name: value})) == (value not in allowed)


@pytest.mark.parametrize(("value", "told"), [(49.93, True), (49.95, False), (50, False), (50.05, False), (50.07, True)])
def test_a_share_is_its_ratio_within_the_rounding(book: Codebook, value: float, told: bool) -> None:
    assert numbers.RATIO_ROUNDING == 0.06
    row = {"value": value, "numerator": 200.0, "denominator": 400.0}
    assert bool(one(numbers.value_not_ratio, book, row)) == told
    assert one(numbers.value_not_ratio, book, row | {"denominator": 0.0}) == ""


@pytest.mark.parametrize(
    ("total", "told"), [(59.94, True), (59.96, False), (60.0, False), (63.0, False), (63.04, False), (63.06, True)]
)
def test_a_total_lies_between_its_parts(book: Codebook, total: float, told: bool) -> None:
    parts = {"value": 63.0, "dimensions": WOMEN}, {"value": 60.0, "dimensions": MEN}
    assert bool(one(numbers.total_outside_parts, book, {"value": total}, *parts)) == told
    assert one(numbers.total_outside_parts, book, {"value": total}, parts[0]) == "", (
        "of one part alone nothing is known"
    )


@pytest.mark.parametrize(("total", "told"), [(399.0, True), (400.0, False), (401.0, False)])
def test_parts_are_no_more_than_the_total(book: Codebook, total: float, told: bool) -> None:
    parts = [{"value": 60.0, "denominator": 200.0, "dimensions": group} for group in (WOMEN, MEN)]
    found = one(OF_PARTS, book, {"value": 60.0, "denominator": total}, *parts)
    assert found == ("parts_exceed_total error" if told else "")


@pytest.mark.parametrize(
    ("lower", "upper", "told"),
    [(50, 60, False), (40, 50, False), (50, 50, False), (50.1, 60, True), (40, 49.9, True), (None, 60, True),
     (40, None, True), (None, None, False)],
)  # fmt: skip
def test_a_value_lies_within_its_interval(book: Codebook, lower: float | None, upper: float | None, told: bool) -> None:
    assert bool(one(numbers.interval_wrong, book, {"value": 50.0, "lower": lower, "upper": upper})) == told


def test_bounds_are_part_of_what_may_be(book: Codebook) -> None:
    told = [one(numbers.out_of_bounds, book, {"value": value}) for value in (-0.01, 0.0, 100.0, 100.01)]
    assert told == ["out_of_bounds error", "", "", "out_of_bounds error"]


@pytest.mark.parametrize(
    ("year", "told"),
    [(Y - 1, "period_earlier suggestion"), (Y, ""), (Y + 1, "period_wrong error"), (Y + 2, "")],
)
def test_the_year_that_is_due(book: Codebook, year: int, told: str) -> None:
    """Today is of the year after the one that is due."""
    assert one(OF_YEARS, book, {"value": 1.0, "period": str(year)}) == told
    later = one(time.period_future, book, {"value": 1.0, "period": str(year)})
    assert later == ("period_future error" if year > Y + 1 else "")


def past(*values: float) -> pl.DataFrame:
    rows = [
        {"indicator": "completion_rate", "dimensions": "{}", "period": str(Y - len(values) + at), "value": value,
         "unit": "percent", "source": "x"}
        for at, value in enumerate(values)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=NO_HISTORY.schema)


@pytest.mark.parametrize(("value", "told"), [(79.9, False), (80.0, True), (80.1, True), (1.25, True), (1.26, False)])
def test_a_jump_is_of_so_many_times(book: Codebook, value: float, told: bool) -> None:
    assert numbers.TEN_TIMES == 8
    assert bool(one(time.jump, book, {"value": value}, history=past(10.0))) == told


@pytest.mark.parametrize("steps", [time.FEWEST_STEPS - 1, time.FEWEST_STEPS])
@pytest.mark.parametrize("times", [JUMP_RATIO - 1, JUMP_RATIO, JUMP_RATIO + 1])
def test_a_jump_is_of_more_than_so_many_steps(book: Codebook, steps: int, times: float) -> None:
    published = [40.0 + at for at in range(steps + 1)]
    told = bool(one(time.jump, book, {"value": published[-1] + times}, history=past(*published)))
    assert told == (steps >= time.FEWEST_STEPS and times > JUMP_RATIO)


OF_UNIT = {"minutes": "waiting_median", "days": "end_to_end_time", "per_10000": "complaints_rate", "score": "servqual",
           "ppp_usd": "cost_per_transaction", "ratio": "centre_staff_representation", "count": "once_only"}  # fmt: skip


@pytest.mark.parametrize("unit", sorted(numbers.MOST))
def test_a_figure_of_a_unit_is_at_most_so_much(book: Codebook, unit: str) -> None:
    most, indicator = numbers.MOST[unit], OF_UNIT[unit]
    assert book.metrics[indicator].unit == unit
    for value, told in ((most - 1, ""), (most, ""), (most + 1, "implausible_value error")):
        assert one(numbers.implausible_value, book, {"value": value, "indicator": indicator}) == told, value
        assert one(numbers.implausible_value, book, {"value": value, "indicator": "nps"}) == "", "points have none"


@pytest.mark.parametrize(("value", "told"), [(-1.0, True), (0.0, False), (1.0, False), (260.0, False), (260.5, True)])
def test_a_count_is_whole_and_a_time_need_not_be(book: Codebook, value: float, told: bool) -> None:
    said = "count_not_whole error" if told else ""
    assert one(numbers.count_not_whole, book, {"value": value, "indicator": "once_only"}) == said
    assert one(numbers.count_not_whole, book, {"value": value, "indicator": "waiting_median"}) == ""


@pytest.mark.parametrize(("beside", "told"), [(-1, ""), (0, ""), (1, "sample_above_people error")])
def test_no_more_answer_than_live_there(book: Codebook, beside: int, told: str) -> None:
    known = NO_HISTORY.vstack(
        pl.DataFrame(
            [("population", year, "{}", people, "persons", "wdi") for year, people in (("2019", 9e6), ("2024", 1e7))]
            + [("population", "2024", WOMEN, 5e6, "persons", "wdi"), ("nps", "2024", "{}", 3.0, "points", "x")],
            schema=NO_HISTORY.schema, orient="row",
        )
    )  # fmt: skip
    for history, people in ((known, 1e7), (NO_HISTORY, numbers.MOST_PEOPLE)):
        row = {"value": 50.0, "sample": people + beside}
        assert one(numbers.sample_above_people, book, row, history=history) == told, people


@pytest.mark.parametrize("column", ["sample", "denominator", None])
def test_a_standard_error_is_near_that_of_a_simple_random_sample(book: Codebook, column: str | None) -> None:
    people = 400.0 if column else float(numbers.MOST_ASKED)
    simple = 50 / people**0.5
    for error, told in (
        (simple / numbers.DESIGN * 0.999, True), (simple / numbers.DESIGN * 1.001, False), (simple, False),
        (0.0, False),
        (simple * numbers.DESIGN * 0.999, False), (simple * numbers.DESIGN * 1.001, column is not None),
    ):  # fmt: skip
        row = {"value": 50.0, "std_error": error} | ({column: people} if column else {})
        assert one(numbers.error_implausible, book, row) == ("error_implausible error" if told else ""), error
    for value in (0.0, 100.0):
        assert one(numbers.error_implausible, book, {"value": value, "std_error": 0.001, "sample": 400.0}) == ""


@pytest.mark.parametrize(("error", "told"), [(8.4, ""), (8.5, ""), (8.6, "error_implausible error")])
def test_a_time_is_no_less_than_its_standard_error(book: Codebook, error: float, told: str) -> None:
    row = {"value": 8.5, "std_error": error, "indicator": "waiting_median", "sample": 400.0}
    assert one(numbers.error_implausible, book, row) == told


@pytest.mark.parametrize(("median", "told"), [(29.9, ""), (30.0, ""), (30.1, "median_above_p90 error")])
def test_a_median_is_at_most_the_ninetieth_percentile(book: Codebook, median: float, told: str) -> None:
    p90 = {"value": 30.0, "indicator": "waiting_p90"}
    row = {"value": median, "indicator": "waiting_median"}
    assert one(numbers.median_above_p90, book, row, p90) == told
    assert one(numbers.median_above_p90, book, row, p90 | {"dimensions": WOMEN}) == "", "of another group"
    assert one(numbers.median_above_p90, book, row, p90 | {"period": str(Y - 1)}) == "", "of another year"


@pytest.mark.parametrize("text", ["", "2024"])
@pytest.mark.parametrize("column", [True, False])
def test_a_blank_year_is_one_where_there_is_a_column_of_years(book: Codebook, text: str, column: bool) -> None:
    row = {"value": 50.0, "value_text": "50", "period_text": text, "period": text or ""}
    columns = {"Indicators": {"indicator": "A", "value": "D", **({"period": "C"} if column else {})}}
    told = "period_blank error" if column and not text else ""
    assert one(evidence.period_blank, book, row, columns=columns) == told
    assert one(evidence.period_blank, book, row | {"value_text": ""}, columns=columns) == "", "nothing is filled in"


def test_so_many_places_of_a_rule_and_sheet_are_named() -> None:
    for count in (MOST_PLACES - 1, MOST_PLACES, MOST_PLACES + 1):
        found = [Finding("jump", "warning", "A", at) for at in range(count)] + [Finding("jump", "error", "B", 1)]
        told = in_order(found)
        assert len(told) == min(count, MOST_PLACES) + 1
        assert (told[0].sheet, [it.row for it in told[1:4]]) == ("B", [0, 1, 2]), "errors first, then by row"


def test_only_the_methods_of_the_list_are_one(book: Codebook) -> None:
    for method in ("", *METHODS, "Household_survey"):
        told = rules_of(completeness.method_missing(ground(book, SHARE | {"value": 1.0}, method={"method": method})))
        assert (("method_missing", "error") in told) == (method not in METHODS)


NOW = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)


def lay(desk: Desk, state: str, period: str = "2025") -> int:
    with writing(open_engine(desk.settings)) as connection:
        return store.add(connection, {
            "country": "AZE", "dataset": "figures", "period": period, "state": state, "lang": "en", "filename": "",
            "sha256": "", "size": 0, "created_by": 1, "created_office": "", "created_at": NOW, "submitted_by": 1,
            "approved_by": 2,
        })  # fmt: skip


def test_the_furthest_state_is_told(desk: Desk) -> None:
    order = ("published", "approved", "submitted", "returned", "not_reported", "checked", "draft")
    assert order == STANDING
    for at, (first, second) in enumerate(zip(order[1:], order, strict=False)):
        for state in (first, second):
            lay(desk, state, str(2000 + at))
    found = {one.period: one for one in deadlines.listing(desk.settings, NOW)}
    assert [found[str(2000 + at)].standing for at in range(len(order) - 1)] == list(order[:-1])
    public = ["published", "in_review", "in_review", "due", "not_reported", "due"]
    assert [found[str(2000 + at)].public for at in range(len(order) - 1)] == public


@pytest.mark.parametrize("state", ["published", "approved", "submitted", "not_reported"])
def test_what_has_come_is_not_overdue(desk: Desk, state: str) -> None:
    deadlines.set_due(desk.settings, person(7, Role.ADMIN, ""), ["AZE"], "2025", date(2026, 3, 31))
    lay(desk, state)
    assert deadlines.listing(desk.settings, NOW + timedelta(days=1))[0].standing == state


STATES = (
    "draft", "checked", "submitted", "approved", "published", "returned", "withdrawn", "not_reported", "superseded",
)  # fmt: skip
MAY = {
    (Role.CONTRIBUTOR, "draft"): {"withdraw"}, (Role.CONTRIBUTOR, "checked"): {"submit", "withdraw"},
    (Role.CONTRIBUTOR, "submitted"): {"withdraw"}, (Role.CONTRIBUTOR, "approved"): {"withdraw"},
    (Role.CONTRIBUTOR, "returned"): {"withdraw"}, (Role.CONTRIBUTOR, "not_reported"): {"withdraw"},
    (Role.APPROVER, "submitted"): {"approve", "return"}, (Role.REVIEWER, "submitted"): {"return"},
    (Role.REVIEWER, "approved"): {"publish", "return"}, (Role.REVIEWER, "published"): {"roll_back"},
}  # fmt: skip
"""Every move that there is; all others are nobody's."""


@pytest.mark.parametrize(("role", "state"), list(product(Role, STATES)))
def test_each_role_has_its_moves_in_each_state_and_no_other(role: Role, state: Any) -> None:
    one = Submission(
        5, "AZE", "figures", YEAR, state, "en", "f", "", 0, 11, "", NOW, submitted_by=12, approved_by=13,
    )  # fmt: skip
    somebody = person(20, role, "AZE" if role.of_country else "")
    assert set(workflow.allowed(somebody, one)) == MAY.get((role, state), set())
    if role.of_country:
        assert workflow.allowed(person(20, role, "UGA"), one) == []
    for number in (11, 12, 13):
        assert not {"approve", "publish"} & {*workflow.allowed(replace(somebody, id=number), one)}


def test_years_and_months_that_can_be_sent() -> None:
    now = datetime.now(UTC)

    def taken(read: Callable[[str], object], text: str) -> bool:
        try:
            read(text)
        except MoveNotAllowed:
            return False
        return True

    years = {str(base.FIRST_YEAR - 1): False, str(base.FIRST_YEAR): True, str(now.year): True,
             str(now.year + 1): False, "02025": False, "٢٠٢٥": False}  # fmt: skip
    assert {text: taken(base.parse_year, text) for text in years} == years
    this = f"{now:%Y-%m}"
    after = f"{now.year + now.month // 12}-{now.month % 12 + 1:02}"
    months = {f"{base.FIRST_YEAR - 1}-12": False, f"{base.FIRST_YEAR}-01": True, this: True, after: False,
              "2024-00": False, "2024-13": False, "2024-1": False}  # fmt: skip
    assert {text: taken(base.parse_month, text) for text in months} == months


def test_what_is_said_of_the_method_has_a_length() -> None:
    assert intake.stated({"method.who": "x" * LONGEST_METHOD}) == {"who": "x" * LONGEST_METHOD}
    with pytest.raises(MoveNotAllowed, match="letters"):
        intake.stated({"method.who": "x" * (LONGEST_METHOD + 1)})


@pytest.mark.parametrize(("size", "taken"), [(0, False), (1, True), (9, True), (10, True), (11, False)])
def test_a_file_is_as_large_as_it_may_be(desk: Desk, size: int, taken: bool) -> None:
    def send() -> inbox.Stored:
        part = inbox.begin(desk.settings, 10)
        for _ in range(size):
            part.write(b"x")
        return part.finish()

    if taken:
        assert send().size == size
    else:
        with pytest.raises(UploadRefused):
            send()
        assert not [*(inbox.folder(desk.settings) / "incoming").iterdir()]


@pytest.mark.parametrize(("rows", "columns", "refused"), [(9, 3, ""), (10, 3, ""), (11, 3, "too_many_rows"),
                                                          (9, 200, ""), (9, 201, "too_many_columns")])  # fmt: skip
def test_a_text_has_so_many_rows_and_columns(
    rows: int, columns: int, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "MAX_ROWS", 10)
    body = "\n".join([",".join(["1"] * columns)] * rows).encode()
    if not refused:
        assert text.read_text("f.csv", body)[0].texts.shape == (rows, columns)
        return
    with pytest.raises(UploadRefused) as error:
        text.read_text("f.csv", body)
    assert error.value.code == refused


def test_ages_fall_into_their_bands_and_children_into_none() -> None:
    ages = (17, 18, 24, 25, 34, 35, 44, 45, 54, 55, 64, 65, 120, 121)
    rows = pl.DataFrame({"age": [age for age in ages for _ in range(40)], "w": 1.0, "felt": ["Yes", "No"] * 280})
    made = estimates.estimate(ground_of(rows, {"weight": "w", "item.discrimination.any": "felt", "group.age": "age"}))
    found = {next(iter(cell.dimensions.values()), "all"): cell.n for cell in made.cells if cell.estimate}
    bands = dict.fromkeys(("<25Y", "25-34", "35-44", "45-54", "55-64", "65+"), 80)
    assert found == {"all": 13 * 40, **bands}


@pytest.mark.parametrize(("n", "shown"), [(29, False), (30, True), (31, True)])
def test_an_estimate_rests_on_so_many(n: int, shown: bool) -> None:
    rows = pl.DataFrame({"w": [1.0] * n, "felt": ["Yes", "No", "No"][:1] * (n // 2) + ["No"] * (n - n // 2)})
    made = estimates.estimate(ground_of(rows, {"weight": "w", "item.discrimination.any": "felt"}))
    assert [cell.estimate is not None for cell in made.cells] == [shown]
