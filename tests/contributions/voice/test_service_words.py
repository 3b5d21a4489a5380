"""What somebody writes where a service is named stands nowhere in the open: only codes of the centre's list do."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import RETENTION, Keyring
from dashboard.contributions.voice.intake import seal_services, take
from dashboard.contributions.voice.model import Intake, OpinionRefused, checked
from dashboard.contributions.voice.tables import VoiceOpinion
from tests.contributions.voice.conftest import NOW
from tests.given import some

WORDS = "pasport, Ruslan Kamilov 4-cu pencere"


def intake(**other: object) -> Intake:
    return replace(Intake("a" * 32, "baku-1", NOW.date(), text="pis"), **other)  # type: ignore[arg-type]


def held(inbox: Engine, words: str) -> bool:
    """Whether words stand in the database: in its file and what belongs to it, or in any table."""
    with inbox.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            file = Path(str(inbox.url.database))
            return any(words.encode() in path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"))
        return any(
            words in str(row)
            for (table,) in tables.all()
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
        )


@pytest.mark.parametrize("integrity", [True, False])
@pytest.mark.parametrize(("service", "kept"), [("passport", "passport"), ("other", "other"), ("", ""), (WORDS, ""),
                                               ("passports", ""), ("Passport", "")])  # fmt: skip
def test_a_service_is_a_code_of_the_centre_or_is_sealed(
    inbox: Engine, keys: Keyring, service: str, kept: str, integrity: bool
) -> None:
    take(inbox, keys, "AZE", [intake(service=service, integrity=integrity)], NOW)
    one = some(store.opinion(inbox, "a" * 32))
    assert (one.service, one.text) == (kept, "" if integrity else "pis")
    box = some(store.sealed(inbox, one.id, "raw"))
    assert keys.open(box, one.id, "AZE") == ("pis" if kept == service else f"pis\n{service}")
    assert not held(inbox, WORDS)
    if integrity and not kept and service:
        assert "pis" in keys.open(some(store.sealed(inbox, one.id, "words")), one.id, "AZE")


def test_words_of_a_bribe_given_as_a_service_are_a_report(inbox: Engine, keys: Keyring) -> None:
    take(inbox, keys, "AZE", [intake(text="", rating=1, service="rüşvət istədilər")], NOW)
    (one,) = store.opinions(inbox, ["AZE"], integrity=True)
    assert (one.service, one.text) == ("", "")
    assert store.parts(inbox, [one.id])[one.id] == ["raw", "words"]


def test_what_was_kept_in_the_open_before_is_sealed_and_nothing_is_lost(inbox: Engine, keys: Keyring) -> None:
    for at, integrity in enumerate((True, False, True)):
        take(inbox, keys, "AZE", [intake(id=f"{at}" * 32, integrity=integrity)], NOW)
    take(inbox, keys, "AZE", [intake(id="9" * 32, service="passport")], NOW)
    with inbox.begin() as connection:
        for at in range(3):
            connection.execute(
                VoiceOpinion.__table__.update().where(VoiceOpinion.id == f"{at}" * 32).values(service=WORDS)  # type: ignore[attr-defined]
            )
    assert held(inbox, WORDS)
    assert seal_services(inbox, keys, NOW) == 3
    assert not held(inbox, WORDS)
    for at, integrity in enumerate((True, False, True)):
        box = some(store.sealed(inbox, f"{at}" * 32, "raw"))
        assert keys.open(box, f"{at}" * 32, "AZE") == f"pis\n{WORDS}"
        assert (store.sealed(inbox, f"{at}" * 32, "words") is not None) == integrity
    assert seal_services(inbox, keys, NOW) == 0
    assert some(store.opinion(inbox, "9" * 32)).service == "passport"


@pytest.mark.parametrize(
    ("late", "destroyed"), [(timedelta(seconds=-1), 0), (timedelta(), 1), (timedelta(seconds=1), 1)]
)
def test_raw_words_go_when_ninety_days_are_over(inbox: Engine, keys: Keyring, late: timedelta, destroyed: int) -> None:
    take(inbox, keys, "AZE", [intake()], NOW)
    assert timedelta(days=90) == RETENTION
    assert store.expire(inbox, NOW + RETENTION + late) == destroyed


def test_a_report_whose_raw_words_are_over_keeps_what_it_gave_as_a_service(inbox: Engine, keys: Keyring) -> None:
    take(inbox, keys, "AZE", [intake(integrity=True)], NOW)
    with inbox.begin() as connection:
        connection.execute(VoiceOpinion.__table__.update().values(service="pasport 4-cu pencere"))  # type: ignore[attr-defined]
    store.expire(inbox, NOW + RETENTION)
    seal_services(inbox, keys, NOW + RETENTION)
    assert store.sealed(inbox, "a" * 32, "raw") is None
    words = some(store.sealed(inbox, "a" * 32, "words"))
    assert keys.open(words, "a" * 32, "AZE") == "pis\npasport 4-cu pencere"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("centre", "Ruslan Kamilov"),
        ("channel", "Ruslan"),
        ("kind", "Ruslan"),
        ("outcome", "Ruslan"),
        ("language", "ruslan"),
    ],
)
def test_no_other_field_takes_words(name: str, value: str) -> None:
    given = {"id": "a" * 32, "centre": "baku-1", "text": "pis", "said_on": "2026-11-26"} | {name: value}
    with pytest.raises(OpinionRefused):
        checked(given, date(2026, 11, 26))
