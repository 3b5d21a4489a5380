"""Satisfaction with public services: SDG 16.6.2, and the scores of service reporting that are not SDG 16.6.2.

Source of the method: United Nations, metadata of indicator 16.6.2 (areas, attributes, four-point scale, simple mean of
the shares of five attributes); GOV.UK performance platform (score); Manski (bounds); multinomial variance (net promoter
score). Errors of the average are linearised per respondent, since the five answers come from the same people.
Surveys that are sent are estimated by ``linearised``, which agrees with ``from_microdata``. That, ``overall_share``,
``valid_answers``, ``average_of_attributes``, ``likert``, ``pooled`` and ``net_promoters`` no page shows yet: they are
the method that is promised, and reference values check them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from dashboard.measures.intervals import wilson
from dashboard.measures.surveys.survey import Design, Estimate, proportion, total

_EDUCATION = ("accessibility", "affordability", "quality_of_facilities", "equal_treatment", "effective_delivery")
AREAS: Mapping[str, tuple[str, ...]] = {
    "healthcare": ("accessibility", "affordability", "quality_of_facilities", "equal_treatment", "courtesy"),
    "primary_education": _EDUCATION,
    "secondary_education": _EDUCATION,
    "government_services": ("accessibility", "affordability", "effective_process", "equal_treatment", "timeliness"),
}
"""Service area → its five attributes. Areas are never merged."""

POSITIVE = (2, 3)
"""Codes of agree and strongly agree, satisfied and very satisfied; 0 and 1 are the others. There is no midpoint."""

VALID = (0, 1, 2, 3)

NO_ANSWER: Mapping[int, str] = {97: "not_applicable", 98: "do_not_know", 99: "refused"}
"""Codes that leave the denominator of their own question, and are counted beside it."""

ATTRIBUTES = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One question: its share (0-1) with the valid answers, the positive ones and those that are none, unweighted."""

    share: Estimate
    valid: int
    positive: int
    excluded: int


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What 16.6.2 asks for in one service area: average of the five attributes, and the overall question."""

    attributes: tuple[Item, ...]
    average: Estimate
    overall: Item


@dataclass(frozen=True, slots=True)
class Likert:
    """A five-point question: ``score`` is (mean − 1)/4, both ends included; ``top_two`` the share of 4 and 5."""

    n: int
    mean: float
    score: float
    top_two: float
    top_two_interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Promoters:
    """Net promoter score and its standard error, in points from −100 to 100; never mapped to an SDG."""

    score: float
    std_error: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the share (0-1) of all who were invited could be, were the silent all dissatisfied or all satisfied."""

    of_responders: float
    response_rate: float
    lower: float
    upper: float


def valid_answers(respondents: int, no_answer: int) -> int:
    """The denominator of a question: 1,000 asked, 65 of whom did not know or refused → 935.

    Raises:
        ValueError: more non-answers than were asked.
    """
    if not 0 <= no_answer <= respondents:
        raise ValueError(f"{no_answer} of {respondents} gave no answer: not possible")
    return respondents - no_answer


def share(positive: float, valid: float) -> float | None:
    """Positive answers in per cent of the valid ones; None where nobody answered.

    Raises:
        ValueError: more positive answers than valid ones.
    """
    if not 0 <= positive <= valid:
        raise ValueError(f"{positive} positive of {valid} valid answers: not possible")
    return 100 * positive / valid if valid else None


def average_of_attributes(shares: Sequence[float]) -> float:
    """Simple mean of the shares of the five attributes, in their unit: 50, 60, 73, 55, 42 → 56.

    Each attribute counts alike, however many answered it: never one share over all answers.

    Raises:
        ValueError: not five shares: the average of four is another indicator.
    """
    if len(shares) != ATTRIBUTES:
        raise ValueError(f"the average is of {ATTRIBUTES} attributes, not of {len(shares)}")
    return math.fsum(shares) / ATTRIBUTES


def overall_share(very_satisfied: float, satisfied: float) -> float:
    """The overall question: both positive answers together, in their unit: 23 + 37 → 60."""
    return very_satisfied + satisfied


def from_microdata(
    rows: pl.DataFrame, attributes: Sequence[str], overall: str, design: Design, *, among: pl.Expr | None = None
) -> Satisfaction:
    """16.6.2 of one service area from respondents, each question with its own denominator.

    Args:
        rows: one per respondent, with codes of ``VALID`` and ``NO_ANSWER``; null is no answer.
        attributes: columns of the five attributes.
        overall: column of the overall question.
        design: how the sample was drawn.
        among: a domain, such as one sex; rows are not filtered before.

    Raises:
        ValueError: not five attributes, or a code that is none of the scale.
        NotEstimable: see ``dashboard.measures.surveys.survey``.
    """
    if len(attributes) != ATTRIBUTES:
        raise ValueError(f"the average is of {ATTRIBUTES} attributes, not of {len(attributes)}")
    for column in (*attributes, overall):
        strange = set(rows[column].drop_nulls()) - {*VALID, *NO_ANSWER}
        if strange:
            raise ValueError(f"{column}: {sorted(strange)} are no codes of the four-point scale")
    items = tuple(_item(rows, column, design, among) for column in attributes)
    return Satisfaction(items, _average(rows, attributes, items, design, among), _item(rows, overall, design, among))


def likert(counts: Sequence[int]) -> Likert | None:
    """Scores of a five-point question from its counts of 1 to 5, 5 being best; None where nobody answered.

    Raises:
        ValueError: not five counts.
    """
    if len(counts) != 5 or min(counts) < 0:
        raise ValueError("counts of 1, 2, 3, 4 and 5 are needed")
    n = sum(counts)
    if n == 0:
        return None
    mean = sum(level * count for level, count in enumerate(counts, start=1)) / n
    top = counts[3] + counts[4]
    return Likert(n, mean, (mean - 1) / 4, top / n, wilson(top, n))


def pooled(periods: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Counts of several periods or centres added up, level by level: pooled before anything is divided.

    Raises:
        ValueError: periods with different numbers of levels.
    """
    return tuple(sum(level) for level in zip(*periods, strict=True))


def net_promoters(promoters: int, passives: int, detractors: int) -> Promoters | None:
    """Per cent promoters (9-10) − per cent detractors (0-6); None where nobody answered."""
    n = promoters + passives + detractors
    if n == 0:
        return None
    up, down = promoters / n, detractors / n
    return Promoters(100 * (up - down), 100 * math.sqrt((up + down - (up - down) ** 2) / n))


def nonresponse_bounds(invited: int, responded: int, satisfied: int) -> Bounds | None:
    """Worst and best case for all invited; None where nobody answered.

    Raises:
        ValueError: more answers than invitations, or more satisfied than answers.
    """
    if not 0 <= satisfied <= responded <= invited:
        raise ValueError("satisfied ≤ responded ≤ invited does not hold")
    if responded == 0:
        return None
    silent = invited - responded
    return Bounds(satisfied / responded, responded / invited, satisfied / invited, (satisfied + silent) / invited)


def _item(rows: pl.DataFrame, column: str, design: Design, among: pl.Expr | None) -> Item:
    inside = rows if among is None else rows.filter(among)
    answers = inside[column]
    valid = int(answers.is_in(VALID).sum())
    positive = int(answers.is_in(POSITIVE).sum())
    return Item(proportion(rows, _positive(column), design, among=among), valid, positive, len(answers) - valid)


def _average(
    rows: pl.DataFrame, attributes: Sequence[str], items: Sequence[Item], design: Design, among: pl.Expr | None
) -> Estimate:
    """The average with the error of its linearised form, one term per respondent: that keeps the covariance."""
    inside = rows if among is None else rows.filter(among)
    weighed = inside.select(
        (pl.col(design.weight) * pl.col(column).is_in(VALID)).sum().alias(column) for column in attributes
    ).row(0, named=True)
    terms = [
        (_positive(column).cast(pl.Float64) - item.share.value).fill_null(0.0) / (ATTRIBUTES * weighed[column])
        for column, item in zip(attributes, items, strict=True)
    ]
    error = total(rows, pl.sum_horizontal(terms), design, among=among, deff=False)
    value = average_of_attributes([item.share.value for item in items])
    return Estimate(value, error.std_error, error.n, error.df, None, design.single_psu)


def _positive(column: str) -> pl.Expr:
    """Whether the answer is positive; null where it is none."""
    return pl.when(pl.col(column).is_in(VALID)).then(pl.col(column).is_in(POSITIVE))
