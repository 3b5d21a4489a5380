"""Faces and answers that people give besides words are counted, shown from ten on, and kept apart from themes."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine

from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import Keyring
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.model import Intake
from dashboard.contributions.voice.publication import views, withholding
from dashboard.contributions.voice.publication.given import ORIGIN, count_answers, find_question, is_answer, of_place
from dashboard.contributions.voice.tables import VoiceCount
from dashboard.locales import LANGUAGES
from tests.checks import all_of
from tests.contributions.voice.conftest import NOW, put_in_force

OCTOBER = date(2026, 10, 1)


def gave(inbox: Engine, keys: Keyring, centre: str, many: int, rating: int | None, **said: bool) -> None:
    """Faces and answers without a word, as most forms are sent."""
    known = len(store.opinions(inbox, ["UGA"]))
    given = [
        Intake(f"id-{known + at:06}", centre, OCTOBER, rating=rating, attributes=said) for at in range(many)
    ]  # fmt: skip
    take(inbox, keys, "UGA", given, NOW)


def test_faces_and_answers_without_words_are_counted_and_told(inbox: Engine, keys: Keyring) -> None:
    gave(inbox, keys, "a", 30, 4, access=True, timeliness=True)
    gave(inbox, keys, "a", 12, 1, access=True, timeliness=False)
    gave(inbox, keys, "b", 40, 3, access=False)
    take(inbox, keys, "UGA", [Intake("report-00", "a", OCTOBER, rating=1, integrity=True, text="money")], NOW)
    opinions = store.opinions(inbox, ["UGA"]) + store.opinions(inbox, ["UGA"], integrity=True)
    counts = count_answers(opinions)
    assert counts == {
        ("a", OCTOBER, "rating:4"): 30, ("a", OCTOBER, "rating:1"): 12, ("b", OCTOBER, "rating:3"): 40,
        ("a", OCTOBER, "access:yes"): 42, ("b", OCTOBER, "access:no"): 40,
        ("a", OCTOBER, "timeliness:yes"): 30, ("a", OCTOBER, "timeliness:no"): 12,
        ("a", OCTOBER, "origin:form"): 42, ("b", OCTOBER, "origin:form"): 40,
    }  # fmt: skip
    words = withholding.count_opinions(opinions, {}, {})
    rows = withholding.withhold("UGA", words, {("a", OCTOBER): 1_000}, None, NOW, given=counts)
    put_in_force(inbox, rows)
    told = views.voices(inbox, "UGA", {}, "en")
    assert [(row["name"], row["n"]) for row in told["given"]["rows"]] == [
        ("Very bad", "10"), ("Bad", "0"), ("Good", "40"), ("Very good", "30"),
        ("Was it easy to get there and get in?", "40 of 80: yes"),
        ("Did you get it in reasonable time?", "30 of 40: yes"),
        ("Sent by the form, not in a file", "80 of 80"),
    ]  # fmt: skip
    assert [row["width"] for row in told["given"]["rows"]][2] == f"{100 * 40 / 80:.1f}%"
    assert told["rows"] == []
    assert "not SDG 16.6.2" in told["given"]["month"]
    (_, bad, *_) = views.of_centre(inbox, "UGA", "a", "en")["given"]["rows"]
    assert bad == {"name": "Bad", "n": "0", "width": "0.0%"}
    months = {views.voices(inbox, "UGA", {}, lang)["given"]["month"] for lang in LANGUAGES}
    assert len(months) == len(LANGUAGES)
    assert withholding.rates(rows) == []


def test_a_face_that_grows_is_no_theme_that_rose() -> None:
    counts = {("a", date(2026, month, 1), "rating:1"): n for month, n in ((8, 30), (9, 40), (10, 400))}
    done = {("a", date(2026, month, 1)): 1_000 for month in (8, 9, 10)}
    assert withholding.changes(withholding.withhold("UGA", {}, done, None, NOW, given=counts)) == []
    themes = {(centre, month, "waiting"): n for (centre, month, _), n in counts.items()}
    assert withholding.changes(withholding.withhold("UGA", themes, done, None, NOW)) != []


def test_fewer_than_ten_are_hidden_and_few_who_all_say_the_same_are_not_told_of() -> None:
    counts = Counter({("a", OCTOBER, "rating:4"): 60, ("a", OCTOBER, "rating:1"): 4, ("a", OCTOBER, "rating:2"): 20})
    rows = [one for one in withholding.withhold("UGA", {}, {}, None, NOW, given=counts) if one.centre == "a"]
    shown = {row.theme: row.n for row in rows}
    assert all_of(is_answer(theme) for theme in shown)
    assert shown["rating:1"] is None
    assert sum(n is None for n in shown.values()) >= 2, "or it would follow from the others"
    told = {row["name"]: (row["n"], row["width"]) for row in of_place(rows, "October", "en")["rows"]}
    assert told["Very bad"] == ("hidden", "0.0%")
    assert of_place([], "", "en") == {"month": "", "rows": []}


def test_a_dozen_who_all_answered_alike_are_left_out(inbox: Engine, keys: Keyring) -> None:
    def told() -> dict[tuple[str, str], int | None]:
        counts = count_answers(store.opinions(inbox, ["UGA"]))
        rows = withholding.withhold("UGA", {}, {}, None, NOW, given=counts)
        return {(row.centre, row.theme): row.n for row in rows if row.n and find_question(row.theme) != ORIGIN}

    gave(inbox, keys, "a", 12, 4, equal_treatment=False)
    assert told() == {}
    gave(inbox, keys, "a", 18, 4)
    assert {theme for _, theme in told()} == {"rating:4", "rating:total"}


def test_one_who_leaves_or_joins_those_who_answered_alike_changes_nothing_that_is_told() -> None:
    """Of 21 and one who said no the no was dismissed: the 21 were told as nought, and what all of them had said."""

    def told(yes: int, no: int, earlier: Sequence[VoiceCount] = ()) -> list[VoiceCount]:
        counts = {("a", OCTOBER, "access:yes"): yes, ("a", OCTOBER, "access:no"): no}
        others = {("b", OCTOBER, "access:yes"): 20, ("b", OCTOBER, "access:no"): 20}
        given = {place: n for place, n in counts.items() if n} | others
        return withholding.withhold("UGA", {}, {}, None, NOW, given=given, earlier=earlier)

    def shown(rows: Sequence[VoiceCount]) -> dict[tuple[str, str], int | None]:
        return {(row.centre, row.theme): row.n for row in rows}

    first = told(21, 1)
    assert shown(first)["a", "access:total"] == 20
    assert shown(told(21, 0, first)) == shown(first)
    alike = told(21, 0)
    assert ("a", "access:total") not in shown(alike)
    assert shown(told(21, 1, alike)) == shown(alike)
