"""Reported figures are shown as said by somebody, and no other answer so much as reads them."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest

from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.claims.rules import find_answer
from dashboard.answers.compare.compare import compare
from dashboard.answers.countries.country import view_country
from dashboard.answers.effects.overview import view_overview as view_effects
from dashboard.answers.goals.principles import list_principles
from dashboard.answers.mapping.small import view_small_mapping
from dashboard.answers.progress.results import ask as ask_results
from dashboard.answers.progress.results import list_results
from dashboard.answers.reported import figures as reported
from dashboard.answers.reported.views import ReportedOverview
from dashboard.answers.site.availability import ask as ask_availability
from dashboard.answers.site.availability import view_availability
from dashboard.answers.site.overview import view_overview as view_site
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.codebook.register.reported import load_reported_figures
from dashboard.locales import LANGUAGES, has
from tests.answers.shape import faults
from tests.given import raising

pytestmark = pytest.mark.usefixtures("embedded")

COUNTED: dict[str, Callable[[Context], Any]] = {
    "verdicts": lambda ctx: list_results(ctx, ask_results(ctx)),
    "pairs": lambda ctx: compare(ctx, "wgi_cc", ("AZE", "UGA", "UZB")),
    "effects": view_effects,
    "mapping": view_small_mapping,
    "principles": list_principles,
    "coverage": lambda ctx: view_availability(ctx, ask_availability(ctx)),
}
"""What counts, ranks, judges or estimates."""


def with_version(ctx: Context, version: str) -> Context:
    """The same question of a codebook that no kept answer is of."""
    return replace(ctx, book=replace(ctx.book, version=version))


@pytest.mark.parametrize("name", COUNTED)
def test_what_counts_never_reads_a_reported_figure(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reported, "load_reported_figures", raising(AssertionError("a reported figure was read")))
    assert len(COUNTED[name](with_version(open_context(), f"refusing {name}"))) > 0


def test_poison_in_the_table_changes_what_is_shown_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(ctx: Context) -> tuple[str, Any, Any, Any]:
        claims = {one.id: asdict(find_answer(ctx, one)) for one in ctx.book.claims}
        claims["S-16"]["beside"] = []  # what the agency says of itself stands there
        country, site = dict(view_country(ctx, "IDN")), dict(view_site(ctx))
        country["summary"] = {k: v for k, v in country["summary"].items() if k not in SHOWN_OF_COUNTRY}
        site["kpis"] = [it for it in site["kpis"] if it["id"] not in SHOWN_OF_SITE]
        del country["voices"]
        return json.dumps(reported.view_overview(ctx, {})), country, site, claims

    before = answers(with_version(open_context(), "clean"))
    poisoned = tuple(
        replace(one, value=one.value * 1000 + 7, independent=not one.independent, metric="sat_overall_gov", fit="same")
        for one in load_reported_figures()
    )
    monkeypatch.setattr(reported, "load_reported_figures", lambda: poisoned)
    after = answers(with_version(open_context(), "poisoned"))
    assert before[0] != after[0]
    assert json.dumps(before[1:], default=str) == json.dumps(after[1:], default=str).replace("poisoned", "clean")


SHOWN_OF_COUNTRY = ("lanes",)
"""Parts of a country's summary that show reported figures."""
SHOWN_OF_SITE = ("satisfaction", "service")
"""Tiles of the overview that do."""


def test_the_codebook_object_does_not_hold_them() -> None:
    assert "reported_figures" not in Codebook.__dataclass_fields__


@pytest.mark.parametrize("lang", ["en", "fr", "ar", "az"])
def test_the_table_of_countries_has_the_origin_first_and_no_gaps_in_its_words(lang: str) -> None:
    ctx = open_context(lang)
    view = reported.view_overview(ctx, {})
    assert view["countries"][0]["iso3"] == "AZE"
    assert {one["iso3"] for one in view["countries"]} == {"AZE", *list_adopters(ctx)} - {"SOM"}
    assert len(view["columns"]) == len(view["countries"][0]["cells"])
    assert faults(view, ReportedOverview) == []


def test_totals_since_the_start_and_counts_of_a_period_share_no_lane() -> None:
    served = {one.counting for one in load_reported_figures() if one.lane == "served"}
    total = {one.counting for one in load_reported_figures() if one.lane == "served_total"}
    assert total == {"cumulative"}
    assert served
    assert served & total == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_figure_opens_onto_sentence_speaker_address_and_day(lang: str) -> None:
    ctx = open_context(lang)
    lanes = [
        lane
        for iso3 in {one.country for one in load_reported_figures()}
        for lane in reported.view_country(ctx, iso3, {})
    ]
    views = [one for lane in lanes for one in (*lane["first"], *lane["rest"])]
    assert len(views) == len(load_reported_figures())
    assert [one["id"] for one in views if not all(one[part] for part in ("quote", "said", "address", "day"))] == []


def test_a_figure_is_shown_with_what_contradicts_it_both_ways() -> None:
    lanes = reported.view_country(open_context(), "RWA", {})
    by_id = {one["id"]: one for lane in lanes for one in (*lane["first"], *lane["rest"])}
    assert "164" in by_id["RWA-F009"]["against"][0]
    assert "103" in by_id["RWA-F010"]["against"][0]
    hoima = reported.view_country(open_context(), "UGA", {})
    against = {one["id"]: one["against"] for lane in hoima for one in (*lane["first"], *lane["rest"])}
    assert against["UGA-F005"], "the register counts 14 bodies"


def test_the_country_goes_before_a_part_of_it_and_the_newest_before_older_ones() -> None:
    centres = [one for one in reported.list_reported("IDN") if one.lane == "centres"]
    assert reported.choose_best(centres, "centres").value == 305
    assert [one.value for one in reported.list_centres(centres)] == [152, 208, 272, 305]
    part = replace(centres[0], scope="city (Jakarta)", until="2026-11-01", value=9.0)
    assert reported.choose_best([*centres, part], "centres").value == 305
    assert reported.list_centres([*centres, replace(centres[0], body="another")]) == []
    assert reported.choose_best(centres, "days") is None


def test_a_mark_of_a_reviewer_is_told_with_its_day() -> None:
    def told(opened: dict[str, str]) -> str:
        lanes = reported.view_country(open_context(), "AZE", opened)
        return next(one["opened"] for lane in lanes for one in lane["rest"] if one["id"] == "AZE-F001")

    assert "3 December 2026" in told({"AZE-F001": "2026-12-03"})
    assert told({"AZE-F002": "2026-12-03"}) == told({}) != told({"AZE-F001": "2026-12-03"})


@pytest.mark.parametrize(
    ("scope", "lang", "shown"),
    [
        ("national", "en", ""),
        ("city (Bogotá)", "en", "city (Bogotá)"),
        ("city (Bogotá)", "ar", "مدينة (Bogotá)"),
        ("centre (first, Addis Ababa)", "az", "mərkəz (first, Addis Ababa)"),
        ("national (online)", "fr", "national (en ligne)"),
        ("10 cities", "fr", "10 cities"),  # no kind with a name: as noted
    ],
)
def test_a_place_is_named_in_the_language_of_the_page(scope: str, lang: str, shown: str) -> None:
    assert reported.write_place(replace(load_reported_figures()[0], scope=scope), lang) == shown


def test_every_kind_of_place_in_the_table_has_a_word() -> None:
    kinds = {one.scope.partition(" (")[0] for one in load_reported_figures() if one.scope.endswith(")")}
    assert len(kinds) > 5
    assert {kind for kind in kinds if not has(f"reported.place.{kind}")} == set()


def test_a_pace_says_of_what_before_it_says_how_often() -> None:
    paced = next(one for one in load_reported_figures() if one.unit == "persons_per_day" and one.value_high is None)
    view = next(
        shown
        for lane in reported.view_country(open_context(), paced.country, {})
        for shown in (*lane["first"], *lane["rest"])
        if shown["id"] == paced.id
    )
    assert f"{view['value']} {view['unit']}".strip().endswith("people a day")
