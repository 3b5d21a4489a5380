"""Does a test notice when a line that computes computes something else? ``make mutants``.

A sample of changes is drawn from each room, seeded, so that it can be drawn again. Each is put in the place of the
function's own code in a copy of a warm process, and the test files that execute it are run until a test fails.
What fails without a change too notices nothing.
"""

import argparse
import csv
import random
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.mutation.executing import APART, executed, executing
from tests.mutation.mutants import Mutant, mutants, planted
from tests.mutation.running import KEPT, ROOT, lines, noticing, warm


@dataclass(frozen=True)
class Room:
    """Its modules, where the tests are that may notice, and the packages that these tests need."""

    modules: str
    tests: tuple[str, ...]
    packages: tuple[str, ...]


ROOMS = {
    "measures": Room("dashboard/measures/**/*.py", ("tests/measures",), ("dashboard.measures",)),
    "gathering": Room(
        "dashboard/gathering/**/*.py",
        ("tests/gathering", "tests/data_sources"),
        ("data_sources", "dashboard.gathering"),
    ),
    "services": Room(
        "dashboard/services/**/*.py",
        ("tests/services", "tests/api", "tests/charts", "tests/reports", "tests/states", "tests/pages"),
        ("dashboard.services", "dashboard.api", "dashboard.pages"),
    ),
    "api": Room(
        "dashboard/api/**/*.py",
        ("tests/api", "tests/accounts", "tests/actions", "tests/delivery", "tests/submissions", "tests/voice"),
        ("dashboard.api",),
    ),
    "states": Room("dashboard/pages/*/state.py", ("tests/states", "tests/pages"), ("dashboard.pages", "dashboard.api")),
}


def main() -> int:
    """Draw, run, and say what survived; 1 where fewer than ``--least`` per cent were noticed."""
    said = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    said.add_argument("--room", choices=ROOMS, action="append", help="only this room; may come again")
    said.add_argument("--count", type=int, default=40, help="changes per room")
    said.add_argument("--seed", type=int, default=1)
    said.add_argument("--only", default="", help="only changes whose place and text contain this")
    said.add_argument("--least", type=float, default=90.0, help="per cent that must be noticed")
    said.add_argument("--limit", type=float, default=300.0, help="seconds for the tests of one file")
    said.add_argument("--planted", action="store_true", help="the changes of planted.csv instead: all must be noticed")
    chosen = said.parse_args()
    enough = True
    for name in chosen.room or ROOMS:
        warm(ROOMS[name].packages, published=name != "measures" and not chosen.planted)
        drawn = _planted(name) if chosen.planted else _drawn(ROOMS[name], chosen)
        if drawn:
            count = len(drawn)
            rate = 100 * _noticed(drawn, chosen.limit) / count
            _say(f"{name}: {rate:.1f} % of {count} noticed" + ("" if chosen.planted else f" (seed {chosen.seed})"))
            enough &= rate >= (100 if chosen.planted else chosen.least)
    return 0 if enough else 1


def _planted(room: str) -> dict[Mutant, list[Path]]:
    """The changes of ``planted.csv``, of which tests once knew nothing, and where they are noticed."""
    with Path(__file__).with_name("planted.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["room"] == room]
    return {planted(ROOT / row["file"], row["before"], row["after"]): [ROOT / row["tests"]] for row in rows}


def _drawn(room: Room, chosen: argparse.Namespace) -> dict[Mutant, list[Path]]:
    """A sample of a room's changes, each with the test files that execute it."""
    every = [one for path in sorted(ROOT.glob(room.modules)) for one in mutants(path)]
    every = [one for one in every if chosen.only in str(one)]
    drawn = random.Random(chosen.seed).sample(every, min(chosen.count, len(every)))
    tests = sorted(path for folder in room.tests for path in (ROOT / folder).rglob("test_*.py"))
    tests = [path for path in tests if not APART.search(path.name)]
    by = executed(ROOT, KEPT / "lines", tests, partial(lines, limit=10 * chosen.limit))
    return {one: executing(one, by) for one in drawn}


def _noticed(left: dict[Mutant, list[Path]], limit: float) -> int:
    """How many of the changes a test notices: each is tried on its first file, what is left on the next."""
    all_of_them = len(left)
    while any(left.values()):
        for file in sorted({files[0] for files in left.values() if files}):
            asked = [one for one, files in left.items() if files and files[0] == file]
            for one, by in zip(asked, noticing(file, asked, limit), strict=True):
                left[one] = left[one][1:]
                if by:
                    del left[one]
                    _say(f"noticed  {_place(one)}   {by}")
    for one in sorted(left, key=str):
        _say(f"SURVIVED {_place(one)}")
    return all_of_them - len(left)


def _place(one: Mutant) -> str:
    return str(one).removeprefix(f"{ROOT}/")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
