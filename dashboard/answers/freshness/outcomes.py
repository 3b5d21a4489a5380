"""What became last of each series: from the record, so that a gathering that published nothing is seen at once."""

import logging
from typing import Any

from dashboard.answers.base.context import Context
from dashboard.evidence.database import runs
from dashboard.evidence.database.engine import open_engine
from dashboard.settings import settings

log = logging.getLogger(__name__)

Outcome = dict[str, Any]


def stamp_outcomes() -> str:
    """Return a text that changes whenever an outcome may have changed; "" without a record."""
    try:
        last = runs.find_latest(open_engine(settings()))
    except Exception as error:  # whatever the driver raises; its words may hold the address
        log.warning("the record cannot be read, outcomes are those published: %s", type(error).__name__)
        return ""
    return f"{last.id} {last.state} {last.finished_at}" if last else ""


def list_outcomes(ctx: Context, seen: str) -> list[Outcome]:
    """Return the last outcome of every series; those of the published dataset if ``seen`` is "".

    Args:
        seen: the ``stamp_outcomes``.
    """
    return runs.read_last_outcomes(open_engine(settings())).rows(named=True) if seen else ctx.dataset.outcomes()


def list_past_outcomes(ctx: Context, seen: str) -> list[Outcome]:
    """Return the outcomes up to the day of the context; those of later gatherings are left out."""
    return [
        outcome
        for outcome in list_outcomes(ctx, seen)
        if ctx.as_of is None or outcome["retrieved_at"].date() <= ctx.as_of
    ]
