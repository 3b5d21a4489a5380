"""The invented opinions: many, different, of every theme and language, and told apart as those of real people are."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from dashboard.contributions.voice.inbox import Keyring, new_key
from dashboard.contributions.voice.intake import prepared
from dashboard.contributions.voice.model import INTEGRITY, KINDS, THEMES, Intake, checked
from dashboard.contributions.voice.tables import VoiceOpinion
from dashboard.operations.training.opinions import LANGUAGES, UNSORTED_DAYS, InventedOpinion, make_rows, read_texts

TODAY = date(2026, 11, 30)
SPOKEN = {"en": "UGA", "fr": "SEN", "ar": "MAR", "az": "AZE", "ru": "KAZ", "tr": "TUR"}
"""Language → a country in which it is told apart from the others spoken there."""


def taken(lang: str) -> list[tuple[InventedOpinion, VoiceOpinion]]:
    """Each text of a language with the opinion as it would be kept, its language not declared."""
    keys, now = Keyring([new_key("one")]), datetime(2026, 11, 30, tzinfo=UTC)
    return [
        (said, prepared(keys, SPOKEN[lang], Intake(f"{at:032d}", "centre", TODAY, text=said.text), now)[0])
        for at, said in enumerate(read_texts(lang))
    ]


def test_texts_are_many_different_and_of_every_theme_and_kind() -> None:
    texts = {lang: read_texts(lang) for lang in LANGUAGES}
    everything = [said.text.casefold() for rows in texts.values() for said in rows]
    assert len(set(everything)) == len(everything) >= 600
    for lang, rows in texts.items():
        assert len(rows) >= 100, lang
        assert {said.theme for said in rows} == set(THEMES), lang
        assert {said.kind for said in rows} == set(KINDS), lang
        lengths = [len(said.text) for said in rows]
        assert min(lengths) < 10
        assert max(lengths) > 120


@pytest.mark.parametrize("lang", LANGUAGES)
def test_languages_are_told_apart_and_numbers_and_names_go(lang: str) -> None:
    kept = taken(lang)
    assert sum(one.language == lang for _, one in kept) >= 0.95 * len(kept)
    secret = [one for said, one in kept if "7946" in said.text or "Quillon" in said.text or "كويلون" in said.text]
    assert secret
    assert not [one.text for one in secret if "7946" in one.text or "Quillon" in one.text or "كويلون" in one.text]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_most_hints_at_a_bribe_and_little_else_go_to_the_officer(lang: str) -> None:
    kept = taken(lang)
    assert sum([one.integrity for said, one in kept if said.theme == INTEGRITY]) >= 3
    assert sum(one.integrity for said, one in kept if said.theme != INTEGRITY) <= 3


def test_every_row_is_taken_and_no_text_comes_twice_among_the_newest() -> None:
    rows = list(make_rows(TODAY))
    assert rows == list(make_rows(TODAY))
    for row in rows:
        checked(row, TODAY)
    newest = [row for row in rows if (TODAY - date.fromisoformat(str(row["said_on"]))).days <= UNSORTED_DAYS]
    assert len(newest) > 150
    assert len({row["text"] for row in newest}) > 0.97 * len(newest)
    assert len({row["text"] for row in rows}) > 0.9 * len(rows)
    assert set(Counter(row["language"] for row in rows)) == set(LANGUAGES)
