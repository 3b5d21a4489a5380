"""Which changes wait for a person, and which shares are just not too large."""

from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.evidence.gathering.review.diff import Difference
from dashboard.evidence.gathering.review.review import find_doubts
from dashboard.evidence.gathering.series import SeriesVerdict
from dashboard.settings import ReviewSettings

LIMITS = ReviewSettings(share=0.5, least=10, countries=0.5)
CODES = ("AZE", "GEO", "KAZ", "KGZ", "MDA", "RWA", "UGA", "UZB")


def verdict(name: str = "trust", state: Any = "changed", known: bool = True, **told: Any) -> SeriesVerdict:
    """A series of which facts were revised (``changed``), vanished, or stay."""
    plain = {"new": 0, "changed": 0, "unchanged": 0, "vanished": 0, "missing": 0, "supersedes": True}
    editions = {"edition_before": "2024", "edition_after": "2024"}
    planned: Any = SimpleNamespace(metric=SimpleNamespace(id=name))
    return SeriesVerdict(planned, state, difference=Difference(**(plain | editions | told)) if known else None)


def reasons(*verdicts: SeriesVerdict, limits: ReviewSettings = LIMITS) -> list[str]:
    return [one.reason for one in find_doubts(verdicts, limits)]


@pytest.mark.parametrize(
    ("changed", "vanished", "unchanged", "waits"),
    [
        (3, 2, 5, False),  # just half of ten
        (3, 3, 5, True), (6, 0, 4, True), (0, 6, 4, True),
        (5, 4, 0, False),  # nine say nothing of a share
        (5, 5, 0, True), (0, 0, 99, False),
    ],
)  # fmt: skip
def test_more_than_the_share_of_enough_figures_waits(changed: int, vanished: int, unchanged: int, waits: bool) -> None:
    told = reasons(verdict(changed=changed, vanished=vanished, unchanged=unchanged, new=50))
    before = changed + vanished + unchanged
    share = f"{(changed + vanished) / before:.0%}"
    assert told == ([
        f"{changed + vanished} of {before} published figures ({share}) would vanish ({vanished}) or be revised "
        f"({changed}), more than 50%; most in trust ({changed + vanished} of {before})"
    ] if waits else [])  # fmt: skip


def test_all_series_of_a_source_are_counted_together_and_the_most_changed_is_named() -> None:
    quiet, loud = verdict("quiet", unchanged=4, vanished=2), verdict("loud", changed=5, unchanged=1)
    failed = verdict("gone", "failed", known=False)
    (doubt,) = find_doubts([quiet, failed, loud], LIMITS)
    assert doubt.verdicts == (quiet, failed, loud)
    assert doubt.reason.startswith("7 of 12 published figures (58%) would vanish (2) or be revised (5)")
    assert doubt.reason.endswith("most in loud (5 of 6)")
    assert reasons(failed) == []


@pytest.mark.parametrize(
    ("countries", "gone", "limit", "told"),
    [
        (4, 2, 0.5, "2 of 4 countries (50%) would vanish from trust, 50% or more: AZE, GEO"),
        (4, 1, 0.5, ""), (3, 3, 0.5, ""),  # three are too few for a share
        (4, 4, 1, ""),  # 1 is never
        (4, 4, 0.99, "4 of 4 countries (100%) would vanish from trust, 99% or more: AZE, GEO, KAZ, KGZ"),
        (4, 0, 0, ""),
        (8, 5, 0.5, "5 of 8 countries (62%) would vanish from trust, 50% or more: AZE, GEO, KAZ, KGZ, MDA"),
        (8, 7, 0.5, "7 of 8 countries (88%) would vanish from trust, 50% or more: AZE, GEO, KAZ, KGZ, MDA and 2 more"),
    ],
)  # fmt: skip
def test_a_share_of_the_countries_that_would_leave_waits(countries: int, gone: int, limit: float, told: str) -> None:
    limits = LIMITS.model_copy(update={"countries": limit})
    leaving, other = verdict(countries=countries, countries_gone=CODES[:gone]), verdict("other", countries=9)
    assert reasons(other, leaving, limits=limits) == ([told] if told else [])


@pytest.mark.parametrize(
    ("before", "after", "state", "waits"),
    [("2024", "2023", "changed", True), ("2023", "2024", "changed", False), ("2024", "2024", "changed", False),
     ("2024", "2023", "unchanged", False), ("2024", "2023", "new", False)],
)  # fmt: skip
def test_an_older_edition_waits_by_itself(before: str, after: str, state: str, waits: bool) -> None:
    old = verdict(state=state, edition_before=before, edition_after=after, countries=9, countries_gone=CODES)
    told = f"trust would go back from edition “{before}” to “{after}”, which is older"
    assert (told in reasons(old)) == waits
    assert len(reasons(old, verdict("other"))) == 1  # the countries that leave are said of one that is not older


@pytest.mark.parametrize(
    ("after", "known", "vanished", "waits"),
    [
        ("lastupdated 2026-09-25", True, 0, False),
        ("lastupdated 2026-09-25", False, 0, True),  # it was gathered before
        ("lastupdated 2025-09-25", True, 0, True),  # older
        ("WGI 2026 edition", True, 0, True),  # the very edition that came with the product, with other figures
        ("lastupdated 2026-09-25", True, 200, True),  # what vanishes is no revision
    ],
)
def test_the_publishers_first_answer_replaces_what_came_with_the_product(
    after: str, known: bool, vanished: int, waits: bool
) -> None:
    told = verdict(changed=90, vanished=vanished, unchanged=10, edition_before="WGI 2026 edition", edition_after=after)
    told.planned.link = SimpleNamespace(source="world_bank", series="GOV_WGI_CC.EST")
    copies = {("world_bank", "GOV_WGI_CC.EST", "trust" if known else "other")}
    assert bool(find_doubts([told], LIMITS, never_gathered=copies)) == waits
