"""Which digits of a text are somebody's number, and which are a date, a time, a year or a sum of money.

``numbers(text) -> spans`` of seven digits or more, in whatever grouping, that are nothing harmless; ``masked(text)``:
the text with its dates and times made unreadable. Both take text in which every digit is one of 0 to 9.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

LEAST = 7
"""Digits of the shortest number that is taken out: those of a telephone without its code."""

LOOSE = 4
"""Most digits that may stand beside a date, a time or a year and be no number with it: a window, a count of people."""

_RUN = re.compile(r"\+?\(?\d(?:[\s.,;:،؛()/\\_*|~•·'’+=\u2010-\u2015\u2212-]{0,4}\d)*")
_YEAR = r"(?:19|20)\d\d"
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_HOUR = r"(?:[01]?\d|2[0-4])"
_ITEM = re.compile(
    rf"(?P<date>{_DAY}(?P<s>[./-]){_MONTH}(?P=s){_YEAR}|{_MONTH}(?P<u>[./-]){_DAY}(?P=u){_YEAR}"
    rf"|{_YEAR}(?P<t>[./-]){_MONTH}(?P=t){_DAY})(?!\d)"
    rf"|(?P<short>{_DAY}(?P<v>[./-]){_MONTH}(?P=v)\d\d)(?!\d)"
    rf"|(?P<time>{_HOUR}(?P<w>[:.])[0-5]\d(?:(?P=w)[0-5]\d)?)(?!\d)"
    rf"|(?P<year>{_YEAR})(?!\d)"
)
_CODE_BESIDE = re.compile(r"(?<!\d)0\d{2,}")
"""The code of a network or a town, by its nought: what stands beside it is the rest of a number, not a time."""

_YEAR_BESIDE = re.compile(rf"\s*[,;،]\s*|\s+(?=\d)|\s*[\u2010-\u2015-]\s*(?={_YEAR}(?!\d))")
_BESIDE_YEAR = re.compile(rf"(?:[,;،]\s*|\d\s+|(?<!\d){_YEAR}\s*[\u2010-\u2015-]\s*)$")
"""What parts a year from other digits: blanks, commas, and a dash from another year."""

_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([ .,'’\u00a0])\d{3})(?:\1\d{3})*(?:[.,]\d{1,2})?|[1-9]\d{0,11}(?:[.,]\d{1,2})?")
_CURRENCY = (
    r"AZN|USD|EUR|GBP|RUB|RUR|KZT|KGS|UZS|IDR|TRY|PKR|AED|MAD|ETB|UGX|RWF|XOF|RON|COP|MYR|AFN|SOS|UGS|TL|DHS?|DA|CFA|FCFA|"
    r"RP|RS|[$€£¥₽₼₸₺₹₴]|man(?:at)?|qəpik|manat\w*|dollar\w*|dolar\w*|euros?|avro\w*|shillings?|francs?|dirhams?|dinars?|"
    r"lira\w*|liras|lei|lev|pesos|rupiah|rupees?|ringgit|birr|so['‘’ʻ]?m\w*|sum|сум\w*|сом\w*|тенге|руб\w*|манат\w*|доллар\w*|"
    r"тысяч\w*|тыс|млн|миллион\w*|million\w*|milyon\w*|mln|bin|mille|thousand|ming|min|درهم\w*|دولار\w*|ريال\w*|دينار\w*|"
    r"ليرة|يورو|مانات|مليون|ألف|people|nəfər\w*|человек\w*|personnes|kişi\w*|kishi|شخص\w*"
)
_AFTER = re.compile(rf"\s?(?:{_CURRENCY})(?!\w)", re.IGNORECASE)
_BEFORE = re.compile(rf"(?<!\w)(?:{_CURRENCY})\.?\s?$", re.IGNORECASE)


def plain(text: str) -> str:
    """Return the text with every digit of any script as 0 to 9, sign by sign: places stay the same."""
    if text.isascii():
        return text
    return "".join(c if c.isascii() or (value := unicodedata.digit(c, None)) is None else str(value) for c in text)


def numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where the numbers are that may be somebody's."""
    for found in _RUN.finditer(text):
        if sum(c.isdigit() for c in found.group()) >= LEAST and not _harmless(text, *found.span()):
            yield found.span()


def masked(text: str) -> str:
    """Return the text with ``x`` for the digits and signs of dates and times that no further digits belong to."""
    parts, at = [], 0
    for found in _RUN.finditer(text):
        parts.append(text[at : found.start()])
        shown = found.group()
        dated = _items(shown)
        if dated is not None and _beside(shown, dated) <= LOOSE:
            for start, end, _ in dated:
                shown = shown[:start] + "x" * (end - start) + shown[end:]
        parts.append(shown)
        at = found.end()
    return "".join([*parts, text[at:]])


def _harmless(text: str, start: int, end: int) -> bool:
    run = text[start:end]
    items = _items(run)
    if items is not None and _beside(run, items) <= LOOSE:
        return True
    return _is_list(run) or _is_money(text, start, end)


def _items(run: str) -> list[tuple[int, int, str]] | None:
    """The dates, times and years of a run of digits; None where there is none, or digits belong to one of them."""
    found: list[tuple[int, int, str]] = []
    at = 0
    short = False
    while item := _ITEM.search(run, at):
        start, end = item.span()
        at = end
        inner = next((sign for name in "stuvw" if (sign := item.group(name))), "")
        if _joined(run[:start], inner, -1) or _joined(run[end:], inner, 1):
            if inner:
                return None
            continue  # four digits of a longer number
        short = short or item.group("short") is not None
        found.append((start, end, inner))
    if not found or run.startswith("+") or (short and _beside(run, found)):
        return None
    between = [*((start, end) for start, end, _ in found), (len(run), len(run))]
    at = 0
    for start, end in between:
        if _CODE_BESIDE.search(run, at, start):
            return None
        at = end
    return found


def _joined(rest: str, inner: str, side: int) -> bool:
    """Return True if further digits stand right beside a date or time, or after the sign that it is written with."""
    near = rest[-1:] if side < 0 else rest[:1]
    if not near:
        return False
    if near.isdigit() or near == inner:
        return True
    return not inner and not (_BESIDE_YEAR.search(rest) if side < 0 else _YEAR_BESIDE.match(rest))


def _beside(run: str, items: list[tuple[int, int, str]]) -> int:
    """Return how many digits of a run are in none of its dates, times and years."""
    inside = sum(c.isdigit() for start, end, _ in items for c in run[start:end])
    return sum(c.isdigit() for c in run) - inside


def _is_list(run: str) -> bool:
    """Return True if it counts up, as windows or floors do: 1, 2, 3, 4, 5, 6, 7."""
    given = re.split(r"\s*[,;]\s*", run)
    if len(given) < 3 or not all(one.isdigit() and len(one) <= 3 and (one == "0" or one[0] != "0") for one in given):
        return False
    return all(int(one) < int(other) for one, other in pairwise(given))


def _is_money(text: str, start: int, end: int) -> bool:
    """Return True if it is a sum or a large count: no nought in front, and beside a currency or of whole thousands."""
    run = text[start:end]
    if not _GROUPS.fullmatch(run):
        return False
    if _AFTER.match(text, end) or _BEFORE.search(text[max(0, start - 16) : start]):
        return True
    grouped = re.fullmatch(r"\d{1,3}(?:([ .,'’\u00a0])\d{3})(?:\1\d{3})*", run)
    return bool(grouped) and (run.endswith("000") or sum(c.isdigit() for c in run) <= LEAST)
