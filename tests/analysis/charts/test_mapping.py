"""The alluvial: as wide as it has links, nothing on top of anything else, valid and drawn in every language."""

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import altair as alt
import jsonschema
import pytest
from altair.vegalite.v6.schema import core
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.charts import render
from dashboard.analysis.charts.chart import ChartOptions, ChartWords
from dashboard.analysis.charts.compiled import compile_chart
from dashboard.analysis.charts.kinds.mapping import (
    BOTTOM,
    LINE_PX,
    TOP,
    Flow,
    Node,
    Shade,
    Strand,
    build,
    list_shade_colours,
    measure_widths,
    order_by_flow,
    place_nodes,
)
from dashboard.analysis.charts.theme import LOOKS
from dashboard.locales import LANGUAGES
from tests.checks import all_of

VALIDATOR = jsonschema.Draft7Validator(core.load_schema())


def strand(left: str, middle: str, right: str, links: float, shade: str = "direct", **more: object) -> Strand:
    told = {"figures": True, "older": False, "pinned": False} | more
    return Strand(
        left, middle, right, shade, links=links, path=f"{left} {middle} {right}", count=f"{links} links",
        strength=shade, held="figures", named="An indicator", to=f"/en/mapping/?pin={left},{middle},{right}", **told,
    )  # fmt: skip


def flow(strands: list[Strand], rights: tuple[str, ...] = ("r1", "r2", "r3")) -> Flow:
    nodes = [Node(one, 0, one, one, "n links", "/") for one in ("a", "b")]
    nodes += [Node(one, 1, "", one, "n links", "/", one, "#00689d", "#ffffff") for one in ("t1", "t2", "t3")]
    nodes += [Node(one, 2, one, one, "n links", "/") for one in rights]
    shades = [Shade("direct", "direct"), Shade("proxy", "proxy"), Shade("absent", "no figures")]
    words = ChartWords(("What is drawn.",))
    return Flow(("Themes", "Targets", "Principles"), nodes, strands, shades, [], words, "n links")


STRANDS = [
    strand("a", "t1", "r1", 8),
    strand("a", "t2", "r1", 1, "proxy"),
    strand("a", "t2", "", 2, "proxy", figures=False),
    strand("b", "t2", "r2", 1.5),
    strand("b", "t3", "r1", 0.5, older=True),
]


def options(lang: str = "en", theme: str = "light", width: int = 1100) -> ChartOptions:
    return ChartOptions(lang=lang, theme=theme, width=width, title="A title", source_line="TEST", as_of="today")  # type: ignore[arg-type]


counts = st.integers(1, 60)
drawn = st.lists(
    st.builds(
        strand, st.sampled_from("ab"), st.sampled_from(["t1", "t2", "t3"]), st.sampled_from(["", "r1", "r2"]), counts
    ),
    min_size=1,
    unique_by=lambda it: it.key,
)


@given(drawn)
def test_nodes_stand_below_one_another_between_the_heads_and_the_key(strands):
    made = flow(strands)
    at, wide = place_nodes(made)
    assert wide > 0
    for column in (0, 1, 2):
        own = [at[node.key] for node in made.nodes if node.column == column]
        assert all_of(upper.bottom < lower.top for upper, lower in pairwise(own))
        assert own[0].top >= TOP - 0.01
        assert own[-1].bottom <= BOTTOM + 0.01
        assert all_of(place.bottom - place.top >= LINE_PX - 0.01 for place in own), "room for a line of words each"


@given(drawn)
def test_ribbons_are_as_wide_as_they_have_links_and_never_on_top_of_each_other(strands):
    made = flow(strands)
    _, wide = place_nodes(made)
    rows = {row["key"]: row for row in build(made, options()).spec["datasets"]["strands"]}
    assert len(rows) == len(strands)
    for end, node in ((0, "left"), (1, "middle"), (2, "middle"), (3, "right")):
        by_node: dict[str, list[tuple[float, float]]] = {}
        for it in strands:
            ends = rows[it.key]["ends"]
            assert len(ends) == (4 if it.right else 2)
            if end < len(ends):
                by_node.setdefault(getattr(it, node), []).append((ends[end], ends[end] + wide * it.links))
        for extents in by_node.values():
            assert all(upper[1] <= lower[0] + 0.11 for upper, lower in pairwise(sorted(extents)))


def test_a_node_counts_what_reaches_it_and_what_ends_there():
    assert measure_widths(flow(STRANDS)) == {"a": 11, "b": 2, "t1": 8, "t2": 4.5, "t3": 0.5, "r1": 9.5, "r2": 1.5}


def test_what_flows_from_above_stands_above_and_what_nothing_reaches_stands_last():
    told = [("t3", "low", 1.0), ("t1", "high", 1.0), ("t1", "middle", 1.0), ("t3", "middle", 1.0)]
    assert order_by_flow(["none", "low", "middle", "high"], told, {"t1": 0, "t3": 2}) == [
        "high",
        "middle",
        "low",
        "none",
    ]


def test_a_pinned_path_stands_out_and_nothing_pinned_lets_all_stand():
    def on(strands: list[Strand]) -> list[bool]:
        return [row["on"] for row in build(flow(strands), options()).spec["datasets"]["strands"]]

    assert all_of(on(STRANDS))
    held = [replace(STRANDS[0], pinned=True), *STRANDS[1:]]
    assert on(held) == [True, False, False, False, False]
    nodes = {row["key"]: row["on"] for row in build(flow(held), options()).spec["datasets"]["nodes"]}
    assert [key for key, lit in nodes.items() if lit] == ["a", "t1", "r1"]


def test_one_row_is_one_strand_and_another_choice_changes_only_the_data():
    first, second = (build(flow(strands), options()).spec for strands in (STRANDS, STRANDS[:2]))
    assert len(first["datasets"]["strands"]) == 5
    assert {**first, "datasets": 0} == {**second, "datasets": 0}
    assert [row["look"] for row in first["datasets"]["strands"]] == ["", "", "absent", "", "older"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("theme", LOOKS)
def test_it_is_valid_and_drawn_with_its_words_inside(lang, theme):
    chart = build(flow(STRANDS), options(lang, theme))
    assert not [error.message for error in VALIDATOR.iter_errors(chart.spec)]
    assert chart.spec["$schema"].endswith(f"/{alt.SCHEMA_VERSION}.json")
    document = render.draw_svg(chart)
    root = ElementTree.fromstring(document)
    assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]
    words = re.sub(r"<[^>]*>", " ", document)
    for word in ("A title", "What is drawn.", "TEST", "Principles", "no figures", "t1", "r3"):
        assert word in words
    assert "NaN" not in document
    assert "undefined" not in words


def test_right_to_left_is_the_same_picture_in_a_mirror():
    def bars(lang: str) -> list[float]:
        """The middles of all nodes, from the left."""
        found = re.findall(r'd="M([\d.]+),[\d.]+h(12|46)v', render.draw_svg(build(flow(STRANDS), options(lang))))
        return sorted(float(x) + int(wide) / 2 for x, wide in found)

    left, right = bars("en"), bars("ar")
    assert len(left) == len(right) == 8
    assert left == pytest.approx(sorted(left[0] + left[-1] - x for x in right))


def test_marks_hear_the_pointer_but_the_cuts_of_the_hatching_do_not():
    marks = compile_chart(build(flow(STRANDS), options()).spec)["marks"]
    kinds = [(one["type"], one.get("interactive")) for mark in marks for one in mark.get("marks", [mark])]
    assert [hears for kind, hears in kinds if kind == "area"]
    assert all_of(hears for kind, hears in kinds if kind == "area")
    assert all_of(hears is False for kind, hears in kinds if kind == "rule")


def test_strengths_differ_by_lightness_in_both_themes():
    for theme in LOOKS:
        colours = list_shade_colours(theme)
        assert len({colours[one] for one in ("direct", "proxy", "enabling")}) == 3


def test_without_links_it_says_so():
    chart = build(flow([]), options())
    assert "What is drawn." in re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", render.draw_svg(chart)))
