"""Codes as answers, by what the labels of a file call them, in the languages of the countries that send them.

Nothing is taken for granted of a number: 98 is "do not know" because its label says so, or because whoever maps the
file does. A label that is not known is a finding.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from dashboard.analysis.measures.surveys.satisfaction import NO_ANSWER, VALID
from dashboard.contributions.submissions.microdata.model import SurveyColumn

NONE = -1
"""Level of a code that is no answer."""

_WORDS: Mapping[str, tuple[str, ...]] = {
    "four": (
        "strongly disagree|very dissatisfied|completely disagree|totally disagree|not at all satisfied|"
        "pas du tout d'accord|pas du tout satisfait|très insatisfait|très insatisfaite|"
        "لا أوافق بشدة|لا اوافق بشدة|غير راض على الإطلاق|غير راض جدا|"
        "qətiyyən razı deyiləm|heç razı deyiləm|tamamilə narazıyam|çox narazıyam|"
        "полностью не согласен|совершенно не согласен|очень недоволен|полностью не удовлетворен",
        "disagree|dissatisfied|somewhat disagree|rather disagree|rather dissatisfied|somewhat dissatisfied|"
        "pas d'accord|plutôt pas d'accord|insatisfait|insatisfaite|plutôt insatisfait|"
        "لا أوافق|لا اوافق|غير راض|razı deyiləm|narazıyam|не согласен|скорее не согласен|недоволен|не удовлетворен",
        "agree|satisfied|somewhat agree|rather agree|rather satisfied|somewhat satisfied|"
        "d'accord|plutôt d'accord|satisfait|satisfaite|plutôt satisfait|"
        "أوافق|اوافق|راض|razıyam|məmnunam|согласен|скорее согласен|доволен|удовлетворен",
        "strongly agree|very satisfied|completely agree|totally agree|completely satisfied|"
        "tout à fait d'accord|très satisfait|très satisfaite|أوافق بشدة|اوافق بشدة|راض جدا|"
        "tamamilə razıyam|çox razıyam|çox məmnunam|tam məmnunam|"
        "полностью согласен|очень доволен|полностью удовлетворен",
    ),
    "five": (
        "not at all|pas du tout|على الإطلاق|لا على الإطلاق|heç|qətiyyən|совсем нет|нисколько",
        "very little|très peu|قليل جدا|قليلا جدا|çox az|очень мало",
        "some|to some extent|un peu|dans une certaine mesure|إلى حد ما|بعض الشيء|bir qədər|müəyyən qədər|"
        "в некоторой степени",
        "a lot|beaucoup|كثيرا|çox|много",
        "a great deal|completely|énormément|tout à fait|كثيرا جدا|إلى حد كبير|olduqca çox|tamamilə|"
        "очень много|полностью",
    ),
    "satisfied": (
        "very dissatisfied",
        "dissatisfied|somewhat dissatisfied|rather dissatisfied",
        "neither satisfied nor dissatisfied|indifferent",
        "satisfied|somewhat satisfied|rather satisfied",
        "very satisfied",
    ),
    "yes_no": ("no|non|لا|xeyr|нет", "yes|oui|نعم|bəli|hə|да"),
    "sex": (
        "male|man|men|homme|masculin|ذكر|kişi|мужской|мужчина",
        "female|woman|women|femme|féminin|أنثى|انثى|qadın|женский|женщина",
    ),
    "location": (
        "rural|village|ريف|ريفي|kənd|сельский|село",
        "urban|city|town|urbain|ville|حضر|حضري|şəhər|городской|город",
    ),
    "disability": (
        "no|non|without disability|no disability|sans handicap|لا|بدون إعاقة|xeyr|yoxdur|нет",
        "yes|oui|with disability|disabled|avec handicap|نعم|ذو إعاقة|bəli|hə|var|да",
    ),
}  # fmt: skip
"""Scale → the words of each level, the least positive first (``VALID`` counts the same way)."""

_NO_ANSWER = (
    "not applicable|does not apply|n/a|na|do not know|don't know|dont know|dk|refused|refusal|refuse to answer|"
    "refused to answer|refuses to answer|no answer|no response|prefer not to say|missing|not stated|not asked|"
    "sans objet|non applicable|ne sait pas|ne sais pas|nsp|refus|refus de répondre|pas de réponse|sans réponse|"
    "non déclaré|"
    "لا ينطبق|لا أعرف|لا اعرف|لا يعرف|رفض|رفض الإجابة|رفض الاجابة|لا إجابة|لا جواب|"
    "aid deyil|tətbiq olunmur|bilmirəm|bilmir|cavab verməkdən imtina|imtina|imtina edib|cavab yoxdur|"
    "не применимо|неприменимо|не знаю|не знает|затрудняюсь ответить|отказ|отказ от ответа|нет ответа"
)  # fmt: skip

LEVELS: Mapping[str, int] = {scale: len(words) for scale, words in _WORDS.items()}


@dataclass(frozen=True, slots=True)
class Coding:
    """Code → level of a column, ``NONE`` where it is no answer; labels nobody knows; codes without a label.

    ``unknown`` are labels that stand in the file's own list. Of answers written out it is only said how many nobody
    knows: they are what people said.
    """

    levels: Mapping[str, int]
    unknown: tuple[str, ...] = ()
    unknown_answers: int = 0
    unlabelled: bool = False
    assumed: bool = False


def coding(
    column: SurveyColumn, values: pl.Series, scale: str, stated: tuple[str, ...], no_answer: tuple[str, ...]
) -> Coding:
    """Return what the codes of a column mean.

    Args:
        column: its labels.
        values: its different codes (``codes_in``).
        scale: which words its labels are looked up in.
        stated: codes as the mapping states them, most positive first; they go before labels.
        no_answer: codes that the mapping states to be no answers.
    """
    present = [str(code) for code in values.drop_nulls().unique()]
    levels = dict.fromkeys(no_answer, NONE)
    if stated:
        levels |= {code: LEVELS[scale] - 1 - at for at, code in enumerate(stated)}
    words = dict(column.labels)
    written_out = not words and values.dtype == pl.String and any(not _is_number(code) for code in present)
    if written_out:
        words = {code: code for code in present}  # answers written out are their own labels
    unknown = []
    for code, text in words.items():
        level = _level(text, scale)
        if code in levels or (stated and level != NONE):
            continue
        if level is not None:
            levels[code] = level
        elif code in present:
            unknown.append(text)
    if not words and not stated and scale == "four" and set(present) <= {*map(str, VALID), *map(str, NO_ANSWER)}:
        plain = {str(code): code for code in VALID} | {str(code): NONE for code in NO_ANSWER}
        return Coding(plain | levels, assumed=True)
    left = [code for code in present if code not in levels and words.get(code) not in unknown]
    if written_out:
        return Coding(levels, unknown_answers=len(unknown), unlabelled=bool(left))
    return Coding(levels, tuple(dict.fromkeys(unknown)), unlabelled=bool(left))


def codes_in(values: pl.Series) -> pl.Series:
    """Return the different codes of a column, null where a value is none; quick whatever its length."""
    return _coded(values.unique())


def replaced(values: pl.Series, words: Mapping[str, Any], dtype: Any = pl.UInt32) -> pl.Series:
    """Return what the code of each row stands for; null where it stands for nothing."""
    different = values.unique()
    table = pl.DataFrame({"value": different, "code": _coded(different)}).filter(pl.col("code").is_in(list(words)))
    if table.is_empty():
        return pl.Series([None], dtype=dtype).new_from_index(0, len(values))
    new = pl.Series([words[code] for code in table["code"]], dtype=dtype)
    return values.replace_strict(table["value"], new, default=None, return_dtype=dtype)


def code_of(name: str) -> pl.Expr:
    """Return a column as codes: text without spaces, whole numbers without decimals."""
    return pl.col(name).cast(pl.String).str.strip_chars().str.replace(r"\.0+$", "").replace("", None)


def _coded(values: pl.Series) -> pl.Series:
    return values.to_frame("value").select(code_of("value")).to_series()


def _level(text: str, scale: str) -> int | None:
    plain = _plain(text)
    if plain in _none():
        return NONE
    return _levels(scale).get(plain)


@lru_cache
def _none() -> frozenset[str]:
    return frozenset(map(_plain, _NO_ANSWER.split("|")))


@lru_cache
def _levels(scale: str) -> dict[str, int]:
    return {_plain(word): at for at, words in enumerate(_WORDS[scale]) for word in words.split("|")}


def _plain(text: str) -> str:
    """Return a label without case, punctuation at its ends, a leading number, and Arabic marks."""
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    folded = "".join(letter for letter in folded if not "\u064b" <= letter <= "\u0652" and letter != "\u0640")
    folded = re.sub(r"^\s*\d+\s*[.):=–-]\s*", "", folded)
    return " ".join(folded.strip(" .,;:!()[]\"'").split())


def _is_number(code: str) -> bool:
    return re.fullmatch(r"-?\d+([.,]\d+)?", code) is not None
