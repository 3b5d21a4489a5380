"""No count without its rule; the headline adds up and says no cause."""

import itertools
import re

import pytest

from dashboard.locales import LANGUAGES, t
from dashboard.services.adoption.counting import adopters, origins
from dashboard.services.base.context import context
from dashboard.services.base.errors import Invalid
from dashboard.services.base.rows import has_figure, holdings
from dashboard.services.site.availability import availability_text
from dashboard.services.site.overview import overview

CAUSE = re.compile(r"\b(thanks to|led to|because|impact|caused|due to)\b", re.I)


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("rule", ["any_contact", "signed", "pilot_or_more", "operating"])
def test_the_count_is_that_of_the_rule_and_the_map(rule: str) -> None:
    view = overview(context(), rule)
    counting = view["counting"]
    assert counting["rule"] == rule
    assert counting["count"] == sum(tile["counted"] for tile in view["tiles"])
    assert [choice["count"] for choice in counting["rules"] if choice["chosen"]] == [counting["count"]]
    assert str(counting["count"]) in counting["text"]
    assert counting["disputed"] == sum(tile["counted"] and tile["disputed"] for tile in view["tiles"])


@pytest.mark.usefixtures("embedded")
def test_wider_rules_count_more_and_the_origin_is_never_counted() -> None:
    ctx = context()
    groups = [set(adopters(ctx, rule)) for rule in ("any_contact", "signed", "pilot_or_more", "operating")]
    assert all(narrow < wide for wide, narrow in itertools.pairwise(groups))
    assert origins(ctx) == ("AZE",)
    assert "AZE" not in groups[0]


@pytest.mark.usefixtures("embedded")
def test_counts_published_by_others_say_what_they_count() -> None:
    claims = overview(context())["counting"]["claims"]
    assert [claim["count_text"] for claim in claims if claim["when"] == "February 2025"] == ["25"]
    assert all(claim["counts"] and claim["source"] for claim in claims)


@pytest.mark.usefixtures("embedded")
def test_an_unknown_rule_is_refused_with_the_rules_there_are() -> None:
    with pytest.raises(Invalid, match="any_contact, signed, pilot_or_more, operating"):
        overview(context(), "all")


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("rule", ["signed", "operating"])
def test_the_headline_adds_up_and_names_no_cause(rule: str) -> None:
    view = overview(context(), rule)
    told = view["headline"]
    assert len(told["rising"]) + len(told["falling"]) + told["unclear"] + told["without"] == view["counting"]["count"]
    assert "2012" in told["text"]
    having = view["counting"]["count"]  # every country of either rule has an official figure of SDG 16.6.2
    assert f"{having} have an official figure" in told["gap"]
    assert CAUSE.findall(told["text"] + told["gap"]) == []


@pytest.mark.usefixtures("handmade")
def test_the_headline_says_so_when_nothing_can_be_compared() -> None:
    told = overview(context())["headline"]
    assert "no figures from which a change" in told["text"]
    assert told["without"] == overview(context())["counting"]["count"]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_themes_without_figures_are_shown_as_such(lang: str) -> None:
    themes = {theme["theme"]: theme for theme in overview(context(lang, "2026-11-24"))["coverage"]}
    assert themes["satisfaction"]["covered"] == 0
    assert themes["satisfaction"]["newest"] is None
    assert themes["integrity"]["covered"] == themes["integrity"]["of"]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_satisfaction_has_an_official_figure_of_every_adopter(lang: str) -> None:
    view = overview(context(lang))
    satisfaction = next(theme for theme in view["coverage"] if theme["theme"] == "satisfaction")
    assert satisfaction["covered"] == satisfaction["of"] == 14
    assert t("period.no_year", lang)[1:] in satisfaction["age_text"]  # its first letter opens a sentence


@pytest.mark.usefixtures("embedded")
def test_what_the_dataset_covers_of_the_adopters_grew() -> None:
    ctx = context()
    group = adopters(ctx, "signed")

    def share(on: str | None) -> float:
        held = holdings(context("en", on)).latest
        pairs = [has_figure(held.get(metric, {}).get(iso3)) for metric in ctx.book.metrics for iso3 in group]
        return sum(pairs) / len(pairs)

    assert share("2026-11-24") < 0.38
    assert share(None) >= 0.46
    assert f"{round(100 * share(None))} %" in availability_text(ctx, "signed").replace("\N{NO-BREAK SPACE}", " ")
