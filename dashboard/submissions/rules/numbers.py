"""Rules of numbers: readable, within bounds, numerator and denominator, totals and parts, intervals, small cells."""

from collections.abc import Iterator

import polars as pl

from dashboard.measures.surveys.suppression import RELIABLE, THRESHOLD, is_unanimous
from dashboard.submissions.reading import cells
from dashboard.submissions.reading.figures import NUMBERS
from dashboard.submissions.rules.check import FindingPlace
from dashboard.submissions.rules.ground import Ground, check, some

RATIO_ROUNDING = 0.06
"""Per cent by which a rounded value may differ from numerator over denominator: one decimal, rounded. Ours."""

PERCENT = 100.0

TEN_TIMES = 8.0
"""A figure this many times another, either way, is more often a slip of the unit than a change. Ours."""


def _unread(ground: Ground, *problems: str) -> Iterator[tuple[str, dict[str, object]]]:
    """The columns and rows of numbers with one of these problems; of any other than the named where none is given."""
    for name in NUMBERS:
        problem = pl.col(f"{name}_problem")
        asked = problem.is_in(problems) if problems else ~problem.is_in(["", *_PROBLEMS])
        for row in some(ground.figures.filter(asked)):
            yield name, row


_PROBLEMS = ("ambiguous", "formula", "error_value")


@check("number_unread", "error")
def number_unread(ground: Ground) -> Iterator[FindingPlace]:
    """A cell of a number that is none."""
    for name, row in _unread(ground):
        yield ground.place(row, name, row[f"{name}_text"])


@check("number_ambiguous", "error")
def number_ambiguous(ground: Ground) -> Iterator[FindingPlace]:
    """A number that can be read in two ways, told with both."""
    for name, row in _unread(ground, "ambiguous"):
        both = cells.readings(str(row[f"{name}_text"]))
        told = {"whole": f"{both[0]:.0f}", "decimal": f"{both[1]:.3f}"} if both else {}
        yield ground.place(row, name, row[f"{name}_text"], **told)


@check("formula_text", "error")
def formula_text(ground: Ground) -> Iterator[FindingPlace]:
    """A formula where its value should be."""
    for name, row in _unread(ground, "formula"):
        yield ground.place(row, name, row[f"{name}_text"])


@check("error_value", "error")
def error_value(ground: Ground) -> Iterator[FindingPlace]:
    """What a spreadsheet shows where a formula failed."""
    for name, row in _unread(ground, "error_value"):
        yield ground.place(row, name, row[f"{name}_text"])


@check("out_of_bounds", "error")
def out_of_bounds(ground: Ground) -> Iterator[FindingPlace]:
    """No value can lie beyond a natural limit."""
    yield from _beyond(ground, hard=True)


@check("unusual_value", "warning")
def unusual_value(ground: Ground) -> Iterator[FindingPlace]:
    """Values beyond the usual range occur, but call for a look."""
    yield from _beyond(ground, hard=False)


def _beyond(ground: Ground, *, hard: bool) -> Iterator[FindingPlace]:
    rows = []
    for metric in ground.book.metrics.values():
        low, high = (metric.limit_low, metric.limit_high) if hard else (metric.usual_low, metric.usual_high)
        if low is not None or high is not None:
            rows.append((metric.id, low, high))
    limits = pl.DataFrame(rows, schema={"indicator": pl.String, "low": pl.Float64, "high": pl.Float64}, orient="row")
    joined = ground.read.join(limits, on="indicator", maintain_order="left")
    for row in some(joined.filter((pl.col("value") < pl.col("low")) | (pl.col("value") > pl.col("high")))):
        least, most = ("…" if row[side] is None else f"{row[side]:g}" for side in ("low", "high"))
        yield ground.place(row, "value", row["value_text"], low=least, high=most)


@check("share_as_fraction", "error")
def share_as_fraction(ground: Ground) -> Iterator[FindingPlace]:
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
        yield ground.place(
            row, "value", row["value_text"],
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


@check("numerator_alone", "error")
def numerator_alone(ground: Ground) -> Iterator[FindingPlace]:
    """A numerator is of something: without a denominator it may be what a comma has cut off the value."""
    alone = pl.col("numerator").is_not_null() & (pl.col("denominator_text") == "")
    for row in some(ground.read.filter(alone)):
        yield ground.place(row, "numerator", row["numerator_text"])


@check("note_is_number", "error")
def note_is_number(ground: Ground) -> Iterator[FindingPlace]:
    """A note that is a bare number is what a comma has cut off a figure, or stands in the wrong column."""
    bare = cells.BARE_NUMBER.pattern
    for row in some(ground.figures.filter(pl.col("note").map_elements(cells.folded, pl.String).str.contains(bare))):
        yield ground.place(row, "note", row["note"], value=str(row["value_text"]))


@check("numerator_too_large", "error")
def numerator_too_large(ground: Ground) -> Iterator[FindingPlace]:
    """Of a share, more are counted than there are."""
    percent = [metric.id for metric in ground.book.metrics.values() if metric.unit == "percent"]
    wrong = ground.read.filter(pl.col("indicator").is_in(percent), pl.col("numerator") > pl.col("denominator"))
    for row in some(wrong):
        yield ground.place(
            row,
            "numerator",
            row["numerator_text"],
            denominator=str(row["denominator_text"]),
        )


@check("count_not_whole", "error")
def count_not_whole(ground: Ground) -> Iterator[FindingPlace]:
    """Counts are whole, not negative and not per cent; a denominator is more than 0."""
    for name in ("numerator", "denominator", "sample"):
        column = pl.col(name)
        least = column < (1 if name == "denominator" else 0)
        for row in some(ground.read.filter(least | (column.round(0) != column) | pl.col(f"{name}_percent"))):
            yield ground.place(row, name, row[f"{name}_text"])


@check("value_not_ratio", "error")
def value_not_ratio(ground: Ground) -> Iterator[FindingPlace]:
    """A share that is not its numerator over its denominator."""
    percent = [metric.id for metric in ground.book.metrics.values() if metric.unit == "percent"]
    ratio = PERCENT * pl.col("numerator") / pl.col("denominator")
    wrong = ground.read.filter(
        pl.col("indicator").is_in(percent), pl.col("denominator") > 0, pl.col("numerator") <= pl.col("denominator"),
        (pl.col("value") - ratio).abs() > RATIO_ROUNDING,
    ).with_columns(ratio.alias("ratio"))  # fmt: skip
    for row in some(wrong):
        yield ground.place(row, "value", row["value_text"], ratio=f"{row['ratio']:.2f}")


def _beside_parts(ground: Ground) -> pl.DataFrame:
    """Each national total beside the parts of every breakdown it has two or more of (columns ``…_part``)."""
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
    return total.join(parts, on=["indicator", "period"], suffix="_part")


@check("total_outside_parts", "error")
def total_outside_parts(ground: Ground) -> Iterator[FindingPlace]:
    """A total of a share lies between its parts."""
    shares = [m.id for m in ground.book.metrics.values() if m.unit in ("percent", "minutes", "days", "score", "index")]
    rounding = 0.05
    outside = _beside_parts(ground).filter(
        pl.col("indicator").is_in(shares),
        (pl.col("value") < pl.col("least") - rounding) | (pl.col("value") > pl.col("most") + rounding),
    )
    for row in some(outside):
        yield ground.place(row, "value", row["value_text"], by=str(row["by_part"]), low=f"{row['least']:g}",
                           high=f"{row['most']:g}")  # fmt: skip


@check("parts_exceed_total", "error")
def parts_exceed_total(ground: Ground) -> Iterator[FindingPlace]:
    """Counts of the parts add up to those of the total."""
    more = (pl.col("counted"), pl.col("denominator").is_not_null(), pl.col("sum") > pl.col("denominator"))
    for row in some(_beside_parts(ground).filter(*more)):
        yield ground.place(row, "denominator", row["denominator_text"], by=str(row["by_part"]), sum=f"{row['sum']:g}")


@check("interval_wrong", "error")
def interval_wrong(ground: Ground) -> Iterator[FindingPlace]:
    """A value lies within its own interval, and an interval has both ends."""
    crossed = (pl.col("value") < pl.col("lower")) | (pl.col("value") > pl.col("upper"))
    half = pl.col("lower").is_null() != pl.col("upper").is_null()
    for row in some(ground.read.filter(crossed | half)):
        yield ground.place(
            row,
            "value",
            row["value_text"],
            low=str(row["lower_text"]),
            high=str(row["upper_text"]),
        )


def _of_few(ground: Ground) -> pl.DataFrame:
    """Figures of few people: how many (``n``), and whether each of them says the same (``unanimous``)."""
    people = pl.coalesce("sample", "denominator")
    percent = [metric.id for metric in ground.book.metrics.values() if metric.unit == "percent"]
    few = ground.read.filter(pl.col("value").is_not_null(), people > 0, people < RELIABLE).with_columns(
        people.alias("n"), pl.col("indicator").is_in(percent).alias("share")
    )
    unanimous = [
        bool(row["share"]) and is_unanimous(row["n"] * row["value"] / PERCENT, row["n"])
        for row in few.select("n", "value", "share").iter_rows(named=True)
    ]
    return few.with_columns(pl.Series("unanimous", unanimous, pl.Boolean))


def _few(ground: Ground, rows: pl.DataFrame) -> Iterator[FindingPlace]:
    for row in some(rows):
        column = "sample" if row["sample"] is not None else "denominator"
        yield ground.place(row, column, f"{row['n']:g}", least=str(THRESHOLD), reliable=str(RELIABLE))


@check("small_cell", "error")
def small_cell(ground: Ground) -> Iterator[FindingPlace]:
    """A figure of few people can give away what one of them said."""
    yield from _few(ground, _of_few(ground).filter(pl.col("n") < THRESHOLD))


@check("small_unanimous", "error")
def small_unanimous(ground: Ground) -> Iterator[FindingPlace]:
    """0 or 100 per cent of few people says it of each of them."""
    yield from _few(ground, _of_few(ground).filter(pl.col("n") >= THRESHOLD, pl.col("unanimous")))


@check("few_answers", "warning")
def few_answers(ground: Ground) -> Iterator[FindingPlace]:
    """A figure of few people is an unsure one."""
    yield from _few(ground, _of_few(ground).filter(pl.col("n") >= THRESHOLD, ~pl.col("unanimous")))


@check("small_rest", "error")
def small_rest(ground: Ground) -> Iterator[FindingPlace]:
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
        yield ground.place(row, column, f"{row['n']:g}", all=f"{row['all']:g}",
                             left=f"{row['left']:g}", least=str(THRESHOLD))  # fmt: skip
