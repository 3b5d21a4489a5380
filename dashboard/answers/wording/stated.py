"""A figure with all that whoever repeats it must repeat: for assistants, drafts and other programs."""

from typing_extensions import TypedDict

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row
from dashboard.answers.wording.citation import build_public_address, cite_row
from dashboard.answers.wording.evidence import grade_evidence
from dashboard.answers.wording.figures import build_figure
from dashboard.answers.wording.publishers import find_publisher
from dashboard.locales import format_day, format_edition


class StatedFigure(TypedDict):
    """One observation. ``claim_id`` is its permanent id, ``vintage`` the first that held it."""

    claim_id: str
    indicator: str
    country: str
    period: str
    value: float | None
    text: str  # rounded for reading, with its unit; of a censored figure its bound
    unit: str
    interval: str  # "" where none is published
    status: str
    breakdown: str  # "" for the whole country
    publisher: str
    source: str
    edition: str
    vintage: str  # "3, 24 November 2026"
    superseded: str  # the vintage that ended it, likewise; "" while it is in force
    evidence_level: int
    caution: str
    citation: str
    provenance: str  # address of the whole way back to what was received


def state_figure(ctx: Context, row: Row) -> StatedFigure:
    """Return the figure of a row of the dataset, in force or superseded."""
    metric = ctx.book.metrics[row["indicator"]]
    figure, info = build_figure(ctx, metric, row), find_publisher(row["source"], row["series"])
    ended = row["superseded"] if row["superseded"] is not None and row["superseded"] <= ctx.dataset.vintage else None
    return StatedFigure(
        claim_id=row["id"],
        indicator=row["indicator"],
        country=row["country"],
        period=row["period"],
        value=row["value"],
        text=figure["quantity"],
        unit=row["unit"],
        interval=figure["interval"],
        status=row["status"],
        breakdown=figure["dimensions"],
        publisher=info.publisher if info else row["source"],
        source=figure["source_text"],
        edition=format_edition(row["edition"], ctx.lang),
        vintage=_name_vintage(ctx, row["vintage"]),
        superseded="" if ended is None else _name_vintage(ctx, ended),
        evidence_level=grade_evidence(ctx, row),
        caution=figure["caution"],
        citation=cite_row(ctx, row),
        provenance=build_public_address(f"/api/v1/provenance/{row['id']}"),
    )


def _name_vintage(ctx: Context, number: int) -> str:
    day = next(vintage["created_at"].date() for vintage in ctx.dataset.vintages() if vintage["number"] == number)
    return f"{number}, {format_day(day, ctx.lang)}"
