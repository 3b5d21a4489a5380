"""Nobody's name, number or address is stored with what they said: taken out before anything is kept, on this machine.

``redact(text, country, languages) -> Redacted``. Recall comes first: seven digits in any grouping are somebody's
number, whatever they are (``figures``); a date, a time or a sum of money is left. Measured on texts it was not written
for: ``tests/contributions/voice``.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

from dashboard.contributions.voice import wordlists
from dashboard.contributions.voice.model import clean
from dashboard.contributions.voice.redaction import disguises, figures
from dashboard.contributions.voice.redaction.addresses import find_addresses, find_births, join_addresses
from dashboard.contributions.voice.redaction.names import MASK, find_names
from dashboard.contributions.voice.wordlists import wordlist

FOLDER = Path(__file__).parent
RULES = (".py", ".txt", ".toml")
"""Kinds of files that rules of redaction are made of."""

REGIONS = {
    "AFG": "AF", "ARE": "AE", "AZE": "AZ", "BHS": "BS", "COL": "CO", "ETH": "ET", "IDN": "ID", "KAZ": "KZ", "KGZ": "KG",
    "MAR": "MA", "MNE": "ME", "MYS": "MY", "PAK": "PK", "ROU": "RO", "RWA": "RW", "SEN": "SN", "SOM": "SO", "TUR": "TR",
    "UGA": "UG", "UZB": "UZ",
}  # fmt: skip
"""Codes of countries as telephone numbers use them."""

_AT_SIGN = r"[(\[{<]\s?(?:at|a|et|ət|arobase|arroba|собака|آت|@)\s?[)\]}>]"
_DOTS = "dot|nokta|nöqtə|nuqta|point|точка|نقطة"
_DOT = rf"(?:\.|\s\.\s|\s?[(\[{{<]\s?(?:{_DOTS}|\.)\s?[)\]}}>]\s?|\s(?:{_DOTS})\s)"
_EMAIL = re.compile(
    r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*(?:\s\.\s[\w-]+)?"  # whatever stands on both sides of it is somebody's address
    rf"|[\w.+%-]+(?:{_DOT}[\w.+-]+){{0,2}}(?:\s?{_AT_SIGN}\s?|\s@\s)[\w-]+(?:{_DOT}[\w-]+)*"
    rf"|[\w.+%-]+\s@[\w-]+(?:{_DOT}[\w-]+)+"
    # a word for the sign alone: what follows is a domain that ends with letters, no time such as 11.45
    rf"|[\w.+%-]+(?:{_DOT}[\w.+-]+){{0,2}}\s(?:at|et|ət|آت|собака|arobase|arroba)\s[\w-]+(?:{_DOT}[\w-]+)*{_DOT}"
    r"[^\W\d_]{2,}(?!\w)",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|(?<![\w@.])(?:[\w-]+\.)+[A-Za-z]{2,}/\S+|(?<![\w@])@[A-Za-z](?:\.?\w){3,}")
_CODE = re.compile(r"(?<!\w)(?=(?:[A-Z]*\d){4})(?=[\dA-Z-]*[A-Z])[A-Z\d]{2,}(?:-[A-Z\d]+)*(?!\w)")
_ENDLESS = re.compile(r"\S{201,}")
"""No word of any language, and what a pattern would take seconds to look through; it may hide a number."""
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d\d(?:[ -]?[A-Za-z\d]{4}){2,7}(?:[ -]?[A-Za-z\d]{1,4})?(?!\w)")
_BESIDE_NUMBER = (
    re.compile(r"(?<!\w)(?:\d{2,4}[-/])?[A-Z]{1,5}[-/ ]?$"),
    re.compile(r"\w*(?:[-/][A-ZА-Я\d]{1,3}(?!\w))?"),
)
"""Letters that stand before and behind the digits of a code: TRX-2291-7734, 2026/88-K."""

_SHORT_PHONE = re.compile(r"(?<![\d-])\d\d-\d\d-\d\d(?![\d-])")
_LAW = re.compile(
    r"(?i)(?:\bloi|décret|arrêté|\blaw|\bact|закон\w*|приказ\w*|постановлени\w*|qanun\w*|fərman\w*|kanun\w*|قانون|مرسوم|"
    r"qonun\w*|мыйзам\w*|undang-undang|legea|ley|décision|directive)\W{1,3}(?:(?:no|nr|n°|№|رقم|du|от)\W{0,3})?$"
)
"""What stands before the number of a law."""

_NATIONAL = {
    "AZE": r"(?i:(?<!\w)f[iı]n(?:\s?kod\w*)?[\s:=-]+(?=[a-z]*\d)[a-z\d]{7}(?!\w))|"
    r"(?<!\w)(?:AZE|AA|AB|MYI|DYI)\s?\d{7,8}(?!\w)|(?<!\w)(?=[A-Z\d]*\d)(?=[A-Z\d]*[A-Z])[A-Z\d]{7}(?!\w)",
    "UZB": r"(?<!\w)[A-Z]{2}\s?\d{7}(?!\w)",
    "KGZ": r"(?<!\w)(?:AN|ID|PE)\s?\d{7}(?!\w)",
    "UGA": r"(?<!\w)(?i:C[MF]) ?(?=(?: ?[A-Z\d]){6,12}(?!\w))(?:[A-Z]{0,3}\d[A-Z\d]* ?)+(?:[A-Z]{1,3}(?!\w))?",
    "PAK": r"(?<!\d)\d{5}-?\d{7}-?\d(?!\d)",
    "ARE": r"(?<!\d)784[- ]?\d{4}[- ]?\d{7}[- ]?\d(?!\d)",
    "MAR": r"(?<!\w)[A-Z]{1,2}\s?\d{2,3}\s?\d{3}(?!\w)",
    "ROU": r"(?<!\w)[A-Z]{2}\s?\d{6}(?!\w)",
    "KAZ": r"(?<!\w)N\d{8}(?!\w)",
    "MYS": r"(?<!\d)\d{6}-\d\d-\d{4}(?!\d)",
    "RWA": r"(?<!\d)1\s?\d{4}\s?\d\s?\d{7}\s?\d\s?\d\d(?!\d)",
    "ETH": r"(?<!\w)E[PQ]\d{7}(?!\w)",
}
_LATIN, _CYRILLIC = "A-Za-z", "АВЕКМНОРСТУХавекмнорстух"
_PLATES = "|".join(
    (
        rf"\d\d[ -]?[{_LATIN}]{{2}}[ -]?\d{{3}}",  # Azerbaijan
        rf"\d\d[ -]?[{_LATIN}{_CYRILLIC}][ -]?\d{{3}}[ -]?[{_LATIN}{_CYRILLIC}]{{2}}",  # Uzbekistan
        rf"\d\d[ -]?\d{{3}}[ -]?[{_LATIN}]{{3}}",
        rf"\d\d[ -]?KG[ -]?\d{{3}}[ -]?[{_LATIN}]{{2,3}}",
        rf"\d{{3}}[ -]?[{_LATIN}]{{2,3}}[ -]?\d\d",  # Kazakhstan
        rf"[{_LATIN}{_CYRILLIC}][ -]?\d{{3}}[ -]?[{_LATIN}{_CYRILLIC}]{{2}}[ -]?\d{{2,3}}",
        r"\d\d[ -]?[A-Z]{1,3}[ -]?\d{2,5}",  # Türkiye
        r"[A-Z]{1,2}[ -]?\d{1,4}[ -]?[A-Z]{1,3}",  # Indonesia, Romania, Senegal
        r"[A-Z]{2}[ -]\d{2,4}[ -][A-Z]{2}",
        r"(?i:U[A-Z]{2}[ -]?\d{3}[ -]?[A-Z])|(?i:UG)[ -]?\d{4}[ -]?[A-Z]",  # Uganda
        r"(?i:R[A-Z]{2}[ -]?\d{3}[ -]?[A-Z])",  # Rwanda
        r"[A-Z]{3}[ -]\d{3,4}|[A-Z]{3}\d{3,4}",  # Colombia, Pakistan, Malaysia
        r"[A-Z]{2,3}[ -]\d\d[ -]\d{3,4}",
        r"PG[ -]?[A-Z]{2}[ -]?\d{3}",
        rf"\d{{1,6}}[ |-]{{1,3}}[{_LATIN}أبتجدهـوطيهم][ |-]{{1,3}}\d{{1,2}}",  # Morocco
        r"\d-[A-Z]?\d{5}",  # Ethiopia
    )
)
_NATIONAL_PLATES = {
    "ARE": r"(?<!\w)[A-Z]{1,2}[ -]?\d{3,5}(?!\w)",
    "BHS": r"(?<!\w)[A-Z]{2}[ -]?\d{4}(?!\w)",
}
_PLATE = re.compile(rf"(?<![\w-])(?:{_PLATES})(?![\w-])")
_MONEY = re.compile(
    r"(?i)^(?:AZN|USD|EUR|RUB|KZT|KGS|UZS|IDR|TRY|PKR|AED|MAD|ETB|UGX|RWF|XOF|RON|COP|RP|TL|RS|PM|AM|HZ|PVC|SMS|GB|MB|"
    r"KG|KM|СОМ|РУБ|OF|TO|IN|AT|NO|OR|ON)?[ -]?\d+[ -]?(?:AZN|USD|EUR|RUB|KZT|KGS|UZS|IDR|TRY|PKR|AED|MAD|ETB|UGX|RWF|"
    r"XOF|RON|COP|TL|RS|AM|PM|GB|MB|KM|MIN|СОМ|РУБ|Х)?$"
)
_SURNAME = re.compile(
    r"(?i).*(?:[oöeё]v|[oe]va|y?ev|yeva|li|lı|lu|lü|zad[əe]|sk(?:i|iy|y|aya)|enko|yan|escu|oglu|oğlu|"
    r"ов|ова|ев|ева|ёв|ин|ина|ский|ская|енко|ян|заде|оглы)"
)
_INITIALED = re.compile(
    r"(?<!\w)(?P<name>[^\W\d_][\w'’-]{2,})\s+(?P<signs>[^\W\d_]\.(?:[\s-]?[^\W\d_]\.){0,2})"
    r"|(?<![\w.])(?P<first>[^\W\d_]\.(?:[\s-]?[^\W\d_]\.){0,2})\s?(?P<last>[^\W\d_][\w'’-]{2,})"
)
_ARABIC_INITIALED = re.compile(r"(?<!\w)[\u0621-\u064a]\.\s?(?:[\u0621-\u064a]\.\s?)?ال\w{3,}")
_WORD = r"[^\W\d_][\w'’ʻ‘-]*"
_PATRONYMIC = re.compile(
    r"(?:[^\W\d_][\w'’-]+\s+){0,2}[А-ЯЁ][а-яё]{2,}(?:ович|евич|ович|ична|овна|евна)(?:а|у|ем|ом|ой|е|ы)?(?!\w)(?:\s+[А-ЯЁ][а-яё]+)?"
    r"|(?:[^\W\d_][\w'’-]+\s+){1,3}(?:оглы|оглу|кызы|уулу|oğlu|oglu|qızı|qizi|o[ʻ‘'’]g[ʻ‘'’]li)(?!\w)"
    r"|(?:[A-ZÇƏĞİÖŞÜ][\w'’-]+\s+){1,2}[A-Z][a-z]+(?:ovich|evich|yevich|ovna|evna|yevna)(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Redacted:
    """Text with a word in brackets for each thing taken out, and how many of each category there were."""

    text: str
    counts: dict[str, int]


Span = tuple[int, int, str]

KINDS = ("name", "address", "birth", "number", "phone", "card", "plate", "email", "link")
"""What is looked for; each stands in brackets where it was."""

BY_HAND = "hidden"
"""What stands for words that a person took out."""

MARK = re.compile(rf"\[(?:{'|'.join((*KINDS, BY_HAND))})\]")


def redact(text: str, country: str, languages: Iterable[str]) -> Redacted:
    """Take out what tells who wrote or who is meant.

    Args:
        text: as typed, or redacted before; cleaned here too, so that invisible characters cannot hide a number.
        country: ISO3, whose telephone numbers, identity numbers and plates are known best.
        languages: of the titles and phrases that stand before names.

    Returns:
        The redacted text; ``counts`` has no category with zero.
    """
    shown = clean(text)
    read = MARK.sub(lambda found: MASK * len(found.group()), shown)  # redacted before: nobody's name or house
    given = tuple(languages)
    bare = disguises.read_bare(figures.plain(read))
    spans: list[Span] = []
    for reading in filter(None, (bare, disguises.undo(bare, given))):
        found = _spans(reading.text, country, given)
        spans += [(*reading.find_place(start, end), category) for start, end, category in found]
    counts: dict[str, int] = {}
    parts: list[str] = []
    at = 0
    for start, end, category in _merged(spans):
        parts += [shown[at:start], f"[{category}]"]
        counts[category] = counts.get(category, 0) + 1
        at = end
    return Redacted("".join([*parts, shown[at:]]), counts)


def _spans(text: str, country: str, languages: tuple[str, ...]) -> Iterator[Span]:
    yield from ((*found.span(), "number") for found in _ENDLESS.finditer(text))
    text = _ENDLESS.sub(lambda found: " " * len(found.group()), text)
    yield from ((*found.span(), "email") for found in _EMAIL.finditer(text))
    yield from ((*found.span(), "link") for found in _LINK.finditer(text))
    if any(c.isdigit() for c in text):
        yield from _numbers(text, country, languages)
        births = list(find_births(text, languages))
        yield from ((*span, "birth") for span in births)
        undated = figures.masked(text)
        for start, end in births:
            undated = undated[:start] + "x" * (end - start) + undated[end:]
        addresses = list(find_addresses(undated, country, languages))
        names = list(find_names(text, country, languages)) if addresses else []
        yield from ((*span, "address") for span in join_addresses(undated, addresses, names))
    yield from ((*span, "name") for span in find_names(text, country, languages))
    yield from _names(text, languages)


def _numbers(text: str, country: str, languages: tuple[str, ...]) -> Iterator[Span]:
    long = list(figures.numbers(text))
    for start, end in long:
        shown = text[start:end]
        digits = re.sub(r"\D", "", shown)
        card = 13 <= len(digits) <= 19 and _luhn(digits)
        before, after = _BESIDE_NUMBER
        if found := before.search(text[max(0, start - 12) : start]):
            start -= len(found.group())
        if found := after.match(text, end):
            end = found.end()
        yield start, end, "card" if card else _kind_of_number(shown, digits, country)
    undated = figures.masked(text)
    if country in _NATIONAL:
        yield from ((*found.span(), "number") for found in re.finditer(_NATIONAL[country], undated))
    yield from (
        (*found.span(), "number") for found in _IBAN.finditer(text) if sum(c.isdigit() for c in found.group()) > 9
    )
    yield from ((*found.span(), "phone") for found in _SHORT_PHONE.finditer(undated))
    for found in _CODE.finditer(undated):
        if not _MONEY.match(found.group()):
            yield (*found.span(), "number")
    national = re.finditer(_NATIONAL_PLATES[country], undated) if country in _NATIONAL_PLATES else ()
    for found in chain(_PLATE.finditer(undated), national):
        inside = any(start < found.end() and found.start() < end for start, end in long)
        if not inside and not _MONEY.match(found.group()):
            yield (*found.span(), "plate")
    for found in _referred(languages).finditer(undated):
        if _LAW.search(text[max(0, found.start() - 16) : found.start("number")]):
            continue
        yield (*found.span("number"), "phone" if _is_phone(found.group("number"), country) else "number")


def _kind_of_number(shown: str, digits: str, country: str) -> str:
    if _is_phone(shown, country) or (shown.startswith("+") and len(digits) <= 15):
        return "phone"
    return "number"


@lru_cache
def find_rules_version() -> str:
    """Return a name of the rules in force: it changes with every line and list that they are made of."""
    lists = wordlists.FOLDER
    files = sorted(path for folder in (FOLDER, lists) for path in folder.rglob("*") if path.suffix in RULES)
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\x1f" + path.read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=4096)
def _is_phone(shown: str, country: str) -> bool:
    import phonenumbers

    try:
        number = phonenumbers.parse(re.sub(r"[^\d+]+", " ", shown), REGIONS.get(country))
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(number))


def _luhn(digits: str) -> bool:
    from stdnum import luhn

    return bool(luhn.is_valid(digits))


@lru_cache
def _referred(languages: tuple[str, ...]) -> re.Pattern[str]:
    """Return a number right after a word such as “telephone”, “case” or “passport” in any of the languages."""
    words = sorted(
        {word for one in _lists(languages) for word in one["reference"]} | {"№", "id"}, key=len, reverse=True
    )
    named = "|".join(re.escape(word) for word in words)
    return re.compile(
        rf"(?i)(?<!\w)(?:{named})(?:\w{{0,4}})?[\s:.#№=-]{{0,4}}(?:(?:no|nr|n°|№|is|er|est|number|"
        r"raqami|nömrəsi|nömrə|номер|رقم|هو|ke|nomor)"
        r"[\s:.#№-]{0,3})?(?P<number>(?=(?:[\w/-]*\d){4})[A-Za-zА-Я\d][\w/-]{3,}(?:[ -]\d{2,4}){0,4}"
        r"|\d{1,3}(?:[ .-]\d{2,3}){2,4}(?!\d|[.,]\d))"
    )


@lru_cache
def _lists(languages: tuple[str, ...]) -> tuple[dict[str, tuple[str, ...]], ...]:
    return tuple(one.names for language in languages if (one := wordlist(language)) is not None)


def _names(text: str, languages: tuple[str, ...]) -> Iterator[Span]:
    before, after, phrases, stops = _name_patterns(languages)
    for pattern in (before, phrases):
        if pattern is None:
            continue
        for found in pattern.finditer(text):
            yield from _name_from(text, found.end(), stops)
    if after is not None:
        for found in after.finditer(text):
            words = list(re.finditer(r"\S+", found.group("name")))
            if words[-1].group().casefold() in stops:
                continue
            first = words[0] if len(words) == 1 or _begins_name(words[0].group(), stops) else words[1]
            yield found.start("name") + first.start(), found.end("name"), "name"
    for found in _PATRONYMIC.finditer(text):
        words = list(re.finditer(r"\S+", found.group()))
        first = next((one for one in words[:-2] if _begins_name(one.group(), stops)), words[max(0, len(words) - 2)])
        yield found.start() + first.start(), found.end(), "name"
    for found in _INITIALED.finditer(text):
        word, signs = found.group("name") or found.group("last"), found.group("signs") or found.group("first")
        capital = word[0].isupper() and all(c.isupper() for c in signs if c.isalpha())
        if capital and (signs.count(".") > 1 or _SURNAME.fullmatch(word) or _is_one_sentence(text, found)):
            yield (*found.span(), "name")
    yield from ((*found.span(), "name") for found in _ARABIC_INITIALED.finditer(text))


def _is_one_sentence(text: str, found: re.Match[str]) -> bool:
    """Whether the full stop of an initial ends no sentence: a small letter goes on, or it begins the line or clause."""
    if found.group("name"):
        return bool(re.match(r"\s[^\W\d_A-Z]", text[found.end() :])) and text[found.end() + 1].islower()
    return bool(re.search(r"(?:^|[,:\n]\s*)$", text[: found.start()]))


def _begins_name(word: str, stops: frozenset[str]) -> bool:
    return word[0].isupper() and word.casefold() not in stops


def _name_from(text: str, at: int, stops: frozenset[str]) -> Iterator[Span]:
    """Up to three words after a title: the first in any case, further ones only as names are written."""
    start, end = at, at
    for place in range(3):
        word = re.compile(rf"\s*\.?\s*({_WORD}|[A-ZА-Я]\.)").match(text, end)
        if word is None or word.group(1).casefold() in stops:
            break
        shown = word.group(1)
        cased = shown[0].upper() != shown[0].lower()
        # where letters have no case (Arabic), a name is taken to be two words
        if place and ((cased and not shown[0].isupper()) or (not cased and place > 1)):
            break
        if "\n" in text[end : word.start(1)]:
            break
        if place == 0:
            start = word.start(1)
        end = word.end(1)
    if end > at:
        yield start, end, "name"


@lru_cache
def _name_patterns(
    languages: tuple[str, ...],
) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None, re.Pattern[str] | None, frozenset[str]]:
    lists = _lists(languages)

    def words(key: str) -> list[str]:
        found = set(chain.from_iterable(one[key] for one in lists))
        return sorted((re.escape(word) for word in found), key=len, reverse=True)

    before, after, phrases = words("before"), words("after"), words("phrases")
    if "ar" in languages:  # “to the” swallows the article's first letter: ل + السيدة is للسيدة
        before += [f"[وف]?لل{word[2:]}" for word in before if word.startswith("ال")]
    joined = "[وفبلك]?" if "ar" in languages else ""
    return (
        re.compile(rf"(?i)(?<!\w){joined}(?:{'|'.join(before)})(?!\w)\.?(?=\s)") if before else None,
        re.compile(
            rf"(?<!\w)(?P<name>(?:{_WORD}\s+)?{_WORD})\s+(?:{'|'.join(after)})(?!(?i:y?[eo]v))(?:\w{{0,5}})(?!\w)", re.I
        )
        if after
        else None,
        re.compile(rf"(?i)(?<!\w)(?:{'|'.join(phrases)})(?!\w)[\s:,-]*(?=\s|\w)") if phrases else None,
        frozenset(chain.from_iterable(chain(one["not"], one["roles"], one["common"], one["calls"]) for one in lists)),
    )


def _merged(spans: list[Span]) -> Iterator[Span]:
    """Yield spans that overlap become one; its category is that of the longest."""
    ordered = sorted(spans, key=lambda span: (span[0], -span[1]))
    current: Span | None = None
    length = 0
    for start, end, category in ordered:
        if current is not None and start < current[1]:
            if end - start > length:
                length, named = end - start, category
            else:
                named = current[2]
            current = (current[0], max(current[1], end), named)
            continue
        if current is not None:
            yield current
        current, length = (start, end, category), end - start
    if current is not None:
        yield current
