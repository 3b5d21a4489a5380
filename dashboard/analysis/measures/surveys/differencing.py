"""What two releases of the same counts or survey disclose by subtraction (docs/method.md).

A figure and its correction differ by the people whose answers differ; the difference of a few discloses their answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.analysis.measures.surveys.suppression import THRESHOLD

TOTAL = ""
"""The breakdown that has everybody in one group."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a release: respondents of each question, and comparable digests of answers and weights."""

    n: tuple[int, ...]
    answers: str
    weights: str


Release = Mapping[str, Mapping[str, Group]]
"""Breakdown → group → its content. The groups are those shown, and all others of the breakdown together."""


def find_groups_too_near(before: Release, after: Release, threshold: int = THRESHOLD) -> list[tuple[str, str]]:
    """Return the groups (breakdown, group) in which two releases together disclose too few people.

    A group in both must have the same answers, or differ by at least the threshold in each question. Weights may differ
    where answers are equal, but then in every group: otherwise a person's answers show in the figures that move.
    Breakdowns with other groups cannot be compared.
    """
    found: list[tuple[str, str]] = []
    moved: list[tuple[str, str]] = []
    still = False
    for breakdown in before.keys() & after.keys():
        old, new = before[breakdown], after[breakdown]
        found += [(breakdown, name) for name in old.keys() ^ new.keys()]
        for name in old.keys() & new.keys():
            place, first, second = (breakdown, name), old[name], new[name]
            if first == second:
                still = still or any(first.n)  # a group of nobody has no weights
            elif (first.n, first.answers) == (second.n, second.answers):
                moved.append(place)
            elif len(first.n) != len(second.n) or any(
                abs(n - m) < threshold for n, m in zip(first.n, second.n, strict=True)
            ):
                found.append(place)
    return sorted({*found, *(moved if still else ())})
