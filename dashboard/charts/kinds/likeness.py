"""Like with like: each centre's share less what the network has of the same services, between limits around nought.

Limits allow for chance and for what centres differ by in truth; along the weight of what a centre's services allow.
"""

from dashboard.charts.centres import CentreFigures, CentreFunnel, CentreLikeness, LikenedPoint, Point
from dashboard.charts.chart import Chart, ChartOptions, ChartWords
from dashboard.charts.kinds.funnel import describe_hidden, draw_funnel
from dashboard.locales import format_number, t

COLUMNS = (
    "centre", "name", "observed", "expected", "difference", "cases", "weight", "outer_low", "inner_low", "inner_high",
    "outer_high", "outside", "better_than",
)  # fmt: skip


def build(figures: CentreFigures, options: ChartOptions) -> Chart:
    """The centres around nought; words alone where there is nothing to compare."""
    found = figures.likeness
    words = describe_likeness(found, options)
    if found is None:
        return draw_funnel(None, [], words, options)
    points = [
        Point(one.centre, one.name, one.observed - one.expected, one.weight, one.limits, one.outside)
        for one in found.points
    ]
    rows = [dict(zip(COLUMNS, _values(one), strict=True)) for one in found.points]
    return draw_funnel(CentreFunnel(0.0, points, found.curve, apart=True), rows, words, options)


def describe_likeness(found: CentreLikeness | None, options: ChartOptions) -> ChartWords:
    """How many centres, which lie outside, and where services tell another order."""
    lang = options.lang
    if found is None:
        return ChartWords((t("delivery.alike.none", lang),))
    outside = [one.name for one in found.points if one.outside == "outer"]
    finding = (
        t("delivery.alike.sentence", lang, centres=format_number(len(found.points), lang)),
        t("delivery.chart.outside", lang, names=t("charts.comma", lang).join(outside))
        if outside
        else t("delivery.chart.inside_widened", lang),
    )
    hidden = describe_hidden([(one.name, one.hidden) for one in found.points if one.hidden], lang)
    return ChartWords(finding, (t("delivery.alike.limits", lang), *hidden))


def _values(one: LikenedPoint) -> tuple[object, ...]:
    difference = one.observed - one.expected
    held = (one.centre, one.name, one.observed, one.expected, difference, one.cases, one.weight)
    return (*held, *one.limits, one.outside, "; ".join(one.hidden))
