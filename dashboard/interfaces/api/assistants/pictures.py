"""A chart for an assistant: the picture, and its rows with what must accompany each."""

from typing import Any

from starlette.requests import Request
from starlette.types import Message

from dashboard.analysis.charts.registry import KINDS
from dashboard.answers.base.context import Context
from dashboard.answers.charts import build
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.holdings.nothing import describe_nothing
from dashboard.answers.revisions.provenance import find_observation
from dashboard.interfaces.api.assistants.answers import cite, tell_figure
from dashboard.interfaces.api.drawn import DRAWING
from dashboard.interfaces.protection.requests import client_address

MAX_ROWS = 40
"""Newest rows listed beside a picture, which shows all."""


async def draw(
    ctx: Context, kind: str, indicator: str, countries: list[str], first: int | None, last: int | None, second: str
) -> tuple[bytes, dict[str, Any]]:
    """Return a chart as PNG with its title, sentence, source and rows.

    Raises:
        Unknown, Invalid: see ``answers.charts.query.ask``.
        Busy: too much is being drawn already.
    """
    query = ask_chart(ctx, kind, indicator, tuple(countries), first, last, second=second)

    def make() -> bytes:
        from dashboard.analysis.charts import render  # vl-convert: only where something is drawn

        return render.draw_png(build.build_chart(query))

    picture = await DRAWING.run(make_request(), lambda: None, make)
    chart = build.build_chart(query)
    words = build.describe_words(query, chart)
    _, rows = build.build_table(query, chart)
    shown_rows = [row for row in rows if "id" not in KINDS[kind].columns or row.get("id")]
    figures = [
        tell_figure(ctx, find_observation(ctx, str(row["id"]))) if row.get("id") else dict(row)
        for row in shown_rows[-MAX_ROWS:]
    ]
    missing = [
        {"country": iso3, "nothing": describe_nothing(ctx, query.indicator, iso3, query.first, query.last)}
        for iso3 in query.countries
        if not figures
    ]
    names = ("title", "subtitle", "caption", "sentence", "note", "source")
    return picture, {
        "dataset": ctx.dataset.name,
        "as_of": ctx.today.isoformat(),
        **{name: words[name] for name in names if words.get(name)},
        "figures": figures,
        **cite(ctx, [query.indicator.id]),
        **({"missing": missing} if missing else {}),
    }


def make_request() -> Request:
    """Return a request with the caller's address, for the queue of heavy work."""
    return Request({"type": "http", "headers": [], "client": (client_address.get() or "127.0.0.1", 0)}, _wait_forever)


async def _wait_forever() -> Message:
    """Wait: a client of the protocol is present until its answer."""
    import asyncio

    await asyncio.Event().wait()
    raise AssertionError("unreachable")
