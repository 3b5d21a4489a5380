"""A survey and its correction: both together must not tell what a few people answered.

Whoever has the published figures and those of the correction subtracts one from the other. So a correction goes no
further where it differs from any earlier release of its year by fewer than ten people in any group; what is published
stands. Nothing of a respondent is kept for this: how many answered each question in each group, and seals of it
(``estimates``).
"""

from collections.abc import Mapping
from typing import Any

from dashboard.analysis.measures.surveys.differencing import Group, Release, find_groups_too_near
from dashboard.analysis.measures.surveys.suppression import THRESHOLD
from dashboard.contributions.submissions import store as submissions
from dashboard.contributions.submissions.microdata import store
from dashboard.contributions.submissions.model import Finding, MoveNotAllowed, State, Submission

RELEASED: tuple[State, ...] = ("published", "superseded", "rolled_back")
"""States in which figures have been seen by readers."""


def near_on(connection: submissions.Connection, submission: Submission) -> dict[str, int]:
    """Block → in how many groups an earlier release of the same year is too near; others are left out."""
    now = _compared(connection, submission.id)
    found: dict[str, int] = {}
    for earlier in submissions.listing(
        connection, country=submission.country, dataset=submission.dataset, period=submission.period, states=RELEASED
    ):
        if earlier.id == submission.id:
            continue
        before = _compared(connection, earlier.id)
        for block in now.keys() & before.keys():
            if near := find_groups_too_near(before[block], now[block]):
                found[block] = max(found.get(block, 0), len(near))
    return found


def findings(near: Mapping[str, int]) -> list[Finding]:
    """Return each block whose answers can be worked out, as an error."""
    return [
        Finding("survey_too_near", "error", values={"block": block, "count": str(count), "least": str(THRESHOLD)})
        for block, count in sorted(near.items())
    ]


def require(connection: submissions.Connection, submission: Submission) -> None:
    """Make sure that a survey and its earlier releases do not tell what a few people answered.

    Raises:
        MoveNotAllowed: ``too_near``.
    """
    if near := near_on(connection, submission):
        raise MoveNotAllowed(
            "too_near",
            f"An earlier release of this survey is too near (in {sum(near.values())} groups fewer than {THRESHOLD} "
            "answers differ): both together would tell what these people answered. What is published stands.",
        )


def _compared(connection: submissions.Connection, number: int) -> dict[str, Release]:
    file = store.get(connection, number)
    held: Mapping[str, Any] = file.results.get("compared", {}) if file else {}
    return {
        block: {
            breakdown: {name: Group(tuple(n), answers, weights) for name, (n, answers, weights) in groups.items()}
            for breakdown, groups in release.items()
        }
        for block, release in held.items()
    }
