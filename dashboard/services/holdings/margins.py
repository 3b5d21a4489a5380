"""In which vintage a change can be judged: an edition published without errors cannot say what is beyond them."""

from dataclasses import replace

from dashboard.measures.intervals import read_std_errors
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.base.rows import select_shown


def find_context_with_errors(ctx: Context, indicator: str) -> Context:
    """The context of the newest vintage, up to its own, in which figures of the indicator have an error.

    ``ctx`` itself where its own have one, and where none ever had.
    """
    number = _vintage(ctx.timeless, indicator)
    return ctx if number == ctx.dataset.vintage else replace(ctx, dataset=ctx.dataset.as_of(number))


@kept(32)
def _vintage(ctx: Context, indicator: str) -> int:
    numbers = [vintage["number"] for vintage in ctx.dataset.vintages() if vintage["number"] <= ctx.dataset.vintage]
    for number in sorted(numbers, reverse=True):
        at = ctx if number == ctx.dataset.vintage else replace(ctx, dataset=ctx.dataset.as_of(number))
        if select_shown(at, (indicator,)).filter(read_std_errors().is_not_null()).limit(1).collect().height:
            return int(number)
    return ctx.dataset.vintage
