"""Rules of what should be there: figures or reasons, the method, what comparison needs, a national target."""

from collections.abc import Iterator

import polars as pl

from dashboard.contributions.submissions.model import METHODS
from dashboard.contributions.submissions.reading.figures import NUMBERS
from dashboard.contributions.submissions.rules.check import FindingPlace
from dashboard.contributions.submissions.rules.ground import Ground, check, some

NEEDED = ("who", "population", "period_of_work")
"""Fields of *Method* without which nobody can say what a figure is worth."""

COMPARED = ("question", "scale", "mode")
"""Fields of *Method* that say whether two countries may be compared."""


_touched = pl.any_horizontal(pl.col(*(f"{name}_text" for name in NUMBERS), "reason_text", "note").fill_null("") != "")
"""Whether anything is written in the cells of a row that are filled in."""


def _silent(ground: Ground) -> pl.DataFrame:
    """National totals without a figure and without a reason."""
    silent = (pl.col("value").is_null()) & (pl.col("value_problem") == "") & (pl.col("reason") == "")
    return ground.read.filter(silent, pl.col("dimensions") == "{}")


@check("rows_none", "error")
def rows_none(ground: Ground) -> Iterator[FindingPlace]:
    """A file without any figure and without any reason."""
    if not ground.columns:
        return  # no table was found, which is said already
    filled = ground.figures.filter(pl.col("value").is_not_null() | (pl.col("reason").fill_null("?") != ""))
    if filled.is_empty():
        yield FindingPlace()


@check("missing_no_reason", "error")
def missing_no_reason(ground: Ground) -> Iterator[FindingPlace]:
    """A row in which something is said, without a figure and without a reason."""
    for row in some(_silent(ground).filter(_touched)):
        yield ground.place(row, "reason", row["value_text"])


@check("left_empty", "suggestion")
def left_empty(ground: Ground) -> Iterator[FindingPlace]:
    """Rows of totals in which nobody wrote: they are not read, and told in one line."""
    empty = _silent(ground).filter(~_touched)
    if not empty.is_empty():
        indicators = empty["indicator"].unique(maintain_order=True).to_list()
        yield FindingPlace(read=", ".join(indicators), values={"count": str(empty.height)})


@check("value_and_reason", "error")
def value_and_reason(ground: Ground) -> Iterator[FindingPlace]:
    """A figure, and a reason why there is none."""
    both = ground.read.filter(pl.col("value").is_not_null(), pl.col("reason").fill_null("") != "")
    for row in some(both):
        yield ground.place(row, "reason", row["reason_text"], value=str(row["value_text"]))


@check("reason_without_words", "warning")
def reason_without_words(ground: Ground) -> Iterator[FindingPlace]:
    """“Another reason” without saying which."""
    for row in some(ground.read.filter(pl.col("reason") == "other", pl.col("note") == "")):
        yield ground.place(row, "note", row["reason_text"])


@check("method_missing", "error")
def method_missing(ground: Ground) -> Iterator[FindingPlace]:
    """Figures without an account of how they were made."""
    for method, _, of in ground.made():
        if method.get("method") not in METHODS:
            yield FindingPlace(read=method.get("method", ""), values={"field": "method", **of})


@check("method_field", "warning")
def method_field(ground: Ground) -> Iterator[FindingPlace]:
    """Figures of which nobody has said what readers need to know."""
    for method, _, of in ground.made():
        for name in NEEDED:
            if not method.get(name, "").strip():
                yield FindingPlace(values={"field": name, **of})


@check("comparability_missing", "suggestion")
def comparability_missing(ground: Ground) -> Iterator[FindingPlace]:
    """Satisfaction figures whose question, scale or mode nobody has stated cannot be compared."""
    for method, indicators, of in ground.made():
        if all(ground.metric(one).theme != "satisfaction" for one in indicators):
            continue
        for name in COMPARED:
            if not method.get(name, "").strip():
                yield FindingPlace(values={"field": name, **of})


@check("sample_missing", "warning")
def sample_missing(ground: Ground) -> Iterator[FindingPlace]:
    """A share from a survey without how many answered."""
    surveyed = [
        one
        for method, indicators, _ in ground.made()
        for one in indicators
        if method.get("method") in ("household_survey", "user_survey") and ground.metric(one).unit == "percent"
    ]
    without = ground.read.filter(
        pl.col("indicator").is_in(surveyed), pl.col("value").is_not_null(),
        pl.col("sample").is_null() & pl.col("denominator").is_null(), pl.col("dimensions") == "{}",
    )  # fmt: skip
    for row in some(without):
        yield ground.place(row, "sample")


@check("target_missing", "suggestion")
def target_missing(ground: Ground) -> Iterator[FindingPlace]:
    """The country has set itself no target that the codebook knows."""
    set_ = {target.metric for target in ground.book.national_targets if target.country == ground.country}
    figures = ground.read.filter(pl.col("value").is_not_null(), pl.col("dimensions") == "{}")
    without = sorted({str(name) for name in figures["indicator"]} - set_)
    if without:
        yield FindingPlace(read=", ".join(without), values={"count": str(len(without))})
