"""Killed at any moment, a submission is never half there and never there twice, and people go on where they were.

``MONITOR_KILLS`` sets how many moments are tried on each database (a full run has 200).
"""

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import inspect

from dashboard.accounts import audit
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.grid import store as grids
from dashboard.contributions.submissions.model import SOURCE
from dashboard.contributions.submissions.pulling import store as pulls
from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import create_engine_for, reading
from dashboard.evidence.dataset.store import Dataset
from tests.contributions.submissions import kill_offices
from tests.contributions.submissions.conftest import YEAR
from tests.contributions.submissions.kill import EACH, TYPED

MOMENTS = int(os.environ.get("MONITOR_KILLS", "3"))
ROOT = Path(__file__).parents[3]
STEPS = 6
"""Lines the process says on its way; it is killed up to half a second after one of them."""


def start(url: str, folder: Path, dataset: str = "figures", room: str = "kill") -> "subprocess.Popen[str]":
    command = [
        sys.executable,
        "-m",
        f"tests.contributions.submissions.{room}",
        url,
        str(folder),
        *([dataset] if room == "kill" else []),
    ]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def kill_at_some_moment(process: "subprocess.Popen[str]", chance: random.Random, lines: int, latest: float) -> None:
    """Kill it up to ``latest`` seconds after one of its first ``lines`` lines."""
    assert process.stdout is not None
    for _ in range(chance.randint(1, lines)):
        process.stdout.readline()  # "" when it has come to its end before
    timer = threading.Timer(chance.uniform(0.0, latest), process.kill)
    timer.start()
    process.stdout.read()
    process.wait()
    timer.cancel()


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("dataset", ["figures", "counts"])
def test_killed_at_any_moment(database_url: str, tmp_path: Path, dataset: str) -> None:
    seed = random.Random(16)
    folder = tmp_path / "data"
    for _ in range(MOMENTS):
        with start(database_url, folder, dataset) as process:
            kill_at_some_moment(process, seed, STEPS, 0.5)
        whole(database_url, folder)
    with start(database_url, folder, dataset) as process:
        assert process.communicate(timeout=900)[0].endswith("published\n")
    whole(database_url, folder)
    assert published(database_url, folder, dataset) == PUBLISHED[dataset]


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_a_pull_killed_at_any_moment(database_url: str, tmp_path: Path) -> None:
    seed = random.Random(16)
    for _ in range(MOMENTS):
        with start(database_url, tmp_path / "data", "pull") as process:
            kill_at_some_moment(process, seed, 2, 1.5)
        whole(database_url, tmp_path / "data")
    assert finish_pull(database_url, tmp_path / "data") == ("checked", 1, 0)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_two_offices_killed_at_any_moment(database_url: str, tmp_path: Path) -> None:
    seed, folder = random.Random(16), tmp_path / "data"
    for _ in range(MOMENTS):
        with start(database_url, folder, room="kill_offices") as process:
            kill_at_some_moment(process, seed, kill_offices.LINES - 1, 1.0)
        kill_offices.check(database_url, folder)
    with start(database_url, folder, room="kill_offices") as process:
        assert process.communicate(timeout=900)[0].endswith("done\n")
    assert kill_offices.check(database_url, folder) == "one:published three:rolled_back two:published"


def finish_pull(url: str, folder: Path) -> tuple[str, int, int]:
    """State and rows of the one draft of what was fetched, and failures: the next time stands, whoever asks again."""
    for _ in range(2):
        with start(url, folder, "pull") as process:
            told = process.communicate(timeout=900)[0]
        assert told.endswith("published\n"), told
        whole(url, folder)
    with reading(create_engine_for(url)) as connection:
        (draft,) = store.listing(connection)
        (pull,) = pulls.of_office(connection, "AZE", 1)
    assert pull.submission == draft.id
    assert pull.due_at > draft.created_at
    return draft.state, draft.rows, pull.failures


PUBLISHED = {"figures": [61.5], "counts": [120, 60]}
"""The figure of the file, or the visits begun at the counter and on the web."""


def published(url: str, folder: Path, dataset: str) -> list[float]:
    """What a reader finds of it."""
    if dataset == "counts":
        return [one.counts["started"] for one in delivery.reports(create_engine_for(url), "AZE")]
    rows = Dataset.current(folder / "dataset").rows("battery_1662_exit").filter(pl.col("source") == SOURCE).collect()
    return rows.filter(pl.col("dimensions") == "{}")["value"].to_list()


def whole(url: str, folder: Path) -> None:
    """What must hold whatever happened."""
    record = create_engine_for(url)
    if not inspect(record).has_table("submission"):
        return  # killed before the tables were there
    with reading(record) as connection:
        found = store.listing(connection)
        held = {one.id: store.figures_of(connection, one.id) for one in found}
    assert len(found) <= 1
    issued = vintages.list_vintages(record)
    done = [one for one in found if one.state == "published"]
    assert all(vintage.state == "sealed" for vintage in issued)
    assert [one.vintage for one in done if one.vintage] == [vintage.number for vintage in issued]
    assert all((one.vintage is None) == (one.dataset == "counts") for one in done)
    counted = len(delivery.reports(record, "AZE"))
    assert counted == (2 if [one for one in done if one.dataset == "counts"] else 0)
    for one in found:
        assert (folder / "submissions" / "files" / one.sha256).stat().st_size == one.size
        assert (one.state == "draft") == (held[one.id] is None)
    assert audit.verify(record).broken == 0


def whole_table(url: str, kept: int, sent: int) -> None:
    """What must hold of a table into which numbers are typed: the last that was answered as kept, or the next one."""
    record = create_engine_for(url)
    if not inspect(record).has_table("submission_grid"):
        return  # killed before the tables were there
    with reading(record) as connection:
        draft = grids.find_draft(connection, ("AZE", 1, YEAR))
        found = store.listing(connection)
        figures = [store.figures_of(connection, one.id) for one in found]
    at = int(draft.cells[TYPED]["value"]) if draft else 0
    assert kept <= at <= kept + 1
    assert (draft.version if draft else 0) == at, "each number is kept once"
    assert len({one.sha256 for one in found}) == len(found), "each is sent once"
    values = [frame["value"].to_list() for frame in figures if frame is not None]
    assert all(len(value) == 1 and value[0] % EACH == 0 for value in values)
    assert not sent or [float(sent)] in values
    assert audit.verify(record).broken == 0


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_a_table_that_is_killed_while_somebody_types(database_url: str, tmp_path: Path) -> None:
    seed, kept, sent = random.Random(7), 0, 0
    for _ in range(MOMENTS):
        with start(database_url, tmp_path / "data", "grid") as process:
            assert process.stdout is not None
            said = [process.stdout.readline() for _ in range(seed.randint(1, 2 * EACH))]
            process.kill()
            said += process.stdout.read().splitlines()
        told = [line.split() for line in said if line.strip()]
        kept = max((kept, *(int(at) for word, at in told if word == "kept")))
        sent = max((sent, *(int(at) for word, at in told if word == "sent")))
        whole_table(database_url, kept, sent)
    assert kept >= 1
