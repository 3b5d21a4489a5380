"""Lists a page at a time, the same way wherever a list can be long: ``limit`` rows, and a ``cursor`` to those after.

JSON has the cursor of the rows after as ``next``, null at the end; CSV leads to them by the header ``Link`` with
``rel="next"``. A cursor holds for the same question to the same data. Without ``limit`` a list is whole, unless its
route says otherwise.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.api.answers import CSV, JSON, answer_from, compact, keep_bytes
from dashboard.api.parameters import Paged
from dashboard.services.base.context import Context
from dashboard.services.base.stamp import stamp
from dashboard.services.holdings.cursors import read_cursor, write_cursor


async def answer_list(
    request: Request,
    ctx: Context,
    key: tuple[object, ...],
    page: Paged,
    make: Callable[[], Mapping[str, Any]],
    name: str = "rows",
    **how: Any,
) -> Response:
    """A list of the dataset as JSON; the arguments beside ``ctx`` as of ``answer_list_from``."""
    return await answer_list_from(request, stamp(ctx), (ctx.key, *key), page, make, name, **how)


async def answer_list_from(
    request: Request,
    mark: str,
    key: tuple[object, ...],
    page: Paged,
    make: Callable[[], Mapping[str, Any]],
    name: str = "rows",
    most: int | None = None,
    **how: Any,
) -> Response:
    """The part of a list that is asked for, as JSON.

    Args:
        request: the request, for its conditions.
        mark: as of ``answer_from``.
        key: what made the whole list, and equal lists alike.
        page: which part.
        make: gives the whole answer.
        name: its field with the list.
        most: rows where the question says no ``limit``; None: all.
        how: as of ``answer_from``.
    """
    start, limit = read_cursor((mark, key), page.cursor), page.limit or most

    def cut() -> bytes:
        told = make()
        rows = told[name]
        end = len(rows) if limit is None else start + limit
        following = write_cursor((mark, key), end) if end < len(rows) else None
        return compact({**told, name: rows[start:end], "next": following})

    return await answer_from(request, mark, (*key, limit, start), cut, JSON, **how)


async def answer_lines(
    request: Request,
    ctx: Context,
    key: tuple[object, ...],
    page: Paged,
    make: Callable[[], bytes],
    filename: str,
) -> Response:
    """A list of the dataset as CSV; the arguments beside ``ctx`` as of ``answer_lines_from``."""
    return await answer_lines_from(request, stamp(ctx), (ctx.key, *key), page, make, filename)


async def answer_lines_from(
    request: Request,
    mark: str,
    key: tuple[object, ...],
    page: Paged,
    make: Callable[[], bytes],
    filename: str,
) -> Response:
    """The part of a list that is asked for, as CSV below its line of names; ``make`` gives the whole file, once for all
    its parts."""
    start = read_cursor((mark, key), page.cursor)
    if page.limit is None and not start:
        return await answer_from(request, mark, key, make, CSV, filename, save=True)
    end = None if page.limit is None else start + page.limit

    def split() -> list[bytes]:
        return split_lines(keep_bytes(mark, key, make))

    def cut() -> bytes:
        names, *lines = split()
        return b"".join((names, *lines[start:end]))

    answer = await answer_from(request, mark, (*key, page.limit, start), cut, CSV, filename, save=True)
    if answer.status_code == 200 and end is not None and end < len(await run_in_threadpool(split)) - 1:
        answer.headers["Link"] = link_next(request, write_cursor((mark, key), end))
    return answer


def split_lines(text: bytes) -> list[bytes]:
    """The lines of a CSV file, each with its end; an end inside of quotes belongs to a cell."""
    lines, held = [], b""
    for piece in text.splitlines(keepends=True):
        held += piece
        if held.count(b'"') % 2 == 0:
            lines.append(held)
            held = b""
    return lines


def link_next(request: Request, cursor: str) -> str:
    """The header that leads from an answer to the rows after (RFC 8288)."""
    following = request.url.include_query_params(cursor=cursor)
    return f'<{following.path}?{following.query}>; rel="next"'
