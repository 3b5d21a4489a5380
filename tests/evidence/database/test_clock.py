"""A clock that leaps destroys nothing; one that runs on, is set right or is confirmed is believed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine
from typer.testing import CliRunner

from dashboard.accounts import audit
from dashboard.accounts.model import Principal, Role
from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.delivery.store import save_centres
from dashboard.contributions.submissions import intake
from dashboard.contributions.submissions.keeping import drafts
from dashboard.contributions.submissions.microdata import retention, sealed
from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import Keyring, new_key
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.model import Intake
from dashboard.evidence.database.clock import (
    DISTRUST_PERIOD,
    MAX_TRUSTED_STEP,
    STEP_BACK_TOLERANCE,
    find_leap,
    find_trusted_time,
    record_time,
    trust_clock,
)
from dashboard.evidence.database.engine import reading, writing
from dashboard.interfaces.protection import condition
from dashboard.interfaces.protection.condition import find_faults
from dashboard.operations import doctor, upkeep
from dashboard.operations.cli import app
from dashboard.settings import AccountSettings, Settings, VoiceSettings, settings

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOUR, YEAR, TINY = timedelta(hours=1), timedelta(days=365), timedelta(microseconds=1)


def counted(record: Engine, now: datetime) -> datetime:
    with reading(record) as connection:
        return find_trusted_time(connection, now)


def run_on(record: Engine, since: datetime, until: datetime, step: timedelta = timedelta(hours=12)) -> None:
    """A server that notes the time again and again."""
    while since < until:
        since = min(since + step, until)
        record_time(record, since)


def test_before_the_first_look_the_clock_is_believed(record: Engine) -> None:
    assert (counted(record, NOW), find_leap(record, NOW)) == (NOW, None)


@pytest.mark.parametrize(
    ("step", "believed"),
    [(MAX_TRUSTED_STEP - TINY, True), (MAX_TRUSTED_STEP, True), (MAX_TRUSTED_STEP + TINY, False), (YEAR, False)],
)
def test_a_longer_step_is_doubted(record: Engine, step: timedelta, believed: bool) -> None:
    record_time(record, NOW)
    for _ in range(2):  # before and after the server has noted it
        assert counted(record, NOW + step) == (NOW + step if believed else NOW)
        assert find_leap(record, NOW + step) == (None if believed else (NOW, NOW + step))
        record_time(record, NOW + step)


def test_the_new_time_is_believed_when_the_server_has_run_with_it_for_a_week(record: Engine) -> None:
    record_time(record, NOW)
    ahead = NOW + YEAR
    record_time(record, ahead)
    run_on(record, ahead, ahead + DISTRUST_PERIOD - TINY)
    assert counted(record, ahead + DISTRUST_PERIOD - TINY) == NOW
    record_time(record, ahead + DISTRUST_PERIOD)
    assert counted(record, ahead + DISTRUST_PERIOD) == ahead + DISTRUST_PERIOD


def test_a_second_leap_begins_the_week_anew_and_counts_from_before_the_first(record: Engine) -> None:
    record_time(record, NOW)
    record_time(record, NOW + YEAR)
    record_time(record, NOW + 2 * YEAR)
    run_on(record, NOW + 2 * YEAR, NOW + 2 * YEAR + DISTRUST_PERIOD - HOUR)
    assert counted(record, NOW + 2 * YEAR + DISTRUST_PERIOD - HOUR) == NOW


def test_a_week_without_a_server_is_no_week(record: Engine) -> None:
    record_time(record, NOW)
    record_time(record, NOW + YEAR)
    assert counted(record, NOW + YEAR + 2 * DISTRUST_PERIOD) == NOW
    record_time(record, NOW + YEAR + 2 * DISTRUST_PERIOD)
    assert counted(record, NOW + YEAR + 2 * DISTRUST_PERIOD) == NOW


def test_a_clock_that_is_set_right_is_believed_at_once_and_leaps_again_later(record: Engine) -> None:
    record_time(record, NOW)
    record_time(record, NOW + YEAR)
    assert counted(record, NOW + HOUR) == NOW + HOUR
    record_time(record, NOW + HOUR)
    assert counted(record, NOW + HOUR) == NOW + HOUR
    assert counted(record, NOW + YEAR) == NOW + HOUR


def test_a_small_step_back_is_no_return(record: Engine) -> None:
    record_time(record, NOW)
    record_time(record, NOW + YEAR)
    for back in (timedelta(milliseconds=5), STEP_BACK_TOLERANCE):
        record_time(record, NOW + YEAR - back)
        assert counted(record, NOW + YEAR) == NOW
    record_time(record, NOW + YEAR - STEP_BACK_TOLERANCE - TINY)
    assert find_leap(record, NOW + YEAR - STEP_BACK_TOLERANCE - TINY) is None


def test_the_operator_can_say_that_it_is_right(record: Engine) -> None:
    record_time(record, NOW)
    record_time(record, NOW + YEAR)
    trust_clock(record, NOW + YEAR)
    assert (counted(record, NOW + YEAR), find_leap(record, NOW + YEAR + HOUR)) == (NOW + YEAR, None)


@pytest.fixture
def place(monitor_settings: Settings) -> Settings:
    """An installation with accounts and citizens' voice."""
    voice = VoiceSettings(keys=(SecretStr(new_key("one")),))
    return monitor_settings.model_copy(update={"voice": voice, "accounts": AccountSettings(enabled=True)})


class Moved(datetime):
    """A clock that somebody has moved."""

    by = timedelta()

    @classmethod
    def now(cls, tz: object = None) -> "Moved":  # type: ignore[override]
        return cls.fromtimestamp((datetime.now(UTC) + cls.by).timestamp(), UTC)


def test_a_leap_ends_no_draft_and_destroys_no_survey_and_no_word_and_is_told(
    record: Engine, place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    save_centres(record, [Centre("baku-1", "AZE", "Baku 1", date(2020, 1, 1))])
    keys = Keyring([key.get_secret_value() for key in place.voice.keys])
    take(record, keys, "AZE", [Intake("o" * 32, "baku-1", now.date(), text="slow queue", language="en")], now)
    part = sealed.SealedPart(place)
    part.write(b"answers")
    by = Principal(1, Role.CONTRIBUTOR, "AZE", "", "Committee", "One", "en")
    intake.receive(place, by, part.finish(), filename="s.sav", period="2024", lang="en", dataset="survey")
    for module in (upkeep, retention, drafts):
        monkeypatch.setattr(module, "datetime", Moved)
    assert upkeep.watch_clock(place) == 0

    def destroyed() -> tuple[int, int, int]:
        upkeep.watch_clock(place)
        return upkeep.end_drafts(place), upkeep.destroy_surveys(place), upkeep.destroy_words(place)

    monkeypatch.setattr(Moved, "by", YEAR)
    assert destroyed() == (0, 0, 0)
    assert destroyed() == (0, 0, 0)
    assert len(sealed.names(place)) == 1
    assert store.sealed(record, "o" * 32, "raw") is not None
    with monkeypatch.context() as patched:
        patched.setattr(condition, "datetime", Moved)
        (fault,) = [one for one in find_faults(place) if one.part == "clock" and "leapt" in one.words]
        assert "--clock-is-right" in fault.do
    monkeypatch.setattr(Moved, "by", timedelta())
    assert destroyed() == (0, 0, 0)
    assert not [one for one in find_faults(place) if one.part == "clock"]
    for days in range(2, 100, 2):  # it runs on as clocks do
        monkeypatch.setattr(Moved, "by", timedelta(days=days))
        upkeep.watch_clock(place)
    assert destroyed() == (1, 1, 1)


@pytest.mark.parametrize("by", [timedelta(days=-1), YEAR])
def test_the_trail_keeps_its_order_when_the_clock_is_moved(
    record: Engine, monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    monkeypatch.setattr(audit, "datetime", Moved)
    for moved in (timedelta(), by, timedelta(), by):
        monkeypatch.setattr(Moved, "by", moved)
        with writing(record) as connection:
            audit.record(connection, action="test.done", subject="one")
    verdict = audit.verify(record)
    assert (verdict.entries, verdict.broken) == (4, 0)
    assert [entry.number for entry in audit.list_entries(record)[0]] == [4, 3, 2, 1]


def test_the_command_believes_the_clock(record: Engine, place: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    record_time(record, datetime.now(UTC) - YEAR)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(place.data_dir))
    monkeypatch.setenv("MONITOR_DATABASE_URL", place.sqlalchemy_url)
    settings.cache_clear()
    monkeypatch.setattr(doctor, "examine", lambda *_, **__: [])
    runner = CliRunner()
    assert runner.invoke(app, ["doctor"]).exit_code == 0
    assert find_leap(record, datetime.now(UTC)) is not None
    assert "The clock is believed" in runner.invoke(app, ["doctor", "--clock-is-right"]).output
    assert find_leap(record, datetime.now(UTC)) is None
    settings.cache_clear()
