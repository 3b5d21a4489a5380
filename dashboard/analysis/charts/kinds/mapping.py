"""Mapping: themes, the SDG targets they serve, and what stands behind them, as an alluvial of three columns.

A row is a strand from the first column to the last, whose ribbons the browser draws along a smoothstep.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import altair as alt

from dashboard.analysis.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.analysis.charts.layers import shape
from dashboard.analysis.charts.layers.frame import Rows
from dashboard.analysis.charts.theme import LOOKS, choose_sides, hold_direction, is_rtl
from dashboard.analysis.charts.words.wording import fold_name

IMAGE_HEIGHT = 554  # pixels of what an image shows
HEIGHT = IMAGE_HEIGHT + 40  # on a page, where the words of what is hovered stand below the key
TOP, BOTTOM = 30, IMAGE_HEIGHT - 52  # of the nodes: column heads stand above, the key below
SIDE_WORDS_PX = 190  # pixels of words beside the outer columns
TILE, BAR = 46, 12  # widths of a tile with a number in it, and of a bar
LINE_PX = 15  # pixels of a line of words beside a node
MIN_TILE_PX = 15  # pixels of a tile whose number can still be read
MIN_GAP_PX = 2  # least pixels between nodes
CURVE_POINTS = 5  # points of a curve; between them it is drawn smoothly
STRIPE, APART = 3.5, 7  # pixels of what is cut out of a hatched ribbon, and from one cut to the next
FAINT, PALE = 0.1, 0.42  # opacity of what is not in the path looked at, and of old figures
MAX_LINE_LETTERS = 26  # letters of a line beside a node
LETTER_PX = 6.4  # pixels of a letter of the key
KEY_WIDTH_PX = 700  # pixels of a line of the key

COLUMNS = (
    "indicator", "name", "theme", "target", "goal", "link", "strength", "reason", "rights_reference",
    "reference_checked", "countries_with_figures", "country", "figure", "year", "status", "method",
)  # fmt: skip
"""Columns of the file: one row per link drawn; ``link`` is its node in the last column."""

Column = Literal[0, 1, 2]
Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a column: a tile with ``code`` inside if it has a ``colour``, else a bar."""

    key: str
    column: Column
    label: str  # beside it; "" for none
    name: str  # whole, for the tooltip
    links: str  # how many, in words
    to: str  # the address that shows its links
    code: str = ""
    colour: str = ""
    ink: str = ""


@dataclass(frozen=True, slots=True)
class Strand:
    """Links that join the same three nodes and look alike; without ``right`` it ends at the target."""

    left: str
    middle: str
    right: str
    shade: str  # id of a ``Shade``
    figures: bool  # False is hatched
    older: bool  # paler: its figures are over five years old
    links: float  # width: a link with two references lends half of its width to each
    path: str  # the three nodes in words
    count: str
    strength: str
    held: str  # what figures there are, in words
    named: str  # indicators by name
    to: str
    pinned: bool = False

    @property
    def key(self) -> str:
        """Identifier among all strands."""
        return "|".join((self.left, self.middle, self.right, self.shade, f"{self.figures:d}{self.older:d}"))


@dataclass(frozen=True, slots=True)
class Shade:
    """A colour of ribbons and its meaning; ``absent`` is hatched, ``older`` paler."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The content of the chart; nodes are in the order of their columns."""

    heads: tuple[str, str, str]
    nodes: Sequence[Node]
    strands: Sequence[Strand]
    shades: Sequence[Shade]
    rows: Rows  # the links themselves, for file and table
    words: ChartWords
    subtitle: str


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a node in pixels from the top, and where its strands begin."""

    top: float
    bottom: float
    first: float


def build(flow: Flow, options: ChartOptions) -> Chart:
    """Return the alluvial of ``flow``."""
    data = partial(_build_data, flow, options) if flow.strands else None
    return shape.make_chart(_draw_shape, data, flow.rows, flow.words, flow.subtitle, options)


def measure_widths(flow: Flow) -> dict[str, float]:
    """Return the links of each node: of a target those that reach it, else those that leave or end there."""
    totals: dict[str, float] = defaultdict(float)
    for strand in flow.strands:
        for node in (strand.left, strand.middle, strand.right):
            if node:
                totals[node] += strand.links
    return dict(totals)


def place_nodes(flow: Flow) -> tuple[dict[str, Place], float]:
    """Return the place of every node, and the pixels of a link that fit the fullest column.

    A node is as high as its links are wide, but never lower than its words.
    """
    weight, height = measure_widths(flow), BOTTOM - TOP
    columns = [[node for node in flow.nodes if node.column == column] for column in (0, 1, 2)]

    def measure_height(node: Node, wide: float) -> float:
        return max(_find_least_height(node), wide * weight.get(node.key, 0.0))

    def is_fitting(wide: float) -> bool:
        return all(
            sum(measure_height(node, wide) for node in own) + MIN_GAP_PX * (len(own) - 1) <= height
            for own in columns
            if own
        )

    low, high = 0.0, height / max(1.0, sum(strand.links for strand in flow.strands))
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if is_fitting(middle) else (low, middle)
    result = {}
    for own in columns:
        used = sum(measure_height(node, low) for node in own)
        between = (height - used) / (len(own) - 1) if len(own) > 1 else 0.0
        y = TOP + (0.0 if len(own) > 1 else (height - used) / 2)
        for node in own:
            own_height = measure_height(node, low)
            first = y + (own_height - low * weight.get(node.key, 0.0)) / 2
            result[node.key] = Place(y, y + own_height, first)
            y += own_height + between
    return result, low


def _find_least_height(node: Node) -> float:
    lines = 1 + node.label.count("\n")
    return max(MIN_TILE_PX if node.code else 0, LINE_PX * lines + 1 if node.label else 4)


def _build_data(flow: Flow, options: ChartOptions) -> dict[str, Rows]:
    lang, look = options.lang, LOOKS[options.theme]
    at, wide = place_nodes(flow)
    order = {node.key: number for number, node in enumerate(flow.nodes)}
    shades = {shade.id: number for number, shade in enumerate(flow.shades)}

    def stack(node: str, *by: str) -> dict[str, float]:
        """Return where each strand begins in its node ``node``, in the order of the nodes ``by``."""

        def rank(strand: Strand) -> tuple[int, ...]:
            return (
                *(order.get(getattr(strand, name), -1) for name in by),
                shades.get(strand.shade, -1),
                -strand.figures,
                strand.older,
            )

        tops: dict[str, float] = {}
        taken: dict[str, float] = {}
        for strand in sorted(flow.strands, key=rank):
            own = getattr(strand, node)
            if own:
                tops[strand.key] = taken.get(own, at[own].first)
                taken[own] = tops[strand.key] + wide * strand.links
        return tops

    begin, arrive = stack("left", "middle", "right"), stack("middle", "left", "right")
    leave, end = stack("middle", "right", "left"), stack("right", "middle", "left")
    anything = any(strand.pinned for strand in flow.strands)
    ribbons = [
        {
            "key": strand.key, "left": strand.left, "middle": strand.middle, "right": strand.right,
            "shade": strand.shade,
            "look": "absent" if not strand.figures else "older" if strand.older else "",
            "on": strand.pinned or not anything, "w": round(max(wide * strand.links, 0.8), 2),
            "ends": [round(y, 1) for y in (begin[strand.key], arrive[strand.key])]
            + ([round(y, 1) for y in (leave[strand.key], end[strand.key])] if strand.right else []),
            "path": hold_direction(" · ".join((strand.strength, strand.path, strand.count, strand.held)), lang),
            "named": hold_direction(strand.named, lang),
            "to": strand.to,
        }
        for strand in flow.strands
    ]  # fmt: skip
    pinned = [strand for strand in flow.strands if strand.pinned]
    lit = {key for strand in pinned for key in (strand.left, strand.middle, strand.right)}
    linked = measure_widths(flow)
    nodes = [
        {
            "key": node.key, "column": node.column,
            "top": round(at[node.key].top, 1), "bottom": round(at[node.key].bottom, 1),
            "label": "\n".join(hold_direction(line, lang) for line in node.label.split("\n")), "code": node.code,
            "colour": node.colour or (look.text if node.key in linked else look.hairline),
            "ink": node.ink or look.surface,
            "path": hold_direction(f"{node.name} · {node.links}", lang), "named": "",
            "to": node.to, "on": not anything or node.key in lit,
        }
        for node in flow.nodes
    ]  # fmt: skip
    x, line, key = 0.0, 0, []
    for shade in flow.shades:
        long = 54 + LETTER_PX * len(shade.label)
        if x + long > KEY_WIDTH_PX:
            x, line = 0.0, line + 1
        key.append({"key": shade.id, "label": hold_direction(shade.label, lang), "at": round(x), "line": line})
        x += long
    heads = [{"column": column, "label": hold_direction(head, lang)} for column, head in enumerate(flow.heads)]
    return {"ground": [{}], "strands": ribbons, "nodes": nodes, "key": key, "heads": heads}


def break_node_name(name: str, options: ChartOptions) -> str:
    """Return a name as it stands beside a node: on two lines if long."""
    return (
        fold_name(name, MAX_LINE_LETTERS, options)
        if not is_rtl(options.lang)
        else "\n".join(shape.wrap_text(name, MAX_LINE_LETTERS)[:2])
    )


def order_by_flow(
    keys: Iterable[str], strands: Sequence[tuple[str, str, float]], fixed: Mapping[str, int]
) -> list[str]:
    """Return ``keys`` by the mean place of what flows to them, so that ribbons cross little.

    ``strands``: (node of the fixed column, one of ``keys``, links); ``fixed``: node → place in its column.
    """
    shares: dict[str, list[float]] = {}
    for middle, right, links in strands:
        total = shares.setdefault(right, [0.0, 0.0])
        total[0] += fixed[middle] * links
        total[1] += links
    return sorted(keys, key=lambda key: shares[key][0] / shares[key][1] if key in shares else float("inf"))


def list_shade_colours(theme: Theme) -> dict[str, str]:
    """Return the colours of ribbons: lightness for strengths, hues for statuses, grey for the rest."""
    look = LOOKS[theme]
    return {
        "direct": look.sequential[4],
        "proxy": look.sequential[2],
        "enabling": look.sequential[0],
        "met": look.palette[2],
        "good": look.palette[0],
        "middle": look.palette[4],
        "bad": look.palette[1],
        "none": look.rest,
        "absent": look.rest,
        "older": look.rest,
    }


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look, colours = LOOKS[theme], list_shade_colours(theme)
    start, end = choose_sides(lang)
    left, middle, right = f"{SIDE_WORDS_PX}", "width / 2", f"width - {SIDE_WORDS_PX}"

    def across(text: str) -> str:
        """A place counted from where reading starts."""
        return f"width - ({text})" if is_rtl(lang) else text

    hovered = "over.key && isValid(over.key[0])"
    same = " || ".join(f"over.key[0] === datum.{name}" for name in ("key", "left", "middle", "right", "shade"))
    inside = f"({hovered} ? ({same}) : datum.on)"
    over = alt.selection_point(
        name="over", fields=["key", "path", "named"], on="pointerover", clear="pointerout", toggle=False
    )
    silent = alt.TooltipValue(None)  # a mark with a tooltip hears the pointer; the words stand below the key

    # places 0 … STEPS - 1 are of the first ribbon of a strand, the rest of the second
    flat = (
        shape.draw_dataset("strands")
        .transform_calculate(at=f"sequence(0, {CURVE_POINTS} * length(datum.ends) / 2)")
        .transform_flatten(["at"])
        .transform_calculate(
            part=f"datum.at < {CURVE_POINTS} ? 0 : 1", u=f"(datum.at % {CURVE_POINTS}) / {CURVE_POINTS - 1}",
        )
        .transform_calculate(
            x=across(
                f"(datum.part ? {middle} + {TILE / 2} : {left} + {BAR})"
                f" + datum.u * ({right} - {left} - {BAR * 2 + TILE}) / 2"
            ),
            y="datum.ends[2 * datum.part] + (datum.ends[2 * datum.part + 1] - datum.ends[2 * datum.part])"
            " * datum.u * datum.u * (3 - 2 * datum.u)",
            of="datum.key + datum.part",
        )
        .transform_calculate(below="datum.y + datum.w")
    )  # fmt: skip
    x, y = alt.X("x:Q", scale=None, axis=None), alt.Y("y:Q", scale=None, axis=None)

    def ribbons(shade: str, *, hatched: bool) -> Any:
        where = f"datum.shade === '{shade}' && datum.look {'=' if hatched else '!'}== 'absent'"
        mark = flat.transform_filter(where).mark_area(
            interpolate="monotone", color=colours[shade], cursor="pointer",
            opacity=alt.ExprRef(f"{inside} ? (datum.look === 'older' ? {PALE} : 0.92) : {FAINT}"),
        )  # fmt: skip
        return mark.encode(x, y, y2="below:Q", detail="of:N", tooltip=silent)

    # what is hatched lies below the cuts, and all else above them
    strengths, tones = ("enabling", "proxy", "direct"), ("none", "good", "met", "middle", "bad")
    cuts = (
        shape.draw_dataset("ground")
        .transform_calculate(n=f"sequence({left} + {BAR} + {STRIPE / 2}, {right}, {APART})")
        .transform_flatten(["n"])
        .mark_rule(strokeWidth=STRIPE, color=look.surface)
        .encode(alt.X("n:Q", scale=None, axis=None), y=shape.place_y(f"{TOP}"), y2=shape.place_y2(f"{BOTTOM}"))
    )
    layers = [ribbons(shade, hatched=True) for shade in ("absent", *strengths)]
    layers += [cuts, *(ribbons(shade, hatched=False) for shade in (*strengths, *tones))]

    places_ = ("datum.column === 0", "datum.column === 1")
    tiled = f"datum.code ? {TILE} : {BAR}"
    near = f"{places_[0]} ? {left} : {places_[1]} ? {middle} - ({tiled}) / 2 : {right} - {BAR}"
    boxes = shape.draw_dataset("nodes").transform_calculate(a=near, wide=tiled)
    boxes = boxes.transform_calculate(x=across("datum.a"), x2=across("datum.a + datum.wide"))
    edge = {"y": alt.Y("top:Q", scale=None, axis=None), "y2": "bottom:Q"}
    alike = f"(!({hovered}) || over.key[0] === datum.key) && datum.on"
    bars = boxes.mark_rect(cursor="pointer", opacity=alt.ExprRef(f"datum.on || {alike} ? 1 : 0.35")).encode(
        x, x2="x2:Q", color=alt.Color("colour:N", scale=None), tooltip=silent, **edge
    )
    centre = boxes.transform_calculate(c="(datum.top + datum.bottom) / 2", m="(datum.x + datum.x2) / 2")
    codes = centre.mark_text(
        baseline="middle", fontSize=11.5, fontWeight=600, cursor="pointer", text=alt.ExprRef("datum.code")
    ).encode(
        alt.X("m:Q", scale=None, axis=None), alt.Y("c:Q", scale=None, axis=None),
        color=alt.Color("ink:N", scale=None), tooltip=silent,
    )  # fmt: skip

    def names(column: int, align: Align, away: int, edge_: str) -> Any:
        label = centre.transform_filter(f"datum.column === {column} && datum.label !== ''")
        label = label.transform_calculate(beside=across(f"datum.a + {edge_}"))
        return label.mark_text(
            align=align, baseline="middle", dx=away if align == "left" else -away, fontSize=13, fontWeight=600,
            cursor="pointer", **shape.write_lines("datum.label"),
            opacity=alt.ExprRef(f"{alike} ? 1 : datum.on ? 0.75 : 0.4"), color=look.text,
        ).encode(
            alt.X("beside:Q", scale=None, axis=None), alt.Y("c:Q", scale=None, axis=None), tooltip=silent
        )  # fmt: skip

    heads = shape.draw_dataset("heads").transform_calculate(
        a=f"{places_[0]} ? {left} + {BAR} : {places_[1]} ? {middle} : {right} - {BAR}",
        x=across("datum.a"),
    )
    columns: tuple[tuple[Column, Align], ...] = ((0, end), (1, "center"), (2, start))
    head_words = [
        heads.transform_filter(f"datum.column === {column}")
        .mark_text(align=align, baseline="top", fontSize=12, color=look.muted, text=alt.ExprRef("datum.label"))
        .encode(x, y=shape.place_y("4"))
        for column, align in columns
    ]
    keys = (
        shape.draw_dataset("key")
        .transform_calculate(x=across("datum.at"), x2=across("datum.at + 24"), upper=f"{BOTTOM + 14} + 20 * datum.line")
        .transform_calculate(lower="datum.upper + 12", half="datum.upper + 6")
    )
    high = {"y": alt.Y("upper:Q", scale=None, axis=None), "y2": "lower:Q"}
    samples = [
        keys.transform_filter(f"datum.key === '{shade}'")
        .mark_rect(color=colours[shade], opacity=PALE if shade == "older" else 0.92)
        .encode(x, x2="x2:Q", tooltip=silent, **high)
        for shade in (*strengths, *tones, "older", "absent")
    ]
    key_cuts = (
        keys.transform_filter("datum.key === 'absent'")
        .transform_calculate(n=f"sequence({STRIPE / 2}, 25, {APART})")
        .transform_flatten(["n"])
        .transform_calculate(n=across("datum.at + datum.n"))
        .mark_rule(strokeWidth=STRIPE, color=look.surface)
        .encode(alt.X("n:Q", scale=None, axis=None), **high)
    )
    key_words = keys.mark_text(
        align=start, baseline="middle", dx=-30 if is_rtl(lang) else 30, fontSize=12, color=look.text,
        text=alt.ExprRef("datum.label"),
    ).encode(x, alt.Y("half:Q", scale=None, axis=None), tooltip=silent)  # fmt: skip
    lines: tuple[tuple[str, Literal[400, 600], str, int], ...] = (
        ("path", 600, look.text, 10),
        ("named", 400, look.muted, 28),
    )
    words = [
        shape.draw_dataset("ground")
        .transform_filter(hovered)
        .mark_text(
            align=start, baseline="middle", fontSize=13, fontWeight=weight, color=ink,
            limit=alt.ExprRef("width"), text=alt.ExprRef(f"over.{field}[0]"),
        )
        .encode(x=shape.place_x(across("0")), y=shape.place_y(f"{IMAGE_HEIGHT + below}"))
        for field, weight, ink, below in lines
    ]  # fmt: skip
    bars = bars.properties(name="targets").add_params(over)  # by this name the keyboard finds them
    chart = alt.layer(
        *layers, bars, codes, names(0, end, 10, "0"), names(2, start, 10, "datum.wide"), *head_words, *samples,
        key_cuts, key_words, *words,
    )  # fmt: skip
    return shape.finish_shape(chart, lang, theme, HEIGHT)
