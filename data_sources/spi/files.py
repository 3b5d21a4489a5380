"""The Statistical Performance Indicators, one row per country and year, one column per index."""

from data_sources.contract import Parsed, SeriesRef
from data_sources.tables import SeriesReading, read_csv, report_no_series

_COLUMNS = ("country", "iso3c", "date")
_DATA360 = ("country_code", "year")
_DATA360_CODES = {"SPI.INDEX": "wb_wdi_iq_spi_ovrl"}
"""Our code of an index → its column in the table that the World Bank's Data360 gives out."""
_OTHER = ("income", "region", "weights", "population")
_MARKS = {"NA": "missing", "#N/A": "missing"}


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """Scores of one index; ``SPI.INDEX`` is the overall score, 0 to 100.

    Args:
        series: the index as its column is named.

    Raises:
        Changed: the layout is not the documented one.
        Rejected: the file does not hold the index (``series_not_in_file``).
    """
    data360 = b"wb_wdi_iq_spi" in body.partition(b"\n")[0]
    columns = _DATA360 if data360 else _COLUMNS
    table = read_csv(name, body, columns)
    column = _DATA360_CODES.get(series.code, series.code) if data360 else series.code
    held = [column for column in table.header if column.startswith(("SPI.", "wb_wdi_iq_spi"))]
    if column not in held:
        raise report_no_series(name, series.code, held)
    area, year = columns[-2:]
    reading = SeriesReading(table, body, series, edition, _MARKS, (*columns, *_OTHER, *held))
    for _, cells, period, figure in reading.figures(year, column):
        if data360 and figure.status == "missing":
            continue  # the table has a row for every year that any of its columns has
        reading.add(
            area=cells[area].strip(),
            area_scheme="iso3",
            area_name=cells.get("country", cells[area]).strip(),
            period=period,
            **figure.columns(),
        )
    return reading.finish()
