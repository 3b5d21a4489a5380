"""Unknown names are answered with the nearest ones and never guessed; searches find what people type."""

import pytest

from dashboard.locales import LANGUAGES
from dashboard.services.adoption.counting import choose_default_countries, list_adopters
from dashboard.services.base.context import open_context
from dashboard.services.base.errors import Invalid, NotReady, Unknown
from dashboard.services.charts.options import options
from dashboard.services.countries.country import view_country
from dashboard.services.freshness.sources import view_sources
from dashboard.services.goals.goals import view_goal, view_target
from dashboard.services.indicators.index import search_indicators
from dashboard.services.indicators.indicator import view_indicator
from dashboard.services.revisions.provenance import trace_observation


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
@pytest.mark.parametrize("code", ["XXX", "XX", "XYZ", "ZZZ"])
def test_a_code_that_no_slip_makes_of_another_suggests_nothing(code: str) -> None:
    with pytest.raises(Unknown) as error:
        view_country(open_context(), code)
    assert error.value.suggestions == ()


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("code", ["AZ", "az", "31", "031"])
def test_other_codes_are_answered_with_the_one_to_use(code: str) -> None:
    with pytest.raises(Invalid, match="alpha-3 code AZE"):
        view_country(open_context(), code)


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    ("asked", "suggested"), [("wgi_c", "wgi_cc"), ("WGI_CC", "wgi_cc"), ("internet users", "internet_users")]
)
def test_an_indicator_close_by_is_suggested(asked: str, suggested: str) -> None:
    with pytest.raises(Unknown) as error:
        view_indicator(open_context(), asked)
    assert suggested in error.value.suggestions


@pytest.mark.usefixtures("embedded")
def test_goals_targets_and_figures_that_do_not_exist() -> None:
    ctx = open_context()
    for question, name in ((view_goal, 18), (view_target, "16.z"), (trace_observation, "0" * 16)):
        with pytest.raises(Unknown):
            question(ctx, name)  # type: ignore[operator]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("query", ["bribery firms", "IC_FRM_BRIB", "16.5.2", "Bribery"])
def test_search_finds_names_codes_and_series(query: str) -> None:
    assert "bribery_firms" in [card["id"] for card in search_indicators(open_context(), query)["rows"]]


@pytest.mark.usefixtures("embedded")
def test_filters_hold_together_and_data_come_first() -> None:
    index = search_indicators(open_context(), theme="integrity", goal=16)
    assert index["total"] == len(index["rows"]) > 0
    assert {row["theme_text"] for row in index["rows"]} == {"Integrity"}
    assert all(16 in row["goals"] for row in index["rows"])
    empties = [card["empty"] for card in index["rows"]]
    assert empties == sorted(empties)
    assert [choice["id"] for choice in index["goals"] if choice["chosen"]] == ["16"]


@pytest.mark.usefixtures("embedded")
def test_the_default_selection_starts_with_azerbaijan_and_has_figures() -> None:
    chosen = choose_default_countries(open_context(), "wgi_cc")
    assert chosen[0] == "AZE"
    assert len(chosen) == 6
    assert choose_default_countries(open_context(), "sat_overall_gov")[0] == "AZE"
    before = open_context("en", "2026-11-24")
    assert "AZE" not in choose_default_countries(before, "bribery_persons")  # none was published for Azerbaijan
    assert "AZE" in choose_default_countries(open_context(), "bribery_persons")
    assert {choose_default_countries(open_context(lang), "wgi_cc") for lang in LANGUAGES} == {chosen}, (
        "translations show the same"
    )


@pytest.mark.usefixtures("embedded")
def test_options_list_origin_and_adopters_first() -> None:
    found = options(open_context())
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


@pytest.mark.usefixtures("embedded")
def test_pages_of_the_table_hold_every_indicator_once_in_each_order() -> None:
    ctx = open_context()
    for sort in ("", "name", "latest"):
        first = search_indicators(ctx, sort=sort)
        pages = [search_indicators(ctx, sort=sort, page=page)["rows"] for page in range(1, first["pages"] + 1)]
        assert [len(rows) for rows in pages[:-1]] == [25] * (first["pages"] - 1)
        ids = [row["id"] for rows in pages for row in rows]
        assert sorted(ids) == sorted(ctx.book.metrics)
        names = [row["name"].casefold() for rows in pages for row in rows]
        assert (names == sorted(names)) is (sort == "name")
