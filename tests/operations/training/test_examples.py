"""The files of ``examples/``, which the guide walks through: read as the product reads them, in today's form."""

from datetime import date
from pathlib import Path

import polars as pl

from dashboard.contributions.submissions.model import Finding
from dashboard.contributions.submissions.reading.child import HISTORY
from dashboard.contributions.submissions.reading.extract import ExtractedFile, extract
from dashboard.contributions.submissions.rules import check
from dashboard.contributions.submissions.rules.ground import Ground
from dashboard.evidence.codebook import load_codebook

FOLDER = Path(__file__).parents[3] / "examples"


def read(name: str) -> tuple[ExtractedFile, list[Finding]]:
    found = extract(FOLDER / name, name, {}, load_codebook())
    ground = Ground(
        figures=found.figures, columns=found.columns, book=load_codebook(), country="AZE", period="2025",
        today=date(2026, 6, 1), history=pl.DataFrame(schema=HISTORY), method=found.method, stamp=found.stamp,
        methods=found.methods, closed=frozenset(),
    )  # fmt: skip
    return found, check(ground, found.findings)


def test_the_good_file_says_how_each_indicator_was_made_and_has_no_error() -> None:
    found, findings = read("training_XAB_2025.xlsx")
    assert [one for one in findings if one.severity == "error"] == []
    assert found.figures.height > 10
    assert found.method["method"] == "user_survey"
    counted = set(found.figures["indicator"]) & {"complaints_in_time", "digital_take_up", "wait_within_standard"}
    assert {one for one, said in found.methods.items() if said["method"] == "registers"} >= counted > set()


def test_the_file_with_mistakes_has_those_that_the_guide_shows() -> None:
    _, findings = read("training_XAB_2025_with_mistakes.xlsx")
    assert {one.rule for one in findings if one.severity == "error"} == {"out_of_bounds", "period_future", "row_twice"}
