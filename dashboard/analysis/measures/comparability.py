"""Comparability keys: whether two figures measure the same, and where they differ (docs/method.md).

Equal keys share a chart; otherwise figures stand side by side and each difference is named.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

KEY = (
    "indicator",  # what is measured, by its definition
    "instrument",  # the survey or index
    "wording_id",  # of the question
    "scale",  # points, midpoint, labels
    "unit",
    "population",  # who is asked or counted: users, all adults, firms …
    "mode",  # face to face, telephone …
    "recall",  # the period asked about
    "source_type",
    "nature",  # estimate or country data …
    "edition",
    "method",
)
"""Parts of a key, in the order in which differences are named. A part that both lack makes no difference; one that only
one of them states does: nobody can say that it is the same."""

LIKE_COLUMNS = ("source", "series", "edition", "unit")
"""What figures of an indicator share of which one median or one order is made."""

MIN_FIGURES = 5  # fewest figures a median is made of (ours)


def compare_keys(first: Mapping[str, str | None], second: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the parts of the key in which two figures differ; empty if they may share a line."""
    return tuple(part for part in KEY if (first.get(part) or "") != (second.get(part) or ""))


def find_differing_parts(keys: Sequence[Mapping[str, str | None]]) -> tuple[str, ...]:
    """Return the parts of the key in which any two of several figures differ, in the order of ``KEY``."""
    parts = {part for first, second in combinations(keys, 2) for part in compare_keys(first, second)}
    return tuple(part for part in KEY if part in parts)
