"""A country's two weakest indicators by name, by the one rule we can defend.

Unlike scales cannot be put in one order without a scoring method. What can be counted honestly: for indicators with a
direction and published errors, of one publisher and one year, in how many countries the figure is better by more than
the errors of both (``dashboard.measures.ranks``). The two indicators with the largest such share are named; without
published errors, nothing is.
"""

from collections.abc import Mapping
from functools import lru_cache

from dashboard.locales import number, t
from dashboard.services.context import Context
from dashboard.services.publishers import unmodified_only
from dashboard.services.reading import latest_of
from dashboard.services.views import WeakRow
from dashboard.services.words import metric_name

NAMED = 2
FEWEST = 3
"""Fewest ranked indicators of a country among which two are named (ours)."""


def weakest(ctx: Context, iso3: str) -> list[WeakRow]:
    """The two indicators in which most countries are better beyond the errors; empty where the rule gives none."""
    places = [
        (better / (of - 1), better, of - 1, metric)
        for metric, ranked in _places(ctx.timeless()).items()
        if iso3 in ranked and (of := len(ranked)) > 1
        for better in [ranked[iso3]]
    ]
    if len(places) < FEWEST:
        return []
    places.sort(key=lambda place: (-place[0], place[3]))
    return [
        WeakRow(
            indicator=metric,
            name=metric_name(ctx, metric),
            text=t("answers.weakest.row", ctx.lang, better=number(better, ctx.lang), of=number(of, ctx.lang)),
        )
        for share, better, of, metric in places[:NAMED]
        if share > 0
    ]


@lru_cache(maxsize=4)
def _places(ctx: Context) -> Mapping[str, Mapping[str, int]]:
    """Indicator → ISO3 → how many countries are better beyond the errors."""
    import polars as pl

    from dashboard.measures.ranks import ranks

    found: dict[str, dict[str, int]] = {}
    for metric in ctx.book.metrics.values():
        rows = [row for row in latest_of(ctx, metric.id).values() if row["value"] is not None and row["std_error"]]
        if metric.direction == "none" or not rows:
            continue
        newest = max(row["year"] for row in rows)
        like = [row for row in rows if row["year"] == newest and not unmodified_only(row["source"])]
        if not like or len({(row["source"], row["edition"], row["unit"]) for row in like}) > 1:
            continue
        frame = pl.DataFrame(
            [{name: row[name] for name in ("country", "value", "std_error", "status")} for row in like],
            schema={"country": pl.String, "value": pl.Float64, "std_error": pl.Float64, "status": pl.String},
        )
        ranked = ranks(frame, metric.direction, centre=metric.centre).drop_nulls("rank_best")
        found[metric.id] = {row["country"]: row["rank_best"] - 1 for row in ranked.iter_rows(named=True)}
    return found
