"""A record in which every figure's value is the number of its vintage, so that a mixture of two shows at once."""

import random
import sys
from pathlib import Path

from sqlalchemy import Engine

from dashboard.evidence.database import vintages
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.store import Dataset
from tests.evidence.database.figures import figure, figures, issue

INDICATORS, COUNTRIES = ("trust", "bribery", "waiting"), ("ARM", "AZE", "GEO")


def next_vintage(record: Engine) -> int:
    """Supersede every figure by one whose value is the new vintage's number."""
    last = vintages.find_latest(record)
    number = last.number + 1 if last else 1
    old = [id_ for name in INDICATORS for id_ in vintages.read_current_rows(record, name, "un_sdg")["id"]]
    rows = [figure(float(number), indicator=name, country=country) for name in INDICATORS for country in COUNTRIES]
    return issue(record, figures(*rows), old).number


def mixture(dataset: Dataset) -> str:
    """What in the dataset is not of its one vintage; "" when all is."""
    number = dataset.vintage
    rows = dataset.scan().collect()
    found = {
        "version": int(dataset.version.split("-")[0]),
        "vintages": dataset.vintages()[-1]["number"],
        "values": set(rows["value"]),
        "rows": rows.height,
        "latest": set(dataset.latest().collect()["value"]),
        "coverage": dataset.coverage().height,
        "observation": (dataset.observation(rows.item(0, "id")) or {}).get("value"),
        "record": dataset.record(rows.item(0, "raw_sha256")) is not None,
    }
    expected = {
        "version": number, "vintages": number, "values": {number}, "rows": 9, "latest": {number}, "coverage": 9,
        "observation": number, "record": True,
    }  # fmt: skip
    return "" if found == expected else f"{found} is not all of vintage {number}"


def read_until(folder: Path, vintage: int) -> None:
    """Read what is in force again and again, until a vintage is; print each version when it is first seen."""
    seen: set[int] = set()
    while vintage not in seen:
        dataset = Dataset.current(folder)
        if words := mixture(dataset):
            raise AssertionError(words)
        if dataset.vintage not in seen:
            print(dataset.version, flush=True)  # noqa: T201
            seen.add(dataset.vintage)


def publish_for_ever(url: str, folder: Path) -> None:
    """Write and publish vintage after vintage."""
    from dashboard.evidence.database.engine import create_engine_for

    record = create_engine_for(url)
    while True:
        next_vintage(record)
        publish(record, folder)


def be_killed(url: str, folder: Path) -> None:
    """At each line of input, start a publisher and kill it (SIGKILL) within a quarter of a second, later at each turn.

    So some come to publish on a busy machine too.

    This process only forks: it must not start Polars' threads itself.
    """
    import os
    import signal
    import time

    chance = random.Random(5)
    for turn, _line in enumerate(sys.stdin):
        child = os.fork()
        if child == 0:
            publish_for_ever(url, folder)
        time.sleep(chance.uniform(0.01, 0.25 * (1 + turn / 3)))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print("killed", flush=True)  # noqa: T201


if __name__ == "__main__":
    deed, *arguments = sys.argv[1:]
    if deed == "read":
        read_until(Path(arguments[0]), int(arguments[1]))
    else:
        be_killed(arguments[0], Path(arguments[1]))
