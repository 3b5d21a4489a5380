"""The SDG Global Database in DDF form (one CSV per series), as of the October 2020 release.

``geo_area`` is an M49 number without padding, regions stand in the same list, codes are the database's own in lower
case. They are given back in the form the UN's API uses, so that file and API rows of one breakdown are the same.
"""

import re

from data_sources.contract import Parsed, SeriesRef
from data_sources.observations import canonicalise
from data_sources.tables import SeriesReading, read_csv, report_no_series
from data_sources.un_sdg.codes import NATURES, TOTALS, find_wholes
from data_sources.un_sdg.copies import is_copy, parse_copy
from data_sources.un_sdg.rows import MARKS, drop_repeated_rows, read_area_code

_COLUMNS = ("geo_area", "nature", "units", "year")
_BREAKDOWNS = {
    "age": "Age",
    "sex": "Sex",
    "location": "Location",
    "type_of_speed": "Type of speed",
    "grounds_of_discrimination": "Grounds of discrimination",
    "disability_status": "Disability status",
    "parliamentary_committees": "Parliamentary committees",
}
"""Column of a file → name of the breakdown in the UN's API."""
_NOT_SPECIFIED = "notspec"
_SPECIAL = {"t": "_T", "u": "_U", "x": "_X"}


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """Return all rows of a series: the national total with ``{}``, every other breakdown with its codes.

    Args:
        series: the UN's series code, e.g. ``SP_ACS_BSRVH2O``; options name the total of a breakdown where the
            definition of the series differs from the usual, e.g. ``{"Age": "<5Y"}``.
        edition: the release to write on every row, e.g. ``"2020-10"``.

    Raises:
        Changed: the layout is not the documented one.
        Rejected: the file does not hold the series (``series_not_in_file``).
    """
    if is_copy(body):
        return parse_copy(name, body, series, edition)
    table = read_csv(name, body, _COLUMNS)
    column = series.code.lower()
    if column not in table.header:
        columns = [other.upper() for other in table.header if other not in (*_COLUMNS, *_BREAKDOWNS)]
        raise report_no_series(name, series.code, columns)
    breakdowns = {key: title for key, title in _BREAKDOWNS.items() if key in table.header}
    totals = {**TOTALS, **find_wholes(series.code, series.options)}
    reading = SeriesReading(table, body, series, edition, MARKS, (*_COLUMNS, *_BREAKDOWNS, column))
    for number, cells in table.rows:
        area = read_area_code(cells["geo_area"])
        if area is None:
            reading.reject("unreadable_area", number, cells, "geo_area", "an M49 number")
            continue
        period = reading.year(number, cells, "year")
        figure = reading.figure(number, cells, column) if period else None
        if period is None or figure is None:
            continue
        nature = "" if cells["nature"] == _NOT_SPECIFIED else cells["nature"].strip().upper()
        if nature and nature not in NATURES:
            reading.noticed.add(
                "unknown_nature", "warning", f"nature {nature!r} is not known", table.place(number, "nature")
            )
        codes = {title: _code(key, cells[key]) for key, title in breakdowns.items()}
        reading.add(
            area=area,
            area_scheme="m49",
            area_name="",
            period=period,
            dimensions=canonicalise(
                {title: code for title, code in codes.items() if code and code != totals.get(title)}
            ),
            **figure.columns(),
            unit=cells["units"].strip().upper(),
            nature=nature,
        )
    return reading.finish(drop_repeated_rows)


def _code(column: str, text: str) -> str:
    """Return the database's own code for a code of the file; empty when not specified."""
    text = text.strip()
    if text == _NOT_SPECIFIED:
        return ""
    if text in _SPECIAL:
        return _SPECIAL[text]
    return _age(text) if column == "age" else text.upper()


def _age(text: str) -> str:
    """``lt5y`` → ``<5Y``, ``lt_45y`` → ``<=45Y``, ``15_24`` → ``15-24``, ``46`` → ``46+``."""
    if below := re.fullmatch(r"lt(_?)([0-9]+[ym])", text):
        return f"<{'=' if below[1] else ''}{below[2].upper()}"
    if between := re.fullmatch(r"([0-9]+)_([0-9]+)", text):
        return f"{between[1]}-{between[2]}"
    return f"{text}+" if text.isdigit() else text.upper()
