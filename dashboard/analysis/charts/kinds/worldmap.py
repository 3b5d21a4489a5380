"""Map with boundaries: countries coloured by class of the latest figure, with the United Nations' note.

Boundaries that are not final are dashed, and areas of undetermined status have no fill.
"""

from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.analysis.charts.atlas import Atlas
from dashboard.analysis.charts.chart import SHARED_COLUMNS, Chart, ChartOptions, Spec, Theme
from dashboard.analysis.charts.layers import classes, shape
from dashboard.analysis.charts.layers.frame import Rows, find_latest_per_country, strip_rows
from dashboard.analysis.charts.theme import LOOKS
from dashboard.analysis.charts.words import sentence
from dashboard.locales import t

SHAPE = ["type", "geometry"]


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """Return the map of the group, or of all countries of ``rows``; other countries are grey.

    ``options.atlas`` has the shapes; without fixed ``classes`` there are five of equal numbers.
    """
    atlas = options.atlas
    if atlas is None:
        raise ValueError("a map with boundaries needs options.atlas: the shapes and where they are")
    group = options.group or tuple(rows["country"].unique(maintain_order=True))
    figures = find_latest_per_country(rows, group, options)
    table = figures.to_dicts()
    words = sentence.describe_worldmap(table, options)
    some = any(row["value"] is not None or row["status"] == "censored" for row in table)
    data = partial(_build_data, table, atlas, options) if some else None
    shown = strip_rows(table, options, SHARED_COLUMNS)
    note = t("worldmap.note", options.lang)
    return shape.make_chart(
        _draw_shape,
        data,
        shown,
        words,
        sentence.write_subtitle(table, options),
        options,
        atlas.url,
        atlas.width,
        atlas.height,
        note=note,
    )


def _build_data(table: Rows, atlas: Atlas, options: ChartOptions) -> dict[str, Rows]:
    inner = classes.choose_inner_limits(table, options)
    places: Rows = []
    points: Rows = []
    for row in table:
        if not atlas.can_draw(row["country"]):
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


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme, url: str, width: float, height: float) -> Spec:
    look = LOOKS[theme]
    unit = f"(width / {width:g})"

    def load_shapes(feature: str) -> alt.UrlData:
        return alt.UrlData(url=url, format=alt.TopoDataFormat(feature=feature, type="topojson"))

    def project(chart: alt.Chart) -> alt.Chart:
        """In the plane of the shapes, enlarged to the width of the drawing."""
        return chart.project(type="identity", scale=alt.ExprRef(unit), translate=[0, classes.LEGEND_PX])

    places = (
        shape.draw_dataset("places")
        .transform_lookup(lookup="country", from_=alt.LookupData(data=load_shapes("areas"), key="id", fields=SHAPE))
        .transform_filter("isValid(datum.geometry)")
    )
    points = shape.draw_dataset("points")
    at = {"x": shape.place_x(f"datum.px * {unit}"), "y": shape.place_y(f"{classes.LEGEND_PX} + datum.py * {unit}")}
    edge = alt.ExprRef(f"datum.kind === 'censored' ? '{look.text}' : '{look.rest}'")
    figure, without = "datum.kind === 'figure'", "datum.kind !== 'figure'"
    dot: dict[str, Any] = {"shape": "circle", "size": alt.ExprRef("width < 560 ? 14 : 34"), "opacity": 1}
    point_edge: dict[str, Any] = {"stroke": look.text, "strokeWidth": 0.5}
    chosen: dict[str, Any] = {
        "fill": None,
        "stroke": look.text,
        "strokeWidth": alt.ExprRef("width < 560 ? 1.1 : 1.8"),
    }

    lookup = alt.LookupData(data=alt.NamedData(name="places"), key="country", fields=["country"])
    land = (
        alt.Chart(load_shapes("areas"))
        .transform_lookup(lookup="id", from_=lookup)
        .transform_filter("!isValid(datum.country)")  # the others have a shape of their own
        .mark_geoshape(fill=look.hairline, stroke=look.surface, strokeWidth=0.6)
    )
    filled = places.transform_filter(figure).mark_geoshape(stroke=look.surface, strokeWidth=0.6)
    empty = places.transform_filter(without).mark_geoshape(fill=look.surface, stroke=edge, strokeWidth=0.7)
    lines = alt.Chart(load_shapes("lines")).mark_geoshape(
        fill=None, stroke=look.text, strokeWidth=0.9, strokeDash=[2.5, 2], strokeOpacity=0.9
    )
    ground_of_lines = alt.Chart(load_shapes("lines")).mark_geoshape(fill=None, stroke=look.surface, strokeWidth=2)
    outlined = places.transform_filter("datum.chosen").mark_geoshape(**chosen)
    marks = points.transform_filter(figure).mark_point(**dot, **point_edge)
    hollow = points.transform_filter(without).mark_point(**dot, fill=look.surface, stroke=edge, strokeWidth=1)
    ringed = points.transform_filter("datum.chosen").mark_point(**dot, **chosen)
    targets = shape.look_up_origins(places).mark_geoshape(opacity=0).encode(tooltip=shape.build_tooltip(lang))
    dots = shape.look_up_origins(points).mark_point(shape="circle", filled=True, opacity=0, size=120)
    chart = alt.layer(
        project(land),
        project(filled.encode(classes.fill(theme))),
        project(empty),
        project(ground_of_lines),
        project(lines),
        project(outlined),
        marks.encode(**at, fill=classes.fill(theme)),
        hollow.encode(**at),
        ringed.encode(**at),
        *classes.draw_legend(lang, theme),
        project(targets),
        dots.encode(**at, tooltip=shape.build_tooltip(lang)).add_params(shape.build_picker()),
    )
    return shape.finish_shape(chart, lang, theme, None, f"{classes.LEGEND_PX} + {unit} * {height:g}")
