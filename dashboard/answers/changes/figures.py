"""Figures that were revised beyond rounding, came or went between two states: the national totals that pages show."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlencode

import polars as pl

from dashboard.analysis.measures.latest import has_figure
from dashboard.analysis.measures.moves import FIGURE_COLUMNS, compare_figures, measure_move, measure_spread
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import format_years, join_list, name_country, name_metric
from dashboard.answers.changes.views import BLANK, ChangedLine, LargestMove
from dashboard.answers.revisions.revisions import count_decimals_apart, format_apart, format_difference_apart
from dashboard.answers.wording.figures import format_value
from dashboard.answers.wording.publishers import is_unmodified_only, title_publisher
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import format_edition, format_number, format_period, order, t

FIGURES = ("revised", "period", "new", "withdrawn")
"""Kinds of changes that a publisher made to figures."""
LOADED = "loaded"
"""The kind of what differs because an edition that comes with the product was loaded."""
MIN_MOVE = 0.1
"""Of a standard deviation across countries: what moved less is no large move, however few others moved."""
MAX_BARS, MAX_BARS_PER_INDICATOR = 10, 2
"""Bars of the picture, and those of one indicator: else one that was redefined would fill it."""


def find_moves(then: Context, now: Context, metrics: Collection[Metric], countries: Collection[str]) -> pl.DataFrame:
    """Return the figures that differ, as ``measures.moves.MOVES``.

    Their kinds are ``FIGURES``, ``rounded`` and ``LOADED``; a new figure of a later year than all before is a
    ``period``.
    """
    moves = _compare_states(then.timeless, now.timeless)
    return moves.filter(
        pl.col("indicator").is_in([metric.id for metric in metrics]), pl.col("country").is_in(list(countries))
    )


@kept(4)
def _compare_states(then: Context, now: Context) -> pl.DataFrame:
    shown = pl.col("primary"), pl.col("dimensions") == "{}", pl.col("indicator").is_in(list(now.book.metrics))
    before, after = (ctx.dataset.scan().filter(*shown) for ctx in (then, now))
    moves = compare_figures(before, after, {metric.id: metric.decimals for metric in now.book.metrics.values()})
    last = (
        before.filter(has_figure()).group_by("indicator", "country").agg(pl.col("year").max().alias("last")).collect()
    )
    later = (pl.col("kind") == "new") & (pl.col("year_after") > pl.col("last"))
    came = now.dataset.ever().select("id", "vintage", "superseded").collect()
    since = (
        moves.join(last, on=["indicator", "country"], how="left", maintain_order="left")
        .join(came.select(id_after="id", came="vintage"), on="id_after", how="left", maintain_order="left")
        .join(came.select(id_before="id", went="superseded"), on="id_before", how="left", maintain_order="left")
    )
    loaded = pl.coalesce("came", "went").is_in(list(now.dataset.loaded_vintages())) & (pl.col("kind") != "rounded")
    kind = pl.when(loaded).then(pl.lit(LOADED)).when(later).then(pl.lit("period")).otherwise("kind")
    return since.with_columns(kind=kind).select(moves.columns)


def is_loaded_alone(then: Context, now: Context) -> bool:
    """Return True if only editions that come with the product came between two states."""
    between = {vintage["number"] for vintage in now.dataset.vintages()} - {
        vintage["number"] for vintage in then.dataset.vintages()
    }
    return bool(between) and between <= now.dataset.loaded_vintages()


def find_moved_by_loading(moves: pl.DataFrame) -> set[tuple[str, str]]:
    """Return indicator and country of which nothing moved but by loading."""
    series = moves.filter(pl.col("kind") != "rounded").group_by("indicator", "country")
    alone = series.agg((pl.col("kind") == LOADED).all().alias("alone")).filter("alone")
    return set(alone.select("indicator", "country").iter_rows())


def count_moves(moves: pl.DataFrame) -> dict[str, int]:
    """Count the figures of each kind."""
    counted = dict(moves["kind"].value_counts().iter_rows())
    return {kind: counted.get(kind, 0) for kind in (*FIGURES, "rounded", LOADED)}


def list_revised(ctx: Context, moves: pl.DataFrame) -> list[dict[str, Any]]:
    """Return revised figures, furthest moves first; ``move`` is None where none may be shown."""
    rows = moves.filter(moves["kind"] == "revised").to_dicts()
    spreads = _measure_spreads(ctx.timeless) if rows else {}
    for row in rows:
        is_shown = row["size"] is not None and not is_bare(ctx, row)
        spread = spreads.get(row["indicator"])
        row["move"] = measure_move(row["value_before"], row["value_after"], spread) if is_shown else None
    return sorted(rows, key=lambda row: (-abs(row["move"] or 0.0), row["indicator"], row["country"], row["period"]))


@kept(4)
def _measure_spreads(ctx: Context) -> dict[str, float | None]:
    """Return indicator → standard deviation of its latest national totals across countries."""
    shown = pl.col("primary"), pl.col("dimensions") == "{}", pl.col("value").is_finite(), pl.col("year") > 0
    latest = ctx.dataset.scan().filter(*shown).sort("year").group_by("indicator", "country").agg(pl.col("value").last())
    values = latest.group_by("indicator").agg("value").collect()
    return {indicator: measure_spread(latest_values) for indicator, latest_values in values.iter_rows()}


def is_bare(ctx: Context, row: dict[str, Any]) -> bool:
    """Return True if no difference may be shown: the licence forbids it, or the figures are codes."""
    sources = {row["source_before"], row["source_after"]} - {None}
    return not ctx.book.metrics[row["indicator"]].quantity or any(map(is_unmodified_only, sources))


def draw_largest(ctx: Context, revised: Sequence[dict[str, Any]]) -> list[LargestMove]:
    """Return the bars of the picture, the longest first."""
    drawn: Counter[str] = Counter()
    shown: list[dict[str, Any]] = []
    for row in revised:
        if (
            abs(row["move"] or 0.0) >= MIN_MOVE
            and drawn[row["indicator"]] < MAX_BARS_PER_INDICATOR
            and len(shown) < MAX_BARS
        ):
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
    """Return a revised figure with both values and editions."""
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
    """Format both values with the decimals of their difference: 0.05 → 0.04, never 0.1 → 0.0."""
    values = row["value_before"], row["value_after"]
    digits = metric.decimals if row["size"] is None else count_decimals_apart(metric, row["size"])
    if digits == metric.decimals or not metric.quantity:
        return format_apart(ctx, metric, *values)
    before, after = (format_number(value, ctx.lang, digits) for value in values)
    return before, after


def title_edition(ctx: Context, row: dict[str, Any], side: str) -> str:
    """Return publisher and edition of one side of a move."""
    edition = format_edition(row[f"edition_{side}"], ctx.lang)
    return " · ".join((title_publisher(row[f"source_{side}"], row[f"series_{side}"]), edition))


def _describe_difference(ctx: Context, metric: Metric, row: dict[str, Any]) -> str:
    if row["size"] is None or not metric.quantity:
        return ""
    if is_bare(ctx, row):
        return t("changes.revisions.licence", ctx.lang)
    return format_difference_apart(ctx, metric, row["size"])


def list_loaded(ctx: Context, moves: pl.DataFrame, lines: Sequence[ChangedLine]) -> list[ChangedLine]:
    """Return what differs by loading: a line per indicator, and claims by name."""
    rows = moves.filter(pl.col("kind") == LOADED).rows(named=True)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    publishers: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        side = "before" if row["id_after"] is None else "after"
        counts[row["indicator"]]["figures"] += 1
        publishers[row["indicator"]].add(title_publisher(row[f"source_{side}"], row[f"series_{side}"]))
    for line in lines:
        counts[line["indicator"]][f"told.{line['kind']}"] += 1
    counts.pop("", None)
    loaded = [_describe_loaded(ctx, indicator, counts[indicator], publishers[indicator]) for indicator in counts]
    claims = (line for line in lines if not line["indicator"])
    return [*sorted(loaded, key=lambda line: order(line["name"], ctx.lang)), *claims]


def _describe_loaded(ctx: Context, indicator: str, counts: Counter[str], publishers: Collection[str]) -> ChangedLine:
    return {
        **BLANK,
        "kind": LOADED,
        "indicator": indicator,
        "name": name_metric(ctx, indicator),
        "after": join_list(
            ctx, (t(f"changes.between.{kind}", ctx.lang, count=count) for kind, count in counts.items())
        ),
        "note": join_list(ctx, sorted(publishers)),
        "to": write_figure_address(ctx, indicator),
    }


def write_figure_address(ctx: Context, indicator: str, iso3: str = "") -> str:
    """Return the path of the indicator's page with this country, on the day looked at."""
    query = urlencode({name: value for name, value in (("country", iso3), ("as_of", ctx.day)) if value})
    return f"/{ctx.lang}/indicators/{indicator}/{query and '?' + query}"


def list_runs(ctx: Context, moves: pl.DataFrame, kind: str) -> list[ChangedLine]:
    """Return figures of a kind, one line per indicator and country, latest years first."""
    side, other = ("before", "after") if kind == "withdrawn" else ("after", "before")
    runs = (
        moves.filter(pl.col("kind") == kind)
        .with_columns(
            pl.coalesce(f"{name}_{side}", f"{name}_{other}").alias(f"{name}_{side}") for name in FIGURE_COLUMNS
        )
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
    return {
        **BLANK,
        "kind": kind,
        "indicator": metric.id,
        "iso3": run["country"],
        "name": name_metric(ctx, metric.id),
        "country": name_country(ctx, run["country"]),
        "period": format_years(run["first"], run["last"], ctx.lang) or format_period(run["period"], ctx.lang),
        "before": latest if gone else "",
        "after": "" if gone else latest,
        "note": join_note(ctx, run),
        "to": write_figure_address(ctx, metric.id, run["country"]),
        "id_before": run["id"] if gone else "",
        "id_after": "" if gone else run["id"],
    }


def join_note(ctx: Context, run: dict[str, Any]) -> str:
    """Return how many figures a line stands for, and whose they are."""
    counted = t("changes.between.figures", ctx.lang, count=run["figures"])
    return " · ".join((counted, title_publisher(run["source"], run["series"])))
