"""A reply of the Indicators API decoded: a head and rows, or the World Bank's refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from data_sources.contract import Reply, Task
from data_sources.errors import Changed, Rejected
from data_sources.fetching.paging import ReplyPage, read_count
from data_sources.fetching.replies import read_json

_ADVICE = {
    "120": "check the country and date asked for",
    "175": "the code may be archived: governance indicators are asked as GOV_WGI_…, with source=3; percentile ranks "
    "have no successor there",
}


@dataclass(frozen=True, slots=True)
class ReplySheet:
    """One page: its head and its rows."""

    head: Mapping[str, object]
    rows: Sequence[object]
    page: ReplyPage

    @property
    def updated(self) -> str:
        """When the World Bank last updated the data, as it says; empty when it does not."""
        text = self.head.get("lastupdated")
        return text if isinstance(text, str) else ""


def group_by_part(task: Task, replies: Sequence[Reply]) -> dict[str, list[ReplySheet]]:
    """Decoded replies by the part of the task they belong to, pages in the order asked; without refused options.

    Raises:
        Changed: another shape (``unexpected_shape``).
        Rejected: the World Bank refuses what the task cannot do without (``message_120``, ``message_175`` …).
    """
    parts: dict[str, list[ReplySheet]] = {}
    for reply in replies:
        try:
            parts.setdefault(reply.request.key, []).append(_sheet(task, reply))
        except Rejected:
            if not reply.request.optional:
                raise
    return {key: sheets for key, sheets in parts.items() if sheets}


def _sheet(task: Task, reply: Reply) -> ReplySheet:
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
    page = ReplyPage(
        reply,
        number=read_count(head.get("page"), "page", reply),
        pages=read_count(head.get("pages"), "pages", reply),
        state=(f"{head.get('total')} rows", f"lastupdated {head.get('lastupdated')}"),
    )
    return ReplySheet(head, rows, page)


def _refused(task: Task, messages: object, reply: Reply) -> NoReturn:
    first = messages[0] if isinstance(messages, list) and messages and isinstance(messages[0], dict) else {}
    number, words = str(first.get("id", "")), str(first.get("value") or first.get("key") or "no words")
    advice = f"; {_ADVICE[number]}" if number in _ADVICE else ""
    raise Rejected(
        f"message_{number or 'unknown'}",
        f"{task.series.code}: the World Bank answers \u201c{words}\u201d (message {number or 'without id'}){advice}",
        url=reply.url,
    )
