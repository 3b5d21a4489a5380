"""Unknown names are answered with the nearest ones and never guessed; searches find what people type."""

import pytest

from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, NotReady, Unknown
from dashboard.answers.charts.options import list_options
from dashboard.answers.countries.country import view_country
from dashboard.answers.freshness.sources import view_sources
from dashboard.answers.goals.goals import view_goal, view_target
from dashboard.answers.indicators.index import search_indicators
from dashboard.answers.indicators.indicator import view_indicator
from dashboard.answers.revisions.provenance import trace_observation


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    ("asked", "suggested"),
    [("azerbaijan", "AZE"), ("Azerbijan", "AZE"), ("UZE", "UZB"), ("AZR", "AZE"), ("KZA", "KAZ"), ("أذربيجان", "AZE")],
)
def test_a_country_by_another_name_is_suggested(asked: str, suggested: str) -> None:
    with pytest.raises(Unknown) as error:
        view_country(open_context("ar"), asked)
    assert suggested in error.value.suggestions


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    ("asked", "suggested"), [("wgi_c", "wgi_cc"), ("WGI_CC", "wgi_cc"), ("internet users", "internet_users")]
)
def test_an_indicator_close_by_is_suggested(asked: str, suggested: str) -> None:
    with pytest.raises(Unknown) as error:
        view_indicator(open_context(), asked)
    assert suggested in error.value.suggestions


@pytest.mark.usefixtures("embedded")
def test_goals_targets_and_figures_that_do_not_exist(ctx: Context) -> None:
    for question, name in ((view_goal, 18), (view_target, "16.z"), (trace_observation, "0" * 16)):
        with pytest.raises(Unknown):
            question(ctx, name)  # type: ignore[operator]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("query", ["bribery firms", "IC_FRM_BRIB", "16.5.2", "Bribery"])
def test_search_finds_names_codes_and_series(query: str) -> None:
    assert "bribery_firms" in [card["id"] for card in search_indicators(open_context(), query)["rows"]]


@pytest.mark.usefixtures("embedded")
def test_options_list_origin_and_adopters_first() -> None:
    found = list_options(open_context())
    assert found["countries"][0]["iso3"] == "AZE"
    assert {option["iso3"] for option in found["countries"][1:15]} == set(list_adopters(open_context()))
    assert [language["id"] for language in found["languages"] if language["chosen"]] == ["en"]


@pytest.mark.usefixtures("handmade")
def test_a_series_that_failed_says_why_and_what_it_means() -> None:
    view = next(source for source in view_sources(open_context())["sources"] if source["id"] == "un_sdg")
    assert [failure["series"] for failure in view["failures"]] == ["SP_PSR_OSATIS_GOV"]
    assert view["failures"][0]["reason"] == "The publisher could not be reached."
    assert "never been received" in view["failures"][0]["meaning"]


@pytest.mark.usefixtures("handmade")
@pytest.mark.parametrize("day", ["2026-02-28", "2999-01-01", "yesterday", "2026-13-01"])
def test_a_day_without_a_dataset_is_refused(day: str) -> None:
    with pytest.raises(Invalid):
        open_context(as_of=day)


@pytest.mark.usefixtures("handmade")
def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(Invalid, match="there are en"):
        open_context("xx")


@pytest.mark.usefixtures("unpublished")
def test_before_the_first_publication_the_answer_is_not_ready() -> None:
    with pytest.raises(NotReady):
        open_context()
