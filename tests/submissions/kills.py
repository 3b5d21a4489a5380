"""``make kills``: 100 submissions killed on their way on SQLite and as many on PostgreSQL (``COUNT`` sets how many).

Each kill is a SIGKILL at a random moment of one stage: upload, receipt, check, submission, approval, publication with
the dataset made of it. After each, what ``test_kills.whole`` says must hold, and the next process goes on from there. A
submission that is published is looked at, and the next begins on an empty database and folder.
"""

import contextlib
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from dashboard.database.engine import engine_of
from dashboard.dataset.store import Dataset
from dashboard.submissions.model import SOURCE
from tests.bench.kills import postgres
from tests.submissions.test_kills import start, whole

STAGES = ("ready", "stored", "received", "checked", "submitted", "approved")
"""What the process says as it begins to upload, receive, check, submit, approve and publish."""

MOST = 1.2
"""Longest wait before a kill, as a part of what the stage takes."""


class Process:
    """A submission on its way in a process of its own, and the last thing it said."""

    def __init__(self, url: str, folder: Path) -> None:
        self.process = start(url, folder)
        self.said = ""

    def line(self) -> str:
        """The next thing it says; "" when it has ended."""
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline().strip() or self.said
        return self.said

    def reach(self, stage: str) -> bool:
        """Wait until it is at a stage or beyond; False when it has come to its end."""
        order = (*STAGES, "published")
        while self.process.poll() is None and (not self.said or order.index(self.said) < order.index(stage)):
            self.line()
        return self.process.poll() is None and self.said != "published"

    def kill(self) -> None:
        """SIGKILL, which no program can answer."""
        self.process.kill()
        assert self.process.stdout is not None
        for rest in self.process.stdout.read().split():
            self.said = rest
        self.process.wait()
        self.process.stdout.close()


def usual(url: str, folder: Path) -> dict[str, float]:
    """Seconds of each stage here and now, of one that nobody kills."""
    process, moments = start(url, folder), []
    assert process.stdout is not None
    for _ in process.stdout:
        moments.append(time.monotonic())
    process.wait()
    process.stdout.close()
    whole(url, folder)
    return {stage: moments[at + 1] - moments[at] for at, stage in enumerate(STAGES)}


def life(
    url: str, folder: Path, spans: dict[str, float], chance: random.Random, most: int, hit: Counter[str]
) -> None:  # fmt: skip
    """One submission from upload to publication, killed once or twice at every stage, ``most`` times in all."""
    end = hit.total() + most
    for stage in STAGES:
        for _ in range(chance.choice((1, 1, 2))):
            if hit.total() == end:
                break
            process = Process(url, folder)
            if process.reach(stage):
                time.sleep(spans[stage] * MOST * chance.random())
            process.kill()
            hit[process.said] += 1
            whole(url, folder)
    with start(url, folder) as last:
        told = last.communicate(timeout=900)[0]
    assert told.endswith("published\n"), told
    whole(url, folder)
    rows = Dataset.current(folder / "dataset").rows("battery_1662_exit").filter(pl.col("source") == SOURCE).collect()
    assert rows.filter(pl.col("dimensions") == "{}")["value"].to_list() == [61.5]


def kills(kind: str, count: int, seed: int = 16) -> list[str]:
    """Kill ``count`` times on one kind of database and say what was hit; gives the faults."""
    chance, hit, faults = random.Random(seed), Counter[str](), list[str]()
    with _place(kind) as (url, folder):
        spans = usual(url, folder)
    lives = 0
    while hit.total() < count and len(faults) < 10:
        lives += 1
        with _place(kind) as (url, folder):
            try:
                life(url, folder, spans, chance, count - hit.total(), hit)
            except (AssertionError, subprocess.SubprocessError) as error:
                faults.append(f"submission {lives}: {error or type(error).__name__}")
    where = ", ".join(f"{hit[stage]} after {stage!r}" for stage in (*STAGES, "published", "") if hit[stage])
    sys.stdout.write(f"{kind}: {hit.total()} kills of {lives} submissions ({where}); {len(faults)} faults\n")
    sys.stdout.writelines(f"  {fault}\n" for fault in faults)
    sys.stdout.flush()
    return faults


@contextlib.contextmanager
def _place(kind: str) -> Iterator[tuple[str, Path]]:
    """An empty database of this kind and an empty data folder."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as place, contextlib.ExitStack() as stack:
        url = stack.enter_context(postgres()) if kind == "PostgreSQL" else f"sqlite:///{place}/monitor.sqlite3"
        yield url, Path(place) / "data"
        engine_of(url).dispose()


def main() -> int:
    """The exit code says whether all was well on both."""
    count = int(os.environ.get("COUNT", "100"))
    return 1 if [fault for kind in ("SQLite", "PostgreSQL") for fault in kills(kind, count)] else 0


if __name__ == "__main__":
    sys.exit(main())
