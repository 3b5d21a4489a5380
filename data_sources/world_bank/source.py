"""World Bank Indicators API, version 2: WDI and WGI.

A reply is a list of two: a head with ``page``, ``pages``, ``per_page``, ``total`` and ``lastupdated``, and the rows. No
rows come as an empty list, as null or not at all. Errors come with HTTP 200, as
``[{"message": [{"id", "key", "value"}]}]``.
"""

from collections.abc import Iterable, Iterator, Sequence

from data_sources.contract import Parsed, Reply, Request, SeriesRef, Task
from data_sources.errors import Changed, Rejected
from data_sources.fetching.paging import list_missing_pages, read_count
from data_sources.info import SourceInfo
from data_sources.observations import Noticed, drop_duplicates, finish_parsing
from data_sources.world_bank.codes import (
    WGI_DATABASE,
    find_current_code,
    list_companions,
    split_batches,
    split_governance_code,
)
from data_sources.world_bank.rows import read_figures, read_row
from data_sources.world_bank.sheets import ReplySheet, group_by_part

_PER_PAGE = "20000"
_ROLES = ("std_error", "sources")
_AND = "+"  # joins the roles that one request asks for, in its key


def source(info: SourceInfo) -> "WorldBank":
    """Return the publisher at ``info.base_url``."""
    return WorldBank(info)


class WorldBank:
    """See ``data_sources.contract.Source``. Options of a series: ``source``, the database (2 WDI, 3 WGI)."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def plan(self, series: Sequence[SeriesRef]) -> list[Task]:
        """One task per series: the series, and in a second request all that belongs to it.

        A governance estimate is asked with its standard error and number of sources, a governance score with its
        bounds and number of sources.

        Raises:
            Rejected: a companion is not one of the series (``unknown_companion``): a bound or an error of another
                scale would be shown around the wrong figure.
        """
        return [
            Task(self.info.id, ref, (self._request(ref, [find_current_code(ref.code)]), *self._beside(ref)))
            for ref in series
        ]

    def follow(self, task: Task, replies: Sequence[Reply]) -> list[Request]:
        """Further pages; companions one by one, where the World Bank refuses them together.

        Raises:
            Changed: pages or companions speak of different states (``totals_changed``), or another shape.
            Rejected: the World Bank answers with an error message (``message_120``, ``message_175`` …).
        """
        parts = group_by_part(task, replies)
        editions = {sheets[0].updated for sheets in parts.values() if sheets[0].rows and sheets[0].updated}
        if len(editions) > 1:
            dates = " and ".join(sorted(editions))
            raise Changed("totals_changed", f"{task.series.code}: value and companions were updated {dates}")
        more = [
            request for sheets in parts.values() for request in list_missing_pages([sheet.page for sheet in sheets])
        ]
        refused = [request for request in task.requests if _AND in request.key and request.key not in parts]
        return more + [single for request in refused for single in self._singly(task.series, request.key.split(_AND))]

    def parse(self, task: Task, replies: Sequence[Reply]) -> Parsed:
        """Rows of the series, with what belongs to them where the World Bank has it.

        Territories without a code are named (scheme ``name``); aggregates keep their code, as the World Bank mixes
        them in without a mark.
        """
        parts = group_by_part(task, replies)
        code = find_current_code(task.series.code)
        noticed = Noticed(task.series.code)
        if code != task.series.code:
            noticed.add("archived_code", "info", f"{task.series.code} is archived, {code} was asked", code)
        edition = f"lastupdated {parts['value'][0].updated or 'not stated'}"
        companions = {}
        for role, companion in _companions(task.series).items():
            figures = read_figures(_sheets_for(role, parts), companion, noticed)
            if figures:
                companions[role] = figures
            elif parts["value"][0].rows:
                text = f"{code}: the World Bank gives no {companion} ({role})"
                noticed.add("companion_missing", "warning", text, replies[0].url)
        rows = []
        for sheet in parts["value"]:
            for record in sheet.rows:
                row = read_row(record, code, edition, sheet.page.reply, companions, noticed)
                if row is not None:
                    rows.append(row)
        received = len(rows) + noticed.rejected
        total = read_count(parts["value"][0].head.get("total", "0"), "total", replies[0])
        if received != total:
            message = f"{received} rows came, the World Bank counts {total}"
            noticed.add("rows_differ_from_total", "warning", message, replies[0].url)
        return finish_parsing(drop_duplicates(rows, noticed), edition, noticed)

    def _beside(self, ref: SeriesRef) -> Iterator[Request]:
        """Requests for all that belongs to a series; several codes go into one where their database is known."""
        codes = {code: role for role, code in _companions(ref).items()}
        if not _database(ref):  # a request for several codes must say where they are
            yield from self._singly(ref, codes.values())
            return
        for batch in split_batches(codes):
            yield self._request(ref, batch, _AND.join(codes[code] for code in batch))

    def _singly(self, ref: SeriesRef, roles: Iterable[str]) -> Iterator[Request]:
        companions = _companions(ref)
        for role in roles:
            yield self._request(ref, [companions[role]], role)

    def _request(self, ref: SeriesRef, codes: Sequence[str], key: str = "value") -> Request:
        database = _database(ref)
        params = {"format": "json", "per_page": _PER_PAGE} | ({"source": database} if database else {})
        url = f"{self.info.base_url}/country/all/indicator/{';'.join(codes)}"
        return Request(url, params, key=key, optional=key != "value")


def _database(ref: SeriesRef) -> str:
    return WGI_DATABASE if split_governance_code(ref.code) else ref.options.get("source", "")


def _companions(ref: SeriesRef) -> dict[str, str]:
    """Role → code of what belongs to a series, in the order of the roles."""
    own = list_companions(ref.code)
    named = {role: find_current_code(code) for role, code in ref.companions.items()}
    allowed = own or {role: named.get(role, "") for role in _ROLES}
    if strange := sorted(role for role, code in named.items() if allowed.get(role) != code):
        listed = ", ".join(f"{role}={ref.companions[role]}" for role in strange)
        raise Rejected("unknown_companion", f"{ref.code}: {listed} does not belong to it")
    return dict(sorted((own | named).items()))


def _sheets_for(role: str, parts: dict[str, list[ReplySheet]]) -> list[ReplySheet]:
    """Return the pages that hold a companion, asked alone or with others."""
    return [sheet for key, sheets in parts.items() if role in key.split(_AND) for sheet in sheets]
