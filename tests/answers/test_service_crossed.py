"""A country and an indicator in one question; Enter opens what has exactly that name or code, and nothing else."""

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.rows import find_latest, has_figure
from dashboard.answers.base.spelling import split_words
from dashboard.answers.holdings.coverage import is_empty
from dashboard.answers.search import search
from dashboard.answers.search.crossed import (
    MAX_CROSSED,
    find_page_by_title,
    find_subject,
    list_figures,
    list_metrics,
)
from dashboard.answers.search.index import open_index
from dashboard.answers.search.views import CrossedFigure

pytestmark = pytest.mark.usefixtures("embedded")


def find_crossed_figures(ctx: Context, query: str) -> list[CrossedFigure]:
    index = open_index(ctx)
    subject = find_subject(index, split_words(query))
    return list_figures(ctx, subject, list_metrics(ctx, index, subject.rest)) if subject else []


@pytest.mark.parametrize("query", ["Kazakhstan bribery", "bribery kazakhstan", "bribery in Kazakhstan", "KAZ bribery"])
def test_a_country_and_an_indicator_give_the_figure_with_year_and_source(query: str, ctx: Context) -> None:
    first = find_crossed_figures(ctx, query)[0]
    metric = first["indicator_href"].split("/")[3]
    row = find_latest(ctx, metric)["KAZ"]
    assert metric.startswith("bribery")
    assert has_figure(row)
    assert first["found"]
    assert first["value"].startswith(f"{row['value']:.1f}")
    assert first["year"] == str(row["year"])
    assert first["source"]
    assert first["figure_href"] == f"/en/indicators/{metric}/?country=KAZ"


def test_a_year_in_the_question_is_the_year_of_the_figure(ctx: Context) -> None:
    for query in ("Kazakhstan ti_cpi 2021", "2021 corruption perceptions index Kazakhstan"):
        (one,) = find_crossed_figures(ctx, query)
        assert (one["year"], one["value"], one["found"]) == ("2021", "37", True)
    (none,) = find_crossed_figures(ctx, "Kazakhstan ti_cpi 1995")
    assert (none["year"], none["found"]) == ("1995", False)
    assert not [one for one in find_crossed_figures(ctx, "Kazakhstan ti_cpi 2021 2022") if one["found"]]


def test_all_indicators_the_words_name_are_listed_and_none_is_chosen(ctx: Context) -> None:
    found = find_crossed_figures(ctx, "control of corruption Azerbaijan")
    assert 2 <= len(found) <= MAX_CROSSED
    assert {one["country"] for one in found} == {"Azerbaijan"}
    for one in (*found, *find_crossed_figures(ctx, "Nauru bribery")):
        metric, iso3 = (one[name].split("/")[3] for name in ("indicator_href", "country_href"))
        assert one["found"] == has_figure(find_latest(ctx, metric).get(iso3))
        assert one["value"], "what has no figure says so in words"


@pytest.mark.parametrize(
    ("query", "country", "indicators"),
    [
        ("Papua New Guinea internet users", "Papua New Guinea", ["Internet users"]),  # not Guinea, whose name it holds
        ("Guinea internet users", "Guinea", ["Internet users"]),
        ("aze internet users", "Azerbaijan", ["Internet users"]),
        ("users of internet Kazakhstan", "Kazakhstan", ["Internet users"]),
        ("Kazakhstan wgi_cc", "Kazakhstan", ["Control of corruption (WGI)"]),
        ("UZB bribery", "Uzbekistan", ["Bribery incidence, firms", "Bribery prevalence, persons"]),
        ("UZB births", "Uzbekistan", ["Births registered in legal time at centres"]),
        ("az internet users", "", []),  # two letters are a word before they are a code
        ("in AZE it", "", []),
    ],
)
def test_the_longest_name_of_a_country_is_taken_and_the_other_words_name_indicators(
    query: str, country: str, indicators: list[str]
) -> None:
    found = find_crossed_figures(open_context(), query)
    assert [one["indicator"] for one in found] == indicators
    assert {one["country"] for one in found} <= {country}


def test_what_begins_with_the_words_comes_first_then_by_name_and_what_is_empty_last(ctx: Context) -> None:
    found = find_crossed_figures(ctx, "AZE satisfaction")
    assert len(found) == MAX_CROSSED
    empty = [is_empty(ctx, one["indicator_href"].split("/")[3]) for one in found]
    assert empty == sorted(empty)
    assert {True, False} == set(empty)
    names = [one["indicator"] for one, without in zip(found, empty, strict=True) if not without]
    assert names == sorted(names)
    assert [one["indicator"] for one in find_crossed_figures(ctx, "KAZ corruption")][:3] == [
        "Control of corruption (WGI)", "Corruption Perceptions Index", "Bribery prevalence, persons",
    ]  # fmt: skip


@pytest.mark.parametrize("query", ["Kazakhstan", "bribery", "in bribery", "Kazakstan bribery", "Kazakhstan zzzz", ""])
def test_nothing_is_guessed(query: str) -> None:
    assert find_crossed_figures(open_context(), query) == []


@pytest.mark.parametrize("query", ["CC.EST", "GOV_WGI_CC.EST", "16-6-2", "16.6.2"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_code_is_not_taken_apart_into_a_country_and_a_rest(query: str, lang: str) -> None:
    assert find_crossed_figures(open_context(lang), query) == []


def test_water_is_not_the_emirates() -> None:
    assert find_crossed_figures(open_context("fr"), "eau potable") == []
    assert find_crossed_figures(open_context("fr"), "EAU internet")[0]["country"] == "Émirats arabes unis"


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("Kazakhstan", "/en/countries/KAZ/"), ("kaz", "/en/countries/KAZ/"), ("wgi_cc", "/en/indicators/wgi_cc/"),
        ("Turkey", "/en/countries/TUR/"), ("Qazaxıstan", "/en/countries/KAZ/"), ("Ivory Coast", "/en/countries/CIV/"),
        ("16.6", "/en/targets/16.6/"), ("Internet users", "/en/indicators/internet_users/"),
        ("corruption", ""), ("Kazakstan", ""), ("Kazakh", ""), ("zzzz", ""), ("", ""),
    ],
)  # fmt: skip
def test_enter_opens_only_an_exact_name_or_code(query: str, page: str) -> None:
    assert find_page_by_title(search(open_context(), query, "", 10)) == page
