"""Everyday hints at a bribe go to the officer first; ordinary visits stay with the moderator."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, update
from sqlmodel import col

from dashboard.accounts import audit
from dashboard.contributions.voice import review, store
from dashboard.contributions.voice.hints import find_hints, find_hints_version
from dashboard.contributions.voice.inbox import Keyring
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.keeping import look_through, redact_again
from dashboard.contributions.voice.model import Intake
from dashboard.contributions.voice.moderation.reports import PASSED_BACK
from dashboard.contributions.voice.redaction.redact import find_rules_version
from dashboard.contributions.voice.review import Reviewer
from dashboard.contributions.voice.tables import VoiceLabel, VoiceOpinion
from dashboard.contributions.voice.vectors import load_vectors
from dashboard.contributions.voice.wordlists import listed
from dashboard.evidence.database.engine import writing
from dashboard.runtime.sandbox.pools import SandboxError
from tests.contributions.voice.bribes.corpus import LANGUAGES, find_by_lists, find_by_vectors, read_hints, read_ordinary
from tests.contributions.voice.conftest import NOW

FOUND = {"tuned": 0.88, "held": 0.12}
"""The least share of hints that lists find in a language; of the held half few: they know what somebody wrote in."""


@pytest.mark.parametrize("half", FOUND)
@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_find_hints_and_take_no_ordinary_visit_for_one(language: str, half: str) -> None:
    hints, plain = ([(language, text) for text in read_hints(half, language, kind)] for kind in ("hints", "plain"))
    assert sum(find_by_lists(hints)) >= FOUND[half] * len(hints)
    assert sum(find_by_lists(plain)) <= 0.06 * len(plain)


def test_lists_take_one_in_a_hundred_texts_about_other_things_for_a_hint_at_most() -> None:
    texts = [one for half in ("tuned", "held") for one in read_ordinary(half)]
    assert sum(find_by_lists(texts)) <= len(texts) / 100


@pytest.mark.usefixtures("weights")
def test_vectors_find_hints_that_no_list_knows_in_any_language() -> None:
    hints = [(language, text) for language in LANGUAGES for text in read_hints("held", language, "hints")]
    plain = [(language, text) for language in LANGUAGES for text in read_hints("held", language, "plain")]
    assert sum(find_by_vectors(hints)) >= 0.65 * len(hints) > 2 * sum(find_by_lists(hints))
    assert sum(find_by_vectors(plain)) <= 0.07 * len(plain)
    assert find_hints(load_vectors().embed(["O, sənədi vermək üçün məndən pul istədi"])) == [True]


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
    assert store.opinion(inbox, "h" * 8).text == ""


VEILED = "He said he could close his eyes if I closed mine"
"""A hint that no list knows."""


def sent(inbox: Engine, keys: Keyring, said: dict[str, str]) -> None:
    taken = [Intake(letter * 8, "hoima", date(2026, 11, 20), text=text) for letter, text in said.items()]
    take(inbox, keys, "UGA", taken, NOW)


@pytest.mark.usefixtures("weights")
def test_a_veiled_hint_goes_to_the_officer_at_the_next_look(inbox: Engine, keys: Keyring, tmp_path: Path) -> None:
    sent(inbox, keys, {"h": VEILED, "o": "The queue was long, the fee fair", "s": VEILED, "b": VEILED})
    moderator, officer = Reviewer("m", frozenset({"UGA"})), Reviewer("o", officer_of=frozenset({"UGA"}))
    assert len(review.queue(inbox, moderator)) == 4, "until then nothing is held back from moderators"
    store.keep_labels(inbox, [VoiceLabel(opinion="s" * 8, coder="m", kind="complaint", theme="staff", at=NOW)])
    with writing(inbox) as connection:
        audit.record(connection, action=PASSED_BACK, subject=f"opinion {'b' * 8}")
    assert look_through(inbox, keys, tmp_path, frozenset({"UGA"})) == 1
    assert [one.id for one in review.integrity_queue(inbox, officer)] == ["h" * 8]
    assert review.open_words(inbox, keys, officer, "h" * 8, NOW, "words") == VEILED
    assert {one.opinion.id for one in review.queue(inbox, moderator)} == {"o" * 8, "b" * 8}, "what was sorted is theirs"
    assert look_through(inbox, keys, tmp_path, frozenset({"UGA"})) == 0
    assert {one.rules for one in store.opinions(inbox, ["UGA"])} == {f"{find_rules_version()} {find_hints_version()}"}
    assert store.redacted_before(inbox, find_rules_version(), 10) == [], "looked through, it is not redacted anew"


@pytest.mark.parametrize("fault", [SandboxError("no memory"), None], ids=["memory", "setting"])
def test_without_vectors_lists_look_through(
    inbox: Engine, keys: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception | None
) -> None:
    sent(inbox, keys, {"a": "The queue"})
    hint = "The clerk said it would be faster if I added something"
    with inbox.begin() as connection:  # as older lists left it
        connection.execute(update(VoiceOpinion).values(text=hint))

    def call(*_: object) -> None:
        assert fault is not None, "nobody asks the sandbox"
        raise fault

    monkeypatch.setattr(review.SANDBOX, "call", call)
    assert look_through(inbox, keys, tmp_path, frozenset({"UGA"}), vectors=fault is not None) == 1
    assert [one.id for one in store.opinions(inbox, ["UGA"], integrity=True)] == ["a" * 8]


def test_what_waits_since_older_lists_goes_to_the_officer_once_lists_know_it(
    inbox: Engine, keys: Keyring, tmp_path: Path
) -> None:
    hint = "The clerk said it would be faster if I added something"
    ids = [letter * 8 for letter in "abcd"]
    take(inbox, keys, "UGA", [Intake(id_, "hoima", date(2026, 11, 20), text="The queue") for id_ in ids], NOW)
    with inbox.begin() as connection:  # as older lists left them
        connection.execute(update(VoiceOpinion).values(text=hint, rules="older"))
        connection.execute(update(VoiceOpinion).where(col(VoiceOpinion.id) == "d" * 8).values(text="The queue"))
    store.keep_labels(inbox, [VoiceLabel(opinion="b" * 8, coder="m", kind="complaint", theme="staff", at=NOW)])
    with writing(inbox) as connection:
        audit.record(connection, action=PASSED_BACK, subject=f"opinion {'c' * 8}")
    officer = Reviewer("o", officer_of=frozenset({"UGA"}))
    assert look_through(inbox, keys, tmp_path, frozenset({"UGA"}), vectors=False) == 0, "redacted by older rules"
    redact_again(inbox, 10)
    assert look_through(inbox, keys, tmp_path, frozenset({"UGA"}), vectors=False) == 1
    assert [one.id for one in review.integrity_queue(inbox, officer)] == ["a" * 8]
    assert review.open_words(inbox, keys, officer, "a" * 8, NOW, "words") == hint
    assert {one.id for one in store.opinions(inbox, ["UGA"])} == set(ids[1:])


def test_where_nobody_is_the_officer_a_hint_stays_readable(inbox: Engine, keys: Keyring, tmp_path: Path) -> None:
    sent(inbox, keys, {"a": VEILED})
    assert look_through(inbox, keys, tmp_path, frozenset({"AZE"})) == 0
    assert [one.id for one in store.opinions(inbox, ["UGA"])] == ["a" * 8]
