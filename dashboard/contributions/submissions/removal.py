"""What a submission would remove from what is published: errors that name each figure, until somebody answers for it.

A file that replaces its year takes with it whatever else of the year was sent before. So each figure that would go is a
finding, and whoever sends the file releases them all by typing their number. The release is of these figures and no
others: where what is published has changed since, it holds no longer, and publication computes the figures again.

What is taken back by name is no removal (``comparison.withdrawals``): its row is the word for it, and needs a reason.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.kinds.registry import kind_of
from dashboard.contributions.submissions.model import (
    Finding,
    MoveNotAllowed,
    Removed,
    Severity,
    State,
    Submission,
)
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.settings import Settings

RULE = "figure_removed"
RELEASED_IN: tuple[State, ...] = ("checked",)
"""States in which a removal is released: before anybody else decides on it."""

OPERATOR = "Operator"
"""Who has released a removal at the command line of the server, in the place of an office."""


class Removes(MoveNotAllowed):
    """Nobody has answered for these figures; ``figures`` are all of them."""

    def __init__(self, figures: Sequence[Removed]) -> None:
        super().__init__(
            "removes",
            f"It would remove {len(figures)} published {'figure' if len(figures) == 1 else 'figures'}, and this has "
            f"not been released: {'; '.join(map(str, figures))}. Return it, or have their number typed where it is "
            "checked.",
        )
        self.figures = tuple(figures)


def removed(settings: Settings, book: Codebook, submission: Submission) -> list[Removed]:
    """Return the figures that publishing a submission would take from readers, by indicator, period and group."""
    with reading(open_engine(settings)) as connection:
        return removed_on(connection, book, submission)


def removed_on(
    connection: store.Connection, book: Codebook, submission: Submission, figures: pl.DataFrame | None = None
) -> list[Removed]:
    """``removed`` within a transaction under way; ``figures`` are those that were just read and are not kept yet."""
    if figures is None:
        figures = store.figures_of(connection, submission.id)
    if figures is None or figures.is_empty():
        return []
    return kind_of(submission).removed_on(connection, book, submission, figures)


def findings(figures: Sequence[Removed], released: Mapping[str, Any]) -> list[Finding]:
    """Return what would go, as findings: errors, and once somebody has answered for these very figures warnings."""
    severity: Severity = "warning" if is_released(figures, released) else "error"
    return [
        Finding(RULE, severity, read=one.indicator, values={
            "indicator": one.indicator, "period": one.period, "group": one.group, "figure": f"{one.value:.12g}",
        })
        for one in figures
    ]  # fmt: skip


def is_released(figures: Sequence[Removed], released: Mapping[str, Any]) -> bool:
    """Return True if somebody has answered for these figures: these, all of them and no others."""
    return bool(figures) and released.get("figures") == digest(figures)


def require(submission: Submission, figures: Sequence[Removed]) -> None:
    """Make sure that nothing goes that nobody has answered for.

    Raises:
        Removes: somebody has to, for these figures.
    """
    if figures and not is_released(figures, submission.released):
        raise Removes(figures)


def digest(figures: Sequence[Removed]) -> str:
    """Return which figures they are, whatever their order."""
    plain = sorted(json.dumps(one.as_json(), sort_keys=True, ensure_ascii=False) for one in figures)
    return hashlib.sha256("\n".join(plain).encode()).hexdigest()
