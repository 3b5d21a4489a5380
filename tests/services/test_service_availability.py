"""What there is of which adopter: what the matrix says is what the figures are, gaps are named, sums agree."""

from collections import Counter
from copy import deepcopy

import pytest

from dashboard.locales import LANGUAGES, order
from dashboard.services.adoption.counting import adopters
from dashboard.services.base.context import context
from dashboard.services.base.errors import Invalid, Unknown
from dashboard.services.base.rows import has_figure, latest_of, shown
from dashboard.services.holdings.coverage import coverage
from dashboard.services.holdings.missing import missing
from dashboard.services.site import availability as rooms
from dashboard.services.site import matrix
from dashboard.services.site.availability import AvailabilityQuery, ask, availability, availability_text, csv, groups
from dashboard.services.site.overview import overview


@pytest.mark.usefixtures("embedded")
def test_a_cell_is_what_the_figures_are() -> None:
    ctx = context()
    view = availability(ctx, ask(ctx))
    places = [country["iso3"] for country in view["countries"]]
    assert set(places) == set(adopters(ctx))
    assert {row["id"] for row in view["indicators"]} == set(ctx.book.metrics)
    for row in view["indicators"][::7]:
        rows = shown(ctx, (row["id"],)).collect().to_dicts()
        for place, iso3 in enumerate(places):
            years = {one["year"] for one in rows if one["country"] == iso3 and has_figure(one)}
            assert (row["points"][place], row["latest"][place]) == (len(years), max(years, default=None))
            assert (row["gap"][place] is None) == bool(years), "a gap has a kind, a figure has none"
        assert row["covered"] == coverage(ctx, row["id"])["covered"]


@pytest.mark.usefixtures("embedded")
def test_a_suppressed_figure_has_its_own_mark_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """No publisher here suppresses yet; the view is changed on its way to the page."""
    ctx = context()
    view = deepcopy(availability(ctx, AvailabilityQuery()))
    for row in view["indicators"]:
        row["gap"] = ["suppressed" if gap else gap for gap in row["gap"]]
    view["gaps"] = [{"id": "suppressed", "name": "suppressed by the publisher", "definition": "d", "cells": 1}]
    monkeypatch.setattr(matrix, "availability", lambda *_: view)
    page = matrix.matrix_page.__wrapped__(ctx, AvailabilityQuery())
    marks = {cell["mark"] for row in page["rows"] for cell in row["cells"] if cell["state"] == "suppressed"}
    assert marks == {"*"}
    assert "* suppressed by the publisher 1" in {f"{one['mark']} {one['words']}" for one in page["key"]}
    assert any("suppressed by the publisher" in gap for row in page["rows"] for gap in row["gaps"])


@pytest.mark.usefixtures("embedded")
def test_sums_agree_with_their_parts() -> None:
    ctx = context()
    for asked in (
        AvailabilityQuery(),
        AvailabilityQuery(theme="integrity"),
        AvailabilityQuery(rule="operating", goal=16),
        AvailabilityQuery(group="asia"),
    ):
        view = availability(ctx, asked)
        gaps = Counter(gap for row in view["indicators"] for gap in row["gap"] if gap)
        assert {one["id"]: one["cells"] for one in view["gaps"]} == gaps
        assert view["with_figure"] + sum(gaps.values()) == view["cells"]
        assert view["cells"] == len(view["countries"]) * len(view["indicators"])
        assert sum(one["covered"] for one in view["countries"]) == view["with_figure"]
        assert csv(ctx, asked).decode().count("\r\n") == view["cells"] + 1


@pytest.mark.usefixtures("embedded")
def test_the_bars_of_the_overview_are_shares_of_the_matrix() -> None:
    ctx = context()
    for theme in overview(ctx)["coverage"]:
        view = availability(ctx, AvailabilityQuery(theme=theme["theme"]))
        assert theme["share"] == f"{100 * view['with_figure'] / view['cells']:.0f}%"
        assert theme["share_text"].replace("\u00a0", "") == theme["share"]


@pytest.mark.usefixtures("embedded")
def test_filters_narrow() -> None:
    ctx = context()
    every = availability(ctx, AvailabilityQuery())
    theme = availability(ctx, AvailabilityQuery(theme="integrity"))
    assert {row["theme"] for row in theme["indicators"]} == {"integrity"}
    goal = availability(ctx, AvailabilityQuery(goal=5))
    assert 0 < len(goal["indicators"]) < len(every["indicators"])
    assert all(5 in row["goals"] for row in goal["indicators"])
    source = availability(ctx, AvailabilityQuery(source="egdi"))
    assert 0 < len(source["indicators"]) < len(every["indicators"])
    ldc = availability(ctx, AvailabilityQuery(group="ldc"))
    assert 0 < len(ldc["countries"]) < len(every["countries"])
    gap = availability(ctx, AvailabilityQuery(gap="not_reported"))
    assert {one for row in gap["indicators"] for one in row["gap"]} == {"not_reported", None}
    assert gap["cells"] == next(one["cells"] for one in every["gaps"] if one["id"] == "not_reported")
    assert all(any(row["gap"]) for row in gap["indicators"]), "a line without any such gap is left out"


@pytest.mark.usefixtures("embedded")
def test_orders_are_as_they_say() -> None:
    ctx = context()
    names, most, least, newest = (
        availability(ctx, AvailabilityQuery(sort=sort))["indicators"] for sort in ("name", "most", "least", "newest")
    )
    assert [row["name"].casefold() for row in names] == sorted(row["name"].casefold() for row in names)
    counts = [row["covered"] for row in most]
    assert counts == sorted(counts, reverse=True)
    assert [row["covered"] for row in least] == sorted(counts)
    years = [max((year or 0 for year in row["latest"]), default=0) for row in newest]
    assert years == sorted(years, reverse=True)


@pytest.mark.usefixtures("embedded")
def test_a_countrys_own_series_is_not_comparable_never_a_figure() -> None:
    ctx = context()
    view = availability(ctx, AvailabilityQuery())
    place = [country["iso3"] for country in view["countries"]].index("RWA")
    row = next(row for row in view["indicators"] if row["id"] == "sat_overall_gov")
    assert not has_figure(latest_of(ctx, "sat_overall_gov").get("RWA"))
    assert (row["gap"][place], row["points"][place], row["latest"][place]) == ("not_comparable", 0, None)


@pytest.mark.parametrize("published", ["embedded", "handmade"])
def test_a_gap_is_of_the_same_kind_on_the_countrys_page(published: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(published)
    ctx = context()
    view = availability(ctx, AvailabilityQuery())
    for place, country in enumerate(view["countries"]):
        gaps = {row["id"]: gap for row in view["indicators"] if (gap := row["gap"][place])}
        assert {row["indicator"]: row["kind"] for row in missing(ctx, country["iso3"])} == gaps


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_regions_to_choose_from_are_in_the_order_of_their_names(lang: str) -> None:
    ctx = context(lang)
    regions = {country.region.lower().replace(" ", "_") for country in ctx.book.countries.values()}
    names = [choice["label"] for choice in groups(ctx) if choice["id"] in regions]
    assert len(names) > 1
    assert names == sorted(names, key=lambda name: order(name, lang))


@pytest.mark.usefixtures("handmade")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_overview_says_the_same_in_a_sentence(lang: str) -> None:
    ctx = context(lang)
    for rule in ("signed", "operating"):
        view = availability(ctx, AvailabilityQuery(rule=rule))
        assert overview(ctx, rule)["availability"] == view["text"] == availability_text(ctx, rule)
        assert str(view["with_figure"]) in view["text"] or not view["with_figure"]


@pytest.mark.usefixtures("handmade")
def test_what_there_is_not_is_refused_by_name() -> None:
    ctx = context()
    for more in ({"theme": "x"}, {"group": "x"}, {"gap": "x"}, {"sort": "x"}, {"rule": "x"}):
        with pytest.raises(Invalid, match="x"):
            ask(ctx, **more)
    for more in ({"goal": 18}, {"source": "x"}):
        with pytest.raises(Unknown):
            ask(ctx, **more)  # type: ignore[arg-type]


@pytest.mark.usefixtures("handmade")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_gap_has_a_name_and_a_definition(lang: str) -> None:
    ctx = context(lang)
    for gap in rooms.GAPS:
        assert rooms.kind_text(ctx, gap)  # type: ignore[arg-type]
        assert len(rooms._definition(ctx, gap)) > 20
    assert all(group["label"] and group["label"] != group["id"] for group in groups(ctx))
