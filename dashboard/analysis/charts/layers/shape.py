"""Common parts of shapes: named data, tooltip, width of the container, and the theme.

A shape is a specification without its datasets, the same for all countries: a browser changes its data alone.
"""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache, wraps
from typing import Any, TypeVar, cast

import altair as alt
from altair.utils.schemapi import debug_mode

from dashboard.analysis.charts.chart import MAX_CHOSEN, Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.analysis.charts.theme import LOOKS, SYMBOLS, Look, build_config, hold_direction, is_rtl
from dashboard.locales import t

PICK = "pick"
"""The selection a page listens to: the country of the mark that was clicked."""

ORIGIN = ("note", "source")

TOOLTIP = {name: f"charts.tooltip.{name}" for name in ("name", "year", "figure", "interval", "note", "source")}

EVENT_TOOLTIP = {
    "name": "charts.tooltip.name",
    "when": "charts.tooltip.year",
    "figure": "charts.tooltip.figure",
    "note": "charts.tooltip.note",
    "source": "charts.tooltip.source",
}
"""Tooltip of an event of the register: its date in words has the title of a year."""

LINE_HEIGHT_PX = 15
Build = TypeVar("Build", bound=Callable[..., Spec])


def cache_shape(build: Build) -> Build:
    """Cache a builder of shapes, and let it build them unvalidated.

    Validation by Altair takes nine tenths of the time; the tests validate every shape of the gallery instead.
    """

    @lru_cache(maxsize=256)
    @wraps(build)
    def build_unchecked(*arguments: Any) -> Spec:
        with debug_mode(False):
            return build(*arguments)

    return cast(Build, build_unchecked)


def make_chart(
    build: Callable[..., Spec],
    datasets: Callable[[], dict[str, list[dict[str, Any]]]] | None,
    rows: list[dict[str, Any]],
    words: ChartWords,
    subtitle: str,
    options: ChartOptions,
    *more: Any,
    note: str = "",
) -> Chart:
    """Return a chart that is drawn when first asked for.

    ``build`` gives the shape of a language, a theme and ``more``; without ``datasets`` the words stand in its place.
    """

    @cache
    def draw() -> Spec:
        if datasets is None:
            return write_instead(words.sentence, options.lang, options.theme)
        return attach(build(options.lang, options.theme, *more), datasets())

    return Chart(draw, rows, words, options.title, subtitle, options, note)


def place_along(*, mirrored: bool) -> Callable[[str], str]:
    """Return a function for horizontal positions from the side where reading starts (Vega expressions)."""
    return lambda distance: f"width - ({distance})" if mirrored else distance


def carry_ends(row: Mapping[str, Any]) -> dict[str, float]:
    """Return the ends of a figure's interval as fields of a mark; nothing unless there are both."""
    if row["lower"] is None or row["upper"] is None:
        return {}
    return {"lower": round_coordinate(row["lower"]), "upper": round_coordinate(row["upper"])}


def place_x(text: str) -> alt.XValue:
    """Return a horizontal position from a Vega expression."""
    return alt.XValue(alt.ExprRef(text))  # type: ignore[no-untyped-call]


def place_x2(text: str) -> alt.X2Value:
    """Return the other end of a horizontal extent from a Vega expression."""
    return alt.X2Value(alt.ExprRef(text))  # type: ignore[no-untyped-call]


def place_y(text: str) -> alt.YValue:
    """Return a vertical position from a Vega expression."""
    return alt.YValue(alt.ExprRef(text))  # type: ignore[no-untyped-call]


def place_y2(text: str) -> alt.Y2Value:
    """Return the other end of a vertical extent from a Vega expression."""
    return alt.Y2Value(alt.ExprRef(text))  # type: ignore[no-untyped-call]


class PanelGrid:
    """Panels below and beside one another, the first where reading starts: positions as Vega expressions.

    ``across`` is the number of panels in a row; ``head`` stands above all panels, ``top`` above the plot of each.
    """

    def __init__(self, across: str, lang: str, head: int, panel: int, top: int, plot: int) -> None:
        self.column = f"({across} - 1 - datum.panel % {across})" if is_rtl(lang) else f"(datum.panel % {across})"
        self.width = f"(width / {across})"
        self.head = f"{head} + floor(datum.panel / {across}) * {panel} + {top}"
        self.plot = plot
        self.height = f"{head} + ceil(data('frame')[0].panels / {across}) * {panel}"

    def place_x(self, share: str) -> alt.XValue:
        """Return the horizontal position of a share (0-1) of the plot."""
        return place_x(f"({self.column} + 0.04 + 0.86 * ({share})) * {self.width}")

    def place_y(self, share: str) -> alt.YValue:
        """Return the vertical position of a share (0-1) of the plot."""
        return place_y(f"{self.head} + {self.plot} * (1 - ({share}))")

    def draw_floors(self, panels: alt.Chart, look: Look) -> list[alt.Chart]:
        """Return the baseline of each panel, and its first and last year below the ends."""
        end = place_x2(f"({self.column} + 0.9) * {self.width}")
        floor = panels.mark_rule(color=look.hairline).encode(x=self.place_x("0"), x2=end, y=self.place_y("0"))
        text: dict[str, Any] = {"baseline": "top", "dy": 4, "fontSize": 10, "color": look.muted}
        first = panels.mark_text(align="left", **text).encode(x=self.place_x("0"), y=self.place_y("0"), text="first:N")
        last = panels.mark_text(align="right", **text).encode(x=self.place_x("1"), y=self.place_y("0"), text="until:N")
        return [floor, first, last]


def read_domain(field: str) -> alt.ExprRef:
    """Return the domain of a field as the first and last row of the dataset ``frame`` have it."""
    return alt.ExprRef(f"[data('frame')[0].{field}, data('frame')[1].{field}]")


def fit_frame(field: str, *ends: str) -> alt.Scale:
    """Return the scale of ``read_domain`` between two ``ends`` of the drawing (expressions)."""
    span = [alt.ExprRef(end) for end in ends] or alt.Undefined
    return alt.Scale(domain=read_domain(field), zero=False, nice=False, range=span)


def build_figure_axis(ticks: str, **more: Any) -> alt.Axis:
    """Return an axis of bare numbers with about as many ticks as the expression ``ticks`` says."""
    return alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        format=",~f",
        labelOverlap=True,
        tickCount=alt.ExprRef(ticks),
        **more,
    )


def encode_slots(look: Look, most: int = MAX_CHOSEN) -> tuple[alt.Color, alt.Shape]:
    """Return the colour and the symbol of a mark by its ``slot``, of which there are ``most``."""
    slots = list(range(most))
    colour = alt.Color("slot:N", scale=alt.Scale(domain=slots, range=list(look.palette)), legend=None)
    return colour, alt.Shape("slot:N", scale=alt.Scale(domain=slots, range=list(SYMBOLS)), legend=None)


def draw_targets(marks: alt.Chart, lang: str, size: int, *channels: Any) -> alt.Chart:
    """Return larger, invisible copies of ``marks`` that show the tooltip and can be clicked."""
    target: alt.Chart = look_up_origins(marks).mark_point(filled=True, opacity=0, size=size).add_params(build_picker())
    copy: alt.Chart = target.encode(*channels, tooltip=build_tooltip(lang))
    return copy


def draw_dataset(dataset: str) -> alt.Chart:
    """Return a chart layer on a named dataset."""
    return alt.Chart(alt.NamedData(name=dataset))


def write_lines(text: str, raised: float = 0.5) -> dict[str, Any]:
    """Return properties of a multi-line text mark; ``raised`` is the share of further lines above it."""
    up = alt.ExprRef(f"{-raised * LINE_HEIGHT_PX:g} * (length(split({text}, '\\n')) - 1)")
    return {"text": alt.ExprRef(text), "lineBreak": "\n", "lineHeight": LINE_HEIGHT_PX, "dy": up}


def build_tooltip(lang: str, titles: Mapping[str, str] = TOOLTIP) -> list[alt.Tooltip]:
    """Return the tooltip of a mark from fields and keys of their titles; else ``wording.fill_tooltip``."""
    return [alt.Tooltip(field=field, type="nominal", title=t(key, lang)) for field, key in titles.items()]


def look_up_origins(chart: alt.Chart) -> alt.Chart:
    """Return the layer with status and source looked up, which are stored once (see ``attach``)."""
    return chart.transform_lookup(
        lookup="origin", from_=alt.LookupData(data=alt.NamedData(name="origins"), key="origin", fields=list(ORIGIN))
    )


def build_picker() -> alt.Parameter:
    """Return the selection named ``PICK``."""
    return alt.selection_point(name=PICK, fields=["country"])


def build_crosshair(along: str) -> tuple[alt.Parameter, alt.Parameter, alt.Parameter, alt.Parameter]:
    """Return year under the pointer, country under it, span drawn, and the parameter of years shown.

    The first three are selections of the layer of columns; the last is null for all years, and the page sets it to a
    span that was drawn (``drawing.js``).
    """
    over = alt.selection_point(name="over", fields=[along], on="pointerover", clear="pointerout", toggle=False)
    lit = alt.selection_point(name="lit", fields=["country"], on="pointerover", clear="pointerout", toggle=False)
    span = alt.selection_interval(
        name="span",
        encodings=["x"],
        on="[pointerdown[event.pointerType === 'mouse'], window:pointerup] > window:pointermove",
        translate=False,
        zoom=False,
    )
    return over, lit, span, alt.param(name="zoom", value=None)


def is_over(along: str) -> str:
    """Return a Vega expression: whether the datum is of the year under the pointer."""
    return f"(over.{along} ? over.{along}[0] === datum.{along} : false)"


DIMMED = "(lit.country && lit.country[0] && lit.country[0] !== datum.country ? 0.2 : 1)"
"""Opacity of a mark: faint while the pointer is on another country."""


def is_in_zoom(along: str) -> str:
    """Return a Vega expression: whether the datum is of the years shown."""
    return f"!zoom || inrange(datum.{along}, zoom)"


def finish_shape(
    chart: alt.LayerChart | alt.FacetChart, lang: str, theme: Theme, height: int | None, expression: str = ""
) -> Spec:
    """Return the shape of a layered chart as wide as its container.

    ``expression`` is evaluated for the height in the browser; it overrides ``height``.
    """
    if expression:
        chart = chart.add_params(alt.param(name="height", expr=expression))
    # resize: new data may have longer labels on the axis, and a minus must never be cut off
    autosize = alt.AutoSizeParams(type="fit-x", contains="padding", resize=True)
    chart = chart.properties(width="container", autosize=autosize, padding=4)
    if height is not None:
        chart = chart.properties(height=height)
    spec: Spec = chart.to_dict(validate=False)
    spec["config"] = build_config(lang, theme)
    return spec


def attach(shape: Spec, datasets: dict[str, list[dict[str, Any]]]) -> Spec:
    """Return the shape with its data; the shape itself is shared and not changed.

    Status and source of figures go into a dataset of their own, if any row has them: Vega refuses new rows of a dataset
    that no mark reads.
    """
    numbers: dict[tuple[Any, ...], int] = {}

    sent: dict[str, list[dict[str, Any]]] = {name: [] for name in datasets}
    for name, rows in datasets.items():
        for row in rows:
            if all(field in row for field in ORIGIN):
                origin = numbers.setdefault(tuple(row[field] for field in ORIGIN), len(numbers))
                row = {field: value for field, value in row.items() if field not in ORIGIN} | {"origin": origin}
            sent[name].append(row)
    origins = [dict(zip(ORIGIN, origin, strict=True)) | {"origin": number} for origin, number in numbers.items()]
    return {**shape, "datasets": sent | ({"origins": origins} if origins else {})}


@cache_shape
def _draw_words(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    text = draw_dataset("words").mark_text(
        align="center", baseline="middle", fontSize=15, color=look.muted, lineBreak="\n", lineHeight=22
    )
    return finish_shape(
        alt.layer(text.encode(x=place_x("width / 2"), y=place_y("height / 2"), text="text:N")), lang, theme, 160
    )


def write_instead(text: str, lang: str, theme: Theme) -> Spec:
    """Return a drawing that says why there is nothing to draw."""
    lines = [hold_direction(line, lang) for line in wrap_text(text, 44)]
    # its only dataset: Vega refuses new rows of one that no mark reads, as ``origins`` would be here
    return {**_draw_words(lang, theme), "datasets": {"words": [{"text": "\n".join(lines)}]}}


def wrap_text(text: str, limit: int) -> list[str]:
    """Return the text in lines of at most ``limit`` characters, broken between words."""
    lines = [""]
    for word in text.split(" "):  # not at a no-break space
        if lines[-1] and len(lines[-1]) + 1 + len(word) > limit:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def round_coordinate(value: float) -> float:
    """Return a coordinate with the six digits that a drawing can show."""
    return float(f"{value:.6g}")
