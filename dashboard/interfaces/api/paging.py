"""Lists by page, everywhere alike: ``limit`` rows, and a ``cursor`` to the rows after.

JSON has the next cursor as ``next``, null at the end; CSV has a ``Link`` header with ``rel="next"``. A cursor is valid
for the same question to the same data.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.answers.base.context import Context
from dashboard.answers.holdings.cursors import read_cursor, write_cursor
from dashboard.interfaces.api.answers import CSV, answer, identify, keep_bytes
from dashboard.interfaces.api.parameters import Paged


async def answer_list(
    request: Request,
    source: Context | str,
    key: tuple[object, ...],
    page: Paged,
    make: Callable[[], Mapping[str, Any]],
    name: str = "rows",
    max_rows: int | None = None,
    **options: Any,
) -> Response:
    """Answer a part of a list as JSON.

    Args:
        source: as of ``answer``.
        key: what made the whole list.
        page: the part.
        make: returns the whole answer.
        name: its field with the list.
        max_rows: rows where the question has no ``limit``; None: all.
        options: as of ``answer``.
    """
    mark, key = identify(source, key)
    start, limit = read_cursor((mark, key), page.cursor), page.limit or max_rows

    def cut() -> dict[str, Any]:
        whole = make()
        rows = whole[name]
        end = len(rows) if limit is None else start + limit
        following = write_cursor((mark, key), end) if end < len(rows) else None
        return {**whole, name: rows[start:end], "next": following}

    return await answer(request, mark, (*key, limit, start), cut, **options)


async def answer_lines(
    request: Request,
    source: Context | str,
    key: tuple[object, ...],
    page: Paged,
    make: Callable[[], bytes],
    filename: str,
) -> Response:
    """Answer a part of a CSV file below its header; ``make`` writes the whole file, once for all parts."""
    mark, key = identify(source, key)
    start = read_cursor((mark, key), page.cursor)
    if page.limit is None and not start:
        return await answer(request, mark, key, make, CSV, filename, save=True)
    end = None if page.limit is None else start + page.limit

    def split() -> list[bytes]:
        return split_lines(keep_bytes(mark, key, make))

    def cut() -> bytes:
        names, *lines = split()
        return b"".join((names, *lines[start:end]))

    part = await answer(request, mark, (*key, page.limit, start), cut, CSV, filename, save=True)
    if part.status_code == 200 and end is not None and end < len(await run_in_threadpool(split)) - 1:
        part.headers["Link"] = link_next(request, write_cursor((mark, key), end))
    return part


def split_lines(text: bytes) -> list[bytes]:
    """Return the lines of a CSV file with their ends; a line break within quotes belongs to its cell."""
    lines, line = [], b""
    for piece in text.splitlines(keepends=True):
        line += piece
        if line.count(b'"') % 2 == 0:
            lines.append(line)
            line = b""
    return lines


def link_next(request: Request, cursor: str) -> str:
    """Return the ``Link`` header to the following rows (RFC 8288)."""
    following = request.url.include_query_params(cursor=cursor)
    return f'<{following.path}?{following.query}>; rel="next"'
