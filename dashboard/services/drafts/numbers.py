"""The numbers of a sentence: what each is worth, how exactly it is said, and which are no figures at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dashboard.services.drafts.tokens import Token, load_words

Bound = Literal["", "about", "more", "less", "above", "below"]
"""How exactly a number is said: ``more`` and ``less`` with the number itself, ``above`` and ``below`` without it."""

BOUNDS: tuple[Bound, ...] = ("about", "more", "less", "above", "below")
SIGNS: dict[str, Bound] = {">": "above", "<": "below", "≥": "more", "≤": "less"}

FIRST_YEAR, LAST_YEAR = 1950, 2050
"""Four digits between these are a year where nothing says otherwise."""

FRACTION_STEP = 6.0
"""How coarse a share is that is told as a fraction (“two-thirds”), in percentage points (ours)."""

_GROUPS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SPACES = re.compile(r"[ \u00a0\u202f\u2009'’]")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_FRENCH = re.compile(r"\b(?:le|la|les|des|du|en|est|une|dans|pour|près|sur|aux|était|avec)\b", re.IGNORECASE)
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
MONEY_SIGNS = {"$": "money"} | dict.fromkeys("€£₸₽₼", "currency")
SCALE_ENDS = frozenset({0.0, 1.0, 10.0, 100.0})
DASHES = "–—-‑−"
TO = frozenset({"to", "a", "до"})
FROM = frozenset({"from", "de", "с", "со"})


@dataclass(frozen=True, slots=True)
class DraftNumber:
    """A number of a sentence. ``first`` and ``last``: its tokens, unit included.

    ``step`` is what its last digit counts; ``not_figure`` says why it is none: a code, "" where it may be one.
    """

    first: int
    last: int
    value: float
    step: float
    decimals: int
    unit: str  # percent, points, money (dollars), currency (any other), people or ""
    bound: Bound
    not_figure: str = ""


@dataclass(frozen=True, slots=True)
class DraftYear:
    """A year of a sentence; ``loose`` where it is only a beginning or an end (“since 2015”)."""

    first: int
    last: int
    year: int
    loose: bool = False


def read_value(text: str, decimal_comma: bool) -> tuple[float, int] | None:
    """What a number is worth and how many decimals it has; None where it is a code such as 16.6.2.

    Args:
        text: as written.
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
    _, _, decimals = bare.partition(".")
    return sign * float(bare), len(decimals)


def has_decimal_comma(text: str) -> bool:
    """Whether a text is in a language that writes 12,5."""
    return bool(_CYRILLIC.search(text)) or len(_FRENCH.findall(text)) >= 2


def read_years(tokens: Sequence[Token]) -> list[DraftYear]:
    """The years of a sentence, ranges as both their ends."""
    words, found = load_words(), []
    for at, token in enumerate(tokens):
        if token.kind != "number" or not _is_year(tokens, at):
            continue
        before = [one.word for one in tokens[max(0, at - 3) : at] if one.kind == "word"]
        dated = bool(at) and words["labels.months"].has([tokens[at - 1].word])  # the day of a document
        fiscal = _spans_years(tokens, at)
        loose = bool(words["times.since"].ends(before)) or before[-1:] == ["by"] or dated or fiscal
        found.append(DraftYear(at, at, int(token.text.lstrip("−–-")), loose))
    return found


def _spans_years(tokens: Sequence[Token], at: int) -> bool:
    """Whether a year is the first of “2023/24”."""
    ahead = tokens[at : at + 3]
    return (
        len(ahead) == 3
        and ahead[1].text in ("/", *DASHES)
        and ahead[0].end == ahead[1].start
        and ahead[1].end == ahead[2].start
        and len(ahead[2].text) == 2
        and ahead[2].text.isdigit()
    )


def _is_year(tokens: Sequence[Token], at: int) -> bool:
    text = tokens[at].text
    if text[:1] in "–-" and at and tokens[at].start == tokens[at - 1].end:
        text = text[1:]
    if not (len(text) == 4 and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR):
        return False
    after, before = tokens[at + 1 : at + 2], tokens[at - 1 : at]
    if before and _money(before[0]):
        return False
    return not (after and (after[0].text == "%" or (after[0].kind == "word" and _unit(tokens, at + 1)[1])))


def read_numbers(text: str, tokens: Sequence[Token]) -> list[DraftNumber]:
    """Every number of a sentence that is no year, fractions in words included."""
    comma = has_decimal_comma(text)
    found = [_read(text, tokens, at, comma) for at, one in enumerate(tokens) if one.kind == "number"]
    numbers = [number for number in found if number is not None] + _fractions(tokens)
    return _share_units(tokens, sorted(numbers, key=lambda one: one.first))


def _read(text: str, tokens: Sequence[Token], at: int, comma: bool) -> DraftNumber | None:
    if _is_year(tokens, at):
        return None
    read = read_value(tokens[at].text, comma)
    scale, last = _scale(tokens, at + 1) if read else (1.0, at)
    last, unit = _unit(tokens, last + 1) if read else (at, "")
    value, decimals = read or (0.0, 0)
    before = tokens[at - 1] if at else None
    if before:
        unit = _money(before) or unit
    number = DraftNumber(at, last, value * scale, 10.0**-decimals * scale, decimals, unit, _bound(tokens, at)[0])
    return replace(number, not_figure=_why_not(text, tokens, number) if read else "code")


def _money(token: Token) -> str:
    """The unit that a sign or word before a number is: “$ 40”, “EUR 40”; "" where it is none."""
    words = load_words()
    names = ("money", "currency")
    return MONEY_SIGNS.get(token.text) or next((one for one in names if words[f"units.{one}"].has([token.word])), "")


def _following(tokens: Sequence[Token], at: int, most: int = 4) -> list[str]:
    """The words from a token on, until something else comes; a full stop inside ``п. п.`` is nothing else."""
    words: list[str] = []
    for token in tokens[at : at + 2 * most]:
        if token.kind == "word":
            words.append(token.word)
        elif token.text not in ".-‑" or len(words) >= most:
            break
    return words[:most]


def _before(tokens: Sequence[Token], at: int, most: int = 5) -> list[str]:
    """The words before a token, back to a number or a sign that parts."""
    words: list[str] = []
    for token in reversed(tokens[max(0, at - 2 * most) : at]):
        if token.kind == "word":
            words.append(token.word)
        elif token.kind == "number" or token.text not in "'’-‑~≈($€£":
            break
    return words[::-1][-most:]


def _unit(tokens: Sequence[Token], at: int) -> tuple[int, str]:
    """The last token of the unit that begins here, and what it is; (at − 1, "") where none does."""
    if at < len(tokens) and tokens[at].text in ("%", "٪"):
        after = _following(tokens, at + 1)
        apart = load_words()["units.points"].begins(after)
        return (at + 1, "apart") if apart else (at, "percent")
    if at < len(tokens) and tokens[at].text in MONEY_SIGNS:
        return at, MONEY_SIGNS[tokens[at].text]
    near = tokens[at : at + 1]
    if near and near[0].text in "-‑" and tokens[at + 1 : at + 2] and tokens[at + 1].kind == "word":
        at += 1  # 4-point
    elif near and near[0].kind != "word":
        return at - 1, ""
    words = _following(tokens, at)
    for name in ("apart", "percent", "points", "money", "currency", "people"):
        if length := load_words()[f"units.{name}"].begins(words):
            return _skip(tokens, at, length), name
    return at - 1, ""


def _scale(tokens: Sequence[Token], at: int) -> tuple[float, int]:
    words = _following(tokens, at, 1)
    for name, factor in _SCALES.items():
        if words and load_words()[f"units.{name}"].has(words):
            end = _skip(tokens, at, 1)
            shortened = end + 2 < len(tokens) and tokens[end + 1].text == "."  # «2,3 млн. человек»
            return factor, end + shortened
    return 1.0, at - 1


def _skip(tokens: Sequence[Token], at: int, words: int) -> int:
    """The token of the last of so many words from here."""
    for place in range(at, len(tokens)):
        words -= tokens[place].kind == "word"
        if words == 0:
            return place
    return len(tokens) - 1


def _bound(tokens: Sequence[Token], at: int) -> tuple[Bound, int]:
    """How exactly a number is said, and of how many words before it that is made."""
    if at and tokens[at - 1].text in "~≈":
        return "about", 0
    if at and tokens[at - 1].text in "><≥≤":
        return SIGNS[tokens[at - 1].text], 0
    before = _before(tokens, at)
    said: list[tuple[int, Bound]] = [(load_words()[f"bounds.{name}"].ends(before), name) for name in BOUNDS]
    length, name = max(said, key=lambda one: one[0])  # “no more than” ends with “more than”
    return (name, length) if length else ("", 0)


def _why_not(text: str, tokens: Sequence[Token], number: DraftNumber) -> str:
    """Why a number is no figure of an indicator; "" where it may be one."""
    words, at = load_words(), number.first
    token = tokens[at]
    before_sign = tokens[at - 1].text if at else ""
    after_sign = tokens[at + 1].text if at + 1 < len(tokens) else ""
    if (at and token.start == tokens[at - 1].end and tokens[at - 1].kind == "word") or text[
        token.end : token.end + 1
    ].isalpha():
        return (
            "rank"
            if text[token.end : token.end + 2].lower() in ("st", "nd", "rd", "th", "e ", "er", "èm", "го")
            else "code"
        )
    if (
        at > 1
        and before_sign in ("-", "‑")
        and tokens[at - 1].start == tokens[at - 2].end
        and token.start == tokens[at - 1].end
    ):
        return "code"  # COVID-19; a range is of two numbers
    if _is_range(tokens, number):
        return "range"
    if _is_chained(tokens, at):
        return "code"
    if before_sign == "[" and after_sign == "]":
        return "note"
    if before_sign in ("#", "№", "§", "^"):
        return "label"
    if before_sign == "/" and at > 1 and tokens[at - 2].kind == "number":
        return "denominator"
    if before_sign == "±" or after_sign == "±":
        return "error"
    if number.unit == "apart" or (before_sign == "+" and (number.unit or not number.decimals)):
        return "change"
    if number.unit in ("money", "currency"):
        return ""
    before = _before(tokens, at)
    bare = before[: len(before) - _bound(tokens, at)[1]]
    after = _following(tokens, number.last + 1)
    if (
        words["labels.rank"].begins(after)
        or (after_sign == "-" and words["labels.rank"].has(_following(tokens, at + 2, 3)[1:2]))
        or words["labels.rank"].ends(bare)
    ):
        return "rank"
    if words["labels.denominator"].ends(bare) and number.unit != "percent":
        return "denominator"
    if bare == ["of"] and at > 1 and tokens[at - 2].kind == "number" and not _is_year(tokens, at - 2):
        return "denominator"
    if _is_of_others(tokens, number.last + 1):
        return "rank"
    if after_sign == "=" or (number.unit == "" and number.value in SCALE_ENDS and _tells_scale(tokens)):
        return "denominator"
    if words["labels.months"].begins(after) or (number.unit == "" and words["labels.months"].ends(bare)):
        return "date"
    if words["labels.between"].ends(bare) or _ends_range(tokens, at, bare):
        return "range"
    if words["labels.error"].find(after) or words["labels.error"].find(before):
        return "error"
    if number.unit in ("", "points") and number.decimals == 0 and number.bound == "" and _is_labelled(tokens, at, bare):
        return "label"
    if _is_change(tokens, number, bare):
        return "change"
    if (
        number.unit == ""
        and after
        and after_sign not in tuple(",;:.()[]")
        and not words["labels.followers"].begins(after)
    ):
        following = tokens[number.last + 1]
        if following.text[:1].islower():
            return "count"
    return ""


def _is_of_others(tokens: Sequence[Token], at: int) -> bool:
    """Whether “out of 180” follows, which is no scale: how many were ranked."""
    words = _following(tokens, at, 3)
    length = load_words()["labels.denominator"].begins(words) or (words[:1] == ["of"])
    place = _skip(tokens, at, length) + 1 if length else at + 1 if tokens[at : at + 1] and tokens[at].text == "/" else 0
    if not (place and place < len(tokens) and tokens[place].kind == "number") or _is_year(tokens, place):
        return False
    read = read_value(tokens[place].text, decimal_comma=False)
    return read is not None and read[0] not in SCALE_ENDS


def _tells_scale(tokens: Sequence[Token]) -> bool:
    """Whether a sentence explains the scale of an indicator: “from 0 (very corrupt) to 100 (very clean)”."""
    return load_words()["labels.scale"].find([one.word for one in tokens if one.kind == "word"])


def _is_range(tokens: Sequence[Token], number: DraftNumber) -> bool:
    """Whether a number is one end of a range: “38–40 %”, “93%–95%”, “was 37 to 43”, “[37, 43]”."""
    if any(_ends_dash(tokens, at) for at in (number.first, number.last + 1, number.last + 2)):
        return True
    brackets = [at for at, one in enumerate(tokens) if one.text in "()[]"]
    opening = max((at for at in brackets if at < number.first), default=-1)
    closing = min((at for at in brackets if at > number.last), default=-1)
    if opening < 0 or tokens[opening].text not in "([":
        return False
    inside = range(opening + 1, closing)
    ends = [at for at in inside if tokens[at].kind == "number"]
    words = {tokens[at].word for at in inside if tokens[at].kind == "word" or tokens[at].text == "/"}
    return len(ends) == 2 and not any(_is_year(tokens, at) for at in ends) and words <= FROM | TO | {"от"}


def _ends_dash(tokens: Sequence[Token], at: int) -> bool:
    """Whether the second end of a range stands there; “from 36 to 40” is none."""
    if not (0 < at < len(tokens) and tokens[at].kind == "number"):
        return False
    joint = tokens[at - 1]
    if tokens[at].text[:1] in DASHES and joint.end == tokens[at].start:
        return _is_amount(tokens, at - 1)
    if joint.text not in DASHES and joint.word not in TO:
        return False
    earlier = at - 2 if not _is_amount(tokens, at - 2) or tokens[at - 2].kind == "number" else at - 3
    before = _before(tokens, max(earlier, 0))
    moved = set(before[-1:]) & FROM or load_words()["change.verbs"].find(before) or before[-1:] == ["went"]
    return _is_amount(tokens, at - 2) and (joint.text in DASHES or not moved)


def _is_amount(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number that is no year stands there, or the sign of a share."""
    return 0 <= at < len(tokens) and (
        tokens[at].text in "%٪" or (tokens[at].kind == "number" and not _is_year(tokens, at))
    )


def _is_chained(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number is a part of something longer: of a time of the day, of a telephone's number."""
    if any(_is_amount(tokens, near) and tokens[near].kind == "number" for near in (at - 1, at + 1)):
        return True
    return any(
        _is_amount(tokens, last) and _is_amount(tokens, last - 2) and tokens[last - 1].text == ":"
        and tokens[last - 2].end == tokens[last - 1].start and tokens[last - 1].end == tokens[last].start
        for last in (at, at + 2)
    )  # fmt: skip


def _is_labelled(tokens: Sequence[Token], at: int, bare: Sequence[str]) -> bool:
    """Whether a number is that of a page, table, article or goal: “page 12”, “Fig. 3”, “с. 45”."""
    words = load_words()
    if words["labels.before"].ends(bare):
        return True
    if at < 2 or tokens[at - 1].text != "." or tokens[at - 2].kind != "word":
        return False
    return words["labels.before"].has([tokens[at - 2].word]) or words["labels.short"].has([tokens[at - 2].word])


def _ends_range(tokens: Sequence[Token], at: int, bare: Sequence[str]) -> bool:
    """Whether a number is the second of “between 3 and 4”."""
    if list(bare) not in (["and"], ["et"], ["и"]):
        return False
    earlier = at - 2
    while earlier >= 0 and tokens[earlier].kind != "number":
        earlier -= 1
    return (
        earlier >= 0
        and not _is_year(tokens, earlier)
        and load_words()["labels.between"].ends(_before(tokens, earlier)) > 0
    )


def _is_change(tokens: Sequence[Token], number: DraftNumber, bare: Sequence[str]) -> bool:
    """Whether a number is by how much something changed, and not to what."""
    words = load_words()
    verbs = words["change.verbs"]
    if words["change.beside"].begins(_following(tokens, number.last + 1)):
        return True
    if not bare:
        return False
    if words["change.by"].has(bare[-1:]) and not (bare[-1:] == ["на"] and verbs.find(bare) is False):
        return True
    if verbs.has(bare[-1:]):
        return True
    if bare[-1] in ("de", "d", "of") and verbs.find(bare[-3:-1]):
        return not _goes_on_to(tokens, number.last + 1)
    return False


def _goes_on_to(tokens: Sequence[Token], at: int) -> bool:
    """Whether “to 40” follows: “augmenté de 36 à 40” tells two figures and no change."""
    last = ""
    for token in tokens[at : at + 9]:
        if token.kind == "number" and last in ("to", "a", "до"):
            return True
        if token.kind == "word":
            last = token.word
        elif token.text in ".;":
            return False
    return False


def _fractions(tokens: Sequence[Token]) -> list[DraftNumber]:
    """Shares told in words: “two-thirds of”, “près de la moitié”, “каждый пятый”."""
    places = [at for at, token in enumerate(tokens) if token.kind == "word"]
    words = [tokens[at].word for at in places]
    lists = load_words()
    found = []
    for n in range(len(places)):
        for name, phrases in lists.items():
            if not name.startswith("fractions.") or not (length := phrases.begins(words[n : n + phrases.longest])):
                continue
            share = float(name.removeprefix("fractions."))
            bound, said = _bound(tokens, places[n])
            before = _before(tokens, places[n])
            number = DraftNumber(places[n], places[n + length - 1], share, FRACTION_STEP, 0, "percent", bound)
            bare = before[: len(before) - said]
            told = "range" if lists["labels.between"].find(bare) else ""
            found.append(replace(number, not_figure=told or ("change" if _is_change(tokens, number, bare) else "")))
    return found


def _share_units(tokens: Sequence[Token], numbers: list[DraftNumber]) -> list[DraftNumber]:
    """“From 61 to 70 %”, “61, 63 and 70 per cent”: the unit stands once, behind the last."""
    shared = list(numbers)
    for at in range(len(shared) - 2, -1, -1):
        this, that = shared[at], shared[at + 1]
        if this.unit or that.unit != "percent" or this.not_figure not in ("", "count"):
            continue
        between = [one.word for one in tokens[this.last + 1 : that.first] if one.kind == "word" and len(one.word) > 1]
        years = [one for one in tokens[this.last + 1 : that.first] if one.kind == "number"]
        plain = load_words()["implied.plain"]
        if len(between) <= 8 and len(years) <= 1 and all(plain.has([word]) for word in between):
            shared[at] = replace(this, unit="percent")
    return shared
