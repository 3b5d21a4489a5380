"""Everyday hints at a bribe go to the officer first; ordinary visits stay with the moderator."""

from datetime import date

import pytest
from sqlalchemy import Engine, update
from sqlmodel import col

from dashboard.accounts import audit
from dashboard.database.engine import writing
from dashboard.voice import review, store
from dashboard.voice.inbox import Keyring
from dashboard.voice.intake import take
from dashboard.voice.keeping import pass_hints_on, redact_again
from dashboard.voice.model import Intake
from dashboard.voice.moderation.reports import PASSED_BACK
from dashboard.voice.review import Reviewer
from dashboard.voice.tables import VoiceLabel, VoiceOpinion
from dashboard.voice.wordlists import languages_of, listed
from tests.voice.bribes.corpus import HALVES, LANGUAGES, measure
from tests.voice.conftest import NOW
from tests.voice.redaction.corpus import HALVES as PARTS
from tests.voice.redaction.corpus import PLACES, read_texts

FOUND = {"tuned": 0.88, "held": 0.12}
"""The least share of hints found of a language; of the held half few: lists know what somebody wrote into them."""


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_hints_are_found_and_ordinary_visits_are_not_taken_for_one(language: str, half: str) -> None:
    missed, wrong, hints, plain = measure(language, half)
    assert 1 - len(missed) / hints >= FOUND[half]
    assert len(wrong) / plain <= 0.06, wrong


def test_of_a_thousand_texts_about_other_things_one_in_a_hundred_at_most_is_taken_for_a_hint() -> None:
    texts = [(one.text, PLACES[lang]) for lang in PLACES for half in PARTS for one in read_texts(half, lang)]
    taken = [text for text, country in texts if listed(text, languages_of(country)).integrity]
    assert len(taken) <= len(texts) / 100, taken


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("They wanted, without any shame at all, money for it", True),  # four words between
        ("It was asked in the hall on the second floor at noon: a gift", False),
        ("He asked politely. Money is no topic here", False),  # another sentence
        ("I paid the fee. He asked the guard for the cash of others", True),
        ("x" * 3_000 + " asked" * 160, False),
    ],
)
def test_a_hint_stands_within_a_sentence(text: str, found: bool) -> None:
    assert listed(text, ("en",)).integrity is found


def test_a_hint_stands_in_the_officers_queue_and_not_in_the_moderators(inbox: Engine, keys: Keyring) -> None:
    said = {
        "h" * 8: "The clerk said it would be faster if I added something",
        "o" * 8: "The queue was long, the fee fair",
    }
    take(inbox, keys, "UGA", [Intake(id_, "hoima", date(2026, 11, 20), text=text) for id_, text in said.items()], NOW)
    moderator, officer = Reviewer("m", frozenset({"UGA"})), Reviewer("o", officer_of=frozenset({"UGA"}))
    assert [one.opinion.id for one in review.queue(inbox, moderator)] == ["o" * 8]
    assert [one.id for one in review.integrity_queue(inbox, officer)] == ["h" * 8]
    hidden = store.opinion(inbox, "h" * 8)
    assert hidden is not None
    assert hidden.text == ""


def test_what_waits_since_older_lists_goes_to_the_officer_once_lists_know_it(inbox: Engine, keys: Keyring) -> None:
    hint = "The clerk said it would be faster if I added something"
    ids = [letter * 8 for letter in "abcd"]
    take(inbox, keys, "UGA", [Intake(id_, "hoima", date(2026, 11, 20), text="The queue") for id_ in ids], NOW)
    with inbox.begin() as connection:  # as older lists left them
        connection.execute(update(VoiceOpinion).values(text=hint, rules="older"))
        connection.execute(update(VoiceOpinion).where(col(VoiceOpinion.id) == "d" * 8).values(text="The queue"))
    store.label(inbox, VoiceLabel(opinion="b" * 8, coder="m", kind="complaint", theme="staff", at=NOW))
    with writing(inbox) as connection:
        audit.record(connection, action=PASSED_BACK, subject=f"opinion {'c' * 8}")
    assert pass_hints_on(inbox, keys, frozenset({"AZE"}), 10) == 0, "nobody else could read it"
    assert pass_hints_on(inbox, keys, frozenset({"UGA"}), 10) == 1
    officer = Reviewer("o", officer_of=frozenset({"UGA"}))
    assert [one.id for one in review.integrity_queue(inbox, officer)] == ["a" * 8]
    assert review.open_words(inbox, keys, officer, "a" * 8, NOW, "words") == hint
    assert {one.id for one in store.opinions(inbox, ["UGA"])} == set(ids[1:])
    redact_again(inbox, 10)
    assert pass_hints_on(inbox, keys, frozenset({"UGA"}), 10) == 0
