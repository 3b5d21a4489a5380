"""What redaction leaves and loses, by language: ``python -m tests.contributions.voice.redaction``.

More than the limits, of texts that were looked at or of those kept apart, ends the command with 1. ``--lines`` shows
what leaks and is lost of the first, ``--without-lists`` measures without lists of names.
"""

import sys
from time import perf_counter

from dashboard.contributions.voice.redaction.lists import LISTS
from tests.contributions.voice.redaction.corpus import APART, PARTS, PLACES, SEEN, Outcome, measure_parts

MOST_LEAKED, MOST_LOST = 3.0, 5.0
"""Percent of secrets, and of harmless words."""


def main() -> int:
    """Print a line a part and language; 1 where a limit is missed."""
    if "--without-lists" in sys.argv:
        LISTS.clear()
    missed = 0
    _say(f"{'':16}{'texts':>7}{'secrets':>9}{'leak':>6}{'%':>7}{'words':>7}{'lost':>6}{'%':>7}")
    for name, parts in (("looked at", SEEN), ("kept apart", APART)):
        for language in PLACES:
            done = measure_parts(parts, [language])
            _tell(f"{name} {language}", done)
            for kind, secret, shown in done.leaked if "--lines" in sys.argv and parts == SEEN else ():
                _say(f"    leaked {kind}: {secret} | {shown}")
            for word, shown in done.lost if "--lines" in sys.argv and parts == SEEN else ():
                _say(f"    lost {word} | {shown}")
        for part in parts:
            _tell(f"  of these {part}", measure_parts([part]))
        whole = measure_parts(parts)
        _tell(name, whole)
        if whole.leak > MOST_LEAKED or whole.loss > MOST_LOST:
            _say(f"MISSED: {name}: at most {MOST_LEAKED:g} % may leak and {MOST_LOST:g} % be lost")
            missed += 1
    began = perf_counter()
    texts = measure_parts(PARTS).texts
    _say(f"{1000 * (perf_counter() - began) / texts:.2f} ms a text")
    return 1 if missed else 0


def _tell(name: str, done: Outcome) -> None:
    _say(
        f"{name:16}{done.texts:7}{done.secrets:9}{len(done.leaked):6}{done.leak:7.1f}{done.words:7}"
        f"{len(done.lost):6}{done.loss:7.1f}"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
