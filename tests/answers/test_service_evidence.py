"""Evidence levels: one rule in the drawer, on the page of progress and in the words of the method page."""

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.rows import find_latest, has_figure
from dashboard.answers.method.method import view_method
from dashboard.answers.progress.results import grade_latest_figure
from dashboard.answers.revisions.provenance import trace_observation
from dashboard.answers.wording.evidence import LEVELS, SELF_REPORTED, STRENGTHS, describe_level, grade_evidence
from dashboard.answers.wording.publishers import find_publisher, list_publishers
from dashboard.locales import LANGUAGES, format_number, t
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


def test_a_value_is_worth_the_lower_of_publisher_and_indicator_wherever_it_is_said() -> None:
    ctx = open_context("en")
    for metric in ctx.book.metrics.values():
        row = find_latest(ctx, metric.id).get("KAZ")
        if row is None or not has_figure(row):
            continue
        info = find_publisher(row["source"], row["series"])
        expected = min(metric.evidence_level, info.evidence_level, 4 if row["year"] else 3)
        assert grade_evidence(ctx, row) == grade_latest_figure(ctx, metric, "KAZ") == expected
        said = {step["id"]: step["text"] for step in trace_observation(ctx, row["id"])["steps"]}
        assert said["evidence"] == describe_level(ctx, expected)


def test_a_value_without_a_year_is_no_official_statistic_of_a_known_survey(ctx: Context) -> None:
    undated = find_latest(ctx, "sat_overall_gov")["AZE"]
    assert (undated["year"], grade_evidence(ctx, undated)) == (None, 3)
    assert grade_evidence(ctx, {**undated, "year": 2024}) == 4
    assert next(one for one in ctx.book.metrics["sat_overall_gov"].national if one.country == "RWA").evidence_level == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_method_page_says_the_rules_with_the_numbers_they_have_here(lang: str) -> None:
    ctx = open_context(lang)
    sections = {section["id"]: section for section in view_method(ctx)["sections"]}
    links = [link.strength for metric in ctx.book.metrics.values() for link in metric.links]
    for strength in STRENGTHS:
        counted = (
            t(f"terms.strength.{strength}.name", lang)
            + t("ui.list.colon", lang)
            + format_number(links.count(strength), lang)
        )
        assert counted in sections["strength"]["text"]
        assert t(f"terms.strength.{strength}.name", lang) in sections["evidence_strength"]["text"]
    told = sections["evidence_level"]["text"]
    assert all_of(info.title in told for info in list_publishers().values())
    for level in LEVELS:
        metrics = sum(metric.evidence_level == level for metric in ctx.book.metrics.values())
        name = t(f"terms.evidence_level.{level}.name", lang)
        assert ((name + t("ui.list.colon", lang) + format_number(metrics, lang)) in told) == (metrics > 0)
        assert told.count(name) >= (level in SELF_REPORTED)
