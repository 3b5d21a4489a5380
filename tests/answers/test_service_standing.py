"""How a publisher stands, in one word that the method page defines."""

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.freshness.sources import STATUSES, view_sources
from dashboard.answers.indicators.indicator import view_indicator
from dashboard.answers.method.method import view_method
from tests.checks import all_of


@pytest.mark.usefixtures("handmade")
def test_each_source_stands_in_a_word_that_the_method_page_defines() -> None:
    seen = {one["id"]: one for one in view_sources(open_context())["sources"]}
    assert seen["un_sdg"]["status"] == "failing"
    assert seen["un_sdg"]["failures"]
    assert seen["cpi"]["status"] == "never"
    assert seen["world_bank"]["status"] == "behind", (
        "figures to 2023, and an edition to 2024 was published by November 2025"
    )
    assert all_of(one["status_text"] and one["status_meaning"] for one in seen.values())
    (section,) = [one for one in view_method(open_context())["sections"] if one["id"] == "source_status"]
    assert [one["id"] for one in section["terms"]] == [f"source_{status}" for status in STATUSES]


@pytest.mark.usefixtures("handmade")
def test_an_id_of_the_method_page_is_given_once_and_the_first_to_have_it_keeps_it() -> None:
    """Links to a word of the page would lead to another one of the same code."""
    sections = {one["id"]: [term["id"] for term in one["terms"]] for one in view_method(open_context())["sections"]}
    ids = [*sections, *(id_ for terms in sections.values() for id_ in terms)]
    assert len(set(ids)) == len(ids)
    assert {"operating", "signed", "disputed"} <= set(sections["adoption_status"])
    assert {"agency_reported"} <= set(sections["support"])
    assert {"missing", "censored", "not_applicable"} <= set(sections["no_data"])
    assert {"value_status_missing", "value_status_censored"} <= set(sections["value_status"])
    assert "glossary_interval" in sections["glossary"]


@pytest.mark.usefixtures("handmade")
def test_a_later_failure_was_not_known_on_an_earlier_day() -> None:
    seen = {one["id"]: one for one in view_sources(open_context(as_of="2026-03-01"))["sources"]}
    assert (seen["un_sdg"]["failures"], seen["un_sdg"]["last_success"]) == ([], "2026-03-01")


@pytest.mark.usefixtures("embedded")
def test_a_source_is_named_where_its_rows_are_shown(ctx: Context) -> None:
    view = view_indicator(ctx, "ti_cpi")
    assert view["source_text"] == "Corruption Perceptions Index, CPI 2025"
    assert {one["source"]: one["role_text"] for one in view["series"]} == {
        "cpi": "shown", "owid": "not in this dataset",
    }  # fmt: skip
    empty = view_indicator(open_context("en", "2026-11-24"), "sat_overall_gov")
    assert empty["source_text"] == "Global SDG Indicators Database", "who has the series"
    assert {one["role_text"] for one in empty["series"]} == {"not in this dataset"}
    for metric in ctx.book.metrics:
        for one in view_indicator(ctx, metric)["series"]:
            assert (one["rows"] == 0) == (one["role_text"] == "not in this dataset")
