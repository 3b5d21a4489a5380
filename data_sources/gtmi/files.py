"""Component sums of the GovTech Maturity Index, one row per country and component."""

import hashlib

from data_sources.contract import Parsed, SeriesRef
from data_sources.observations import Noticed, Row, parsed, without_duplicates
from data_sources.tables import Cells, no_such_series, note_unknown_columns, read_csv

_COLUMNS = ("cc_iso3c", "ref_year", "variable", "value")
_MARKS = {"NA": "missing", "#N/A": "missing"}


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """Sums of questionnaire points of one component, e.g. ``gtmi_portals`` (0 to 8 points in 2022).

    Args:
        name: file name, for messages.
        body: the CSV as received.
        series: the component as named in column ``variable``.
        edition: the edition to write on every row, e.g. ``"2022"``.

    Raises:
        Changed: the layout is not the documented one.
        Rejected: the file does not hold the component (``series_not_in_file``).
    """
    table = read_csv(name, body, _COLUMNS)
    held = {cells["variable"] for _, cells in table.rows}
    if series.code not in held:
        raise no_such_series(name, series.code, held)
    noticed = Noticed(series.code)
    note_unknown_columns(table, _COLUMNS, noticed)
    cells_of, sha256, rows = Cells(table, _MARKS, noticed), hashlib.sha256(body).hexdigest(), []
    for _, cells, period, figure in cells_of.figures("ref_year", "value", {"variable": series.code}):
        area = cells["cc_iso3c"].strip()
        rows.append(
            Row(
                series=series.code,
                area=area,
                area_scheme="iso3",
                area_name=area,
                period=period,
                **figure.columns(),
                edition=edition,
                raw_sha256=sha256,
            )
        )
    return parsed(without_duplicates(rows, noticed), edition, noticed)
