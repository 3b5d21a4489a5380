"""United Nations SDG API, version 1: ``Series/Data``.

Values are texts, with marks for what is no figure; areas are M49 numbers without padding, regions among countries; one
country and year has several rows, told apart by dimensions, nature and source. The reply brings the tables of its own
codes. It does not name the release: that stands in ``Indicator/List``, asked once per run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data_sources.components import find_status, mark_figure, multiply_unit
from data_sources.contract import Parsed, Reply, Request, SeriesRef, Task
from data_sources.errors import Changed
from data_sources.fetching.paging import ReplyPage, list_missing_pages, read_count
from data_sources.fetching.replies import read_json
from data_sources.figures import read_figure, read_number
from data_sources.info import SourceInfo
from data_sources.observations import Noticed, Row, canonicalise, finish_parsing
from data_sources.un_sdg.codes import NATURES, TOTALS, find_wholes
from data_sources.un_sdg.rows import MARKS, drop_repeated_rows, read_area_code

_PAGE_SIZE = "10000"
_DATA = "/Series/Data"
_RELEASE = "release"
_NO_RELEASE = "release not stated"
_KNOWN = frozenset(
    {
        "goal", "target", "indicator", "series", "seriesDescription", "seriesCount", "geoAreaCode", "geoAreaName",
        "timePeriodStart", "value", "valueType", "time_detail", "timeCoverage", "upperBound", "lowerBound",
        "basePeriod", "source", "geoInfoUrl", "footnotes", "attributes", "dimensions",
    }
)  # fmt: skip
_MULTIPLIERS = ("Unit multiplier", "Unit Multiplier", "UnitMultiplier", "UNIT_MULT")
_ATTRIBUTES = frozenset({"Nature", "Units", "Observation Status", *_MULTIPLIERS})
_REPORTING = "Reporting Type"


def source(info: SourceInfo) -> "UnSdg":
    """Return the publisher at ``info.base_url``."""
    return UnSdg(info)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One decoded reply: rows and the tables of codes, dimension → code → SDMX code."""

    rows: Sequence[object]
    dimensions: Mapping[str, Mapping[str, str]]
    release: str
    page: ReplyPage


class UnSdg:
    """See ``data_sources.contract.Source``.

    Options of a series: ``release`` pins the release, any other is refused; any other option names the code of a
    dimension that stands for the whole, e.g. ``{"Age": "<5Y"}``.
    """

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def plan(self, series: Sequence[SeriesRef]) -> list[Task]:
        """One task per series."""
        return [Task(self.info.id, ref, (self._data(ref.code),)) for ref in series]

    def follow(self, task: Task, replies: Sequence[Reply]) -> list[Request]:
        """Further pages, then the list of releases (a series can do without).

        Raises:
            Changed: totals changed between pages (``totals_changed``), or another shape.
        """
        sheets = _sheets(task, replies)
        pages = list_missing_pages([sheet.page for sheet in sheets])
        if pages:
            return pages
        if sheets[0].release or any(reply.request.key == _RELEASE for reply in replies):
            return []
        address = task.requests[0].url.removesuffix(_DATA)  # the one that answers
        return [Request(f"{address}/Indicator/List", key=_RELEASE, optional=True)]

    def parse(self, task: Task, replies: Sequence[Reply]) -> Parsed:
        """Rows of the series: the national total with ``{}``, other rows with their dimensions.

        Rows of reporting type N (a country's own) keep that as a dimension, so that they never pass for the
        internationally comparable figure.

        Raises:
            Changed: another shape, or another release than the one the series is pinned to (``release_moved``).
        """
        sheets = _sheets(task, replies)
        noticed = Noticed(task.series.code)
        edition = self._edition(task, sheets, replies, noticed)
        rows = []
        for sheet in sheets:
            for record in sheet.rows:
                row = _row(record, task.series, edition, sheet, noticed)
                if row is not None:
                    rows.append(row)
        received, total = len(rows) + noticed.rejected, int(sheets[0].page.state[0].split()[0])
        if received != total:
            message = f"{received} rows came, the UN counts {total}"
            noticed.add("rows_differ_from_total", "warning", message, replies[0].url)
        return finish_parsing(drop_repeated_rows(rows, noticed), edition, noticed)

    def _data(self, code: str) -> Request:
        return Request(f"{self.info.base_url}{_DATA}", {"seriesCode": code, "pageSize": _PAGE_SIZE, "page": "1"})

    def _edition(self, task: Task, sheets: Sequence[_Sheet], replies: Sequence[Reply], noticed: Noticed) -> str:
        code, pinned = task.series.code, task.series.options.get("release", "")
        lists = [reply for reply in replies if reply.request.key == _RELEASE]
        stated = sheets[0].release or next((release for reply in lists if (release := _listed(reply, code))), "")
        if stated and pinned and stated != pinned:
            message = f"{code} is pinned to release {pinned}, the UN gives {stated}: look at it, then pin that or none"
            raise Changed("release_moved", message, url=replies[0].url)
        if not stated:
            message = f"no release is stated for {code}" + (f", {pinned} is taken on trust" if pinned else "")
            noticed.add("release_unknown", "warning", message, replies[0].url)
        return stated or pinned or _NO_RELEASE


def _listed(reply: Reply, code: str) -> str:
    """Return the release of a series in ``Indicator/List``; empty when the list does not hold the series."""
    content = read_json(reply)
    for indicator in content if isinstance(content, list) else ():
        listed = indicator.get("series") if isinstance(indicator, dict) else None
        for series in listed if isinstance(listed, list) else ():
            if isinstance(series, dict) and series.get("code") == code:
                return str(series.get("release") or "")
    return ""


def _sheets(task: Task, replies: Sequence[Reply]) -> list[_Sheet]:
    return [_sheet(task, reply) for reply in replies if reply.request.key != _RELEASE]


def _sheet(task: Task, reply: Reply) -> _Sheet:
    content = read_json(reply)
    if not isinstance(content, dict) or not isinstance(content.get("data"), list):
        raise Changed(
            "unexpected_shape",
            f"{task.series.code}: not an object with data; it begins {str(content)[:120]}",
            url=reply.url,
        )
    total = read_count(content.get("totalElements"), "totalElements", reply)
    page = ReplyPage(
        reply,
        number=read_count(content.get("pageNumber"), "pageNumber", reply),
        pages=read_count(content.get("totalPages"), "totalPages", reply),
        state=(f"{total} rows",),
    )
    return _Sheet(content["data"], _tables(content.get("dimensions")), str(content.get("release") or ""), page)


def _tables(tables: object) -> dict[str, dict[str, str]]:
    """Dimension → code → SDMX code, from the tables a reply brings."""
    result: dict[str, dict[str, str]] = {}
    for table in tables if isinstance(tables, list) else ():
        if isinstance(table, dict) and isinstance(table.get("codes"), list):
            result[str(table.get("id"))] = {
                str(entry.get("code")): str(entry.get("sdmx")) for entry in table["codes"] if isinstance(entry, dict)
            }
    return result


def _row(record: object, ref: SeriesRef, edition: str, sheet: _Sheet, noticed: Noticed) -> Row | None:
    url = sheet.page.reply.url
    if not isinstance(record, dict) or not {"geoAreaCode", "timePeriodStart", "value"} <= record.keys():
        raise Changed("unexpected_shape", f"{ref.code}: a row without area, period or value", url=url)
    sent = record.get("series", ref.code)
    if sent != ref.code:
        raise Changed("wrong_series", f"{ref.code} was asked, {sent} came", url=url)
    attributes, dimensions = _object(record.get("attributes")), _object(record.get("dimensions"))
    for column in [*(record.keys() - _KNOWN), *(attributes.keys() - _ATTRIBUTES)]:
        noticed.add("unknown_column", "warning", f"column {column!r} is not known and was not read", url)
    name = str(record.get("geoAreaName") or "").strip()
    where = f"{name or record['geoAreaCode']} {record['timePeriodStart']}"
    area = read_area_code(str(record["geoAreaCode"]))
    if area is None:
        noticed.reject("unreadable_area", f"{where}: {record['geoAreaCode']!r} is not an M49 number", where)
        return None
    year = read_number(str(record["timePeriodStart"]))
    if year is None or not year.is_integer() or not 1000 <= year <= 9999:
        text = record["timePeriodStart"]
        noticed.reject("unreadable_period", f"{where}: {text!r} is not a year; the row is left out", where)
        return None
    value = record["value"]
    figure = read_figure(value if value is None or isinstance(value, str) else repr(value), MARKS)
    if figure is None:
        noticed.reject("unreadable_value", f"{where}: {value!r} is not a figure; the row is left out", where)
        return None
    mark = str(attributes.get("Observation Status") or "")
    figure = mark_figure(figure, mark, where, noticed)
    lower, upper = figure.lower, figure.upper
    if figure.value is not None:
        lower, upper = (_bound(record.get(key), where, noticed) for key in ("lowerBound", "upperBound"))
    period, detail = f"{year:.0f}", str(record.get("time_detail") or "").strip()
    notes = record.get("footnotes")
    words = [str(note).strip() for note in (notes if isinstance(notes, list) else [notes]) if note]
    if detail and detail != period:
        words.append(f"Time detail: {detail}")
    if (meaning := find_status(mark)) and meaning[1] and meaning[0] != "estimated":
        words.append(f"Observation status: {mark} ({meaning[1]})")
    return Row(
        series=ref.code,
        area=area,
        area_scheme="m49",
        area_name=name,
        period=period,
        dimensions=_breakdown(dimensions, ref, sheet, where, noticed),
        value=figure.value,
        value_text=str(figure.text),
        lower=lower,
        upper=upper,
        unit=multiply_unit(str(attributes.get("Units") or ""), _first(attributes, _MULTIPLIERS)),
        status=figure.status,
        nature=_nature(attributes, where, noticed),
        source_detail=str(record.get("source") or "").strip(),
        footnote="; ".join(word for word in words if word),
        edition=edition,
        raw_sha256=sheet.page.reply.sha256,
    )


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _bound(value: object, where: str, noticed: Noticed) -> float | None:
    figure = read_figure(value if value is None or isinstance(value, str) else repr(value), MARKS)
    if figure is None:
        noticed.add("unreadable_companion", "warning", f"{where}: bound {value!r} is not a number", where)
    return figure.value if figure else None


def _breakdown(dimensions: Mapping[str, object], ref: SeriesRef, sheet: _Sheet, where: str, noticed: Noticed) -> str:
    """The row's dimensions without those that stand for the whole. One that is left out counts as the whole."""
    named, breakdown = find_wholes(ref.code, ref.options), {}
    for dimension, value in dimensions.items():
        code, table = str(value), sheet.dimensions.get(dimension)
        if table is not None and code not in table:
            noticed.add("unknown_code", "warning", f"{where}: {dimension} {code!r} is not in the reply's table", where)
        if dimension == _REPORTING:
            if code != "G":
                noticed.add("national_reporting", "info", f"{where}: reporting type {code}", where)
                breakdown[dimension] = code
        elif dimension in named:
            if code != named[dimension]:
                breakdown[dimension] = code
        elif code not in _totals(dimension, table or {}):
            breakdown[dimension] = code
    return canonicalise(breakdown)


def _totals(dimension: str, table: Mapping[str, str]) -> set[str]:
    """Codes that stand for the whole: those whose SDMX code is ``_T``, else the usual one of the database."""
    return {code for code, sdmx in table.items() if sdmx == "_T"} or {"_T", TOTALS.get(dimension, "_T")}


def _first(attributes: Mapping[str, object], names: Sequence[str]) -> str:
    return next((str(attributes[name]) for name in names if attributes.get(name)), "")


def _nature(attributes: Mapping[str, object], where: str, noticed: Noticed) -> str:
    nature = str(attributes.get("Nature") or "")
    if nature and nature not in NATURES:
        noticed.add("unknown_nature", "warning", f"{where}: nature {nature!r} is not known", where)
    return nature
