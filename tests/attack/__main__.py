"""``python -m tests.attack [--whole] [NAME …]``: attack the running product, say each figure beside its limit.

The short form takes about two minutes and is what CI runs; ``--whole`` asks as much as the issue says. Everything
happens on this machine; clients come from addresses of 127.0.0.0/8, so that one attacks and another is honest.
"""

import argparse
import asyncio
import inspect
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.attack import data, requests, shapes, sockets, ways
from tests.attack.target import Target, running

Figures = dict[str, float]
Judge = Callable[[Figures], bool]


def attacks(whole: bool) -> dict[str, tuple[Callable[[Target], Any], Judge, str]]:
    """Name → the attack, whether its figures are within their limits, and the limits in words."""
    return {
        "hosts": (
            requests.hosts,
            lambda f: not f["reflected"] and not f["faults"] and not f["let_in"],
            "0 reflected, 0 let in",
        ),
        "origins": (
            requests.origins,
            lambda f: not f["reflected"] and not f["changed"],
            "0 reflected, 0 changes from other sites",
        ),
        "headers": (requests.headers, lambda f: not f["loose"], "no unsafe-inline for scripts"),
        "plans": (
            requests.plans,
            lambda f: f["refused_of_14"] >= 4,
            "at most 10 a minute of an address",
        ),
        "unread": (
            lambda target: sockets.unread(target, 50_000 if whole else 5_000),
            lambda f: f["grown_mib"] < 100,
            "< 100 MiB",
        ),
        "hostile": (
            lambda target: sockets.hostile(target, 5_000 if whole else 1_500),
            lambda f: not f["tracebacks"] and bool(f["alive"]),
            "0 tracebacks",
        ),
        "shapes": (
            lambda target: shapes.shapes(target, 5_000 if whole else 800),
            lambda f: not f["tracebacks"] and bool(f["alive"]),
            "0 tracebacks",
        ),
        "oddities": (
            lambda target: shapes.oddities(target, 20_000 if whole else 800),
            lambda f: not f["tracebacks"] and not f["server_errors"],
            "0 tracebacks, 0 server errors",
        ),
        "noise": (
            lambda target: shapes.noise(target, 180 if whole else 8),
            lambda f: f["log_kb"] <= f["allowed_kb"] and bool(f["refused"]),
            "log ≤ 1 MB an hour, then refused",
        ),
        "strange": (
            lambda target: sockets.strange(target, 20 if whole else 2),
            lambda f: not f["tracebacks"] and not f["not_cut"],
            "0 tracebacks, every socket cut",
        ),
        "flood": (
            lambda target: sockets.flood(target, 20_000 if whole else 1_000),
            lambda f: f["log_mb"] < 100 and not f["forged"],
            "log ≤ 100 MB, 0 forged",
        ),
        "reports": (
            lambda target: requests.reports(target, 200 if whole else 60),
            lambda f: f["slowest_refusal_s"] < 1 and f["honest_s"] < 5 and bool(f["honest_ok"]),
            "refusal < 1 s, an honest report < 5 s",
        ),
        "tokens": (
            lambda target: sockets.tokens(target, 20_000 if whole else 1_200),
            lambda f: f["grown_mib"] < 300 and f["refused"] == f["clearly"] > 0 and bool(f["honest"]),
            "< 300 MiB, then 429",
        ),
        "idle": (
            lambda target: sockets.idle(target, 2_000 if whole else 600),
            lambda f: f["answer_s"] < 1 and f["closed"] == f["of"] and f["closed_after_s"] <= 30,
            "answers < 1 s, closed ≤ 30 s",
        ),
        "contract": (
            lambda target: requests.contract(target, 250 if whole else 3),
            lambda f: not f["server_errors"] and not f["broken_off"],
            "0 server errors",
        ),
        "ways": (
            lambda target: ways.ways(target, 8_000 if whole else 120),
            lambda f: (
                not f["server_errors"]
                and not f["broken_off"]
                and f["requests"] >= (8_000 if whole else 120)
                and f["slowest_file_s"] < 30
                and f["grown_mib"] < 300
                and bool(f["alive"])
            ),
            "0 server errors, a file < 30 s, < 300 MiB more",
        ),
        "bytes": (
            data.bytes_,
            lambda f: 0 < f["healed_after_s"] <= 60 and not f["wrong"] and not f["cut"],
            "found ≤ 60 s, 0 wrong, 0 cut",
        ),
        "kills": (
            lambda target: data.kills(target, 20 if whole else 4),
            lambda f: f["back_in_10s"] == f["rounds"] and not f["orphans"],
            "back < 10 s, no orphan",
        ),
        "second": (data.second, lambda f: bool(f["refused"] and f["said"]), "refused, in a sentence"),
        "parent": (data.parent, lambda f: not f["left"], "nothing left"),
        "refusals": (
            data.refusals,
            lambda f: f["refused"] == f["ways"] and not f["tracebacks"],
            "10/10 refused with the command",
        ),
    }


def main() -> int:
    """Run the attacks named, or all; gives how many got through."""
    parser = argparse.ArgumentParser("python -m tests.attack", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(attacks(whole=False)))
    parser.add_argument("--whole", action="store_true", help="ask as much as the issue says, for hours")
    asked = parser.parse_args()
    if unknown := {*asked.names} - {*attacks(asked.whole)}:
        parser.error(f"there is no attack {', '.join(sorted(unknown))}")
    chosen = {name: attack for name, attack in attacks(asked.whole).items() if not asked.names or name in asked.names}
    through = 0
    with tempfile.TemporaryDirectory(prefix="attack-") as place:
        folder = Path(os.environ.get("ATTACK_DATA") or place)
        with running(folder) as target:
            for name, (attack, held, limit) in chosen.items():
                began = time.monotonic()
                try:
                    figures = attack(target)
                    if inspect.isawaitable(figures):
                        figures = asyncio.run(_of(figures))
                    well = held(figures)
                except Exception as error:
                    figures, well = {}, False
                    print(f"    {type(error).__name__}: {error}")  # noqa: T201
                through += not well
                shown = "  ".join(f"{key} {value:,.1f}".removesuffix(".0") for key, value in figures.items())
                mark = "held   " if well else "THROUGH"
                print(f"{mark} {name:9} {shown}  (limit: {limit}; {time.monotonic() - began:.0f} s)", flush=True)  # noqa: T201
    print(f"{len(chosen) - through} of {len(chosen)} attacks held")  # noqa: T201
    return through


async def _of(figures: Any) -> Figures:
    found: Figures = await figures
    return found


if __name__ == "__main__":
    sys.exit(bool(main()))
