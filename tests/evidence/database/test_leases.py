"""One holder at a time, by the clock of the database."""

import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import Engine

from dashboard.evidence.database import leases

CONTEND = """
import sys, time
from dashboard.evidence.database import leases
from dashboard.evidence.database.engine import open_engine
from dashboard.settings import Settings
record = open_engine(Settings(database_url=sys.argv[1]))
sys.stdin.readline()
for _ in range(25):
    while not leases.acquire_lease(record, "gathering", sys.argv[2], 30):
        time.sleep(0.001)
    with open(sys.argv[3], "a+") as count:
        count.seek(0)
        found = int(count.read() or 0)
        time.sleep(0.002)
        count.truncate(0)
        count.write(str(found + 1))
    leases.release_lease(record, "gathering", sys.argv[2])
    time.sleep(0.001)
"""


def test_only_one_holds_a_lease(record: Engine) -> None:
    assert leases.acquire_lease(record, "gathering", "one", 60)
    assert not leases.acquire_lease(record, "gathering", "two", 60)
    assert leases.acquire_lease(record, "publishing", "two", 60)
    assert leases.find_holder(record, "gathering") == "one"


def test_the_holder_may_take_its_own_lease_again_and_renew_it(record: Engine) -> None:
    leases.acquire_lease(record, "gathering", "one", 0.2)
    assert leases.acquire_lease(record, "gathering", "one", 60)
    assert leases.renew_lease(record, "gathering", "one", 60)
    assert not leases.renew_lease(record, "gathering", "two", 60)
    assert leases.find_holder(record, "gathering") == "one"


def test_a_lease_that_is_over_goes_to_the_next(record: Engine) -> None:
    leases.acquire_lease(record, "gathering", "dead", 0.05)
    time.sleep(0.1)
    assert leases.find_holder(record, "gathering") is None
    assert not leases.renew_lease(record, "gathering", "dead", 60)
    assert leases.acquire_lease(record, "gathering", "alive", 60)
    assert not leases.release_lease(record, "gathering", "dead")
    assert leases.find_holder(record, "gathering") == "alive"


def test_a_released_lease_is_free(record: Engine) -> None:
    leases.acquire_lease(record, "gathering", "one", 60)
    assert leases.release_lease(record, "gathering", "one")
    assert leases.find_holder(record, "gathering") is None
    assert leases.acquire_lease(record, "gathering", "two", 60)
    assert leases.find_holder(record, "gathering") == "two"
    assert not leases.acquire_lease(record, "gathering", "one", 60)


def test_two_processes_never_hold_it_together(record: Engine, database_url: str, tmp_path: Path) -> None:
    count = tmp_path / "count"
    command = [sys.executable, "-c", CONTEND, database_url]
    contenders = [
        subprocess.Popen([*command, name, str(count)], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    assert [contender.communicate("go\n", timeout=60)[1] for contender in contenders] == ["", ""]
    assert count.read_text() == "50", "two holders at once lose a count"
