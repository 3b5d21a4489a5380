"""What all shapes share: named data, tooltip, width of the container, and the theme.

A shape is everything of a specification but its datasets. It depends on kind, language, theme and a few options, never
on the countries, so that a browser keeps the mounted chart and only changes its data.
"""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache, wraps
from typing import Any, TypeVar, cast

import altair as alt
from altair.utils.schemapi import debug_mode

from dashboard.charts.chart import MOST_CHOSEN, ChartOptions, ChartWords, Spec, Theme
from dashboard.charts.theme import LOOKS, SYMBOLS, Look, build_config, hold_direction
from dashboard.locales import t

PICK = "pick"
"""The selection a page listens to: the country of the mark that was clicked."""


ORIGIN = ("note", "source")

TOLD = {name: f"charts.tooltip.{name}" for name in ("name", "year", "figure", "interval", "note", "source")}

TOLD_OF_EVENTS = {
    "name": "charts.tooltip.name",
    "when": "charts.tooltip.year",
    "figure": "charts.tooltip.figure",
    "note": "charts.tooltip.note",
    "source": "charts.tooltip.source",
}
"""Of a mark that is an event of the register: its date in words has the title of a year."""
LINE_HEIGHT = 15  # pixels of a line of a name on several


Build = TypeVar("Build", bound=Callable[..., Spec])


def cached(build: Build) -> Build:
    """Builds a shape once per choice of its arguments and keeps it.

    Altair checks every object against the schema as it is made, which takes nine tenths of the time; the tests check
    every shape of the gallery instead.
    """

    @lru_cache(maxsize=256)
    @wraps(build)
    def unchecked(*arguments: Any) -> Spec:
        with debug_mode(False):
            return build(*arguments)

    return cast(Build, unchecked)


def draw(
    build: Callable[..., Spec],
    datasets: Callable[[], dict[str, list[dict[str, Any]]]] | None,
    words: ChartWords,
    options: ChartOptions,
    *more: Any,
) -> Callable[[], Spec]:
    """The drawing of a chart, made when it is first asked for and then kept: rows and words need none.

    Args:
        build: gives the shape of a language, a theme, and ``more``.
        datasets: gives its data; None where there is nothing to draw, which then the words alone say.
        words: of the chart.
        options: of the chart.
        more: what else the shape depends on.
    """

    @cache
    def drawn() -> Spec:
        if datasets is None:
            return write_instead(words.sentence, options.lang, options.theme)
        return attach(build(options.lang, options.theme, *more), datasets())

    return drawn


def build_expression(text: str) -> alt.ExprRef:
    """A Vega expression, evaluated in the browser."""
    return alt.ExprRef(text)


def place_along(*, mirrored: bool) -> Callable[[str], str]:
    """Horizontal positions counted from the side where reading starts, as Vega expressions."""
    return lambda distance: f"width - ({distance})" if mirrored else distance


def carry_ends(row: Mapping[str, Any]) -> dict[str, float]:
    """The ends of a figure's interval as a mark carries them; nothing where it has not both."""
    if row["lower"] is None or row["upper"] is None:
        return {}
    return {"lower": round_coordinate(row["lower"]), "upper": round_coordinate(row["upper"])}


def place_x(text: str) -> alt.XValue:
    """A horizontal position given by a Vega expression instead of a field."""
    return alt.XValue(alt.ExprRef(text))  # type: ignore[no-untyped-call]


def place_x2(text: str) -> alt.X2Value:
    """The other end of a horizontal extent, likewise."""
    return alt.X2Value(alt.ExprRef(text))  # type: ignore[no-untyped-call]


def place_y(text: str) -> alt.YValue:
    """A vertical position, likewise."""
    return alt.YValue(alt.ExprRef(text))  # type: ignore[no-untyped-call]


def place_y2(text: str) -> alt.Y2Value:
    """The other end of a vertical extent, likewise."""
    return alt.Y2Value(alt.ExprRef(text))  # type: ignore[no-untyped-call]


def read_domain(field: str) -> alt.ExprRef:
    """The domain that a builder worked out: this field in the first and the last row of the dataset ``frame``."""
    return alt.ExprRef(f"[data('frame')[0].{field}, data('frame')[1].{field}]")


def fit_frame(field: str, *ends: str) -> alt.Scale:
    """The scale of the domain that ``read_domain`` reads, between two ``ends`` of the drawing (expressions)."""
    span = [build_expression(end) for end in ends] or alt.Undefined
    return alt.Scale(domain=read_domain(field), zero=False, nice=False, range=span)


def build_figure_axis(ticks: str, **more: Any) -> alt.Axis:
    """The axis of figures that rows stand along: numbers alone, about as many as the expression ``ticks`` says."""
    return alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        format=",~f",
        labelOverlap=True,
        tickCount=build_expression(ticks),
        **more,
    )


def encode_slots(look: Look, most: int = MOST_CHOSEN) -> tuple[alt.Color, alt.Shape]:
    """The colour and the symbol of a mark by its ``slot``, of which there are ``most``."""
    slots = list(range(most))
    colour = alt.Color("slot:N", scale=alt.Scale(domain=slots, range=list(look.palette)), legend=None)
    return colour, alt.Shape("slot:N", scale=alt.Scale(domain=slots, range=list(SYMBOLS)), legend=None)


def draw_targets(marks: alt.Chart, lang: str, size: int, *channels: Any) -> alt.Chart:
    """What is pointed at and clicked in place of ``marks``, larger than they are: it tells the figure and is picked."""
    target = look_up_origins(marks).mark_point(filled=True, opacity=0, size=size).add_params(build_picker())
    told: alt.Chart = target.encode(*channels, tooltip=build_tooltip(lang))
    return told


def draw_dataset(dataset: str) -> alt.Chart:
    """A chart layer on the dataset of this name."""
    return alt.Chart(alt.NamedData(name=dataset))


def write_lines(text: str, raised: float = 0.5) -> dict[str, Any]:
    """Properties of a text mark on one line or several; ``text`` is an expression.

    ``raised`` is the share of the further lines that stands above its place: half of them, or all.
    """
    up = build_expression(f"{-raised * LINE_HEIGHT:g} * (length(split({text}, '\\n')) - 1)")
    return {"text": build_expression(text), "lineBreak": "\n", "lineHeight": LINE_HEIGHT, "dy": up}


def build_tooltip(lang: str, titles: Mapping[str, str] = TOLD) -> list[alt.Tooltip]:
    """What a mark tells the pointer: fields of its row, each with the key of its title; else those of
    ``wording.fill_tooltip``."""
    return [alt.Tooltip(field=field, type="nominal", title=t(key, lang)) for field, key in titles.items()]


def look_up_origins(chart: alt.Chart) -> alt.Chart:
    """The layer with status and source looked up: they are said once, not once per mark (see ``attach``)."""
    return chart.transform_lookup(
        lookup="origin", from_=alt.LookupData(data=alt.NamedData(name="origins"), key="origin", fields=list(ORIGIN))
    )


def build_picker() -> alt.Parameter:
    """The selection named ``PICK``."""
    return alt.selection_point(name=PICK, fields=["country"])


def build_crosshair(along: str) -> tuple[alt.Parameter, alt.Parameter, alt.Parameter, alt.Parameter]:
    """How a chart over the years answers the hand: year under the pointer, country under it, span drawn, years shown.

    The first three are selections, to be added to the layer of the columns; the last is a parameter of the chart, null
    for all years, which the page sets to a span that was drawn (``drawing.js``).
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
    """Whether the datum is of the year under the pointer: a Vega expression."""
    return f"(over.{along} ? over.{along}[0] === datum.{along} : false)"


DIMMED = "(lit.country && lit.country[0] && lit.country[0] !== datum.country ? 0.2 : 1)"
"""Opacity of a mark: faint while the pointer is on another country's, or on its name."""


def is_in_zoom(along: str) -> str:
    """Whether the datum is of the years shown: a Vega expression."""
    return f"!zoom || inrange(datum.{along}, zoom)"


def finish_shape(chart: alt.LayerChart | alt.FacetChart, lang: str, theme: Theme, height: int | None) -> Spec:
    """The shape of a layered chart as wide as its container.

    ``height`` None leaves the height to a parameter of that name in the chart.
    """
    # resize: new data may have longer labels on the axis, and a minus must never be cut off
    autosize = alt.AutoSizeParams(type="fit-x", contains="padding", resize=True)
    chart = chart.properties(width="container", autosize=autosize, padding=4)
    if height is not None:
        chart = chart.properties(height=height)
    spec: Spec = chart.to_dict(validate=False)
    spec["config"] = build_config(lang, theme)
    return spec


def attach(shape: Spec, datasets: dict[str, list[dict[str, Any]]]) -> Spec:
    """The shape with its data; the shape itself is shared and stays as it is.

    Status and source of figures, mostly the same words, go into a dataset of their own that rows refer to; where no
    row says them there is none, for Vega refuses new rows of a dataset that no mark reads.
    """
    known: dict[tuple[Any, ...], int] = {}

    def referring(row: dict[str, Any]) -> dict[str, Any]:
        if not all(field in row for field in ORIGIN):
            return row
        origin = known.setdefault(tuple(row[field] for field in ORIGIN), len(known))
        return {field: value for field, value in row.items() if field not in ORIGIN} | {"origin": origin}

    sent = {name: [referring(row) for row in rows] for name, rows in datasets.items()}
    origins = [dict(zip(ORIGIN, origin, strict=True)) | {"origin": number} for origin, number in known.items()]
    return {**shape, "datasets": sent | ({"origins": origins} if origins else {})}


@cached
def _words(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    text = draw_dataset("words").mark_text(
        align="center", baseline="middle", fontSize=15, color=look.muted, lineBreak="\n", lineHeight=22
    )
    return finish_shape(
        alt.layer(text.encode(x=place_x("width / 2"), y=place_y("height / 2"), text="text:N")), lang, theme, 160
    )


def write_instead(text: str, lang: str, theme: Theme) -> Spec:
    """A drawing that only says why there is nothing to draw."""
    lines = [hold_direction(line, lang) for line in wrap_text(text, 44)]
    # its only dataset: Vega refuses new rows of one that no mark reads, as ``origins`` would be here
    return {**_words(lang, theme), "datasets": {"words": [{"text": "\n".join(lines)}]}}


def wrap_text(text: str, limit: int) -> list[str]:
    """The text in lines of at most ``limit`` characters, broken between words."""
    lines = [""]
    for word in text.split(" "):  # not at a no-break space
        if lines[-1] and len(lines[-1]) + 1 + len(word) > limit:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def round_coordinate(value: float) -> float:
    """A coordinate with the six digits a drawing can show; the figure itself stands in rows, labels and tooltips."""
    return float(f"{value:.6g}")
