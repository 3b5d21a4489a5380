"""The numbers of a table: of what its row, the head of its column and its caption say together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dashboard.codebook.model import Codebook
from dashboard.services.drafts.binding import PLAIN_LISTS, SHARES, Inherited, NumberReading, SentenceReading, fits_unit
from dashboard.services.drafts.blocks import MOST_COLUMNS
from dashboard.services.drafts.mentions import Phrasebook, name_all
from dashboard.services.drafts.numbers import DraftNumber, read_numbers, read_years
from dashboard.services.drafts.tokens import load_words, split_tokens

MOST_ROWS = 2_000
"""Rows of a table that are read."""

_BARE = re.compile(
    r"^[\s~≈><≥≤]*[−–-]?\d[\d\s\u00a0\u202f.,'’]*\s*(?:%|п\.?\s?п\.?|pp|million|млн)?\s*(?:\*+|[a-e]|\[\d+\]|\(\w\))?$",
    re.IGNORECASE,
)
_SHARE = re.compile(r"%|per ?cent|pour cent|процент", re.IGNORECASE)
_NOT_FIGURES = re.compile(
    r"\b(?:rank|no|#|№|change|difference|diff|target|source|page|n|obs|year|rang|variation|cible|écart|année|место|изменение|цель|источник|год|"
    r"margin|error|s\.?e\.?|lower|upper|ci|sample|ранг)\b|№|#|±|Δ",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(?:rank|ranking|change|difference|diff|rang|variation|écart|место|изменение|ранг|margin|error|s\.?e\.?|lower|upper|ci)\b|±|Δ",
    re.IGNORECASE,
)
"""What makes a number one that goes with a figure, even where the indicator is named."""

_IS_YEAR = re.compile(r"^\s*(?:19|20)\d\d\s*(?:г\.?|год)?\s*$")


@dataclass(frozen=True, slots=True)
class CellContext:
    """What a head, a row's label or a caption says."""

    indicators: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    share: bool = False
    doubt: bool = False
    beside: bool = False  # a rank, an interval: not the indicator's figure
    other: bool = False  # words of something that is not known here


def read_table(
    book: Codebook, phrases: Phrasebook, rows: Sequence[Sequence[str]], caption: Inherited
) -> list[tuple[str, NumberReading]]:
    """Every number of a table with the row it stands in."""
    cut = [tuple(row[:MOST_COLUMNS]) for row in rows[:MOST_ROWS] if row]
    return [found for part in _split_tables(cut) for found in _read_part(book, phrases, part, caption)]


def _split_tables(rows: Sequence[tuple[str, ...]]) -> Iterator[Sequence[tuple[str, ...]]]:
    """The tables that stand below one another: a head that begins as the first begins another."""
    begin = 0
    for at in range(1, len(rows)):
        if at > begin + 1 and rows[at][0] == rows[begin][0] != "" and _is_head(rows[begin]) and _is_head(rows[at]):
            yield rows[begin:at]
            begin = at
    if rows:
        yield rows[begin:]


def _read_part(
    book: Codebook, phrases: Phrasebook, rows: Sequence[tuple[str, ...]], caption: Inherited
) -> list[tuple[str, NumberReading]]:
    above_rows = _read_head(rows)
    told = [" ".join(dict.fromkeys(cell for cell in column if cell)) for column in zip(*above_rows, strict=True)]
    heads = [_describe_cell(phrases, cell) for cell in told]
    skipped = {
        at
        for at, head in enumerate(heads)
        if head.beside
        or not told[at]
        or (_NOT_FIGURES.search(told[at]) and not head.indicators and not _IS_YEAR.match(told[at]))
    }
    above = CellContext(
        caption.indicators,
        frozenset({caption.country} if caption.country else ()),
        frozenset({caption.year} if caption.year else ()),
    )
    found: list[tuple[str, NumberReading]] = []
    for row in rows[len(above_rows) :]:
        sentence = " | ".join(cell for cell in row if cell)
        label = _describe_row(phrases, row)
        for at, cell in enumerate(row):
            head = heads[at] if at < len(heads) else CellContext()
            if _IS_YEAR.match(cell) or not any(letter.isdigit() for letter in cell):
                continue
            if _BARE.match(cell):
                found += [(sentence, one) for one in _read_cell(book, cell, head, label, above, at in skipped)]
            elif len(cell.split()) > 3:
                before = _inherit(head, label, above)
                found += [(cell, one) for one in SentenceReading(book, phrases, cell, before).read().readings]
    return found


def _read_head(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The row of names above the figures; two where the second goes on below merged cells of the first."""
    if not _is_head(rows[0]):
        return []
    first = list(rows[0])
    if len(rows) < 3 or len(rows[1]) != len(first) or not _is_head(rows[1]) or not _goes_on(first, rows[1]):
        return [first]
    for at in range(1, len(first)):
        first[at] = first[at] or (first[at - 1] if rows[1][at] else "")  # a merged cell as a sheet has it
    return [first, list(rows[1])]


def _goes_on(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether a second row of names belongs to the first: below cells that are merged down, or across."""
    return second[0] in ("", first[0]) or len(set(first)) < len(first)


def _is_head(row: Sequence[str]) -> bool:
    return all(not _BARE.match(cell) or _IS_YEAR.match(cell) for cell in row)


def _describe_cell(phrases: Phrasebook, text: str) -> CellContext:
    tokens = split_tokens(text)
    mentions = phrases.find(tokens, codes=True)
    named = {at for one in mentions for at in range(one.first, one.last + 1)}
    free = [one.word for at, one in enumerate(tokens) if one.kind == "word" and at not in named]
    words = load_words()
    return CellContext(
        frozenset(id_ for one in name_all(mentions, "indicator") for id_ in one.ids),
        frozenset(id_ for one in name_all(mentions, "country") for id_ in one.ids),
        frozenset(one.year for one in read_years(tokens)),
        bool(_SHARE.search(text)),
        any(words[f"doubt.{name}"].find(free) for name in ("groups", "averages", "ahead", "other")),
        bool(_BESIDE.search(" ".join(one.text for at, one in enumerate(tokens) if at not in named))),
        not all(any(words[name].has([word]) for name in PLAIN_LISTS) for word in free if len(word) > 1),
    )


def _describe_row(phrases: Phrasebook, row: Sequence[str]) -> CellContext:
    """What the cells of a row say that hold no figure."""
    parts = [_describe_cell(phrases, cell) for cell in row if _IS_YEAR.match(cell) or not _BARE.match(cell)]
    return CellContext(
        frozenset(one for part in parts for one in part.indicators),
        frozenset(one for part in parts for one in part.countries),
        frozenset(one for part in parts for one in part.years),
        any(part.share for part in parts),
        any(part.doubt for part in parts),
        any(part.beside and part.indicators for part in parts),
        any(part.other for part in parts),
    )


def _inherit(head: CellContext, label: CellContext, above: CellContext) -> Inherited:
    countries = label.countries | head.countries or above.countries
    years = label.years | head.years or above.years
    return Inherited(
        label.indicators or head.indicators or above.indicators,
        next(iter(countries)) if len(countries) == 1 else "",
        next(iter(years)) if len(years) == 1 else None,
    )


def _read_cell(
    book: Codebook, cell: str, head: CellContext, label: CellContext, above: CellContext, skipped: bool
) -> list[NumberReading]:
    bare = re.sub(r"\s*(?:\*+|\[\d+\]|\(\w\)|(?<=\d)\s?[a-e])$", "", cell.strip())
    tokens = split_tokens(bare)
    numbers = read_numbers(bare, tokens)
    if len(numbers) != 1:
        return []
    number = numbers[0]
    if skipped or label.beside or number.not_figure:
        return [NumberReading(number, bare, why=number.not_figure or "label")]
    unit = number.unit or ("percent" if head.share or label.share else "")
    number = replace(number, unit=unit)
    ids, why = _choose_indicators(book, number, head, label, above, written=bool(numbers[0].unit))
    countries = label.countries | head.countries or above.countries
    years = label.years | head.years or above.years
    unclear = (
        why
        or ("" if len(countries) == 1 else "countries" if countries else "country")
        or ("" if len(years) == 1 else "years" if years else "year")
        or ("averages" if head.doubt or label.doubt else "")
    )
    country = next(iter(countries)) if len(countries) == 1 else ""
    return [NumberReading(number, bare, ids, country, next(iter(years)) if len(years) == 1 else None, unclear)]


def _choose_indicators(
    book: Codebook, number: DraftNumber, head: CellContext, label: CellContext, above: CellContext, *, written: bool
) -> tuple[frozenset[str], str]:
    if head.indicators and label.indicators and head.indicators != label.indicators:
        return frozenset(), "indicators"
    named = head.indicators or label.indicators or above.indicators
    if named is above.indicators and (head.other or (label.other and not label.countries)):
        return frozenset(), "indicator"  # a column or row of something else below the caption
    ids = frozenset(one for one in named if fits_unit(book.metrics[one], number.unit, bare_share=True))
    if not written and 0 < abs(number.value) <= 1 and number.decimals:  # 0.93 in a sheet is shown there as 93 %
        ids = frozenset(one for one in ids if book.metrics[one].unit not in SHARES)
    return ids, "" if ids else "unit" if named else "indicator"
