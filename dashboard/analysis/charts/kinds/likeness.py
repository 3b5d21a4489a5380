"""Like with like: each centre's share less that of the same services in the network, between limits.

The limits allow for chance and for true differences between centres.
"""

from dashboard.analysis.charts.centres import CentreFigures, CentreFunnel, CentreLikeness, LikenedPoint, Point
from dashboard.analysis.charts.chart import Chart, ChartOptions, ChartWords
from dashboard.analysis.charts.kinds.funnel import describe_hidden, draw_funnel
from dashboard.locales import format_number, t

COLUMNS = (
    "centre", "name", "observed", "expected", "difference", "cases", "weight", "outer_low", "inner_low", "inner_high",
    "outer_high", "outside", "better_than",
)  # fmt: skip


def build(figures: CentreFigures, options: ChartOptions) -> Chart:
    """Return the centres around nought, or words alone if there is nothing to compare."""
    found = figures.likeness
    words = describe_likeness(found, options)
    if found is None:
        return draw_funnel(None, [], words, options)
    points = [
        Point(it.centre, it.name, it.observed - it.expected, it.weight, it.limits, it.outside) for it in found.points
    ]
    rows = [dict(zip(COLUMNS, _list_values(point), strict=True)) for point in found.points]
    return draw_funnel(CentreFunnel(0.0, points, found.curve, apart=True), rows, words, options)


def describe_likeness(found: CentreLikeness | None, options: ChartOptions) -> ChartWords:
    """Return the words: how many centres, which lie outside, and where services reverse the order."""
    lang = options.lang
    if found is None:
        return ChartWords((t("delivery.alike.none", lang),))
    outside = [point.name for point in found.points if point.outside == "outer"]
    finding = (
        t("delivery.alike.sentence", lang, centres=format_number(len(found.points), lang)),
        t("delivery.chart.outside", lang, names=t("charts.comma", lang).join(outside))
        if outside
        else t("delivery.chart.inside_widened", lang),
    )
    hidden = describe_hidden([(point.name, point.hidden) for point in found.points if point.hidden], lang)
    return ChartWords(finding, (t("delivery.alike.limits", lang), *hidden))


def _list_values(point: LikenedPoint) -> tuple[object, ...]:
    shares = (point.observed, point.expected, point.observed - point.expected)
    ends = (point.cases, point.weight, *point.limits, point.outside, "; ".join(point.hidden))
    return (point.centre, point.name, *shares, *ends)
