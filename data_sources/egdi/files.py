"""The yearly data files of the E-Government Survey, in their two layouts (to 2022, and 2024)."""

from data_sources.contract import Parsed, SeriesRef
from data_sources.errors import Changed
from data_sources.tables import SeriesReading, Table, read_csv, report_no_series

_LAYOUTS: tuple[dict[str, str], ...] = (
    {
        "year": "Survey Year",
        "name": "Country Name",
        "rank": "E-Government Rank",
        "E-Government Index": "E-Government Index",
        "E-Participation Index": "E-Participation Index",
        "Online Service Index": "Online Service Index",
        "Human Capital Index": "Human Capital Index",
        "Telecommunication Infrastructure Index": "Telecommunication Infrastructure Index",
    },
    {
        "year": "Survey Year",
        "name": "Country",
        "rank": "Rank",
        "E-Government Index": "E_Index",
        "E-Participation Index": "E_Participation",
        "Online Service Index": "Online_Service",
        "Human Capital Index": "Human_Capital",
        "Telecommunication Infrastructure Index": "Tele_Infra",
    },
)
"""Our name of a column → the publisher's, by layout."""

_SERIES = tuple(column for column in _LAYOUTS[0] if column not in ("year", "name", "rank"))
_MARKS = {"#N/A": "missing", "N/A": "missing"}


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """Index values between 0 and 1 of one survey year.

    A country without a rank took no part in that edition (Montenegro before 2006, South Sudan before 2011); the
    zeros printed for it are not figures: the row is kept without a value, as not applicable.

    Args:
        series: one of the five indices, named as the columns of the files to 2022, e.g. ``E-Government Index``.
        edition: the edition to write on every row, e.g. ``"2024"``.

    Raises:
        Changed: the layout is neither of the two documented ones.
        Rejected: no such index (``series_not_in_file``).
    """
    if series.code not in _SERIES:
        raise report_no_series(name, series.code, _SERIES)
    layout, table = _read(name, body)
    reading = SeriesReading(table, body, series, edition, _MARKS, (*layout.values(), "Region"))
    for number, cells, period, figure in reading.figures(layout["year"], layout[series.code]):
        area = cells[layout["name"]].strip()
        took_part = bool(cells[layout["rank"]].strip())
        if not took_part:
            message = f"{area} has no rank in {period}: {figure.text!r} is not used"
            reading.noticed.add("not_surveyed", "info", message, table.place(number, layout["rank"]))
        elif figure.value == 0:
            message = f"{area} {period} is printed as 0: kept as published, may stand for no information"
            reading.noticed.add("zero_printed", "info", message, table.place(number, layout[series.code]))
        reading.add(
            area=area,
            area_scheme="name",
            area_name=area,
            period=period,
            value=figure.value if took_part else None,
            value_text=figure.text,
            lower=figure.lower if took_part else None,
            upper=figure.upper if took_part else None,
            status=figure.status if took_part else "not_applicable",
        )
    return reading.finish()


def _read(name: str, body: bytes) -> tuple[dict[str, str], Table]:
    error: Changed | None = None
    for layout in _LAYOUTS:
        try:
            return layout, read_csv(name, body, tuple(layout.values()))
        except Changed as changed:
            error = changed if error is None or changed.code != "changed_columns" else error
    assert error is not None
    raise error
