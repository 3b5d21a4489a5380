"""The published figures of an indicator beside an independent copy of a publisher's file: facts against drift."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.gathering.harmonise.areas import add_countries
from data_sources.errors import Changed, Rejected
from data_sources.figures import read_figure
from data_sources.records import MARKS
from data_sources.tables import CHANGED_LAYOUT, Table, is_workbook, read_csv, read_sheet

MOST_DECIMALS = 9  # digits behind the point beyond which a file prints what its program computed, not what it means


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a copy hold what. ``where`` are the texts that rows must have in other columns."""

    country: str
    year: str
    value: str
    where: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CopyDifference:
    """A figure that the two give differently, each as printed; ``decimals`` is the precision compared at."""

    country: str
    year: int
    published: str
    copied: str
    decimals: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of the figures of both. ``unread`` are rows of the copy without country, year or figure."""

    equal: int
    differing: tuple[CopyDifference, ...]
    only_published: tuple[tuple[str, int], ...]
    only_copied: tuple[tuple[str, int], ...]
    unread: int


def read_copy(name: str, body: bytes, columns: Columns, sheet: str | int = 0, delimiter: str = ",") -> Table:
    """Return the table of a copy, CSV or workbook.

    Raises:
        Changed: it cannot be read, or lacks a column (see ``data_sources.tables``).
    """
    needed = (columns.country, columns.year, columns.value, *columns.where)

    try:
        if is_workbook(body):
            return read_sheet(name, body, sheet, needed)
        return read_csv(name, body, needed, delimiter=delimiter)
    except Changed as error:
        if error.code != "changed_columns":
            raise
        other = "--sheet another sheet" if is_workbook(body) else "--delimiter what separates cells"
        names = f"Name its columns with --country, --year, --value and --where, with {other}"
        raise Changed(error.code, f"{str(error).removesuffix(CHANGED_LAYOUT)}{names}") from error


def compare_copy(published: pl.DataFrame, table: Table, columns: Columns, source: str, book: Codebook) -> Comparison:
    """Compare figures at the precision at which both are printed: the coarser of the two.

    Args:
        published: the shown rows of one indicator, national totals, of one source.
        table: the copy.
        source: whose figures they are, for the publisher's own names of countries.

    Raises:
        Rejected: ``conflicting_rows``: the copy gives two figures for one country and year; ``where`` tells them apart.
    """
    chosen = [
        cells for _, cells in table.rows if all(cells[column].strip() == text for column, text in columns.where.items())
    ]
    read = [(cells[columns.country].strip(), _year(cells[columns.year]), cells[columns.value]) for cells in chosen]
    countries = _countries({area for area, _, _ in read}, source, book)
    copied: dict[tuple[str, int], str] = {}
    unread = 0
    for area, year, text in read:
        figure, country = read_figure(text, MARKS), countries.get(area)
        if figure is None or year is None or country is None:
            unread += 1
            continue
        if not country or figure.value is None:  # a region; no figure
            continue
        before = copied.setdefault((country, year), text)
        if float(before) != figure.value:
            raise Rejected(
                "conflicting_rows",
                f"{table.name} gives {before!r} and {text!r} for {country} {year}: tell them apart with --where "
                "COLUMN=TEXT",
            )
    ours = {
        (country, year): text or repr(value)
        for country, year, value, text in published.select("country", "year", "value", "value_text").iter_rows()
        if value is not None and year is not None
    }
    both = sorted(ours.keys() & copied.keys())
    differing = [
        CopyDifference(*place, ours[place].strip(), copied[place].strip(), decimals)
        for place in both
        if _differ(ours[place], copied[place], decimals := min(_decimals(ours[place]), _decimals(copied[place])))
    ]
    return Comparison(
        len(both) - len(differing),
        tuple(differing),
        tuple(sorted(ours.keys() - copied.keys())),
        tuple(sorted(copied.keys() - ours.keys())),
        unread,
    )


def _differ(text: str, other: str, decimals: int) -> bool:
    """Return True if two printed figures differ by more than rounding to so many decimals may have done."""
    return abs(float(text) - float(other)) > 0.5 * 10.0**-decimals * (1 + 1e-9)


def _decimals(text: str) -> int:
    """Count the digits behind the point of a printed figure."""
    mantissa, _, power = text.strip().lower().partition("e")
    return min(max(len(mantissa.partition(".")[2]) - int(power or 0), 0), MOST_DECIMALS)


def _year(text: str) -> int | None:
    stripped = text.strip().removesuffix(".0")
    return int(stripped) if len(stripped) == 4 and stripped.isascii() and stripped.isdigit() else None


def _countries(areas: set[str], source: str, book: Codebook) -> dict[str, str]:
    """Map known areas to ISO3, regions to ""."""
    schemes = [
        "m49" if area.isdigit() else "wb" if area.isalpha() and area.isupper() and len(area) in (2, 3) else "name"
        for area in sorted(areas)
    ]
    requested = pl.DataFrame(
        {"area": sorted(areas), "area_scheme": schemes}, schema={"area": pl.String, "area_scheme": pl.String}
    )
    countries = add_countries(requested, book, source)
    return {area: country for area, country in countries.select("area", "country").iter_rows() if country is not None}
