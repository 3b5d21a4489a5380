"""How many hints at a bribe are found, and which ordinary texts are taken for one:
``python -m tests.contributions.voice.bribes``.

By sentence vectors, and by word lists, which see every text first and serve alone where there are no vectors. Each
share has its limit beside it; one that is missed ends the command with 1. ``--lines`` shows what is wrongly taken among
examples, ``--fit`` writes ``dashboard/contributions/voice/hints.toml`` anew. The guide holds the figures.
"""

import sys
from collections.abc import Callable, Sequence

from dashboard.contributions.voice.hints import FITTED
from tests.contributions.voice.bribes.corpus import (
    EXAMPLES,
    LANGUAGES,
    PARTS,
    find_by_lists,
    find_by_vectors,
    fit,
    read_hints,
    read_ordinary,
)

Find = Callable[[Sequence[tuple[str, str]]], list[bool]]

WAYS: tuple[tuple[str, Find], ...] = (("vectors", find_by_vectors), ("lists", find_by_lists))

LEAST_FOUND = {
    ("vectors", "held"): 65.0, ("vectors", "last"): 28.0, ("lists", "tuned"): 90.0, ("lists", "held"): 20.0,
}  # fmt: skip
"""Percent of hints that are found at least. Ours: what was measured, less what few texts may differ by."""

MOST_WRONG = {"held": 7.0, "last": 4.0, "ordinary held": 1.0, "ordinary third": 3.0}
"""Percent of ordinary texts that may be taken for one: those with near words, and those about other things."""


def main() -> int:
    """Print a line a part and way; 1 where a limit is missed."""
    if "--fit" in sys.argv:
        fitted = fit()
        FITTED.write_text(fitted.write(), encoding="utf-8")
        _say(f"{100 * fitted.found:.1f} % of the examples are found, each held out; threshold {fitted.least:.3f}")
    missed = 0
    _say(f"{'':22}{'texts':>7}{'taken':>7}{'%':>7}{'limit':>7}")
    for way, find in WAYS:
        for part in PARTS:
            hints, plain = (
                [(language, text) for language in LANGUAGES for text in read_hints(part, language, kind)]
                for kind in ("hints", "plain")
            )
            missed += _tell(f"{way} {part} hints", hints, find(hints), least=LEAST_FOUND.get((way, part)))
            missed += _tell(f"{way} {part} plain", plain, find(plain), most=MOST_WRONG.get(part), told=part in EXAMPLES)
        for part in ("held", "third"):
            texts = read_ordinary(part)
            missed += _tell(f"{way} ordinary {part}", texts, find(texts), most=MOST_WRONG[f"ordinary {part}"])
    return 1 if missed else 0


def _tell(
    name: str, texts: Sequence[tuple[str, str]], taken: Sequence[bool], *, least: float | None = None,
    most: float | None = None, told: bool = False,
) -> bool:  # fmt: skip
    share = 100 * sum(taken) / len(texts)
    missed = (least is not None and share < least) or (most is not None and share > most)
    limit = f"≥ {least:g}" if least is not None else f"≤ {most:g}" if most is not None else ""
    _say(f"{name:22}{len(texts):7}{sum(taken):7}{share:7.1f}{limit:>7}{'  MISSED' if missed else ''}")
    if told and "--lines" in sys.argv:
        for (_, text), one in zip(texts, taken, strict=True):
            if one:
                _say(f"    {text}")
    return missed


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
