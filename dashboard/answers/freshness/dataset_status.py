"""Where the dataset stands: version, date, and what changed last. In the footer of every page."""

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest, find_received
from dashboard.answers.base.words import join_sentences
from dashboard.answers.freshness.views import DatasetStatus
from dashboard.locales import format_day, format_number, t


def count_rows_in_force(ctx: Context) -> int:
    """Count the observations in force on the day of the context, breakdowns included."""
    return int(ctx.dataset.vintages()[-1]["rows"])


def describe_dataset_change(ctx: Context) -> str:
    """Say what the vintage shown added and superseded; "" for the first, which adds everything."""
    vintages = ctx.dataset.vintages()
    if len(vintages) < 2:
        return ""
    last, before = vintages[-1], vintages[-2]
    changed = t(
        "answers.stand.change",
        ctx.lang,
        since=format_day(before["created_at"].date(), ctx.lang),
        count=last["added"],
        superseded=format_number(last["superseded"], ctx.lang),
    )
    return join_sentences([changed, tell_loaded(ctx, last["number"])])


def tell_loaded(ctx: Context, vintage: int) -> str:
    """Say that a vintage came with the product and is no publisher's news; "" for any other."""
    return t("answers.stand.loaded", ctx.lang) if vintage in ctx.dataset.loaded_vintages() else ""


@cached
def describe_dataset(ctx: Context) -> DatasetStatus:
    """Return version, as-of date, row count, and a sentence on the latest change."""
    moment = ctx.dataset.created_at
    rows = count_rows_in_force(ctx)
    return DatasetStatus(
        version=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        as_of_text=format_day(ctx.today, ctx.lang),
        published_at=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        published_text=format_day(moment.date(), ctx.lang),
        rows=rows,
        rows_text=t("ui.chart.rows", ctx.lang, count=rows),
        codebook=ctx.book.version,
        past=ctx.dataset.view is not None,
        change=describe_dataset_change(ctx),
    )


def describe_update(ctx: Context, metric: str) -> str:
    """Name the day the indicator's figures were last received; "" when nothing was gathered."""
    days = [find_received(ctx, row) for row in find_latest(ctx, metric).values()]
    return format_day(max(days), ctx.lang) if days else ""
