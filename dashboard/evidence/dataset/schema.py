"""Columns of the published dataset."""

import polars as pl

ROWS = pl.Schema(
    {
        "id": pl.String(),  # 16 hex digits, made of the row's own content: the same figure keeps its id
        "indicator": pl.String(),
        "country": pl.String(),  # ISO3
        "period": pl.String(),  # "2015"; "2015/2025": some year within the span, which one is not published
        "year": pl.Int32(),  # of the period; null where the publisher gives a span only
        "dimensions": pl.String(),  # canonical JSON, "{}" is the national total
        "value": pl.Float64(),
        "lower": pl.Float64(),
        "upper": pl.Float64(),
        "unit": pl.String(),
        "status": pl.String(),
        "nature": pl.String(),
        "source": pl.String(),
        "edition": pl.String(),
        "retrieved_at": pl.Datetime("us", "UTC"),
        # the rest answers "how do we know?"
        "series": pl.String(),
        "value_text": pl.String(),
        "interval_level": pl.Float64(),
        "std_error": pl.Float64(),
        "source_detail": pl.String(),
        "footnote": pl.String(),
        "raw_sha256": pl.String(),
        "primary": pl.Boolean(),  # the row pages show; others are secondary sources or natures of the same fact
        "vintage": pl.Int32(),  # first vintage that holds the row
        "superseded": pl.Int32(),  # first vintage that no longer holds it; null while current
    }
)

PUBLIC = (
    "id", "indicator", "country", "period", "dimensions", "value", "lower", "upper", "unit", "status", "nature",
    "source", "edition", "retrieved_at",
)  # fmt: skip
"""The columns of the API's rows and of the CSV, in this order."""
