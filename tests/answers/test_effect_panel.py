"""What an estimate would have to work with: every country that could be studied, as the measure itself judges it."""

from collections import defaultdict

import pytest

from dashboard.analysis.measures.effects.study import foresee_admission
from dashboard.answers.base.context import open_context
from dashboard.answers.effects.panel import OUTSIDE, address, name_source_estimated, panel
from dashboard.answers.effects.query import METHODS, ask, figures_of, outcome_of, treatable
from dashboard.answers.effects.wording import plan_view
from dashboard.locales import LANGUAGES
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


def rows_of(query):
    found = defaultdict(list)
    for row in panel(query, "light").rows:
        found[row["country"]].append(row)
    return dict(found)


def test_each_country_is_judged_as_its_own_plan_would_be(ctx):
    query = ask(ctx, METHODS[0], "wgi_ge", "AFG")
    found = rows_of(query)
    assert set(found) == set(treatable(ctx))
    for iso3, rows in found.items():
        plan = ask(ctx, METHODS[0], "wgi_ge", iso3)
        reasons = foresee_admission(plan.plan, outcome_of(plan))[0].reasons
        assert rows[0]["reasons"] == " ".join(reasons), iso3
        assert all_of(row["admitted"] == (not reasons) for row in rows)
        held = {row["year"] for row in rows if row["period"] != "none"}
        values = figures_of(ctx, query.metric).values.get(iso3, {})
        assert held == {year for year in values if plan.plan.first <= year <= plan.plan.last}
        first = plan.plan.treated[0].year
        if first:
            assert {row["year"] for row in rows if row["period"] == "since"} == {y for y in held if y >= first}
    order = [rows[0]["admitted"] for rows in found.values()]
    assert order == sorted(order, reverse=True), "those that can be studied come first"


def test_the_country_asked_for_stands_with_its_own_event_window_and_donors(ctx):
    plain = rows_of(ask(ctx, METHODS[0], "wgi_ge", "AFG"))["AFG"]
    all_near = ask(ctx, METHODS[0], "wgi_ge", "AFG").plan
    fewer = ask(ctx, METHODS[0], "wgi_ge", "AFG", without=(*all_near.donors, *all_near.tied)[9:])
    assert plain[0]["admitted"]
    assert rows_of(fewer)["AFG"][0]["reasons"] == "too_few_donors"
    cut = ask(ctx, METHODS[0], "wgi_ge", "AFG", first=2012, last=2022)
    assert [row["year"] for row in rows_of(cut)["AFG"]] == list(range(2012, 2023))
    assert "too_few_pre_points" in rows_of(cut)["AFG"][0]["reasons"]


def test_a_tile_leads_to_the_plan_of_its_country_with_the_years_that_were_chosen():
    def leads(**years):
        tiles = panel(ask(open_context("fr"), METHODS[0], "wgi_cc", "AFG", **years), "light").spec["datasets"]["tiles"]
        return {tile["country"]: tile["to"] for tile in tiles}

    assert leads()["UZB"] == "/fr/progress/effects/?country=UZB&indicator=wgi_cc"
    assert leads(first=2005, last=2022)["UZB"].endswith("country=UZB&indicator=wgi_cc&from=2005&to=2022")
    together = panel(ask(open_context(), METHODS[1], "wgi_cc"), "light").spec["datasets"]["tiles"]
    assert {tile["to"] for tile in together} == {""}


def test_adopters_together_are_in_or_out_of_the_window():
    query = ask(open_context(), METHODS[1], "wgi_ge")
    found = rows_of(query)
    assert set(found) == {one.country for one in query.plan.treated}
    for one in query.plan.treated:
        inside = query.plan.first < one.year <= query.plan.last
        whole = all(row["period"] != "none" for row in found[one.country])
        assert found[one.country][0]["reasons"] == ("" if inside and whole else OUTSIDE)
    count = sum(rows[0]["admitted"] for rows in found.values())
    chart = panel(query, "light")
    assert chart.sentence.startswith(f"{count} of {len(found)} adopters")
    assert chart.subtitle.endswith("Filled circle: takes part in the estimate")
    assert panel(ask(open_context(), METHODS[0], "wgi_ge", "AFG"), "light").subtitle.endswith(
        "an estimate can be tried"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sentence_counts_and_names_the_most_common_reason(lang):
    query = ask(open_context(lang), METHODS[0], "wgi_ge", "AFG")
    rows = [rows[0] for rows in rows_of(query).values()]
    sentence = panel(query, "light").sentence
    assert str(sum(row["admitted"] for row in rows)) in sentence
    assert str(len(rows)) in sentence
    if lang == "en":
        assert "not dated in the register" in sentence


def test_its_address_asks_the_same_plan_again():
    ctx = open_context("fr")
    asked = address(ask(ctx, METHODS[0], "wgi_cc", "AFG", first=2000), ["GEO", "ARM"])
    assert asked.startswith(
        "/api/v1/effects/panel.json?method=synthetic_control&indicator=wgi_cc&country=AFG&from=2000"
    )
    assert "from=2000" in asked
    assert "without=GEO,ARM" in asked
    assert "lang=fr" in asked
    together = address(ask(ctx, METHODS[1], "wgi_cc"))
    assert "country=" not in together
    assert "event=" not in asked + together


def test_the_source_of_a_plan_names_the_one_edition_that_it_is_estimated_from(ctx):
    for metric in ("wgi_ge", "wgi_cc"):
        query = ask(ctx, METHODS[0], metric, "AZE")
        edition = figures_of(ctx, query.metric).edition
        other = {"WGI 2025 edition", "WGI 2026 edition"} - {edition}
        assert edition in name_source_estimated(query)
        assert not any(name in name_source_estimated(query) for name in other)
        assert plan_view(query)["source"] == name_source_estimated(query)
