"""Warm the process up after the start with what the first visitors would otherwise wait for.

Opening the figures takes a tenth of a second, and so does each shape of a chart (kind, language, theme).
"""

import asyncio
import logging
from collections.abc import Callable, Iterator

from starlette.concurrency import run_in_threadpool

from dashboard.analysis.charts.registry import select_kinds
from dashboard.answers import search
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import NotReady
from dashboard.answers.bulk import files
from dashboard.answers.changes.between import tell_since
from dashboard.answers.changes.query import ask_changes
from dashboard.answers.charts import build
from dashboard.answers.charts.query import ask_chart, list_kinds
from dashboard.answers.effects.estimates import list_default_results
from dashboard.answers.goals.goals import list_goals
from dashboard.answers.revisions.disagreements import summarise_disagreements
from dashboard.answers.site.overview import view_overview
from dashboard.locales import LANGUAGES

log = logging.getLogger(__name__)

POLL_S = 1.0
"""Time between two checks for a published dataset."""

COUNTRY_KINDS = tuple(kind.id for kind in select_kinds("series").values() if not kind.tab and not kind.needs_second)
"""Kinds that pages draw of countries, besides those of an indicator."""

PAUSE_S = 0.2
"""Pause between two pieces of work: readers come first."""


async def warm() -> None:
    """Warm this process up piece by piece; ends by itself, or when cancelled. Never raises."""
    try:
        while True:
            try:
                ctx = await run_in_threadpool(open_context)
                break
            except NotReady:
                await asyncio.sleep(POLL_S)
        for piece in list_pieces(ctx):
            await asyncio.sleep(PAUSE_S)
            await run_in_threadpool(piece)
    except Exception:  # a convenience must not take the server down
        log.exception("warming up was given up; pages answer all the same")


def list_pieces(ctx: Context) -> Iterator[Callable[[], object]]:
    """Yield the pieces of work: the first pages, a picture, then each shape of chart in the light theme.

    A shape depends on the kind of chart and on whether figures are yes or no; ``shape.cache_shape`` keeps it.
    """
    for lang in LANGUAGES:
        localised = open_context(lang)
        yield lambda localised=localised: (view_overview(localised), list_goals(localised))  # type: ignore[misc]
        yield lambda localised=localised: search.warm(localised)  # type: ignore[misc]
    yield lambda: list_default_results(ctx)
    yield lambda: files.make_file(ctx, files.WHOLE, "parquet")
    yield lambda: (summarise_disagreements(ctx), tell_since(ctx, ask_changes(ctx).since.isoformat()))
    examples: dict[tuple[str, bool], str] = {}
    for metric in ctx.book.metrics.values():
        for kind in list_kinds(ctx, metric):
            examples.setdefault((kind, metric.unit == "yes_no"), metric.id)
    shapes = [(kind, metric_id) for (kind, _), metric_id in examples.items()]
    if numeric := examples.get(("trend", False)):
        # the first picture of a process stops everything in it for half a second
        yield lambda: build.draw_svg(ask_chart(ctx, "trend", numeric))
        shapes += [(kind, numeric) for kind in COUNTRY_KINDS]
    for lang in LANGUAGES:
        localised = open_context(lang)
        for kind, metric_id in shapes:
            query = ask_chart(localised, kind, metric_id)
            yield lambda asked=query: build.compile_drawing(asked)  # type: ignore[misc]
