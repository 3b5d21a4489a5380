"""Where an address stands: street words, houses and flats beside numbers; and dates of birth.

``find_addresses(text, country, languages) -> spans``: a street with a number, houses, flats and blocks in a row, a box
at the post, and a name with a house number. A street alone is none: offices are named by theirs.
 ``find_births(text, languages) -> spans``: dates beside words of birth. Both take what ``figures.plain`` gives.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from dashboard.contributions.voice.redaction.lists import fold, load_places
from dashboard.contributions.voice.wordlists import wordlist

FARTHEST = 6
"""Words that may stand between a street word and its number."""

_PART = re.compile(
    r"(?P<number>(?<![^\W\d_])(?:[A-ZА-Я](?=\d))?\d+(?:\s?[/\-]\s?\d+)*(?:\s?[^\W\d_](?![\w'’])|[-‐–'’]?[^\W\d_]{1,4}(?!\w))?)"
    r"|(?P<word>[^\W\d_]\.[^\W\d_]\b|[^\W\d_]/[^\W\d_]\b|[^\W\d_]+(?:['’ʻ‘-][^\W\d_]+)*)"
)
_SMALL = frozenset(
    ("de", "du", "des", "la", "le", "les", "el", "al", "of", "the", "dos", "da", "do", "and", "et", "və", "ve", "и",
     "ibn", "bin", "l")
)  # fmt: skip
_ROADS = frozenset(fold(word) for word in ("road", "route", "chemin", "yol", "yolu", "дорога", "طريق", "jalan"))
_BARE = frozenset(fold(word) for word in ("küçəsi", "caddesi", "улица"))
"""Where addresses are often a name and a number without any word of streets."""

_KIN = frozenset(fold(word) for word in ("بن", "ابن", "عبد", "أيت", "أبي", "أبو"))
_GAP = re.compile(r"[\s,.:;№#°\"«»“”()/'’ـ-]{0,5}")
_ORDINAL = re.compile(r"\d[-‐–'’]?(?:c[iı]|cu|cü|inci|nci|uncu|th|st|nd|rd|er|ère|го|ая|ый|ий)|\d(?:e|[-‐–][йяем])")
"""What is written onto a number that puts it in an order."""
_DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\s?(?:er|st|nd|rd|th)?\s+(?:of\s+)?[^\W\d_]{3,12}\s+(?:19|20)\d\d"


_BETWEEN_PARTS = re.compile(r"[\s,.:;/-]{0,3}(?:[^\W\d_]{1,12}[\s,.:;/-]{1,3})?")
_FURTHER = re.compile(r"[\s,]{0,2}(?:[^\W\d_]{1,4}[.:]|:)\s?\d{1,4}[^\W\d_]?(?![\w.:]\d|\w)")
"""A flat or floor behind an address: “D: 61”, “кв. 7”."""


class _Kind(Enum):
    NUMBER = "number"
    STREET = "street"
    UNIT = "unit"
    SOFT = "soft"
    AREA = "area"
    BOX = "box"
    SMALL = "small"
    NAME = "name"
    TOWN = "town"  # in small letters, or without any
    WORD = "word"


@dataclass(frozen=True, slots=True)
class _Part:
    start: int
    end: int
    kind: _Kind
    key: str


@dataclass(frozen=True, slots=True)
class AddressWords:
    """Words of addresses of some languages, folded; ``born`` are patterns over small letters."""

    kinds: dict[str, _Kind]
    counted: frozenset[str]
    at: frozenset[str]
    stops: frozenset[str]
    asked: frozenset[str]
    born: re.Pattern[str] | None
    born_after: re.Pattern[str] | None


@lru_cache(maxsize=64)
def load_address_words(languages: tuple[str, ...]) -> AddressWords:
    """Return what the lists of some languages say of addresses and births."""
    found = [one for language in languages if (one := wordlist(language)) is not None]
    kinds: dict[str, _Kind] = {}
    # a word of two kinds is the first
    for kind, key in (
        (_Kind.STREET, "streets"), (_Kind.UNIT, "units"), (_Kind.BOX, "boxes"), (_Kind.SOFT, "soft"),
        (_Kind.AREA, "areas"),
    ):  # fmt: skip
        for one in found:
            for word in one.addresses.get(key, ()):
                kinds.setdefault(fold(word), kind)

    def words(key: str) -> list[str]:
        return sorted({word for one in found for word in one.addresses.get(key, ())}, key=len, reverse=True)

    def pattern(key: str, form: str) -> re.Pattern[str] | None:
        given = "|".join(re.escape(word) for word in words(key))
        return re.compile(form.replace("WORDS", given), re.IGNORECASE) if given else None

    stops = {fold(word) for one in found for key in ("common", "roles", "calls") for word in one.names.get(key, ())}
    asked = {fold(word) for phrase in words("living") for word in phrase.split()}
    asked |= {fold(word) for one in found for word in one.names.get("not", ())}
    stops |= asked
    return AddressWords(
        kinds,
        frozenset(fold(word) for word in words("count")),
        frozenset(fold(word) for word in words("at")),
        frozenset(stops - set(kinds)),
        frozenset(asked - set(kinds)),
        pattern("born", rf"(?<!\w)(?:WORDS)\w*[^\d\n]{{0,25}}?(?P<date>{_DATE})"),
        pattern("born_after", rf"(?P<date>{_DATE})[^\d\n]{{0,14}}?(?<!\w)(?:WORDS)"),
    )


def find_births(text: str, languages: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where days of birth stand: a date right after a word of birth, or right before one that follows it."""
    words = load_address_words(languages)
    for pattern in (words.born, words.born_after):
        if pattern is not None:
            yield from (found.span("date") for found in pattern.finditer(text))


def find_addresses(text: str, country: str, languages: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where addresses stand; dates and times are masked before. Towns of the country belong to those they follow."""
    words = load_address_words(languages)
    parts = list(_parts(text, words, load_places(country)))
    if not any(part.kind is _Kind.NUMBER for part in parts):
        return
    lower = _is_lower(parts)
    at = 0
    while at < len(parts):
        found = _anchor(text, parts, at, words, lower)
        if found is None:
            at += 1
            continue
        first, last = _widened(text, parts, *found, words)
        if last - first > 1 or parts[first].key not in _ROADS:  # road 3 is closed
            yield parts[first].start, parts[last].end
        at = max(last, at) + 1


def join_addresses(text: str, spans: list[tuple[int, int]], names: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return parts of one address together, with one word at most between them, and short signs with a number behind.

    A name right before a part is one of a street: ``names`` are those found in the text.
    """
    joined: list[tuple[int, int]] = []
    streets = [
        one
        for one in names
        if any(_BETWEEN_PARTS.fullmatch(text, one[1], start) for start, _ in spans if start >= one[1])
    ]
    for start, end in sorted({*spans, *streets}):
        if joined and (start <= joined[-1][1] or _BETWEEN_PARTS.fullmatch(text, joined[-1][1], start)):
            start, end = joined[-1][0], max(end, joined.pop()[1])
        while found := _FURTHER.match(text, end):
            end = found.end()
        joined.append((start, end))
    return joined


def _parts(text: str, words: AddressWords, places: frozenset[str]) -> Iterator[_Part]:
    for found in _PART.finditer(text):
        if found.group("number"):
            number, dash, unit = found.group().rpartition("-")
            if dash and (kind := words.kinds.get(fold(unit))) is not None:  # 12-uy
                yield _Part(found.start(), found.start() + len(number), _Kind.NUMBER, number)
                yield _Part(found.end() - len(unit), found.end(), kind, fold(unit))
                continue
            kind, key = _Kind.NUMBER, found.group()
        else:
            shown = found.group()
            key = fold(shown)
            kind = words.kinds.get(key) or words.kinds.get(key.partition("'")[0]) or _Kind.WORD
            if kind is _Kind.WORD and len(key) > 3 and key[0] in "بلوف":  # in, to and “and” are written onto a word
                kind = words.kinds.get(key[1:]) or kind
            if kind is _Kind.WORD:
                if key in _SMALL:
                    kind = _Kind.SMALL
                elif shown[0].isupper() and key not in words.stops:
                    kind = _Kind.NAME
                elif key in places and key not in words.asked:
                    kind = _Kind.TOWN
            elif len(key) == 1 and shown[0].isupper():
                kind = _Kind.NAME if kind is not _Kind.UNIT else kind
        yield _Part(found.start(), found.end(), kind, key)


def _near(text: str, one: _Part, other: _Part) -> bool:
    between = text[one.end : other.start]
    if _GAP.fullmatch(between) is None or "\n" in between:
        return False
    ends = re.search(r"[.;:]\s", between)
    if one.kind is _Kind.NUMBER and other.kind in (_Kind.STREET, _Kind.AREA):  # 5. sokak
        return True
    return not (ends and one.kind in (_Kind.WORD, _Kind.NAME, _Kind.NUMBER) and one.end - one.start > 2)


def _counts(text: str, parts: list[_Part], at: int, words: AddressWords) -> bool:
    """Return True if a number counts something, or is an ordinal: no number of a house."""
    number = parts[at]
    if _ORDINAL.search(number.key) or text[number.end : number.end + 1] == "%":
        return True
    digits = re.sub(r"\D", "", number.key)
    if len(digits) > 8:
        return True
    if at + 1 < len(parts) and parts[at + 1].key in words.counted and len(parts[at + 1].key) > 1:
        return _near(text, number, parts[at + 1])
    return False


def _anchor(text: str, parts: list[_Part], at: int, words: AddressWords, lower: bool) -> tuple[int, int] | None:
    """Return the parts that make an address, from one on: a street and its number, two units with numbers, a box."""
    one = parts[at]
    if one.kind is _Kind.STREET:
        found = _number_after(text, parts, at, words, lower) or _number_before(text, parts, at, words, lower)
        return found or _row(text, parts, at, words)
    following = parts[at + 1] if at + 1 < len(parts) else None
    if following is None or not _near(text, one, following):
        return None
    if one.kind is _Kind.BOX:
        last = at + 1
        if following.kind is not _Kind.NUMBER and last + 1 < len(parts) and _near(text, following, parts[last + 1]):
            last += 1
        return (at, last) if parts[last].kind is _Kind.NUMBER else None
    if one.kind is _Kind.UNIT:
        return _units(text, parts, at, words) or _row(text, parts, at, words)
    if one.kind is _Kind.AREA and (found := _row(text, parts, at, words)):
        return found
    if one.kind is _Kind.NAME or (one.kind in (_Kind.WORD, _Kind.AREA) and at and parts[at - 1].kind is _Kind.NAME):
        return _name_with_number(text, parts, at, words)
    return None


def _number_after(text: str, parts: list[_Part], at: int, words: AddressWords, lower: bool) -> tuple[int, int] | None:
    plain = 0
    for place in range(at + 1, min(at + 1 + FARTHEST, len(parts))):
        part = parts[place]
        if not _near(text, parts[place - 1], part):
            return None
        if part.kind is _Kind.NUMBER:
            if _counts(text, parts, place, words):
                continue  # a street named after ten years of something
            return at, place
        if part.kind is _Kind.WORD and parts[place - 1].kind is _Kind.NAME and not plain:
            plain += 1
        elif part.kind is _Kind.WORD:
            plain += 1
            caseless = part.key[:1].upper() == part.key[:1]
            if plain > (3 if caseless else 2 if lower else 0) or "," in text[parts[place - 1].end : part.start]:
                return None
    return None


def _number_before(text: str, parts: list[_Part], at: int, words: AddressWords, lower: bool) -> tuple[int, int] | None:
    for place in range(at - 1, max(at - 1 - 4, -1), -1):
        part = parts[place]
        if not _near(text, part, parts[place + 1]):
            return None
        if part.kind is _Kind.NUMBER:
            return None if _counts(text, parts, place, words) else (place, at)
        if part.kind not in (_Kind.NAME, _Kind.SMALL, _Kind.UNIT, _Kind.SOFT) and not (
            lower and part.key not in words.stops
        ):
            return None
    return None


def _units(text: str, parts: list[_Part], at: int, words: AddressWords) -> tuple[int, int] | None:
    """Return a house and its number, beside another unit, a street, an area or a name."""
    place = at + 1
    if parts[place].kind in (_Kind.SOFT, _Kind.UNIT) and place + 1 < len(parts):
        place += 1
        if not _near(text, parts[place - 1], parts[place]):
            return None
    number = parts[place]
    letter = number.kind is not _Kind.NUMBER and number.end - number.start == 1
    if not letter and (number.kind is not _Kind.NUMBER or _counts(text, parts, place, words)):
        return None
    for other in range(place + 1, place + 5):
        if other > place + 2 and parts[place + 1].kind is not _Kind.SOFT:
            break
        if other >= len(parts) or not _near(text, parts[other - 1], parts[other]):
            break
        if parts[other].kind in (_Kind.UNIT, _Kind.STREET, _Kind.AREA):
            return at, other if parts[other].kind is not _Kind.UNIT else place
        if parts[other].kind is _Kind.NAME and not letter:
            return at, other
        if other == place + 1 and other + 1 < len(parts) and parts[other + 1].kind is _Kind.STREET and _is_lower(parts):
            return at, other + 1
    before = parts[at - 1] if at else None
    if (
        before is not None
        and _near(text, before, parts[at])
        and (
            before.kind in (_Kind.AREA, _Kind.NUMBER, _Kind.TOWN)
            or (before.kind is _Kind.NAME and (at > 1 or "," in text[before.end : parts[at].start]))
        )
    ):
        return at, place
    return None


def _row(text: str, parts: list[_Part], at: int, words: AddressWords) -> tuple[int, int] | None:
    """Return two words of addresses with a name, or two numbers, and nothing else between them."""
    inside = (
        _Kind.UNIT, _Kind.SOFT, _Kind.STREET, _Kind.AREA, _Kind.NAME, _Kind.SMALL, _Kind.NUMBER, _Kind.TOWN
    )  # fmt: skip
    last, labels, numbers, names, soft = at, 0, 0, 0, 0
    for place in range(at, min(at + 12, len(parts))):
        part = parts[place]
        if part.kind not in inside or (place > at and not _near(text, parts[place - 1], part)):
            break
        soft += part.kind is _Kind.SOFT
        labels += part.kind in (_Kind.UNIT, _Kind.STREET, _Kind.AREA)
        names += part.kind in (_Kind.NAME, _Kind.TOWN)
        floor = place + 1 < len(parts) and parts[place + 1].kind is _Kind.SOFT  # 2e étage
        if part.kind is _Kind.NUMBER and (floor or not _counts(text, parts, place, words)):
            numbers, last = numbers + 1, place
    together = (labels > 1 or soft) and numbers and (names or numbers > 1)
    return (at, last) if together else None


def _name_with_number(text: str, parts: list[_Part], at: int, words: AddressWords) -> tuple[int, int] | None:
    number = parts[at + 1]
    if number.kind is not _Kind.NUMBER or _counts(text, parts, at + 1, words) or not number.key[0].isdigit():
        return None
    first = at
    while first and parts[first - 1].kind in (_Kind.NAME, _Kind.AREA) and _near(text, parts[first - 1], parts[first]):
        first -= 1
    before = parts[first - 1] if first and _near(text, parts[first - 1], parts[first]) else None
    after = parts[at + 2] if at + 2 < len(parts) and _near(text, number, parts[at + 2]) else None
    digits = len(re.sub(r"\D", "", number.key))
    split = re.match(r"\d{1,4}\s?[/-]\s?\d{1,4}", number.key)
    bare = any(word in words.kinds for word in _BARE)
    ends = bare and digits <= 3 and re.match(r"\s*(?:[.,;!?]|$)", text[number.end :])
    onto = at > first and (ends or re.fullmatch(r"\d{1,4}[-'’][^\W\d_]+", number.key))  # Səməd Vurğun 27-də
    if (
        onto
        or (split and (first > 0 or at > first))
        or (before is not None and before.key in words.at and digits <= 4)
        or (
            after is not None
            and after.kind is _Kind.NUMBER
            and any(one.kind is _Kind.AREA for one in (parts[first], before or parts[first]))
        )
        or (
            after is not None
            and after.kind is _Kind.UNIT
            and at + 3 < len(parts)
            and parts[at + 3].kind is _Kind.NUMBER
        )
    ):
        return first, at + 1
    return None


def _widened(text: str, parts: list[_Part], first: int, last: int, words: AddressWords) -> tuple[int, int]:
    """Return an address with the parts beside it that belong to it."""
    while first and _near(text, parts[first - 1], parts[first]) and _belongs_before(text, parts, first, words):
        first -= 1
    anchor = last
    while last + 1 < len(parts) and _near(text, parts[last], parts[last + 1]):
        if not _belongs_after(text, parts, last, words):
            break
        last += 1
    while last > anchor and parts[last].kind in (_Kind.UNIT, _Kind.SMALL):  # “… 7 is my house”
        last -= 1
    return first, last


def _belongs_before(text: str, parts: list[_Part], first: int, words: AddressWords) -> bool:
    part, following = parts[first - 1], parts[first]
    street = following.kind in (_Kind.STREET, _Kind.AREA)
    if part.kind is _Kind.NUMBER:
        if _counts(text, parts, first - 1, words):
            return following.kind is _Kind.SOFT or (
                (street or following.kind is _Kind.UNIT) and "," not in text[part.end : following.start]
            )
        return True
    if part.kind is _Kind.SMALL:
        return first > 1 and parts[first - 2].kind is _Kind.NAME
    comma = "," in text[part.end : following.start]
    caseless = text[part.start].upper() == text[part.start].lower()
    if part.kind is _Kind.TOWN:
        return comma or _is_lower(parts) or text[part.start].isupper()
    if part.kind is not _Kind.WORD:
        return True
    if text[part.start].isupper() and part.key not in words.asked and following.kind in (_Kind.NAME, _Kind.TOWN):
        return True
    if caseless and street and any(one.kind is _Kind.AREA for one in parts[max(0, first - 4) : first]):
        return part.key not in words.asked
    if not street:
        plain = _is_lower(parts) and part.key not in words.stops and part.end - part.start > 3
        behind = parts[first : first + 4]
        return plain and (
            following.kind is _Kind.NUMBER
            or (following.kind is _Kind.WORD and any(one.kind is _Kind.STREET for one in behind))
        )
    if (
        first > 1
        and parts[first - 2].kind is _Kind.NAME
        and part.key not in words.asked
        and "," not in text[part.end : following.start]
    ):
        return _near(text, parts[first - 2], part)
    if text[part.start].isupper():  # a street named after a day of January
        return part.key not in words.asked
    return _is_lower(parts) and part.key not in words.stops and text[part.start].upper() != text[part.start]


def _belongs_after(text: str, parts: list[_Part], last: int, words: AddressWords) -> bool:
    part = parts[last + 1]
    following = parts[last + 2] if last + 2 < len(parts) else None
    if part.kind is _Kind.NUMBER and _counts(text, parts, last + 1, words):
        return following is not None and following.kind in (_Kind.AREA, _Kind.STREET, _Kind.SOFT, _Kind.UNIT)
    if part.kind is _Kind.SMALL:
        return following is not None and following.kind in (_Kind.NAME, _Kind.STREET)
    if part.kind is not _Kind.WORD:
        return True
    if part.end - part.start == 1 and text[part.start].isupper():
        return True
    caseless = text[part.start].upper() == text[part.start].lower()
    if not caseless or part.key in words.asked or part.key in words.counted:
        return False
    # where letters have no case a street's name is two words
    far = 3 if parts[last].key in _KIN else 1
    if parts[last].kind in (_Kind.UNIT, _Kind.AREA):
        return True
    return any(one.kind is _Kind.STREET for one in parts[max(0, last - far) : last + 1])


def _is_lower(parts: list[_Part]) -> bool:
    return not any(part.kind is _Kind.NAME and len(part.key) > 1 for part in parts)
