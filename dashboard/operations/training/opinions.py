"""Invented opinions in six languages from the texts in ``said/``, with typing mistakes.

Planted: complaints about waiting grow in ``GROWING`` in the last three whole months, at the only centre there. The
newest are unsorted; some hint at a bribe, and some complaints wait for an answer. Telephone numbers are those that
regulators reserve for fiction. All are marked as synthetic.
"""

import csv
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import keyring
from dashboard.contributions.voice.intake import take_rows
from dashboard.contributions.voice.model import INTEGRITY
from dashboard.contributions.voice.moderation.complaints import give_numbers
from dashboard.contributions.voice.publication.release import publish
from dashboard.contributions.voice.tables import VoiceLabel
from dashboard.evidence.database.engine import open_engine
from dashboard.operations.training.countries import COUNTRIES
from dashboard.operations.training.services import list_months, make_code
from dashboard.settings import Settings

COUNT = 3_000
HEARD_CENTRES = (1, 3)
"""Centres of each country with opinions: few, so that counts are large enough to publish."""

MONTHS, GROWN = 6, 3
"""Whole months of opinions, from the first day of the first one on, and those of them in which a theme has grown."""

GROWING = "XAB"
"""The country where complaints about waiting grow."""

UNSORTED_DAYS = 14
"""Opinions of these last days wait for a moderator."""

SHARES = {
    "waiting": 22, "staff": 20, "digital": 18, "premises": 18, "process": 6, "access": 4, "cost": 4,
    "equal_treatment": 3, "outcome": 3, "other": 1, "integrity": 1,
}  # fmt: skip
"""Percentage of opinions by theme; the few large themes have counts that may be published."""

LANGUAGES = ("en", "fr", "ar", "az", "ru", "tr")

NUMBERED = 3
"""Complaints of each country that have a number and wait for an answer."""

_SAID = Path(__file__).parent / "said"
_RATINGS = {"complaint": (1, 1, 2), "suggestion": (2, 3, 3), "praise": (4, 4, 3), "question": (3, 2, None),
            "opinion": (2, 3, 3, None)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class InventedOpinion:
    """A line of ``said/<language>.csv``: what an invented person wrote, with kind and theme."""

    kind: str
    theme: str
    text: str


def read_texts(lang: str) -> tuple[InventedOpinion, ...]:
    """Return all texts of a language."""
    with (_SAID / f"{lang}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(InventedOpinion(**row) for row in csv.DictReader(file))


def make_opinions(settings: Settings, now: datetime) -> int:
    """Take the opinions in as a file is, release what may be published, and return how many are new.

    Raises:
        ValueError: an invented opinion is refused: the rules have changed, and this package has to follow.
    """
    database = open_engine(settings)
    keys = keyring(settings)
    centres = {code: rows[-1].country for code, rows in delivery.centres(database).items()}
    rows = list(make_rows(now.date()))
    receipts, faults = take_rows(database, keys, centres, rows, now, origin="form")
    if faults:
        raise ValueError(f"invented opinions, row {faults[0].row}: {faults[0].fault.message}")
    before = (now - timedelta(days=UNSORTED_DAYS)).date().isoformat()
    counted = [row for row in rows if row["theme"] != INTEGRITY]  # reports of bribes are the officer's, not a coder's
    store.keep_labels(database, [_make_label(row, now) for row in counted if str(row["said_on"]) < before])
    fresh = [row for row in counted if row["kind"] == "complaint" and str(row["said_on"]) >= before]
    for country in COUNTRIES:
        own = [str(row["id"]) for row in fresh if str(row["centre"]).startswith(country.iso3.lower())]
        give_numbers(database, own[:NUMBERED], now - timedelta(days=3))
        publish(settings, country.iso3, now)
    return receipts.fresh


def make_rows(today: date) -> Iterator[dict[str, object]]:
    """Yield the opinions as rows, newest first, with their theme; the same at every making on a day.

    No text comes twice among the newest; older ones repeat with typing mistakes.
    """
    chance = random.Random(2030)  # noqa: S311 - invented text, nothing to guard
    first, grown = list_months(today)[-MONTHS], list_months(today)[-GROWN]
    drawn = []
    for number in range(COUNT):
        country, lang = COUNTRIES[number % len(COUNTRIES)], LANGUAGES[number // len(COUNTRIES) % len(LANGUAGES)]
        day = first + timedelta(days=chance.randrange((today - first).days + 1))
        (theme,) = chance.choices(tuple(SHARES), tuple(SHARES.values()))
        if country.iso3 == GROWING and day >= grown and chance.random() < 0.6:
            theme = "waiting"
        drawn.append((day, number, country.iso3, lang, theme))
    decks = {(lang, theme): _shuffle_deck(lang, theme, chance) for lang in LANGUAGES for theme in SHARES}
    dealt: Counter[tuple[str, str]] = Counter()
    for day, number, iso3, lang, theme in sorted(drawn, reverse=True):
        deck = decks[lang, theme]
        turn, place = divmod(dealt[lang, theme], len(deck))
        dealt[lang, theme] += 1
        opinion = deck[place]
        yield {
            "id": f"{number:08}-invented", "kind": opinion.kind,
            "text": _misspell(opinion.text, chance) if turn else opinion.text,
            "centre": make_code(iso3, HEARD_CENTRES[0 if iso3 == GROWING else number // 24 % len(HEARD_CENTRES)]),
            "said_on": day.isoformat(), "channel": "form", "language": lang,
            "rating": chance.choice(_RATINGS[opinion.kind]), "synthetic": True, "theme": theme,
        }  # fmt: skip


def _shuffle_deck(lang: str, theme: str, chance: random.Random) -> list[InventedOpinion]:
    deck = [opinion for opinion in read_texts(lang) if opinion.theme == theme]
    chance.shuffle(deck)
    return deck


def _make_label(row: Mapping[str, object], now: datetime) -> VoiceLabel:
    """Return a coder's label with the kind and theme the opinion was written for."""
    return VoiceLabel(
        opinion=str(row["id"]), coder="invented", kind=str(row["kind"]), theme=str(row["theme"]), at=now
    )  # fmt: skip


def _misspell(words: str, chance: random.Random) -> str:
    """Swap two neighbouring letters."""
    places = [position for position in range(len(words) - 1) if words[position : position + 2].isalpha()]
    if not places:
        return words
    position = chance.choice(places)
    return words[:position] + words[position + 1] + words[position] + words[position + 2 :]
