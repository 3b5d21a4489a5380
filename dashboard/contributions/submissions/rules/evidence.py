"""Rules of what stands around a table and beside its figures: what it says is in their columns, or they wait."""

from collections.abc import Iterator, Sequence

import polars as pl

from dashboard.contributions.submissions.model import BREAKDOWNS
from dashboard.contributions.submissions.reading.evidence import (
    GROUPS,
    SurroundingText,
    find_units,
    find_words,
    find_years,
    is_split_head,
    may_hold,
    without,
)
from dashboard.contributions.submissions.reading.figures import dimensions
from dashboard.contributions.submissions.reading.heads import key
from dashboard.contributions.submissions.rules.check import FindingPlace
from dashboard.contributions.submissions.rules.ground import Ground, check, some
from dashboard.contributions.submissions.units import is_of

MEASURES = ("scale", "unit", "currency", "rate")
PER_10_000 = ("10000", "10 000", "10.000", "10,000", "10 тыс")
BESIDE_ROWS = (*GROUPS, "group", "place", *MEASURES, "negation", "base", "year")
"""What is looked for in notes of rows, which readers see beside the figure: there other words explain it."""

AROUND = ("negation", "base", "compared", "planned", "part")
BESIDE = ("negation", "base")
_PAIRS = {category: f'"{name}":"{category}"' for pairs in BREAKDOWNS.values() for name, category in pairs}


def _told(ground: Ground) -> Iterator[tuple[SurroundingText, pl.DataFrame, bool]]:
    """Each text, the figures that it may speak of, and whether it is a note of one row."""
    names = sorted({key(name) for one in ground.book.metrics.values() for name in one.name.values()}, key=len)[::-1]
    figures = ground.read.filter(pl.col("value").is_not_null())
    of_sheet = {str(name): rows for (name,), rows in figures.group_by("sheet", maintain_order=True)}
    for one in ground.evidence:
        if (rows := of_sheet.get(one.sheet)) is not None:
            text = without(one.text, names)
            yield SurroundingText(one.sheet, one.row, one.column, text, one.where, one.of_value), rows, False
    noted = figures.filter(pl.col("note") != "")
    different = noted["note"].unique(maintain_order=True)
    suspect = different.filter(may_hold(different, BESIDE_ROWS, ground.country))
    for row in some(noted.filter(pl.col("note").is_in(suspect.to_list()))):
        letter = ground.place(row, "note").column
        text = without(str(row["note"]), names)
        rows = noted.filter(pl.col("sheet") == row["sheet"], pl.col("row") == row["row"])
        yield SurroundingText(str(row["sheet"]), int(str(row["row"])), letter, text, "note"), rows, True


def _words(one: SurroundingText, kinds: Sequence[str], country: str = "") -> list[str]:
    return [word for kind in kinds for word in find_words(one.text, kind, country)]


def _place(one: SurroundingText, words: Sequence[str], **values: str) -> FindingPlace:
    return FindingPlace(one.sheet, one.row, one.column, one.text[:200], {"word": ", ".join(words)[:80], **values})


@check("group_above", "error")
def group_above(ground: Ground) -> Iterator[FindingPlace]:
    """Words around a table name a group that none of its rows is of: its figures would be read as everybody's."""
    for one, rows, _ in _told(ground):
        words = _words(one, ["group"])
        for category in GROUPS:
            pair = _PAIRS[category]
            if not rows["dimensions"].str.contains(pair, literal=True).any():
                words += _words(one, [category])
        if words:
            yield _place(one, words)


@check("place_above", "error")
def place_above(ground: Ground) -> Iterator[FindingPlace]:
    """Words around a table name a part of the country: its figures would be read as the nation's."""
    for one, _, _ in _told(ground):
        if words := _words(one, ["place"], ground.country):
            yield _place(one, words, country=ground.country)


@check("unit_above", "error")
def unit_above(ground: Ground) -> Iterator[FindingPlace]:
    """Words around a table name a unit, a scale or a currency that is not the indicators'."""
    for one, rows, _ in _told(ground):
        units = sorted({ground.metric(name).unit for name in rows["indicator"].unique()})
        own = [unit for unit in units if unit != "ppp_usd" or not find_words(one.text, "money")]
        words = _words(one, ["scale", "unit"])
        words += [word for word in _words(one, ["rate"]) if units != ["per_10000"] or not word.endswith(PER_10_000)]
        if own:
            words += _words(one, ["currency"])
        unsaid = rows.filter(pl.col("unit_text") == "", pl.col("unit_head") == "")
        bare = {ground.metric(name).unit for name in unsaid["indicator"].unique()}
        named = find_units(one.text, anywhere=one.of_value) if one.where != "head" or one.of_value else ()
        if named and not all(any(is_of(word, unit) for word in named) for unit in bare):
            words += named
        if words:
            yield _place(one, words, unit=", ".join(units))


@check("meaning_above", "error")
def meaning_above(ground: Ground) -> Iterator[FindingPlace]:
    """Words around a table say that its figures are the opposite, compared with another year, planned, or a part."""
    for one, _, of_row in _told(ground):
        if words := _words(one, BESIDE if of_row else AROUND):
            yield _place(one, words)


@check("year_above", "error")
def year_above(ground: Ground) -> Iterator[FindingPlace]:
    """Another year stands around a table whose rows say none, or a text says that the figures are of another one."""
    for one, rows, of_row in _told(ground):
        by_row = of_row or "period" in ground.columns.get(one.sheet, {}) or (rows["value_column"] != "").any()
        if not by_row and one.where in ("sheet", "title"):
            years = find_years(one.text, said=False) - {ground.period}
        else:
            years = find_years(one.text, said=True) - set(rows["period"])
        if years:
            yield _place(
                one, sorted(years), years=", ".join(sorted(years)), period=", ".join(sorted(set(rows["period"])))
            )


def _is_evidence(cell: str, kinds: Sequence[str], country: str) -> bool:
    """Whether a cell is as a whole a word of these kinds, or a unit."""
    return bool(find_units(cell)) or any(key(cell).strip(".") in find_words(cell, kind, country) for kind in kinds)


@check("column_splits", "error")
def column_splits(ground: Ground) -> Iterator[FindingPlace]:
    """A column that is not read tells parts of the nation, units or currencies apart."""
    own = {key(name) for name in ground.book.countries[ground.country].name.values()} | {ground.country.casefold()}
    for one in ground.unread:
        cells = [cell for cell in one.cells if key(cell) not in own and dimensions(cell) != "{}"]
        kinds = (*GROUPS, "group", "place", *MEASURES)
        named = [cell for cell in cells if _is_evidence(cell, kinds, ground.country)]
        if (is_split_head(one.head) and cells) or named or (one.varies and len(cells) > 1):
            shown = ", ".join((named or cells)[:5])
            yield FindingPlace(one.sheet, one.row, one.column, one.head, {"head": one.head, "cells": shown})


@check("period_blank", "error")
def period_blank(ground: Ground) -> Iterator[FindingPlace]:
    """A row without a year, in a table that has a column of years."""
    dated = [sheet for sheet, columns in ground.columns.items() if "period" in columns]
    blank = (pl.col("sheet").is_in(dated), pl.col("period_text") == "", pl.col("value_text") != "")
    for row in some(ground.figures.filter(*blank)):
        yield ground.place(row, "period", "", period=ground.period)
