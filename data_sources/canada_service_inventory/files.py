"""Service standards and services of Canada's departments: a series is a column, a row one standard or service."""

import re

from data_sources.contract import Parsed, SeriesRef
from data_sources.observations import canonicalise
from data_sources.tables import SeriesReading, read_csv, report_no_series

_KEYS = ("fiscal_yr", "service_id", "owner_org")
_VOLUMES = ("volume_meeting_target", "total_volume", "target", "performance")
_ANSWER = "target_met"
_BREAKDOWN = {"service_id": "service", "service_standard_id": "standard", "type": "type", "channel": "channel",
              "service_scope": "scope", "owner_org": "department"}  # fmt: skip
_YEAR = re.compile(r"(20\d\d)-(20\d\d)")
_MARKS = {"NA": "not_applicable", "ND": "missing", "": "missing"}


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """One column of numbers of either file, by service or standard; ``period`` is the year a fiscal year begins in.

    Args:
        name: file name, for messages.
        body: the CSV as received.
        series: the column: ``total_volume``, ``target_met`` (1 for yes, 0 for no), ``num_applications_online`` …
        edition: the edition to write on every row.

    Raises:
        Changed: the layout is not the documented one.
        Rejected: the file has no such column (``series_not_in_file``).
    """
    table = read_csv(name, body, _KEYS)
    held = {column for column in table.header if column in (*_VOLUMES, _ANSWER) or column.startswith("num_")}
    if series.code not in held:
        raise report_no_series(name, series.code, held)
    reading = SeriesReading(table, body, series, edition, _MARKS, ())
    for number, cells in table.rows:
        fiscal = _YEAR.fullmatch(cells["fiscal_yr"].strip())
        if fiscal is None or int(fiscal[2]) != int(fiscal[1]) + 1:
            reading.reject("unreadable_period", number, cells, "fiscal_yr", "a fiscal year")
            continue
        if series.code == _ANSWER:
            cells = {**cells, _ANSWER: {"Y": "1", "N": "0"}.get(cells[_ANSWER].strip(), cells[_ANSWER])}
        figure = reading.figure(number, cells, series.code)
        if figure is None:
            continue
        parts = {ours: cells.get(theirs, "").strip() for theirs, ours in _BREAKDOWN.items()}
        reading.add(
            area="CAN",
            area_scheme="iso3",
            area_name="Canada",
            period=fiscal[1],
            dimensions=canonicalise({name: part for name, part in parts.items() if part}),
            **figure.columns(),
            nature="C",
            footnote=f"Fiscal year {fiscal[0]}, April to March",
        )
    return reading.finish()
