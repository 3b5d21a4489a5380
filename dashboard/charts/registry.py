"""The kinds of charts, by the name used in URLs."""

from dashboard.charts import (
    aligned,
    beside,
    breakdown,
    distribution,
    dumbbell,
    multiples,
    projection,
    ranking,
    scatter,
    slope,
    tilemap,
    trend,
    worldmap,
)
from dashboard.charts.chart import ChartKind

KINDS: dict[str, ChartKind] = {
    kind.id: kind
    for kind in (
        ChartKind("trend", trend.build, trend.COLUMNS),
        ChartKind("ranking", ranking.build, ranking.COLUMNS),
        ChartKind("map", tilemap.build, tilemap.COLUMNS),
        ChartKind("world", worldmap.build, worldmap.COLUMNS),
        ChartKind("distribution", distribution.build, distribution.COLUMNS),
        ChartKind("breakdown", breakdown.build, breakdown.COLUMNS),
        ChartKind("multiples", multiples.build, multiples.COLUMNS),
        ChartKind("slope", slope.build, slope.COLUMNS),
        ChartKind("dumbbell", dumbbell.build, dumbbell.COLUMNS),
        ChartKind("scatter", scatter.build, scatter.COLUMNS),
        ChartKind("aligned", aligned.build, aligned.COLUMNS),
        ChartKind("beside", beside.build, beside.COLUMNS),
        ChartKind("projection", projection.build, projection.COLUMNS),
    )
}
"""Name in the URL → kind: ``KINDS["trend"].build(rows, options)``."""
