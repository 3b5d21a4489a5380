"""Verdicts made again from the Parquet that readers download, by their own arithmetic.

Nothing of ``dashboard.analysis.measures`` or ``dashboard.answers`` is used here: what a reader of ``dataset.parquet``
can do with the method page is all there is. Whoever adds a kind of verdict adds a function here that makes it from
rows, and a module of tests beside that compares it with what pages, files and the API print.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import polars as pl

Z_90 = 1.645
Row = dict[str, Any]
ChangeVerdict = Literal["rise", "fall", "unclear", "same", "error_unknown", ""]
"""As answers name them; "": nothing to compare, or no comparison may be made."""


@dataclass(frozen=True)
class Published:
    """The rows in force of one vintage, as downloaded."""

    path: Path

    @cached_property
    def totals(self) -> pl.DataFrame:
        """Primary national totals with a value and a year, by indicator, country and year."""
        return (
            pl.read_parquet(self.path)
            .filter(
                pl.col("primary"),
                pl.col("dimensions") == "{}",
                pl.col("value").is_not_null(),
                pl.col("year").is_not_null(),
            )
            .sort("indicator", "country", "year")
        )

    @cached_property
    def _lines(self) -> dict[tuple[str, str], list[Row]]:
        lines: dict[tuple[str, str], list[Row]] = {}
        for row in self.totals.iter_rows(named=True):
            lines.setdefault((row["indicator"], row["country"]), []).append(row)
        return lines

    def line(self, indicator: str, country: str, first: int = 0, last: int = 9999) -> list[Row]:
        """The figures of a country between two years, by year."""
        return [row for row in self._lines.get((indicator, country), []) if first <= row["year"] <= last]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every indicator and country with a figure."""
        yield from self._lines


def read_error(row: Row) -> float | None:
    """The standard error, or that of a published 90 % interval: its longer side, since a scale may cut the other."""
    if row["std_error"] is not None:
        return float(row["std_error"])
    if row["interval_level"] != 90 or row["lower"] is None or row["upper"] is None:
        return None
    return float(max(row["value"] - row["lower"], row["upper"] - row["value"])) / Z_90


def judge_change(first: Row, last: Row, breaks: Sequence[int] = ()) -> tuple[ChangeVerdict, float | None]:
    """The verdict on the change between two rows of a country and the difference, both of one edition or none."""
    if any(first[name] != last[name] for name in ("source", "series", "unit", "edition")):
        return "", None
    if any(first["year"] < year <= last["year"] for year in breaks):
        return "", None
    difference = last["value"] - first["value"]
    if first["unit"] == "yes_no":
        return ("same" if difference == 0 else "rise" if difference > 0 else "fall"), difference
    errors = read_error(first), read_error(last)
    if errors[0] is None or errors[1] is None:
        return ("same" if difference == 0 else "error_unknown"), difference
    if abs(difference) <= Z_90 * math.hypot(*errors):
        return "unclear", difference
    return ("rise" if difference > 0 else "fall"), difference
