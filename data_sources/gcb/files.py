"""The full results of a region, a workbook with one sheet per question: here the one on official documents."""

import re
from decimal import Decimal

from data_sources.contract import Parsed, SeriesRef
from data_sources.errors import Changed, Rejected
from data_sources.tables import SeriesReading, read_sheet, report_no_series

_SHEET = "IDs"
_COUNTRY = "Country"
_SHARE = re.compile(r"Paid a bribe( \(IDs\))?")
_MARKS = {"-": "missing"}


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """Share of those who tried to get an official document who paid, gave or did something for it, in whole per cent.

    The workbook prints no year: the one in the name of the edition is taken. A sheet may hold a second question below
    the first; its rows are not read.

    Args:
        series: the series ``IDs``, as the sheet is named.
        edition: the edition to write on every row, with its year: ``"GCB 2019, Africa"``.

    Raises:
        Changed: the layout is not the documented one.
        Rejected: another series was asked for (``series_not_in_file``), or the edition names no year
            (``edition_without_year``).
    """
    if series.code != _SHEET:
        raise report_no_series(name, series.code, [_SHEET])
    year = re.search(r"\b20\d\d\b", edition)
    if year is None:
        raise Rejected("edition_without_year", f"{name} prints no year and edition {edition!r} names none: “GCB 2019”")
    table = read_sheet(name, body, _SHEET, [_COUNTRY])
    shares = [column for column in table.header if _SHARE.fullmatch(column)]
    if len(shares) != 1:
        raise Changed("changed_columns", f"{table.name}: {len(shares)} columns are headed “Paid a bribe”, not one")
    reading = SeriesReading(table, body, series, edition, _MARKS, ())
    for number, cells in table.rows:
        if not cells[shares[0]].strip():  # a text across the sheet: the next question
            break
        figure = reading.figure(number, cells, shares[0])
        if figure is None:
            continue
        # A cell holds 0.18 and is formatted, and so printed, as 18 %.
        percent = None if figure.value is None else Decimal(figure.text) * 100
        reading.add(
            area=cells[_COUNTRY].strip(),
            area_scheme="name",
            area_name=cells[_COUNTRY].strip(),
            period=year.group(),
            value=None if percent is None else float(percent),
            value_text=figure.text if percent is None else f"{percent.normalize():f}",
            unit="Percent",
            status=figure.status,
            footnote="Year of the edition",
        )
    return reading.finish()
