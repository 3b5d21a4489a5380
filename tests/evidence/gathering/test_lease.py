"""One gathering at a time; a dead one does not stand in the way."""

import json
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from dashboard.evidence.database import leases
from dashboard.evidence.database.engine import open_engine
from dashboard.evidence.gathering.schedule import lease as subject
from dashboard.evidence.gathering.schedule.lease import NAME, GatheringBusy, HeldLease, Holder, Lost, hold_lease
from dashboard.settings import Settings
from tests.given import raising

pytestmark = pytest.mark.usefixtures("record")


def test_a_second_one_is_told_who_and_since_when(monitor_settings: Settings) -> None:
    with hold_lease(monitor_settings), pytest.raises(GatheringBusy) as busy, hold_lease(monitor_settings):
        pass
    me = Holder.me()
    assert f"process {me.pid} on {me.host}, since {me.since[:13]}" in str(busy.value)


def test_it_is_free_again_afterwards(monitor_settings: Settings) -> None:
    for _ in range(2):
        with hold_lease(monitor_settings) as held:
            held.still_ours()
    assert leases.find_holder(open_engine(monitor_settings), NAME) is None


def test_a_dead_process_of_this_machine_is_replaced_at_once(monitor_settings: Settings) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    gone = replace(Holder.me(), pid=dead.pid, born="1")
    assert leases.acquire_lease(open_engine(monitor_settings), NAME, str(gone), 60)
    with hold_lease(monitor_settings) as held:
        held.still_ours()
        holder = leases.find_holder(open_engine(monitor_settings), NAME) or ""
        assert json.loads(holder)[:2] == [Holder.me().host, Holder.me().pid] != [gone.host, gone.pid]


def test_another_process_with_the_number_of_a_dead_one_is_not_taken_for_it() -> None:
    me = Holder.me()
    assert not me.gone
    assert replace(me, born="1").gone


def test_a_holder_on_another_machine_is_waited_for(monitor_settings: Settings) -> None:
    away = replace(Holder.me(), host="another", born="1")
    assert leases.acquire_lease(open_engine(monitor_settings), NAME, str(away), 60)
    with pytest.raises(GatheringBusy, match="on another"), hold_lease(monitor_settings):
        pass


def test_who_lost_the_lease_may_not_write(monitor_settings: Settings) -> None:
    record = open_engine(monitor_settings)
    with hold_lease(monitor_settings) as held:
        leases.release_lease(record, NAME, leases.find_holder(record, NAME) or "")
        assert leases.acquire_lease(record, NAME, "another", 60)
        for _ in range(2):
            with pytest.raises(Lost, match="nothing was written"):
                held.still_ours()
    assert leases.find_holder(record, NAME) == "another"


def test_one_that_could_not_be_given_back_is_taken_over_at_once(
    monitor_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, hold_lease(monitor_settings):
        patch.setattr(
            "dashboard.evidence.database.leases.release_lease", raising(OSError(28, "No space left on device"))
        )
    with hold_lease(monitor_settings), pytest.raises(GatheringBusy), hold_lease(monitor_settings):
        raise AssertionError("one at a time")


def test_a_database_that_is_busy_for_a_while_does_not_end_the_renewing(
    monitor_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, stop = [], threading.Event()

    def renew(*given: object) -> bool:
        asked.append(given)
        if len(asked) == 1:
            raise OperationalError("BEGIN IMMEDIATE", None, Exception("database is locked"))
        stop.set()
        return True

    monkeypatch.setattr(subject, "SECONDS", 0.04)
    monkeypatch.setattr(leases, "renew_lease", renew)
    HeldLease(monitor_settings, "me").keep(stop)
    assert len(asked) == 2
