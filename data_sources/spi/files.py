"""The Statistical Performance Indicators, one row per country and year, one column per index."""

import hashlib

from data_sources.contract import Parsed, SeriesRef
from data_sources.observations import Noticed, Row, parsed, without_duplicates
from data_sources.tables import Cells, no_such_series, note_unknown_columns, read_csv

_COLUMNS = ("country", "iso3c", "date")
_OTHER = ("income", "region", "weights", "population")
_MARKS = {"NA": "missing", "#N/A": "missing"}


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """Scores of one index; ``SPI.INDEX`` is the overall score, 0 to 100.

    Args:
        name: file name, for messages.
        body: the CSV as received.
        series: the index as its column is named.
        edition: the edition to write on every row.

    Raises:
        Changed: the layout is not the documented one.
        Rejected: the file does not hold the index (``series_not_in_file``).
    """
    table = read_csv(name, body, _COLUMNS)
    held = [column for column in table.header if column.startswith("SPI.")]
    if series.code not in held:
        raise no_such_series(name, series.code, held)
    noticed = Noticed(series.code)
    note_unknown_columns(table, (*_COLUMNS, *_OTHER, *held), noticed)
    cells_of, sha256, rows = Cells(table, _MARKS, noticed), hashlib.sha256(body).hexdigest(), []
    for _, cells, period, figure in cells_of.figures("date", series.code):
        rows.append(
            Row(
                series=series.code,
                area=cells["iso3c"].strip(),
                area_scheme="iso3",
                area_name=cells["country"].strip(),
                period=period,
                **figure.columns(),
                edition=edition,
                raw_sha256=sha256,
            )
        )
    return parsed(without_duplicates(rows, noticed), edition, noticed)
