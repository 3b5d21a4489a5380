"""The national file of the barometer: one indicator by day."""

import re

from data_sources.contract import Parsed, SeriesRef
from data_sources.observations import canonicalise
from data_sources.tables import SeriesReading, read_csv, report_no_series

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
    reading = SeriesReading(table, body, series, edition, {"": "missing", "0.0": "missing", "0": "missing"}, _COLUMNS)
    for number, cells in table.rows:
        if cells["id_indicateur"] != series.code or cells["maille_geographique"] != "national":
            continue
        day = _DAY.fullmatch(cells["date"].strip())
        figure = reading.figure(number, cells, "valeur")
        if day is None:
            reading.reject("unreadable_period", number, cells, "date", "a day")
        elif figure is not None:
            reading.add(
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
            )
    return reading.finish()
