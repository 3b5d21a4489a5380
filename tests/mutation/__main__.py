"""Does a test notice when a line does something else than it did? ``make mutants``.

A sample of changes is drawn from each room, seeded, so that it can be drawn again, and even over the kinds of change
(``operators.py``). Each is put in the place of the function's own code in a copy of a warm process, and the test files
of its room that execute it are run until a test fails. What fails without a change too notices nothing.
"""

import argparse
import csv
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.mutation.executing import APART, executed, executing, seconds
from tests.mutation.mutants import Mutant, drawn, mutants, planted
from tests.mutation.operators import KINDS
from tests.mutation.running import KEPT, NOT_DONE, ROOT, lines, noticing, warm


@dataclass(frozen=True)
class Room:
    """Its modules, where the tests are that may notice, and the packages that these tests need."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    packages: tuple[str, ...]
    published: bool = True  # whether the tests need the figures that come with the product


def _own(name: str, *tests: str, packages: tuple[str, ...] = (), published: bool = True) -> Room:
    """A package of the product, by its path; its tests stand at the same path."""
    return Room(
        (f"dashboard/{name}/**/*.py",),
        (f"tests/{name}", *tests),
        (f"dashboard.{name.replace('/', '.')}", *packages),
        published,
    )


ROOMS = {
    "accounts": _own("accounts", "tests/operations/cli", packages=("dashboard.interfaces.api",)),
    "actions": _own("contributions/actions", packages=("dashboard.interfaces.api",), published=False),
    "api": _own(
        "interfaces/api",
        "tests/accounts",
        "tests/contributions/actions",
        "tests/contributions/delivery",
        "tests/contributions/submissions",
        "tests/contributions/voice",
    ),
    "charts": Room(
        ("dashboard/analysis/charts/words/*.py",),
        ("tests/analysis/charts",),
        ("dashboard.analysis.charts", "dashboard.answers"),
        False,
    ),
    "codebook": _own("evidence/codebook", published=False),
    "data_sources": Room(("data_sources/**/*.py",), ("tests/data_sources",), ("data_sources",), False),
    "database": _own(
        "evidence/database", "tests/evidence/dataset", packages=("dashboard.evidence.dataset",), published=False
    ),
    "dataset": _own(
        "evidence/dataset", "tests/evidence/database", packages=("dashboard.evidence.database",), published=False
    ),
    "delivery": _own("contributions/delivery", packages=("dashboard.interfaces.api",)),
    "gathering": _own("evidence/gathering", "tests/data_sources", packages=("data_sources",)),
    "measures": _own("analysis/measures", published=False),
    "operations": _own(
        "operations", "tests/evidence/dataset", packages=("dashboard.evidence.dataset",), published=False
    ),
    "protection": _own(
        "interfaces/protection", "tests/operations", packages=("dashboard.interfaces.api",), published=False
    ),
    "publication": Room(
        (
            "dashboard/evidence/dataset/publish.py",
            "dashboard/contributions/submissions/publication.py",
            "dashboard/contributions/voice/publication/*.py",
        ),
        ("tests/evidence/dataset", "tests/contributions/submissions", "tests/contributions/voice"),
        (
            "dashboard.evidence.dataset",
            "dashboard.contributions.submissions",
            "dashboard.contributions.voice",
            "dashboard.interfaces.api",
        ),
    ),
    "answers": _own("answers", packages=("dashboard.interfaces.api", "dashboard.interfaces.pages")),
    "states": Room(
        ("dashboard/interfaces/pages/*/state.py",),
        ("tests/interfaces/states", "tests/interfaces/pages"),
        ("dashboard.interfaces.pages", "dashboard.interfaces.api"),
    ),
    "submissions": _own("contributions/submissions", packages=("dashboard.interfaces.api",)),
    "desk": _own(
        "interfaces/desk",
        "tests/contributions/submissions",
        "tests/contributions/voice",
        "tests/accounts",
        packages=("dashboard.interfaces.api",),
    ),
    "sdmx": _own("analysis/sdmx", packages=("dashboard.interfaces.api",)),
    "subscriptions": _own("interfaces/subscriptions", packages=("dashboard.interfaces.api",)),
    "voice": _own("contributions/voice", packages=("dashboard.interfaces.api",)),
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
    said.add_argument("--files", type=int, default=8, help="test files that a change is shown to at most")
    said.add_argument("--kind", choices=KINDS, action="append", help="only changes of this kind; may come again")
    said.add_argument("--tests", default="", help="only test files whose path contains this")
    said.add_argument("--planted", action="store_true", help="the changes of planted.csv instead: all must be noticed")
    chosen = said.parse_args()
    enough = True
    for name in chosen.room or ROOMS:
        warm(ROOMS[name].packages, published=ROOMS[name].published and not chosen.planted)
        began, spent = time.monotonic(), _spent()
        asked = _planted(name) if chosen.planted else _drawn(ROOMS[name], chosen)
        if asked:
            kinds = Counter(one.kind for one in asked)
            noticed, count, left = _noticed(asked, chosen.limit)
            rate = 100 * noticed / max(count, 1)
            _say(f"{name}: {noticed} of {count} noticed, {rate:.1f} %" + ("" if chosen.planted else _told(chosen)))
            each = (f"{kind} {kinds[kind] - left[kind]}/{kinds[kind]}" for kind in KINDS if kinds[kind])
            _say(f"  {', '.join(each)}")
            took = time.monotonic() - began
            _say(f"  {(_spent() - spent) / max(count, 1):.1f} CPU seconds a change, {took:.0f} s in all")
            enough &= rate >= (100 if chosen.planted else chosen.least)
    return 0 if enough else 1


def _told(chosen: argparse.Namespace) -> str:
    return f" (seed {chosen.seed}, at least {chosen.least:.0f} %)"


def _spent() -> float:
    """Seconds of the processor that all copies together have used."""
    return os.times().children_user + os.times().children_system


def _planted(room: str) -> dict[Mutant, list[Path]]:
    """The changes of ``planted.csv``, of which tests once knew nothing, and where they are noticed."""
    with Path(__file__).with_name("planted.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["room"] == room]
    return {planted(ROOT / row["file"], row["before"], row["after"]): [ROOT / row["tests"]] for row in rows}


def _drawn(room: Room, chosen: argparse.Namespace) -> dict[Mutant, list[Path]]:
    """A sample of a room's changes, each with the test files that execute it."""
    every = [one for modules in room.modules for path in sorted(ROOT.glob(modules)) for one in mutants(path)]
    every = [one for one in every if chosen.only in str(one) and one.kind in (chosen.kind or KINDS)]
    sample = drawn(every, chosen.count, chosen.seed)
    tests = sorted(path for folder in room.tests for path in (ROOT / folder).rglob("test_*.py"))
    tests = [path for path in tests if not APART.search(path.name) and chosen.tests in str(path.relative_to(ROOT))]
    by = executed(ROOT, KEPT / "lines", tests, partial(lines, limit=10 * chosen.limit))
    return {one: executing(one, by)[: chosen.files] for one in sample}


def _noticed(left: dict[Mutant, list[Path]], limit: float) -> tuple[int, int, Counter[str]]:
    """How many of the changes a test notices, of how many that can be made; and the kinds of those that none does.

    Each is tried on its first file, what is left on the next.
    """
    all_of_them = len(left)
    while any(left.values()):
        for file in sorted({files[0] for files in left.values() if files}):
            asked = [one for one, files in left.items() if files and files[0] == file]
            for one, by in zip(asked, _tried(file, asked, limit), strict=True):
                left[one] = left[one][1:]
                if by.startswith(NOT_DONE):
                    del left[one]
                    all_of_them -= 1
                    _say(f"left out {one.kind:9} {_place(one)}   {by}")
                elif by:
                    del left[one]
                    _say(f"noticed  {one.kind:9} {_place(one)}   {by}")
    for one in sorted(left, key=str):
        _say(f"SURVIVED {one.kind:9} {_place(one)}")
    return all_of_them - len(left), all_of_them, Counter(one.kind for one in left)


def _tried(file: Path, asked: list[Mutant], limit: float) -> list[str]:
    """What the tests of a file say of changes; of a file that cannot be run, that nothing is noticed there."""
    try:
        return noticing(file, asked, seconds(ROOT, KEPT / "lines", file, limit))
    except RuntimeError as error:
        _say(f"not run  {file.relative_to(ROOT)}: {error}")
        return [""] * len(asked)


def _place(one: Mutant) -> str:
    return str(one).removeprefix(f"{ROOT}/")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
