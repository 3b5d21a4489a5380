"""Rules of periods and of what was published before: years, the future, duplicates, jumps, changed definitions."""

from collections.abc import Iterator

import polars as pl

from dashboard.analysis.measures.jumps import JUMP_RATIO
from dashboard.contributions.submissions.rules.check import FindingPlace
from dashboard.contributions.submissions.rules.ground import Ground, check, some
from dashboard.contributions.submissions.rules.numbers import TEN_TIMES

FEWEST_STEPS = 3
FACT = ["indicator", "period", "dimensions"]


@check("period_unread", "error")
def period_unread(ground: Ground) -> Iterator[FindingPlace]:
    """The period is no year."""
    for row in some(ground.figures.filter(pl.col("period").is_null())):
        yield ground.place(row, "period", row["period_text"], period=ground.period)


@check("period_not_year", "error")
def period_not_year(ground: Ground) -> Iterator[FindingPlace]:
    """A month or a quarter: figures of indicators are of calendar years."""
    for row in some(ground.read.filter(pl.col("period").str.len_chars() != 4)):
        yield ground.place(row, "period", row["period_text"], period=ground.period)


def _years(ground: Ground) -> pl.DataFrame:
    return ground.read.filter(pl.col("period").str.len_chars() == 4)


@check("period_wrong", "error")
def period_wrong(ground: Ground) -> Iterator[FindingPlace]:
    """The year is one after the one that is due."""
    after = (pl.col("period") > ground.period, pl.col("period") <= str(ground.today.year))
    for row in some(_years(ground).filter(*after)):
        yield ground.place(row, "period", row["period_text"], period=ground.period)


@check("period_closed", "error")
def period_closed(ground: Ground) -> Iterator[FindingPlace]:
    """The year is another, which is published and closed."""
    for row in some(_years(ground).filter(pl.col("period").is_in(list(ground.closed - {ground.period})))):
        yield ground.place(row, "period", row["period_text"])


@check("period_earlier", "suggestion")
def period_earlier(ground: Ground) -> Iterator[FindingPlace]:
    """The year is one before the one that is due."""
    before = (pl.col("period") < ground.period, ~pl.col("period").is_in(list(ground.closed)))
    for row in some(_years(ground).filter(*before)):
        yield ground.place(row, "period", row["period_text"], period=ground.period)


@check("period_future", "error")
def period_future(ground: Ground) -> Iterator[FindingPlace]:
    """No figure can be of a year that has not begun."""
    for row in some(ground.read.filter(pl.col("period").str.head(4) > str(ground.today.year))):
        yield ground.place(row, "period", row["period_text"], year=str(ground.today.year))


@check("row_twice", "error")
def row_twice(ground: Ground) -> Iterator[FindingPlace]:
    """The same indicator, year and breakdown on two rows."""
    firsts = (pl.col(name).first().over(FACT).alias(f"first_{name}") for name in ("sheet", "row"))
    elsewhere = (pl.col("row") != pl.col("first_row")) | (pl.col("sheet") != pl.col("first_sheet"))
    for row in some(ground.read.with_columns(firsts).filter(elsewhere)):
        other = str(row["first_row"]) + ("" if row["sheet"] == row["first_sheet"] else f" ({row['first_sheet']})")
        yield ground.place(row, "indicator", row["indicator_text"], other=other)


@check("jump", "warning")
def jump(ground: Ground) -> Iterator[FindingPlace]:
    """A figure far from the last one published: ten times it, or many times the usual step."""
    past = ground.history.filter(pl.col("value").is_not_null()).sort("indicator", "dimensions", "source", "period")
    if past.is_empty():
        return
    lines = past.group_by("indicator", "dimensions", "source", maintain_order=True).agg(
        pl.col("value").last().alias("before"), pl.col("period").last().alias("before_period"),
        pl.col("value").diff().abs().median().alias("usual"), (pl.len() - 1).alias("steps"),
    ).sort("before_period", maintain_order=True).unique(
        ["indicator", "dimensions"], keep="last", maintain_order=True
    )  # fmt: skip
    both = ground.read.filter(pl.col("value").is_not_null()).join(
        lines, on=["indicator", "dimensions"], maintain_order="left"
    )
    ratio = pl.col("value") / pl.col("before")
    times = pl.col("before").ne(0) & ((ratio >= TEN_TIMES) | (ratio <= 1 / TEN_TIMES))
    step = (pl.col("value") - pl.col("before")).abs()
    far = (pl.col("steps") >= FEWEST_STEPS) & (pl.col("usual") > 0) & (step > JUMP_RATIO * pl.col("usual"))
    for row in some(both.filter(times | far)):
        yield ground.place(row, "value", row["value_text"],
                             before=f"{row['before']:g}", period=str(row["before_period"]))  # fmt: skip


@check("definition_changed", "warning")
def definition_changed(ground: Ground) -> Iterator[FindingPlace]:
    """A break of method lies between this figure and the last one published."""
    last = dict(ground.history.group_by("indicator").agg(pl.col("period").max()).rows())
    broken = {
        metric.id: max(metric.break_years)
        for metric in ground.book.metrics.values()
        if metric.break_years and last.get(metric.id, "9999")[:4] < str(max(metric.break_years))
    }
    rows = ground.read.filter(pl.col("indicator").is_in(list(broken)), pl.col("dimensions") == "{}")
    for row in some(rows.filter(pl.col("value").is_not_null())):
        year = str(broken[str(row["indicator"])])
        if str(row["period"]) >= year:
            yield ground.place(row, "indicator", row["indicator_text"], year=year)
