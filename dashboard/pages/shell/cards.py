"""Making answers small enough to travel: a coverage strip becomes one word of letters."""

from typing import Any, TypedDict, TypeVar

from dashboard.services.goals.views import TargetCard
from dashboard.services.indicators.views import IndicatorCard
from dashboard.services.wording.views import EvidenceBar

T = TypeVar("T")


class TargetLines(TypedDict):
    """A target with its indicators, those with figures apart from those without."""

    code: str
    title: str
    title_lang: str
    bar: EvidenceBar
    with_figures: list[IndicatorCard]
    without: list[IndicatorCard]


UNSHOWN = frozenset(("goals", "targets", "principles", "theme", "theme_text", "source_text", "strength"))
"""Parts of an ``IndicatorCard`` that no list of cards shows."""

LETTERS = {"recent": "r", "older": "o", "none": "n"}


def drop_strips(answer: T) -> T:
    """The same answer, each card of an indicator with what is shown of it only, its coverage strip as a word: ``rron``.

    One letter per country, in its order. A page of a hundred indicators would otherwise send thousands of marks.
    """
    return _small(answer)


def build_target_lines(card: TargetCard) -> TargetLines:
    """The target's indicators in two lists, strips as letters."""
    cards = drop_strips(card["indicators"])
    return {
        "code": card["code"],
        "title": card["title"],
        "title_lang": card["title_lang"],
        "bar": card["bar"],
        "with_figures": [one for one in cards if not one["empty"]],
        "without": [one for one in cards if one["empty"]],
    }


def _small(value: Any) -> Any:
    if isinstance(value, list):
        return [_small(item) for item in value]
    if isinstance(value, dict):
        unshown = UNSHOWN if "why_empty" in value and "coverage" in value and "related" not in value else ()
        return {
            key: "".join(LETTERS[mark["state"]] for mark in item) if key == "strip" else _small(item)
            for key, item in value.items()
            if key not in unshown
        }
    return value
