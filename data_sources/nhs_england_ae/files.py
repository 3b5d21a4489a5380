"""Attendances and four-hour breaches of England's emergency departments: one row a month, organisation and type."""

import re

from data_sources.contract import Parsed, SeriesRef
from data_sources.observations import canonicalise
from data_sources.tables import SeriesReading, read_csv, report_no_series

_SERIES = ("attendances", "breaches", "admissions")
_COLUMNS = ("period", "org_code", "type", *_SERIES)
_MARKS = {"": "missing", "NA": "missing"}
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])-01")


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """One of the three counts.

    Args:
        name: file name, for messages.
        body: the CSV as received.
        series: ``attendances``, ``breaches`` (longer than four hours) or ``admissions``.
        edition: the edition to write on every row.

    Raises:
        Changed: the layout is not the documented one.
        Rejected: another series was asked for (``series_not_in_file``).
    """
    if series.code not in _SERIES:
        raise report_no_series(name, series.code, _SERIES)
    table = read_csv(name, body, _COLUMNS)
    reading = SeriesReading(table, body, series, edition, _MARKS, _COLUMNS)
    for number, cells in table.rows:
        month = _MONTH.fullmatch(cells["period"].strip())
        if month is None:
            reading.reject("unreadable_period", number, cells, "period", "the first of a month")
            continue
        figure = reading.figure(number, cells, series.code)
        if figure is None:
            continue
        breakdown = {"month": month[0], "organisation": cells["org_code"].strip(), "type": cells["type"].strip()}
        reading.add(
            area="England",
            area_scheme="name",
            area_name="England",
            period=month[1],
            dimensions=canonicalise(breakdown),
            **figure.columns(),
            unit="attendances",
            nature="C",
        )
    return reading.finish()
