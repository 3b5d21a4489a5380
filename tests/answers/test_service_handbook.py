"""The method as a handbook: every section and term at an address; one rule of evidence levels everywhere."""

import pytest

from dashboard.answers.adoption.counting import STATUSES
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.base.rows import find_latest, has_figure
from dashboard.answers.freshness.sources import STATUSES as SOURCE_STATUSES
from dashboard.answers.method.handbook import CHAPTERS, list_chapters, list_glossary, view_section
from dashboard.answers.method.method import view_method
from dashboard.answers.progress.assessment import METHODS
from dashboard.answers.progress.results import grade_latest_figure
from dashboard.answers.progress.statuses import list_tones
from dashboard.answers.revisions.provenance import trace_observation
from dashboard.answers.wording.evidence import LEVELS, SELF_REPORTED, STRENGTHS, describe_level, grade_evidence
from dashboard.answers.wording.publishers import find_publisher, list_publishers
from dashboard.evidence.codebook.register.adoption import RULES
from dashboard.locales import LANGUAGES, format_number, t
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

LINKED = (
    "origin", *STATUSES, *RULES, *STRENGTHS, *METHODS, "register_level", "evidence_level",
    *(f"status_{one}" for one in list_tones()), *(f"source_{one}" for one in SOURCE_STATUSES),
)  # fmt: skip
"""What pages link to by its id alone."""


def test_every_section_stands_in_one_chapter() -> None:
    listed = [section for sections in CHAPTERS.values() for section in sections]
    assert sorted(listed) == sorted(section["id"] for section in view_method(open_context())["sections"])


@pytest.mark.parametrize("name", LINKED)
def test_what_pages_link_to_has_an_address(name: str) -> None:
    view = view_section(open_context(), name)
    assert view["asked"] == ("" if name == view["section"]["id"] else name)
    assert view["title"]
    assert view["asked"] in ("", view["section"]["terms"][0]["id"] if view["section"]["terms"] else "")


@pytest.mark.parametrize("name", ["", "nothing", "Proxy", "status_"])
def test_an_unknown_name_is_no_section(name: str) -> None:
    with pytest.raises(Unknown):
        view_section(open_context(), name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_find_the_terms_that_hold_all_of_them(lang: str) -> None:
    ctx = open_context(lang)
    term = view_section(ctx, "proxy")["section"]["terms"][0]
    found = [one for chapter in list_chapters(ctx, term["label"].upper()) for one in chapter["sections"]]
    assert any(term["id"] in (it["id"] for it in one["terms"]) for one in found)
    assert list_chapters(ctx, f"{term['label']} zzzz") == [], "all words, not any"
    assert [chapter["id"] for chapter in list_chapters(ctx)] == list(CHAPTERS)
    assert not any(section["terms"] for chapter in list_chapters(ctx) for section in chapter["sections"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_glossary_has_each_term_once_and_leads_to_where_it_is_explained(lang: str) -> None:
    terms = list_glossary(open_context(lang))
    assert len({one["id"] for one in terms}) == len(terms) > 40
    assert all_of(one["label"] and one["definition"] for one in terms)
    for one in terms:
        if one["to"]:
            assert view_section(open_context(lang), one["to"].split("/")[3])["asked"] == one["id"]


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
