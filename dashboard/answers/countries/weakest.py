"""A country's strongest and weakest indicators by name, by the one rule we can defend.

Unlike scales cannot be put in one order without a scoring method. What can be counted, among the figures of one
publisher, edition and year: in how many countries the figure of an indicator with a direction is better, or worse, by
more than the errors of both where the publisher gives errors (``dashboard.analysis.measures.ranks``). An indicator is
*weak* where most comparable countries are better, *strong* where most are worse. One publisher's indicators are made
from the same sources and stand or fall together, so a list is shown only where it rests on more than one publisher.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from dashboard.analysis.measures.ranks import KIND_COLUMNS, rank_countries
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, find_latest
from dashboard.answers.base.words import name_metric
from dashboard.answers.countries.standing import is_second_scale
from dashboard.answers.countries.views import WeakRow
from dashboard.answers.wording.evidence import is_claim
from dashboard.answers.wording.figures import format_value
from dashboard.answers.wording.publishers import is_unmodified_only
from dashboard.evidence.dataset.schema import ROWS
from dashboard.locales import format_number, t

COMPARABLE = ("year", "source", "series", "edition", "unit")
RANKED = ("country", "value", "std_error", "lower", "upper", "interval_level", "status", *KIND_COLUMNS)
MIN_COMPARABLE = 100
"""Fewest countries with a comparable figure, about half of all, among which an indicator is strong or weak (ours)."""

MIN_SOURCES = 2
"""Fewest publishers that a list of strongest or weakest indicators rests on (ours)."""


@dataclass(frozen=True, slots=True)
class Rank:
    """How many of the ``others`` are better, and worse, than a country, beyond errors where there are any."""

    indicator: str
    source: str
    better: int
    worse: int
    others: int

    def share(self, side: Literal["better", "worse"]) -> float:
        """Return the share of the others on a side."""
        return (self.better if side == "better" else self.worse) / self.others


def find_extremes(ctx: Context, iso3: str, most: int = 3) -> tuple[list[WeakRow], list[WeakRow]]:
    """Return the strongest and the weakest indicators; empty where the rule names none."""
    ranks = [ranks[iso3] for ranks in _rank_indicators(ctx.timeless).values() if iso3 in ranks]
    strong, weak = (select_extremes(ranks, side)[:most] for side in ("worse", "better"))
    return [_view_row(ctx, iso3, rank, "worse") for rank in strong], [
        _view_row(ctx, iso3, rank, "better") for rank in weak
    ]


def select_extremes(ranks: Sequence[Rank], side: Literal["better", "worse"]) -> list[Rank]:
    """Return indicators in which most others are on a side, each publisher's first ahead."""
    found = sorted(
        (rank for rank in ranks if rank.share(side) > 1 / 2), key=lambda rank: (-rank.share(side), rank.indicator)
    )
    if len({rank.source for rank in found}) < MIN_SOURCES:
        return []
    firsts = list({rank.source: rank for rank in reversed(found)}.values())
    return sorted(found, key=lambda rank: rank not in firsts)


def _view_row(ctx: Context, iso3: str, rank: Rank, side: Literal["better", "worse"]) -> WeakRow:
    figure = find_latest(ctx, rank.indicator)[iso3]
    metric = ctx.book.metrics[rank.indicator]
    text = t(
        f"answers.weakest.{side}{'' if metric.has_published_errors else '_no_error'}",
        ctx.lang,
        figure=format_value(ctx, metric, figure["value"], unit=True),
        year=str(figure["year"]),
        count=format_number(getattr(rank, side), ctx.lang),
        of=format_number(rank.others, ctx.lang),
    )
    return WeakRow(
        indicator=rank.indicator, name=name_metric(ctx, rank.indicator), text=text, share=round(rank.share(side), 3)
    )


@kept(4)
def _rank_indicators(ctx: Context) -> Mapping[str, Mapping[str, Rank]]:
    """Return indicator → ISO3 → its rank among comparable countries of the newest year."""
    found: dict[str, dict[str, Rank]] = {}
    every = {*ctx.book.metrics}
    for metric in ctx.book.metrics.values():
        if (
            not metric.quantity
            or metric.unit == "yes_no"
            or metric.theme == "context"
            or is_second_scale(metric.id, every)
        ):
            continue
        rows: list[Row] = [
            row
            for row in find_latest(ctx, metric.id).values()
            if row["value"] is not None
            and row["year"]
            and not is_unmodified_only(row["source"])
            and not is_claim(metric, row)
        ]
        newest = max(rows, key=lambda row: row["year"], default={})
        like = [row for row in rows if all(row[name] == newest[name] for name in COMPARABLE)]
        frame = pl.DataFrame(
            [{name: row[name] for name in RANKED} for row in like], schema={name: ROWS[name] for name in RANKED}
        )
        ranked = rank_countries(
            frame,
            metric.direction,
            centre=metric.centre,
            min_n=MIN_COMPARABLE,
            needs_error=metric.has_published_errors,
        ).drop_nulls("rank_best")
        n = ranked.height
        found[metric.id] = {
            row["country"]: Rank(metric.id, newest["source"], row["rank_best"] - 1, n - row["rank_worst"], n - 1)
            for row in ranked.iter_rows(named=True)
        }
    return found
