"""A country's weakest indicators by name, by the one rule we can defend.

Unlike scales cannot be put in one order without a scoring method. What can be counted honestly: for indicators with a
direction and published standard errors, of one publisher and one year, in how many countries the figure is better by
more than the errors of both (``dashboard.measures.ranks``). The indicators with the largest such share are named;
without published standard errors, nothing is: the scores of the governance indicators, which have intervals only, are
their estimates on another scale and would be named twice. Each indicator is ranked in the edition it is judged in, and
told with its figure of that edition (``wording.editions``).
"""

from collections.abc import Mapping

import polars as pl

from dashboard.dataset.schema import ROWS
from dashboard.locales import format_number, t
from dashboard.measures.ranks import rank_countries
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.base.rows import Row, find_latest
from dashboard.services.base.words import name_metric
from dashboard.services.countries.views import WeakRow
from dashboard.services.wording.editions import add_judged, find_context_with_errors
from dashboard.services.wording.evidence import is_claim
from dashboard.services.wording.figures import format_value
from dashboard.services.wording.publishers import is_unmodified_only

RANKED = ("country", "value", "std_error", "lower", "upper", "interval_level", "status")
FEWEST = 3
"""Fewest ranked indicators of a country among which any are named (ours)."""


def find_extremes(ctx: Context, iso3: str, most: int = 3) -> tuple[list[WeakRow], list[WeakRow]]:
    """The strongest and the weakest indicators by the same rule, ``most`` of each and none in both."""
    places = _ordered(ctx, iso3)
    most = min(most, len(places) // 2)
    weak = [place for place in places[:most] if place[0] > 0]
    strong = [place for place in reversed(places[len(places) - most :]) if place[0] < 1]
    return [_row(ctx, iso3, *place) for place in strong], [_row(ctx, iso3, *place) for place in weak]


Place = tuple[float, int, int, str]
"""Share of countries that are better beyond the errors, how many, of how many, in which indicator."""


def _ordered(ctx: Context, iso3: str) -> list[Place]:
    """The weakest first; empty where fewer than ``FEWEST`` indicators are ranked."""
    places: list[Place] = [
        (better / (of - 1), better, of - 1, metric)
        for metric, ranked in _places(ctx.timeless).items()
        if iso3 in ranked and (of := len(ranked)) > 1
        for better in [ranked[iso3]]
    ]
    return sorted(places, key=lambda place: (-place[0], place[3])) if len(places) >= FEWEST else []


def _row(ctx: Context, iso3: str, share: float, better: int, of: int, metric: str) -> WeakRow:
    figure = find_latest(find_context_with_errors(ctx, metric), metric)[iso3]
    text = t(
        "answers.weakest.row",
        ctx.lang,
        figure=format_value(ctx, ctx.book.metrics[metric], figure["value"], unit=True),
        year=str(figure["year"]),
        better=format_number(better, ctx.lang),
        of=format_number(of, ctx.lang),
    )
    return WeakRow(
        indicator=metric, name=name_metric(ctx, metric), text=add_judged(ctx, metric, text), share=round(share, 3)
    )


@kept(4)
def _places(ctx: Context) -> Mapping[str, Mapping[str, int]]:
    """Indicator → ISO3 → how many countries are better beyond the errors."""
    places: dict[str, dict[str, int]] = {}
    for metric in ctx.book.metrics.values():
        rows: list[Row] = [
            row
            for row in find_latest(find_context_with_errors(ctx, metric.id), metric.id).values()
            if row["value"] is not None and row["std_error"] and row["year"]
        ]
        if metric.direction == "none" or not rows:
            continue
        newest = max(row["year"] for row in rows)
        like = [
            row
            for row in rows
            if row["year"] == newest and not is_unmodified_only(row["source"]) and not is_claim(metric, row)
        ]
        if not like or len({(row["source"], row["edition"], row["unit"]) for row in like}) > 1:
            continue
        frame = pl.DataFrame(
            [{name: row[name] for name in RANKED} for row in like], schema={name: ROWS[name] for name in RANKED}
        )
        ranked = rank_countries(frame, metric.direction, centre=metric.centre).drop_nulls("rank_best")
        places[metric.id] = {row["country"]: row["rank_best"] - 1 for row in ranked.iter_rows(named=True)}
    return places
