"""``make kills``: figures and counts killed on their way 100 times each on SQLite and on PostgreSQL (``COUNT``).

Each kill is a SIGKILL at a random moment of one stage: upload, receipt, check, submission, approval, publication with
the dataset made of it. After each, what ``test_kills.whole`` says must hold, and the next process goes on from there. A
submission that is published is looked at, and the next begins on an empty database and folder. Fetchings from an
office's address are killed as often: one draft is there in the end, never none and never two. A table
in the page is killed while somebody types: nothing answered as kept is lost, and nothing is kept or sent twice.
And two offices' years: figures that merge, a conflict decided, a correction rolled back.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.contributions.submissions import kill_offices
from tests.contributions.submissions.kill import EACH
from tests.contributions.submissions.test_kills import PUBLISHED, finish_pull, published, start, whole, whole_table
from tests.evidence.database.places import make_place

STAGES = ("ready", "stored", "received", "checked", "submitted", "approved")
"""What the process says as it begins to upload, receive, check, submit, approve and publish."""

MOST_WAIT = 0.5
"""Longest wait before a kill behind the last thing that was said, in seconds."""

SPAN_OF_PULL = 3.0
"""Seconds within which a fetching is killed after it has begun, or after its bytes have come."""

SPAN_OF_STEP = 2.0
"""The same after two offices' figures have begun to merge, to be decided, corrected or rolled back."""

MOST = 1.2
"""Longest wait before a kill, as a part of what the stage takes."""


class Process:
    """A submission on its way in a process of its own, and the last thing it said."""

    def __init__(self, url: str, folder: Path, dataset: str) -> None:
        self.process = start(url, folder, dataset)
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


def usual(url: str, folder: Path, dataset: str) -> dict[str, float]:
    """Seconds of each stage here and now, of one that nobody kills."""
    process, moments = start(url, folder, dataset), []
    assert process.stdout is not None
    for _ in process.stdout:
        moments.append(time.monotonic())
    process.wait()
    process.stdout.close()
    whole(url, folder)
    return {stage: moments[at + 1] - moments[at] for at, stage in enumerate(STAGES)}


def life(
    url: str, folder: Path, dataset: str, spans: dict[str, float], chance: random.Random, most: int, hit: Counter[str]
) -> None:
    """One submission from upload to publication, killed once or twice at every stage, ``most`` times in all."""
    end = hit.total() + most
    for stage in STAGES:
        for _ in range(chance.choice((1, 1, 2))):
            if hit.total() == end:
                break
            process = Process(url, folder, dataset)
            if process.reach(stage):
                time.sleep(spans[stage] * MOST * chance.random())
            process.kill()
            hit[process.said] += 1
            whole(url, folder)
    with start(url, folder, dataset) as last:
        told = last.communicate(timeout=900)[0]
    assert told.endswith("published\n"), told
    whole(url, folder)
    assert published(url, folder, dataset) == PUBLISHED[dataset]


def kills(kind: str, dataset: str, count: int, seed: int = 16) -> list[str]:
    """Kill ``count`` times on one kind of database and say what was hit; gives the faults."""
    chance, hit, faults = random.Random(seed), Counter[str](), list[str]()
    with make_place(kind) as (url, folder):
        spans = usual(url, folder, dataset)
    lives = 0
    while hit.total() < count and len(faults) < 10:
        lives += 1
        with make_place(kind) as (url, folder):
            try:
                life(url, folder, dataset, spans, chance, count - hit.total(), hit)
            except (AssertionError, subprocess.SubprocessError) as error:
                faults.append(f"submission {lives}: {error or type(error).__name__}")
    where = ", ".join(f"{hit[stage]} after {stage!r}" for stage in (*STAGES, "published", "") if hit[stage])
    return _tell(
        f"{kind}, {dataset}: {hit.total()} kills of {lives} submissions ({where}); {len(faults)} faults", faults
    )


def kills_of_tables(kind: str, count: int, seed: int = 16) -> list[str]:
    """Kill ``count`` times while somebody types into the table of a year, and sends it; gives the faults."""
    chance, faults, kept, sent, hit = random.Random(seed), list[str](), 0, 0, Counter[str]()
    with make_place(kind) as (url, folder):
        for _ in range(count):
            with start(url, folder, "grid") as process:
                assert process.stdout is not None
                said = [process.stdout.readline() for _ in range(chance.randint(0, 2 * EACH))]
                time.sleep(chance.random() * MOST_WAIT)
                process.kill()
                said += process.stdout.read().splitlines()
            told = [line.split() for line in said if line.strip()]
            kept = max((kept, *(int(at) for word, at in told if word == "kept")))
            sent = max((sent, *(int(at) for word, at in told if word == "sent")))
            hit[told[-1][0] if told else ""] += 1
            try:
                whole_table(url, kept, sent)
            except AssertionError as error:
                faults.append(f"after {kept} kept and {sent} sent: {error}")
                break
    return _tell(
        f"{kind}, tables: {hit.total()} kills, {kept} kept, {sent} sent ({dict(hit)}); {len(faults)} faults", faults
    )


def kills_of_pulls(kind: str, count: int, seed: int = 36) -> list[str]:
    """Kill fetchings from an office's address ``count`` times; gives the faults. A new place after every few."""
    chance, hit, faults, lives = random.Random(seed), Counter[str](), list[str](), 0
    while hit.total() < count and len(faults) < 10:
        lives += 1
        with make_place(kind) as (url, folder):
            try:
                for _ in range(min(chance.choice((1, 2, 3)), count - hit.total())):
                    process = Process(url, folder, "pull")
                    process.line()
                    if chance.random() < 0.8:
                        process.line()
                    time.sleep(chance.uniform(0.0, SPAN_OF_PULL))
                    process.kill()
                    hit[process.said] += 1
                    whole(url, folder)
                assert finish_pull(url, folder) == ("checked", 1, 0)
            except (AssertionError, subprocess.SubprocessError) as error:
                faults.append(f"pull {lives}: {error or type(error).__name__}")
    where = ", ".join(f"{hit[said]} after {said!r}" for said in ("ready", "fetched", "published", "") if hit[said])
    return _tell(f"{kind}, pull: {hit.total()} kills of {lives} fetchings ({where}); {len(faults)} faults", faults)


def kills_of_offices(kind: str, count: int, seed: int = 37) -> list[str]:
    """Kill ``count`` times while two offices' figures merge, are decided, corrected and rolled back; the faults."""
    chance, hit, faults, lives = random.Random(seed), Counter[str](), list[str](), 0
    while hit.total() < count and len(faults) < 10:
        lives += 1
        with make_place(kind) as (url, folder):
            try:
                for stage in range(1, kill_offices.LINES):
                    if hit.total() == count:
                        break
                    process = start(url, folder, room="kill_offices")
                    assert process.stdout is not None
                    said = [process.stdout.readline().strip() for _ in range(stage)]
                    time.sleep(chance.uniform(0.0, SPAN_OF_STEP))
                    process.kill()
                    said += process.stdout.read().split()
                    process.wait()
                    process.stdout.close()
                    hit[next((one for one in reversed(said) if one), "")] += 1
                    kill_offices.check(url, folder)
                with start(url, folder, room="kill_offices") as last:
                    told = last.communicate(timeout=900)[0]
                assert told.endswith("done\n"), told
                assert kill_offices.check(url, folder) == "one:published three:rolled_back two:published"
            except (AssertionError, subprocess.SubprocessError) as error:
                faults.append(f"offices {lives}: {error or type(error).__name__}")
    where = ", ".join(f"{many} after {said!r}" for said, many in hit.most_common())
    return _tell(f"{kind}, offices: {hit.total()} kills of {lives} years ({where}); {len(faults)} faults", faults)


def _tell(summary: str, faults: list[str]) -> list[str]:
    """Print what was found, and give the faults."""
    print(summary, *(f"  {fault}" for fault in faults), sep="\n", flush=True)  # noqa: T201
    return faults


def main() -> int:
    """The exit code says whether all was well on both."""
    count = int(os.environ.get("COUNT", "100"))
    kinds = ("sqlite", "postgresql")
    faults = [fault for kind in kinds for dataset in PUBLISHED for fault in kills(kind, dataset, count)]
    faults += [fault for kind in kinds for fault in kills_of_pulls(kind, count)]
    faults += [fault for kind in kinds for fault in kills_of_tables(kind, count)]
    faults += [fault for kind in kinds for fault in kills_of_offices(kind, count)]
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
