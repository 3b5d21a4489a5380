"""The one frame of figures that rules look at, made of whatever sheets a file has."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import polars as pl

from dashboard.contributions.submissions.model import BREAKDOWNS, FIGURE_REASONS, MOST_PLACES, Finding
from dashboard.contributions.submissions.reading import cells
from dashboard.contributions.submissions.reading.heads import (
    SDMX_BREAKDOWNS,
    WHOLE,
    Heads,
    body,
    key,
    level_of,
    usual_words,
)
from dashboard.contributions.submissions.reading.sheet import UploadSheet
from dashboard.contributions.submissions.units import is_unit
from dashboard.evidence.codebook.model import Codebook
from dashboard.locales import DESK_LANGUAGES, t

NUMBERS = ("value", "numerator", "denominator", "sample", "lower", "upper", "std_error")

FIGURES = pl.Schema(
    {
        "sheet": pl.String(),
        "row": pl.UInt32(),
        "indicator_text": pl.String(),
        "indicator": pl.String(),  # id of the codebook; null when unknown
        "country_text": pl.String(),
        "country": pl.String(),  # ISO3; null when unknown, "" when not said
        "period_text": pl.String(),
        "period": pl.String(),  # a year, or a month or quarter as read; null when unread, "" when not said
        "breakdown_text": pl.String(),
        "dimensions": pl.String(),  # canonical JSON; null when unknown
        **{
            column: kind
            for name in NUMBERS
            for column, kind in (
                (f"{name}_text", pl.String()), (name, pl.Float64()), (f"{name}_problem", pl.String()),
                (f"{name}_percent", pl.Boolean()),
            )
        },
        "unit_text": pl.String(),
        "unit_head": pl.String(),
        "reason_text": pl.String(),
        "reason": pl.String(),  # code; null when unknown, "" when not said
        "note": pl.String(),
        "level_head": pl.String(),  # of its interval, in per cent, as the heads of the bounds name it; "" where not
        "value_column": pl.String(),  # letters, in a table with a column for each year; "" in others
    }
)  # fmt: skip
"""Columns of the frame. Of each number: the text as read, the number, what was wrong with it, whether as per cent."""

_AS_WRITTEN = ("", "0", "_Z", "Units", "Unit")
"""What UNIT_MULT says of a figure that is written as it is; the words are those of national platforms."""

_EASY = r"^[+-]?[0-9]{1,99}(\.[0-9]{1,2}|\.[0-9]{4,})?$"
"""Numbers that need no second look; a class of digits would take those of every script, which no cast reads, and more
digits those that a cast reads as infinite."""

_WITH_UNIT = r"^(?<number>.*[\d%]) ?(?<unit>[\pL‰][^\d]*)$"
"""A value with its unit behind it, if the unit is one."""

_NUMBERED = [" ".join(map(str, range(1, last + 1))) for last in range(3, 30)]
"""Rows that number the columns of a table, as forms of statistics offices do: 1 2 3."""

_NUMBER = r"^[+-]?[0-9.]+([eE][+-]?[0-9]+)?$"
"""How a spreadsheet's reader writes the numbers of cells."""


def figures_of(sheet: UploadSheet, heads: Heads, book: Codebook) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the rows of one sheet in ``FIGURES``, and notes and marginal text that were left out.

    A table with a column for each year has a row for each of its cells that is not empty.
    """
    if not heads.years:
        return _figures_of(sheet, heads, book)
    frames, findings = [], []
    values = [one for one in heads.years if one.field == "value"]
    groups = {one.group for one in values}
    title = len(groups) == 1 and dimensions(values[0].group) is None  # “Per cent”
    for one in values:
        fixed = {"period": one.year, **({"breakdown": one.group} if one.group and not title else {})}
        of_it = [it for it in heads.years if it.year == one.year]
        alone = sum(it.field == "value" for it in of_it) == 1  # of several groups nobody knows of which
        beside = {it.field: it for it in of_it if alone and it.field != "value"}
        columns = {**heads.columns, **{name: it.at for name, it in beside.items()}, "value": one.at}
        levels = {name: level for name, it in beside.items() if (level := level_of(name, it.head))}
        of_year = replace(heads, columns=columns, years=(), fixed=fixed, levels=levels)
        frame, found = _figures_of(sheet, of_year, book)
        frames.append(
            frame.filter(pl.col("value_text") != "").with_columns(pl.lit(sheet.letter(one.at)).alias("value_column"))
        )
        findings += [it for it in found if it not in findings]
    return joined(frames), findings


def _figures_of(sheet: UploadSheet, heads: Heads, book: Codebook) -> tuple[pl.DataFrame, list[Finding]]:
    rows = body(sheet, heads)
    rows, findings = _without_notes(rows, sheet, heads, book)
    left = set(rows["row"])
    moved = [one for one in sheet.moved(heads.row) if one.row in left]
    rows = rows.filter(~pl.col("row").is_in([one.row for one in moved]))
    findings += moved
    if "value" in heads.columns:
        cut = sheet.cut(heads.row, heads.columns["value"])
        findings += [one for one in cut if one.row in left and one.row not in {it.row for it in moved}]
    findings += _multiplied(rows, sheet, heads)
    rows, units = _without_units(rows, heads)
    texts = {name: _text(rows, heads, name) for name in _TEXTS}
    texts["unit"] = units.zip_with(texts["unit"] == "", texts["unit"])
    made: dict[str, Any] = {
        "sheet": pl.lit(sheet.name),
        "row": rows["row"].cast(pl.UInt32),
        "indicator_text": texts["indicator"],
        "indicator": _mapped(texts["indicator"], lambda text: find_indicator(text, book)),
        "country_text": texts["country"],
        "country": _mapped(texts["country"], lambda text: _country(text, book)),
        "period_text": texts["period"],
        "period": _mapped(texts["period"], lambda text: cells.year(text) if text.strip() else ""),
        "breakdown_text": texts["breakdown"],
        "unit_text": texts["unit"],
        "unit_head": pl.lit(heads.units.get("value", "")),
        "reason_text": texts["reason"],
        "reason": _mapped(texts["reason"], lambda text: read_reason(text) if text.strip() else ""),
        "note": texts["note"],
        "level_head": pl.lit(", ".join(sorted(set(heads.levels.values())))),
        "value_column": pl.lit(""),
    }
    breakdown_texts = [texts["breakdown"], *(_text(rows, heads, name) for name in SDMX_BREAKDOWNS)]
    together = pl.DataFrame({f"b{at}": column for at, column in enumerate(breakdown_texts)})
    joined = together.select(pl.concat_str(pl.all(), separator="\x1f").alias("all"))["all"]
    made["dimensions"] = _mapped(joined, lambda text: dimensions(*text.split("\x1f")))
    for head, at in heads.breakdowns.items():
        code = rows[f"c{at}"].str.strip_chars()
        other = ~code.is_in(WHOLE)
        made["dimensions"] = made["dimensions"].set(other, None)
        made["breakdown_text"] = made["breakdown_text"].zip_with(~other, head + "=" + code)
    for name in NUMBERS:
        made |= _numbers(rows, sheet, heads, name)
    frame = pl.DataFrame({name: column for name, column in made.items() if isinstance(column, pl.Series)})
    frame = frame.with_columns(**{name: column for name, column in made.items() if isinstance(column, pl.Expr)})
    frame = _settled(frame.select(pl.col(name).cast(kind) for name, kind in FIGURES.items()), book)
    return frame, findings


def _settled(frame: pl.DataFrame, book: Codebook) -> pl.DataFrame:
    """Return values that two readings fit, where the natural limits of their indicator admit one alone."""
    for name in ("value", "lower", "upper"):
        doubtful = frame.with_row_index("at").filter(
            pl.col(f"{name}_problem") == "ambiguous", pl.col("indicator").is_not_null()
        )
        settled: dict[int, float] = {}
        for at, text, indicator in doubtful.select("at", f"{name}_text", "indicator").iter_rows():
            metric = book.metrics[indicator]
            low = -math.inf if metric.limit_low is None else metric.limit_low
            high = math.inf if metric.limit_high is None else metric.limit_high
            fitting = [one for one in cells.readings(text) or () if low <= one <= high]
            if len(fitting) == 1:
                settled[at] = fitting[0]
        if settled:
            frame = frame.with_columns(
                frame[name].scatter(list(settled), list(settled.values())),
                frame[f"{name}_problem"].scatter(list(settled), ""),
            )
    return frame


_TEXTS = ("indicator", "country", "period", "breakdown", "unit", "reason", "note")


def dimensions(breakdown: str, sex: str = "", location: str = "", disability: str = "") -> str | None:
    """Canonical JSON of a breakdown as written; None when it is not known, or two groups that exclude each other.

    ``total``, ``sex=FEMALE``, the words of the template in any language, and SDMX codes in columns of their own.
    """
    result: dict[str, str] = {}
    codes = (("sex", sex), ("location", location), ("disability", disability))
    parts = [_squeezed(part) for part in breakdown.split(";")]
    for part in (*parts, *(f"sdmx:{name}:{cells.folded(code).upper()}" for name, code in codes)):
        pairs = _breakdowns().get(part)
        if pairs is None or any(result.get(name, category) != category for name, category in pairs.items()):
            return None
        result |= pairs
    return json.dumps(result, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@lru_cache
def _breakdowns() -> Mapping[str, Mapping[str, str]]:
    breakdowns: dict[str, Mapping[str, str]] = {"": {}, "total": {}, "_t": {}}
    for name in SDMX_BREAKDOWNS:
        breakdowns |= {f"sdmx:{name}:{code}": {} for code in WHOLE}
    for lang in DESK_LANGUAGES:
        breakdowns[_squeezed(t("submissions.breakdown.total", lang))] = {}
    breakdowns |= {_squeezed(word): {} for word in usual_words()["total"]}
    codes = {"FEMALE": ("F",), "MALE": ("M",), "URBAN": ("U",), "RURAL": ("R",), "PD": (), "PWD": ()}
    for name, pairs in BREAKDOWNS.items():
        for dimension, category in pairs:
            own = {dimension: category}
            breakdowns[f"{name}={category.lower()}"] = own
            for code in (category, *codes[category]):
                breakdowns[f"sdmx:{name}:{code}"] = own
            for word in usual_words().get(category, ()):
                breakdowns[_squeezed(word)] = own
            for lang in DESK_LANGUAGES:
                breakdowns[_squeezed(t(f"submissions.breakdown.{category.lower()}", lang))] = own
    return breakdowns


def read_reason(text: str) -> str | None:
    """The code of a reason why there is no figure, by its code or its words in any language; None when unknown."""
    return cells.reason(text, _reasons())


@lru_cache
def _reasons() -> dict[str, str]:
    return {
        cells.folded(t(f"submissions.reason.{code}", lang)).casefold(): code
        for code in FIGURE_REASONS
        for lang in DESK_LANGUAGES
    }


def _squeezed(text: str) -> str:
    return key(text).replace(" ", "")


def find_indicator(text: str, book: Codebook) -> str | None:
    """Id of an indicator by its id, a publisher's series code, or its name in any language."""
    return _indicators(_Book(book)).get(_squeezed(text))


@lru_cache(maxsize=1)
def _indicators(book: "_Book") -> Mapping[str, str]:
    """Squeezed id, name or code → id; a name or code of two indicators tells of neither."""
    named: dict[str, set[str]] = {}
    for one in book.codebook.metrics.values():
        for text in (*one.name.values(), *(code for link in one.series for code in link.codes)):
            named.setdefault(_squeezed(text), set()).add(one.id)
    indicators = {text: next(iter(ids)) for text, ids in named.items() if len(ids) == 1}
    return indicators | {_squeezed(one): one for one in book.codebook.metrics}


class _Book:
    """The codebook as a key: equal when its version is."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook

    def __hash__(self) -> int:
        return hash(self.codebook.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Book) and self.codebook.version == other.codebook.version


def _country(text: str, book: Codebook) -> str | None:
    plain = cells.folded(text)
    if not plain:
        return ""
    if plain.upper() in book.countries:
        return plain.upper()
    for iso3, country in book.countries.items():
        if plain.upper() == country.iso2 or plain.zfill(3) == country.m49:
            return iso3
        if any(plain.casefold() == name.casefold() for name in country.name.values()):
            return iso3
    return None


def _without_notes(
    rows: pl.DataFrame, sheet: UploadSheet, heads: Heads, book: Codebook
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return rows with one cell that neither names an indicator nor is a number are notes; they are said, and not read.

    So are those of a text file whose own commas have cut them into more cells than the head has.
    """
    numbers = {f"c{heads.columns[name]}" for name in NUMBERS if name in heads.columns}
    every = [name for name in rows.columns if name != "row"]
    filled = pl.sum_horizontal(*((pl.col(name).str.strip_chars() != "").cast(pl.Int32) for name in every))
    cut = [one.row for one in sheet.moved(heads.row)]
    numbered = pl.concat_str(pl.col(every).str.strip_chars(), separator=" ").str.strip_chars().is_in(_NUMBERED)
    lone = rows.filter((filled == 1) | numbered | pl.col("row").is_in(cut))
    if lone.is_empty() or "indicator" not in heads.columns:
        return rows, []
    notes, findings = [], []
    for row in lone.iter_rows(named=True):
        said = {name: row[name].strip() for name in every if row[name].strip()}
        name = next(iter(said))
        if find_indicator(said.get(f"c{heads.columns['indicator']}", ""), book):
            continue
        numbers_columns = " ".join(said.values()) in _NUMBERED
        if not numbers_columns and any(_is_figure(it) for at, it in said.items() if at in numbers or len(said) > 1):
            continue  # a figure without its indicator
        notes.append(row["row"])
        letter = sheet.letter(int(name[1:]))
        text = ", ".join(said.values())[:200]
        if dimensions(said[name]) not in (None, "{}"):  # the rows below it would be read as everybody's
            findings.append(Finding("group_above", "error", sheet.name, row["row"], letter, text))
            continue
        findings.append(Finding("note_left_out", "suggestion", sheet.name, row["row"], letter, text))
    return rows.filter(~pl.col("row").is_in(notes)), findings


def _is_figure(text: str) -> bool:
    found = cells.number(text)
    return not found.missing and found.problem != "unread"


def _multiplied(rows: pl.DataFrame, sheet: UploadSheet, heads: Heads) -> Iterator[Finding]:
    """Yield rows whose figure is not what is written: it is to be multiplied by a power of ten (UNIT_MULT)."""
    if heads.multiplier is None:
        return
    column = f"c{heads.multiplier}"
    found = rows.filter(~pl.col(column).str.strip_chars().is_in(_AS_WRITTEN)).head(MOST_PLACES)
    for row in found.iter_rows(named=True):
        letter = sheet.letter(heads.multiplier)
        yield Finding("multiplier", "error", sheet.name, row["row"], letter, row[column].strip()[:200])


def _without_units(rows: pl.DataFrame, heads: Heads) -> tuple[pl.DataFrame, pl.Series]:
    """Return rows whose values are numbers alone, and the unit that stood behind each, ``8,5 min``.

    A row that has a unit in a column keeps what is written: nobody decides between the two.
    """
    none = pl.Series([""] * rows.height, dtype=pl.String)
    if "value" not in heads.columns or rows.is_empty():
        return rows, none
    column = f"c{heads.columns['value']}"
    parts = rows[column].str.strip_chars().str.extract_groups(_WITH_UNIT).struct.unnest()
    known = [unit for unit in parts["unit"].drop_nulls().unique() if is_unit(unit)]
    split = parts["unit"].is_in(known).fill_null(value=False) & (_text(rows, heads, "unit") == "")
    rows = rows.with_columns(parts["number"].zip_with(split, rows[column]).alias(column))
    return rows, parts["unit"].zip_with(split, none)


def _text(rows: pl.DataFrame, heads: Heads, name: str) -> pl.Series:
    if name in heads.fixed:
        own = [*rows[f"c{heads.columns[name]}"]] if name in heads.columns else [""] * rows.height
        return pl.Series(name, [";".join(filter(None, (it.strip(), heads.fixed[name]))) for it in own], pl.String)
    if name not in heads.columns:
        return pl.Series(name, [""] * rows.height, dtype=pl.String)
    return rows[f"c{heads.columns[name]}"].str.strip_chars().alias(name)


def _mapped(texts: pl.Series, read: Callable[[str], str | None]) -> pl.Series:
    """``read`` of each text, done once for each that differs."""
    unique = texts.unique().to_list()
    table = pl.DataFrame(
        {"from": unique, "to": [read(text) for text in unique]}, schema={"from": pl.String, "to": pl.String}
    )
    return pl.DataFrame({"from": texts}).join(table, on="from", how="left", maintain_order="left")["to"]


def _numbers(rows: pl.DataFrame, sheet: UploadSheet, heads: Heads, name: str) -> dict[str, pl.Series]:
    """Return the four columns of one number."""
    texts = _text(rows, heads, name)
    stored: pl.Series | None = None
    if sheet.stored is not None and name in heads.columns:
        column = sheet.stored[f"c{heads.columns[name]}"]
        stored = column.gather(rows["row"].cast(pl.Int64) - 1)
        # The reader takes the words "inf", "nan" and TRUE for numbers, and what no number can hold for infinity.
        stored = stored.set(~texts.str.contains(_NUMBER) | stored.is_infinite(), None)
        texts = _exact(texts, stored)
    shown = pl.Series([False] * rows.height)
    if name in heads.columns:
        marked = sheet.percent_cells.get(heads.columns[name] + sheet.first_column, frozenset())
        if marked:
            shown = rows["row"].is_in(list(marked))
    frame = pl.DataFrame(
        {"text": texts, "stored": stored if stored is not None else pl.Series([None] * rows.height, dtype=pl.Float64)}
    )
    easy = frame["text"].str.contains(_EASY)
    odd = frame.filter(~easy & (pl.col("text") != ""))["text"].unique().to_list()
    written = frame.filter(pl.col("stored").is_null())  # how a number is stored says nothing of how people write
    plain_texts = written.filter(pl.col("text").str.contains(_EASY))["text"].head(1000)
    style = cells.style_of([*written.filter(~pl.col("text").str.contains(_EASY))["text"].unique(), *plain_texts])
    read = {text: cells.number(text, style) for text in odd}
    table = pl.DataFrame(
        [(text, it.value, it.problem, it.percent) for text, it in read.items()],
        schema={"text": pl.String, "odd": pl.Float64, "problem": pl.String, "percent": pl.Boolean},
        orient="row",
    )
    joined = frame.join(table, on="text", how="left", maintain_order="left").with_columns(easy=easy, shown=shown)
    ambiguous_store = (
        pl.col("stored").is_not_null()
        & pl.col("text").str.contains(cells.TWO_READINGS.pattern)
        & pl.lit(style == "comma")
    )
    plain = pl.col("stored").is_not_null()
    made = joined.select(
        pl.col("text").alias(f"{name}_text"),
        pl.when(ambiguous_store).then(None)
        .when(plain & pl.col("shown")).then((pl.col("stored") * 100).round(10))
        .when(plain).then(pl.col("stored"))
        .when(pl.col("easy")).then(pl.col("text").cast(pl.Float64, strict=False))
        .otherwise(pl.col("odd")).alias(name),
        pl.when(ambiguous_store).then(pl.lit("ambiguous"))
        .when(plain | pl.col("easy")).then(pl.lit(""))
        .otherwise(pl.col("problem").fill_null("")).alias(f"{name}_problem"),
        (pl.col("percent").fill_null(False) | (plain & pl.col("shown"))).alias(f"{name}_percent"),
    )  # fmt: skip
    return {column: made[column] for column in made.columns}


def _exact(texts: pl.Series, stored: pl.Series) -> pl.Series:
    """Return texts of cells that hold numbers with all their digits: the reader's texts are rounded."""
    return pl.DataFrame({"text": texts, "stored": stored}).select(
        pl.when(pl.col("stored").is_null())
        .then(pl.col("text"))
        .when(pl.col("stored") == pl.col("stored").round(0))
        .then(
            pl.coalesce(pl.col("stored").cast(pl.Int64, strict=False).cast(pl.String), pl.col("stored").cast(pl.String))
        )
        .otherwise(pl.col("stored").cast(pl.String))
        .alias("text")
    )["text"]


def joined(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the rows of all sheets; none in the right columns when there are no sheets."""
    return pl.concat(frames) if frames else pl.DataFrame(schema=FIGURES)
