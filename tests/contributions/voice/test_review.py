"""From opinions to published counts: who may read what, the classifier's abstention, what is hidden."""

from collections import Counter
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine

from dashboard.analysis.measures.surveys.suppression import THRESHOLD
from dashboard.contributions.voice import review, store
from dashboard.contributions.voice.classifier import DamagedModel, Label, TooFewLabels, load, train
from dashboard.contributions.voice.inbox import Keyring
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.model import THEMES, Intake
from dashboard.contributions.voice.publication import views, withholding
from dashboard.contributions.voice.publication.batches import Place
from dashboard.contributions.voice.review import NotAllowed, Reviewer, Unclear
from dashboard.contributions.voice.tables import VoiceLabel, VoiceModel
from dashboard.locales import LANGUAGES
from tests.checks import all_of
from tests.contributions.voice.conftest import NOW, put_in_force

SAYINGS = {
    "waiting": (
        "I waited {n} hours in the queue",
        "the queue took {n} hours",
        "very slow, {n} weeks of delay",
        "still not ready after {n} weeks",
    ),
    "staff": (
        "the clerk at window {n} was rude",
        "staff at desk {n} were polite and helpful",
        "employee {n} shouted",
        "receptionist {n} ignored us",
    ),
    "cost": (
        "the fee of {n} thousand is too expensive",
        "paid twice, {n} thousand, want a refund",
        "price went up by {n}",
        "charges of {n} are high",
    ),
    "digital": (
        "website was down {n} times",
        "the app lost my password {n} times",
        "online portal gave error {n}",
        "no sms code after {n} tries",
    ),
}
BOSS = Reviewer("boss", frozenset({"UGA", "AZE"}))
OFFICER = Reviewer("officer", officer_of=frozenset({"UGA"}))


def labelled(n: int, seed: int = 3) -> list[Label]:
    chance = Random(seed)
    found = []
    for _ in range(n):
        theme = chance.choice(list(SAYINGS))
        found.append(Label(chance.choice(SAYINGS[theme]).format(n=chance.randint(2, 900)), "en", theme))
    return found


def said(engine: Engine, keys: Keyring, texts: list[str], centre: str = "hoima", day: date = date(2026, 11, 2)) -> None:
    at = len(store.opinions(engine, ["UGA"]))
    intakes = [
        Intake(f"{centre}-{day}-{at + n:08d}", centre, day, text=one, language="en") for n, one in enumerate(texts)
    ]
    take(engine, keys, "UGA", intakes, NOW)


def test_a_classifier_answers_where_it_holds_ninety_per_cent_and_says_how_well() -> None:
    model = train(labelled(400))
    (english,) = model.report.languages
    assert english.threshold is not None
    assert (english.precision or 0) >= 0.9
    assert (english.precision_lower or 0) >= 0.9
    assert english.coverage > 0.8
    told = {one.theme: one for one in model.report.themes}
    assert set(told) == set(THEMES)
    assert told["outcome"].labels == 0
    assert told["outcome"].precision is None
    assert (told["waiting"].f1 or 0) > 0.8
    (answer,) = model.answers(["queue of 3 hours"], ["en"])
    assert (answer.theme, answer.answered) == ("waiting", True)


def test_it_abstains_in_languages_it_was_not_measured_in_and_from_noise() -> None:
    model = train(labelled(200))
    assert [one.answered for one in model.answers(["очередь 3 часа", "queue of 3 hours"], ["ru", "xx"])] == [
        False,
        False,
    ]
    chance = Random(5)
    noise = [Label(f"word{chance.randint(0, 10**9)}", "en", chance.choice(list(SAYINGS))) for _ in range(200)]
    assert [one.threshold for one in train(noise).report.languages] == [None]


def test_integrity_is_never_answered_by_machine() -> None:
    bribes = [Label(f"they asked for a bribe of {n} thousand", "en", "integrity") for n in range(80)]
    (answer,) = train([*labelled(200), *bribes]).answers(["asked me for a bribe"], ["en"])
    assert (answer.theme, answer.answered) == ("integrity", False)


def test_under_fifty_labels_nothing_is_sorted() -> None:
    with pytest.raises(TooFewLabels, match=r"from 50 of two themes on"):
        train(labelled(49)[:30])
    small = [*labelled(300), *(Label(f"ждал {n} часа", "ru", "waiting") for n in range(30))]
    assert {one.language: one.threshold is None for one in train(small).report.languages} == {"en": False, "ru": True}


def test_the_same_labels_give_the_same_model_and_it_survives_its_file(tmp_path: Path) -> None:
    first, second = train(labelled(150)), train(list(reversed(labelled(150))))
    assert first.version == second.version != train(labelled(151)).version
    first.save(tmp_path / "model.npz")
    again = load(tmp_path / "model.npz")
    texts = [one.text for one in labelled(40, seed=9)]
    assert again.answers(texts, ["en"] * 40) == first.answers(texts, ["en"] * 40)
    assert (again.version, again.report) == (first.version, first.report)


@pytest.mark.parametrize("damage", ["cut", "zero", "text", "missing"])
def test_a_damaged_file_is_told_with_what_to_do(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "model.npz"
    train(labelled(80)).save(path)
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes({"cut": whole[: len(whole) // 2], "zero": b"", "text": b"no model"}[damage])
    with pytest.raises(DamagedModel, match="voice train"):
        load(path)


def test_the_queue_brings_the_least_certain_first_and_labels_train(
    inbox: Engine, keys: Keyring, tmp_path: Path
) -> None:
    rows = labelled(120)
    said(inbox, keys, [one.text for one in rows] + ["something else entirely", "hmm well"])
    known = {one.text: one.theme for one in rows}
    for one in store.opinions(inbox, ["UGA"]):
        if one.text in known:
            review.give_label(inbox, BOSS, one.id, "complaint", known[one.text], NOW)
    model = review.retrain(inbox, tmp_path, NOW, vectors=False)
    waiting = review.queue(inbox, Reviewer("other", frozenset({"UGA"})))
    sure = [one.probability or 0 for one in waiting]
    assert sure == sorted(sure)
    assert {one.opinion.text for one in review.queue(inbox, BOSS)} == {"something else entirely", "hmm well"}
    kept = store.newest_model(inbox)
    assert (kept.version, kept.labels) == (model.version, 120)
    assert (tmp_path / f"{model.version}.npz").is_file()


def test_coders_who_differ_are_measured_and_train_nothing(inbox: Engine, keys: Keyring) -> None:
    said(inbox, keys, ["slow queue", "rude clerk", "both slow and rude"])
    themes = [("waiting", "waiting"), ("staff", "staff"), ("waiting", "staff")]
    ordered = sorted(store.opinions(inbox, ["UGA"]), key=lambda one: one.id)
    for one, (first, second) in zip(ordered, themes, strict=True):
        review.give_label(inbox, BOSS, one.id, "complaint", first, NOW)
        review.give_label(inbox, Reviewer("two", frozenset({"UGA"})), one.id, "complaint", second, NOW)
    assert review.agreement(inbox)[""] == pytest.approx(4 / 9)
    assert len(review.training_labels(inbox)) == 2
    review.give_label(inbox, BOSS, ordered[2].id, "complaint", "staff", NOW + timedelta(minutes=1))
    assert review.agreement(inbox)[""] == 1
    with pytest.raises(Unclear, match="one of opinion, complaint"):
        review.give_label(inbox, BOSS, ordered[0].id, "rant", "waiting", NOW)


def test_integrity_reports_are_for_the_named_officer_alone(inbox: Engine, keys: Keyring) -> None:
    said(inbox, keys, ["he wanted a bribe", "slow queue"])
    (report,) = review.integrity_queue(inbox, OFFICER)
    strangers = [
        BOSS,
        Reviewer("none"),
        Reviewer("other-country", frozenset({"AZE"}), frozenset({"AZE"})),
        Reviewer("reviewer", frozenset({"UGA"})),
    ]
    for who in strangers:
        assert report.id not in {one.opinion.id for one in review.queue(inbox, who)}
        assert report.id not in {one.id for one in review.integrity_queue(inbox, who)}
        for part in ("raw", "words"):
            with pytest.raises(NotAllowed, match="those you may read"):
                review.open_words(inbox, keys, who, report.id, NOW, part)
        with pytest.raises(NotAllowed):
            review.give_label(inbox, who, report.id, "complaint", "staff", NOW)
        with pytest.raises(NotAllowed):
            review.not_integrity(inbox, keys, who, report.id, NOW)
    assert review.open_words(inbox, keys, OFFICER, report.id, NOW) == "he wanted a bribe"
    ordinary = review.queue(inbox, BOSS)[0].opinion
    with pytest.raises(NotAllowed):
        review.open_words(inbox, keys, OFFICER, ordinary.id, NOW)


def test_an_officer_may_find_that_a_report_is_none(inbox: Engine, keys: Keyring) -> None:
    said(inbox, keys, ["no bribe, no favour, all fine, thank Mr Okello"])
    (report,) = review.integrity_queue(inbox, OFFICER)
    review.not_integrity(inbox, keys, OFFICER, report.id, NOW)
    (waiting,) = review.queue(inbox, BOSS)
    assert waiting.opinion.text == "no bribe, no favour, all fine, thank Mr [name]"
    assert review.integrity_queue(inbox, OFFICER) == []


def test_error_rates_are_those_of_the_classifier_whose_answers_are_counted(inbox: Engine) -> None:
    counts = {("a", date(2026, 10, 1), "waiting"): 30}
    for day, language in enumerate(("en", "fr")):
        score = {"language": language, "labels": 60, "threshold": 0.5, "coverage": 0.5, "precision": 0.95}
        row = VoiceModel(
            version=language, trained_at=NOW + timedelta(days=day), labels=60, labels_digest="", code_version="",
            report={"languages": [score]},
        )  # fmt: skip
        store.keep_model(inbox, row)
        if language == "en":
            put_in_force(inbox, withholding.withhold("UGA", counts, {}, row, NOW))
    assert [one["language"] for one in views.voices(inbox, "UGA", {}, "en")["scores"]] == ["en"]
    put_in_force(inbox, withholding.withhold("UGA", counts, {}, None, NOW + timedelta(days=2)))
    assert views.voices(inbox, "UGA", {}, "en")["scores"] == []


def test_counts_below_ten_are_hidden_and_cannot_be_worked_out(inbox: Engine, keys: Keyring) -> None:
    counts: Counter[Place] = Counter()
    month = date(2026, 10, 1)
    for centre, given in {"a": (30, 4, 12), "b": (25, 18, 11), "c": (40, 22, 15)}.items():
        for theme, n in zip(("waiting", "staff", "cost"), given, strict=True):
            counts[centre, month, theme] = n
    rows = withholding.withhold("UGA", counts, {("a", month): 9000}, None, NOW)
    shown = {(row.centre, row.theme): row.n for row in rows}
    assert shown["a", "staff"] is None
    assert all_of(n is None or n == 0 or n >= THRESHOLD for n in shown.values())
    hidden = [place for place, n in shown.items() if n is None]
    assert len([place for place in hidden if place[0] == "a"]) >= 2
    assert len([place for place in hidden if place[1] == "staff"]) >= 2
    assert {row.code_version for row in rows} == {""}
    put_in_force(inbox, rows)
    assert {(row.centre, row.theme): row.n for row in store.published(inbox, "UGA")} == shown


@pytest.mark.parametrize(("alpha", "cautioned"), [(None, False), (0.67, False), (4 / 9, True), (-0.2, True)])
def test_counts_say_where_those_who_sorted_agree_too_little(
    inbox: Engine, alpha: float | None, cautioned: bool
) -> None:
    counts: Counter[Place] = Counter({("a", date(2026, 10, 1), "waiting"): 30})
    put_in_force(inbox, withholding.withhold("UGA", counts, {}, None, NOW, agreement=alpha))
    for lang in LANGUAGES:
        of_all, of_one = views.voices(inbox, "UGA", {}, lang), views.of_centre(inbox, "UGA", "a", lang)
        assert of_all["caution"] == of_one["caution"]
        assert bool(of_all["caution"]) is cautioned
    if alpha == 4 / 9:
        caution = views.voices(inbox, "UGA", {}, "en")["caution"]
        assert ("0.44" in caution, "0.67" in caution) == (True, True)


def test_integrity_is_in_no_count_and_no_total(inbox: Engine, keys: Keyring) -> None:
    said(inbox, keys, ["slow queue"] * 12 + ["they wanted a bribe"] * 15)
    opinions = [*store.opinions(inbox, ["UGA"]), *store.opinions(inbox, ["UGA"], integrity=True)]
    review.give_label(inbox, BOSS, store.opinions(inbox, ["UGA"])[0].id, "complaint", "integrity", NOW)
    counts = withholding.count_opinions(opinions, store.labels(inbox), {})
    assert counts == {("hoima", date(2026, 11, 1), withholding.UNSORTED): 11}
    rows = withholding.withhold("UGA", counts, {}, None, NOW)
    assert "integrity" not in {row.theme for row in rows}
    assert max(row.n or 0 for row in rows) == 10, "eleven, in steps of five"


def test_what_rose_beyond_chance_is_told_and_what_did_not_is_not() -> None:
    chance = Random(11)
    months = [date(2026, month, 1) for month in range(1, 11)]
    counts: Counter[Place] = Counter()
    for centre in "abcdef":
        for month in months:
            for theme in ("waiting", "staff", "cost", "digital"):
                counts[centre, month, theme] = 60 + round(chance.gauss(0, 7.7))
    for centre, theme in product("abcdef", ("waiting", "staff", "cost", "digital")):
        counts[centre, months[0], theme] = 20  # gathering began on the 21st
    counts["c", months[6], "waiting"] = 160
    transactions = {(centre, month): 10_000 for centre in "abcdef" for month in months}
    rows = withholding.withhold("UGA", counts, transactions, None, NOW)
    told = withholding.changes(rows)
    assert ("c", months[6], "waiting") in {(one.centre, one.month, one.theme) for one in told}
    others = [one for one in told if (one.centre, one.theme) != ("c", "waiting")]
    assert len(others) <= 0.05 * len(told) + 1  # one in twenty of what is told may be chance
    assert told[0].looked_at == 6 * 8 * 4  # the first month, in which gathering began, is compared with none
    rate = next(
        one for one in withholding.rates(rows) if (one.centre, one.theme, one.month) == ("c", "waiting", months[6])
    )
    assert (rate.n, rate.rate.value) == (160, 160)
    assert rate.rate.lower < 160 < rate.rate.upper


def test_a_label_wins_over_the_machine(inbox: Engine, keys: Keyring) -> None:
    from dashboard.contributions.voice.tables import VoiceAnswer

    said(inbox, keys, ["slow queue", "slow queue indeed", "hm"])
    one, two, three = sorted(store.opinions(inbox, ["UGA"]), key=lambda it: it.id)
    answers = {
        one.id: VoiceAnswer(opinion=one.id, model="m", theme="waiting", probability=0.9, answered=True),
        two.id: VoiceAnswer(opinion=two.id, model="m", theme="waiting", probability=0.9, answered=True),
        three.id: VoiceAnswer(opinion=three.id, model="m", theme="waiting", probability=0.3, answered=False),
    }
    labels = {two.id: {"x": VoiceLabel(opinion=two.id, coder="x", kind="complaint", theme="staff", at=NOW)}}
    counts = withholding.count_opinions([one, two, three], labels, answers)
    month = date(2026, 11, 1)
    assert counts == {
        ("hoima", month, "waiting"): 1,
        ("hoima", month, "staff"): 1,
        ("hoima", month, "not_classified"): 1,
    }
