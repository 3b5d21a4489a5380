"""The SDG Global Database as others passed it on: tables with its codes or its words, one row per figure.

Platforms and reports that load the database keep its figures and lose part of what belongs to them: the area may be
a name, the nature may be gone, the year may be gone. What is gone stays empty. A table without a year is read under
the span of years its editor names (``period``): such a figure belongs to no year.
"""

from collections.abc import Mapping

from data_sources.contract import Parsed, SeriesRef
from data_sources.errors import Rejected
from data_sources.observations import canonicalise
from data_sources.tables import SeriesReading, Table, read_plain_csv, report_no_series
from data_sources.un_sdg.codes import NATURES, TOTALS, find_wholes
from data_sources.un_sdg.rows import MARKS, drop_repeated_rows

VALUES = ("Value", "value", "status_a")
_AREAS = {"GeoAreaName": "name", "iso3": "iso3"}
_YEARS = ("Year", "year")
_SERIES = ("SeriesCode", "SDG Series", "series", "metric")
"""Columns that say what a row is a figure of: the database's code, its title, or a name of the copy's own."""
_NATURE, _SOURCE, _PRINTED, _NOTES, _LETTER = (
    "NATURE",
    ("SOURCE_DETAIL", "Source details", "source_printed"),
    "Nature of data points",
    ("COMMENT_OBS", "Observation-level footnotes", "note"),
    "status",
)
_IGNORED = (
    "area", "indicator", "unit", "Freq", "BASE_PER", "Base period", "Unit of measure", "OBS_STATUS",
    "Observation status",
)  # fmt: skip
_BREAKDOWNS = {
    "Age": "Age",
    "Sex": "Sex",
    "Location": "Location",
    "Degree of urbanisation": "Location",
    "Disability status": "Disability status",
    "Education level": "Education level",
    "Grounds of discrimination": "Grounds of discrimination",
    "Population Group": "Population Group",
    "Quantile": "Quantile",
    "Service Attribute": "Service Attribute",
    "Type of occupation": "Type of occupation",
    "Type of speed": "Type of speed",
    "Composite breakdown": "Composite breakdown",
}
"""Column of a copy → name of the breakdown in the UN's API."""
_WHOLES = {"Population Group": "TOTAL", "Education level": "_T", "Quantile": "_T", "Type of occupation": "TOTAL_PSP"}
_WORDS = {
    "Female": "FEMALE",
    "Male": "MALE",
    "Urban": "URBAN",
    "Rural": "RURAL",
    "under 1 year old": "<1Y",
    "under 5 years old": "<5Y",
    "12 to 23 months": "M12T23",
    "24 to 35 months": "M24T35",
    "36 to 47 months old": "M36T47",
    "48 to 59 months": "M48T59",
}
"""Words of a copy for a category → the database's code."""


def is_copy(body: bytes) -> bool:
    """Return True if a file is such a table: its first line names a column of values."""
    header = body.partition(b"\n")[0].decode("utf-8-sig", errors="replace")
    return bool({cell.strip().strip('"') for cell in header.split(",")} & set(VALUES))


def parse_copy(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """Return all rows of a series in a copy of the database.

    Args:
        series: the UN's series code. Its options say what the table does not: ``rows`` the text under which the copy
            lists the series, ``area`` the ISO3 code of the country, ``period`` the span of years (``2015/2025``),
            ``dated`` the year of an area's figure by another publisher (``Uganda=2025``), ``dated_note`` who says so,
            ``note`` what to know of every other figure; others name the total of a breakdown.

    Raises:
        Changed: the layout is not one of those described.
        Rejected: the file does not hold the series (``series_not_in_file``), or neither file nor options name area or
            year (``nothing_named``).
    """
    table, options = read_plain_csv(name, body), dict(series.options)
    wanted, area, period, note, dated, dated_note = (
        options.pop(key, "") for key in ("rows", "area", "period", "note", "dated", "dated_note")
    )
    years = dict(part.split("=") for part in dated.split("; ") if part)
    column = {key: _first(table, names) for key, names in (("value", VALUES), ("year", _YEARS), ("series", _SERIES))}
    where = next((name for name in _AREAS if name in table.header), "")
    for what, there in (("area", where or area), ("year", column["year"] or period)):
        if not there:
            raise Rejected("nothing_named", f"{name} has no column of the {what}, and the reading names none")
    belongs = _belongs(table, column["series"], wanted or series.code, name, series)
    breakdowns = {breakdown: title for breakdown, title in _BREAKDOWNS.items() if breakdown in table.header}
    known = (*VALUES, *_YEARS, *_SERIES, *_AREAS, *_BREAKDOWNS, *_SOURCE, *_NOTES, *_IGNORED)
    totals = {**TOTALS, **_WHOLES, **find_wholes(series.code, options)}
    reading = SeriesReading(table, body, series, edition, MARKS, (*known, _NATURE, _PRINTED, _LETTER))
    for number, cells in table.rows:
        if any(cells[key] != text for key, text in belongs.items()):
            continue
        place = cells[where].strip() if where else area
        when = reading.year(number, cells, column["year"]) if column["year"] else years.get(place, period)
        figure = reading.figure(number, cells, column["value"]) if when else None
        codes = _codes(cells, breakdowns, totals)
        if codes is None:
            reading.noticed.add("breakdown_unread", "info", f"{table.place(number, 'Value')}: a breakdown not read")
            continue
        if when is None or figure is None:
            continue
        nature = cells.get(_NATURE, "").strip()
        columns = figure.columns() | ({"value_text": cells[_LETTER]} if _LETTER in table.header else {})
        reading.add(
            area=place,
            area_scheme=_AREAS.get(where, "iso3"),
            area_name=cells.get("area", "").strip() or place,
            period=when,
            dimensions=canonicalise(codes),
            **columns,
            nature=nature if nature in NATURES else "",
            source_detail=_joined_cells(cells, _SOURCE),
            footnote=" ".join(filter(None, (_joined_cells(cells, _NOTES), dated_note if place in years else note))),
        )
    return reading.finish(drop_repeated_rows)


def _first(table: Table, names: tuple[str, ...]) -> str:
    return next((name for name in names if name in table.header), "")


def _belongs(table: Table, column: str, wanted: str, name: str, series: SeriesRef) -> dict[str, str]:
    """Return which rows are the series'; all of them where the table is of one series and says nothing."""
    if not column:
        return {}
    held = {cells[column] for _, cells in table.rows}
    if wanted not in held:
        raise report_no_series(name, f"{series.code} ({wanted})", held)
    return {column: wanted}


def _codes(cells: Mapping[str, str], columns: Mapping[str, str], totals: Mapping[str, str]) -> dict[str, str] | None:
    """The breakdown of a row without its totals, by name; None where a category is in words nobody knows."""
    codes = {}
    for column, title in columns.items():
        text = cells[column].strip()
        code = _WORDS.get(text, text)
        if " " in code:
            return None
        if code and code != totals.get(title):
            codes[title] = code
    return codes


def _joined_cells(cells: Mapping[str, str], columns: tuple[str, ...]) -> str:
    return " ".join(dict.fromkeys(cells[column].strip() for column in columns if cells.get(column, "").strip()))
