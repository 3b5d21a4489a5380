"""A chart for an assistant: the picture, and its rows with what must go with each."""

from typing import Any

from starlette.requests import Request
from starlette.types import Message

from dashboard.api.drawn import DRAWING
from dashboard.charts.registry import KINDS
from dashboard.protection.requests import asking
from dashboard.services.base.context import Context
from dashboard.services.charts import build
from dashboard.services.charts.query import ask
from dashboard.services.holdings.nothing import describe_nothing
from dashboard.services.revisions.provenance import find_observation
from dashboard.services.wording.stated import state_figure

MOST_ROWS = 40
"""Rows that are told beside a picture, the newest; all are in the picture."""


async def draw(
    ctx: Context, kind: str, indicator: str, countries: list[str], first: int | None, last: int | None, second: str
) -> tuple[bytes, dict[str, Any]]:
    """A PNG, and its title, sentence, source and rows.

    Raises:
        Unknown, Invalid: see ``services.charts.query.ask``.
        Busy: too much is drawn already.
    """
    query = ask(ctx, kind, indicator, tuple(countries), first, last, second=second)

    def make() -> bytes:
        from dashboard.charts import render  # vl-convert: only where something is drawn

        return render.draw_png(build.chart_of(query))

    picture = await DRAWING.made(caller(), lambda: None, make)
    chart = build.chart_of(query)
    words = build.words_around(query, chart)
    _, rows = build.table_of(query, chart)
    told = [row for row in rows if "id" not in KINDS[kind].columns or row.get("id")]
    figures = [
        state_figure(ctx, find_observation(ctx, str(row["id"]))) if row.get("id") else dict(row)
        for row in told[-MOST_ROWS:]
    ]
    missing = [
        {"country": iso3, "nothing": describe_nothing(ctx, query.indicator, iso3, query.first, query.last)}
        for iso3 in query.countries
        if not figures
    ]
    kept = ("title", "subtitle", "caption", "sentence", "note", "source")
    return picture, {
        "dataset": ctx.dataset.name,
        "as_of": ctx.today.isoformat(),
        **{name: words[name] for name in kept if words.get(name)},
        "figures": figures,
        **({"missing": missing} if missing else {}),
    }


def caller() -> Request:
    """Who asks, as the places for heavy work know them: the address of the request at work."""
    return Request({"type": "http", "headers": [], "client": (asking.get() or "127.0.0.1", 0)}, _stay)


async def _stay() -> Message:
    """Whoever asks through the protocol is there until the answer."""
    import asyncio

    await asyncio.Event().wait()
    raise AssertionError("unreachable")
