"""Images that can stand alone: the chart with title, unit, period, group, sentence, source and date.

Drawn on the server by vl-convert from the specification and figures of the screen, with our own fonts.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from dashboard.analysis.charts import converter
from dashboard.analysis.charts.atlas import embed_shapes
from dashboard.analysis.charts.chart import Chart
from dashboard.analysis.charts.compiled import SCHEMA
from dashboard.analysis.charts.layers.shape import wrap_text
from dashboard.analysis.charts.theme import FONT, LOOKS, hold_direction, is_rtl
from dashboard.locales import t

MARGIN_PX = 20
LETTER_WIDTH = 0.52
"""Width of a letter ÷ its size: above the average of our font, so that no line runs out of the image."""

_OUTER = re.compile(r'^<svg[^>]*?\swidth="([\d.]+)"\s+height="([\d.]+)"[^>]*>', re.DOTALL)

_SPOKEN = re.compile(
    r'<(path|text) aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="[^"]*"([^>]*?)(?:/>|>([^<]*)</\1>)'
)
"""A mark with Vega's description, and its content."""


def draw_svg(chart: Chart, *, titled: bool = False) -> str:
    """Draw a chart as an SVG document of ``chart.options.width`` pixels, with its words around it.

    ``titled``: marks have their tooltips as ``<title>``, which browsers show.
    """
    options = chart.options
    look = LOOKS[options.theme]
    width = options.width - 2 * MARGIN_PX
    drawing, height = _draw(chart, width, titled=titled)
    header: list[tuple[str, int, str, int]] = []  # text, size, colour, weight
    header += [(line, 13, look.text, 600) for line in _wrap_lines(options.notice, 13, width)]
    header += [(line, 19, look.text, 600) for line in _wrap_lines(chart.title, 19, width)]
    header += [(line, 13, look.muted, 400) for line in _wrap_lines(chart.subtitle, 13, width)]
    below = [(line, 12, look.text, 400) for line in _wrap_lines(chart.sentence, 12, width)]
    source = t("charts.image.source", options.lang, source=options.source_line) if options.source_line else ""
    for text in (chart.note, source, options.as_of):
        below += [(line, 11, look.muted, 400) for line in _wrap_lines(text, 11, width)]
    top, y = _set_lines(header, MARGIN_PX, options.lang, options.width)
    top_of_drawing = y + 14
    bottom, end = _set_lines(below, top_of_drawing + height + 8, options.lang, options.width)
    total = round(end + MARGIN_PX)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{options.width}" height="{total}" '
        f'viewBox="0 0 {options.width} {total}" direction="ltr" font-family="{FONT}" role="img">'
        f"<title>{escape(chart.title)}</title><desc>{escape(chart.sentence)}</desc>"
        f'<rect width="100%" height="100%" fill="{look.surface}"/>{top}'
        f'<g transform="translate({MARGIN_PX},{round(top_of_drawing, 1)})">{drawing}</g>{bottom}</svg>'
    )


def draw_png(chart: Chart, scale: float = 2.0) -> bytes:
    """Draw the same image as PNG; ``scale`` is pixels of the file per pixel of the drawing."""
    return converter.convert_to_png(draw_svg(chart), scale)


def plot(chart: Chart, width: int) -> str:
    """Draw the chart alone, ``width`` pixels wide, for a page that has the words around it.

    Its letters are the reader's fonts if ours are not installed: an image in a page loads no fonts.
    """
    drawing, height = _draw(chart, width)
    tall = round(height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{tall}" viewBox="0 0 {width} {tall}" '
        f'direction="ltr" font-family="{FONT}">{drawing}</svg>'
    )


def _describe_marks(unit: Any) -> Any:
    """Return a view of a specification with its marks described by their tooltips (``aria-label``)."""
    if isinstance(unit, list):
        return [_describe_marks(view) for view in unit]
    below = {
        name: _describe_marks(unit[name]) for name in ("layer", "concat", "hconcat", "vconcat", "spec") if name in unit
    }
    mark, tooltip = unit.get("mark"), unit.get("encoding", {}).get("tooltip")
    words = ""
    if isinstance(mark, dict) and mark.get("tooltip") == {"expr": "datum.said"}:
        words = "datum.words"
        below["transform"] = [_carry_words(transform) for transform in unit.get("transform", [])]
    elif isinstance(tooltip, list):
        lines = " + ".join(
            f"(datum[{row['field']!r}] ? {json.dumps(row['title'])} + ': ' + datum[{row['field']!r}] + '\\n' : '')"
            for row in tooltip
        )
        words = f"trim({lines})"
    if words:
        below["mark"] = {
            **({"type": mark} if isinstance(mark, str) else mark),
            "aria": True,
            "description": {"expr": words},
        }
    return {**unit, **below}


def _carry_words(transform: Mapping[str, Any]) -> dict[str, Any]:
    """Return a transform that looks up ``words`` wherever it looks up ``said``."""
    source = transform.get("from", {})
    fields = [*source.get("fields", ()), *(["words"] if "said" in source.get("fields", ()) else [])]
    return {**transform, "from": {**source, "fields": fields}} if source else {**transform}


def _write_words(tooltip: Mapping[str, str]) -> str:
    """Return a tooltip as text, a line for each entry; the ``title`` stands alone."""
    return "\n".join(text if name == "title" else f"{name}: {text}" for name, text in tooltip.items())


def _convert_to_document(chart: Chart, width: int, *, titled: bool) -> str:
    spec = {**chart.spec, "width": width}
    if titled:
        spec = _describe_marks(spec)
        spec["datasets"] = {
            name: [row | {"words": _write_words(row["said"])} if "said" in row else row for row in rows]
            for name, rows in spec["datasets"].items()
        }
    if chart.options.atlas is not None:
        spec = embed_shapes(spec, chart.options.atlas)
    if chart.options.height is not None and isinstance(spec.get("height"), int):
        spec["height"] = chart.options.height
    return converter.convert_to_svg(json.dumps(spec), SCHEMA)


def _draw(chart: Chart, width: int, *, titled: bool = False) -> tuple[str, float]:
    """Return the chart alone as a nested SVG element, and its height."""
    document = _convert_to_document(chart, width, titled=titled)
    if titled:
        document = _SPOKEN.sub(r"<\1\3>\4<title>\2</title></\1>", document)
    match = _OUTER.match(document)
    if match is None:
        raise ValueError(f"{chart.title}: vl-convert gave no SVG document")
    return document, float(match.group(2))


def _wrap_lines(text: str, size: int, width: int) -> list[str]:
    return wrap_text(text, int(width / (size * LETTER_WIDTH))) if text else []


def _set_lines(lines: Sequence[tuple[str, int, str, int]], y: float, lang: str, width: int) -> tuple[str, float]:
    """Return lines of text below one another from ``y`` on, and where they end."""
    x, anchor = (width - MARGIN_PX, "end") if is_rtl(lang) else (MARGIN_PX, "start")
    elements = []
    previous = 0
    for text, size, colour, weight in lines:
        y += size * 1.35 + (6 if previous and previous != size else 0)
        previous = size
        elements.append(
            f'<text x="{x}" y="{round(y - size * 0.3, 1)}" text-anchor="{anchor}" font-size="{size}" '
            f'font-weight="{weight}" fill="{colour}">{escape(hold_direction(text, lang))}</text>'
        )
    return "".join(elements), y
