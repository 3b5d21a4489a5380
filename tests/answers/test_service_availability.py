"""What there is of which adopter: what the matrix says is what the figures are, gaps are named, sums agree."""

import csv as csv_files
import io
from collections import Counter
from copy import deepcopy
from dataclasses import replace

import pytest

from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.base.rows import find_latest, has_figure, select_shown
from dashboard.answers.holdings.coverage import measure_coverage
from dashboard.answers.holdings.missing import list_missing
from dashboard.answers.site import availability as rooms
from dashboard.answers.site import matrix
from dashboard.answers.site.availability import (
    AvailabilityQuery,
    ask,
    describe_availability,
    list_groups,
    view_availability,
    write_csv,
)
from dashboard.answers.site.overview import view_overview
from dashboard.answers.wording.figures import define_missing
from dashboard.answers.wording.publishers import list_publishers
from dashboard.evidence.codebook.tables import THEMES
from dashboard.locales import LANGUAGES, order
from tests.checks import all_of


@pytest.mark.usefixtures("embedded")
def test_a_cell_is_what_the_figures_are(ctx: Context) -> None:
    view = view_availability(ctx, ask(ctx))
    places = [country["iso3"] for country in view["countries"]]
    assert set(places) == set(list_adopters(ctx))
    assert {row["id"] for row in view["indicators"]} == set(ctx.book.metrics)
    for row in view["indicators"][::7]:
        rows = select_shown(ctx, (row["id"],)).collect().to_dicts()
        for place, iso3 in enumerate(places):
            years = {one["year"] for one in rows if one["country"] == iso3 and has_figure(one)}
            assert (row["points"][place], row["latest"][place]) == (len(years), max(years, default=None))
            assert (row["gap"][place] is None) == bool(years), "a gap has a kind, a figure has none"
        assert row["covered"] == measure_coverage(ctx, row["id"])["covered"]


@pytest.mark.usefixtures("embedded")
def test_a_suppressed_figure_has_its_own_mark_and_words(monkeypatch: pytest.MonkeyPatch, ctx: Context) -> None:
    """No publisher here suppresses yet; the view is changed on its way to the page."""
    view = deepcopy(view_availability(ctx, AvailabilityQuery()))
    for row in view["indicators"]:
        row["gap"] = ["suppressed" if gap else gap for gap in row["gap"]]
    view["gaps"] = [{"id": "suppressed", "name": "suppressed by the publisher", "definition": "d", "cells": 1}]
    monkeypatch.setattr(matrix, "view_availability", lambda *_: view)
    page = matrix.view_matrix_page.__wrapped__(ctx, AvailabilityQuery())
    marks = {cell["mark"] for row in page["rows"] for cell in row["cells"] if cell["state"] == "suppressed"}
    assert marks == {"*"}
    assert "* suppressed by the publisher 1" in {f"{one['mark']} {one['words']}" for one in page["key"]}
    assert any("suppressed by the publisher" in gap for row in page["rows"] for gap in row["gaps"])


@pytest.mark.usefixtures("embedded")
def test_sums_agree_with_their_parts(ctx: Context) -> None:
    for asked in (
        AvailabilityQuery(),
        AvailabilityQuery(theme="integrity"),
        AvailabilityQuery(rule="operating", goal=16),
        AvailabilityQuery(group="asia"),
    ):
        view = view_availability(ctx, asked)
        gaps = Counter(gap for row in view["indicators"] for gap in row["gap"] if gap)
        assert {one["id"]: one["cells"] for one in view["gaps"]} == gaps
        assert view["with_figure"] + sum(gaps.values()) == view["cells"]
        assert view["cells"] == len(view["countries"]) * len(view["indicators"])
        assert sum(one["covered"] for one in view["countries"]) == view["with_figure"]
        assert write_csv(ctx, asked).decode().count("\r\n") == view["cells"] + 1


def _whole(ctx: Context, asked: AvailabilityQuery) -> tuple[list[int | None], list[str]]:
    """Of the lines shown, their cells whether the filter shows them or not: latest years, and kinds of gap."""
    rows = [row["id"] for row in view_availability(ctx, asked)["indicators"]]
    whole = {row["id"]: row for row in view_availability(ctx, replace(asked, gap=""))["indicators"]}
    cells = [pair for id_ in rows for pair in zip(whole[id_]["latest"], whole[id_]["gap"], strict=True)]
    return [year for year, gap in cells if not gap], [gap for _, gap in cells if gap]


@pytest.mark.usefixtures("embedded")
def test_the_sentence_says_how_many_have_a_figure_how_old_half_of_them_are_and_the_commonest_gap(ctx: Context) -> None:
    regions, texts = ("africa", "asia", "europe", "ldc"), []
    for asked in (
        AvailabilityQuery(), AvailabilityQuery(rule="operating", source="gcb"), AvailabilityQuery(gap="missing"),
        AvailabilityQuery(group="asia", source="gcb"),  # nothing
        *(AvailabilityQuery(theme=theme, group=group) for theme in THEMES for group in regions),
    ):  # fmt: skip
        text = view_availability(ctx, asked)["text"]
        texts.append(text)
        latest, gaps = _whole(ctx, asked)
        pairs = len(latest) + len(gaps)
        years = sorted(filter(None, latest))
        if latest:
            share = f"{100 * len(latest) / pairs:.0f}\xa0%"
            assert text.startswith(f"{share} of country–indicator pairs have data: {len(latest):,} of {pairs:,} (")
            half = next((year for year in years if 2 * sum(it <= year for it in years) >= len(years)), None)
            assert (f"median year of the latest: {half}." if half else "year not published.") in text
        else:
            assert text.startswith(f"None of {pairs:,} pairs of country and indicator has a figure (")
        if gaps:
            most = max(Counter(gaps).values())
            assert any(
                text.endswith(f"{rooms.describe_missing(ctx, gap)} ({most}).")  # type: ignore[arg-type]
                for gap, count in Counter(gaps).items()
                if count == most
            )
    assert any("year not published" in text for text in texts), "where no figure has a year, there are figures still"


@pytest.mark.usefixtures("embedded")
def test_groups_are_those_of_the_registers_countries_and_leave_their_own(ctx: Context) -> None:
    held = {iso3: ctx.book.countries[iso3] for iso3 in list_adopters(ctx, "any_contact")}
    own = {
        iso3: {it.region.lower(), it.income.lower().replace(" ", "_")}
        | {name for name in ("ldc", "lldc", "sids") if getattr(it, name)}
        for iso3, it in held.items()
    }
    offered = [choice["id"] for choice in list_groups(ctx)]
    assert set(offered) == set().union(*own.values()) - {""}
    kinds = [0 if id_ in {it.region.lower() for it in held.values()} else 2 if len(id_) < 5 else 1 for id_ in offered]
    assert kinds == sorted(kinds), "regions, then income, then the groups of the United Nations"
    for id_ in offered:
        found = view_availability(ctx, AvailabilityQuery(rule="any_contact", group=id_, theme="integrity"))
        assert {one["iso3"] for one in found["countries"]} == {iso3 for iso3, ids in own.items() if id_ in ids}


@pytest.mark.usefixtures("embedded")
def test_publishers_to_choose_from_are_those_with_an_indicator_and_find_it(ctx: Context) -> None:
    found = rooms.list_sources(ctx)
    assert [one["label"] for one in found] == [it.title for it in list_publishers().values() if it.title in {
        one["label"] for one in found}]  # fmt: skip
    feeds = {metric.id: {link.source for link in metric.series} | {own.source for own in metric.national}
             for metric in ctx.book.metrics.values()}  # fmt: skip
    assert {one["id"] for one in found} == set().union(*feeds.values())
    for one in found:
        view = view_availability(ctx, AvailabilityQuery(source=one["id"]))
        assert {row["id"] for row in view["indicators"]} == {id_ for id_, own in feeds.items() if one["id"] in own}


@pytest.mark.usefixtures("embedded")
def test_the_file_has_the_cells_of_the_page(ctx: Context) -> None:
    asked = AvailabilityQuery(theme="inclusion", group="asia", gap="")
    view = view_availability(ctx, asked)
    cells = {
        (row["id"], country["iso3"]): [row[part][place] for part in ("points", "first", "latest", "gap")]  # type: ignore[literal-required]
        for row in view["indicators"]
        for place, country in enumerate(view["countries"])
    }
    lines = csv_files.DictReader(io.StringIO(write_csv(ctx, asked).decode()))
    parts = ("points", "first_year", "latest_year", "gap")
    assert {(line["indicator"], line["country"]): [line[part] for part in parts] for line in lines} == {
        place: ["" if value is None else str(value) for value in values] for place, values in cells.items()
    }
    assert all_of(first <= latest for _, first, latest, gap in cells.values() if not gap and first)
    assert any(first < latest for _, first, latest, gap in cells.values() if not gap and first)
    for country in view["countries"]:
        assert country["covered"] == sum(not cells[row["id"], country["iso3"]][3] for row in view["indicators"])


@pytest.mark.usefixtures("embedded")
def test_filters_narrow(ctx: Context) -> None:
    every = view_availability(ctx, AvailabilityQuery())
    theme = view_availability(ctx, AvailabilityQuery(theme="integrity"))
    assert {row["theme"] for row in theme["indicators"]} == {"integrity"}
    goal = view_availability(ctx, AvailabilityQuery(goal=5))
    assert 0 < len(goal["indicators"]) < len(every["indicators"])
    assert all_of(5 in row["goals"] for row in goal["indicators"])
    source = view_availability(ctx, AvailabilityQuery(source="egdi"))
    assert 0 < len(source["indicators"]) < len(every["indicators"])
    ldc = view_availability(ctx, AvailabilityQuery(group="ldc"))
    assert 0 < len(ldc["countries"]) < len(every["countries"])
    gap = view_availability(ctx, AvailabilityQuery(gap="not_reported"))
    assert {one for row in gap["indicators"] for one in row["gap"]} == {"not_reported", None}
    assert gap["cells"] == next(one["cells"] for one in every["gaps"] if one["id"] == "not_reported")
    assert all_of(any(row["gap"]) for row in gap["indicators"]), "a line without any such gap is left out"


@pytest.mark.usefixtures("embedded")
def test_orders_are_as_they_say(ctx: Context) -> None:
    names, most, least, newest = (
        view_availability(ctx, AvailabilityQuery(sort=sort))["indicators"]
        for sort in ("name", "most", "least", "newest")
    )
    assert [row["name"].casefold() for row in names] == sorted(row["name"].casefold() for row in names)
    themes = [
        (THEMES.index(row["theme"]), -row["covered"], row["name"].casefold())
        for row in view_availability(ctx, ask(ctx))["indicators"]
    ]
    assert themes == sorted(themes), "within a theme what most countries have comes first"
    counts = [row["covered"] for row in most]
    assert counts == sorted(counts, reverse=True)
    assert [row["covered"] for row in least] == sorted(counts)
    years = [max((year or 0 for year in row["latest"]), default=0) for row in newest]
    assert years == sorted(years, reverse=True)


@pytest.mark.usefixtures("embedded")
def test_a_countrys_own_series_is_not_comparable_never_a_figure(ctx: Context) -> None:
    view = view_availability(ctx, AvailabilityQuery())
    place = [country["iso3"] for country in view["countries"]].index("RWA")
    row = next(row for row in view["indicators"] if row["id"] == "sat_overall_gov")
    assert not has_figure(find_latest(ctx, "sat_overall_gov").get("RWA"))
    assert (row["gap"][place], row["points"][place], row["latest"][place]) == ("not_comparable", 0, None)


@pytest.mark.parametrize("published", ["embedded", "handmade"])
def test_a_gap_is_of_the_same_kind_on_the_countrys_page(published: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(published)
    ctx = open_context()
    view = view_availability(ctx, AvailabilityQuery())
    for place, country in enumerate(view["countries"]):
        gaps = {row["id"]: gap for row in view["indicators"] if (gap := row["gap"][place])}
        assert {row["indicator"]: row["kind"] for row in list_missing(ctx, country["iso3"])} == gaps


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_regions_to_choose_from_are_in_the_order_of_their_names(lang: str) -> None:
    ctx = open_context(lang)
    regions = {country.region.lower().replace(" ", "_") for country in ctx.book.countries.values()}
    names = [choice["label"] for choice in list_groups(ctx) if choice["id"] in regions]
    assert len(names) > 1
    assert names == sorted(names, key=lambda name: order(name, lang))


@pytest.mark.usefixtures("handmade")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_overview_says_the_same_in_a_sentence(lang: str) -> None:
    ctx = open_context(lang)
    for rule in ("signed", "operating"):
        view = view_availability(ctx, AvailabilityQuery(rule=rule))
        assert view_overview(ctx, rule)["availability"] == view["text"] == describe_availability(ctx, rule)
        assert not view["with_figure"] or str(view["with_figure"]) in view["text"]


@pytest.mark.usefixtures("handmade")
def test_what_there_is_not_is_refused_by_name(ctx: Context) -> None:
    for more in ({"theme": "x"}, {"group": "x"}, {"gap": "x"}, {"sort": "x"}, {"rule": "x"}):
        with pytest.raises(Invalid, match="x"):
            ask(ctx, **more)
    for more in ({"goal": 18}, {"source": "x"}):
        with pytest.raises(Unknown):
            ask(ctx, **more)  # type: ignore[arg-type]


@pytest.mark.usefixtures("handmade")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_gap_has_a_name_and_a_definition(lang: str) -> None:
    ctx = open_context(lang)
    for gap in rooms.GAPS:
        assert rooms.describe_missing(ctx, gap)  # type: ignore[arg-type]
        assert len(define_missing(ctx, gap)) > 20
    assert all_of(group["label"] and group["label"] != group["id"] for group in list_groups(ctx))
