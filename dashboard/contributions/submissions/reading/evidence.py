"""What the words around a table say of its figures: its sheet's name, what stands above it, its heads and its notes.

The words are data: ``locales/evidence.toml`` by kind and language, and ``places.csv``, names of the larger cities and
regions of countries (GeoNames, CC BY 4.0). What they mean for the figures is for ``rules.evidence`` to decide.
"""

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import polars as pl

from dashboard.contributions.submissions.model import MOST_PLACES, Finding
from dashboard.contributions.submissions.reading.cells import BARE_NUMBER
from dashboard.contributions.submissions.reading.heads import Heads, key
from dashboard.contributions.submissions.reading.sheet import UploadSheet
from dashboard.contributions.submissions.units import is_unit
from dashboard.locales.catalogue import FOLDER

Where = Literal["file", "sheet", "title", "head", "note"]

GROUPS = ("FEMALE", "MALE", "URBAN", "RURAL", "PWD")
"""Kinds of words that are groups of the lists, by their category."""

MAX_LETTERS = 2_000
"""Letters of a text that are looked at."""

_TOLD_BY_HEAD = ("indicator", "period", "value", "numerator", "denominator", "sample", "lower", "upper", "std_error")
_SUFFIX = 4  # letters that the ending of a place's name may have
_SHORTEST_STEM = 5  # letters of a place's name that endings may follow
_YEAR = r"(?:19|20)[0-9]{2}"
_ROUND = r"(?:100[ .,]?000|1[ .,]?000[ .,]?000|10[ .,]?000|1[ .,]?000|100|10)"
_PLACEHOLDERS = {"{year}": _YEAR, "{number}": r"[0-9]+(?:[ .,][0-9]+)*", "{round}": _ROUND, "{word}": r"\w+"}
_YEAR_WORDS = re.compile(_YEAR + r"(?:-?(?:cı|ci|cu|cü|й|го|м))? ?(?:г\.?г?\.?|ж\.)(?!\w)")
_EXTENSION = re.compile(r"\.[A-Za-z]{2,5}$")
_DAY = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-]" + _YEAR + "|" + _YEAR + r"-[0-9]{2}-[0-9]{2}")
_ONE_YEAR = re.compile(_YEAR + r" ?(?:г\.?|год|года|году|year)?(?!\w)")
_DASH = re.compile(r"\s*[-‐‑‒–—―]\s*")
_PARTS = re.compile(r"[()\[\]{},;:|/،؛\n]| [-–—] ")
_BEHIND = re.compile(r"(?:^|\s)(?:in|en|em|в|во|dans|dalam|ilə)\s+(\S.*)$")


@dataclass(frozen=True, slots=True)
class SurroundingText:
    """A text around a table and where it stands; the name of a sheet, or of a text file, is in row 0."""

    sheet: str
    row: int
    column: str
    text: str
    where: Where
    of_value: bool = False  # the head of a column of figures


@dataclass(frozen=True, slots=True)
class UnreadColumn:
    """A column that is not read: its head, and which texts stand in it beside figures.

    ``varies``: a figure of one indicator and group has several of them, and they occur more than once.
    """

    sheet: str
    row: int
    column: str
    head: str
    cells: tuple[str, ...]
    varies: bool


def unread_of(sheet: UploadSheet, heads: Heads, frame: pl.DataFrame) -> Iterator[UnreadColumn]:
    """Yield the columns of a sheet that nobody has said the meaning of, or of which is said that they are not read."""
    said = {head: at for head, (at, name) in heads.said.items() if not name}
    rows = frame.filter(pl.col("value_text") != "").select("row", "indicator_text", "breakdown_text")
    for head, at in {**heads.unknown, **said}.items():
        if head in heads.breakdowns:
            continue
        texts = sheet.texts[f"c{at}"].gather(rows["row"] - 1).str.strip_chars().alias("text")
        beside = rows.with_columns(texts).filter(pl.col("text") != "")
        words = beside.filter(~pl.col("text").str.contains(BARE_NUMBER.pattern))
        several = words.group_by("indicator_text", "breakdown_text").agg(pl.col("text").n_unique())["text"]
        repeat = words["text"].n_unique() < words["row"].n_unique()
        cells = tuple(beside["text"].unique(maintain_order=True).head(MOST_PLACES))
        varies = repeat and bool((several > 1).any())
        yield UnreadColumn(sheet.name, heads.row, sheet.letter(at), head, cells, varies)


def evidence_of(sheet: UploadSheet, heads: Heads, notes: Iterable[Finding]) -> list[SurroundingText]:
    """Return the texts around the table of a sheet: ``notes`` are those below its head that were left out."""
    name = _EXTENSION.sub("", sheet.name).replace("_", " ")
    found = [SurroundingText(sheet.name, 0, "", name, "file" if sheet.stored is None else "sheet")]
    rows = sheet.texts.head(heads.row).rows()
    first = heads.row - heads.head_rows
    for at, row in enumerate(rows[:first]):
        found += [SurroundingText(sheet.name, at + 1, sheet.letter(it), cell, "title") for it, cell in _filled(row)]
    read = {at: name for name, at in heads.columns.items() if name in _TOLD_BY_HEAD}
    read |= {one.at: one.field for one in heads.years}
    for at, row in enumerate(rows[first:], start=first):
        for it, cell in _filled(row):
            if it in read:
                of_value = read[it] == "value"
                found.append(SurroundingText(sheet.name, at + 1, sheet.letter(it), cell, "head", of_value))
    left_out = [one for one in notes if one.rule == "note_left_out"]
    found += [SurroundingText(sheet.name, one.row, one.column, one.read, "note") for one in left_out]
    return found


def _filled(row: Iterable[str]) -> Iterator[tuple[int, str]]:
    return ((at, cell) for at, cell in enumerate(row) if cell.strip())


@lru_cache(maxsize=4096)
def find_words(text: str, kind: str, country: str = "") -> tuple[str, ...]:
    """Return the words of a kind that a text holds; of ``place`` also names of places of a country."""
    plain = _plain(text)
    words = [found[0] for found in _pattern(kind).finditer(plain)]
    words += [part for part in _parts(text) if part in _whole(kind)]
    if kind == "place":
        words += [found[0] for found in _place_names(country).finditer(plain)]
    return tuple(dict.fromkeys(words))


def find_units(text: str, *, anywhere: bool = False) -> tuple[str, ...]:
    """Units that a text names: as a whole, or as a part between brackets or commas; ``anywhere``: as any word."""
    parts = [part for part in _parts(text) if is_unit(part)]
    if anywhere:
        parts += [word for word in re.findall(r"[^\W\d_]{3,}|[%‰]", _plain(text)) if is_unit(word)]
    return tuple(dict.fromkeys(parts))


def find_years(text: str, *, said: bool) -> frozenset[str]:
    """Years that a text holds beside those of days; ``said``: only those of which it says that its figures are."""
    plain = _DAY.sub(" ", key(text[:MAX_LETTERS]))
    return frozenset(re.findall(rf"(?<![0-9]){_YEAR}(?![0-9])", " ".join(find_words(plain, "year")) if said else plain))


def without(text: str, names: Iterable[str]) -> str:
    """A text without the names of indicators (as ``key`` writes them), which hold words such as “women” themselves."""
    plain = key(text[:MAX_LETTERS])
    for name in names:
        plain = plain.replace(name, " ")
    return plain


def may_hold(texts: pl.Series, kinds: Iterable[str], country: str) -> pl.Series:
    """Return which of many texts may hold words of these kinds: a look that is quick for a hundred thousand of them."""
    stems = "|".join(_expression(word.removeprefix("="), whole=False) for kind in kinds for word in _entries(kind))
    names = _names_of().get(country, ())
    pattern = "|".join([stems, *(re.escape(name) for name in names)])
    return texts.map_elements(_plain, pl.String).str.contains(pattern)


def is_split_head(head: str) -> bool:
    """Return True if a column of this head tells parts of a nation, units or currencies apart."""
    return any(part in _split_heads() for part in _parts(head))


@lru_cache
def _split_heads() -> frozenset[str]:
    return frozenset(key(word).strip(".") for word in _entries("split"))


def _plain(text: str) -> str:
    plain = _YEAR_WORDS.sub(lambda found: found[0][:4], _DASH.sub("-", key(text[:MAX_LETTERS])))
    return _pattern("harmless").sub(" ", plain)


def _parts(text: str) -> list[str]:
    """A text as a whole, its parts between brackets and commas, and what stands behind a preposition; without years."""
    pieces = [text, *_PARTS.split(text[:MAX_LETTERS])]
    plain = [_ONE_YEAR.sub("", key(piece)).strip(" .-–—") for piece in pieces]
    behind = [found[1] for piece in plain if (found := _BEHIND.search(piece))]
    return [piece for piece in (*plain, *behind) if piece]


@lru_cache
def _vocabulary() -> Mapping[str, tuple[str, ...]]:
    tree: dict[str, Any] = tomllib.loads((FOLDER / "evidence.toml").read_text(encoding="utf-8"))
    return {kind: tuple(word for words in by.values() for word in words) for kind, by in tree.items()}


def _entries(kind: str) -> tuple[str, ...]:
    return _vocabulary()[kind]


@lru_cache
def _whole(kind: str) -> frozenset[str]:
    return frozenset(key(word[1:]) for word in _entries(kind) if word.startswith("="))


@lru_cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(_expression(word) for word in _entries(kind) if not word.startswith("=")) or r"\b\B")


def _expression(entry: str, *, whole: bool = True) -> str:
    """Return an entry of the vocabulary as a regular expression; not ``whole``: how texts with it begin."""
    plain = _DASH.sub("-", key(entry.replace("~", "\x01")))
    made = re.escape(plain).replace(r"\ ", " ?" if "=" in plain else " ").replace("\x01", r"\w*" if whole else "")
    for placeholder, expression in _PLACEHOLDERS.items():
        made = made.replace(re.escape(placeholder), expression)
    before = r"\b" if plain[0].isalnum() or plain[0] == "{" else ""
    after = r"\b" if whole and (plain[-1].isalnum() or plain[-1] in "\x01}") else ""
    return f"{before}{made}{after}"


@lru_cache
def _names_of() -> Mapping[str, tuple[str, ...]]:
    with Path(__file__).with_name("places.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso3"]: tuple(row["names"].split(";")) for row in csv.DictReader(file)}


@lru_cache
def _place_names(country: str) -> re.Pattern[str]:
    """Return names of places of a country, longer ones with any ending that a language gives them."""
    endings = {True: rf"\w{{0,{_SUFFIX}}}", False: ""}
    names = [re.escape(name) + endings[len(name) >= _SHORTEST_STEM] for name in _names_of().get(country, ())]
    return re.compile(r"\b(?:" + "|".join(names) + r")\b" if names else r"\b\B")
