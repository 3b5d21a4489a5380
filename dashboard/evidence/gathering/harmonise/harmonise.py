"""A publisher's observations in our words: countries, years, units, intervals, and which row pages show.

Pure: no clock, no network, no database. A figure is never changed; what cannot be read is counted and said.
"""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from dashboard.analysis.measures.intervals import fill_bounds_from_se
from dashboard.evidence.codebook.model import Codebook, Metric, SeriesLink
from dashboard.evidence.dataset.schema import ROWS
from dashboard.evidence.gathering.harmonise.areas import add_countries
from dashboard.evidence.gathering.harmonise.units import read_unit
from data_sources.contract import SPAN, STATUSES, SourceFinding, extract_year

NATURES = ("C", "CA", "E", "M", "G", "N", "")
"""Order in which natures are shown: what the country says, adjusted by the custodian, estimated, modelled, global
monitoring, not said. Source: order of the UN SDG database's own code list; ``docs/method.md``."""

FACT = ("country", "period", "dimensions")
HARMONISED = pl.Schema({name: kind for name, kind in ROWS.items() if name not in ("id", "vintage", "superseded")})
"""Columns of harmonised rows: ``ROWS`` without what only the database can add."""


@dataclass(frozen=True)
class Harmonised:
    """One series in the columns of ``HARMONISED``.

    ``regions`` counts rows of regions and other non-countries left out, ``unknown`` rows of areas nobody knows,
    ``repeated`` rows the publisher gave twice.
    """

    rows: pl.DataFrame
    findings: tuple[SourceFinding, ...] = ()
    regions: int = 0
    unknown: int = 0
    repeated: int = 0


def harmonise(
    observations: pl.DataFrame, link: SeriesLink, metric: Metric, codebook: Codebook, retrieved_at: datetime
) -> Harmonised:
    """Turn one series of one publisher into rows of one indicator.

    Args:
        observations: rows of one series in the ``OBSERVATIONS`` schema.
        metric: the indicator (``link.metric``).
        retrieved_at: when the publisher was asked, in UTC.

    Returns:
        Rows sorted by country, year, dimensions and standing; findings of severity ``error`` mean: do not publish.
    """
    findings: list[SourceFinding] = []
    frame = add_countries(observations, codebook, link.source)
    regions = frame.filter(pl.col("country") == "").height
    strangers = frame.filter(pl.col("country").is_null())
    if strangers.height:
        who = strangers.select("area", "area_name").unique().sort("area").rows()
        findings.append(
            SourceFinding(
                "area.unknown",
                "warning",
                f"{len(who)} areas are neither a country nor a known region and were left out: "
                f"{_some(f'{area} {name}'.strip() for area, name in who)}. "
                "Add them to area_aliases of the codebook or to gathering/not_countries.csv.",
                link.series,
                link.source,
                strangers.height,
            )
        )
    frame = frame.filter(pl.col("country") != "")
    frame, bad_periods = _years(frame, link)
    findings += bad_periods
    findings += _units(frame, link, metric)
    findings += _statuses(frame, link)
    rows = (fill_bounds_from_se(frame) if link.interval == "se_90" else frame).with_columns(
        pl.lit(metric.id).alias("indicator"),
        pl.lit(link.source).alias("source"),
        pl.lit(metric.unit).alias("unit"),
        pl.lit(retrieved_at).cast(pl.Datetime("us", "UTC")).alias("retrieved_at"),
    )
    before = rows.height
    rows = rows.unique(subset=_content(rows), keep="first", maintain_order=True)
    repeated = before - rows.height
    if repeated:
        findings.append(
            SourceFinding(
                "rows.repeated", "info", f"{repeated} rows came twice, word for word.", link.series, count=repeated
            )
        )
    rows = _primary(rows, shown=link.role == "primary")
    findings += _ties(rows, link)
    rows = rows.sort(*FACT, "rank", maintain_order=True)
    return Harmonised(
        rows.select(pl.col(name).cast(kind) for name, kind in HARMONISED.items()),
        tuple(findings),
        regions,
        strangers.height,
        repeated,
    )


def _years(frame: pl.DataFrame, link: SeriesLink) -> tuple[pl.DataFrame, list[SourceFinding]]:
    frame = frame.with_columns(extract_year().alias("year"))
    unread = pl.col("year").is_null() & ~pl.col("period").str.contains(SPAN)
    strange = frame.filter(unread)
    if strange.is_empty():
        return frame, []
    finding = SourceFinding(
        "period.unread",
        "error",
        f"{strange.height} periods are neither a calendar year nor a span of years: "
        f"{_some(strange['period'].unique().sort())}. "
        "Look at the reply before it is used.",
        link.series,
        link.source,
        strange.height,
    )
    return frame.filter(~unread), [finding]


def _units(frame: pl.DataFrame, link: SeriesLink, metric: Metric) -> list[SourceFinding]:
    findings = []
    for published, count in frame.group_by("unit").len().sort("unit").rows():
        reading = read_unit(published or "", metric.unit)
        if reading in ("agrees", "unsaid"):
            continue
        readable = reading == "label"
        findings.append(
            SourceFinding(
                f"unit.{reading}",
                "warning" if readable else "error",
                f"the publisher's unit is “{published}”, {metric.id} is in {metric.unit}"
                + (
                    "; figures kept."
                    if readable
                    else ": the figures cannot be interpreted. Check the series' link or units.py; of a national "
                    "platform or SDMX site, the option unit states it."
                ),
                link.series,
                link.source,
                count,
            )
        )
    return findings


def _statuses(frame: pl.DataFrame, link: SeriesLink) -> list[SourceFinding]:
    strange = frame.filter(~pl.col("status").is_in(STATUSES))
    if strange.is_empty():
        return []
    words = _some(strange["status"].unique().sort())
    return [
        SourceFinding("status.unknown", "error", f"unknown status {words}.", link.series, link.source, strange.height)
    ]


def rank_rows() -> tuple[pl.Expr, pl.Expr]:
    """Sort keys of rows of one fact, best first: ``silent`` (no figure), then ``nature_rank``."""
    nature = pl.col("nature").replace_strict(
        list(NATURES), list(range(len(NATURES))), default=len(NATURES), return_dtype=pl.Int32
    )
    silent = pl.col("status").is_in(["missing", "not_applicable"]).cast(pl.Int32)
    return silent.alias("silent"), nature.alias("nature_rank")


def _content(rows: pl.DataFrame) -> list[str]:
    """Return all that tells two figures apart; the reply they came in does not."""
    return [
        name for name in HARMONISED if name in rows.columns and name not in ("raw_sha256", "retrieved_at", "primary")
    ]


def _primary(rows: pl.DataFrame, *, shown: bool) -> pl.DataFrame:
    """Mark the one row per country, period and dimensions that pages show; ``rank`` is its standing (0 is best).

    A row that says something (a value, or a bound) stands before one that says "missing"; then natures in the order of
    ``NATURES``; then the publisher's own order. Rows of a secondary series are never shown in place of the primary
    series: two publishers are not mixed in one line.
    """
    standing = rows.with_columns(*rank_rows()).with_row_index("order")
    ranked = standing.sort(*FACT, "silent", "nature_rank", "order").with_columns(
        pl.int_range(pl.len()).over(FACT).alias("rank")
    )
    return ranked.with_columns(((pl.col("rank") == 0) & pl.lit(shown)).alias("primary"))


def _ties(rows: pl.DataFrame, link: SeriesLink) -> list[SourceFinding]:
    """Two figures of equal standing for one fact: told apart by the publisher's words, or a contradiction."""
    best = rows.filter(pl.col("silent") == 0).filter(pl.col("nature_rank") == pl.col("nature_rank").min().over(FACT))
    several = best.filter(pl.len().over(FACT) > 1)
    if several.is_empty():
        return []
    words = pl.struct("source_detail", "footnote", "series").n_unique().over(FACT)
    differing = pl.struct("value", "value_text").n_unique().over(FACT) > 1
    contradictions = several.filter(differing & (words < pl.len().over(FACT))).unique(FACT, maintain_order=True)
    told_apart = several.filter(words == pl.len().over(FACT)).unique(FACT, maintain_order=True)
    findings = []
    if contradictions.height:
        findings.append(
            SourceFinding(
                "rows.contradict",
                "error",
                f"{contradictions.height} facts have two different figures and nothing that tells them apart: "
                f"{_some(_facts(contradictions))}. Ask the publisher which one holds.",
                link.series,
                link.source,
                contradictions.height,
            )
        )
    if told_apart.height:
        findings.append(
            SourceFinding(
                "rows.several",
                "warning",
                f"{told_apart.height} facts have several figures of equal nature from different studies; the first the "
                f"publisher lists is shown, the others are kept: {_some(_facts(told_apart))}.",
                link.series,
                link.source,
                told_apart.height,
            )
        )
    return findings


def _facts(rows: pl.DataFrame) -> list[str]:
    return [
        f"{country} {period}" + ("" if dimensions == "{}" else f" {dimensions}")
        for country, period, dimensions in rows.sort(FACT).select(FACT).rows()
    ]


def _some(words: object, most: int = 5) -> str:
    items = [str(word) for word in words]  # type: ignore[attr-defined]
    rest = len(items) - most
    return ", ".join(items[:most]) + (f" and {rest} more" if rest > 0 else "")
