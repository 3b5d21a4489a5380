"""Shares estimated on this installation from microdata of a public survey, kept as one file a round.

An operator writes a file with ``python -m dashboard survey lits`` and switches the source off by deleting it.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

LEVEL = 0.90
"""Confidence of the intervals."""


@dataclass(frozen=True, slots=True)
class EstimatedResult:
    """A share of one country's people in one round of a survey, in per cent."""

    round: str
    survey: str
    organisation: str
    country: str
    topic: str
    question: str  # as the file labels it
    population: str
    year: int
    value: str
    lower: str  # "" where the file does not say how people were drawn
    upper: str
    n: int
    fieldwork_start: str
    fieldwork_end: str
    compare: str
    terms: str
    url: str


def save_results(folder: Path, survey_round: str, results: Sequence[EstimatedResult]) -> Path:
    """Write the results of a round in place of the earlier ones; return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{survey_round}.json"
    part = path.with_suffix(".part")
    part.write_text(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1), encoding="utf-8")
    return part.replace(path)


def load_results(folder: Path) -> list[EstimatedResult]:
    """Return the results of every round that is switched on."""
    return [
        EstimatedResult(**row)
        for path in sorted(folder.glob("*.json"))
        for row in json.loads(path.read_text(encoding="utf-8"))
    ]
