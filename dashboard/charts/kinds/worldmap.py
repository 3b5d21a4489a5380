"""Map with boundaries: shapes of countries coloured by class of the latest figure, with the United Nations' note.

Boundaries that are not final are dashed, areas of undetermined status have no fill of their own, and countries too
small to be seen carry a mark. The shapes come by address (``charts.atlas``), never inside the specification.
"""

from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.charts.atlas import Atlas
from dashboard.charts.chart import SHARED_COLUMNS, Chart, ChartOptions, Spec, Theme
from dashboard.charts.layers import classes, shape
from dashboard.charts.layers.frame import find_latest_per_country, strip_rows
from dashboard.charts.theme import LOOKS
from dashboard.charts.words import sentence
from dashboard.locales import t

COLUMNS = SHARED_COLUMNS
SHAPE = ["type", "geometry"]

Rows = list[dict[str, Any]]


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """The map of the group (all countries of ``rows``, where none is given); what is not in it stays in neutral grey.

    Args:
        rows: columns of ``dashboard.dataset.schema.ROWS``, one indicator.
        options: ``atlas`` holds the shapes; ``classes`` are fixed limits, otherwise five classes of equal numbers.

    Raises:
        ValueError: no atlas was given.
    """
    atlas = options.atlas
    if atlas is None:
        raise ValueError("a map with boundaries needs options.atlas: the shapes and where they are")
    group = options.group or tuple(rows["country"].unique(maintain_order=True))
    figures = find_latest_per_country(rows, group, options)
    table = figures.to_dicts()
    words = sentence.describe_worldmap(table, options)
    some = any(row["value"] is not None or row["status"] == "censored" for row in table)
    data = partial(_datasets, table, atlas, options) if some else None
    spec = shape.draw(_shape, data, words, options, atlas.url, atlas.width, atlas.height)
    shown = strip_rows(table, options, COLUMNS)
    note = t("worldmap.note", options.lang)
    return Chart(spec, shown, words, options.title, sentence.write_subtitle(table, options), options, note)


def _datasets(table: Rows, atlas: Atlas, options: ChartOptions) -> dict[str, Rows]:
    inner = classes.choose_inner_limits(table, options)
    places: Rows = []
    points: Rows = []
    for row in table:
        if not atlas.draws(row["country"]):
            continue
        place = classes.mark_place(row, inner, options)
        point = atlas.points.get(row["country"])
        if row["country"] in atlas.areas:
            places.append(place)
        if point is not None:
            points.append(place | {"px": point[0], "py": point[1]})
    place_kinds = {place["kind"] for place in (*places, *points)}
    kinds = ["outlined"] if "none" in place_kinds else []  # shapes are not hatched as squares are
    kinds += [kind for kind in ("not_applicable", "censored") if kind in place_kinds]
    return {"places": places, "points": points} | classes.build_legend(table, inner, [*kinds, "grey"], options)


@shape.cached
def _shape(lang: str, theme: Theme, url: str, width: float, height: float) -> Spec:
    look = LOOKS[theme]
    unit = f"(width / {width:g})"

    def shapes(feature: str) -> alt.UrlData:
        return alt.UrlData(url=url, format=alt.TopoDataFormat(feature=feature, type="topojson"))

    def ground(chart: alt.Chart) -> alt.Chart:
        """In the plane of the shapes, enlarged to the width of the drawing."""
        return chart.project(type="identity", scale=shape.build_expression(unit), translate=[0, classes.LEGEND])

    places = (
        shape.draw_dataset("places")
        .transform_lookup(lookup="country", from_=alt.LookupData(data=shapes("areas"), key="id", fields=SHAPE))
        .transform_filter("isValid(datum.geometry)")
    )
    points = shape.draw_dataset("points")
    at = {"x": shape.place_x(f"datum.px * {unit}"), "y": shape.place_y(f"{classes.LEGEND} + datum.py * {unit}")}
    edge = shape.build_expression(f"datum.kind === 'censored' ? '{look.text}' : '{look.rest}'")
    figure, without = "datum.kind === 'figure'", "datum.kind !== 'figure'"
    dot: dict[str, Any] = {"shape": "circle", "size": shape.build_expression("width < 560 ? 14 : 34"), "opacity": 1}
    point_edge: dict[str, Any] = {"stroke": look.text, "strokeWidth": 0.5}
    chosen: dict[str, Any] = {
        "fill": None,
        "stroke": look.text,
        "strokeWidth": shape.build_expression("width < 560 ? 1.1 : 1.8"),
    }

    lookup = alt.LookupData(data=alt.NamedData(name="places"), key="country", fields=["country"])
    land = (
        alt.Chart(shapes("areas"))
        .transform_lookup(lookup="id", from_=lookup)
        .transform_filter("!isValid(datum.country)")  # the others have a shape of their own
        .mark_geoshape(fill=look.hairline, stroke=look.surface, strokeWidth=0.6)
    )
    filled = places.transform_filter(figure).mark_geoshape(stroke=look.surface, strokeWidth=0.6)
    empty = places.transform_filter(without).mark_geoshape(fill=look.surface, stroke=edge, strokeWidth=0.7)
    lines = alt.Chart(shapes("lines")).mark_geoshape(
        fill=None, stroke=look.text, strokeWidth=0.9, strokeDash=[2.5, 2], strokeOpacity=0.9
    )
    ground_of_lines = alt.Chart(shapes("lines")).mark_geoshape(fill=None, stroke=look.surface, strokeWidth=2)
    outlined = places.transform_filter("datum.chosen").mark_geoshape(**chosen)
    marks = points.transform_filter(figure).mark_point(**dot, **point_edge)
    hollow = points.transform_filter(without).mark_point(**dot, fill=look.surface, stroke=edge, strokeWidth=1)
    ringed = points.transform_filter("datum.chosen").mark_point(**dot, **chosen)
    targets = shape.look_up_origins(places).mark_geoshape(opacity=0).encode(tooltip=shape.build_tooltip(lang))
    dots = shape.look_up_origins(points).mark_point(shape="circle", filled=True, opacity=0, size=120)
    chart = alt.layer(
        ground(land),
        ground(filled.encode(classes.fill(theme))),
        ground(empty),
        ground(ground_of_lines),
        ground(lines),
        ground(outlined),
        marks.encode(**at, fill=classes.fill(theme)),
        hollow.encode(**at),
        ringed.encode(**at),
        *classes.draw_legend(lang, theme),
        ground(targets),
        dots.encode(**at, tooltip=shape.build_tooltip(lang)).add_params(shape.build_picker()),
    ).add_params(alt.param(name="height", expr=f"{classes.LEGEND} + {unit} * {height:g}"))
    return shape.finish_shape(chart, lang, theme, None)
