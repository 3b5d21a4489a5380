"""A series of one country, and what a method says of it."""

from typing import Any

import polars as pl

from dashboard.analysis.measures.progress.constants import MethodId
from dashboard.analysis.measures.progress.declared import build_declarations
from dashboard.analysis.measures.progress.panel import assess_progress

NONE = pl.lit(None, pl.Float64)
PERCENT = {"low": 0.0, "high": 100.0}
Points = dict[int, float | None]


def rows_of(points: Points, country: str = "AAA", **columns: Any) -> pl.DataFrame:
    told = [{"indicator": "x", "country": country, "year": year, "value": value} for year, value in points.items()]
    frame = pl.DataFrame(told, schema={"indicator": pl.String, "country": pl.String, "year": pl.Int32, "value": float})
    return frame.with_columns(**{name: pl.Series(values) for name, values in columns.items()})


def asked(method: MethodId, points: Points, as_of: int | None = 2025, **declared: Any) -> dict[str, Any]:
    told = build_declarations([{"indicator": "x", "direction": "higher"} | declared])
    return assess_progress(rows_of(points), told, methods=(method,), as_of=as_of).row(0, named=True)


def value_of(expression: pl.Expr) -> Any:
    return pl.select(expression.alias("x")).item()
