"""No count without its rule; the headline adds up and says no cause."""

import itertools
import re
from collections import Counter
from statistics import median, median_low
from types import SimpleNamespace

import pytest

from dashboard.answers.adoption.counting import list_adopters, list_origins
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.rows import find_latest, has_figure, load_holdings
from dashboard.answers.site import kpis
from dashboard.answers.site import overview as module
from dashboard.answers.site.availability import AvailabilityQuery, describe_availability, view_availability
from dashboard.answers.site.change import find_pairs
from dashboard.answers.site.matrix import view_matrix_page
from dashboard.answers.site.overview import view_overview
from dashboard.evidence.codebook.model import CountingRule
from dashboard.locales import LANGUAGES, t
from tests.checks import all_of

CAUSE = re.compile(r"\b(thanks to|led to|because|impact|caused|due to)\b", re.I)


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("rule", ["any_contact", "signed", "pilot_or_more", "operating"])
def test_the_count_is_that_of_the_rule_and_the_map(rule: str) -> None:
    view = view_overview(open_context(), rule)
    counting = view["counting"]
    assert counting["rule"] == rule
    assert counting["count"] == sum(tile["counted"] for tile in view["tiles"])
    assert [choice["count"] for choice in counting["rules"] if choice["chosen"]] == [counting["count"]]
    assert str(counting["count"]) in counting["text"]
    assert counting["disputed"] == sum(tile["counted"] and tile["disputed"] for tile in view["tiles"])


@pytest.mark.usefixtures("embedded")
def test_wider_rules_count_more_and_the_origin_is_never_counted(ctx: Context) -> None:
    groups = [set(list_adopters(ctx, rule)) for rule in ("any_contact", "signed", "pilot_or_more", "operating")]
    assert all_of(narrow < wide for wide, narrow in itertools.pairwise(groups))
    assert list_origins(ctx) == ("AZE",)
    assert "AZE" not in groups[0]


@pytest.mark.usefixtures("embedded")
def test_counts_published_by_others_say_what_they_count() -> None:
    claims = view_overview(open_context())["counting"]["claims"]
    assert [claim["count_text"] for claim in claims if claim["when"] == "February 2025"] == ["25"]
    assert all_of(claim["counts"] and claim["source"] for claim in claims)


@pytest.mark.usefixtures("embedded")
def test_an_unknown_rule_is_refused_with_the_rules_there_are() -> None:
    with pytest.raises(Invalid, match="any_contact, signed, pilot_or_more, operating"):
        view_overview(open_context(), "all")


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("rule", ["signed", "operating"])
def test_the_headline_adds_up_and_names_no_cause(rule: str) -> None:
    told = view_overview(open_context(), rule)["headline"]
    assert "2012" in told["text"]
    group = list_adopters(open_context(), rule)
    having = sum(has_figure(find_latest(open_context(), "sat_overall_gov").get(iso3)) for iso3 in group)
    assert f"{having} have an official figure" in told["gap"]
    assert CAUSE.findall(told["text"] + told["gap"]) == []


@pytest.mark.usefixtures("handmade")
def test_the_headline_says_so_when_nothing_can_be_compared() -> None:
    assert "no figures from which a change" in view_overview(open_context())["headline"]["text"]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_themes_without_figures_are_shown_as_such(lang: str) -> None:
    themes = {theme["theme"]: theme for theme in view_overview(open_context(lang, "2026-11-24"))["coverage"]}
    assert themes["satisfaction"]["covered"] == 0
    assert themes["satisfaction"]["newest"] is None
    assert themes["integrity"]["covered"] == themes["integrity"]["of"]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_satisfaction_has_an_official_figure_of_every_adopter(lang: str) -> None:
    view = view_overview(open_context(lang))
    satisfaction = next(theme for theme in view["coverage"] if theme["theme"] == "satisfaction")
    assert satisfaction["covered"] == satisfaction["of"] == 14
    assert t("period.no_year", lang)[1:] in satisfaction["age_text"]  # its first letter opens a sentence


@pytest.mark.usefixtures("embedded")
def test_what_the_dataset_covers_of_the_adopters_grew(ctx: Context) -> None:
    group = list_adopters(ctx, "signed")

    def share(on: str | None) -> float:
        held = load_holdings(open_context("en", on)).latest
        pairs = [has_figure(held.get(metric, {}).get(iso3)) for metric in ctx.book.metrics for iso3 in group]
        return sum(pairs) / len(pairs)

    assert share("2026-11-24") < 0.38
    assert share(None) >= 0.46
    assert f"{round(100 * share(None))} %" in describe_availability(ctx, "signed").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("rule", ["signed", "operating"])
def test_a_theme_counts_countries_indicators_and_ages_of_its_latest_figures(rule: CountingRule, ctx: Context) -> None:
    group = list_adopters(ctx, rule)
    for theme in view_overview(ctx, rule)["coverage"]:
        latest = [find_latest(ctx, it.id) for it in ctx.book.metrics.values() if it.theme == theme["theme"]]
        rows = [row for held in latest for iso3, row in held.items() if iso3 in group and has_figure(row)]
        years = sorted(row["year"] for row in rows if row["year"])
        assert (theme["covered"], theme["of"]) == (len({row["country"] for row in rows}), len(group))
        assert theme["indicators"] == len({row["indicator"] for row in rows})
        assert theme["share"] == f"{100 * len(rows) / (len(latest) * len(group)):.0f}%"
        assert theme["share_text"].replace("\xa0", "") == theme["share"]
        assert (theme["oldest"], theme["newest"]) == (min(years, default=None), max(years, default=None))
        said = f"{years[0]} to {years[-1]}, median {median_low(years)}" if len(set(years)) > 1 else "".join(
            f"{year}, median {year}" for year in set(years))  # fmt: skip
        undated = len(rows) - len(years)
        parts = [said, f"year not published: {undated}" if undated else ""]
        assert theme["age_text"] == " · ".join(part for part in parts if part)


@pytest.mark.usefixtures("embedded")
def test_a_theme_with_figures_of_no_known_year_has_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    ctx = open_context("en", "2026-11-24")
    undated = {"sat_overall_gov": {"UZB": {"year": None, "value": 1.0, "status": "normal"}}}
    monkeypatch.setattr(module, "load_holdings", lambda _: SimpleNamespace(latest=undated, stats={}))
    theme = module._theme(ctx, "satisfaction", "signed")
    assert (theme["covered"], theme["newest"], theme["age_text"]) == (1, None, "year not published: 1")


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("rule", ["any_contact", "signed", "operating"])
def test_the_four_tiles_count_what_their_pages_count(rule: CountingRule, ctx: Context) -> None:
    view, group = view_overview(ctx, rule), list_adopters(ctx, rule)
    operating, satisfaction, corruption, service = view["kpis"]
    assert operating["value"] == str(len(list_adopters(ctx, "operating")))
    assert (operating["spark"]["first"], operating["spark"]["last"]) == ("2012", str(ctx.today.year))
    lanes = {lane["id"]: lane for lane in satisfaction["lanes"]}
    assert list(lanes) == ["household", "others", "agency"]
    assert satisfaction["value"] == "", "levels, not a count of who has any"
    members = {"AZE", *group}
    having = {iso3 for iso3 in members if has_figure(find_latest(ctx, "sat_overall_gov").get(iso3))}
    assert {dot["iso3"] for dot in lanes["household"]["dots"]} == having > {"AZE"}
    assert "Azerbaijan 99.9\u00a0% (2015–2025) ⚠" in lanes["household"]["text"], "what speaks against it stands with it"
    others = {dot["iso3"]: dot["at"] for dot in lanes["others"]["dots"]}
    assert others.get("RWA") == ("76.7%" if "RWA" in group else None)
    assert {dot["iso3"] for dot in lanes["agency"]["dots"]} == {"AZE", "TUR"} & members, (
        "a figure without speaker is nobody's own"
    )
    assert "surveyed (regency (Pemalang), Indonesia: 88.18 on a scale from 25 to 100)" in satisfaction["how"]
    told = view["headline"]
    rose, fell, unclear = (
        sum(dot["tone"] == tone for dot in corruption["dots"]) for tone in ("rose", "fell", "unclear")
    )
    assert rose + fell + unclear == len(find_pairs(ctx, rule))
    words_ = {"rose": "rose", "fell": "fell", "unclear": "no detectable change"}
    for dot in corruption["dots"]:
        assert dot["text"] == f"{ctx.book.countries[dot['iso3']].name['en']}: {words_[dot['tone']]}"
    assert corruption["value"] == f"{rose} rose · {fell} fell"
    assert f"; {unclear} others show no change" in corruption["text"]
    assert f"{rose} rose, {fell} fell; {unclear} show no change" in told["text"]
    online = [
        row["value"] for iso3 in group if (row := find_latest(ctx, "egov_osi").get(iso3)) and row["value"] is not None
    ]
    (centres, served), (proxy, index) = service["lanes"], service["lines"]
    assert centres["text"].startswith("Indonesia 305 (2025)")
    assert "more than 10,500,000 (2024)" in served["text"], "of a period, never a total since the start"
    assert service["mark"] == "reported by agencies and press"
    assert index["label"].endswith(f", 2024, median of {len(online)}")
    assert "Azerbaijan" not in served["text"], "its figure is of 2013: no level of today"
    assert proxy["value"] == "Change not tested", "2012 and 2025 are of two editions"
    assert "no change is computed across editions" in service["how"]
    assert index["value"] == f"{median(online):.4f}"


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(("fewer", "said"), [(0, ", 2024, median of 14"), (5, ", 2024, median of 9"), (10, None)])
def test_the_median_of_a_tile_is_of_one_edition_and_of_five_figures_at_least(
    fewer: int, said: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A country that the newest edition leaves out entered with a figure of another method."""
    ctx = open_context()
    rows = find_latest(ctx, "egov_osi")
    before = {"year": 2022, "edition": "E-Government Survey 2022", "value": 0.0}
    changed = rows | {iso3: rows[iso3] | before for iso3 in list_adopters(ctx)[:fewer]}
    monkeypatch.setattr(kpis, "find_latest", lambda ctx, metric: changed if metric == "egov_osi" else rows)
    lines = kpis.build_kpis(ctx, "signed")[3]["lines"]
    assert len(lines) == (1 if said is None else 2)
    if said is not None:
        assert lines[1]["label"].endswith(said)
        kept = [changed[iso3]["value"] for iso3 in list_adopters(ctx)[fewer:]]
        assert lines[1]["value"] == f"{median(kept):.4f}"


@pytest.mark.usefixtures("handmade")
def test_each_vintage_is_news_the_newest_first_with_what_it_brought() -> None:
    second, first = view_overview(open_context())["news"]
    assert (second["date"], first["date"]) == ("2026-03-02", "2026-03-01")
    assert second["text"] == "1 row added, 1 replaced."
    assert first["text"] == "First version: 12 rows. by hand"
    assert "by hand" not in view_overview(open_context("fr"))["news"][1]["text"], "notes are English"


@pytest.mark.usefixtures("embedded")
def test_news_say_nothing_of_how_an_edition_came_with_the_product() -> None:
    news = view_overview(open_context())["news"]
    assert [one["text"] for one in news if "mbedded" in one["text"]] == []
    assert news[0]["text"] == "4,557 rows added, 3,224 replaced. Loaded with the product: no news from publishers."


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("sort", ["theme", "newest"])
def test_the_pages_of_the_matrix_hold_every_line_once_and_say_each_in_words(sort: str, ctx: Context) -> None:
    asked = AvailabilityQuery(sort=sort, group="asia")
    view = view_availability(ctx, asked)
    pages = [view_matrix_page(ctx, asked, number) for number in range(1, view_matrix_page(ctx, asked)["pages"] + 1)]
    assert [len(page["rows"]) for page in pages] == [25] * (len(pages) - 1) + [len(view["indicators"]) % 25 or 25]
    assert view_matrix_page(ctx, asked, 99) == pages[-1]
    for page in pages:
        themes = [view_row["theme_name"] for row in page["rows"] for view_row in view["indicators"]
                  if view_row["id"] == row["id"]]  # fmt: skip
        starts = [place == 0 or themes[place - 1] != theme for place, theme in enumerate(themes)]
        expected = [theme if start and sort == "theme" else "" for theme, start in zip(themes, starts, strict=True)]
        assert [row["theme"] for row in page["rows"]] == expected
    rows = [row for page in pages for row in page["rows"]]
    for row, one in zip(rows, view["indicators"], strict=True):
        years = [year for year in one["latest"] if year]
        span = f"{min(years)} to {max(years)}" if len(set(years)) > 1 else str(years[0]) if years else ""
        assert (row["id"], row["span"], row["points"]) == (one["id"], span, sum(one["points"]))
        assert row["covered"] == f"{one['covered']} of {len(view['countries'])}"
        counts = Counter(gap for gap in one["gap"] if gap)
        names = {entry["id"]: entry["name"] for entry in view["gaps"]}
        assert sorted(row["gaps"]) == sorted(f"{names[gap]}: {count}" for gap, count in counts.items())
        for cell, latest, gap, points in zip(row["cells"], one["latest"], one["gap"], one["points"], strict=True):
            age = "undated" if not latest else "recent" if latest >= ctx.today.year - 5 else "older"
            assert (cell["state"], cell["points"]) == (gap or age, "" if gap else str(points))
            assert gap or cell["mark"] == (str(latest) if latest else "○")
    assert {cell["state"] for row in rows for cell in row["cells"]} >= {"recent", "older", "undated", "not_reported"}
    assert [entry["state"] for entry in pages[0]["key"]][:3] == ["recent", "older", "undated"]
