"""What two releases of the same counts or survey tell together: whoever subtracts one from the other.

A figure and its correction differ by the people whose answers differ. Where they are few, the difference tells what
they said, however many the figure itself rests on. Method: the project's own (docs/method.md, a survey's correction).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.measures.surveys.suppression import THRESHOLD

TOTAL = ""
"""The breakdown that has everybody in one group."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a release as it is compared: how many answered each question, and seals of what they answered.

    Two seals are equal where the answers (the weights) are; from a seal nobody gets an answer.
    """

    n: tuple[int, ...]
    answers: str
    weights: str


Release = Mapping[str, Mapping[str, Group]]
"""Breakdown → group → what is compared. The groups of a breakdown are those shown, and the rest of it together."""


def find_groups_too_near(before: Release, after: Release, threshold: int = THRESHOLD) -> list[tuple[str, str]]:
    """The groups (breakdown, group) in which two releases together would give away fewer people than the threshold.

    Each group that both have must hold the same answers in both, or differ by so many people in each question. The
    weights of groups with the same answers may differ, but then of each of them: those of one person would tell this
    person's answers by the way some figures move and others stay. A breakdown of which other groups are shown cannot
    be compared.
    """
    found: list[tuple[str, str]] = []
    moved: list[tuple[str, str]] = []
    still = False
    for breakdown in before.keys() & after.keys():
        old, new = before[breakdown], after[breakdown]
        found += [(breakdown, name) for name in old.keys() ^ new.keys()]
        for name in old.keys() & new.keys():
            place, one, other = (breakdown, name), old[name], new[name]
            if one == other:
                still = still or any(one.n)  # a group of nobody has no weights
            elif (one.n, one.answers) == (other.n, other.answers):
                moved.append(place)
            elif len(one.n) != len(other.n) or any(abs(n - m) < threshold for n, m in zip(one.n, other.n, strict=True)):
                found.append(place)
    return sorted({*found, *(moved if still else ())})
