"""How many hints at a bribe the lists find, and which ordinary texts: ``python -m tests.voice.bribes``.

``--lines`` shows what is missed and what is wrongly taken in the half that may be looked at.
"""

import sys

from tests.voice.bribes.corpus import HALVES, LANGUAGES, measure


def main() -> None:
    """Print a line a language and half; texts are shown of the tuned half alone."""
    print(f"{'':10}{'hints':>7}{'found':>7}{'%':>7}{'plain':>7}{'wrong':>7}{'%':>7}")  # noqa: T201
    for half in HALVES:
        together = [0, 0, 0, 0]
        for language in LANGUAGES:
            missed, wrong, hints, plain = measure(language, half)
            _tell(f"{half} {language}", hints, len(missed), plain, len(wrong))
            together = [a + b for a, b in zip(together, (hints, len(missed), plain, len(wrong)), strict=True)]
            if "--lines" in sys.argv and half == "tuned":
                for word, texts in (("missed", missed), ("wrong", wrong)):
                    for text in texts:
                        print(f"    {word}: {text}")  # noqa: T201
        _tell(half, *together)


def _tell(name: str, hints: int, missed: int, plain: int, wrong: int) -> None:
    found = hints - missed
    print(f"{name:10}{hints:7}{found:7}{100 * found / hints:7.1f}{plain:7}{wrong:7}{100 * wrong / plain:7.1f}")  # noqa: T201


if __name__ == "__main__":
    main()
