"""Kinds by theme leave by the same door as themes: nothing small, nothing that gives it away, suggestions apart."""

import random
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import Engine

from dashboard.analysis.measures.surveys.suppression import THRESHOLD
from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import Keyring
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.model import KINDS, Intake
from dashboard.contributions.voice.publication import views
from dashboard.contributions.voice.publication.given import TOTAL
from dashboard.contributions.voice.publication.withholding import PUBLISHED, UNSORTED, count_kinds, withhold
from dashboard.contributions.voice.tables import VoiceLabel
from tests.contributions.voice.conftest import NOW, put_in_force

OCTOBER = date(2026, 10, 1)


def told(themes: Counter[tuple[str, str]], earlier: object = ()) -> dict[str, int | None]:
    """What a month tells of all centres, of opinions by theme and kind."""
    by_theme: Counter[tuple[str, date, str]] = Counter()
    for (theme, _), n in themes.items():
        by_theme["hoima", OCTOBER, theme] += n
    kinds = {(theme, OCTOBER, kind): n for (theme, kind), n in themes.items()}
    rows = withhold("UGA", by_theme, {}, None, NOW, kinds=kinds, earlier=earlier)  # type: ignore[arg-type]
    return {row.theme: row.n for row in rows if row.centre == TOTAL}


def test_suggestions_and_thanks_are_told_apart(inbox: Engine, keys: Keyring) -> None:
    said = [("complaint", "waiting", 24), ("suggestion", "waiting", 16), ("praise", "staff", 31)]
    for kind, theme, many in said:
        ids = [f"{kind[:4]}-{at:05}" for at in range(many)]
        take(inbox, keys, "UGA", [Intake(id_, "hoima", OCTOBER, text="spoken words", kind=kind) for id_ in ids], NOW)
        store.keep_labels(inbox, [VoiceLabel(opinion=id_, coder="a", kind=kind, theme=theme, at=NOW) for id_ in ids])
    opinions, labels = store.opinions(inbox, ["UGA"]), store.labels(inbox, ["UGA"])
    counts = count_kinds(opinions, labels, {})
    assert counts == {(theme, OCTOBER, kind): many for kind, theme, many in said}
    themes = {("hoima", OCTOBER, "waiting"): 40, ("hoima", OCTOBER, "staff"): 31}
    put_in_force(inbox, withhold("UGA", themes, {("hoima", OCTOBER): 900}, None, NOW, kinds=counts))
    shown = {row["name"]: row["n"] for row in views.voices(inbox, "UGA", {}, "en")["kinds"]}
    assert shown == {
        "Complaint": "20 · Waiting and deadlines 20", "Suggestion": "15 · Waiting and deadlines 15",
        "Praise": "30 · Conduct of staff 30",
    }  # fmt: skip
    file = [row for row in views.list_counts(inbox, "UGA") if row["kind"]]
    assert {(row["theme"], row["kind"], row["count"]) for row in file} == {
        ("", "complaint", 20), ("", "suggestion", 15), ("", "praise", 30), ("waiting", "complaint", 20),
        ("waiting", "suggestion", 15), ("staff", "praise", 30),
    }  # fmt: skip
    assert {row["centre"] for row in file} == {""}, "of all centres together, never of one"


def test_a_person_says_the_kind_before_the_visitor_and_integrity_is_in_none(inbox: Engine, keys: Keyring) -> None:
    take(
        inbox,
        keys,
        "UGA",
        [Intake(f"one-{at:05}", "hoima", OCTOBER, text="words", kind="praise") for at in range(3)],
        NOW,
    )
    store.keep_labels(inbox, [VoiceLabel(opinion="one-00000", coder="a", kind="complaint", theme="cost", at=NOW)])
    store.keep_labels(inbox, [VoiceLabel(opinion="one-00001", coder="a", kind="complaint", theme="integrity", at=NOW)])
    found = count_kinds(store.opinions(inbox, ["UGA"]), store.labels(inbox, ["UGA"]), {})
    assert found == {("cost", OCTOBER, "complaint"): 1, (UNSORTED, OCTOBER, "praise"): 1}


@pytest.mark.parametrize("seed", range(40))
def test_no_small_cell_is_told_nor_follows_from_the_others(seed: int) -> None:
    chance = random.Random(seed)
    themes = chance.sample(PUBLISHED, 4)
    cells = Counter({(theme, kind): chance.choice((0, 0, 3, 9, 14, 40)) for theme in themes for kind in KINDS})
    shown = told(+cells)
    for (theme, kind), n in cells.items():
        known = shown.get(f"{theme}:{kind}", 0)
        if 0 < n < THRESHOLD:
            assert known is None
            beside = [shown.get(f"{theme}:{other}", 0) for other in KINDS if other != kind]
            above = [shown.get(f"{other}:{kind}", 0) for other in PUBLISHED if other != theme]
            assert shown[theme] is None or None in beside, "or it is what its theme leaves"
            assert shown[f"kind:{kind}"] is None or None in above, "or what its kind leaves"
        if shown.get(theme) is None:
            assert known in (None, 0), "a theme that is hidden is told in no kind"


def test_one_more_suggestion_changes_nothing_that_was_told() -> None:
    cells = Counter({("waiting", "complaint"): 30, ("waiting", "suggestion"): 14, ("staff", "praise"): 20})
    by_theme = {("hoima", OCTOBER, "waiting"): 44, ("hoima", OCTOBER, "staff"): 20}
    kinds = {(theme, OCTOBER, kind): n for (theme, kind), n in cells.items()}
    first = withhold("UGA", by_theme, {}, None, NOW, kinds=kinds)
    more = {**kinds, ("waiting", OCTOBER, "suggestion"): 15}
    again = withhold("UGA", {**by_theme, ("hoima", OCTOBER, "waiting"): 45}, {}, None, NOW, kinds=more, earlier=first)
    assert {(row.centre, row.theme): row.n for row in again} == {(row.centre, row.theme): row.n for row in first}
