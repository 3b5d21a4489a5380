"""A median opens onto its figures, and stands in the chart of a country beside groups where a licence allows it."""

from statistics import median

import pytest

from dashboard.analysis.measures.comparability import MIN_FIGURES
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.rows import find_latest
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.countries.country import view_country, view_median
from dashboard.answers.countries.views import MedianView
from dashboard.answers.holdings.medians import find_groups
from dashboard.evidence.codebook import load_codebook
from dashboard.locales import LANGUAGES, format_number, t
from tests.answers.shape import faults
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


@pytest.mark.parametrize("iso3", ["UZB", "AZE", "SOM"])
def test_the_figures_behind_every_median_of_a_country_give_it(iso3: str) -> None:
    ctx, opened = open_context(), 0
    groups = find_groups(ctx, load_codebook().countries[iso3])
    for row in (row for theme in view_country(ctx, iso3)["themes"] for row in theme["rows"]):
        shown = {one["group"]: one for one in row["medians"]}
        for group, (label, members) in groups.items():
            view = view_median(ctx, iso3, row["indicator"], group)
            values = [one["figure"]["value"] for one in view["rows"]]
            if group not in shown or shown[group]["value"] is None:
                assert not view["rows"]
                assert not view["text"]
                continue
            opened += 1
            assert values == sorted(values)
            assert len(values) == shown[group]["n"] >= MIN_FIGURES
            assert median(values) == pytest.approx(shown[group]["value"])
            middle = [one["figure"]["value"] for one in view["rows"] if one["middle"]]
            assert len(middle) == 2 - len(values) % 2
            assert sum(middle) / len(middle) == pytest.approx(median(values))
            assert {one["iso3"] for one in view["rows"]} <= set(members)
            assert [one["iso3"] for one in view["rows"] if one["own"]] == ([iso3] if iso3 in members else [])
            years = [one["figure"]["year"] for one in view["rows"]]
            about = find_latest(ctx, row["indicator"])[iso3]["year"]
            assert all_of(abs(year - about) <= 2 for year in years)
            assert label in view["title"]
    assert opened > 50


def test_nothing_is_derived_from_what_may_not_be_and_of_no_group(ctx: Context) -> None:
    assert not view_median(ctx, "UZB", "ti_cpi", "world")["rows"]
    assert not view_median(ctx, "UZB", "wgi_cc", "neighbours")["rows"]
    assert view_median(ctx, "UZB", "wgi_cc", "world")["rows"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_how_it_follows_is_said_in_every_language(lang: str) -> None:
    ctx = open_context(lang)
    for group in ("region", "income", "world", "adopters"):
        view = view_median(ctx, "UZB", "wgi_cc", group)
        assert not faults(view, MedianView)
        values, decimals = [one["figure"]["value"] for one in view["rows"]], load_codebook().metrics["wgi_cc"].decimals
        shape = t(f"country.median.{'even' if len(values) % 2 == 0 else 'odd'}", lang, value="{}", n=str(len(values)))
        assert view["text"].startswith(shape.split("{}")[0])
        assert view["text"].endswith(shape.split("{}")[1])
        assert format_number(median(values), lang, decimals) in view["text"]


@pytest.mark.parametrize("metric", ["basic_water", "fixed_broadband", "coverage_4g"])
def test_the_median_of_the_distribution_is_of_figures_like_the_chosen(metric: str) -> None:
    ctx = open_context("en")
    chart = build_chart(ask_chart(ctx, "distribution", metric, ("AZE",)))
    own = next(row for row in chart.rows if row["country"] == "AZE")
    like = [row for row in chart.rows if row["value"] is not None and row["edition"] == own["edition"]]
    rest = sum(row["value"] is not None for row in chart.rows) - len(like)
    (middle,) = [label["at"] for label in chart.spec["datasets"]["labels"] if label["level"] < 0]
    assert middle == pytest.approx(median(row["value"] for row in like), abs=0.01)
    assert f"Half of the {len(like)} figures of one series and edition are at or below " in chart.sentence
    assert f"; {rest} of others are drawn beside them." in chart.sentence
    ranking = build_chart(ask_chart(ctx, "ranking", metric, ("AZE",)))
    assert {row["edition"] for row in ranking.rows if row["rank_best"] is not None} == {own["edition"]}
    assert {row["rank_reason"] for row in ranking.rows if row["value"] is not None and row["rank_best"] is None} == {
        "other_series_or_edition"
    }


@pytest.mark.parametrize(("iso3", "indicator"), [("AZE", "wgi_cc"), ("ETH", "internet_users"), ("FRA", "egdi")])
def test_the_chart_has_the_medians_of_the_page(iso3: str, indicator: str) -> None:
    rows = [row for theme in view_country(open_context(), iso3)["themes"] for row in theme["rows"]]
    page = next(row for row in rows if row["indicator"] == indicator)
    drawn = build_chart(ask_chart(open_context(), "beside", indicator, (iso3,))).rows
    assert drawn[0]["value"] == page["figure"]["value"]
    medians = {it["label"]: (it["value"], it["n"], it["of"], it["first_year"]) for it in page["medians"]}
    told = {it["group"]: (it["value"], it["n"], it["group_countries"], it["first_year"]) for it in drawn[1:] if it["n"]}
    assert told == medians


def test_scores_that_may_only_be_shown_as_published_get_no_median() -> None:
    chart = build_chart(ask_chart(open_context(), "beside", "ti_cpi", ("AZE",)))
    assert len(chart.rows) == 1
    assert "only as published" in chart.sentence


def test_a_yes_has_no_median() -> None:
    with pytest.raises(Invalid):
        ask_chart(open_context(), "beside", "census_10y", ("AZE",))
