"""Keys of series by both structures, and why a series has none in the global one."""

import json

import polars as pl

from dashboard.analysis.sdmx.ids import write_breakdown, write_id
from dashboard.analysis.sdmx.mapping import OwnSeries, Unmapped, map_series
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.sdmx.standard import open_standard, read_admitted_table, read_code_table
from data_sources.un_sdg.codes import find_wholes

SERIES = ("indicator", "source", "series", "dimensions")
"""Columns of the dataset that a key is made of, but for country and period."""

GLOBAL_UNIT = "UNIT_MEASURE"


@kept(4)
def list_series(ctx: Context) -> pl.DataFrame:
    """Return every series the dataset ever held: ``SERIES``, the unit and the rows in force."""
    in_force = pl.col("superseded").is_null().sum().alias("rows")
    return ctx.dataset.ever().group_by(*SERIES).agg(pl.col("unit").first(), in_force).sort(*SERIES).collect()


@kept(4)
def list_own_keys(ctx: Context) -> pl.DataFrame:
    """Return ``SERIES`` with the dimensions of our structure, the area left out."""
    rows = []
    for row in list_series(ctx).iter_rows(named=True):
        key = {"FREQ": "A", "INDICATOR": write_id(row["indicator"]), "SOURCE": write_id(row["source"])}
        rows.append(
            {name: row[name] for name in SERIES}
            | key
            | {"SERIES": write_id(row["series"])}
            | write_breakdown(json.loads(row["dimensions"]))
        )
    names = (*SERIES, "FREQ", "INDICATOR", "SOURCE", "SERIES", "REPORTING_TYPE", "SEX", "AGE", "LOCATION", "BREAKDOWN")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))


@kept(4)
def _mapped(ctx: Context, version: str) -> tuple[pl.DataFrame, list[tuple[OwnSeries, str, int, Unmapped]]]:
    structure, codes, admitted = open_standard(), read_code_table(), read_admitted_table(version)
    options = {
        (metric.id, link.source, code): (link, code)
        for metric in ctx.book.metrics.values()
        for link in metric.series
        for code in link.codes
    }
    rows, unmapped = [], []
    taken: dict[tuple[str, ...], str] = {}
    for row in list_series(ctx).iter_rows(named=True):
        link, code = options.get((row["indicator"], row["source"], row["series"]), (None, ""))
        wholes = find_wholes(row["series"], link.options if link else {}) if row["source"] == "un_sdg" else {}
        former = link.series if link and code != link.series else ""
        breakdown = json.loads(row["dimensions"])
        own = OwnSeries(row["source"], row["series"], row["unit"], breakdown, wholes, former)
        found = map_series(own, structure, codes, admitted)
        if not isinstance(found, Unmapped):
            key = tuple(found.values())
            if key in taken:
                found = Unmapped("two", f"{row['indicator']} beside {taken[key]}")
            taken[key] = row["indicator"]
        if isinstance(found, Unmapped):
            unmapped.append((own, row["indicator"], row["rows"], found))
        else:
            rows.append({name: row[name] for name in SERIES} | found)
    names = (*SERIES, *(name for name in structure.dimensions if name != "REF_AREA"), GLOBAL_UNIT)
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String)), unmapped


def list_global_keys(ctx: Context) -> pl.DataFrame:
    """Return the series that have a key in the global structure, with its dimensions and unit."""
    return _mapped(ctx, open_standard().name.version)[0]


def list_unmapped(ctx: Context) -> list[tuple[OwnSeries, str, int, Unmapped]]:
    """Return series without a key in the global structure: indicator, rows in force, reason."""
    return _mapped(ctx, open_standard().name.version)[1]


def list_areas(ctx: Context) -> pl.DataFrame:
    """Return countries with their code in both structures; ``AREA`` is null where the global one has none."""
    return _areas(ctx, open_standard().name.version)


@kept(4)
def _areas(ctx: Context, _version: str) -> pl.DataFrame:
    codes = open_standard().find_codes("REF_AREA")
    rows = []
    for country in ctx.book.countries.values():
        code = str(int(country.m49)) if country.m49_area and country.m49.isdigit() else None
        rows.append((country.iso3, country.iso3, code if codes and code in codes.by_id else None))
    return pl.DataFrame(rows, schema=dict.fromkeys(("country", "REF_AREA", "AREA"), pl.String), orient="row")
