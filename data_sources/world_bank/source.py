"""World Bank Indicators API, version 2: WDI and WGI.

A reply is a list of two: a head with ``page``, ``pages``, ``per_page``, ``total`` and ``lastupdated``, and the rows. No
rows come as an empty list, as null or not at all. Errors come with HTTP 200, as
``[{"message": [{"id", "key", "value"}]}]``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from data_sources.contract import Parsed, Reply, Request, SeriesRef, Task
from data_sources.errors import Changed, Rejected
from data_sources.figures import read_figure
from data_sources.info import SourceInfo
from data_sources.observations import Noticed, Row, parsed, without_duplicates
from data_sources.paging import Page, missing_pages, whole
from data_sources.replies import read_json
from data_sources.world_bank.codes import WGI_DATABASE, current, wgi_dimension

_PER_PAGE = "20000"
_KNOWN = frozenset(
    {"indicator", "country", "countryiso3code", "date", "value", "unit", "obs_status", "decimal", "scale", "source"}
)
_STATUSES = {"E": "estimated", "P": "provisional"}
_COMPANIONS = ("std_error", "sources")
_ADVICE = {
    "120": "check the country and date asked for",
    "175": "the code may be archived: governance indicators are asked as GOV_WGI_…, with source=3",
}


def source(info: SourceInfo) -> "WorldBank":
    """The publisher at ``info.base_url``."""
    return WorldBank(info)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One decoded reply: its head and its rows."""

    head: Mapping[str, object]
    rows: Sequence[object]
    page: Page


class WorldBank:
    """See ``data_sources.contract.Source``. Options of a series: ``source``, the database (2 WDI, 3 WGI)."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def plan(self, series: Sequence[SeriesRef]) -> list[Task]:
        """One task per series; governance estimates are asked together with their standard errors.

        Raises:
            Rejected: a companion of a series is neither ``std_error`` nor ``sources`` (``unknown_companion``).
        """
        return [Task(self.info.id, ref, tuple(self._requests(ref))) for ref in series]

    def follow(self, task: Task, replies: Sequence[Reply]) -> list[Request]:
        """Further pages of the value and of each companion.

        Raises:
            Changed: pages or companions speak of different states (``totals_changed``), or another shape.
            Rejected: the World Bank answers with an error message (``message_120``, ``message_175`` …).
        """
        parts = _parts(task, replies)
        editions = {str(sheets[0].head.get("lastupdated", "")) for sheets in parts.values() if sheets[0].rows}
        if len(editions) > 1:
            dates = " and ".join(sorted(editions))
            raise Changed("totals_changed", f"{task.series.code}: value and companions were updated {dates}")
        return [request for sheets in parts.values() for request in missing_pages([sheet.page for sheet in sheets])]

    def parse(self, task: Task, replies: Sequence[Reply]) -> Parsed:
        """Rows of the value, with the standard error and number of sources where asked for.

        Territories without a code are named (scheme ``name``); aggregates keep their code, as the World Bank mixes
        them in without a mark.
        """
        parts = _parts(task, replies)
        code = current(task.series.code)
        noticed = Noticed(task.series.code)
        if code != task.series.code:
            noticed.add("archived_code", "info", f"{task.series.code} is archived, {code} was asked", code)
        head = parts["value"][0].head
        updated = head.get("lastupdated")
        edition = f"lastupdated {updated}" if isinstance(updated, str) and updated else "lastupdated not stated"
        accompanying = {key: _by_place(parts[key], noticed) for key in _COMPANIONS if key in parts}
        for refused in sorted({reply.request.key for reply in replies} - parts.keys()):
            noticed.add("companion_refused", "warning", f"{code}: the World Bank has no {refused}", replies[0].url)
        rows = []
        for sheet in parts["value"]:
            for record in sheet.rows:
                row = _row(record, code, edition, sheet.page.reply, accompanying, noticed)
                if row is not None:
                    rows.append(row)
        received, total = len(rows) + noticed.rejected, whole(head.get("total", "0"), "total", replies[0])
        if received != total:
            message = f"{received} rows came, the World Bank counts {total}"
            noticed.add("rows_differ_from_total", "warning", message, replies[0].url)
        return parsed(without_duplicates(rows, noticed), edition, noticed)

    def _requests(self, ref: SeriesRef) -> Iterator[Request]:
        code = current(ref.code)
        companions = dict(ref.companions)
        if wgi_dimension(code):
            companions.setdefault("std_error", code.removesuffix(".EST") + ".SE")
        if unknown := sorted(set(companions) - set(_COMPANIONS)):
            raise Rejected("unknown_companion", f"{ref.code}: no companion {', '.join(unknown)} is known")
        database = WGI_DATABASE if code.startswith("GOV_WGI_") else ref.options.get("source", "")
        params = {"format": "json", "per_page": _PER_PAGE} | ({"source": database} if database else {})
        for key, asked in (("value", code), *((key, current(companions[key])) for key in sorted(companions))):
            url = f"{self.info.base_url}/country/all/indicator/{asked}"
            yield Request(url, params, key=key, optional=key != "value")


def _parts(task: Task, replies: Sequence[Reply]) -> dict[str, list[_Sheet]]:
    """Decoded replies by the part of the task they belong to, pages in the order asked; without refused companions."""
    parts: dict[str, list[_Sheet]] = {}
    for reply in replies:
        try:
            parts.setdefault(reply.request.key, []).append(_sheet(task, reply))
        except Rejected:
            if not reply.request.optional:
                raise
    return {key: sheets for key, sheets in parts.items() if sheets}


def _sheet(task: Task, reply: Reply) -> _Sheet:
    content = read_json(reply)
    match content:
        case [{"message": messages}, *_]:
            _refused(task, messages, reply)
        case [dict() as head] | [dict() as head, None]:
            rows: list[object] = []
        case [dict() as head, list() as rows]:
            pass
        case _:
            raise Changed("unexpected_shape", f"{task.series.code}: not a head and rows", url=reply.url)
    page = Page(
        reply,
        number=whole(head.get("page"), "page", reply),
        pages=whole(head.get("pages"), "pages", reply),
        state=(f"{head.get('total')} rows", f"lastupdated {head.get('lastupdated')}"),
    )
    return _Sheet(head, rows, page)


def _refused(task: Task, messages: object, reply: Reply) -> NoReturn:
    first = messages[0] if isinstance(messages, list) and messages and isinstance(messages[0], dict) else {}
    number, words = str(first.get("id", "")), str(first.get("value") or first.get("key") or "no words")
    advice = f"; {_ADVICE[number]}" if number in _ADVICE else ""
    raise Rejected(
        f"message_{number or 'unknown'}",
        f"{task.series.code}: the World Bank answers \u201c{words}\u201d (message {number or 'without id'}){advice}",
        url=reply.url,
    )


def _place(record: Mapping[str, object]) -> tuple[str, str, str]:
    """Area, scheme and name of a row."""
    country = record.get("country")
    name = str(country.get("value") or "").strip() if isinstance(country, dict) else ""
    iso3 = str(record.get("countryiso3code") or "").strip()
    return (iso3, "iso3", name) if iso3 else (name, "name", name)


def _by_place(sheets: Sequence[_Sheet], noticed: Noticed) -> dict[tuple[str, str], float | None]:
    """Figures of a companion series by area and date."""
    found: dict[tuple[str, str], float | None] = {}
    for sheet in sheets:
        for record in sheet.rows:
            if not isinstance(record, dict):
                continue
            figure = read_figure(_text(record.get("value")), {})
            place = (_place(record)[0], str(record.get("date")))
            if figure is None:
                message = f"{' '.join(place)}: {record.get('value')!r} is not a number"
                noticed.add("unreadable_companion", "warning", message, sheet.page.reply.url)
            found[place] = figure.value if figure else None
    return found


def _text(value: object) -> str | None:
    """A cell as printed; anything but text, number and null reads as no figure."""
    return value if value is None or isinstance(value, str) else repr(value)


def _row(
    record: object,
    code: str,
    edition: str,
    reply: Reply,
    accompanying: Mapping[str, Mapping[tuple[str, str], float | None]],
    noticed: Noticed,
) -> Row | None:
    if not isinstance(record, dict) or not {"country", "date", "value"} <= record.keys():
        raise Changed("unexpected_shape", f"{code}: a row without country, date or value", url=reply.url)
    indicator = record.get("indicator")
    sent = indicator.get("id") if isinstance(indicator, dict) else code
    if sent != code:
        raise Changed("wrong_series", f"{code} was asked, {sent} came", url=reply.url)
    for column in record.keys() - _KNOWN:
        noticed.add("unknown_column", "warning", f"column {column!r} is not known and was not read", reply.url)
    area, scheme, name = _place(record)
    period, where = str(record["date"]), f"{name or area} {record['date']}"
    if not area:
        noticed.reject("unreadable_area", f"{where}: the row names no area", where)
        return None
    if not (len(period) == 4 and period.isascii() and period.isdigit()):
        noticed.reject("unreadable_period", f"{where}: {period!r} is not a year; the row is left out", where)
        return None
    figure = read_figure(_text(record["value"]), {})
    if figure is None:
        noticed.reject("unreadable_value", f"{where}: {record['value']!r} is not a figure; the row is left out", where)
        return None
    mark = str(record.get("obs_status") or "").strip()
    if mark and mark not in _STATUSES:
        noticed.add("unknown_status", "warning", f"{where}: obs_status {mark!r} is not known", where)
    sources = accompanying.get("sources", {}).get((area, period))
    return Row(
        series=code,
        area=area,
        area_scheme=scheme,
        area_name=name,
        period=period,
        value=figure.value,
        value_text=str(figure.text),
        lower=figure.lower,
        upper=figure.upper,
        std_error=accompanying.get("std_error", {}).get((area, period)) if figure.value is not None else None,
        unit=str(record.get("unit") or "").strip(),
        status=_STATUSES.get(mark, "normal") if figure.status == "normal" else figure.status,
        source_detail="" if sources is None else f"Number of sources: {sources:.0f}",
        footnote=f"obs_status: {mark}" if mark else "",
        edition=edition,
        raw_sha256=reply.sha256,
    )
