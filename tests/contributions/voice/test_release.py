"""The one way out for opinions: what is told of them, when, once, and by whom; and sorting by the saved classifier."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, func, select
from sqlmodel import col

from dashboard.accounts import audit, mail
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Principal, Role
from dashboard.accounts.tables import AuditRow
from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import Keyring, new_key
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.model import Intake
from dashboard.contributions.voice.publication import release
from dashboard.contributions.voice.publication.given import is_answer
from dashboard.contributions.voice.publication.release import (
    PATIENCE,
    VoiceReceipt,
    collect,
    publish,
    publish_due,
    receipt,
    write,
)
from dashboard.contributions.voice.publication.withholding import UNSORTED, withhold
from dashboard.contributions.voice.review import give_label, retrain, sort_new
from dashboard.contributions.voice.tables import VoiceCount, VoiceDecision
from dashboard.evidence.database import clock
from dashboard.evidence.database.engine import reading, writing
from dashboard.operations import upkeep
from dashboard.settings import MailSettings, Settings, VoiceSettings
from tests.contributions.voice.test_review import BOSS, labelled
from tests.given import raising

IN_ALL = ("total", "total")
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
SAID = datetime(2026, 10, 20, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
MODERATOR = Principal(7, Role.MODERATOR, "UGA", "", "Office", "Ann", "en")


@pytest.fixture
def place(inbox: Engine, database_url: str, tmp_path: Path) -> Settings:
    """Where the opinions of ``inbox`` are."""
    return Settings(data_dir=tmp_path / "data", database_url=database_url)


def say(
    inbox: Engine, keys: Keyring, many: int, on: date = SAID.date(), came: datetime = SAID, theme: str = "waiting"
) -> list[str]:
    """As many opinions of a day, sorted under a theme or ("") by nobody; gives their ids."""
    ids = [f"{on:%m%d}-{came:%m%d}-{at:04}" for at in range(many)]
    words = "the queue took hours"
    take(inbox, keys, "UGA", [Intake(id_, "hoima", on, text=words, language="en") for id_ in ids], came)
    for id_ in ids if theme else ():
        give_label(inbox, BOSS, id_, "complaint", theme, came)
    return ids


def told(inbox: Engine) -> dict[tuple[date, str], int | None]:
    """What is in force of the centre's themes, without what is nought."""
    rows = [row for row in store.published(inbox, "UGA") if row.centre == "hoima" and row.n != 0]
    return {(row.month, row.theme): row.n for row in rows if not is_answer(row.theme)}


def releases(inbox: Engine) -> int:
    with reading(inbox) as connection:
        return connection.execute(select(func.count(func.distinct(col(VoiceCount.release))))).scalar() or 0


def trail(inbox: Engine) -> list[AuditRow]:
    return [one for one in audit.list_entries(inbox, subject="opinions UGA")[0] if one.action == "voice.published"]


@pytest.mark.parametrize(("many", "shown"), [(9, {}), (10, {(OCTOBER, "waiting"): 10, (OCTOBER, "total"): 10})])
def test_a_month_that_is_over_is_told_from_ten_opinions_on(
    inbox: Engine, place: Settings, keys: Keyring, many: int, shown: dict[tuple[date, str], int]
) -> None:
    say(inbox, keys, many)
    done = publish(place, "UGA", NOW)
    assert told(inbox) == shown
    assert (done.release != "", done.fresh, releases(inbox), len(trail(inbox))) == ((many > 9,) * 2 + (many > 9,) * 2)


def test_again_changes_nothing_and_a_stranger_to_the_country_none(
    inbox: Engine, place: Settings, keys: Keyring
) -> None:
    say(inbox, keys, 12)
    first = publish(place, "UGA", NOW, MODERATOR, "192.0.2.7")
    again = publish(place, "UGA", NOW + timedelta(days=1))
    assert (first.fresh, again.fresh, again.release, releases(inbox)) == (True, False, first.release, 1)
    (entry,) = trail(inbox)
    assert (entry.actor, entry.address, entry.before) == (7, "192.0.2.7", {"release": ""})
    assert entry.after == {"release": first.release, "cells": first.cells, "hidden": first.hidden}
    assert (first.cells, first.hidden) == (32, 0), (
        "ten themes, what is not sorted and the total, form and file, of a centre and of all; a kind and its theme"
    )
    assert publish(place, "AZE", NOW) == VoiceReceipt("AZE", "", 0, 0, fresh=False)


def test_dismissed_opinions_are_in_no_count(inbox: Engine, place: Settings, keys: Keyring) -> None:
    ids = say(inbox, keys, 20)
    with writing(inbox) as connection:
        for id_ in ids[:10]:
            store.keep(connection, VoiceDecision(opinion=id_, what="dismissed", who="ann", at=NOW))
    publish(place, "UGA", NOW)
    assert told(inbox) == {(OCTOBER, "waiting"): 10, (OCTOBER, "total"): 10}


@pytest.mark.parametrize(
    ("now", "over"),
    [(datetime(2026, 10, 31, 23, 59, tzinfo=UTC), False), (datetime(2026, 11, 1, tzinfo=UTC), True)],
)
def test_a_month_under_way_is_not_told(
    inbox: Engine, place: Settings, keys: Keyring, now: datetime, over: bool
) -> None:
    say(inbox, keys, 15)
    assert (publish(place, "UGA", now).fresh, told(inbox) != {}) == (over, over)


def test_a_month_that_was_told_while_it_was_under_way_stays_told(inbox: Engine, place: Settings, keys: Keyring) -> None:
    """As releases of earlier versions did."""
    say(inbox, keys, 15)
    rows = withhold("UGA", {("hoima", OCTOBER, "waiting"): 15}, {}, None, SAID + timedelta(days=1))
    assert write(inbox, collect(inbox, "UGA", SAID), rows)
    assert [publish(place, "UGA", SAID + timedelta(days=2)).fresh for _ in range(2)] == [True, False], "kinds are new"
    assert told(inbox) == {(OCTOBER, "waiting"): 15, (OCTOBER, "total"): 15}


def test_a_month_of_few_is_told_once_with_the_next_and_not_with_every_later_one(
    inbox: Engine, place: Settings, keys: Keyring
) -> None:
    for month, many in ((1, 8), (2, 30), (3, 30), (4, 6), (5, 7), (6, 30)):
        first = datetime(2026, month, 1, 12, tzinfo=UTC)
        say(inbox, keys, many, first.date(), first + timedelta(days=20))
        if month == 3:
            say(inbox, keys, 4, date(2026, 1, 5), first + timedelta(days=21))  # late, of the month that was never told
        publish(place, "UGA", first + timedelta(days=40))
    exact = {row.month.month: row.exact for row in store.published(inbox, "UGA") if (row.theme, row.centre) == IN_ALL}
    assert exact == {2: 38, 3: 34, 5: 13, 6: 30}


def test_a_month_is_not_over_by_a_clock_that_has_leapt(inbox: Engine, place: Settings, keys: Keyring) -> None:
    say(inbox, keys, 15)
    clock.record_time(inbox, SAID)
    clock.record_time(inbox, NOW)
    assert publish(place, "UGA", NOW).fresh is False
    clock.trust_clock(inbox, NOW)
    assert publish(place, "UGA", NOW).fresh is True


def test_the_schedule_waits_for_whoever_sorts_and_not_beyond_the_middle_of_the_month(
    inbox: Engine, place: Settings, keys: Keyring
) -> None:
    ids = say(inbox, keys, 10, theme="")
    last = NOW.replace(day=PATIENCE)
    assert publish_due(place, last) == []
    for id_ in ids[:9]:
        give_label(inbox, BOSS, id_, "complaint", "waiting", NOW)
    assert publish_due(place, last) == [], "one is left"
    (late,) = publish_due(place, last + timedelta(days=1))
    assert (late.fresh, releases(inbox)) == (True, 1)
    assert told(inbox)[OCTOBER, "total"] == 10


def test_the_schedule_publishes_once_a_month_as_soon_as_all_is_sorted(
    inbox: Engine, place: Settings, keys: Keyring
) -> None:
    say(inbox, keys, 10)
    assert [one.country for one in publish_due(place, NOW)] == ["UGA"]
    came = NOW + timedelta(hours=1)
    say(inbox, keys, 10, came.date(), came)
    assert publish_due(place, NOW + timedelta(days=20)) == [], "November is under way"
    say(inbox, keys, 10, came.date(), came + timedelta(days=1), theme="")
    december = datetime(2026, 12, 1, 1, tzinfo=UTC)
    assert publish_due(place, december) == [], "ten of November are left"
    assert len(publish_due(place, december.replace(day=15))) == 1
    assert (told(inbox)[NOVEMBER, "waiting"], told(inbox)[OCTOBER, "waiting"], releases(inbox)) == (10, 10, 2)


def test_of_two_that_publish_at_once_one_writes(inbox: Engine, place: Settings, keys: Keyring) -> None:
    say(inbox, keys, 30)
    found = collect(inbox, "UGA", NOW)
    rows = withhold("UGA", found.counts, found.transactions, None, NOW)
    with ThreadPoolExecutor(6) as several:
        done = list(several.map(lambda _: publish(place, "UGA", NOW), range(6)))
    assert sorted(one.fresh for one in done) == [False] * 5 + [True]
    assert (releases(inbox), len(trail(inbox)), len({one.release for one in done})) == (1, 1, 1)
    assert write(inbox, found, rows) is False, "another came before it"
    assert (releases(inbox), len(trail(inbox))) == (1, 1)


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from dashboard.accounts import audit
from dashboard.settings import Settings
from dashboard.contributions.voice.publication import release
def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[3] == "write":
    audit.record = killed
else:
    release.tell = killed
place = Settings(data_dir=Path(sys.argv[1]), database_url=sys.argv[2])
release.publish(place, "UGA", datetime.fromisoformat(sys.argv[4]))
"""


@pytest.mark.parametrize(("at", "kept"), [("write", 0), ("tell", 1)])
def test_killed_in_the_middle_nothing_is_lost_or_doubled(
    inbox: Engine, place: Settings, database_url: str, keys: Keyring, at: str, kept: int
) -> None:
    say(inbox, keys, 12)
    arguments = [str(place.data_dir), database_url, at, NOW.isoformat()]
    ended = subprocess.run([sys.executable, "-c", KILLED, *arguments], timeout=120, check=False)
    assert (ended.returncode, releases(inbox), len(trail(inbox))) == (-9, kept, kept)
    assert publish(place, "UGA", NOW).fresh is (kept == 0)
    assert (releases(inbox), len(trail(inbox))) == (1, 1)
    assert told(inbox) == {(OCTOBER, "waiting"): 10, (OCTOBER, "total"): 10}, "twelve, in steps of five"


def test_moderators_of_the_country_are_told_by_mail_and_a_deaf_server_changes_nothing(
    inbox: Engine, place: Settings, keys: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_mail = place.model_copy(
        update={
            "mail": MailSettings(host="mail.test"), "public_url": "https://m.test",
            "accounts": place.accounts.model_copy(update={"enabled": True}),
        }
    )  # fmt: skip
    with writing(inbox) as connection:
        for role, country, state, lang in (
            ("moderator", "UGA", "active", "fr"), ("moderator", "UGA", "invited", "en"),
            ("moderator", "AZE", "active", "en"), ("integrity_officer", "UGA", "active", "en"),
        ):  # fmt: skip
            accounts.add_account(
                connection, email=f"{role}-{country}-{state}@x.test", role=role, country=country, state=state,
                language=lang, created_at=NOW,
            )  # fmt: skip
    sent = []
    monkeypatch.setattr(mail, "send", lambda _, message: sent.append(message))
    say(inbox, keys, 10)
    publish(with_mail, "UGA", NOW)
    publish(with_mail, "UGA", NOW)
    (letter,) = sent
    assert letter["To"] == "moderator-UGA-active@x.test"
    assert "https://m.test/voice/review/?lang=fr" in letter.get_content()
    assert "Ouganda" in str(letter["Subject"])

    monkeypatch.setattr(mail, "send", raising(mail.Undelivered("no")))
    say(inbox, keys, 10, NOVEMBER, NOW)
    assert publish(with_mail, "UGA", datetime(2026, 12, 2, tzinfo=UTC)).fresh is True


def test_a_receipt_says_in_words_what_came_of_it() -> None:
    rows = [VoiceCount(release="a", country="UGA", centre="c", month=OCTOBER, theme=str(at), n=at or None,
                       published_at=NOW) for at in range(3)]  # fmt: skip
    assert release.describe(receipt("UGA", rows, fresh=True), "en").startswith("3 counts released, 1 of them hidden")
    assert "3 counts released before stand" in release.describe(receipt("UGA", rows, fresh=False), "en")
    assert release.describe(receipt("UGA", [], fresh=False), "en").endswith("nothing can be released yet.")
    assert "cannot be read" in release.describe(receipt("UGA", [], fresh=False, trouble="why"), "en")


def trained(inbox: Engine, keys: Keyring, folder: Path, *, vectors: bool = False) -> str:
    """A classifier of labelled opinions; gives its version."""
    known = list({one.text: one for one in labelled(300)}.values())
    given = [
        Intake(f"known-{at:04}", "hoima", SAID.date(), text=one.text, language="en") for at, one in enumerate(known)
    ]
    take(inbox, keys, "UGA", given, SAID)
    for one, its in zip(given, known, strict=True):
        give_label(inbox, BOSS, one.id, "complaint", its.theme, SAID)
    return retrain(inbox, folder, SAID, vectors=vectors).version


def test_what_comes_later_is_sorted_by_the_saved_classifier_with_its_threshold(
    inbox: Engine, place: Settings, keys: Keyring
) -> None:
    version = trained(inbox, keys, place.voice_dir)
    before = store.answers(inbox)
    later = labelled(200, seed=5)[:60]
    given = [Intake(f"later-{at:04}", "hoima", NOVEMBER, text=one.text, language="en") for at, one in enumerate(later)]
    take(inbox, keys, "UGA", given, NOW)
    assert publish(place, "UGA", NOW).trouble == ""
    after = store.answers(inbox)
    new = [after[one.id] for one in given]
    assert {one.model for one in new} == {version}
    least = store.newest_model(inbox).report["languages"][0]["threshold"]  # type: ignore[union-attr]
    assert [one.answered for one in new] == [one.probability >= least and one.theme != "integrity" for one in new]
    right = [said.theme == one.theme for said, one in zip(new, later, strict=True) if said.answered]
    assert sum(right) / len(right) >= 0.9
    assert {id_: one.probability for id_, one in before.items()} == {id_: after[id_].probability for id_ in before}
    assert store.unanswered(inbox, version) == []


@pytest.mark.parametrize("damage", ["absent", "cut", "changed", "other"])
def test_a_classifier_that_cannot_be_read_is_said_and_word_lists_alone_offer(
    inbox: Engine, place: Settings, keys: Keyring, damage: str
) -> None:
    version = trained(inbox, keys, place.voice_dir)
    path = place.voice_dir / f"{version}.npz"
    whole = path.read_bytes()
    half = len(whole) // 2
    damaged = {"cut": whole[:half], "changed": whole[:half] + b"\xff" * 64 + whole[half + 64 :], "other": b"PK\x03\x04"}
    path.unlink() if damage == "absent" else path.write_bytes(damaged[damage])
    say(inbox, keys, 10, NOVEMBER, NOW, theme="")
    done = publish(place, "UGA", datetime(2026, 12, 2, tzinfo=UTC))
    assert f"{version}.npz cannot be read" in done.trouble
    assert "train again" in done.trouble
    assert {one.listed_theme for one in store.unanswered(inbox, version)} == {"waiting"}, "what the lists offer"
    assert told(inbox)[NOVEMBER, UNSORTED] == 10, "offered, and not counted by it"
    path.write_bytes(whole)
    assert sort_new(inbox, place.voice_dir) == ""
    assert store.unanswered(inbox, version) == []


def test_a_classifier_whose_file_is_gone_is_trained_again_by_itself(
    inbox: Engine, place: Settings, keys: Keyring
) -> None:
    """No backup holds it: after a restore nothing was sorted until 25 more had been sorted by hand."""
    path = place.voice_dir / f"{trained(inbox, keys, place.voice_dir)}.npz"
    here = place.model_copy(update={"voice": VoiceSettings(keys=(SecretStr(new_key("one")),), vectors=False)})
    assert upkeep.train_classifier(here) == 0
    path.unlink()
    assert upkeep.train_classifier(here) == 1
    assert path.exists(), "the same, of the same labels"
    assert upkeep.train_classifier(here) == 0


def test_without_a_classifier_nothing_is_wrong(inbox: Engine, place: Settings, keys: Keyring) -> None:
    say(inbox, keys, 1, theme="")
    assert (sort_new(inbox, place.voice_dir), store.answers(inbox)) == ("", {})
