"""World Bank files: the WGI bulk workbook and pulls of the Indicators API saved as CSV."""

from collections.abc import Collection, Iterable, Mapping

from data_sources.components import mark_figure
from data_sources.contract import Parsed, SeriesRef
from data_sources.errors import Changed
from data_sources.tables import (
    CHANGED_LAYOUT,
    SeriesReading,
    Table,
    is_workbook,
    list_sheets,
    read_csv,
    read_sheet,
    report_no_series,
)
from data_sources.world_bank.codes import DIMENSIONS, PERCENTILE_RANK, split_governance_code

_WGI_COLUMNS = ("codeindyr", "code", "countryname", "year", "indicator", "nsource")
_ESTIMATE = ("estimate", "stddev")
_RANK = ("pctrank", "pctranklower", "pctrankupper")
_RANK_LEVEL = 90.0  # the World Bank names bounds, of rank and of score, those of a 90 % confidence interval
_WGI_MARKS = {"..": "missing", "#N/A": "missing"}

_WIDE_SHEETS = {"EST": "Est", "SC": "Sc"}
_WIDE_COLUMNS = ("iso3c", "INDICATOR")

_ECONOMY, _NAME, _YEAR, _DIMENSION = "Economy (code)", "Economy (name)", "Year", "Governance dimension"
_LONG_MEASURES = {"EST": "governance estimate", "SC": "governance score"}
"""Part of a code → words in the name of its column: ``Governance estimate (approx. -2.5 to +2.5)``."""

_BESIDE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "EST": {"std_error": ("standard error",), "sources": ("number", "sources")},
    "SC": {"lower": ("lower", "score"), "upper": ("upper", "score"), "sources": ("number", "sources")},
}
"""Part → what stands beside its figure → words in the name of that column: names differ from edition to edition."""

_PRINTED = ("iso3", "year", "dimension", "number_of_sources", "estimate", "std_error")
_INTERVALS = ("iso3", "year", "score", "score_lower90", "score_upper90", "estimate_derived", "std_error_derived")
"""Columns of transcripts of an edition whose workbook we could not read: estimates as printed, of all dimensions; and
scores with their bounds, of control of corruption alone, from which estimates are derived."""

_DERIVED = "Derived from the score that the World Bank prints, by the edition’s linear scale."

_PULL_COLUMNS = ("indicator_code", "iso3", "country_name", "year", "value")
_LONG_PULL_COLUMNS = ("ind_id", "cty_iso", "cty_nm", "date", "value")  # the same, as another client names them
_LONG_PULL_BESIDE = ("ind_nm", "cty_id", "unit", "obs_sttus", "decimal")
_PULL_MARKS = {"..": "missing", "NA": "missing", "#N/A": "missing"}


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """Rows of one series from a World Bank file.

    Args:
        series: from the WGI workbook an estimate, ``GOV_WGI_CC.EST``, to the edition of 2024 a percentile rank,
            ``CC.PER.RNK``, and from that of 2025 on a score, ``GOV_WGI_CC.SC``; any WDI code from a CSV pull.
        edition: the edition to write on every row, e.g. ``"2024 edition"``.

    Raises:
        Changed: the layout is not the documented one.
        Rejected: the file does not hold the series (``series_not_in_file``).
    """
    if not is_workbook(body):
        header = body.partition(b"\n")[0]
        if b"number_of_sources" in header:
            return _printed_estimates(name, body, series, edition)
        if b"score_lower90" in header:
            return _printed_scores(name, body, series, edition)
        return _pull(name, body, series, edition)
    sheets = set(list_sheets(name, body))
    if {"Est", "Sc"} <= sheets:
        return _wide_workbook(name, body, series, edition)
    if _find_sheet(sheets, series) is not None:
        return _long_workbook(name, body, series, edition)
    return _workbook(name, body, series, edition)


def _find_sheet(sheets: Collection[str], series: SeriesRef) -> str | None:
    """Return the sheet of a series' dimension, ``cc``; None in a workbook that has no such sheets."""
    by_dimension = {sheet.upper(): sheet for sheet in sheets}
    dimension, _ = split_governance_code(series.code) or (DIMENSIONS[0], "")
    return by_dimension.get(dimension) if set(DIMENSIONS) <= by_dimension.keys() else None


def _long_workbook(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """WGI workbook of 2025 and later, a sheet per dimension, one row per economy and year.

    An estimate has its standard error, a score its own bounds; what the sources say stands beside, and is not read.
    """
    _, part = split_governance_code(series.code) or ("", "")
    if part not in _LONG_MEASURES:
        raise report_no_series(
            name, series.code, [f"GOV_WGI_{d}.{measure}" for d in DIMENSIONS for measure in _LONG_MEASURES]
        )
    sheet = _find_sheet(list_sheets(name, body), series)
    assert sheet is not None  # else the workbook is of another layout
    table = read_sheet(name, body, sheet, (_ECONOMY, _NAME, _YEAR))
    measure = _find_column(table, (_LONG_MEASURES[part],), but=("error", "lower", "upper"))
    companions = {role: column for role, words in _BESIDE[part].items() if (column := _find_column(table, words))}
    if not measure:
        raise Changed("changed_columns", f"{name}#{sheet}: no column {_LONG_MEASURES[part]} …. {CHANGED_LAYOUT}")
    reading = SeriesReading(table, body, series, edition, _WGI_MARKS, ())
    for role in _BESIDE[part].keys() - companions.keys():
        message = f"{name}#{sheet} has no column of the {role} of a {part}"
        reading.noticed.add("companion_missing", "warning", message, sheet)
    belongs = {_DIMENSION: sheet} if _DIMENSION in table.header else None
    for number, cells, period, figure in reading.figures(_YEAR, measure, belongs):
        has = {
            role: reading.number(number, cells, column) if figure.status == "normal" else None
            for role, column in companions.items()
        }
        lower, upper, sources = has.get("lower"), has.get("upper"), has.get("sources")
        reading.add(
            area=cells[_ECONOMY].strip(),
            area_scheme="wb",
            area_name=cells[_NAME].strip(),
            period=period,
            value=figure.value,
            value_text=figure.text,
            lower=lower if upper is not None else None,
            upper=upper if lower is not None else None,
            interval_level=_RANK_LEVEL if lower is not None and upper is not None else None,
            std_error=has.get("std_error"),
            status=figure.status,
            source_detail="" if sources is None else f"Number of sources: {sources:.0f}",
        )
    return reading.finish()


def _find_column(table: Table, words: Iterable[str], but: Iterable[str] = ()) -> str:
    """Return the first column whose name holds all of ``words`` and none of ``but``; empty when none does."""
    names = {column: column.casefold() for column in table.header}
    return next(
        (c for c, name in names.items() if all(w in name for w in words) and not any(w in name for w in but)), ""
    )


def _wide_workbook(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """WGI workbook of two sheets, estimates and scores, one row per economy and dimension and one column per year.

    It has neither standard errors nor bounds: figures of this layout come without an interval.
    """
    dimension, part = split_governance_code(series.code) or ("", "")
    if part not in _WIDE_SHEETS:
        raise report_no_series(name, series.code, [f"GOV_WGI_{d}.{name}" for d in DIMENSIONS for name in _WIDE_SHEETS])
    table = read_sheet(name, body, _WIDE_SHEETS[part], _WIDE_COLUMNS)
    years = [column for column in table.header if column.isdigit()]
    reading = SeriesReading(table, body, series, edition, _WGI_MARKS, (*_WIDE_COLUMNS, *years))
    for number, cells in table.rows:
        if cells["INDICATOR"].strip() != f"GOV_WGI_{dimension}":
            continue
        for year in years:
            figure = reading.figure(number, cells, year)
            if figure is not None:
                area = cells["iso3c"].strip()
                reading.add(area=area, area_scheme="wb", area_name=area, period=year, **figure.columns())
    return reading.finish()


def _workbook(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """WGI workbook, one row per country, year and dimension.

    The estimate is in units of a standard normal distribution, the percentile rank from 0 to 100 with its own bounds.
    """
    dimension, part = split_governance_code(series.code) or ("", "")
    if part not in ("EST", PERCENTILE_RANK):
        codes = [code for d in DIMENSIONS for code in (f"GOV_WGI_{d}.EST", f"{d}.{PERCENTILE_RANK}")]
        raise report_no_series(name, series.code, codes)
    is_rank = part == PERCENTILE_RANK
    table = read_sheet(name, body, 0, (*_WGI_COLUMNS, *(_RANK if is_rank else _ESTIMATE)))
    reading = SeriesReading(table, body, series, edition, _WGI_MARKS, (*_WGI_COLUMNS, *_ESTIMATE, *_RANK))
    measure = "pctrank" if is_rank else "estimate"
    for number, cells, period, figure in reading.figures("year", measure, {"indicator": dimension.lower()}):
        lower, upper, level = figure.lower, figure.upper, None
        if is_rank and figure.status == "normal":
            lower, upper = (reading.number(number, cells, column) for column in _RANK[1:])
            level = _RANK_LEVEL if lower is not None and upper is not None else None
        sources = reading.number(number, cells, "nsource")
        reading.add(
            area=cells["code"].strip(),
            area_scheme="wb",
            area_name=cells["countryname"].strip(),
            period=period,
            value=figure.value,
            value_text=figure.text,
            lower=lower,
            upper=upper,
            interval_level=level,
            std_error=None if is_rank else reading.number(number, cells, "stddev"),
            status=figure.status,
            source_detail="" if sources is None else f"Number of sources: {sources:.0f}",
        )
    return reading.finish()


def _printed_estimates(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """Return a transcript of an edition: estimates with their standard errors and numbers of sources."""
    dimension, part = split_governance_code(series.code) or ("", "")
    if part != "EST":
        raise report_no_series(name, series.code, [f"GOV_WGI_{d}.EST" for d in DIMENSIONS])
    table = read_csv(name, body, _PRINTED)
    columns = (*_PRINTED, "estimate_lower90", "estimate_upper90")
    reading = SeriesReading(table, body, series, edition, _WGI_MARKS, columns)
    for number, cells, period, figure in reading.figures("year", "estimate", {"dimension": dimension.lower()}):
        sources = reading.number(number, cells, "number_of_sources")
        reading.add(
            area=cells["iso3"].strip(),
            area_scheme="iso3",
            area_name=cells["iso3"].strip(),
            period=period,
            **figure.columns(),
            std_error=reading.number(number, cells, "std_error"),
            source_detail="" if sources is None else f"Number of sources: {sources:.0f}",
        )
    return reading.finish()


def _printed_scores(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """A transcript of the scores of control of corruption with their bounds, and the estimates derived from them."""
    if series.code not in ("GOV_WGI_CC.EST", "GOV_WGI_CC.SC"):
        raise report_no_series(name, series.code, ["GOV_WGI_CC.EST", "GOV_WGI_CC.SC"])
    is_score = series.code.endswith(".SC")
    table = read_csv(name, body, _INTERVALS)
    reading = SeriesReading(table, body, series, edition, _WGI_MARKS, (*_INTERVALS, "how"))
    for number, cells, period, figure in reading.figures("year", "score" if is_score else "estimate_derived"):
        columns = figure.columns()
        if is_score:
            lower, upper = (reading.number(number, cells, f"score_{end}90") for end in ("lower", "upper"))
            columns |= {"lower": lower, "upper": upper, "interval_level": _RANK_LEVEL}
        else:
            columns |= {"std_error": reading.number(number, cells, "std_error_derived"), "footnote": _DERIVED}
        reading.add(
            area=cells["iso3"].strip(), area_scheme="iso3", area_name=cells["iso3"].strip(), period=period, **columns
        )
    return reading.finish()


def _pull(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """A pull of the Indicators API saved as CSV, several series in one file, in either of its two layouts."""
    columns = _LONG_PULL_COLUMNS if b"ind_id" in body.partition(b"\n")[0] else _PULL_COLUMNS
    table = read_csv(name, body, columns)
    code, iso3, country, year, value = columns
    codes = {cells[code] for _, cells in table.rows}
    if series.code not in codes:
        raise report_no_series(name, series.code, codes)
    reading = SeriesReading(table, body, series, edition, _PULL_MARKS, (*columns, *_LONG_PULL_BESIDE))
    for number, cells, period, figure in reading.figures(year, value, {code: series.code}):
        area, area_name = cells[iso3].strip(), cells[country].strip()
        mark = cells.get("obs_sttus", "").strip()
        figure = mark_figure(figure, mark, table.place(number, "obs_sttus"), reading.noticed)
        reading.add(
            area=area or area_name,
            area_scheme="iso3" if area else "name",
            area_name=area_name,
            period=period,
            **figure.columns(),
            unit=cells.get("unit", "").strip(),
            footnote=f"obs_status: {mark}" if mark else "",
        )
    return reading.finish()
