"""How long 100,000 opinions take in the background: ``python -m tests.contributions.voice.sorting``.

Through the product's own functions on a database: taken in (redacted, sealed, their language told), then looked
through in the sandbox (sorted by a classifier that sees sentence vectors, and screened for hints at a bribe). The
texts are those of the training workspace, each with a number of its own. ``--share 50`` measures a fiftieth against a
fiftieth of the limit: seconds of start count whole. More than the limit ends the command with 1.
"""

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from dashboard.contributions.voice import review, store
from dashboard.contributions.voice.inbox import Keyring, new_key
from dashboard.contributions.voice.intake import AT_ONCE, take
from dashboard.contributions.voice.keeping import look_through
from dashboard.contributions.voice.model import Intake
from dashboard.contributions.voice.tables import VoiceLabel
from dashboard.evidence.database.engine import migrate, open_engine
from dashboard.operations.training.opinions import make_rows
from dashboard.settings import Settings
from tests.bench.measure import most_memory

OPINIONS = 100_000
MINUTES = 30.0
LABELS = 600
SPOKEN = {"en": "UGA", "fr": "SEN", "ar": "MAR", "az": "AZE", "ru": "KAZ", "tr": "TUR"}
"""Language → a country in which it is told apart from the others spoken there."""


def main(arguments: list[str]) -> int:
    """Print how long it took and what came of it; 1 where it was too long or something is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.contributions.voice.sorting", description=__doc__)
    parser.add_argument("--share", type=int, default=1, help="measure only this part of them: 50 for a fiftieth")
    share = parser.parse_args(arguments).share
    with tempfile.TemporaryDirectory() as folder:
        return measure(Settings(data_dir=Path(folder)), OPINIONS // share, 60 * MINUTES / share)


def measure(made: Settings, count: int, limit: float) -> int:
    """Take in so many opinions and look through them, within so many seconds."""
    migrate(made)
    database, keys, now = open_engine(made), Keyring([new_key("one")]), datetime.now(UTC)
    texts = itertools.cycle(make_rows(now.date()))
    first = take_in(database, keys, [next(texts) for _ in range(LABELS)], 0, now)
    store.keep_labels(
        database,
        [VoiceLabel(opinion=id_, coder="one", kind="opinion", theme=theme, at=now) for id_, theme in first.items()],
    )
    model = review.retrain(database, made.voice_dir, now)
    began = time.perf_counter()
    for at in range(0, count, AT_ONCE):
        take_in(database, keys, [next(texts) for _ in range(min(AT_ONCE, count - at))], LABELS + at, now)
    taken = time.perf_counter() - began
    passed = look_through(database, keys, made.voice_dir, frozenset(SPOKEN.values()))
    whole = time.perf_counter() - began
    left = store.unanswered(database, model.version)
    _say(f"{count:,} opinions taken in: {taken:.0f} s; sorted and screened too: {whole:.0f} s, limit {limit:.0f} s")
    _say(f"{passed:,} passed on as hints, {len(left):,} left over; by {model.report['sees']}; {most_memory():.0f} MiB")
    return 1 if whole > limit or left or model.report["sees"] != "vectors" else 0


def take_in(
    database: Engine, keys: Keyring, rows: Sequence[Mapping[str, object]], at: int, now: datetime
) -> dict[str, str]:
    """Take in rows of the training workspace, numbered from one on; gives ids and themes."""
    by_country: dict[str, list[Intake]] = {}
    themes = {}
    for number, row in enumerate(rows, start=at):
        one = Intake(f"{number:032d}", "centre", now.date(), text=f"{row['text']} {number}")
        by_country.setdefault(SPOKEN[str(row["language"])], []).append(one)
        themes[one.id] = str(row["theme"])
    for country, intakes in by_country.items():
        take(database, keys, country, intakes, now)
    return themes


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
