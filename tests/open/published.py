"""The published Parquet read as a stranger would: files and columns, no room of the product.

``read_published(folder)`` gives the national totals in force and those that were superseded.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

CODEBOOK = Path(__file__).parents[2] / "dashboard" / "evidence" / "codebook" / "data"


@dataclass(frozen=True)
class Fact:
    """A national total as the file has it."""

    id: str
    indicator: str
    country: str
    year: int
    value: float | None
    unit: str
    status: str
    edition: str
    source: str
    vintage: int


@dataclass(frozen=True)
class Published:
    """``now``: the figures shown, by indicator, country, year; ``before``: superseded ones; ``others``: in force and
    not shown."""

    now: dict[tuple[str, str, int], Fact]
    before: dict[tuple[str, str, int], list[Fact]]
    others: dict[tuple[str, str, int], list[Fact]]

    @cached_property
    def years_of(self) -> dict[tuple[str, str], list[int]]:
        """Years in which a country has a figure with a value."""
        found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for (indicator, country, year), fact in sorted(self.now.items()):
            if fact.value is not None:
                found[indicator, country].append(year)
        return dict(found)

    def years(self, indicator: str, country: str) -> list[int]:
        """The same of one indicator and country."""
        return self.years_of.get((indicator, country), [])


def read_published(folder: Path) -> Published:
    """The version in force of a folder of datasets."""
    version = folder / "versions" / (folder / "CURRENT").read_text().split()[0]
    now: dict[tuple[str, str, int], Fact] = {}
    before: defaultdict[tuple[str, str, int], list[Fact]] = defaultdict(list)
    others: defaultdict[tuple[str, str, int], list[Fact]] = defaultdict(list)
    columns = ["id", "indicator", "country", "year", "value", "unit", "status", "edition", "source", "vintage"]
    for path in sorted((version / "observations").rglob("*.parquet")):
        rows = pl.read_parquet(path).filter(pl.col("dimensions") == "{}", pl.col("year").is_not_null())
        for row in rows.iter_rows(named=True):
            fact = Fact(**{name: row[name] for name in columns})
            key = (fact.indicator, fact.country, fact.year)
            if row["superseded"] is not None:
                before[key].append(fact)
            elif row["primary"]:
                now[key] = fact
            else:
                others[key].append(fact)
    return Published(now, dict(before), dict(others))


def read_names(lang: str) -> dict[str, str]:
    """ISO3 → name of the country, from the codebook's own file."""
    with (CODEBOOK / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso3"]: row[f"name_{lang}"] for row in csv.DictReader(file)}


def list_indicators() -> Iterator[dict[str, str]]:
    """Rows of the codebook's file of indicators."""
    with (CODEBOOK / "metrics.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
