"""How a submitted figure was made, within its ``source_detail``: the offices, then each answer of its method.

``Submitted by A, approved by B | method: user_survey | who: State Agency``. Texts of offices hold no ``|`` here, and no
more than ``LONGEST`` letters of an answer are told with each figure; the receipt has them whole.
"""

from collections.abc import Mapping

SUBMITTED = "national_submission"
"""The publisher under which submitted figures stand in the record."""

NATIONAL = ":own"
"""How the series ends of figures by a definition of the country's own: ``level2:AZE:own``."""

BETWEEN, LONGEST = " | ", 300


def write_made(offices: str, method: Mapping[str, str]) -> str:
    """Offices and method as one text; answers that were not given are left out."""
    answers = [f"{name}: {_plain(words)}" for name, words in method.items() if words.strip()]
    return BETWEEN.join((_plain(offices), *answers))


def read_made(detail: str) -> tuple[str, dict[str, str]]:
    """The offices, and name → answer; figures that were published before methods were told have none."""
    offices, *answers = detail.split(BETWEEN)
    pairs = (answer.partition(": ") for answer in answers)
    return offices, {name: words for name, colon, words in pairs if colon}


def _plain(words: str) -> str:
    """Words on one line, without the sign that stands between."""
    line = " ".join(words.replace("|", "/").split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
