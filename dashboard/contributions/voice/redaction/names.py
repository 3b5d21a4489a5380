"""Where people are named: by lists of names, by endings, and by capitals beside titles, offices and patronymics.

``find_names(text, country, languages) -> spans``. The lists (``names/``, sources and licences in its README) hold three
kinds: names that tell alone, those that tell with a capital, and names that are ordinary words and tell beside another
name, after an office, or as a capital within a sentence. What no list has is found by what stands beside it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from dashboard.contributions.voice.redaction.lists import (
    LISTS,
    NameList,
    NameWords,
    fold,
    load_names,
    load_places,
    load_words,
)

MASK = "\ufffc"
"""What stands for signs that were taken out before."""

MOST = 4
"""Words of the longest name that is taken together."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’ʻ‘ʼ-][^\W\d_]+)*")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_SURE = re.compile(r"(?:ов|ев|ова|ева|ову|еву|овым|евым|овои|евои|енко|ская|чук|чука|бекович|ович|евич|овна|евна)")
_LATIN_SURE = re.compile(r"(?:[oe]v|[oe]va|y[oe]va?|iyeva?|zade|oglu|escu)")
_NISBA = re.compile(r"ال\w{3,}ي")
_KIN = frozenset(fold(word) for word in ("بن", "ابن", "بنت", "أيت", "آيت", "أولاد", "ولد", "آل", "أبو", "بو"))
_ABD = frozenset(fold(word) for word in ("عبد", "عبيد", "أمة", "أمت"))
_ORDINALS = frozenset(fold(word) for word in ("الأول", "الثاني", "الثالث", "الرابع", "الخامس", "السادس"))
_HONORS = frozenset(fold(word) for word in ("الحاج", "الحاجة", "سيدي", "مولاي", "لالة"))
_AND = frozenset(("and", "et", "ve", "и", "va", "y", "si", "dan", "жана", "және"))
_PREFIX = re.compile(r"(?:و|ف)?(?:ب|ل|ك)?")


@dataclass(slots=True)
class _Token:
    start: int
    end: int
    shown: str
    key: str
    first: bool  # of a sentence
    known: int = 0  # 2 tells alone, 1 beside another, 0 in no list
    never: bool = False  # no part of a name: an office, a month, a town, what calls somebody
    role: bool = False
    taken: bool = False

    @property
    def capital(self) -> bool:
        return self.shown[0].isupper()


def find_names(text: str, country: str, languages: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where people are named in a text."""
    words = load_words(languages)
    lists = [load_names(code) for code in LISTS.get(country, ())]
    tokens = list(_tokens(text))
    places = load_places(country)
    tells = _tells_by_case(tokens)
    small = MASK not in text and not any(token.capital for token in tokens)  # then no name has its capital
    for token in tokens:
        listed = any(token.key in one.alone for one in lists)
        token.never = _is_among(token.key, words.never, words) or (
            token.capital and not listed and _is_among(token.key, places, words)
        )
        token.role = token.key in words.roles or token.key in words.calls
        token.known = 0 if token.never else _known(token, lists, words, small or (tells and token.capital))
        head, parted, case = token.key.partition("'")
        if parted and len(head) > 2 and (case in words.cases or parted + case in words.cases):
            token.end = token.start + len(re.split("['’ʻ‘ʼ]", token.shown)[0])
    arabic = [token for token in tokens if _ARABIC.match(token.shown)]
    if arabic:
        _take_arabic(text, tokens, words)
    if len(arabic) < len(tokens):
        if tells:
            _take_capitals(text, tokens, words)
        _take_known(text, tokens, words)
        _take_joined(tokens)
    _take_again(tokens)
    yield from _joined(text, tokens)


def _tokens(text: str) -> Iterator[_Token]:
    end = 0
    for found in _TOKEN.finditer(text):
        between = text[end : found.start()]
        first = end == 0 or (any(sign in between for sign in ".!?؟\n:;") and not _after_initial(text, end, between))
        end = found.end()
        start, shown = found.start(), found.group()
        if elided := re.match(r"(?:[Qq]u|[dlnsmjtc]|[DLNSMJTC](?=['’][a-zà-ÿ]))['’](?=\w{3})", shown):  # d'Aminata
            start, shown = start + elided.end(), shown[elided.end() :]
        yield _Token(start, found.end(), shown, fold(shown), first)


def _after_initial(text: str, end: int, between: str) -> bool:
    return between.startswith(".") and re.search(r"(?:^|\W)[^\W\d_]$", text[max(0, end - 2) : end]) is not None


def _known(token: _Token, lists: list[NameList], words: NameWords, as_name: bool) -> int:
    forms = [token.key]
    for sign in ("'", "-"):
        head, parted, _ = token.key.partition(sign)
        if parted and len(head) > 2:
            forms.append(head)
    if _ARABIC.match(token.shown):
        forms = [*forms, *_without_prefix(token.key)]
    else:
        least = 3 if token.capital else 4
        for case in words.cases:
            stem = token.key.removesuffix(case)
            if len(stem) < len(token.key) and len(stem) >= least and stem not in words.common:
                forms += [stem] if case else []
                if case in ("и", "у", "ои", "ы", "е", "ю", "еи"):
                    forms += [stem + "а", stem + "я", stem + "ь"]
                elif case in ("а", "я", "ом", "ем"):
                    forms += [stem + "и", stem + "ь"]
    best = 0
    for form in forms:
        if form in words.common:
            continue
        for one in lists:
            if form in one.alone or (form in one.capital and as_name):
                return 2
            if form in one.beside or form in one.capital:
                best = 1
    return best


def _is_among(key: str, some: frozenset[str], words: NameWords) -> bool:
    """Return True if a word is among some, with or without the ending of a case, or joined to another by a hyphen."""
    stem = key.partition("'")[0]
    if key in some or stem in some or any(part in some for part in stem.split("-")):
        return True
    for case in words.cases:
        if stem.endswith(case) and len(stem) - len(case) > 3:
            cut = stem.removesuffix(case)
            if cut in some or cut + "а" in some:
                return True
    return False


def _without_prefix(key: str) -> list[str]:
    prefix = _PREFIX.match(key)
    at = prefix.end() if prefix else 0
    return [key[cut:] for cut in range(1, at + 1) if len(key) - cut > 2]


def _tells_by_case(tokens: list[_Token]) -> bool:
    """Return True if capitals say something: not where all is in capitals, or every word begins with one."""
    long = [token for token in tokens if len(token.shown) > 3]
    if sum(token.shown.isupper() for token in long) > max(1, 0.6 * len(long)):
        return False
    small = sum(not token.capital for token in long)
    return len(long) < 4 or small >= (1 if len(long) < 6 else 0.3 * len(long))


def _take_capitals(text: str, tokens: list[_Token], words: NameWords) -> None:
    at = 0
    while at < len(tokens):
        run = _run(text, tokens, at, words)
        at += max(1, len(run))
        if not run:
            continue
        before = tokens[at - len(run) - 1] if at - len(run) else None
        after = tokens[at] if at < len(tokens) and MASK not in text[run[-1].end : tokens[at].start] else None
        if (
            len(run) == 1
            and run[0].first
            and not (
                run[0].known
                or _ends_as_surname(run[0])
                or _has_case_apart(run[0], words)
                or _acts(run[0], after, words)
            )
        ):
            continue  # the first word of a sentence has its capital anyway
        alone = any(token.known == 2 for token in run)
        if len(run) == 1 and _names_office(run, before, after):
            continue
        if (
            alone
            or any(
                _ends_as_surname(token) and (not token.first or len(run) > 1 or token.key.isascii()) for token in run
            )
            or (any(token.known for token in run) and (len(run) > 1 or not run[0].first))
            or _is_unknown_name(run, before, after)
            or _has_case_apart(run[0], words)
            or _acts(run[-1], after, words)
        ):
            for token in run:
                token.taken = True
        elif _is_unknown_name(rest := _without_head(run), before, after):
            for token in rest:
                token.taken = True


def _without_head(run: list[_Token]) -> list[_Token]:
    """Capitals behind the first word of a sentence, or the letters of an authority: Спросила Гулю, КСК Иванов."""
    at = 0
    while at < len(run) and (run[at].first or (run[at].shown.isupper() and len(run[at].shown) < 5)):
        at += 1
    return run[at:] if at else []


def _run(text: str, tokens: list[_Token], at: int, words: NameWords) -> list[_Token]:
    """Return words with capitals that stand beside each other, from one on."""
    run: list[_Token] = []
    while at < len(tokens) and len(run) < MOST:
        token = tokens[at]
        between = text[run[-1].end : token.start] if run else ""
        listed = bool(re.fullmatch(r", ?", between)) and len(run) == 1 and bool(run[0].known or token.known == 2)
        if not token.capital or _ARABIC.match(token.shown) or token.never:
            break
        if run and not listed and not re.fullmatch(r" ?-? ?|\. ?", between):
            break
        if run and "." in between and len(run[-1].shown) > 2:
            break
        run.append(token)
        at += 1
    return run


def _is_unknown_name(run: list[_Token], before: _Token | None, after: _Token | None) -> bool:
    """Whether capitals within a sentence name somebody no list has: no town, no office, no letters of an authority."""
    if not run or run[0].first or any(len(token.shown) < 3 for token in run):
        return False
    shouted = [_is_shouted(token) for token in run]
    if all(shouted) or any(one and len(token.shown) < 4 for one, token in zip(shouted, run, strict=True)):
        return False
    return not _names_office(run, before, after)


def _has_case_apart(token: _Token, words: NameWords) -> bool:
    """Return True if the ending of a case stands behind an apostrophe, as Turkish writes it after names: Nermin'in."""
    head, parted, case = token.key.partition("'")
    return bool(parted) and len(head) > 2 and case in words.cases and not _is_shouted(token)


def _is_shouted(token: _Token) -> bool:
    """Return True if a word is in capitals, with or without the small letters of a case: ЦОН, ЦОНе, ASAN-da."""
    head = token.shown.partition("'")[0]
    capitals = head.rstrip("".join(filter(str.islower, head)))
    return head.isupper() or (len(capitals) > 2 and capitals.isupper() and len(head) - len(capitals) < 4)


def _names_office(run: list[_Token], before: _Token | None, after: _Token | None) -> bool:
    """Whether a capital of offices, laws and places stands right beside: Internal Affairs Act, Victoria University."""
    for other in (before, after):
        if (
            other is not None
            and other.never
            and other.capital
            and not (other.first or other.role)
            and len(other.shown) > 2
        ):
            near = run[0].start - other.end if other is before else other.start - run[-1].end
            if near < 5:
                return True
    return False


def _ends_as_surname(token: _Token) -> bool:
    key = token.key.partition("'")[0].partition("-")[0]
    pattern = _SURE if "а" <= key[:1] <= "я" else _LATIN_SURE
    return token.capital and any(pattern.fullmatch(key[cut:]) for cut in range(3, max(3, len(key) - 1)))


def _acts(token: _Token, after: _Token | None, words: NameWords) -> bool:
    """Whether a verb stands right after a capital that has no article, or a thing that is theirs: Kato's desk."""
    if _is_shouted(token) or len(token.shown) < 3 or "'" in token.key[:3] or after is None or not words.verbs:
        return False
    if token.key.endswith("'s"):
        return not after.capital
    return after.key in words.verbs and not token.key.endswith("s")


def _take_known(text: str, tokens: list[_Token], words: NameWords) -> None:
    """Names of the lists, whatever their case: those that tell alone, two side by side, and one after an office."""
    for at, token in enumerate(tokens):
        if not token.known or _ARABIC.match(token.shown):
            continue
        near = [
            tokens[other]
            for other in (at - 1, at + 1)
            if 0 <= other < len(tokens) and re.fullmatch(r" |-", _between(text, tokens[other], token))
        ]
        before = tokens[at - 1] if at and tokens[at - 1] in near else None
        if (
            token.known == 2
            or any(other.known == 2 or other.taken or _looks_like_surname(other) for other in near)
            or (token.shown.isupper() and any(other.known and other.shown.isupper() for other in near))
            or (before is not None and _calls(tokens, at, words))
        ):
            token.taken = True
    for at, token in enumerate(tokens):  # what stands between two of them, and a surname beside one
        if token.taken or token.never or _ARABIC.match(token.shown):
            continue
        if at and _looks_like_surname(token) and tokens[at - 1].key in words.roles:
            token.taken = True
            continue
        beside = [
            other
            for other in (at - 1, at + 1)
            if 0 <= other < len(tokens)
            and tokens[other].taken
            and re.fullmatch(r" |-", _between(text, tokens[other], token))
        ]
        if len(token.shown) < 3:
            continue
        if beside and (
            len(beside) == 2
            or _looks_like_surname(token)
            or _is_first_of_two(tokens, at)
            or _ends_clause(text, tokens, at)
        ):
            token.taken = True


def _is_first_of_two(tokens: list[_Token], at: int) -> bool:
    """Return True if a sentence that is typed without capitals begins with a word and a name beside it."""
    one, other = tokens[at], tokens[min(at + 1, len(tokens) - 1)]
    return one.first and other.taken and not one.capital and not other.capital and len(one.shown) > 3


def _ends_clause(text: str, tokens: list[_Token], at: int) -> bool:
    """Return True if a word behind a name, both in small letters, is the last of its clause: their surname."""
    token, before = tokens[at], tokens[max(0, at - 1)]
    ends = re.match(r"\s*(?:[.,;!?]|$)", text[token.end :])
    return (
        bool(ends)
        and before.taken
        and before.known == 2
        and not before.capital
        and not token.capital
        and len(token.shown) > 3
    )


def _calls(tokens: list[_Token], at: int, words: NameWords) -> bool:
    """Return True if an office stands before a word, or what calls somebody, with a small word between or none."""
    before = tokens[at - 1]
    if before.key in words.roles or before.key in words.calls:
        return True
    return at > 1 and len(before.key) < 3 and tokens[at - 2].key in words.calls


def _take_joined(tokens: list[_Token]) -> None:
    """A capital that “and” joins to somebody is somebody."""
    for one, joint, other in zip(tokens, tokens[1:], tokens[2:], strict=False):
        capital = one.capital and other.capital and min(len(one.shown), len(other.shown)) > 2
        if joint.key in _AND and capital and one.taken != other.taken and not (one.never or other.never):
            one.taken = other.taken = True


def _take_again(tokens: list[_Token]) -> None:
    """The first word before a surname, a surname on the next line; and who was named once, where they are again."""
    for token, other in pairwise(tokens):
        beside = token.capital and other.capital and other.start - token.end == 1
        if beside and other.taken and token.first and not token.never and len(token.shown) > 2:
            token.taken = True
        elif beside and token.taken and _looks_like_surname(other) and not other.never:
            other.taken = True
    named = {token.key for token in tokens if token.taken and len(token.key) > 2}
    for token in tokens:
        token.taken = token.taken or (token.key in named and not token.never)


def _looks_like_surname(token: _Token) -> bool:
    key = token.key.partition("'")[0]
    pattern = _SURE if "а" <= key[:1] <= "я" else _LATIN_SURE
    return any(pattern.fullmatch(key[cut:]) for cut in range(3, max(3, len(key) - 1)))


def _between(text: str, one: _Token, other: _Token) -> str:
    return text[min(one.end, other.end) : max(one.start, other.start)]


def _take_arabic(text: str, tokens: list[_Token], words: NameWords) -> None:
    """Names where letters have no case: of the lists, with what follows them as a surname."""
    for at, token in enumerate(tokens):
        if token.taken or not _ARABIC.match(token.shown) or token.key in words.common:
            continue
        following = tokens[at + 1 : at + 4]
        before = tokens[at - 1] if at else None
        called = before is not None and (before.key in words.roles or before.key in words.calls)
        stems = {token.key, *_without_prefix(token.key)}
        if (token.known and following and following[0].key == "الدين" and _next_to(text, token, following[0])) or (
            stems & _ABD and following and following[0].key.startswith("ال") and _next_to(text, token, following[0])
        ):
            token.taken = following[0].taken = True
            following, last = following[1:], following[0]
        elif token.known and following and following[0].key in _ORDINALS:
            continue  # a king's, and of streets
        elif token.known == 2 or (token.known and (called or (following and _is_surname(following, words)))):
            last = token
            if following and following[0].key in words.common and token.known < 2 and not called:
                continue
            token.taken = True
        elif called and (
            _is_kin_name(token.key)
            or _NISBA.fullmatch(token.key)
            or (following and _is_surname(following, words) and token.key not in words.roles)
        ):
            token.taken, last = True, token
        else:
            continue
        if before is not None and before.key in _HONORS:
            before.taken = True
        for place, other in enumerate(following[:3]):
            if not _next_to(text, last, other) or other.key in words.common or other.key in words.roles:
                break
            kin = other.key in _KIN or other.key in _ABD
            if kin and place + 1 < len(following):
                other.taken = following[place + 1].taken = True
                last = following[place + 1]
                continue
            if (
                other.taken
                or other.known
                or _NISBA.fullmatch(other.key)
                or _is_kin_name(other.key)
                or (token.known == 2 and place == 0 and other.key.startswith("ال") and len(other.key) > 4)
            ):
                other.taken, last = True, other
                continue
            break


def _is_surname(following: list[_Token], words: NameWords) -> bool:
    first = following[0]
    if first.key in words.common:
        return False
    return bool(_NISBA.fullmatch(first.key)) or first.key in _KIN or first.known == 2 or _is_kin_name(first.key)


def _is_kin_name(key: str) -> bool:
    return (len(key) > 5 and key.startswith("بل")) or (len(key) > 4 and key.startswith(("بن", "بو", "او", "ايت")))


def _next_to(text: str, one: _Token, other: _Token) -> bool:
    return text[one.end : other.start] == " "


def _joined(text: str, tokens: list[_Token]) -> Iterator[tuple[int, int]]:
    """Yield what was taken, side by side together."""
    start = end = -1
    for token in tokens:
        if not token.taken:
            continue
        if start >= 0 and re.fullmatch(r",? ?-? ?|\. ?", text[end : token.start]):
            end = token.end
            continue
        if start >= 0:
            yield start, end
        start, end = token.start, token.end
    if start >= 0:
        yield start, end
