"""The lessons as they are written: steps from ``lessons.toml``, words in the language of the reader.

``LESSONS`` are all of them; ``tell(lesson, lang, year) -> ToldLesson`` says one.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dashboard.locales import list_placeholders, t

WRITTEN = ("en", "fr", "ru", "ar")
"""Languages the lessons are written in."""

_CLOSEST = {"uz": "ru"}
"""Who has no lessons in their language is told in this one, else in English."""

_FOLDER = Path(__file__).parent
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class LessonStep:
    """One step: how long it takes, who does it, on which page, and the keys of what is named of that page.

    ``leads`` is the kind of address linked from the page, on which the names are; ``made`` are those that come only
    when the steps before have been done.
    """

    minutes: int
    account: str
    address: str
    names: Mapping[str, str]
    leads: str
    made: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson of a role."""

    id: str
    title: str  # a key of the catalogues
    steps: tuple[LessonStep, ...]

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return sum(step.minutes for step in self.steps)

    @property
    def account(self) -> str:
        """Whose it is."""
        return self.steps[0].account


@dataclass(frozen=True, slots=True)
class LessonPart:
    """A piece of a sentence, or a name on a page within it."""

    text: str
    named: bool


Sentence = tuple[LessonPart, ...]


@dataclass(frozen=True, slots=True)
class ToldStep:
    """A step in words. ``account`` is "" where it is that of the step before."""

    minutes: int
    account: str
    address: str
    do: Sentence
    know: Sentence
    otherwise: Sentence


@dataclass(frozen=True, slots=True)
class ToldLesson:
    """A lesson in words of ``lang``; names of buttons are in the reader's language, as the pages have them."""

    lang: str
    see: str
    steps: tuple[ToldStep, ...]


def _read() -> tuple[Lesson, ...]:
    lessons = tomllib.loads((_FOLDER / "lessons.toml").read_text(encoding="utf-8"))["lessons"]
    return tuple(
        Lesson(lesson["id"], lesson["title"], tuple(_step(step, lesson["account"]) for step in lesson["steps"]))
        for lesson in lessons
    )


def _step(step: Mapping[str, Any], account: str) -> LessonStep:
    return LessonStep(
        step["minutes"], step.get("account", account), step["address"], step["names"], step.get("leads", ""),
        tuple(step.get("made", ())),
    )  # fmt: skip


LESSONS = _read()


@lru_cache
def read_words(lang: str) -> dict[str, Any]:
    """The words of all lessons in one of ``WRITTEN``, by lesson."""
    return tomllib.loads((_FOLDER / f"words/{lang}.toml").read_text(encoding="utf-8"))


def tell(lesson: Lesson, lang: str, year: int) -> ToldLesson:
    """A lesson in words.

    Args:
        lesson: one of ``LESSONS``.
        lang: the reader's language.
        year: the year whose figures are sent, as buttons name it.
    """
    language = lang if lang in WRITTEN else _CLOSEST.get(lang, "en")
    words = read_words(language)[lesson.id]
    steps, before = [], ""
    for step, texts in zip(lesson.steps, words["steps"], strict=True):
        names = {name: name_on_page(key, lang, year) for name, key in step.names.items()}
        do, know, otherwise = (_parts(texts[part], names) for part in ("do", "know", "otherwise"))
        account = "" if step.account == before else step.account
        steps.append(ToldStep(step.minutes, account, step.address, do, know, otherwise))
        before = step.account
    return ToldLesson(language, words["see"], tuple(steps))


def name_on_page(key: str, lang: str, year: int) -> str:
    """What a button, link or heading is called on its page."""
    values = {"period": str(year)} if "period" in list_placeholders(key) else {}
    return t(key, lang, **values)


def _parts(text: str, names: Mapping[str, str]) -> Sentence:
    pieces = _NAME.split(text)
    return tuple(
        LessonPart(names[piece] if at % 2 else piece, bool(at % 2)) for at, piece in enumerate(pieces) if piece
    )
