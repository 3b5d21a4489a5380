"""The chart of counts: our steps and published marks, said and drawn in every language, on made figures."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import altair as alt
import jsonschema
import pytest
from altair.vegalite.v6.schema import core

from dashboard.analysis.charts import render
from dashboard.analysis.charts.chart import ChartOptions
from dashboard.analysis.charts.kinds.claims import COLUMNS, Counts, OurCount, PublishedCount, build
from dashboard.analysis.charts.theme import LOOKS
from dashboard.locales import LANGUAGES, t
from tests.captions import find_caption_faults
from tests.checks import all_of

OURS = [
    OurCount("signed", "signed", date(2018, 12, 31), 1),
    OurCount("signed", "signed", date(2024, 6, 30), 3),
    OurCount("operating", "operating", date(2024, 1, 31), 2),
]


def published(id_: str, when: str, day: date, count: int) -> PublishedCount:
    return PublishedCount(
        id_, day.replace(day=1), day, when, count, "exact", str(count), f"{count} things", f"claim of {count}",
        "things", "TEST", "press",
    )  # fmt: skip


MARKS = [
    published("A", "June 2023", date(2023, 6, 30), 25),
    published("B", "April 2025", date(2025, 4, 30), 4),
    published("C", "May 2025", date(2025, 5, 31), 3),
]
COUNTS = Counts("signed", OURS, MARKS, date(2026, 11, 24))


def options(lang: str = "en", theme: Any = "light", width: int = 1100) -> ChartOptions:
    return ChartOptions(
        lang=lang, theme=theme, width=width, title=t("register.chart.title", lang), source_line="TEST", as_of="TEST"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("theme", LOOKS)
def test_it_is_valid_light_and_drawn_with_its_words_inside(lang: str, theme: str) -> None:
    chart = build(COUNTS, options(lang, theme, 360 if theme == "dark" else 1100))
    assert not [error.message for error in jsonschema.Draft7Validator(core.load_schema()).iter_errors(chart.spec)]
    assert chart.spec["$schema"].endswith(f"/{alt.SCHEMA_VERSION}.json")
    document = render.draw_svg(chart)
    assert len(document.encode()) <= 60_000
    assert chart.title in document
    assert "undefined" not in re.sub(r"<[^>]*>", " ", document)
    assert "NaN" not in document


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sentence_says_every_count_with_its_date_and_that_they_are_not_one_line(lang: str) -> None:
    said = build(COUNTS, options(lang)).sentence
    assert said.startswith(t("register.chart.title", lang))
    assert all_of(f"{it.label} ({it.when})" in said for it in MARKS)
    assert t("register.chart.apart", lang) in said
    assert "{" not in said


def test_a_country_that_joins_only_today_is_said_to_rest_on_no_date() -> None:
    assert "1 country is counted by events without any date" in build(replace(COUNTS, undated=1), options()).sentence
    assert "without any date" not in build(COUNTS, options()).sentence


def test_published_counts_are_marks_and_never_joined_to_our_steps() -> None:
    chart = build(COUNTS, options())
    steps, marks = chart.spec["datasets"]["steps"], chart.spec["datasets"]["claims"]
    assert {row["rule"] for row in steps} == {"signed", "operating"}
    assert [row["count"] for row in marks] == [25, 4, 3]
    assert not {row["at"] for row in marks} & {row["at"] for row in steps}


def test_rows_hold_every_step_and_every_published_count() -> None:
    rows = build(COUNTS, options()).rows
    assert [(row["kind"], row["count"]) for row in rows] == [
        *(("ours", it.count) for it in OURS), *(("published", it.count) for it in MARKS),
    ]  # fmt: skip
    assert all_of(tuple(row) == COLUMNS for row in rows)


def test_only_the_data_changes_with_the_rule() -> None:
    first, second = (build(Counts(rule, OURS, MARKS, COUNTS.until), options()).spec for rule in ("signed", "operating"))
    assert {key: value for key, value in first.items() if key != "datasets"} == {
        key: value for key, value in second.items() if key != "datasets"
    }
    assert first["datasets"] != second["datasets"]
    drawn = re.findall(r"'name': '(\w+)'", str({key: value for key, value in first.items() if key != "datasets"}))
    assert set(drawn) == set(first["datasets"]), "a browser can only change the data that a mark is drawn from"


def test_words_of_neighbours_stand_apart() -> None:
    datasets = build(COUNTS, options()).spec["datasets"]
    assert [row["below"] for row in datasets["claims"]] == [False, False, True]
    ends = sorted(row["count"] for row in datasets["ends"])
    assert ends[1] - ends[0] > 1  # 2 and 3 would be drawn over each other


def test_words_stand_apart_from_those_of_a_count_that_is_not_the_next_in_time() -> None:
    """25 agreements in February and “more than 25” in April, with another count of March between them."""
    marks = [
        published("A", "February 2025", date(2025, 2, 28), 25),
        published("B", "March 2025", date(2025, 3, 31), 4),
        published("C", "April 2025", date(2025, 4, 30), 25),
    ]
    datasets = build(Counts("signed", OURS, marks, date(2026, 11, 24)), options()).spec["datasets"]
    assert [row["below"] for row in datasets["claims"]] == [True, False, False]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_of_many_published_counts_a_caption_tells_the_lowest_and_the_highest(lang: str) -> None:
    more = [*MARKS, published("D", "June 2025", date(2025, 6, 30), 30)]
    words = build(replace(COUNTS, published=more), options(lang)).words
    assert find_caption_faults({"title": options(lang).title, **words.list_forms()}) == []
    told = [mark.label for mark in more if f"{mark.label} ({mark.when})" in words.caption]
    assert told == ["3 things", "30 things"]
    assert all_of(f"{mark.label} ({mark.when})" in words.rest for mark in more)
    assert all_of(mark.label in build(COUNTS, options(lang)).words.caption for mark in MARKS)
