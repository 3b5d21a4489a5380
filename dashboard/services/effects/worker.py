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

    document = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    plan = Plan(
        **document["plan"]
        | {
            "treated": tuple(Treated(**one) for one in document["plan"]["treated"]),
            "donors": tuple(document["plan"]["donors"]),
            "other_models": tuple(document["plan"]["other_models"]),
        }
    )
    outcome = Outcome(
        **document["outcome"]
        | {
            "panel": _panel(document["outcome"]["panel"]),
            "errors": _panel(document["outcome"]["errors"]) if document["outcome"]["errors"] else None,
            "breaks": tuple(document["outcome"]["breaks"]),
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


def _panel(figures: dict[str, dict[str, float]]) -> dict[str, dict[int, float]]:
    return {unit: {int(year): value for year, value in line.items()} for unit, line in figures.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
