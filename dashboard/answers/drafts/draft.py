"""A whole draft: which of its numbers are figures that we hold, with ours beside them; the others are not checked."""

from collections.abc import Sequence
from functools import partial
from math import inf

import polars as pl
from typing_extensions import TypedDict

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row
from dashboard.answers.base.words import name_country, name_metric
from dashboard.answers.drafts.blocks import DraftBlock
from dashboard.answers.drafts.mentions import open_phrasebook
from dashboard.answers.drafts.reading import ReadNumber, SentenceSubject, is_plausible_figure, read_sentence
from dashboard.answers.drafts.tokens import split_sentences
from dashboard.answers.wording.stated import StatedFigure, state_figure
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import format_number, t

MAX_NUMBERS = 2_000
"""Numbers of one draft that are looked at."""

MAX_QUOTED_CHARACTERS = 400
"""Characters of a sentence that an answer repeats."""

TOLERANCE = 1e-9


class CheckedNumber(TypedDict):
    """One number of a draft and, where it is a figure that we hold, ours."""

    place: int  # number of the paragraph or table in the draft, from 1
    sentence: str  # as written, cut where it is long
    written: str  # the number as written, with its unit
    text: str  # our figure and the difference in a sentence, or that the number is not checked
    ours: StatedFigure | None  # None: not checked
    difference: float | None  # written less ours, in the indicator's unit; 0 within the rounding of what is written
    href: str  # the page that shows the figure with its provenance, below the language


class DraftCheck(TypedDict):
    """All numbers of a draft in their order."""

    dataset: str
    as_of: str
    text: str  # the result in a sentence
    held: int  # numbers that are figures that we hold
    numbers: list[CheckedNumber]
    cut: bool  # whether the draft has more numbers than are looked at


def check_draft(ctx: Context, blocks: Sequence[DraftBlock]) -> DraftCheck:
    """Check every number of a draft against our figures; nothing of the draft is kept."""
    found = _read_blocks(ctx, blocks)
    numbers = [_check(ctx, place, sentence, number) for place, sentence, number in found[:MAX_NUMBERS]]
    held_count = sum(number["ours"] is not None for number in numbers)
    unchecked = str(len(numbers) - held_count)
    return DraftCheck(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        text=t("drafts.result.text", ctx.lang, count=held_count, unchecked=unchecked),
        held=held_count,
        numbers=numbers,
        cut=len(found) > MAX_NUMBERS,
    )


def _read_blocks(ctx: Context, blocks: Sequence[DraftBlock]) -> list[tuple[int, str, ReadNumber]]:
    """Return place, sentence and reading of each number; a sentence informs only the next one."""
    read = partial(read_sentence, ctx.book, open_phrasebook(ctx))
    found: list[tuple[int, str, ReadNumber]] = []
    before = SentenceSubject()
    for place, block in enumerate(blocks, start=1):
        if len(found) > MAX_NUMBERS:
            break
        for sentence in split_sentences(block.text):
            numbers, before = read(sentence, before)
            found += [(place, sentence, number) for number in numbers]
        before = before if block.kind == "heading" else SentenceSubject()
    return found


def _check(ctx: Context, place: int, sentence: str, number: ReadNumber) -> CheckedNumber:
    row = _find_ours(ctx, number, number.subject) if number.subject else None
    ours = state_figure(ctx, row) if row else None
    same = bool(row and is_equal_as_written(number, row["value"]))
    difference = None if row is None else 0.0 if same else round(number.value - row["value"], 6)
    what = {
        "indicator": name_metric(ctx, ours["indicator"]) if ours else "",
        "country": name_country(ctx, ours["country"]) if ours else "",
        "year": ours["period"] if ours else "",
    }
    text = t("drafts.text.unchecked", ctx.lang)
    if ours and difference is not None:
        edition = {"ours": ours["text"], "edition": f"{ours['source']}, {ours['edition']}"}
        difference_text = format_number(difference, ctx.lang, signed=True)
        text = t(f"drafts.text.{'same' if same else 'apart'}", ctx.lang, difference=difference_text, **what, **edition)
    return CheckedNumber(
        place=place,
        sentence=sentence if len(sentence) <= MAX_QUOTED_CHARACTERS else f"{sentence[: MAX_QUOTED_CHARACTERS - 1]}…",
        written=number.written,
        text=text,
        ours=ours,
        difference=difference,
        href=f"/indicators/{ours['indicator']}/?country={ours['country']}" if ours else "",
    )


def _find_ours(ctx: Context, number: ReadNumber, subject: SentenceSubject) -> Row | None:
    """Return our figure: of all publishers' the one that agrees, else the one that is shown."""
    metrics = [ctx.book.metrics[indicator] for indicator in subject.indicators]
    fitting = sorted(
        (metric for metric in metrics if is_plausible_figure(metric, number)), key=_measure_scale
    )  # 0.14 is no score of 0 to 100
    rows = [row for metric in fitting for row in _read_rows(ctx, metric.id, subject)]
    agreeing = next((row for row in rows if is_equal_as_written(number, row["value"])), None)
    return agreeing or next((row for row in rows if row["primary"] and row["indicator"] == fitting[0].id), None)


def _measure_scale(metric: Metric) -> float:
    low, high = metric.expected
    return inf if low is None or high is None else high - low


def _read_rows(ctx: Context, metric: str, subject: SentenceSubject) -> list[Row]:
    """Return the national totals in force of a year, the primary one first."""
    rows = (
        ctx.dataset.rows(metric)
        .filter(
            pl.col("country") == subject.country, pl.col("dimensions") == "{}", pl.col("year") == subject.year,
            pl.col("value").is_not_null(),
        )
        .sort(~pl.col("primary"))
        .collect()
    )  # fmt: skip
    return rows.rows(named=True)


def is_equal_as_written(number: ReadNumber, value: float) -> bool:
    """Return True if a number is a value, rounded as it is written."""
    return bool(abs(number.value - value) <= number.step / 2 * (1 + TOLERANCE) + TOLERANCE)
