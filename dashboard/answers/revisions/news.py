"""What each vintage brought: figures that are new, revised or gone, and why; the way for programs and feeds.

Two ways of asking: vintage by vintage (a figure that changed twice is told twice), or two states of the dataset
compared (``net``). ``revisions`` beside it says the same on the page of an indicator.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import polars as pl

from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.holdings.observations import make_cursor
from dashboard.answers.public import changes
from dashboard.answers.wording.addresses import locate_vintage
from dashboard.answers.wording.citation import build_public_address
from dashboard.answers.wording.publishers import check_sources, is_unmodified_only, title_publisher
from dashboard.evidence.dataset.changes import find_changes, read_change_log

KINDS = ("new", "revised", "reissued", "vanished")
DEFAULT_KINDS = ("new", "revised", "vanished")
"""What is told unless asked otherwise: a reissued figure is the same figure in another edition."""

ORDER = ("indicator", "country", "period", "dimensions", "source", "series", "id_before", "id_after")


@dataclass(frozen=True, slots=True)
class NewsSelection:
    """Which changes: those of the vintages after ``after`` up to ``until``; empty filters mean all.

    ``net``: the state of ``until`` compared with that of ``after``, instead of vintage by vintage.
    """

    after: int
    until: int
    indicators: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = DEFAULT_KINDS
    net: bool = False


def find_vintage_number(ctx: Context, moment: date | int | None, parameter: str) -> int:
    """Return the number of the last vintage at or before a day or a number; 0 before the first.

    Raises:
        Invalid: a number that no vintage has, as seen on the day of the context.
    """
    vintages = ctx.dataset.vintages()
    if moment is None:
        return int(vintages[-1]["number"])
    if isinstance(moment, int):
        if moment and all(moment != vintage["number"] for vintage in vintages):
            span = f"{vintages[0]['number']} to {vintages[-1]['number']}"
            raise Invalid(parameter, f"There is no vintage {moment}; there are {span}.")
        return moment
    return max((int(v["number"]) for v in vintages if v["created_at"].date() <= moment), default=0)


def select_news(
    ctx: Context,
    since: date | int | None = None,
    until: date | int | None = None,
    *,
    indicators: tuple[str, ...] = (),
    countries: tuple[str, ...] = (),
    sources: tuple[str, ...] = (),
    kinds: tuple[str, ...] = DEFAULT_KINDS,
    net: bool = False,
) -> NewsSelection:
    """Select changes by days or numbers of vintages; without ``since`` from the first vintage on.

    Raises:
        Invalid, Unknown: no such vintage or source, an end before the beginning, or nothing to compare with.
    """
    end = find_vintage_number(ctx, until, "until")
    start = 0 if since is None else find_vintage_number(ctx, since, "since")
    if not end:
        raise Invalid("until", "There was no dataset yet on that day.")
    if start > end:
        raise Invalid("since", "since must not be after until.")
    if net and not start:
        raise Invalid(
            "since", "Two states are compared (steps=net): say since which day or vintage there is a dataset."
        )
    return NewsSelection(start, end, indicators, countries, check_sources(sources), kinds, net)


def read_page(ctx: Context, selection: NewsSelection, limit: int, start: int = 0) -> changes.Changes:
    """Return ``limit`` changes from a position on, newest vintage first, with counts by vintage."""
    rows = _rows(ctx, selection, selection.kinds).sort(-pl.col("vintage"), *ORDER)
    page_rows = rows.slice(start, limit + 1).collect().to_dicts()
    return changes.Changes(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        after=selection.after,
        until=selection.until,
        vintages=list_vintages(ctx, selection),
        rows=[_change(ctx, row) for row in page_rows[:limit]],
        next=make_cursor(ctx, selection, start + limit) if len(page_rows) > limit else None,
    )


def find_largest(ctx: Context, selection: NewsSelection, most: int) -> Iterator[changes.Change]:
    """Yield the largest revisions of shares and scores alike: by difference relative to the old value.

    On a scale that runs through zero (scores from −2.5 to 2.5) that would be those of figures beside zero: there, and
    where the old value is zero, the difference is relative to the length of the scale.
    """
    scales = [(metric.id, *metric.expected) for metric in ctx.book.metrics.values()]
    limits = pl.LazyFrame(scales, schema={"indicator": pl.String, "low": pl.Float64, "high": pl.Float64}, orient="row")
    whole = pl.when(pl.col("low") >= 0, pl.col("before") > 0).then("before").otherwise(pl.col("high") - pl.col("low"))
    rows = (
        _rows(ctx, selection, ("revised",))
        .filter(pl.col("size") > 0)
        .join(limits, on="indicator", how="left", maintain_order="left")
        .filter(whole.is_not_null())
        .sort(-pl.col("size") / whole, "id_after")
        .drop("low", "high")
    )
    return (_change(ctx, row) for row in rows.head(most).collect().iter_rows(named=True))


def list_vintages(ctx: Context, selection: NewsSelection) -> list[changes.VintageChanges]:
    """Count what each vintage of the selection brought, newest first, even where it is nothing."""
    counted = (
        _rows(ctx, selection, KINDS)
        .group_by("vintage", "source")
        .agg(
            *((pl.col("kind") == kind).sum().alias(kind) for kind in KINDS),
            pl.col("edition_after").drop_nulls().unique().sort().alias("editions"),
        )
        .sort("vintage", "source")
        .collect()
    )
    by_vintage: dict[int, list[changes.SourceChanges]] = {}
    for row in counted.iter_rows(named=True):
        entry = changes.SourceChanges(
            source=row["source"], title=title_publisher(row["source"]), editions=row["editions"], counts=_counts([row])
        )
        by_vintage.setdefault(row["vintage"], []).append(entry)
    selected = [v for v in ctx.dataset.vintages() if selection.after < v["number"] <= selection.until]
    if selection.net:
        selected = selected[-1:]
    return [
        changes.VintageChanges(
            number=vintage["number"],
            created_at=f"{vintage['created_at']:%Y-%m-%dT%H:%M:%SZ}",
            note=vintage["note"],
            page=build_public_address(locate_vintage(ctx.lang, vintage["number"])),
            counts=_counts(
                [cast(dict[str, int], source["counts"]) for source in by_vintage.get(vintage["number"], [])]
            ),
            sources=by_vintage.get(vintage["number"], []),
        )
        for vintage in reversed(selected)
    ]


def add_counts(of_vintages: list[changes.VintageChanges]) -> changes.ChangeCounts:
    """Add up the counts of several vintages."""
    return _counts([cast(dict[str, int], vintage["counts"]) for vintage in of_vintages])


def explain_change(ctx: Context, row: dict[str, Any]) -> str:
    """Return the code of why a figure is listed, as far as the dataset knows."""
    if row["kind"] == "new":
        return "first_vintage" if row["vintage"] == ctx.dataset.vintages()[0]["number"] else "newly_listed"
    if row["kind"] == "vanished":
        return "no_longer_listed"
    return "same_edition" if row["edition_before"] == row["edition_after"] else "new_edition"


def _counts(rows: list[dict[str, int]]) -> changes.ChangeCounts:
    return cast(changes.ChangeCounts, {kind: sum(row[kind] for row in rows) for kind in KINDS})


def _rows(ctx: Context, selection: NewsSelection, kinds: tuple[str, ...]) -> pl.LazyFrame:
    chosen = selection.indicators or None
    until = ctx.dataset.as_of(selection.until) if selection.until else ctx.dataset
    if selection.net:
        compared = find_changes(until.as_of(selection.after), until).with_columns(
            pl.lit(selection.until, dtype=pl.Int32).alias("vintage")
        )
        compared = compared if chosen is None else compared.filter(pl.col("indicator").is_in(list(chosen)))
    else:
        compared = read_change_log(until, selection.after, chosen)
    rows = compared.filter(pl.col("kind").is_in(list(kinds)))
    for name, values in (("country", selection.countries), ("source", selection.sources)):
        rows = rows.filter(pl.col(name).is_in(list(values))) if values else rows
    return rows


def _change(ctx: Context, row: dict[str, Any]) -> changes.Change:
    names = changes.Change.__annotations__
    values = {**row, "dimensions": json.loads(row["dimensions"]), "reason": explain_change(ctx, row)}
    if is_unmodified_only(row["source"]):  # a difference is a derived figure
        values["size"] = None
    return cast(changes.Change, {name: values[name] for name in names})
