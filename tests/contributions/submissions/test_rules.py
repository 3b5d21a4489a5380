"""Rules and their words belong together, and figures of countries stand in the record as a publisher's do."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.answers.wording.publishers import find_publisher
from dashboard.contributions.submissions.methods.resolving import evidence_level
from dashboard.contributions.submissions.microdata.model import THRESHOLD as SMALL
from dashboard.contributions.submissions.microdata.retention import RETENTION
from dashboard.contributions.submissions.model import SOURCE, Finding
from dashboard.contributions.submissions.reading.figures import FIGURES
from dashboard.contributions.submissions.rules import codes, contradictions, counts, numbers, survey, time
from dashboard.contributions.submissions.rules.ground import CHECKS, Ground
from dashboard.contributions.submissions.workbooks.words import finding_text
from dashboard.evidence.codebook.model import Codebook
from dashboard.locales import DESK_LANGUAGES, LANGUAGES, t
from dashboard.locales.catalogue import load_messages
from tests.checks import all_of
from tests.contributions.submissions.conftest import NO_HISTORY, YEAR

ROOM = Path(__file__).parents[3] / "dashboard" / "contributions" / "submissions"
WORDS = {
    key.split(".")[2]
    for area in ("submissions", "survey")
    for key in load_messages(area, "en")
    if key.startswith(f"{area}.rule.")
}
VALUES = dict.fromkeys(
    ("country", "version", "suggestion", "unit", "low", "high", "shown", "denominator", "ratio", "by", "sum", "least",
     "reliable", "period", "year", "other", "before", "value", "field", "count", "encoding", "span", "rows",
     "labels", "levels", "indicator", "group", "figure", "number", "most", "why", "column", "parts", "total", "whole",
     "decimal", "all", "left", "word", "cells", "head", "years", "expected", "p90", "publisher", "address"), "1",
) | {"unit": "percent", "block": "healthcare", "missing": "affordability", "choice": "refuse"}  # fmt: skip


def test_every_rule_has_words_and_all_words_have_a_rule() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
    named = set(re.findall(r'Finding\(\s*"(\w+)"', text))
    named |= {one.id for one in (*CHECKS, *survey.CHECKS) if not one.message}
    named |= set(re.findall(r'_of\(\s*sheet, best, at, "(\w+)"', text))
    counted = (*counts.CENTRE_CHECKS, *counts.REPORT_CHECKS, *counts.AGAIN_CHECKS, *contradictions.MONTH_CHECKS)
    of_counts = {f"counts_{one.id.replace('.', '_')}" for one in counted} | {"counts_report_twice"}
    assert named | of_counts <= WORDS
    assert {word for word in WORDS - of_counts if f'"{word}"' not in text} == set()


@pytest.mark.parametrize("rule", sorted(WORDS))
def test_a_finding_can_be_told_in_every_language(rule: str) -> None:
    for lang in DESK_LANGUAGES:
        words = finding_text(Finding(rule, "error", "Indicators", 3, "D", "x", VALUES), lang)
        assert words.cell == "D3"
        assert words.expected
        assert words.todo


def test_a_finding_stored_before_its_rule_had_values_says_how_to_see_them() -> None:
    older = Finding("counts_report_parts", "error", "Counts", 3, "D", "1114", {"column": "completed"})
    words = {lang: finding_text(older, lang) for lang in DESK_LANGUAGES}
    assert "have it checked again" in words["en"].expected
    assert words["en"].todo == "Correct one of them."
    assert len({told.expected for told in words.values()}) == len(DESK_LANGUAGES)


@pytest.mark.parametrize(
    "code",
    [
        "encrypted_workbook", "macros", "external_links", "not_a_workbook", "expands_too_much", "too_many_cells",
        "too_many_rows", "too_many_columns", "too_costly", "not_text", "unexpected_shape", "too_large", "empty",
    ],
)  # fmt: skip
def test_why_a_file_is_not_read_is_said_in_the_reader_s_language(code: str) -> None:
    refused = Finding("refused", "error", values={"code": code, "message": "f.xlsx is not read."})
    told = {lang: finding_text(refused, lang).expected for lang in DESK_LANGUAGES}
    assert told.pop("en") == "f.xlsx is not read."
    assert len(set(told.values()) - {"f.xlsx is not read."}) == len(DESK_LANGUAGES) - 1


@pytest.mark.parametrize("lang", DESK_LANGUAGES)
def test_who_opens_a_year_is_called_as_on_their_account(lang: str) -> None:
    reviewer = t("accounts.roles.reviewer", lang).casefold()
    assert reviewer in t("submissions.refusal.closed", lang).casefold()
    assert reviewer in t("submissions.rule.period_closed.todo", lang).casefold()


def test_a_rule_is_one_function_with_a_docstring() -> None:
    for checks in (CHECKS, survey.CHECKS, counts.CENTRE_CHECKS, counts.REPORT_CHECKS, counts.AGAIN_CHECKS):
        assert len({one.places for one in checks}) == len(checks) > 0
        assert all_of(one.places.__doc__ for one in checks)


def test_the_evidence_level_is_what_method_states() -> None:
    said = {
        "who": "Office",
        "population": "Adults",
        "question": "…",
        "sample_size": "1,200",
        "address": "https://office.test",
    }
    levels = {
        evidence_level({"method": "household_survey", **said}): 3,
        evidence_level({"method": "registers", "who": "Office", "population": "Cases", "period_of_work": "May"}): 2,
        evidence_level({"method": "estimate", **said}): 1,
        evidence_level({}): 1,
    }
    assert levels == {3: 3, 2: 2, 1: 1}
    for level in (1, 2, 3):
        assert find_publisher(SOURCE, f"level{level}:AZE").evidence_level == level


def test_the_method_page_says_what_the_code_does() -> None:
    for lang in LANGUAGES:
        assert str(RETENTION.days) in t("survey.handbook.file.definition", lang)
        assert str(SMALL) in t("survey.handbook.hidden.definition", lang)


def ground(book: Codebook, *given: dict[str, object], **more: Any) -> Ground:
    """What rules look at, with these rows of national totals."""
    empty = dict.fromkeys(FIGURES)
    text = {name: "" for name, kind in FIGURES.items() if kind == pl.String}
    figures = [
        empty | text | {"sheet": "Indicators", "row": at, "dimensions": "{}"} | row for at, row in enumerate(given, 2)
    ]
    columns = {"Indicators": {"indicator": "A", "period": "C", "value": "D"}}
    return Ground(
        pl.DataFrame(figures, schema=FIGURES), book=book, country="AZE", period=YEAR, today=date(int(YEAR) + 1, 3, 1),
        **{"history": NO_HISTORY, "columns": columns} | more,
    )  # fmt: skip


def found(told: Iterator[Finding]) -> list[tuple[str, int, str]]:
    """Rule, row and column of each finding."""
    return [(one.rule, one.row, one.column) for one in told]


def test_a_value_beyond_the_usual_range_calls_for_a_look(book: Codebook) -> None:
    metric = replace(book.metrics["nps"], usual_low=0.0, usual_high=80.0)
    usual = replace(book, metrics={**book.metrics, "nps": metric})
    rows = [{"indicator": "nps", "period": YEAR, "value": value} for value in (-0.1, 0.0, 80.0, 80.1)]
    assert found(numbers.unusual_value(ground(usual, *rows))) == [("unusual_value", 2, "D"), ("unusual_value", 5, "D")]
    assert found(numbers.out_of_bounds(ground(usual, *rows))) == []


def test_what_is_counted_and_bounds_of_minutes_are_not_in_per_cent(book: Codebook) -> None:
    people = {"indicator": "nps", "period": YEAR, "value": 40.0, "sample": 12_000.0, "sample_percent": True}
    assert found(numbers.count_not_whole(ground(book, people))) == [("count_not_whole", 2, "A")]
    bound = {"indicator": "waiting_median", "period": YEAR, "value": 9.0, "lower": 8.0, "upper_percent": True}
    assert found(codes.percent_sign(ground(book, bound))) == [("percent_sign", 2, "A")]


def test_a_unit_that_differs_is_told_of_its_row_alone(book: Codebook) -> None:
    rows = [{"indicator": "completion_rate", "period": YEAR, "value": 60.0, "unit_text": it} for it in ("%", "minutes")]
    assert [(one.row, one.read) for one in codes.unit_differs(ground(book, *rows))] == [(3, "minutes")]


def test_a_year_that_is_closed_takes_no_figures(book: Codebook) -> None:
    earlier = str(int(YEAR) - 1)
    rows = [{"indicator": "nps", "period": year, "value": 40.0} for year in (YEAR, earlier)]
    closed, still_open = ground(book, *rows, closed=frozenset({earlier})), ground(book, *rows)
    assert found(time.period_closed(closed)) == [("period_closed", 3, "C")]
    assert found(time.period_earlier(closed)) == found(time.period_closed(still_open)) == []
    assert found(time.period_earlier(still_open)) == [("period_earlier", 3, "C")]


def test_a_break_of_method_since_the_last_figure_is_said(book: Codebook) -> None:
    broken = replace(book.metrics["nps"], break_years=(int(YEAR),))
    changed = replace(book, metrics={**book.metrics, "nps": broken})
    row = {"indicator": "nps", "period": YEAR, "value": 40.0}
    past = {"indicator": "nps", "dimensions": "{}", "value": 38.0, "unit": "score", "source": "x"}
    for last, expected in ((str(int(YEAR) - 1), [("definition_changed", 2, "A")]), (YEAR, [])):
        history = pl.DataFrame([past | {"period": last}], schema=NO_HISTORY.schema)
        assert found(time.definition_changed(ground(changed, row, history=history))) == expected


def test_the_same_figure_on_two_sheets_is_one_too_many(book: Codebook) -> None:
    row = {"indicator": "nps", "period": YEAR, "value": 40.0, "row": 2}
    (twice,) = time.row_twice(ground(book, row, row | {"sheet": "Old"}))
    assert (twice.sheet, twice.row, twice.values) == ("Old", 2, {"other": "2 (Indicators)", "of": "nps"})
    (twice,) = time.row_twice(ground(book, row, row | {"row": 3}))
    assert (twice.row, twice.values) == (3, {"other": "2", "of": "nps"})


def test_a_jump_is_told_against_the_newest_figure_whoever_published_it(book: Codebook) -> None:
    past = {"indicator": "nps", "dimensions": "{}", "unit": "score"}
    published = [("a", str(int(YEAR) - 1), 40.0), ("z", "2015", 4.0)]
    rows = [past | {"source": source, "period": year, "value": value} for source, year, value in published]
    history = pl.DataFrame(rows, schema=NO_HISTORY.schema)
    figures = [{"indicator": "nps", "period": YEAR, "value": value} for value in (41.0, 4.0)]
    (jump,) = time.jump(ground(book, *figures, history=history))
    assert (jump.row, jump.values) == (3, {"before": "40", "period": str(int(YEAR) - 1), "of": "nps"})


def shares(book: Codebook, *rows: dict[str, Any], past: tuple[tuple[str, str, float], ...] = ()) -> list[int]:
    """Rows that are asked whether they are fractions; ``past``: group, year and figure that are published."""
    own = {"indicator": "completion_rate", "period": YEAR, "value_percent": False}
    before = [
        {"indicator": "completion_rate", "dimensions": group, "period": year, "value": value, "unit": "percent",
         "source": "x"}
        for group, year, value in past
    ]  # fmt: skip
    history = pl.DataFrame(before, schema=NO_HISTORY.schema)
    told = list(numbers.share_as_fraction(ground(book, *(own | row for row in rows), history=history)))
    assert {(one.rule, one.severity, one.column) for one in told} <= {("share_as_fraction", "error", "D")}
    return [one.row for one in told]


WOMEN = '{"Sex":"FEMALE"}'
LAST = str(int(YEAR) - 1)


def test_a_share_below_one_among_percentages_is_asked_about(book: Codebook) -> None:
    assert shares(book, {"value": 0.87}, {"value": 63.0, "dimensions": WOMEN}) == [2]
    assert shares(book, {"value": 0.87}, {"value": 63.0, "indicator": "complaints_in_time"}) == [2]
    at_the_ends = [{"value": value} for value in (0.0, 0.001, 0.999, 1.0, 1.001)]
    assert [shares(book, row) for row in at_the_ends] == [[], [2], [2], [2], []]
    assert shares(book, {"value": 0.5, "indicator": "nps"}) == [], "a score is no share"


def test_a_one_is_asked_about_where_it_may_be_the_whole(book: Codebook) -> None:
    other = {"value": 63.0, "indicator": "complaints_in_time"}  # says nothing of this one
    assert shares(book, {"value": 1.0}, {"value": 0.4, "dimensions": WOMEN}, other) == [2, 3]
    assert shares(book, {"value": 1.0}, {"value": 1.1, "dimensions": WOMEN}) == []
    for before, told in ((7.9, []), (8.0, [2]), (95.0, [2])):  # TEN_TIMES
        assert shares(book, {"value": 1.0}, past=(("{}", LAST, before),)) == told, before


@pytest.mark.parametrize(
    ("before", "told"), [(0.4, []), (0.05, []), (3.19, []), (3.2, [2]), (40.0, [2]), (0.0, [2])]
)  # 3.2 is ``TEN_TIMES`` 0.4
def test_a_history_that_is_that_low_answers_for_it(book: Codebook, before: float, told: list[int]) -> None:
    assert numbers.TEN_TIMES == 8
    assert shares(book, {"value": 0.4}, past=(("{}", LAST, before),)) == told
    assert shares(book, {"value": 0.4}, past=(("{}", "2015", 40.0), ("{}", LAST, before))) == told, "the newest"
    assert shares(book, {"value": 0.4}, past=((WOMEN, LAST, before),)) == [2], "another group's is none of its own"


def test_a_neighbour_that_is_no_fraction_answers_for_it_where_there_is_no_history(book: Codebook) -> None:
    for beside, told in ((1.0, [2, 3]), (1.01, []), (7.1, []), (7.2, [2])):  # 7.2 is 8 times 0.9
        assert shares(book, {"value": 0.9}, {"value": beside, "dimensions": WOMEN}) == told, beside
    low = {"value": 1.2, "dimensions": WOMEN}
    assert shares(book, {"value": 0.9}, low, past=(("{}", LAST, 88.0),)) == [2], "its own history comes first"
    assert shares(book, {"value": 0.9}, low | {"period": LAST}) == [2], "of the same year"


def test_a_sign_or_a_numerator_answers_for_it(book: Codebook) -> None:
    assert shares(book, {"value": 0.4, "value_percent": True}) == []
    for value, told in ((0.4, []), (0.46, []), (0.47, [2])):  # RATIO_ROUNDING
        assert shares(book, {"value": value, "numerator": 4.0, "denominator": 1000.0}) == told, value
    assert shares(book, {"value": 0.4, "numerator": 4.0}) == [2]


def test_a_numerator_has_a_denominator(book: Codebook) -> None:
    row = {"indicator": "completion_rate", "period": YEAR, "value": 81.0, "numerator": 4.0}
    assert found(numbers.numerator_alone(ground(book, row, row | {"denominator": 5.0, "denominator_text": "5"}))) == [
        ("numerator_alone", 2, "A")
    ]


@pytest.mark.parametrize(
    ("note", "told"),
    [("4", True), (" 45 ", True), ("-4", True), ("4,5", True), ("4.5", True), ("4 %", True), ("٤", True),
     ("1,200.5", True), ("", False), ("4 towns", False), ("n = 4", False), ("4 of 5", False), ("2024-05", False),
     ("%", False)],
)  # fmt: skip
def test_a_note_is_in_words(book: Codebook, note: str, told: bool) -> None:
    row = {"indicator": "completion_rate", "period": YEAR, "value": 81.0, "value_text": "81", "note": note}
    assert bool(list(numbers.note_is_number(ground(book, row)))) == told
