"""The national file of the barometer: one indicator by day."""

import hashlib
import re

from data_sources.contract import Parsed, SeriesRef
from data_sources.observations import Noticed, Row, canonicalise, drop_duplicates, finish_parsing
from data_sources.tables import Cells, note_unknown_columns, read_csv, report_no_series

_COLUMNS = ("mesure", "indicateur", "id_indicateur", "maille_geographique", "date", "valeur", "unite")
_DAY = re.compile(r"(20\d\d)-\d\d-\d\d")


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """One indicator of the whole country; a zero, which stands for *not begun* or *not reported*, is missing.

    Args:
        name: file name, for messages.
        body: the CSV as received.
        series: the indicator as ``id_indicateur`` names it.
        edition: the edition to write on every row.

    Raises:
        Changed: the layout is not the documented one.
        Rejected: the file does not hold the indicator (``series_not_in_file``).
    """
    table = read_csv(name, body, _COLUMNS)
    held = {cells["id_indicateur"] for _, cells in table.rows}
    if series.code not in held:
        raise report_no_series(name, series.code, held)
    noticed = Noticed(series.code)
    note_unknown_columns(table, _COLUMNS, noticed)
    cells_of, rows = Cells(table, {"": "missing", "0.0": "missing", "0": "missing"}, noticed), []
    sha256 = hashlib.sha256(body).hexdigest()
    for number, cells in table.rows:
        if cells["id_indicateur"] != series.code or cells["maille_geographique"] != "national":
            continue
        day = _DAY.fullmatch(cells["date"].strip())
        figure = cells_of.figure(number, cells, "valeur")
        if day is None:
            place = table.place(number, "date")
            noticed.reject("unreadable_period", f"{place}: {cells['date']!r} is not a day", place)
        elif figure is not None:
            rows.append(
                Row(
                    series=series.code,
                    area="FRA",
                    area_scheme="iso3",
                    area_name="France",
                    period=day[1],
                    dimensions=canonicalise({"date": day[0]}),
                    **figure.columns(),
                    unit=cells["unite"].strip(),
                    nature="C",
                    source_detail=cells["indicateur"].strip(),
                    footnote=f"As of {day[0]}",
                    edition=edition,
                    raw_sha256=sha256,
                )
            )
    return finish_parsing(drop_duplicates(rows, noticed), edition, noticed)
