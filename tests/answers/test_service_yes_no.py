"""Answers yes or no: points that no line joins, and yet the same question in each year, wherever they are told."""

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.compare.compare import compare
from dashboard.answers.countries.country import view_country
from dashboard.answers.holdings.series import explain_computation
from dashboard.locales import LANGUAGES, t

LAW, RIGHTS = "stat_law", "nhri_status_a"

pytestmark = pytest.mark.usefixtures("embedded")


@pytest.mark.parametrize("kind", ["trend", "multiples", "slope", "dumbbell"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_chart_never_says_that_answers_of_one_edition_do_not_compare(kind: str, lang: str) -> None:
    chart = build_chart(ask_chart(open_context(lang), kind, LAW, ("KAZ", "UGA")))
    assert {row["edition"] for row in chart.rows if row["value"] is not None} >= {"SDG Global Database, late 2023"}
    assert t("charts.trend.points", lang) not in chart.sentence
    apart = t("compare.chart.not_joined", lang, names="|").split("|")[0]
    assert apart[1:] not in chart.sentence  # its first letter may open a sentence
    assert (t("charts.trend.answers", lang) in chart.sentence) == (kind in ("trend", "multiples"))


def test_an_answer_has_no_standard_error_to_miss() -> None:
    chart = build_chart(ask_chart(open_context(), "trend", LAW, ("AZE",)))
    assert chart.words.caption == "Azerbaijan: Yes in 2020, Yes in 2022."


def test_a_wish_to_join_what_does_not_compare_joins_no_answers_of_one_edition() -> None:
    insisted = t("compare.chart.insisted", "en")
    assert insisted not in build_chart(ask_chart(open_context(), "trend", LAW, ("KAZ",), unequal=True)).sentence
    assert insisted in build_chart(ask_chart(open_context(), "trend", "egdi", ("KAZ",), unequal=True)).sentence


@pytest.mark.parametrize(
    ("iso3", "metric", "kind", "words"),
    [
        ("KAZ", LAW, "same", "the same answer in 2019 and 2022"),
        ("AFG", RIGHTS, "fall", "from yes in 2015 to no in 2025"),
    ],
)
def test_the_page_of_a_country_tells_the_change_that_its_status_is_made_of(
    iso3: str, metric: str, kind: str, words: str
) -> None:
    rows = [row for theme in view_country(open_context(), iso3)["themes"] for row in theme["rows"]]
    found = next(row for row in rows if row["indicator"] == metric)
    assert (found["change"], found["change_text"]) == (kind, words)


def test_the_same_holds_where_it_is_explained(ctx: Context) -> None:
    assert t("answers.computed.answers", "en") in explain_computation(ctx, ctx.book.metrics[LAW])
    assert t("answers.computed.points", "en") in explain_computation(ctx, ctx.book.metrics["egdi"])
    chips = {chip["id"] for one in [compare(ctx, LAW, ("KAZ", "AZE"))] for chip in one["chips"]}
    assert "answers" in chips
    assert "points" not in chips
