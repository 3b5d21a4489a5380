"""``python -m tests.machines [NAME …]``: three web processes as ``deploy/`` sets them up; each figure beside its limit.

PostgreSQL, Redis and nginx are those of this machine, with a database, a number and a folder of their own.
"""

import asyncio
import inspect
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.machines import checks
from tests.machines.place import Place, missing, running

COUNT = 3
Figures = dict[str, float]
CHECKS: dict[str, tuple[Callable[[Place], Any], Callable[[Figures], bool], str]] = {
    "pages": (
        checks.pages,
        lambda f: not f["bad"] and f["taking_part"] == COUNT and bool(f["metrics_hidden"]),
        "0 bad, all take part",
    ),
    "publish": (
        checks.publications,
        lambda f: f["in_force_s"] < 2 and f["right"] == f["rounds"],
        "in force everywhere < 2 s",
    ),
    "moved": (checks.moved, lambda f: bool(f["same"] and f["elsewhere"] and f["in_redis"]), "the same view"),
    "kills": (
        checks.kills,
        lambda f: f["back_in_10s"] == f["rounds"] and f["bad"] <= 0.01 * f["asked"],
        "back < 10 s, answers go on (99 %)",
    ),
    "core": (checks.throughput, lambda f: f["ratio"] > 0.85, "per core within 15 % of one process"),
}


def main() -> int:
    """Run the checks named, or all; gives how many did not hold."""
    if part := missing():
        print(f"Not run: {part} is missing here.")  # noqa: T201
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended, too
    names = sys.argv[1:] or list(CHECKS)
    failed = 0
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start")  # noqa: T201
    with running(COUNT) as place:
        for name in names:
            check, held, limit = CHECKS[name]
            began = time.monotonic()
            try:
                figures = check(place)
                figures = asyncio.run(figures) if inspect.iscoroutine(figures) else figures
                well = held(figures)
            except Exception as error:
                figures, well = {}, False
                print(f"    {type(error).__name__}: {error}")  # noqa: T201
            failed += not well
            shown = "  ".join(f"{key} {value:,.2f}".removesuffix(".00") for key, value in figures.items())
            mark = "held  " if well else "FAILED"
            print(f"{mark} {name:8} {shown}  (limit: {limit}; {time.monotonic() - began:.0f} s)", flush=True)  # noqa: T201
        folder = place.folder
    if orphans := checks.left(folder):
        print(f"FAILED left over: {orphans}")  # noqa: T201
        failed += 1
    return failed


if __name__ == "__main__":
    sys.exit(bool(main()))
