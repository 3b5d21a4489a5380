"""Carries out one plan in a process of its own: ``python -m dashboard.services.effects.worker FOLDER``.

Reads ``plan.json`` of the folder, writes ``progress.json`` now and then and ``result.json`` at the end. It ends by
itself when the server that started it is gone.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

EVERY = 0.2
"""Seconds between two notes of progress."""


def main(folder: Path) -> None:
    """Carry out the plan of a folder."""
    from dashboard.measures.effects import Outcome, Plan, Treated, run

    told = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    plan = Plan(
        **told["plan"]
        | {
            "treated": tuple(Treated(**one) for one in told["plan"]["treated"]),
            "donors": tuple(told["plan"]["donors"]),
            "other_models": tuple(told["plan"]["other_models"]),
        }
    )
    outcome = Outcome(
        **told["outcome"]
        | {
            "panel": _panel(told["outcome"]["panel"]),
            "errors": _panel(told["outcome"]["errors"]) if told["outcome"]["errors"] else None,
            "breaks": tuple(told["outcome"]["breaks"]),
        }
    )
    parent, noted = os.getppid(), 0.0

    def follow(done: int, of: int) -> None:
        nonlocal noted
        if os.getppid() != parent:
            sys.exit("the server is gone")
        now = time.monotonic()
        if now - noted > EVERY or done == of:
            noted = now
            write(folder / "progress.json", {"done": done, "of": of})

    write(folder / "result.json", run(plan, outcome, follow))


def write(path: Path, value: Any) -> None:
    """Write JSON whole or not at all."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(value, allow_nan=False), encoding="utf-8")
    new.replace(path)


def _panel(told: dict[str, dict[str, float]]) -> dict[str, dict[int, float]]:
    return {unit: {int(year): value for year, value in line.items()} for unit, line in told.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
