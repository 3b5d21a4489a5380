"""Rules of numbers: readable, within bounds, numerator and denominator, totals and parts, intervals, small cells."""

from collections.abc import Iterator

import polars as pl

from dashboard.measures.surveys.suppression import RELIABLE, THRESHOLD, describes_all
from dashboard.submissions.model import Finding
from dashboard.submissions.reading import cells
from dashboard.submissions.reading.figures import NUMBERS
from dashboard.submissions.rules.ground import Ground, some

RATIO_ROUNDING = 0.06
"""Per cent by which a rounded value may differ from numerator over denominator: one decimal, rounded. Ours."""

PERCENT = 100.0

TEN_TIMES = 8.0
"""A figure this many times another, either way, is more often a slip of the unit than a change. Ours."""


def number_unread(ground: Ground) -> Iterator[Finding]:
    """A cell of a number that is none, or that can be read in two ways."""
    for name in NUMBERS:
        faulty = ground.figures.filter(pl.col(f"{name}_problem") != "")
        for row in some(faulty):
            rule = {"ambiguous": "number_ambiguous", "formula": "formula_text", "error_value": "error_value"}
            rule_name = rule.get(str(row[f"{name}_problem"]), "number_unread")
            both = cells.readings(str(row[f"{name}_text"])) if rule_name == "number_ambiguous" else None
            told = {"whole": f"{both[0]:.0f}", "decimal": f"{both[1]:.3f}"} if both else {}
            yield ground.finding(row, rule_name, "error", name, row[f"{name}_text"], **told)


def out_of_bounds(ground: Ground) -> Iterator[Finding]:
    """No value can lie beyond a natural limit."""
    yield from _beyond(ground, hard=True)


def unusual_value(ground: Ground) -> Iterator[Finding]:
    """Values beyond the usual range occur, but call for a look."""
    yield from _beyond(ground, hard=False)


def _beyond(ground: Ground, *, hard: bool) -> Iterator[Finding]:
    rows = []
    for metric in ground.book.metrics.values():
        low, high = (metric.limit_low, metric.limit_high) if hard else (metric.usual_low, metric.usual_high)
        if low is not None or high is not None:
            rows.append((metric.id, low, high))
    limits = pl.DataFrame(rows, schema={"indicator": pl.String, "low": pl.Float64, "high": pl.Float64}, orient="row")
    joined = ground.read.join(limits, on="indicator", maintain_order="left")
    for row in some(joined.filter((pl.col("value") < pl.col("low")) | (pl.col("value") > pl.col("high")))):
        least, most = ("…" if row[side] is None else f"{row[side]:g}" for side in ("low", "high"))
        rule, severity = ("out_of_bounds", "error") if hard else ("unusual_value", "warning")
        yield ground.finding(row, rule, severity, "value", row["value_text"], low=least, high=most)  # type: ignore[arg-type]


def share_as_fraction(ground: Ground) -> Iterator[Finding]:
    """A share below 1 per cent is more often one that was not multiplied by 100: somebody has to say which it is.

    It is what it says where its sender writes the sign of per cent, or numerator and denominator that give it, and
    where a figure of the same indicator is of its size: the group's last one, or another group's of the same year that
    cannot be a fraction. A 1 is looked at where the indicator has fractions beside it, or a history far above.
    """
    percent = [metric.id for metric in ground.book.metrics.values() if metric.unit == "percent"]
    value = pl.col("value")
    ratio = PERCENT * pl.col("numerator") / pl.col("denominator")
    given = ((value - ratio).abs() <= RATIO_ROUNDING).fill_null(value=False)
    shares = (
        ground.read.filter(pl.col("indicator").is_in(percent), value.is_not_null())
        .join(_last(ground.history), on=["indicator", "dimensions"], how="left", maintain_order="left")
        .with_columns(
            value.filter(value > 1).min().over("indicator", "period").alias("beside"),
            ((value > 0) & (value < 1)).any().over("indicator", "period").alias("fractions"),
            (value <= 1).all().over("indicator", "period").alias("none_above"),
        )
    )
    of_its_size = (pl.col("before") > 0) & (pl.col("before") < TEN_TIMES * value)
    of_its_size |= pl.col("before").is_null() & (pl.col("beside") < TEN_TIMES * value)
    one = (value == 1) & pl.col("none_above") & (pl.col("fractions") | (pl.col("before") >= TEN_TIMES))
    doubtful = ((value > 0) & (value < 1)) | one.fill_null(value=False)
    for row in some(shares.filter(doubtful, ~of_its_size.fill_null(value=False), ~pl.col("value_percent"), ~given)):
        yield ground.finding(
            row, "share_as_fraction", "error", "value", row["value_text"],
            shown=f"{float(str(row['value'])) * 100:g}", value=f"{row['value']:g}",
        )  # fmt: skip


def _last(history: pl.DataFrame) -> pl.DataFrame:
    """The newest published figure of each indicator and group, as ``before``."""
    return (
        history.filter(pl.col("value").is_not_null())
        .sort("period", maintain_order=True)
        .group_by("indicator", "dimensions", maintain_order=True)
        .agg(pl.col("value").last().alias("before"))
    )


def numerator_alone(ground: Ground) -> Iterator[Finding]:
    """A numerator is of something: without a denominator it may be what a comma has cut off the value."""
    alone = pl.col("numerator").is_not_null() & (pl.col("denominator_text") == "")
    for row in some(ground.read.filter(alone)):
        yield ground.finding(row, "numerator_alone", "error", "numerator", row["numerator_text"])


def note_is_number(ground: Ground) -> Iterator[Finding]:
    """A note that is a bare number is what a comma has cut off a figure, or stands in the wrong column."""
    bare = cells.BARE_NUMBER.pattern
    for row in some(ground.figures.filter(pl.col("note").map_elements(cells.folded, pl.String).str.contains(bare))):
        yield ground.finding(row, "note_is_number", "error", "note", row["note"], value=str(row["value_text"]))


def numerator_too_large(ground: Ground) -> Iterator[Finding]:
    """Of a share, more are counted than there are."""
    percent = [metric.id for metric in ground.book.metrics.values() if metric.unit == "percent"]
    wrong = ground.read.filter(pl.col("indicator").is_in(percent), pl.col("numerator") > pl.col("denominator"))
    for row in some(wrong):
        yield ground.finding(
            row,
            "numerator_too_large",
            "error",
            "numerator",
            row["numerator_text"],
            denominator=str(row["denominator_text"]),
        )


def count_not_whole(ground: Ground) -> Iterator[Finding]:
    """Counts are whole, not negative and not per cent; a denominator is more than 0."""
    for name in ("numerator", "denominator", "sample"):
        column = pl.col(name)
        least = column < (1 if name == "denominator" else 0)
        for row in some(ground.read.filter(least | (column.round(0) != column) | pl.col(f"{name}_percent"))):
            yield ground.finding(row, "count_not_whole", "error", name, row[f"{name}_text"])


def value_not_ratio(ground: Ground) -> Iterator[Finding]:
    """A share that is not its numerator over its denominator."""
    percent = [metric.id for metric in ground.book.metrics.values() if metric.unit == "percent"]
    ratio = PERCENT * pl.col("numerator") / pl.col("denominator")
    wrong = ground.read.filter(
        pl.col("indicator").is_in(percent), pl.col("denominator") > 0, pl.col("numerator") <= pl.col("denominator"),
        (pl.col("value") - ratio).abs() > RATIO_ROUNDING,
    ).with_columns(ratio.alias("ratio"))  # fmt: skip
    for row in some(wrong):
        yield ground.finding(row, "value_not_ratio", "error", "value", row["value_text"], ratio=f"{row['ratio']:.2f}")


def total_outside_parts(ground: Ground) -> Iterator[Finding]:
    """A total of a share lies between its parts; counts of the parts add up to those of the total."""
    read = ground.read.with_columns(pl.col("dimensions").str.extract(r'^\{"([^"]+)":"[^"]+"\}$').alias("by")).filter(
        pl.col("value").is_not_null()
    )
    total = read.filter(pl.col("dimensions") == "{}").unique(["indicator", "period"], keep="first", maintain_order=True)
    parts = (
        read.filter(pl.col("by").is_not_null())
        .group_by("indicator", "period", "by")
        .agg(pl.col("value").min().alias("least"), pl.col("value").max().alias("most"), pl.len().alias("parts"),
             pl.col("denominator").sum().alias("sum"), pl.col("denominator").is_not_null().all().alias("counted"))
        .filter(pl.col("parts") > 1)
        .sort("indicator", "period", "by")
    )  # fmt: skip
    shares = [m.id for m in ground.book.metrics.values() if m.unit in ("percent", "minutes", "days", "score", "index")]
    both = total.join(parts, on=["indicator", "period"], suffix="_part")
    rounding = 0.05
    outside = both.filter(
        pl.col("indicator").is_in(shares),
        (pl.col("value") < pl.col("least") - rounding) | (pl.col("value") > pl.col("most") + rounding),
    )
    for row in some(outside):
        yield ground.finding(row, "total_outside_parts", "error", "value", row["value_text"], by=str(row["by_part"]),
                             low=f"{row['least']:g}", high=f"{row['most']:g}")  # fmt: skip
    unequal = both.filter(pl.col("counted"), pl.col("denominator").is_not_null(), pl.col("sum") > pl.col("denominator"))
    for row in some(unequal):
        yield ground.finding(row, "parts_exceed_total", "error", "denominator", row["denominator_text"],
                             by=str(row["by_part"]), sum=f"{row['sum']:g}")  # fmt: skip


def interval_wrong(ground: Ground) -> Iterator[Finding]:
    """A value lies within its own interval, and an interval has both ends."""
    crossed = (pl.col("value") < pl.col("lower")) | (pl.col("value") > pl.col("upper"))
    half = pl.col("lower").is_null() != pl.col("upper").is_null()
    for row in some(ground.read.filter(crossed | half)):
        yield ground.finding(
            row,
            "interval_wrong",
            "error",
            "value",
            row["value_text"],
            low=str(row["lower_text"]),
            high=str(row["upper_text"]),
        )


def small_cell(ground: Ground) -> Iterator[Finding]:
    """A figure of few people can give away what one of them said; 0 or 100 per cent says it of each of them."""
    people = pl.coalesce("sample", "denominator")
    few = ground.read.filter(pl.col("value").is_not_null(), people > 0, people < RELIABLE).with_columns(
        people.alias("n")
    )
    for row in some(few):
        n = float(str(row["n"]))
        share = ground.metric(str(row["indicator"])).unit == "percent"
        if n < THRESHOLD:
            rule, severity = "small_cell", "error"
        elif share and describes_all(n * float(str(row["value"])) / PERCENT, n):
            rule, severity = "small_unanimous", "error"
        else:
            rule, severity = "few_answers", "warning"
        column = "sample" if row["sample"] is not None else "denominator"
        yield ground.finding(row, rule, severity, column, f"{n:g}", least=str(THRESHOLD), reliable=str(RELIABLE))  # type: ignore[arg-type]


def small_rest(ground: Ground) -> Iterator[Finding]:
    """The figure of a withheld group follows from the total and the other group, where it has few people."""
    people = pl.coalesce("sample", "denominator")
    read = ground.read.filter(pl.col("value").is_not_null()).with_columns(
        people.alias("n"), pl.col("dimensions").str.extract(r'^\{"([^"]+)":"[^"]+"\}$').alias("by")
    )
    fact = ["indicator", "period"]
    total = read.filter(pl.col("dimensions") == "{}").unique(fact, keep="first", maintain_order=True)
    groups = read.filter(pl.col("by").is_not_null(), pl.len().over(*fact, "by") == 1)
    beside = groups.join(total.select(*fact, pl.col("n").alias("all")), on=fact, maintain_order="left")
    left = pl.col("all") - pl.col("n")
    for row in some(
        beside.filter(left > 0, left < THRESHOLD, pl.col("n") >= THRESHOLD).with_columns(left.alias("left"))
    ):
        column = "sample" if row["sample"] is not None else "denominator"
        yield ground.finding(row, "small_rest", "error", column, f"{row['n']:g}", all=f"{row['all']:g}",
                             left=f"{row['left']:g}", least=str(THRESHOLD))  # fmt: skip
