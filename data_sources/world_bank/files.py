"""World Bank files: the WGI bulk workbook and pulls of the Indicators API saved as CSV."""

import hashlib

from data_sources.contract import Parsed, SeriesRef
from data_sources.observations import Noticed, Row, parsed, without_duplicates
from data_sources.tables import Cells, is_workbook, no_such_series, note_unknown_columns, read_csv, read_sheet
from data_sources.world_bank.codes import wgi_dimension

_WGI_COLUMNS = ("codeindyr", "code", "countryname", "year", "indicator", "estimate", "stddev", "nsource")
_WGI_KNOWN = (*_WGI_COLUMNS, "pctrank", "pctranklower", "pctrankupper")
_WGI_DIMENSIONS = ("va", "pv", "ge", "rq", "rl", "cc")
_WGI_MARKS = {"..": "missing", "#N/A": "missing"}

_PULL_COLUMNS = ("indicator_code", "iso3", "country_name", "year", "value")
_PULL_MARKS = {"..": "missing", "NA": "missing", "#N/A": "missing"}


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """Rows of one series from a World Bank file.

    Args:
        name: file name, for messages.
        body: the file as received.
        series: ``GOV_WGI_CC.EST`` and its like from the WGI workbook, any WDI code from a CSV pull.
        edition: the edition to write on every row, e.g. ``"2024 edition"``.

    Raises:
        Changed: the layout is not the documented one.
        Rejected: the file does not hold the series (``series_not_in_file``).
    """
    return _workbook(name, body, series, edition) if is_workbook(body) else _pull(name, body, series, edition)


def _workbook(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """WGI workbook, one row per country, year and dimension; estimate in units of a standard normal distribution."""
    dimension = wgi_dimension(series.code)
    if dimension not in _WGI_DIMENSIONS:
        raise no_such_series(name, series.code, [f"GOV_WGI_{d.upper()}.EST" for d in _WGI_DIMENSIONS])
    table = read_sheet(name, body, 0, _WGI_COLUMNS)
    noticed = Noticed(series.code)
    note_unknown_columns(table, _WGI_KNOWN, noticed)
    cells_of, sha256, rows = Cells(table, _WGI_MARKS, noticed), hashlib.sha256(body).hexdigest(), []
    for number, cells in table.rows:
        if cells["indicator"] != dimension:
            continue
        period = cells_of.year(number, cells, "year")
        figure = cells_of.figure(number, cells, "estimate") if period else None
        if period is None or figure is None:
            continue
        sources = cells_of.number(number, cells, "nsource")
        rows.append(
            Row(
                series=series.code,
                area=cells["code"].strip(),
                area_scheme="wb",
                area_name=cells["countryname"].strip(),
                period=period,
                value=figure.value,
                value_text=figure.text,
                lower=figure.lower,
                upper=figure.upper,
                std_error=cells_of.number(number, cells, "stddev"),
                status=figure.status,
                source_detail="" if sources is None else f"Number of sources: {sources:.0f}",
                edition=edition,
                raw_sha256=sha256,
            )
        )
    return parsed(without_duplicates(rows, noticed), edition, noticed)


def _pull(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """A pull of the Indicators API saved as CSV, several series in one file."""
    table = read_csv(name, body, _PULL_COLUMNS)
    held = {cells["indicator_code"] for _, cells in table.rows}
    if series.code not in held:
        raise no_such_series(name, series.code, held)
    noticed = Noticed(series.code)
    note_unknown_columns(table, _PULL_COLUMNS, noticed)
    cells_of, sha256, rows = Cells(table, _PULL_MARKS, noticed), hashlib.sha256(body).hexdigest(), []
    for number, cells in table.rows:
        if cells["indicator_code"] != series.code:
            continue
        period = cells_of.year(number, cells, "year")
        figure = cells_of.figure(number, cells, "value") if period else None
        if period is None or figure is None:
            continue
        area, area_name = cells["iso3"].strip(), cells["country_name"].strip()
        rows.append(
            Row(
                series=series.code,
                area=area or area_name,
                area_scheme="iso3" if area else "name",
                area_name=area_name,
                period=period,
                value=figure.value,
                value_text=figure.text,
                lower=figure.lower,
                upper=figure.upper,
                status=figure.status,
                edition=edition,
                raw_sha256=sha256,
            )
        )
    return parsed(without_duplicates(rows, noticed), edition, noticed)
