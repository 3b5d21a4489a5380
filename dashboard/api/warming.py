"""Doing once, after the start, what the first visitors would otherwise wait for.

``app.register_lifespan_task(warm)`` in the composition root. Opening the figures takes a tenth of a second, and so does
each shape of a chart (kind, language, theme); a reader who comes earlier only waits as without this.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator

from starlette.concurrency import run_in_threadpool

from dashboard.charts.registry import drawn_from
from dashboard.locales import LANGUAGES
from dashboard.services import search
from dashboard.services.base.context import Context, open_context
from dashboard.services.base.errors import NotReady
from dashboard.services.bulk import files
from dashboard.services.changes.between import tell_since
from dashboard.services.changes.query import ask as ask_changes
from dashboard.services.charts import build
from dashboard.services.charts.query import ask, kinds_of
from dashboard.services.effects.estimates import count_verdicts
from dashboard.services.goals.goals import list_goals
from dashboard.services.revisions.disagreements import summarise_disagreements
from dashboard.services.site.overview import view_overview

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds between looks for a published dataset."""

FURTHER = tuple(kind.id for kind in drawn_from("series").values() if not kind.tab and not kind.needs_second)
"""Kinds that pages draw of countries, beside those of an indicator."""

PAUSE = 0.2
"""Seconds between two pieces of work: readers come first."""


async def warm() -> None:
    """Warm this process up, a piece at a time; ends by itself, and at once when it is cancelled. Never raises."""
    try:
        while True:
            try:
                ctx = await run_in_threadpool(open_context)
                break
            except NotReady:
                await asyncio.sleep(PATIENCE)
        for piece in pieces(ctx):
            await asyncio.sleep(PAUSE)
            await run_in_threadpool(piece)
    except Exception:  # a convenience must not take the server down
        log.exception("warming up was given up; pages answer all the same")


def pieces(ctx: Context) -> Iterator[Callable[[], object]]:
    """The pieces of work: the first pages, a picture, then each shape of chart there is, in the light theme.

    A shape depends on the kind of chart and on whether figures are yes or no; ``charts.layers.shape.cached`` keeps it.
    """
    for lang in LANGUAGES:
        one = open_context(lang)
        yield lambda one=one: (view_overview(one), list_goals(one))  # type: ignore[misc]
        yield lambda one=one: search.warm(one)  # type: ignore[misc]
    yield lambda: count_verdicts(ctx)
    yield lambda: files.make_file(ctx, files.WHOLE, "parquet")
    yield lambda: (summarise_disagreements(ctx), tell_since(ctx, ask_changes(ctx).since.isoformat()))
    examples: dict[tuple[str, bool], str] = {}
    for metric in ctx.book.metrics.values():
        for kind in kinds_of(ctx, metric):
            examples.setdefault((kind, metric.unit == "yes_no"), metric.id)
    shapes = [(kind, metric_id) for (kind, _), metric_id in examples.items()]
    if of_numbers := examples.get(("trend", False)):
        # the first picture of a process stops everything in it for half a second
        yield lambda: build.svg(ask(ctx, "trend", of_numbers))
        shapes += [(kind, of_numbers) for kind in FURTHER]
    for lang in LANGUAGES:
        one = open_context(lang)
        for kind, metric_id in shapes:
            query = ask(one, kind, metric_id)
            yield lambda asked=query: build.drawing(asked)  # type: ignore[misc]
