"""The GovTech Maturity Index: composite and sub-indices by year, or component sums: one row per country."""

import re

from data_sources.contract import Parsed, SeriesRef
from data_sources.tables import SeriesReading, read_csv, report_no_series

_COLUMNS = ("cc_iso3c", "ref_year", "variable", "value")
_INDEX_COLUMNS = ("year", "country_code", "country_name", "grp")
_INDICES = ("gtmi", "cgsi", "psdi", "dcei", "gtei")
_MARKS = {"NA": "missing", "#N/A": "missing"}


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """One index, 0 to 1 (``gtmi``, ``cgsi``, ``psdi``, ``dcei``, ``gtei``), or the sum of questionnaire points of one
    component, e.g. ``gtmi_portals`` (0 to 8 points in 2022).

    Args:
        series: the index as its column is named, or the component as named in column ``variable``.
        edition: the edition to write on every row, e.g. ``"2022"``.

    Raises:
        Changed: the layout is not the documented one.
        Rejected: the file does not hold the index or component (``series_not_in_file``).
    """
    if b"country_code" in body.partition(b"\n")[0]:
        return _indices(name, body, series, edition)
    table = read_csv(name, body, _COLUMNS)
    variables = {cells["variable"] for _, cells in table.rows}
    if series.code not in variables:
        raise report_no_series(name, series.code, variables)
    reading = SeriesReading(table, body, series, edition, _MARKS, _COLUMNS)
    for _, cells, period, figure in reading.figures("ref_year", "value", {"variable": series.code}):
        area = cells["cc_iso3c"].strip()
        reading.add(area=area, area_scheme="iso3", area_name=area, period=period, **figure.columns())
    return reading.finish()


def _indices(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """One index of the file with one column per index; the group (A to D) is the figure's footnote."""
    table = read_csv(name, body, _INDEX_COLUMNS)
    columns = [column for column in table.header if column in _INDICES]
    if series.code not in columns:
        raise report_no_series(name, series.code, columns)
    reading = SeriesReading(table, body, series, edition, _MARKS, (*_INDEX_COLUMNS, *_INDICES))
    for number, cells, period, figure in reading.figures("year", series.code):
        if not re.fullmatch("[A-Z]{3}", cells["country_code"].strip()):
            place = table.place(number, "country_code")
            reading.noticed.add("not_a_country_row", "info", f"{place}: a sum of the file's author, left out", place)
            continue
        group = cells["grp"].strip() if series.code == "gtmi" else ""
        reading.add(
            area=cells["country_code"].strip(),
            area_scheme="wb",
            area_name=cells["country_name"].strip(),
            period=period,
            **figure.columns(),
            footnote=f"Group {group}" if group else "",
        )
    return reading.finish()
