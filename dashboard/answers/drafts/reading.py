"""What a sentence says of each of its numbers: indicator, country, year and unit, where all four are explicit.

Explicit means: named once, in the sentence or the one before, with nothing in between that could speak of something
else. Everything that is not is left unchecked.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dashboard.answers.drafts.mentions import Mention, Phrasebook
from dashboard.answers.drafts.tokens import Token, load_words, split_tokens
from dashboard.evidence.codebook.model import Codebook, Metric

Unit = Literal["", "percent", "points", "money", "people"]

UNITS: Mapping[str, tuple[Unit, ...]] = {
    "percent": ("percent",),
    "score": ("", "points"), "index": ("", "points"), "points": ("", "points"),
    "usd": ("money",), "ppp_usd": ("money",), "people": ("people",),
}  # fmt: skip
"""Unit of an indicator → the units that a number of it may be written with; of others no number is read."""

DASHES = ("–", "—", "-", "−")

PEOPLE = frozenset({"population"})
"""The indicator whose name is a word of many others."""

FIRST_YEAR, LAST_YEAR = 1950, 2050
"""Four digits between these are a year."""

_GROUPS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SPACES = re.compile(r"[ \u00a0\u202f\u2009'’]")
_COMMA_LANGUAGE = re.compile(r"[а-яё]|\b(?:le|la|les|des|du|est|une|dans|sièges|était|l)\b", re.IGNORECASE)
_SCALES = {"unit.thousand": 1e3, "unit.million": 1e6, "unit.billion": 1e9}


@dataclass(frozen=True, slots=True)
class SentenceSubject:
    """What a sentence names: each empty where it names none, or more than one."""

    indicators: frozenset[str] = frozenset()
    country: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A number as written. ``subject`` is None where it is not certain what it is of.

    ``step`` is what its last digit counts; ``first`` and ``last`` are its tokens, unit included.
    """

    written: str
    value: float
    step: float
    unit: Unit
    first: int
    last: int
    subject: SentenceSubject | None = None


def read_value(text: str, decimal_comma: bool) -> tuple[float, int] | None:
    """Return a number's value and decimals; None where it is a code such as 16.6.2.

    Args:
        decimal_comma: whether 1,234 is one and a bit, as in French and Russian, or a thousand.
    """
    sign = -1.0 if text[:1] in "−–-" else 1.0
    bare = _SPACES.sub("", text.lstrip("−–-"))
    if "," in bare:
        grouped = _GROUPS.fullmatch(bare) and not bare.startswith("0")
        if grouped and ("." in bare or bare.count(",") > 1 or not decimal_comma):
            bare = bare.replace(",", "")
        elif bare.count(",") == 1 and "." not in bare:
            bare = bare.replace(",", ".")
        else:
            return None
    if bare.count(".") > 1:
        return None
    return sign * float(bare), len(bare.partition(".")[2])


def read_sentence(
    book: Codebook, phrases: Phrasebook, text: str, before: SentenceSubject
) -> tuple[list[ReadNumber], SentenceSubject]:
    """Return the numbers of a sentence, and what it names for the next one."""
    tokens = split_tokens(text)
    mentions = _drop_people(phrases.find(tokens))
    years = {at: int(token.text) for at, token in enumerate(tokens) if _is_year(tokens, at)}
    stated = _find_subject(mentions, years)
    numbers = [number for at in range(len(tokens)) if at not in years and (number := _read_number(text, tokens, at))]
    named = {at for mention in mentions for at in range(mention.first, mention.last + 1)}
    free = [token.word for at, token in enumerate(tokens) if token.kind == "word" and at not in named]
    words = load_words()
    if any(word in words["elsewhere"] for word in free):
        return numbers, stated
    kinds = {mention.kind for mention in mentions}
    implied = "indicator" not in kinds and any(word in words["implied"] for word in free)
    subject = SentenceSubject(
        stated.indicators if "indicator" in kinds else before.indicators if implied else frozenset(),
        stated.country if "country" in kinds else before.country,
        stated.year if years else before.year if before.indicators else None,  # “a plan in 2019. It scores 40 …”
    )
    metrics = [book.metrics[indicator] for indicator in subject.indicators]
    if not metrics or not subject.country:
        return numbers, stated
    fitting = [number for number in numbers if any(is_plausible_figure(metric, number) for metric in metrics)]
    placed = {number: _find_year(tokens, number, years) or (subject.year, None) for number in fitting}
    claims = Counter(year for year, _ in placed.values())
    whole = kinds != {"indicator", "country"} or not years
    read = []
    for number in numbers:
        year, at = placed.get(number, (None, None))
        ends = [*named, number.first, number.last, *(years if at is None else (at,))]
        behind = tokens[number.last + 1 : number.last + 2]
        counted = number.last + 4 if behind and behind[0].word in ("of", "de", "des", "du", "d", "из") else number.last
        between = range(0 if whole else min(ends), min(len(tokens), max(*ends, counted, whole * len(tokens)) + 1))
        clear = year is not None and claims[year] == 1 and _is_clear(tokens, between, named, number)
        read.append(
            replace(number, subject=SentenceSubject(subject.indicators, subject.country, year)) if clear else number
        )
    return read, stated


def _drop_people(mentions: Sequence[Mention]) -> list[Mention]:
    """Drop the population where another indicator is named: “8 % of the population used …”."""
    others = any(mention.kind == "indicator" and mention.ids != PEOPLE for mention in mentions)
    return [mention for mention in mentions if not (others and mention.ids == PEOPLE)]


def _find_subject(mentions: Sequence[Mention], years: Mapping[int, int]) -> SentenceSubject:
    indicators = {mention.ids for mention in mentions if mention.kind == "indicator"}
    countries = {mention.ids for mention in mentions if mention.kind == "country"}
    country = next(iter(countries)) if len(countries) == 1 else frozenset[str]()
    return SentenceSubject(
        next(iter(indicators)) if len(indicators) == 1 else frozenset(),
        next(iter(country)) if len(country) == 1 else "",
        next(iter(years.values())) if len({*years.values()}) == 1 else None,
    )


def _is_year(tokens: Sequence[Token], at: int) -> bool:
    text = tokens[at].text
    return (
        tokens[at].kind == "number" and len(text) == 4 and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR
        and not _read_unit(tokens, at + 1)[1] and (not at or tokens[at - 1].text != "$")
    )  # fmt: skip


def _read_unit(tokens: Sequence[Token], at: int) -> tuple[Unit, int, float]:
    """Return the unit that begins at a token, its length in tokens, and its multiplier."""
    words, length, scale = load_words(), 0, 1.0
    while at + length < len(tokens):
        token = tokens[at + length]
        pair = [following.word for following in tokens[at + length : at + length + 2]]
        scaled = next((by for name, by in _SCALES.items() if token.word in words[name]), None)
        if scaled and scale == 1.0:
            scale, length = scaled, length + 1
        elif token.text == "%" or pair in (["per", "cent"], ["pour", "cent"]):
            return "percent", length + (1 if token.text == "%" else 2), scale
        else:
            named = (name for name in ("percent", "points", "money", "people") if token.word in words[f"unit.{name}"])
            unit = next(named, "")
            return unit, length + bool(unit), scale  # type: ignore[return-value]
    return "", length, scale


def _read_number(text: str, tokens: Sequence[Token], at: int) -> ReadNumber | None:
    token = tokens[at]
    read = read_value(token.text, bool(_COMMA_LANGUAGE.search(text))) if token.kind == "number" else None
    if read is None:
        return None
    unit, length, scale = _read_unit(tokens, at + 1)
    first, last = at, at + length
    if at and tokens[at - 1].text == "$":
        unit, first = "money", at - 1
    value, decimals = read
    spelling = text[tokens[first].start : tokens[last].end]
    return ReadNumber(spelling, value * scale, scale * 10.0**-decimals, unit, first, last)


def is_plausible_figure(metric: Metric, number: ReadNumber) -> bool:
    """Return True if unit, decimals and limits allow a number to be an indicator's figure."""
    low, high = metric.expected
    within = (
        (metric.decimals > 0 or number.step >= 1)
        and (low is None or number.value >= low)
        and (high is None or number.value <= high)
    )
    return number.unit in UNITS.get(metric.unit, ()) and within


def _find_year(tokens: Sequence[Token], number: ReadNumber, years: Mapping[int, int]) -> tuple[int, int] | None:
    """Return the year right behind a number (“27 in 2020”, “31 (2025)”) and its place."""
    for at in range(number.last + 1, min(number.last + 3, len(tokens))):
        if at in years:
            heads = at + 1 < len(tokens) and (tokens[at + 1].text in (":", "=", "/") or tokens[at + 1].text in DASHES)
            return None if heads else (years[at], at)
        if tokens[at].text not in ("(", ",") and tokens[at].word not in ("in", "en", "в"):
            return None
    return None


def _is_clear(tokens: Sequence[Token], between: range, named: set[int], number: ReadNumber) -> bool:
    """Return True if nothing near a number and its subject could mean something else."""
    words = load_words()
    before = tokens[number.first - 1].word if number.first else ""
    after = tokens[number.last + 1] if number.last + 1 < len(tokens) else None
    if (
        before in words["moves"]
        or before in words["behind"]
        or tokens[max(0, number.first - 2)].word in words["behind"]
    ):
        return False
    if before == "/" or (before in DASHES and number.first > 1 and tokens[number.first - 2].kind == "number"):
        return False
    if after and (
        after.text in ("/", *DASHES)
        or after.kind == "number"
        or (after.kind == "word" and after.word not in words["plain"])
    ):
        return False
    inside = [tokens[at] for at in between if at not in named and not number.first <= at <= number.last]
    return not any(
        (token.kind == "word" and token.word not in words["plain"]) or token.text in ";:" for token in inside
    )
