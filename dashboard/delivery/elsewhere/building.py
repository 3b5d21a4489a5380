"""From publishers' files to the shipped figures, through the publishers' own parsers.

A share is the sum of one column divided by the sum of another, over the rows that have both; no rate is averaged.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from dashboard.delivery.elsewhere.figures import ElsewhereFigure
from data_sources.contract import SeriesRef
from data_sources.registry import find_file_parser

PLAN = Path(__file__).with_name("plan.toml")

_PLACE = ("area", "period", "dimensions")


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A publisher's file as it was read, and where the copy came from."""

    source: str
    path: str
    edition: str
    retrieved: str
    obtained: str
    body: bytes

    def read(self, series: str) -> pl.DataFrame:
        """The rows of a series, with the breakdown's parts as columns of their own.

        Raises:
            ValueError: the publisher's parser found an error.
        """
        name = Path(self.path).name
        parsed = find_file_parser(self.source)(name, self.body, SeriesRef(series, ""), self.edition)
        if wrong := [one.message for one in parsed.findings if one.severity == "error"]:
            raise ValueError(f"{name}, {series}: {wrong[0]}")
        rows = parsed.observations
        names = sorted({name for text in rows["dimensions"] for name in _names(text)})
        parts = [pl.col("dimensions").str.json_path_match(f"$.{name}").alias(name) for name in names]
        return rows.with_columns(parts)


def build_figures(folder: Path, plan: Path = PLAN) -> list[ElsewhereFigure]:
    """Every figure of the plan whose file lies in the folder.

    Args:
        folder: of the publishers' files, by the paths of the plan.
        plan: which files there are, and what is made of them.

    Raises:
        ValueError: none of the files is there, or one cannot be read.
    """
    asked = tomllib.loads(plan.read_text(encoding="utf-8"))
    files: dict[str, OpenFile] = {}
    for key, told in asked["file"].items():
        if (folder / told["path"]).is_file():
            files[key] = OpenFile(**told, body=(folder / told["path"]).read_bytes())
    if not files:
        raise ValueError(f"{folder} holds none of {', '.join(one['path'] for one in asked['file'].values())}")
    return [
        row for figure in asked["figure"] if figure["file"] in files for row in _rows(figure, files[figure["file"]])
    ]


def _rows(asked: Mapping[str, Any], file: OpenFile) -> Iterator[ElsewhereFigure]:
    """The figures of one entry of the plan, by time; what was promised by the last day of all stands there alone."""
    made = {"share": _shares, "yes": _yes, "published": _published}[asked["kind"]]
    found = list(made(asked, file))
    for since, until, value, top, low, n, out in found:
        yield ElsewhereFigure(
            id=asked["id"],
            part=asked.get("part", ""),
            country=asked["country"],
            metric=asked.get("metric", ""),
            since=since,
            until=until,
            how=asked.get("how", "counts"),
            value=round(value, 6),
            unit=asked.get("unit", "percent"),
            numerator=top,
            denominator=low,
            records=n,
            left_out=out,
            promise=asked.get("promise") if asked["kind"] == "share" or until == found[-1][1] else None,
            source=file.source,
            series=asked["series"],
            edition=file.edition,
            retrieved=file.retrieved,
            obtained=file.obtained,
            sha256=hashlib.sha256(file.body).hexdigest(),
        )


Made = tuple[str, str, float, float | None, float | None, int | None, int | None]


def _shares(asked: Mapping[str, Any], file: OpenFile) -> Iterator[Made]:
    """Of each year from April to March: 100 × a sum over a sum, or 100 less that (``missing``: true)."""
    top = _years(file.read(asked["series"]), asked)
    low = _years(file.read(asked["of"]), asked)
    # a row that the publisher does not count has no share in either sum; where the whole is a row's sum, none is none
    strict = asked.get("absent", "left_out") == "left_out"
    both = low.join(top.select(*_PLACE, over=pl.col("value")), on=_PLACE, how="left", nulls_equal=True)
    both = both.with_columns(pl.col("over") if strict else pl.col("over").fill_null(0.0))
    for (fiscal,), rows in both.sort("fiscal").group_by("fiscal", maintain_order=True):
        kept = rows.filter(pl.col("over").is_not_null() & (pl.col("value") > 0) & (pl.col("over") <= pl.col("value")))
        over, whole = float(kept["over"].sum()), float(kept["value"].sum())
        if not whole:
            continue
        over = whole - over if asked.get("missing") else over
        yield (*_span(fiscal), 100 * over / whole, over, whole, kept.height, rows.height - kept.height)


def _yes(asked: Mapping[str, Any], file: OpenFile) -> Iterator[Made]:
    """Of each year: the share of rows that say yes among those that say yes or no."""
    read = _years(file.read(asked["series"]), asked)
    for (fiscal,), rows in read.sort("fiscal").group_by("fiscal", maintain_order=True):
        told = rows["value"].drop_nulls().to_list()
        yes, n = float(sum(told)), len(told)
        if n:
            yield *_span(fiscal), 100 * yes / n, yes, float(n), n, rows.height - n


def _published(asked: Mapping[str, Any], file: OpenFile) -> Iterator[Made]:
    """A published figure of the last day of each year that has one."""
    rows = file.read(asked["series"]).filter(pl.col("value").is_not_null()).sort("date")
    for (_,), of_year in rows.group_by("period", maintain_order=True):
        yield "", str(of_year["date"][-1]), float(of_year["value"][-1]), None, None, None, None


def _years(rows: pl.DataFrame, asked: Mapping[str, Any]) -> pl.DataFrame:
    """The rows of the part that is asked for, with the year in which their April-to-March year begins."""
    for name, value in asked.get("where", {}).items():
        rows = rows.filter(pl.col(name) == value)
    year = pl.col("period").cast(pl.Int32)
    if "month" in rows.columns:
        year = year - (pl.col("month").str.slice(5, 2).cast(pl.Int32) < 4).cast(pl.Int32)
    rows = rows.with_columns(fiscal=year)
    only = asked.get("fiscal")
    return rows if only is None else rows.filter(pl.col("fiscal") == int(only))


def _span(fiscal: object) -> tuple[str, str]:
    year = int(str(fiscal))
    return f"{year}-04-01", f"{year + 1}-03-31"


def _names(text: str) -> list[str]:
    return list(json.loads(text))
