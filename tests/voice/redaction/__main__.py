"""What redaction leaves and loses, by language: ``python -m tests.voice.redaction``.

``--lines`` shows those of the tuned half, ``--without-lists`` measures without lists of names.
"""

import sys
from time import perf_counter

from dashboard.voice.redaction.lists import LISTS
from tests.voice.redaction.corpus import HALVES, PLACES, Outcome, measure, read_texts


def main() -> None:
    """Print a table a language and half; lines are shown of the half that may be looked at alone."""
    if "--without-lists" in sys.argv:
        LISTS.clear()
    print(f"{'':10}{'texts':>7}{'secrets':>9}{'leak':>6}{'%':>7}{'words':>7}{'lost':>6}{'%':>7}")  # noqa: T201
    for half in HALVES:
        whole = Outcome()
        for language in PLACES:
            done = measure(read_texts(half, language))
            whole = whole.add(done)
            _tell(f"{half} {language}", done)
            if "--lines" in sys.argv and half == "tuned":
                for kind, secret, shown in done.leaked:
                    print(f"    leaked {kind}: {secret} | {shown}")  # noqa: T201
                for word, shown in done.lost:
                    print(f"    lost {word} | {shown}")  # noqa: T201
        _tell(half, whole)
    texts = [one for half in HALVES for language in PLACES for one in read_texts(half, language)]
    began = perf_counter()
    measure(texts)
    print(f"{1000 * (perf_counter() - began) / len(texts):.2f} ms a text")  # noqa: T201


def _tell(name: str, done: Outcome) -> None:
    print(  # noqa: T201
        f"{name:10}{done.texts:7}{done.secrets:9}{len(done.leaked):6}{done.leak:7.1f}{done.words:7}"
        f"{len(done.lost):6}{done.loss:7.1f}"
    )


if __name__ == "__main__":
    main()
