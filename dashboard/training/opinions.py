"""Invented opinions in six languages: what ``said/`` holds, as people write, and slips of the keys.

Planted: in the last three whole months complaints about waiting grow in ``GROWING``, at the one centre heard there. All
but the newest are sorted, so that their themes are counted and the newest wait for whoever practises; some hint at a
bribe and wait for the officer, and some complaints wait for an answer. Telephone numbers
are those that regulators keep free for fiction; names belong to nobody. All are marked as synthetic when taken in.
"""

import csv
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from dashboard.database.engine import open_engine
from dashboard.delivery import store as delivery
from dashboard.settings import Settings
from dashboard.training.countries import COUNTRIES
from dashboard.training.services import code_of, months
from dashboard.voice import store
from dashboard.voice.inbox import Keyring
from dashboard.voice.intake import take_rows
from dashboard.voice.model import INTEGRITY
from dashboard.voice.moderation.complaints import give_numbers
from dashboard.voice.publication.release import publish
from dashboard.voice.tables import VoiceLabel

COUNT = 3_000
HEARD = (1, 3)
"""Centres of each country whose visitors speak: few, so that counts are large enough to be told."""

MONTHS, GROWN = 6, 3
"""Whole months of opinions, from the first day of the first one on, and those of them in which a theme has grown."""

GROWING = "XAB"
"""The country where complaints about waiting grow."""

UNSORTED_DAYS = 14
"""Opinions of so many days wait for a moderator."""

SHARES = {
    "waiting": 22, "staff": 20, "digital": 18, "premises": 18, "process": 6, "access": 4, "cost": 4,
    "equal_treatment": 3, "outcome": 3, "other": 1, "integrity": 1,
}  # fmt: skip
"""Theme → how many of a hundred opinions speak of it. Few themes are large, so that their counts may be told."""

LANGUAGES = ("en", "fr", "ar", "az", "ru", "tr")

NUMBERED = 3
"""Complaints of each country that have a number and wait for an answer."""

_SAID = Path(__file__).parent / "said"
_RATINGS = {"complaint": (1, 1, 2), "suggestion": (2, 3, 3), "praise": (4, 4, 3), "question": (3, 2, None),
            "opinion": (2, 3, 3, None)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What an invented person wrote, and what it is: a line of ``said/<language>.csv``."""

    kind: str
    theme: str
    text: str


def read_said(lang: str) -> tuple[Said, ...]:
    """All texts of a language, as their file has them."""
    with (_SAID / f"{lang}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Said(**row) for row in csv.DictReader(file))


def fill(settings: Settings, now: datetime) -> int:
    """Take the opinions in as a file is taken in, and release what may be told; gives the number kept.

    Raises:
        ValueError: an invented opinion is refused: the rules have changed, and this room has to follow.
    """
    database = open_engine(settings)
    keys = Keyring([one.get_secret_value() for one in settings.voice.keys])
    centres = {code: rows[-1].country for code, rows in delivery.centres(database).items()}
    rows = list(written(now.date()))
    receipts, faults = take_rows(database, keys, centres, rows, now)
    if faults:
        raise ValueError(f"invented opinions, row {faults[0].row}: {faults[0].fault.message}")
    before = (now - timedelta(days=UNSORTED_DAYS)).date().isoformat()
    told = [row for row in rows if row["theme"] != INTEGRITY]  # reports of bribes are the officer's, not a coder's
    store.keep_labels(database, [_sorted(row, now) for row in told if str(row["said_on"]) < before])
    fresh = [row for row in told if row["kind"] == "complaint" and str(row["said_on"]) >= before]
    for it in COUNTRIES:
        own = [str(row["id"]) for row in fresh if str(row["centre"]).startswith(it.iso3.lower())]
        give_numbers(database, own[:NUMBERED], now - timedelta(days=3))
        publish(settings, it.iso3, now)
    return receipts.fresh


def written(today: date) -> Iterator[dict[str, object]]:
    """The opinions as rows of a file, the newest first, each with the theme it speaks of; the same at every making on
    the same day.

    No text comes twice among the newest; further back they come again, with slips of the keys.
    """
    chance = random.Random(2030)  # noqa: S311 - invented text, nothing to guard
    first, grown = months(today)[-MONTHS], months(today)[-GROWN]
    drawn = []
    for at in range(COUNT):
        it, lang = COUNTRIES[at % len(COUNTRIES)], LANGUAGES[at // len(COUNTRIES) % len(LANGUAGES)]
        day = first + timedelta(days=chance.randrange((today - first).days + 1))
        (theme,) = chance.choices(tuple(SHARES), tuple(SHARES.values()))
        if it.iso3 == GROWING and day >= grown and chance.random() < 0.6:
            theme = "waiting"
        drawn.append((day, at, it.iso3, lang, theme))
    decks = {(lang, theme): _shuffled(lang, theme, chance) for lang in LANGUAGES for theme in SHARES}
    dealt: Counter[tuple[str, str]] = Counter()
    for day, at, iso3, lang, theme in sorted(drawn, reverse=True):
        deck = decks[lang, theme]
        turn, place = divmod(dealt[lang, theme], len(deck))
        dealt[lang, theme] += 1
        said = deck[place]
        yield {
            "id": f"{at:08}-invented", "text": _slip(said.text, chance) if turn else said.text, "kind": said.kind,
            "centre": code_of(iso3, HEARD[0 if iso3 == GROWING else at // 24 % len(HEARD)]),
            "said_on": day.isoformat(), "channel": "form", "language": lang,
            "rating": chance.choice(_RATINGS[said.kind]), "synthetic": True, "theme": theme,
        }  # fmt: skip


def _shuffled(lang: str, theme: str, chance: random.Random) -> list[Said]:
    deck = [said for said in read_said(lang) if said.theme == theme]
    chance.shuffle(deck)
    return deck


def _sorted(row: Mapping[str, object], now: datetime) -> VoiceLabel:
    """What a coder says of an invented opinion: the kind and theme it was written for."""
    return VoiceLabel(
        opinion=str(row["id"]), coder="invented", kind=str(row["kind"]), theme=str(row["theme"]), at=now
    )  # fmt: skip


def _slip(words: str, chance: random.Random) -> str:
    """Two neighbouring letters changed, as fingers do."""
    places = [at for at in range(len(words) - 1) if words[at : at + 2].isalpha()]
    if not places:
        return words
    at = chance.choice(places)
    return words[:at] + words[at + 1] + words[at] + words[at + 2 :]
