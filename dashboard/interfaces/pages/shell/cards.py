"""Making answers small enough to travel: a coverage strip becomes one word of letters."""

from typing import Any, TypedDict

from dashboard.answers.goals.views import TargetCard
from dashboard.answers.indicators.views import IndicatorCard
from dashboard.answers.wording.views import EvidenceBar


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


def drop_strips(answer: Any) -> Any:
    """The same answer, each card of an indicator with what is shown of it only, its coverage strip as a word: ``rron``.

    One letter per country, in its order. A page of a hundred indicators would otherwise send thousands of marks.
    """
    if isinstance(answer, list):
        return [drop_strips(item) for item in answer]
    if isinstance(answer, dict):
        unshown = UNSHOWN if "why_empty" in answer and "coverage" in answer and "related" not in answer else ()
        return {
            key: "".join(LETTERS[mark["state"]] for mark in item) if key == "strip" else drop_strips(item)
            for key, item in answer.items()
            if key not in unshown
        }
    return answer


def split_by_figures(cards: list[IndicatorCard]) -> tuple[list[IndicatorCard], list[IndicatorCard]]:
    """Cards as ``drop_strips`` gives them, those with figures and those without."""
    small = drop_strips(cards)
    return [card for card in small if not card["empty"]], [card for card in small if card["empty"]]


def build_target_lines(card: TargetCard) -> TargetLines:
    """The target's indicators in two lists, strips as letters."""
    having, without = split_by_figures(card["indicators"])
    return {
        "code": card["code"],
        "title": card["title"],
        "title_lang": card["title_lang"],
        "bar": card["bar"],
        "with_figures": having,
        "without": without,
    }
