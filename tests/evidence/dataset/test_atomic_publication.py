"""Readers see the old version or the new one, whatever happens to the publisher and whenever they look."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.evidence.dataset import force
from dashboard.evidence.dataset import publish as room
from dashboard.evidence.dataset.layout import UNFINISHED
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.store import Dataset
from tests.evidence.dataset.chronicle import mixture, next_vintage

KILLS = 15
CHRONICLE = [sys.executable, "-m", "tests.evidence.dataset.chronicle"]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path, record: Engine) -> Path:
    """A folder in which the first vintage is published."""
    next_vintage(record)
    publish(record, tmp_path / "dataset")
    return tmp_path / "dataset"


def left_over(folder: Path) -> list[Path]:
    return [path for path in (*folder.iterdir(), *(folder / "versions").iterdir()) if path.name.startswith(UNFINISHED)]


@pytest.mark.long
def test_readers_never_see_a_mixture(record: Engine, folder: Path) -> None:
    last = 8
    command = [*CHRONICLE, "read", str(folder), str(last)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    readers = [subprocess.Popen(command, cwd=ROOT, text=True, **pipes) for _ in range(2)]  # type: ignore[call-overload]

    def read() -> int:
        seen = set()
        while last not in seen:
            dataset = Dataset.current(folder)
            assert mixture(dataset) == ""
            seen.add(dataset.vintage)
            time.sleep(0.002)  # or this thread keeps the interpreter's lock from the publisher
        return len(seen)

    for reader in readers:
        assert reader.stdout.readline().startswith("1-")  # they are reading now
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(read)
        while Dataset.current(folder).vintage < last:
            next_vintage(record)
            publish(record, folder)
        assert reading.result(timeout=60) > 1
    for reader in readers:
        said, error = reader.communicate(timeout=60)
        assert error == ""
        assert len(said.split()) > 1


def test_publishers_at_once_wait_for_each_other(record: Engine, folder: Path) -> None:
    next_vintage(record)
    with ThreadPoolExecutor(3) as threads:
        published = [threads.submit(publish, record, folder) for _ in range(3)]
    assert sorted(one.result().fresh for one in published) == [False, False, True]
    assert mixture(Dataset.current(folder)) == ""


@pytest.mark.long
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_killed_publisher_harms_nothing(record: Engine, folder: Path, database_url: str) -> None:
    killer = subprocess.Popen(
        [*CHRONICLE, "be killed", database_url, str(folder)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert killer.stdin is not None
    assert killer.stdout is not None
    seen = [1]
    for _ in range(KILLS):
        killer.stdin.write("next\n")
        killer.stdin.flush()
        assert killer.stdout.readline() == "killed\n"
        dataset = Dataset.current(folder)
        assert dataset.verify() == []
        assert mixture(dataset) == ""
        seen.append(dataset.vintage)
    killer.communicate(timeout=60)
    assert seen == sorted(seen)
    assert seen[-1] > 1
    next_vintage(record)
    publish(record, folder)
    assert left_over(folder) == []
    assert mixture(Dataset.current(folder)) == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_publisher_stopped_at_any_step_harms_nothing(
    record: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, done, step = Dataset.current(folder).version, False, 0
    next_vintage(record)
    to_disk = force.sync_to_disk
    while not done:
        steps = iter(range(step))

        def stop(path: Path, steps: "iter[int]" = steps) -> None:  # type: ignore[valid-type]
            if next(steps, None) is None:
                raise KeyboardInterrupt
            to_disk(path)

        for module in (force, room):
            monkeypatch.setattr(module, "sync_to_disk", stop)
        try:
            publish(record, folder)
            done = True
        except KeyboardInterrupt:
            dataset = Dataset.current(folder)
            assert mixture(dataset) == ""
            assert dataset.verify() == []
            assert dataset.version == before or dataset.vintage == 2
        step += 1
    assert step > 10
    assert Dataset.current(folder).vintage == 2
    assert left_over(folder) == []
