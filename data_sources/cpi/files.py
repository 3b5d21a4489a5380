"""The "CPI Historical" sheet of the yearly CPI results workbook, as workbook or saved as CSV."""

from data_sources.contract import Parsed, SeriesRef
from data_sources.tables import SeriesReading, is_workbook, read_csv, read_sheet, report_no_series

_SHEET = "CPI Historical"
_SCORE = "CPI score"
_COLUMNS = (
    "Country / Territory", "ISO3", "Year", _SCORE, "Standard error", "Number of sources", "Lower CI", "Upper CI",
)  # fmt: skip
_UNDERLYING = (
    "African Development Bank CPIA", "Bertelsmann Foundation Sustainable Governance Index",
    "Bertelsmann Foundation Transformation Index", "Economist Intelligence Unit Country Ratings",
    "Freedom House Nations in Transit", "Global Insights Country Risk Ratings", "IMD World Competitiveness Yearbook",
    "PERC Asia Risk Guide", "PRS International Country Risk Guide", "Varieties of Democracy Project",
    "World Bank CPIA", "World Economic Forum EOS", "World Justice Project Rule of Law Index",
    "Transparency International Bribe Payers Survey",
)  # fmt: skip
_KNOWN = (*_COLUMNS, "Region", "Rank", *_UNDERLYING)
_MARKS = {"#N/A": "missing", "N/A": "missing", "-": "missing"}
_INTERVAL_LEVEL = 90.0  # the CPI technical note: lower and upper bound of the 90 % confidence interval


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """Scores (0 highly corrupt to 100 very clean) with standard error and published 90 % interval.

    Args:
        series: the series ``CPI score``.
        edition: the edition to write on every row, e.g. ``"2025"``.

    Raises:
        Changed: the layout is not the documented one.
        Rejected: another series was asked for (``series_not_in_file``).
    """
    if series.code != _SCORE:
        raise report_no_series(name, series.code, [_SCORE])
    table = read_sheet(name, body, _SHEET, _COLUMNS) if is_workbook(body) else read_csv(name, body, _COLUMNS)
    reading = SeriesReading(table, body, series, edition, _MARKS, _KNOWN)
    for number, cells, period, figure in reading.figures("Year", _SCORE):
        sources = reading.number(number, cells, "Number of sources")
        lower, upper = (reading.number(number, cells, column) for column in ("Lower CI", "Upper CI"))
        censored = figure.status == "censored"
        reading.add(
            area=cells["ISO3"].strip(),
            area_scheme="iso3",
            area_name=cells["Country / Territory"].strip(),
            period=period,
            value=figure.value,
            value_text=figure.text,
            lower=figure.lower if censored else lower,
            upper=figure.upper if censored else upper,
            interval_level=_INTERVAL_LEVEL if not censored and lower is not None and upper is not None else None,
            std_error=reading.number(number, cells, "Standard error"),
            status=figure.status,
            source_detail="" if sources is None else f"Number of sources: {sources:.0f}",
        )
    return reading.finish()
