"""A whole draft: its numbers in their order, each with a verdict that opens onto where our figure comes from."""

from collections.abc import Sequence
from dataclasses import replace

from dashboard.locales import format_number, t
from dashboard.services.base.context import Context
from dashboard.services.base.rows import Row
from dashboard.services.base.words import name_country, name_metric
from dashboard.services.drafts.binding import Inherited, NumberReading, ReadSentence, SentenceReading
from dashboard.services.drafts.blocks import DraftBlock
from dashboard.services.drafts.judging import HeldFigures, NumberVerdict, judge, measure_difference
from dashboard.services.drafts.mentions import Phrasebook, open_phrasebook
from dashboard.services.drafts.tables import read_table
from dashboard.services.drafts.tokens import split_sentences
from dashboard.services.drafts.views import CheckedNumber, DraftCheck, Verdict, VerdictCount
from dashboard.services.holdings.nothing import describe_nothing
from dashboard.services.wording.stated import StatedFigure, state_figure

MOST_NUMBERS = 2_000
"""Numbers of one draft that are looked at."""

LONGEST_SENTENCE = 400
"""Characters of a sentence that an answer repeats."""

VERDICTS: tuple[Verdict, ...] = ("differs", "superseded", "matches", "not_ours")
"""In the order in which a writer wants them."""

LABELS = frozenset({"code", "note", "label", "denominator", "date", "count", "error"})
DOUBTS = frozenset({"groups", "averages", "ahead", "denied", "other"})
MERGED = {"unit": "indicator"} | dict.fromkeys(LABELS, "label") | dict.fromkeys(DOUBTS, "doubt")
"""Codes of the readings → those that are told."""


def check_draft(ctx: Context, blocks: Sequence[DraftBlock]) -> DraftCheck:
    """Every number of a draft against the dataset; nothing of the draft is kept."""
    found = _read_blocks(ctx, open_phrasebook(ctx), blocks)
    held = HeldFigures(ctx)
    numbers = [_check(ctx, held, place, sentence, reading) for place, sentence, reading in found[:MOST_NUMBERS]]
    tally = {verdict: sum(one["verdict"] == verdict for one in numbers) for verdict in VERDICTS}
    return DraftCheck(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        text=t(
            "drafts.result.text",
            ctx.lang,
            count=len(numbers),
            **{verdict: str(number) for verdict, number in tally.items()},
        ),
        counts=[
            VerdictCount(verdict=verdict, text=t(f"drafts.verdict.{verdict}", ctx.lang), count=tally[verdict])
            for verdict in VERDICTS
        ],
        numbers=numbers,
        cut=len(found) > MOST_NUMBERS,
    )


def _read_blocks(
    ctx: Context, phrases: Phrasebook, blocks: Sequence[DraftBlock]
) -> list[tuple[int, str, NumberReading]]:
    """Place, sentence and reading of each number; what a heading or a sentence before says is handed on."""
    heading = leading = Inherited()
    found: list[tuple[int, str, NumberReading]] = []
    for place, block in enumerate(blocks, start=1):
        if len(found) > MOST_NUMBERS:
            break
        if block.kind == "table":
            found += [(place, text, one) for text, one in read_table(ctx.book, phrases, block.rows, leading)]
            continue
        before = leading if block.kind == "item" else heading
        leading_year = before.year
        for sentence in split_sentences(block.text):
            read = SentenceReading(ctx.book, phrases, sentence, before).read()
            found += [(place, sentence, one) for one in read.readings]
            before, leading_year = _hand_on(before, read)
        if block.kind == "heading":
            heading = leading = _combine(heading, _read_heading(ctx, phrases, block.text))
        elif block.kind == "text" and block.text:
            leading = replace(before, year=leading_year)
    return found


def _read_heading(ctx: Context, phrases: Phrasebook, text: str) -> ReadSentence:
    """What a heading names."""
    return SentenceReading(ctx.book, phrases, text, Inherited()).read()


def _combine(before: Inherited, read: ReadSentence) -> Inherited:
    """What a heading hands on: a new one ends what the one before said, but for the country of its chapter."""
    countries, years = read.countries, read.years
    return Inherited(
        read.indicators,
        countries[0] if len(countries) == 1 else "" if countries else before.country,
        years[0] if len(years) == 1 else None,
    )


def _hand_on(before: Inherited, read: ReadSentence) -> tuple[Inherited, int | None]:
    """What the next sentence may leave out, and the year that a list or table below may.

    The year of a heading goes on until another is said; that of a sentence is its own: the next may speak of today.
    """
    country = before.country if not read.countries else read.countries[0] if len(read.countries) == 1 else ""
    year = before.year if set(read.years) <= {before.year} else None
    below = before.year if not read.years else read.years[0] if len(read.years) == 1 else None
    return Inherited(read.indicators or before.indicators, country, year), below


def _check(ctx: Context, held: HeldFigures, place: int, sentence: str, reading: NumberReading) -> CheckedNumber:
    verdict = NumberVerdict("not_ours", reading.why)
    if not reading.why and reading.year is not None:
        verdict = judge(ctx, held, reading.number, reading.indicators, reading.country, reading.year)
    indicator = verdict.indicator or (next(iter(reading.indicators)) if len(reading.indicators) == 1 else "")
    ours = state_figure(ctx, verdict.row) if verdict.row else None
    earlier = state_figure(ctx, verdict.earlier) if verdict.earlier else None
    why = MERGED.get(verdict.why, verdict.why)
    differs = verdict.verdict == "differs" and verdict.row is not None
    return CheckedNumber(
        place=place,
        sentence=sentence if len(sentence) <= LONGEST_SENTENCE else f"{sentence[: LONGEST_SENTENCE - 1]}…",
        written=reading.written,
        verdict=verdict.verdict,
        verdict_text=t(f"drafts.verdict.{verdict.verdict}", ctx.lang),
        why=why,
        text=_tell(ctx, reading, verdict.verdict, why, indicator, ours, earlier, verdict.row),
        indicator=indicator,
        indicator_name=name_metric(ctx, indicator) if indicator else "",
        country=reading.country,
        country_name=name_country(ctx, reading.country) if reading.country else "",
        year=str(reading.year or ""),
        ours=ours,
        earlier=earlier,
        difference=measure_difference(reading.number, verdict.row) if differs and verdict.row else None,
        href=f"/indicators/{indicator}/?country={reading.country}" if indicator and reading.country else "",
    )


def _tell(
    ctx: Context, reading: NumberReading, verdict: Verdict, why: str, indicator: str,
    ours: StatedFigure | None, earlier: StatedFigure | None, row: Row | None,
) -> str:  # fmt: skip
    """The verdict in a sentence."""
    if why == "no_figure" and indicator and reading.year:
        return describe_nothing(ctx, ctx.book.metrics[indicator], reading.country, reading.year, reading.year)["text"]
    if verdict == "not_ours":
        return t(f"drafts.why.{why}", ctx.lang)
    what = {
        "indicator": name_metric(ctx, indicator),
        "country": name_country(ctx, reading.country),
        "year": str(reading.year),
        "ours": ours["text"] if ours else "",
        "edition": f"{ours['source']}, {ours['edition']}" if ours else "",
    }
    if verdict == "superseded" and earlier:
        key = "superseded" if ours else "superseded_gone"
        was = {"earlier": earlier["text"], "before": earlier["edition"], "ended": earlier["superseded"]}
        return t(f"drafts.text.{key}", ctx.lang, **what, **was)
    difference = measure_difference(reading.number, row) if row else None
    written = format_number(difference, ctx.lang, signed=True) if difference is not None else ""
    return t(f"drafts.text.{verdict}", ctx.lang, **what, difference=written)
