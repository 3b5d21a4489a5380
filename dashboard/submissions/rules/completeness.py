"""Rules of what should be there: figures or reasons, the method, what comparison needs, a national target."""

from collections.abc import Iterator

import polars as pl

from dashboard.submissions.model import METHODS, Finding
from dashboard.submissions.rules.ground import Ground, some

NEEDED = ("who", "population", "period_of_work")
"""Fields of *Method* without which nobody can say what a figure is worth."""

COMPARED = ("question", "scale", "mode")
"""Fields of *Method* that say whether two countries may be compared."""


def rows_none(ground: Ground) -> Iterator[Finding]:
    """A file without any figure and without any reason."""
    if not ground.columns:
        return  # no table was found, which is said already
    filled = ground.figures.filter(pl.col("value").is_not_null() | (pl.col("reason").fill_null("?") != ""))
    if filled.is_empty():
        yield Finding("rows_none", "error")


def missing_no_reason(ground: Ground) -> Iterator[Finding]:
    """A national total without a figure and without a reason."""
    silent = (pl.col("value").is_null()) & (pl.col("value_problem") == "") & (pl.col("reason") == "")
    for row in some(ground.read.filter(silent, pl.col("dimensions") == "{}")):
        yield ground.finding(row, "missing_no_reason", "error", "reason", row["value_text"])


def value_and_reason(ground: Ground) -> Iterator[Finding]:
    """A figure, and a reason why there is none."""
    both = ground.read.filter(pl.col("value").is_not_null(), pl.col("reason").fill_null("") != "")
    for row in some(both):
        yield ground.finding(
            row, "value_and_reason", "error", "reason", row["reason_text"], value=str(row["value_text"])
        )


def reason_without_words(ground: Ground) -> Iterator[Finding]:
    """“Another reason” without saying which."""
    for row in some(ground.read.filter(pl.col("reason") == "other", pl.col("note") == "")):
        yield ground.finding(row, "reason_without_words", "warning", "note", row["reason_text"])


def method_missing(ground: Ground) -> Iterator[Finding]:
    """Figures without an account of how they were made."""
    if ground.figures["value"].drop_nulls().is_empty():
        return
    if ground.method.get("method") not in METHODS:
        yield Finding("method_missing", "error", read=ground.method.get("method", ""), values={"field": "method"})
    for name in NEEDED:
        if not ground.method.get(name, "").strip():
            yield Finding("method_field", "warning", values={"field": name})


def comparability_missing(ground: Ground) -> Iterator[Finding]:
    """Satisfaction figures whose question, scale or mode nobody has stated cannot be compared."""
    indicators = [metric.id for metric in ground.book.metrics.values() if metric.theme == "satisfaction"]
    if ground.read.filter(pl.col("indicator").is_in(indicators), pl.col("value").is_not_null()).is_empty():
        return
    for name in COMPARED:
        if not ground.method.get(name, "").strip():
            yield Finding("comparability_missing", "suggestion", values={"field": name})


def sample_missing(ground: Ground) -> Iterator[Finding]:
    """A share from a survey without how many answered."""
    if ground.method.get("method") not in ("household_survey", "user_survey"):
        return
    percent = [metric.id for metric in ground.book.metrics.values() if metric.unit == "percent"]
    without = ground.read.filter(
        pl.col("indicator").is_in(percent), pl.col("value").is_not_null(),
        pl.col("sample").is_null() & pl.col("denominator").is_null(), pl.col("dimensions") == "{}",
    )  # fmt: skip
    for row in some(without):
        yield ground.finding(row, "sample_missing", "warning", "sample")


def target_missing(ground: Ground) -> Iterator[Finding]:
    """The country has set itself no target that the codebook knows."""
    set_ = {target.metric for target in ground.book.national_targets if target.country == ground.country}
    figures = ground.read.filter(pl.col("value").is_not_null(), pl.col("dimensions") == "{}")
    without = sorted({str(name) for name in figures["indicator"]} - set_)
    if without:
        yield Finding("target_missing", "suggestion", read=", ".join(without), values={"count": str(len(without))})
