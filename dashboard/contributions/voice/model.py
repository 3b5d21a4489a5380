"""What people say of a service: kinds, themes, and one opinion as it comes in.

``Intake``: an opinion before redaction. ``checked(fields, today) -> Intake``: from a form, an API or a row of a file.
``OpinionRefused``: why it was not taken, one ``FieldFault`` a field, each with what to do.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

Kind = Literal["opinion", "complaint", "suggestion", "praise", "question"]
KINDS: tuple[Kind, ...] = ("opinion", "complaint", "suggestion", "praise", "question")

THEMES: dict[str, str] = {
    "access": "accessibility",
    "cost": "affordability",
    "process": "effective_process",
    "equal_treatment": "equal_treatment",
    "waiting": "timeliness",
    "staff": "courtesy",
    "premises": "facilities",
    "digital": "",
    "integrity": "",
    "outcome": "",
    "other": "",
}
"""The eleven themes and the attribute of SDG 16.6.2 each speaks to; "" speaks to none."""

INTEGRITY = "integrity"
"""The theme that only named officers read, and that is never published."""

CHANNELS = ("counter", "mobile", "call", "web", "app", "form")
RATINGS = (1, 2, 3, 4)
"""Very dissatisfied, dissatisfied, satisfied, very satisfied: four levels without a midpoint."""

ATTRIBUTES = ("access", "affordability", "process", "equal_treatment", "timeliness")
"""The five attributes of SDG 16.6.2, asked as agree or disagree. Answers of visitors are never SDG 16.6.2 itself."""

OUTCOMES = ("answered", "upheld", "not_upheld", "reopened", "open")
LONGEST = 4_000
"""Characters of one text; more is refused, not cut: nothing that was said is dropped unseen."""

OLDEST = timedelta(days=400)
AHEAD = timedelta(days=1)
"""A clock may be a day ahead (time zones); further is a wrong clock."""

MOST_DAYS = 3_650
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""What Unicode lets be ignored: joiners, overrides, selectors, tags."""

_BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
"""Letters that look like nothing."""

_ON_DIGITS = re.compile(r"(?<=\d)[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]+")
"""Strokes and boxes around a digit, such as that of a key."""


class VoiceError(Exception):
    """Anything of citizens' voice that a person can put right; the message says what, where and how."""


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One thing wrong with an opinion: the field, a code of the rule, what is wrong and what to do."""

    field: str
    rule: str
    message: str


class OpinionRefused(VoiceError):
    """An opinion was not taken; ``faults`` say why, in the order of the fields."""

    def __init__(self, faults: tuple[FieldFault, ...]) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Intake:
    """An opinion as it came, cleaned of invisible characters and not yet redacted: it must not be stored like this."""

    id: str
    centre: str
    said_on: date
    channel: str = "form"
    service: str = ""
    text: str = ""
    language: str = ""
    kind: str = ""
    rating: int | None = None
    attributes: dict[str, bool] = field(default_factory=dict)
    outcome: str = ""
    days_to_answer: int | None = None
    integrity: bool = False
    synthetic: bool = False


def clean(text: str) -> str:
    """Text without characters nobody sees (direction overrides, zero width), in one Unicode form, blanks joined."""
    shown = unicodedata.normalize("NFKC", _ON_DIGITS.sub("", _BLANK.sub(" ", _INVISIBLE.sub("", text))))
    kept = "".join(c if c == "\n" or unicodedata.category(c)[0] != "C" else " " for c in shown)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[^\S\n]+", " ", kept)).strip()


def wordless(text: str) -> bool:
    """Return True if a text has no letter: emoji and signs alone say no theme, and are kept without one."""
    return not any(unicodedata.category(c)[0] == "L" for c in text)


def checked(given: Mapping[str, object], today: date) -> Intake:
    """Return an opinion from loose fields, every one of them looked at.

    Args:
        given: names of ``Intake``'s fields; ``said_on`` as ISO date; what is empty is left out.
        today: the day of the one who asks; nothing here reads a clock.

    Raises:
        OpinionRefused: with every fault there is, not just the first.
    """
    faults: list[FieldFault] = []
    taken = {name: value for name, value in given.items() if value not in (None, "")}

    def wrong(name: str, rule: str, message: str) -> None:
        faults.append(FieldFault(name, rule, message))

    identity = str(taken.get("id", ""))
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,64}", identity):
        wrong(
            "id",
            "id",
            "id: 8 to 64 letters, digits, “-” or “_” that this sender uses once, so that sending again counts once.",
        )
    text = taken.get("text", "")
    if not isinstance(text, str):
        wrong("text", "text", "text: words within quotation marks, not a list, number or object.")
        text = ""
    cleaned = clean(text) if len(text) <= LONGEST else ""
    if (written := max(len(text), len(cleaned))) > LONGEST:  # one sign may stand for eighteen
        wrong("text", "too_long", f"text: {written:,} characters; at most {LONGEST:,}. Say it in fewer words.")
        cleaned = ""
    text = cleaned
    rating = _number(taken.get("rating"))
    if "rating" in taken and rating not in RATINGS:
        wrong(
            "rating",
            "rating",
            f"rating: {str(taken['rating'])[:20]!r}; use 1 (very dissatisfied) to 4 (very satisfied).",
        )
    if (
        not text
        and not any(fault.field == "text" for fault in faults)
        and rating is None
        and not taken.get("attributes")
    ):
        wrong("text", "empty", "Nothing was said: give a rating or words.")
    days = _number(taken.get("days_to_answer"))
    if "days_to_answer" in taken and (days is None or not 0 <= days <= MOST_DAYS):
        wrong("days_to_answer", "days", f"days_to_answer: whole days from 0 to {MOST_DAYS:,}.")
    for name, allowed in (("kind", KINDS), ("channel", CHANNELS), ("outcome", OUTCOMES)):
        if name in taken and taken[name] not in allowed:
            wrong(name, name, f"{name}: {str(taken[name])[:20]!r}; use one of {', '.join(allowed)}.")
    language = str(taken.get("language", ""))
    if language and not re.fullmatch(r"[a-z]{2,3}", language):
        wrong("language", "language", f"language: {language[:20]!r}; use a code of two or three letters, such as az.")
    attributes = taken.get("attributes", {})
    if not isinstance(attributes, Mapping) or any(
        name not in ATTRIBUTES or not isinstance(said, bool) for name, said in attributes.items()
    ):
        wrong("attributes", "attributes", f"attributes: true or false for any of {', '.join(ATTRIBUTES)}.")
        attributes = {}
    said_on = _day(taken.get("said_on", today))
    if said_on is None:
        wrong("said_on", "date", f"said_on: {str(taken['said_on'])[:20]!r} is no date; write 2026-11-26.")
    elif said_on > today + AHEAD:
        wrong(
            "said_on", "ahead", f"said_on: {said_on} lies ahead of {today}; set the clock of the device and send again."
        )
    elif said_on < today - OLDEST:
        wrong("said_on", "old", f"said_on: {said_on} is more than {OLDEST.days} days ago and is not taken any more.")
    centre = str(taken.get("centre", ""))
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", centre):
        wrong("centre", "centre", "centre: the code of the centre, in small letters, digits and “-”.")
    if faults or said_on is None:
        raise OpinionRefused(tuple(faults))
    return Intake(
        id=identity,
        centre=centre,
        said_on=said_on,
        channel=str(taken.get("channel", "form")),
        service=str(taken.get("service", ""))[:64],
        text=text,
        language=language,
        kind=str(taken.get("kind", "")),
        rating=rating,
        attributes=dict(attributes),
        outcome=str(taken.get("outcome", "")),
        days_to_answer=days,
        integrity=bool(taken.get("integrity", False)),
        synthetic=bool(taken.get("synthetic", False)),
    )


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}", value) else None


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
