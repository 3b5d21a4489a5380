"""What comparisons may ask: how many countries, and which events years are counted from."""

from typing import get_args

from dashboard.analysis.charts.registry import select_kinds
from dashboard.answers.base.errors import NoOption, quote_given
from dashboard.evidence.codebook.register.model import EventType

MAX_COUNTRIES_APART = max(kind.most for kind in select_kinds("series").values())
"""Most countries of a chart that gives each a panel or a row of its own."""

MAX_METRICS = 4
"""Most indicators that are compared at once."""

DEFAULT_EVENT: EventType = "centre_opened"
NEVER_COUNTED_FROM = ("all_centres_closed",)
EVENTS: tuple[EventType, ...] = tuple(kind for kind in get_args(EventType) if kind not in NEVER_COUNTED_FROM)
"""Events of the register that years can be counted from."""


def check_event(event: str) -> str:
    """Return the event that years are counted from, the usual one where none is given.

    Raises:
        Invalid: years cannot be counted from it; the message names those they can.
    """
    if event and event not in EVENTS:
        words = f"Years can be counted from {', '.join(EVENTS)}; not from {quote_given(event)}."
        raise NoOption("event", event, EVENTS, words)
    return event or DEFAULT_EVENT
