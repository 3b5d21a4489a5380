"""Opinions come in once, redacted and sealed; what is wrong is said, nothing is lost."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Engine, text

from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import RETENTION, Keyring, NoKey, Sealed, Unreadable, new_key
from dashboard.contributions.voice.intake import take, take_rows
from dashboard.contributions.voice.model import LONGEST, Intake, OpinionRefused, checked, clean
from tests.contributions.voice.conftest import NOW
from tests.given import some

TODAY = NOW.date()
SAID = "Rəşad bəy kobud danışdı, zəng edin 050 123 45 67, üç saat növbə gözlədim"


def given(**more: Any) -> dict[str, Any]:
    return {"id": "a" * 32, "centre": "baku-1", "said_on": "2026-11-25", "text": SAID, **more}


def dump(engine: Engine) -> str:
    """Everything the database holds of voices, as text; sealed bytes as bytes are."""
    with engine.connect() as connection:
        names = ("opinion", "sealed", "label", "answer", "count", "decision", "reply")
        tables = [*(f"voice_{name}" for name in names), "audit"]
        return "\n".join(str(row) for name in tables for row in connection.execute(text(f"SELECT * FROM {name}")))


def test_an_opinion_is_stored_redacted_and_its_raw_words_sealed(inbox: Engine, keys: Keyring) -> None:
    take(inbox, keys, "AZE", [checked(given(rating=2, attributes={"timeliness": False}), TODAY)], NOW)
    one = some(store.opinion(inbox, "a" * 32))
    assert one.text == "[name] bəy kobud danışdı, zəng edin [phone], üç saat növbə gözlədim"
    assert (one.language, one.listed_theme, one.kind, one.rating) == ("az", "waiting", "complaint", 2)
    assert (one.redactions, one.attributes) == ({"name": 1, "phone": 1}, {"timeliness": False})
    stored = dump(inbox)
    assert "Rəşad" not in stored
    assert "123 45 67" not in stored
    assert keys.open(some(store.sealed(inbox, one.id, "raw")), one.id, "AZE") == SAID


def test_an_integrity_report_has_no_words_in_the_open(inbox: Engine, keys: Keyring) -> None:
    take(inbox, keys, "AZE", [checked(given(text="Operator Zaur məndən rüşvət istədi"), TODAY)], NOW)
    take(inbox, keys, "AZE", [checked(given(id="b" * 32, text="Hər şey əla idi", integrity=True), TODAY)], NOW)
    assert store.opinions(inbox, ["AZE"]) == []
    reports = store.opinions(inbox, ["AZE"], integrity=True)
    assert [(one.text, one.listed_theme) for one in reports] == [("", "integrity")] * 2
    assert "rüşvət" not in dump(inbox)


@pytest.mark.parametrize(
    ("country", "said"),
    [
        ("KAZ", "в окне 3 просили деньги в конверте"),
        ("UZB", "mendan pora so'rashdi"),
        ("KGZ", "мага пара сурашты"),
        ("IDN", "ada pungli di loket 2"),
        ("MAR", "الموظف طلب رشوة"),
        ("SEN", "on m'a réclamé de l'argent pour accélérer"),
        ("UGA", "they want a bribe"),
        ("TUR", "memur rüşvet istedi"),
        ("ROU", "mi-a cerut bani, șpagă"),
        ("COL", "me pidió plata por debajo de la mesa"),
        ("AZE", "оператор вымогал взятку"),
        ("AZE", "kassir pul istədi"),
    ],
)
def test_integrity_words_bring_a_person_in_every_language_of_the_country(
    keys: Keyring, country: str, said: str
) -> None:
    from dashboard.contributions.voice.intake import prepared

    row, parts = prepared(keys, country, Intake("x" * 32, "centre", TODAY, text=said), NOW)
    assert row.integrity
    assert row.text == ""
    assert {part.part for part in parts} == {"raw", "words"}


def test_sent_again_it_counts_once_and_the_first_stands(inbox: Engine, keys: Keyring) -> None:
    one = checked(given(), TODAY)
    assert take(inbox, keys, "AZE", [one, one], NOW).fresh == 1
    later = take(inbox, keys, "AZE", [replace(one, text="another text")], NOW + timedelta(days=2))
    assert (later.fresh, later.known) == (0, 1)
    assert some(store.opinion(inbox, one.id)).text.startswith("[name]")


def test_a_file_sent_twice_counts_once_and_equal_rows_are_two_people(inbox: Engine, keys: Keyring) -> None:
    rows = [{"centre": "hoima", "text": "Thank you", "said_on": "2026-11-20"}] * 3
    rows += [{"centre": "nowhere", "text": "Hello"}, {"centre": "hoima", "text": "x", "rating": "9"}]
    centres = {"baku-1": "AZE", "hoima": "UGA"}
    receipts, faults = take_rows(inbox, keys, centres, rows, NOW)
    assert receipts.fresh == 3
    assert [(fault.row, fault.fault.field) for fault in faults] == [(4, "centre"), (5, "rating")]
    assert "no centre “nowhere”" in faults[0].fault.message
    again, _ = take_rows(inbox, keys, centres, rows, NOW)
    assert (again.fresh, again.known) == (0, 3)


@pytest.mark.parametrize(("cell", "report"), [("no", False), ("0", False), ("", False), ("yes", True), ("bəli", True)])
def test_no_in_a_file_is_no(inbox: Engine, keys: Keyring, cell: str, report: bool) -> None:
    row = {
        "id": "of-the-row",
        "centre": "hoima",
        "text": "Thank you",
        "integrity": cell,
        "access": "1",
        "process": "no",
    }
    take_rows(inbox, keys, {"hoima": "UGA"}, [row | {"timeliness": ""}], NOW)
    kept = some(store.opinion(inbox, "of-the-row"))
    assert (kept.integrity, kept.text) == (report, "" if report else "Thank you")
    assert kept.attributes == {"access": True, "process": False}


@pytest.mark.parametrize(
    ("change", "rule", "words"),
    [
        ({"text": ""}, "empty", "give a rating or words"),
        ({"text": "x" * (LONGEST + 1)}, "too_long", "at most 4,000"),
        ({"text": "y" * 1_000_000}, "too_long", "1,000,000 characters"),
        ({"text": "\ufdfa" * 300}, "too_long", "5,400 characters"),  # eighteen letters in one
        ({"text": {"a": 1}}, "text", "not a list, number or object"),
        ({"rating": "7"}, "rating", "1 (very dissatisfied) to 4"),
        ({"kind": "rant"}, "kind", "complaint, suggestion"),
        ({"channel": "pigeon"}, "channel", "counter, mobile"),
        ({"said_on": "2027-03-01"}, "ahead", "set the clock"),
        ({"said_on": "2019-03-01"}, "old", "not taken any more"),
        ({"said_on": "yesterday"}, "date", "is no date"),
        ({"id": "short"}, "id", "8 to 64"),
        ({"centre": "../etc"}, "centre", "small letters"),
        ({"language": "Azeri!"}, "language", "two or three letters"),
        ({"attributes": {"beauty": True}}, "attributes", "true or false"),
        ({"days_to_answer": "-3"}, "days", "whole days"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, Any], rule: str, words: str) -> None:
    with pytest.raises(OpinionRefused) as refused:
        checked(given(**change), TODAY)
    assert [fault.rule for fault in refused.value.faults] == [rule]
    assert words in str(refused.value)


def test_scripts_overrides_and_emoji_are_text_like_any_other(inbox: Engine, keys: Keyring) -> None:
    said = ["<script>alert(1)</script>", "\u202eevil\u202c ok", "👍👍", "Ég beið í þrjá tíma"]
    take(inbox, keys, "AZE", [checked(given(id=f"{at}" * 32, text=one), TODAY) for at, one in enumerate(said)], NOW)
    kept = {one.id[0]: one for one in store.opinions(inbox, ["AZE"])}
    assert (kept["0"].text, kept["1"].text) == (said[0], "evil ok")
    assert (kept["2"].text, kept["2"].language, kept["2"].listed_theme) == ("👍👍", "unknown", "")
    assert clean("a\x00b\u0007c") == "a b c"


def test_a_form_filled_in_offline_counts_on_its_day(inbox: Engine, keys: Keyring) -> None:
    take(inbox, keys, "AZE", [checked(given(said_on="2026-10-02"), TODAY)], NOW)
    kept = some(store.opinion(inbox, "a" * 32))
    assert (kept.said_on, kept.received_at) == (date(2026, 10, 2), NOW)


def test_raw_words_are_destroyed_after_ninety_days(inbox: Engine, keys: Keyring) -> None:
    take(inbox, keys, "AZE", [checked(given(), TODAY)], NOW)
    assert store.expire(inbox, NOW + RETENTION - timedelta(seconds=1)) == 0
    assert store.expire(inbox, NOW + RETENTION) == 1
    assert store.sealed(inbox, "a" * 32, "raw") is None
    assert store.opinion(inbox, "a" * 32) is not None


@pytest.mark.parametrize("order", list(permutations(["put new first", "rotate", "take old out"])), ids=" · ".join)
def test_keys_are_changed_in_any_order_without_losing_words(inbox: Engine, order: tuple[str, ...]) -> None:
    old, new = new_key(), new_key()
    ring = [old]
    take(inbox, Keyring(ring), "AZE", [checked(given(), TODAY)], NOW)
    for step in order:
        if step == "put new first":
            ring.insert(0, new)
        elif step == "take old out":
            ring.remove(old)
        elif ring:
            before = some(store.sealed(inbox, "a" * 32, "raw"))
            if old not in ring:  # too early: told, and nothing changes
                with pytest.raises(NoKey, match=f"sealed with key {old.split(':')[0]}: add it"):
                    store.rotate(inbox, Keyring(ring))
                assert store.sealed(inbox, "a" * 32, "raw") == before
            else:
                assert store.rotate(inbox, Keyring(ring)) == (ring[0] == new)
                assert store.rotate(inbox, Keyring(ring)) == 0
    box = some(store.sealed(inbox, "a" * 32, "raw"))
    assert store.count_sealed(inbox) == {box.key: 1}
    assert Keyring([new, old]).open(box, "a" * 32, "AZE") == SAID
    assert store.rotate(inbox, Keyring([new, old])) == (box.key != new.split(":")[0])
    assert Keyring([new]).open(some(store.sealed(inbox, "a" * 32, "raw")), "a" * 32, "AZE") == SAID


def test_two_keys_made_in_one_month_under_one_name_are_told_apart(inbox: Engine) -> None:
    """As an earlier version named them: what either sealed is found again, once each has a name of its own."""
    old, new = new_key("2026-11"), new_key("2026-11")
    take(inbox, Keyring([old]), "AZE", [checked(given(), TODAY)], NOW)
    for twice in ([new, old], [old, old]):
        with pytest.raises(NoKey, match="key 2 is named 2026-11 like one before it"):
            Keyring(twice)
    renamed = Keyring([new, old.replace("2026-11", "older")])
    assert renamed.open(some(store.sealed(inbox, "a" * 32, "raw")), "a" * 32, "AZE") == SAID
    assert store.rotate(inbox, renamed) == 1, "the name is the same, the key is not"
    box = some(store.sealed(inbox, "a" * 32, "raw"))
    assert Keyring([new]).open(box, "a" * 32, "AZE") == SAID
    with pytest.raises(Unreadable):
        Keyring([old]).open(box, "a" * 32, "AZE")
    assert len({new_key() for _ in range(100)}) == len({new_key().split(":")[0] for _ in range(100)}) == 100


def test_sealed_words_cannot_be_changed_or_moved() -> None:
    keys = Keyring([new_key("one")])
    box = keys.seal("secret", "first", "AZE")
    for moved in (
        (box, "second", "AZE"),
        (box, "first", "UGA"),
        (replace(box, data=box.data[:-1] + bytes([box.data[-1] ^ 1])), "first", "AZE"),
    ):
        with pytest.raises(Unreadable, match="changed, or belong"):
            keys.open(*moved)
    assert keys.seal("secret", "first", "AZE").nonce != box.nonce
    assert isinstance(box, Sealed)


@pytest.mark.parametrize("wrong", [[], ["one:short"], ["noname"], [":AAAA"]])
def test_a_key_that_is_none_is_told_with_its_remedy(wrong: list[str]) -> None:
    with pytest.raises(NoKey, match="python -m dashboard voice key"):
        Keyring(wrong)
    assert "AAAA" not in repr(Keyring(["a:" + "AAAA" * 10 + "AAA="]))


@pytest.mark.parametrize(
    "said", ["რიგი ძალიან გრძელი იყო, დარეკეთ 050 123 45 67", "排队的人太多了 050 123 45 67", "ᚠᛇᚻ ᛒᛦᚦ 050 123 45 67"]
)
def test_a_text_in_a_language_nobody_chose_is_kept_redacted_and_waits_for_a_person(
    inbox: Engine, keys: Keyring, said: str
) -> None:
    from dashboard.contributions.voice.review import Reviewer, queue

    take(inbox, keys, "AZE", [checked(given(text=said), TODAY)], NOW)
    (one,) = store.opinions(inbox, ["AZE"])
    assert "123 45 67" not in one.text
    assert one.text.endswith("[phone]")
    assert one.listed_theme == ""
    assert [waiting.opinion.id for waiting in queue(inbox, Reviewer("a", frozenset({"AZE"})))] == [one.id]
