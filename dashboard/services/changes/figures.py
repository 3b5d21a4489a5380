"""Figures that were revised beyond rounding, came or went between two states: the national totals that pages show."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import polars as pl

from dashboard.codebook.model import Metric
from dashboard.locales import format_edition, format_number, format_period, t
from dashboard.measures.moves import KINDS, compare_figures, measure_move
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.base.words import format_years, name_country, name_metric
from dashboard.services.changes.views import ChangedLine, LargestMove
from dashboard.services.revisions.revisions import count_decimals_apart, format_apart, format_difference_apart
from dashboard.services.wording.figures import format_value
from dashboard.services.wording.publishers import is_unmodified_only, title_publisher

MOST_BARS, MOST_OF_ONE = 10, 2
"""Bars of the picture, and those of one indicator: else one that was redefined would fill it."""


def find_moves(then: Context, now: Context, metrics: Collection[Metric], countries: Collection[str]) -> pl.DataFrame:
    """Figures of these indicators and countries that are not the same, as ``measures.moves.MOVES``."""
    moves = _moves(then.timeless, now.timeless)
    return moves.filter(
        pl.col("indicator").is_in([metric.id for metric in metrics]), pl.col("country").is_in(list(countries))
    )


@kept(4)
def _moves(then: Context, now: Context) -> pl.DataFrame:
    shown = pl.col("primary"), pl.col("dimensions") == "{}", pl.col("indicator").is_in(list(now.book.metrics))
    before, after = (ctx.dataset.scan().filter(*shown) for ctx in (then, now))
    return compare_figures(before, after, {metric.id: metric.decimals for metric in now.book.metrics.values()})


def count_moves(moves: pl.DataFrame) -> dict[str, int]:
    """How many figures there are of each kind of ``measures.moves.KINDS``."""
    counted = dict(moves["kind"].value_counts().iter_rows())
    return {kind: counted.get(kind, 0) for kind in KINDS}


def list_revised(ctx: Context, moves: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of revised figures, those that moved furthest first; each with its ``move``, None where none may be told."""
    rows = moves.filter(moves["kind"] == "revised").to_dicts()
    for row in rows:
        low, high = ctx.book.metrics[row["indicator"]].expected
        told = row["size"] is not None and not is_bare(ctx, row)
        row["move"] = measure_move(row["value_before"], row["value_after"], low, high) if told else None
    return sorted(rows, key=lambda row: (-abs(row["move"] or 0.0), row["indicator"], row["country"], row["period"]))


def is_bare(ctx: Context, row: dict[str, Any]) -> bool:
    """Whether no difference may be told: a licence allows the figures only as published, or they are codes."""
    sources = {row["source_before"], row["source_after"]} - {None}
    return not ctx.book.metrics[row["indicator"]].quantity or any(map(is_unmodified_only, sources))


def draw_largest(ctx: Context, revised: Sequence[dict[str, Any]]) -> list[LargestMove]:
    """The bars of the picture, the longest first."""
    drawn: Counter[str] = Counter()
    shown: list[dict[str, Any]] = []
    for row in revised:
        if row["move"] and drawn[row["indicator"]] < MOST_OF_ONE and len(shown) < MOST_BARS:
            drawn[row["indicator"]] += 1
            shown.append(row)
    longest = max((abs(row["move"]) for row in shown), default=1.0)
    bars = []
    for row in shown:
        line = describe_revised(ctx, row)
        bars.append(
            LargestMove(
                indicator=row["indicator"],
                iso3=row["country"],
                name=line["name"],
                country=line["country"],
                period=line["period"],
                text=t("changes.between.step", ctx.lang, before=line["before"], after=line["after"]),
                difference=line["difference"],
                rose=row["move"] > 0,
                length=f"{100 * abs(row['move']) / longest:.1f}%",
                to=line["to"],
                id_after=row["id_after"],
            )
        )
    return bars


def describe_revised(ctx: Context, row: dict[str, Any]) -> ChangedLine:
    """A revised figure: what it was, what it is, and in which editions."""
    metric = ctx.book.metrics[row["indicator"]]
    before, after = _format_sides(ctx, metric, row)
    titles = [title_publisher(row[f"source_{side}"], row[f"series_{side}"]) for side in ("before", "after")]
    editions = list(dict.fromkeys(title_edition(ctx, row, side) for side in ("before", "after")))
    if len(editions) > 1 and titles[0] == titles[1]:  # the publisher once, then its editions
        editions[1] = format_edition(row["edition_after"], ctx.lang)
    return ChangedLine(
        kind="revised",
        indicator=metric.id,
        iso3=row["country"],
        name=name_metric(ctx, metric.id),
        country=name_country(ctx, row["country"]),
        period=format_period(row["period"], ctx.lang),
        before=before or str(row["value_text_before"]),
        after=after or str(row["value_text_after"]),
        difference=_describe_difference(ctx, metric, row),
        note=editions[0]
        if len(editions) == 1
        else t("changes.revisions.step", ctx.lang, before=editions[0], after=editions[1]),
        to=write_figure_address(ctx, metric.id, row["country"]),
        id_before=row["id_before"],
        id_after=row["id_after"],
    )


def _format_sides(ctx: Context, metric: Metric, row: dict[str, Any]) -> tuple[str, str]:
    """Both values with the decimals that their difference has: 0.05 → 0.04, −0.01, never 0.1 → 0.0."""
    values = row["value_before"], row["value_after"]
    digits = metric.decimals if row["size"] is None else count_decimals_apart(metric, row["size"])
    if digits == metric.decimals or not metric.quantity:
        return format_apart(ctx, metric, *values)
    before, after = (format_number(value, ctx.lang, digits) for value in values)
    return before, after


def title_edition(ctx: Context, row: dict[str, Any], side: str) -> str:
    """Publisher and edition of one side of a move."""
    edition = format_edition(row[f"edition_{side}"], ctx.lang)
    return " · ".join((title_publisher(row[f"source_{side}"], row[f"series_{side}"]), edition))


def _describe_difference(ctx: Context, metric: Metric, row: dict[str, Any]) -> str:
    if row["size"] is None or not metric.quantity:
        return ""
    if is_bare(ctx, row):
        return t("changes.revisions.licence", ctx.lang)
    return format_difference_apart(ctx, metric, row["size"])


def write_figure_address(ctx: Context, indicator: str, iso3: str) -> str:
    """The page of the indicator with this country chosen, on the day looked at."""
    day = f"&as_of={ctx.day}" if ctx.day else ""
    return f"/{ctx.lang}/indicators/{indicator}/?country={iso3}{day}"


def list_runs(ctx: Context, moves: pl.DataFrame, kind: str) -> list[ChangedLine]:
    """New or withdrawn figures by indicator and country, one line for all years; the latest years first."""
    side = "before" if kind == "withdrawn" else "after"
    runs = (
        moves.filter(pl.col("kind") == kind)
        .sort(f"year_{side}", "period", nulls_last=False)
        .group_by("indicator", "country", maintain_order=True)
        .agg(
            pl.len().alias("figures"),
            pl.col(f"year_{side}").min().alias("first"),
            pl.col(f"year_{side}").max().alias("last"),
            pl.col("period").last(),
            *(
                pl.col(f"{name}_{side}").last().alias(name)
                for name in ("value", "value_text", "id", "source", "series")
            ),
        )
    )
    lines = [(row, _describe_run(ctx, kind, row)) for row in runs.iter_rows(named=True)]
    lines.sort(key=lambda pair: (-(pair[0]["last"] or 0), pair[1]["name"].casefold(), pair[1]["country"]))
    return [line for _, line in lines]


def _describe_run(ctx: Context, kind: str, run: dict[str, Any]) -> ChangedLine:
    metric = ctx.book.metrics[run["indicator"]]
    value = run["value"]
    latest = str(run["value_text"]) if value is None else format_value(ctx, metric, value, unit=True)
    if run["figures"] > 1:
        latest = t("changes.between.latest", ctx.lang, value=latest, period=format_period(run["period"], ctx.lang))
    gone = kind == "withdrawn"
    return ChangedLine(
        kind=kind,
        indicator=metric.id,
        iso3=run["country"],
        name=name_metric(ctx, metric.id),
        country=name_country(ctx, run["country"]),
        period=format_years(run["first"], run["last"], ctx.lang) or format_period(run["period"], ctx.lang),
        before=latest if gone else "",
        after="" if gone else latest,
        difference="",
        note=join_note(ctx, run),
        to=write_figure_address(ctx, metric.id, run["country"]),
        id_before=run["id"] if gone else "",
        id_after="" if gone else run["id"],
    )


def join_note(ctx: Context, run: dict[str, Any]) -> str:
    """How many figures a line stands for, and whose they are."""
    counted = t("changes.between.figures", ctx.lang, count=run["figures"])
    return " · ".join((counted, title_publisher(run["source"], run["series"])))
