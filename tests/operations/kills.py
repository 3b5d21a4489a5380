"""``python -m tests.operations.kills``: SIGKILL at random moments of real processes, on SQLite and on PostgreSQL.

``--count N`` kills over all kinds of publication, half as many of processes that take opinions and drafts, half as many
of those that give complaints numbers and answers, a quarter of backups; ``--database sqlite`` or ``postgresql`` for one
of them. After each the server is started again, or its upkeep looks, and then record and served agree, nothing a person
was thanked for is lost or there twice, a complaint has the one number its visitor was told, and every backup that has
its name is whole. The last lines give figures and limits; the exit code is 1 where one is missed.
"""

import argparse
import contextlib
import logging
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from dashboard.evidence.dataset import layout
from dashboard.evidence.dataset.store import Dataset
from dashboard.operations.backup import verify
from dashboard.operations.prepare import prepare_data
from dashboard.operations.retention import list_backups
from tests.evidence.database.places import make_place
from tests.operations.deeds import (
    ANSWERED,
    KINDS,
    OF_RECORD,
    THANKED,
    Forge,
    Kind,
    World,
    held,
    publishing_server,
    send,
    sent,
)

EACH = 36
"""Kills of one world: it grows with each, and so does the time they take."""
MOST = 1.15
"""Longest wait before a kill, as a part of what a deed takes when nobody kills it."""

PATIENCE = 3.0
"""Seconds to wait until a deed has come to where it is to be killed."""


@dataclass
class Tally:
    """What was found: how many were killed, how many had come to their end, and everything that must not be."""

    killed: int = 0
    ended: int = 0
    finished: int = 0  # publications that the restart finished
    taken_back: int = 0
    thanked: int = 0
    slowest: float = 0.0  # seconds of a restart
    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """In one line."""
        by_kind = ", ".join(f"{n} {kind}" for kind, n in sorted(self.kinds.items()))
        return (
            f"{self.killed} killed on their way and {self.ended} at their end ({by_kind}); {self.finished} finished, "
            f"{self.taken_back} taken back; {self.thanked} thanked for; slowest restart {self.slowest:.1f} s"
        )


def kill_one(forge: Forge, kind: Kind, wait: float, tally: Tally, reached: Callable[[], bool] = lambda: True) -> None:
    """Begin a deed and kill it so many seconds after it has come so far, at most ``PATIENCE`` after its beginning."""
    process, began = forge.begin(kind), time.monotonic()
    while not reached() and time.monotonic() - began < PATIENCE:
        time.sleep(0.0005)
    time.sleep(wait)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    how = forge.ended()
    tally.kinds[kind] += 1
    tally.killed += how == "killed"
    tally.ended += how == "done"
    if how == "failed":
        tally.faults.append(f"{kind} failed before it was killed")


def restart(world: World, turn: int, tally: Tally) -> None:
    """A start of the server, or a look of its upkeep, in turn."""
    dataset = world.settings.dataset_dir
    left, before, began = (dataset / layout.NEXT).exists(), Dataset.current(dataset), time.monotonic()
    tally.faults += [f"before the restart: {fault}" for fault in before.verify()]
    if turn % 2:
        world.restart()
    else:
        prepare_data(world.settings, lambda line: None)
    tally.slowest = max(tally.slowest, time.monotonic() - began)
    after = Dataset.current(dataset).version
    tally.finished += left and after != before.version
    tally.taken_back += left and after == before.version


def publications(world: World, count: int, chance: random.Random, tally: Tally) -> None:
    """Kill publications of every kind in turn."""
    with Forge(world) as forge:
        spans: dict[Kind, float] = {}
        for kind in KINDS:
            world.prepare(kind)
            began = time.monotonic()
            forge.begin(kind)
            if forge.ended() != "done":
                tally.faults.append(f"{kind} failed")
            spans[kind] = time.monotonic() - began
        for turn in range(count):
            kind = KINDS[turn % len(KINDS)]
            world.prepare(kind)
            if kind in OF_RECORD or chance.random() < 1 / 3:
                kill_one(forge, kind, spans[kind] * MOST * chance.random(), tally)
            else:  # where it hurts: the dataset is being built, announced, committed, switched to
                dataset = world.settings.dataset_dir
                sign = chance.choice((f"versions/{layout.UNFINISHED}*", layout.NEXT))
                come = partial(lambda folder, sign: any(folder.glob(sign)), dataset, sign)
                kill_one(forge, kind, (0.008 if sign == layout.NEXT else 0.05) * chance.random(), tally, come)
            restart(world, turn, tally)
            tally.faults += [f"{kind}, kill {turn}: {fault}" for fault in world.faults()]


def thanks(
    world: World, count: int, chance: random.Random, tally: Tally, kinds: tuple[Kind, ...] = THANKED
) -> None:  # fmt: skip
    """Kill processes that take what people send; what nobody was thanked for is sent again, as people do."""
    with Forge(world) as forge:
        for turn in range(count):
            kind = kinds[turn % len(kinds)]
            known = len(sent(kind, world.settings)[1])
            so_far = partial(lambda kind, known: len(sent(kind, world.settings)[1]) > known, kind, known)
            kill_one(forge, kind, 0.3 * chance.random(), tally, so_far)
            restart(world, turn, tally)
            tried, thanked = sent(kind, world.settings)
            there = held(kind, world.settings)
            if lost := [key for key in thanked if key not in there]:
                tally.faults.append(f"{kind}, kill {turn}: {len(lost)} thanked for and lost")
            for key in [key for key in tried if key not in thanked]:
                send(kind, world.settings, key, again=True)
            there = held(kind, world.settings)
            if wrong := [key for key in tried if there[key] != 1]:
                tally.faults.append(f"{kind}, kill {turn}: {len(wrong)} are not there once")
        tally.thanked = sum(len(sent(kind, world.settings)[1]) for kind in kinds)
        tally.faults += world.faults()


def while_backing_up(world: World, count: int, chance: random.Random, tally: Tally) -> None:
    """Kill backups, and publications that wait for one, in turn."""
    folder = world.settings.data_dir / "backups"
    with Forge(world) as forge, Forge(world) as other:
        began = time.monotonic()
        forge.begin("backup")
        if forge.ended() != "done":
            tally.faults.append("backup failed")
        span = time.monotonic() - began
        for turn in range(count):
            world.prepare("gather")
            waits = turn % 2
            if waits:  # a publication is killed while a backup holds what is published
                forge.begin("backup")
                kill_one(other, "gather", span * MOST * chance.random(), tally)
                if forge.ended() != "done":
                    tally.faults.append(f"backup beside kill {turn} failed")
            else:
                kill_one(forge, "backup", span * MOST * chance.random(), tally)
            restart(world, turn, tally)
            for _, path in list_backups(folder):
                verify(path)
                path.unlink()
            tally.faults += [f"backup, kill {turn}: {fault}" for fault in world.faults()]


KILLED: dict[str, tuple[Callable[[World, int, random.Random, Tally], None], float]] = {
    "publications": (publications, 1.0), "thanks": (thanks, 0.5), "backups": (while_backing_up, 0.25),
    "complaints": (partial(thanks, kinds=ANSWERED), 0.5),
}  # fmt: skip
"""What is killed, and how often beside publications."""


@contextlib.contextmanager
def place(kind: str) -> Iterator[World]:
    """A new world on this kind of database."""
    with make_place(kind) as (url, data), publishing_server() as publisher:
        world = World.at(url, data, publisher)
        yield world
        world.record.dispose()


def run(kind: str, what: str, count: int, seed: int) -> Tally:
    """Kill so often on one kind of database."""
    work, _ = KILLED[what]
    chance, tally = random.Random(seed), Tally()
    for first in range(0, count, EACH):
        with place(kind) as world:
            try:
                work(world, min(EACH, count - first), chance, tally)
            except Exception as error:
                tally.faults.append(f"{type(error).__name__}: {error}")
    return tally


def main(words: list[str]) -> int:
    """The exit code says whether all was well."""
    asked = argparse.ArgumentParser(prog="python -m tests.operations.kills", description=__doc__)
    asked.add_argument("--count", type=int, default=200)
    asked.add_argument("--database", choices=("sqlite", "postgresql"))
    asked.add_argument("--what", choices=tuple(KILLED))
    asked.add_argument("--seed", type=int, default=datetime.now(UTC).toordinal())
    given, wrong = asked.parse_args(words), 0
    logging.disable(logging.WARNING)  # what was cut short is counted, not told
    for kind in (given.database,) if given.database else ("sqlite", "postgresql"):
        for what in (given.what,) if given.what else KILLED:
            tally = run(kind, what, round(given.count * KILLED[what][1]), given.seed)
            wrong += len(tally.faults)
            sys.stdout.write(f"{kind}, {what}: {tally.words}; {len(tally.faults)} faults (limit 0)\n")
            sys.stdout.writelines(f"  {fault}\n" for fault in tally.faults[:20])
            sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
