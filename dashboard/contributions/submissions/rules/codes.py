"""Rules of codes: indicator, country, breakdown, unit, reason."""

from collections.abc import Iterator

import polars as pl
from rapidfuzz import process

from dashboard.contributions.submissions.rules.check import FindingPlace
from dashboard.contributions.submissions.rules.ground import Ground, accepts, check, list_accepted, some
from dashboard.contributions.submissions.units import is_of


@check("indicator_unknown", "error")
def indicator_unknown(ground: Ground) -> Iterator[FindingPlace]:
    """The code or name of the indicator is not of the codebook."""
    unknown = ground.figures.filter(pl.col("indicator").is_null())
    known = [metric.id for metric in list_accepted(ground.book)]
    close: dict[str, str] = {}
    for row in some(unknown):
        text = str(row["indicator_text"])
        if text not in close:
            nearest = process.extractOne(text.casefold(), known, score_cutoff=60) if text else None
            close[text] = nearest[0] if nearest else known[0]
        yield ground.place(row, "indicator", text, suggestion=close[text])


@check("indicator_not_accepted", "error")
def indicator_not_accepted(ground: Ground) -> Iterator[FindingPlace]:
    """The indicator comes from its custodian, not from countries."""
    others = [metric.id for metric in ground.book.metrics.values() if not accepts(metric)]
    for row in some(ground.figures.filter(pl.col("indicator").is_in(others))):
        yield ground.place(row, "indicator", row["indicator_text"])


@check("country_wrong", "error")
def country_wrong(ground: Ground) -> Iterator[FindingPlace]:
    """A row speaks of another country than the one that sends, or of none that is known."""
    wrong = ground.figures.filter(pl.col("country").is_null() | ~pl.col("country").is_in(["", ground.country]))
    for row in some(wrong):
        yield ground.place(row, "country", row["country_text"], country=ground.country)


@check("template_country", "error")
def template_country(ground: Ground) -> Iterator[FindingPlace]:
    """The template was made for another country."""
    made_for = ground.stamp.get("country", ground.country)
    if made_for != ground.country:
        yield FindingPlace(read=made_for, values={"country": ground.country})


@check("template_version", "warning")
def template_version(ground: Ground) -> Iterator[FindingPlace]:
    """The template was made before the codebook changed."""
    if ground.stamp.get("codebook", ground.book.version) != ground.book.version:
        yield FindingPlace(read=ground.stamp["codebook"], values={"version": ground.book.version})


@check("breakdown_unknown", "error")
def breakdown_unknown(ground: Ground) -> Iterator[FindingPlace]:
    """The breakdown is none of the lists'."""
    for row in some(ground.figures.filter(pl.col("dimensions").is_null())):
        yield ground.place(row, "breakdown", row["breakdown_text"])


@check("unit_differs", "error")
def unit_differs(ground: Ground) -> Iterator[FindingPlace]:
    """The unit written in the row or in the head is not the indicator's."""
    texts = ground.read.with_columns(
        pl.when(pl.col("unit_text") != "").then("unit_text").otherwise("unit_head").alias("said")
    ).filter(pl.col("said") != "")
    pairs = texts.select("indicator", "said").unique()
    wrong = [(indicator, unit) for indicator, unit in pairs.rows() if not is_of(unit, ground.metric(indicator).unit)]
    table = pl.DataFrame(wrong, schema={"indicator": pl.String, "said": pl.String}, orient="row")
    for row in some(texts.join(table, on=["indicator", "said"], how="semi", maintain_order="left")):
        unit = ground.metric(str(row["indicator"])).unit
        column = "unit" if row["unit_text"] else "value"
        yield ground.place(row, column, row["said"], unit=unit)


@check("percent_sign", "error")
def percent_sign(ground: Ground) -> Iterator[FindingPlace]:
    """A value or a bound with the sign of per cent, of an indicator in another unit."""
    others = [
        metric.id for metric in ground.book.metrics.values() if metric.unit not in ("percent", "percentage_points")
    ]
    for name in ("value", "lower", "upper"):
        for row in some(ground.read.filter(pl.col(f"{name}_percent"), pl.col("indicator").is_in(others))):
            unit = ground.metric(str(row["indicator"])).unit
            yield ground.place(row, name, row[f"{name}_text"], unit=unit)


@check("reason_unknown", "error")
def reason_unknown(ground: Ground) -> Iterator[FindingPlace]:
    """The reason for a missing figure is none of the list."""
    for row in some(ground.figures.filter(pl.col("reason").is_null())):
        yield ground.place(row, "reason", row["reason_text"])
