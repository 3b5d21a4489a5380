"""The map with boundaries: what is drawn, what is not, and the note that is never missing."""

import re
from dataclasses import replace

import pytest

from dashboard.analysis.charts import render
from dashboard.analysis.charts.atlas import embed_shapes
from dashboard.analysis.charts.kinds import worldmap
from dashboard.locales import LANGUAGES, t
from tests.analysis.charts.made_figures import PLAIN, frame, row, size_of, world
from tests.checks import all_of


def build(*rows, **options):
    group = tuple(dict.fromkeys(one["country"] for one in rows))
    return worldmap.build(frame(*rows), replace(PLAIN, **({"atlas": world(), "group": group} | options)))


def places(chart):
    return {place["country"]: place for place in chart.spec["datasets"]["places"]}


def test_areas_of_unsettled_status_have_no_fill_and_are_counted():
    chart = build(
        *[row(iso3, 2020, value) for value, iso3 in enumerate(("AZE", "SRB", "CHN", "MAR", "ESH", "XKX", "TWN", "FLK"))]
    )
    assert set(places(chart)) == {"AZE", "SRB", "CHN", "MAR"}
    assert "4 countries or areas with a figure are not drawn; they are in the table." in chart.sentence
    assert [one["country"] for one in chart.rows if one["value"] is not None] == [
        "AZE", "SRB", "CHN", "MAR", "ESH", "XKX", "TWN", "FLK",
    ]  # fmt: skip


def test_small_states_carry_a_dot_where_they_are():
    chart = build(row("SGP", 2020, 1.0), row("BHS", 2020, 2.0), row("TUV", 2020, None), row("AZE", 2020, 3.0))
    dots = {dot["country"]: dot for dot in chart.spec["datasets"]["points"]}
    assert set(dots) == {"SGP", "BHS", "TUV"}
    assert dots["TUV"]["kind"] == "none"
    assert dots["BHS"]["px"] < dots["SGP"]["px"] < dots["TUV"]["px"]


def test_every_member_of_the_group_with_a_square_can_be_seen():
    from tests.analysis.charts.made_figures import everyone

    without = {iso3 for iso3 in everyone() if not world().can_draw(iso3)}
    assert without - world().undetermined <= {
        "ATA", "ATF", "BES", "BVT", "CCK", "CXR", "GIB", "GLP", "GUF", "HMD", "IOT", "MTQ", "MYT", "REU", "SGS", "SJM",
        "TKL", "UMI",
    }  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_note_goes_with_the_chart_and_into_the_image(lang: str):
    chart = build(row("AZE", 2020, 1.0), row("GEO", 2020, 2.0), lang=lang)
    note = t("worldmap.note", lang)
    assert chart.note == note
    assert "1244" in note
    words = " ".join(re.sub(r"<[^>]*>", " ", render.draw_svg(chart)).split())
    assert all_of(part in words for part in note.split(" ")[:5])
    assert "1244" in words


def test_nothing_to_draw_is_said_and_no_map_is_drawn():
    chart = build(row("AZE", 2020, None))
    assert "places" not in chart.spec["datasets"]
    assert "The country has no figure" in chart.sentence


def test_shapes_are_fetched_by_address_and_are_inside_images_only():
    chart = build(row("AZE", 2020, 1.0))
    text = str(chart.spec)
    assert world().url in text
    assert "arcs" not in text
    assert size_of(chart.spec) < 30_000
    inside = str(embed_shapes(chart.spec, world()))
    assert world().url not in inside
    assert "arcs" in inside


def test_a_map_without_shapes_is_refused():
    with pytest.raises(ValueError, match=r"options\.atlas"):
        build(row("AZE", 2020, 1.0), atlas=None)


def test_boundaries_that_are_not_final_are_lines_of_their_own():
    document = world().document
    lines = document["objects"]["lines"]
    assert lines["type"] == "MultiLineString"
    assert len(lines["arcs"]) >= 12
    assert len(str(document)) < 120_000
    shapes = {one["id"] for one in document["objects"]["areas"]["geometries"]}
    assert {"UKR", "CYP", "SOM", "ESH", "PSE", "SSD"} <= shapes
    assert shapes.isdisjoint({"CYN", "SOL", "ATA"})


def test_the_key_shows_areas_without_a_figure_as_they_are_drawn():
    chart = build(row("AZE", 2020, 1.0), row("GEO", 2020, None))
    assert [key["kind"] for key in chart.spec["datasets"]["keys"]] == ["outlined", "grey"]
    assert places(chart)["GEO"]["kind"] == "none"
