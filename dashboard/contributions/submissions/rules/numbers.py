"""Rules of numbers: readable, within bounds, numerator and denominator, totals and parts, intervals, small cells."""

from collections.abc import Iterator

import polars as pl

from dashboard.analysis.measures.surveys.suppression import RELIABLE, THRESHOLD, is_unanimous
from dashboard.contributions.submissions.reading import cells
from dashboard.contributions.submissions.reading.figures import NUMBERS
from dashboard.contributions.submissions.rules.check import FindingPlace
from dashboard.contributions.submissions.rules.ground import Ground, check, some
from dashboard.evidence.codebook.model import Codebook

RATIO_ROUNDING = 0.06
"""Per cent by which a rounded value may differ from numerator over denominator: one decimal, rounded. Ours."""

PARTS_ROUNDING = 0.05
"""By which a total may lie outside its parts: one decimal, rounded. Ours."""

PERCENT = 100.0

TEN_TIMES = 8.0
"""A figure this many times another, either way, is more often a slip of the unit than a change. Ours."""


MOST = {
    "minutes": 480.0, "days": 3_650.0, "per_10000": 10_000.0, "ppp_usd": 1_000.0, "ratio": 10.0, "score": 100.0,
    "count": 100_000.0,
}  # fmt: skip
"""Most that a figure of a service can be, by unit: a working day of waiting, ten years of deciding, each transaction
complained of, a thousand dollars for one. Ours: far above every published figure, below what another unit makes."""

MOST_PEOPLE = 1.5e9
"""People of the largest country."""

MOST_ASKED = 100_000
"""People asked by a survey that does not say how many. Ours: larger ones say it."""

DESIGN = 5.0
"""Times by which a share's standard error may differ from that of a simple random sample of its size. Ours: no
design of a survey makes its variance 25 times as large."""


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
    """A share of at most 1 per cent is more often one that was not multiplied by 100: somebody has to say which it is.

    It is what it says where its sender writes the sign of per cent, or numerator and denominator that give it, and
    where a figure of the same indicator is of its size: the group's last one, or another group's of the same year that
    cannot be a fraction.
    """
    percent = [metric.id for metric in ground.book.metrics.values() if metric.unit == "percent"]
    value = pl.col("value")
    ratio = PERCENT * pl.col("numerator") / pl.col("denominator")
    said = pl.col("value_percent") | ((value - ratio).abs() <= RATIO_ROUNDING).fill_null(value=False)
    shares = (
        ground.read.filter(pl.col("indicator").is_in(percent), value.is_not_null())
        .join(_last(ground.history), on=["indicator", "dimensions"], how="left", maintain_order="left")
        .with_columns(value.filter(value > 1).min().over("indicator", "period").alias("beside"))
    )
    of_its_size = (pl.col("before") > 0) & (pl.col("before") < TEN_TIMES * value)
    of_its_size |= pl.col("before").is_null() & (pl.col("beside") < TEN_TIMES * value)
    for row in some(shares.filter(value > 0, value <= 1, ~of_its_size.fill_null(value=False), ~said)):
        yield ground.place(
            row, "value", row["value_text"],
            shown=f"{float(str(row['value'])) * 100:g}", value=f"{row['value']:g}",
        )  # fmt: skip


@check("implausible_value", "error")
def implausible_value(ground: Ground) -> Iterator[FindingPlace]:
    """A value beyond what its unit can be of a service, whatever was published before: it is in another unit."""
    most = pl.DataFrame(
        [(one.id, MOST[one.unit]) for one in ground.book.metrics.values() if one.unit in MOST],
        schema={"indicator": pl.String, "most": pl.Float64}, orient="row",
    )  # fmt: skip
    for row in some(
        ground.read.join(most, on="indicator", maintain_order="left").filter(pl.col("value") > pl.col("most"))
    ):
        unit = ground.metric(str(row["indicator"])).unit
        yield ground.place(row, "value", row["value_text"], most=f"{row['most']:g}", unit=unit)


@check("sample_above_people", "error")
def sample_above_people(ground: Ground) -> Iterator[FindingPlace]:
    """More people answered than live in the country."""
    known = ground.history.filter(pl.col("indicator") == "population", pl.col("dimensions") == "{}")
    people = float(str(known["value"].max() or MOST_PEOPLE))
    for row in some(ground.read.filter(pl.col("sample") > people)):
        yield ground.place(row, "sample", row["sample_text"], most=f"{people:g}")


@check("error_implausible", "error")
def error_implausible(ground: Ground) -> Iterator[FindingPlace]:
    """A standard error that no survey of so many people has: it is in another unit than the value.

    A share's is held against that of a simple random sample of its size; without one, of a large one.
    """
    percent = [metric.id for metric in ground.book.metrics.values() if metric.unit == "percent"]
    value, error = pl.col("value"), pl.col("std_error")
    simple = (value * (PERCENT - value) / pl.coalesce("sample", "denominator", pl.lit(MOST_ASKED))).sqrt()
    counted = pl.coalesce("sample", "denominator").is_not_null()
    shares = ground.read.filter(
        pl.col("indicator").is_in(percent), error > 0, value > 0, value < PERCENT,
        (error * DESIGN < simple) | (counted & (error > DESIGN * simple)),
    ).with_columns(simple.alias("simple"))  # fmt: skip
    for row in some(shares):
        yield ground.place(row, "std_error", row["std_error_text"], expected=f"{row['simple']:.2g}")
    others = ~pl.col("indicator").is_in(percent)
    for row in some(ground.read.filter(others, value > 0, error > value)):
        yield ground.place(row, "std_error", row["std_error_text"], expected=f"< {row['value']:g}")


@check("median_above_p90", "error")
def median_above_p90(ground: Ground) -> Iterator[FindingPlace]:
    """Half of all visitors wait longer than nine of ten do."""
    fact = ["period", "dimensions"]
    most = ground.read.filter(pl.col("indicator") == "waiting_p90").select(*fact, pl.col("value").alias("p90"))
    medians = ground.read.filter(pl.col("indicator") == "waiting_median").join(most, on=fact, maintain_order="left")
    for row in some(medians.filter(pl.col("value") > pl.col("p90"))):
        yield ground.place(row, "value", row["value_text"], p90=f"{row['p90']:g}")


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
    counts = [metric.id for metric in ground.book.metrics.values() if metric.unit == "count"]
    for name in ("value", "numerator", "denominator", "sample"):
        column = pl.col(name)
        least = column < (1 if name == "denominator" else 0)
        of = pl.col("indicator").is_in(counts) if name == "value" else pl.lit(value=True)
        for row in some(ground.read.filter(of, least | (column.round(0) != column) | pl.col(f"{name}_percent"))):
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


def _beside_parts(figures: pl.DataFrame) -> pl.DataFrame:
    """Each national total beside the parts of every breakdown it has two or more of (columns ``…_part``)."""
    read = figures.with_columns(pl.col("dimensions").str.extract(r'^\{"([^"]+)":"[^"]+"\}$').alias("by")).filter(
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


def find_outside_parts(figures: pl.DataFrame, book: Codebook) -> pl.DataFrame:
    """National totals of shares and means that lie outside their parts, which are from ``least`` to ``most``.

    Args:
        figures: indicator, period, dimensions, value and denominator.
        book: the codebook.
    """
    means = [one.id for one in book.metrics.values() if one.unit in ("percent", "minutes", "days", "score", "index")]
    value, rounding = pl.col("value"), pl.lit(PARTS_ROUNDING)
    outside = (value < pl.col("least") - rounding) | (value > pl.col("most") + rounding)
    return _beside_parts(figures).filter(pl.col("indicator").is_in(means), outside)


@check("total_outside_parts", "error")
def total_outside_parts(ground: Ground) -> Iterator[FindingPlace]:
    """A total of a share lies between its parts."""
    for row in some(find_outside_parts(ground.read, ground.book)):
        yield ground.place(row, "value", row["value_text"], by=str(row["by_part"]), low=f"{row['least']:g}",
                           high=f"{row['most']:g}")  # fmt: skip


@check("parts_exceed_total", "error")
def parts_exceed_total(ground: Ground) -> Iterator[FindingPlace]:
    """Counts of the parts add up to those of the total."""
    more = (pl.col("counted"), pl.col("denominator").is_not_null(), pl.col("sum") > pl.col("denominator"))
    for row in some(_beside_parts(ground.read).filter(*more)):
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
