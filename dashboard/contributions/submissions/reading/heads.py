"""Which column of a sheet is what: heads in any language of the product, SDMX's, or as the country has mapped them."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

import polars as pl

from dashboard.contributions.submissions.model import Finding
from dashboard.contributions.submissions.reading.cells import BARE_NUMBER, folded
from dashboard.contributions.submissions.reading.sheet import UploadSheet
from dashboard.contributions.submissions.units import is_unit
from dashboard.locales import DESK_LANGUAGES, t
from dashboard.locales.catalogue import FOLDER
from data_sources.components import recognise

FIELDS = (
    "indicator", "country", "period", "breakdown", "value", "numerator", "denominator", "sample", "lower", "upper",
    "std_error", "unit", "reason", "note",
)  # fmt: skip
"""Columns that are read."""

SHOWN = ("name", "definition", "direction", "last_value", "last_period")
"""Columns of the template that are there to be looked at."""

REQUIRED = ("indicator", "value")

BESIDE = ("numerator", "denominator", "sample", "lower", "upper", "std_error", "reason")
"""What belongs to one figure: in a table of years each year has columns of its own for it."""

SDMX: Mapping[str, str] = {
    "indicator": "indicator", "series": "indicator", "ref_area": "country", "time_period": "period",
    "obs_value": "value", "unit_measure": "unit", "lower_bound": "lower", "upper_bound": "upper",
    "comment_obs": "note", "sex": "sex", "urbanisation": "location", "location": "location",
    "disability": "disability", "disability_status": "disability",
}  # fmt: skip
"""Concepts of SDMX (SDG data structure) → field; the last are breakdowns with columns of their own."""

SDMX_BREAKDOWNS = ("sex", "location", "disability")

_SDMX_SAYS_NOTHING = frozenset({
    "dataflow", "structure", "structure_id", "structure_name", "action", "freq", "reporting_type", "decimals",
    "obs_status", "nature", "source_detail", "time_detail", "base_per", "timeliness",
})  # fmt: skip
WHOLE = ("", "_T", "_Z", "T")
"""Codes of SDMX that do not break a figure down."""
_HEAD_WITHIN = 40  # rows from the top
_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:\.0+)?[ -]*(?:гг?\.?|года?|yili?|йил|жылы?|ж\.?|il|c[iuü] il|سنة|عام)?")
"""A head that is a year, as ``key`` writes it: 2024, «2024 год», “2024-cü il”."""
_WORDS = FOLDER / "heads.toml"
_LEFT_OUT = re.compile("[\u0307\u064b-\u0652\u0640'’‘ʻʼ`´]")
"""The dot that small letters of İ leave, Arabic vowels and stretching, apostrophes."""
_ALIKE = str.maketrans("ёıأإآىة", "еiااايه")
_LEVEL = re.compile(r"([0-9]{1,2}(?:[.,][0-9]+)?) ?%")
_UNIT = re.compile(r"[(\[]\s*([^)\]]+?)\s*[)\]]|(%)\s*$|,\s*([^,]+)$")


@dataclass(frozen=True, slots=True)
class YearColumn:
    """A column of figures of one year, and of one group, or of what stands beside the figures of that year.

    A second row of heads names the group, or the field (``BESIDE``) by its ``head``.
    """

    at: int
    year: str
    group: str = ""
    field: str = "value"
    head: str = ""


@dataclass(frozen=True)
class Heads:
    """The head of one sheet: its row (from 1), the field of each column (index in ``texts``), what was noticed."""

    row: int
    columns: Mapping[str, int]
    units: Mapping[str, str] = field(default_factory=dict)  # field → unit that its head names
    unknown: Mapping[str, int] = field(default_factory=dict)  # head as written → column
    said: Mapping[str, tuple[int, str]] = field(default_factory=dict)  # … → column, field as the country has said
    findings: tuple[Finding, ...] = ()
    breakdowns: Mapping[str, int] = field(default_factory=dict)  # those that no list has: head as written → column
    years: Sequence[YearColumn] = ()  # of a table with a column for each year
    fixed: Mapping[str, str] = field(default_factory=dict)  # field → what stands for it in every row
    multiplier: int | None = None  # column of UNIT_MULT
    levels: Mapping[str, str] = field(default_factory=dict)  # ``lower``, ``upper`` → per cent that its head names
    head_rows: int = 1  # of which ``row`` is the last


@lru_cache
def labels() -> Mapping[str, str]:
    """Folded head → field: its code, its label in every language, and what else it is called (``heads.toml``)."""
    fields = (*FIELDS, *SHOWN)
    result = {key(word): name for name in fields for word in usual_words().get(name, ())}
    result |= {name: name for name in fields}
    for name in fields:
        for lang in DESK_LANGUAGES:
            result[key(t(f"submissions.column.{name}", lang))] = name
    return {**result, **SDMX}


@lru_cache
def usual_words() -> Mapping[str, list[str]]:
    """Field → what its column is called in tables of offices, and group → what it is, in any language, as written."""
    tree: dict[str, Any] = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    tree |= tree.pop("group")
    return {name: [word for words in languages.values() for word in words] for name, languages in tree.items()}


def key(head: str) -> str:
    """Return a head as it is compared: folded, on one line, without a star or colon at its end.

    Letters that one keyboard has and another has not are one: ё and е, ı and i, the hamza on an alif, apostrophes.
    """
    plain = unicodedata.normalize("NFKC", folded(head)).casefold()
    return " ".join(_LEFT_OUT.sub("", plain).translate(_ALIKE).split()).strip(" *:")


def find(sheet: UploadSheet, mapping: Mapping[str, str], *, guessed: bool = False) -> Heads | None:
    """Return the head of a sheet with figures, or None when the sheet is something else.

    Args:
        sheet: the sheet.
        mapping: folded head → field, as the country has said; ``""`` means: not read.
        guessed: whether a row that looks like a head is taken for one where none has known words: for a person to say
            what its columns are.
    """
    mapping = {key(head): name for head, name in mapping.items()}  # what was kept may have been folded otherwise
    rows = _with_words_above(_with_words_below(sheet.texts.head(_HEAD_WITHIN).rows(), mapping))
    best = max(range(len(rows)), key=lambda at: _rank(rows[at], mapping), default=None)
    if best is None:
        return None
    if _known(rows[best], mapping) < 2:
        best = _likely_head(rows) if guessed else None
        if best is None:
            return None
    if best and _names_figures_of_years(rows[best - 1], rows[best], mapping):
        best -= 1
    named = _named(rows[best], mapping)
    years = _years(rows[best], named)
    columns: dict[str, int] = {}
    units: dict[str, str] = {}
    levels: dict[str, str] = {}
    findings: list[Finding] = []
    for at, name in named.items():
        if name in columns:
            findings.append(
                _of(sheet, best, at, "column_twice", "error", rows[best][at], other=sheet.letter(columns[name]))
            )
            continue
        columns[name] = at
        if unit := _unit(rows[best][at], mapping):
            units[name] = unit
        if level := level_of(name, rows[best][at]):
            levels[name] = level
    if "indicator" not in columns and "name" in columns:  # an indicator may be told by its name
        columns["indicator"] = columns.pop("name")
    said = {
        head.strip(): (at, mapping[key(head)])
        for at, head in enumerate(rows[best])
        if key(head) and key(head) in mapping
    }
    unknown, breakdowns, multiplier = {}, {}, None
    for at, head in enumerate(rows[best]):
        folded_head = key(head)
        if not folded_head or at in named or folded_head in _SDMX_SAYS_NOTHING or mapping.get(folded_head) == "":
            continue
        if at in years:
            continue
        (component,) = recognise([folded_head], {}).all
        if component.role == "multiplier":
            multiplier = at
        elif component.role == "breakdown" and component.known:
            if set(sheet.texts[f"c{at}"][best + 1 :].str.strip_chars()) - set(WHOLE):
                breakdowns[head.strip()] = unknown[head.strip()] = at
        else:
            unknown[head.strip()] = at
            findings.append(_of(sheet, best, at, "column_unknown", "warning", head))
    last = best
    of_years: tuple[YearColumn, ...] = ()
    if years:
        last, found_years = _year_columns(rows, best, years)
        of_years = tuple(_with_field(one, mapping) for one in found_years)
        findings += _of_years(sheet, last, rows[best], columns, of_years)
    heads = ", ".join(head.strip() for head in rows[best] if head.strip())[:200]
    findings += [
        Finding("column_missing", "error", sheet.name, best + 1, "", heads, {"field": name})
        for name in REQUIRED
        if name not in columns and not (name == "value" and of_years)
    ]
    findings += _merged(sheet, best + 1)
    return Heads(
        last + 1, columns, units, unknown, said, tuple(findings), breakdowns, of_years, multiplier=multiplier,
        levels=levels, head_rows=last - best + 1,
    )  # fmt: skip


def _with_words_above(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the rows; one of years alone with the heads that stand above its empty cells, as in a head of two rows."""
    made = list(rows)
    for at, (above, row) in enumerate(pairwise(rows), start=1):
        cells = [key(cell) for cell in row if cell.strip()]
        if cells and all(map(_YEAR.fullmatch, cells)):
            made[at] = tuple(cell if cell.strip() else word for word, cell in zip(above, row, strict=True))
    return made


def _with_words_below(rows: Sequence[tuple[str, ...]], mapping: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return the rows; one of two years or more alone with the heads that stand below the empty cells before them."""
    made = list(rows)
    for at, (row, below) in enumerate(pairwise(rows)):
        years = [place for place, cell in enumerate(row) if cell.strip()]
        if len(years) < 2 or not all(_YEAR.fullmatch(key(row[place])) for place in years):
            continue
        first = years[0]
        before = {name for place, name in _named(below, mapping).items() if place < first}
        if before & {"indicator", "name"} and "value" not in before and not any(map(_is_number, below)):
            made[at] = (*below[:first], *row[first:])
            made[at + 1] = (*[""] * first, *below[first:])
    return made


def _names_figures_of_years(above: tuple[str, ...], row: tuple[str, ...], mapping: Mapping[str, str]) -> bool:
    """Return True if a row says what the columns of each year are, and the heads are the row above it."""
    named = _named(above, mapping)
    known = set(named.values()) & {"indicator", "name"}
    return bool(known and _years(above, named) and not {"indicator", "name"} & set(_named(row, mapping).values()))


def _known(row: tuple[str, ...], mapping: Mapping[str, str]) -> int:
    """Return how many heads of a row are known; 0 where nothing among them is a figure's or an indicator's."""
    named = _named(row, mapping)
    fields = set(named.values())
    return (len(fields) + bool(_years(row, named))) if fields & {"value", "indicator", "name"} else 0


def _rank(row: tuple[str, ...], mapping: Mapping[str, str]) -> tuple[int, bool]:
    """Return which of two rows is rather the head: the one of more known heads that says where figures are."""
    named = _named(row, mapping)
    figures = "value" in named.values() or bool(_years(row, named))
    return _known(row, mapping) + figures, figures


def _years(row: tuple[str, ...], named: Mapping[int, str]) -> dict[int, str]:
    """Column → year, for heads that are years; none in a table that has a column of values or of years."""
    if {"value", "period"} & set(named.values()):
        return {}
    return {at: match[1] for at, head in enumerate(row) if at not in named and (match := _YEAR.fullmatch(key(head)))}


def _year_columns(
    rows: Sequence[tuple[str, ...]], head: int, years: Mapping[int, str]
) -> tuple[int, tuple[YearColumn, ...]]:
    """Return the last row of the heads, and what each column of figures is.

    A second row of heads names groups: above the years, each for the columns up to the next, or below them, where the
    year is for the columns up to the next.
    """
    first, row = min(years), rows[head]
    below = rows[head + 1] if head + 1 < len(rows) else ()
    if any(below[first:]) and not any(map(str.strip, below[:first])) and not any(map(_is_number, below[first:])):
        span = {at: years[max(year for year in years if year <= at)] for at in range(first, len(below))}
        return head + 1, tuple(YearColumn(at, span[at], below[at].strip()) for at in span if below[at].strip())
    above = rows[head - 1] if head else ()
    group, columns = "", []
    for at in range(first, len(row)):
        group = (above[at].strip() if above else "") or group
        if at in years:
            columns.append(YearColumn(at, years[at], group))
    return head, tuple(columns)


def _of_years(
    sheet: UploadSheet, last: int, row: tuple[str, ...], columns: Mapping[str, int], years: Sequence[YearColumn]
) -> Iterator[Finding]:
    """What cannot be told in a table of years: a year twice, a column of no year, numbers beside figures of many."""
    seen: dict[tuple[str, str, str], int] = {}
    for one in years:
        other = seen.setdefault((one.year, key(one.group), one.field), one.at)
        if other != one.at:
            yield _of(sheet, last, one.at, "column_twice", "error", one.year, other=sheet.letter(other))
    known = {*columns.values(), *(one.at for one in years)}
    for at in range(min(one.at for one in years), sheet.texts.width):
        cells = sheet.texts[f"c{at}"]
        if at not in known and not row[at].strip() and any(map(_is_number, cells[last + 1 :])):
            yield _of(sheet, last, at, "column_nameless", "error", next(filter(_is_number, cells[last + 1 :])))
    for name in BESIDE:
        if name in columns:
            yield _of(sheet, last, columns[name], "column_of_which_year", "error", row[columns[name]])
    figures = Counter(one.year for one in years if one.field == "value")
    for one in years:
        if one.field != "value" and figures[one.year] != 1:  # of which of several groups, or of none
            yield _of(sheet, last, one.at, "column_of_which_year", "error", one.head)


def _with_field(column: YearColumn, mapping: Mapping[str, str]) -> YearColumn:
    """Return a column of a year as what stands beside its figures, where its second head names that."""
    head, known = key(column.group), labels()
    bare = key(_UNIT.sub("", head))
    name = mapping.get(head) or known.get(head) or mapping.get(bare) or known.get(bare)
    if not head or name not in ("value", *BESIDE):
        return column
    return YearColumn(column.at, column.year, field=name, head=column.group)


def level_of(name: str, head: str) -> str:
    """The level in per cent that the head of a bound names, ``Lower bound (90 %)`` → ``90``; "" where it names none."""
    match = _LEVEL.search(folded(head)) if name in ("lower", "upper") else None
    return match[1].replace(",", ".") if match else ""


def _is_number(cell: str) -> bool:
    return BARE_NUMBER.match(folded(cell)) is not None


def _likely_head(rows: Sequence[tuple[str, ...]]) -> int | None:
    """Return the first row of two or more different texts, none a number, above a row in which something is one."""
    for at, (row, below) in enumerate(pairwise(rows)):
        texts = [key(cell) for cell in row if cell.strip()]
        words = [text for text in texts if not _is_number(text) or _YEAR.fullmatch(text)]
        if len(set(words)) == len(texts) > 1 and not _is_number(texts[0]) and any(map(_is_number, below)):
            return at
    return None


def _named(row: tuple[str, ...], mapping: Mapping[str, str]) -> dict[int, str]:
    """Column → field, for the cells of a row that are heads."""
    known, columns = labels(), {}
    for at, head in enumerate(row):
        folded_head = key(head)
        if not folded_head:
            continue
        bare = key(_UNIT.sub("", folded_head))
        name = mapping.get(folded_head) or known.get(folded_head) or mapping.get(bare) or known.get(bare)
        if name and mapping.get(folded_head) != "":
            columns[at] = name
    return columns


def _unit(head: str, mapping: Mapping[str, str]) -> str:
    """Return the unit a head names beside its label, ``Value (%)`` → ``%``.

    A head that the country has mapped is of its own words: there only what is known as a unit is taken for one, since
    brackets may hold a year. Mapping says what a column is, not that its unit is right.
    """
    folded_head = key(head)
    if folded_head in labels():
        return ""
    parts = [part for match in _UNIT.finditer(folded_head) for part in match.groups() if part]
    if folded_head in mapping:
        parts = [part for part in parts if is_unit(part)]
    return next(iter(parts), "")


def _merged(sheet: UploadSheet, row: int) -> list[Finding]:
    """Merged cells at the head or in the rows below: what stands in them belongs to their first cell only."""
    inside = []
    for span in sheet.merged:
        first, last = (int(re.sub(r"\D", "", part)) for part in span.split(":"))
        if last >= row and not (first < row and last < row):
            inside.append((span, first))
    findings = []
    for span, first in inside[:100]:
        column = re.sub(r"\d", "", span.split(":")[0])
        rule = "head_merged" if first <= row else "cells_merged"
        findings.append(Finding(rule, "warning", sheet.name, first, column, span, {"span": span}))
    return findings


def _of(sheet: UploadSheet, row: int, at: int, rule: str, severity: str, read: str, **values: str) -> Finding:
    return Finding(rule, severity, sheet.name, row + 1, sheet.letter(at), read.strip(), values)  # type: ignore[arg-type]


def body(sheet: UploadSheet, heads: Heads) -> pl.DataFrame:
    """Return the rows below the head that hold anything, with ``row`` as a spreadsheet counts."""
    frame = sheet.texts.with_row_index("row", offset=1).slice(heads.row)
    used = [f"c{at}" for at in (*heads.columns.values(), *(one.at for one in heads.years))]
    return frame.filter(pl.any_horizontal(pl.col(used).str.strip_chars() != ""))
