"""One writer of CSV: nothing that somebody downloads is run by a spreadsheet, whatever a person typed."""

import ast
import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.reports.csv_text import read_text, write_cells, write_csv_file
from dashboard.answers.bulk.files import escape_formulas

ROOT = Path(__file__).parents[2]
WRITERS = ("writer", "DictWriter", "write_csv", "sink_csv", "to_csv")
OTHERS = {
    "dashboard/analysis/reports/csv_text.py": "the writer",
    "dashboard/answers/bulk/files.py": "Polars writes the whole dataset, each text through the writer's own rule",
    "dashboard/analysis/sdmx/tables.py": "SDMX-CSV is literal by its standard: a mark would be part of the text",
    "dashboard/contributions/submissions/grid/sending.py": "what is typed in the grid, for our own reader",
    "dashboard/operations/training/countries.py": "files of an invented codebook, for our own reader",
    "dashboard/operations/training/services.py": "invented counts, for our own reader",
    "dashboard/operations/training/marking.py": "adds a column to a file that the writer wrote",
}
"""Where CSV is written otherwise, and why."""

SIGNS = "=+-@＝＋－＠−"
UNSEEN = (
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\u00a0",
    "\u200b",
    "\u200e",
    "\u202e",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\ufe0f",
    "\u3000",
    "\x00",
    "\x01",
)
HOSTILE = [f"{unseen}{sign}HYPERLINK(1)" for unseen in UNSEEN for sign in SIGNS]


def writes(path: Path) -> Iterator[str]:
    """Calls of a module that write CSV otherwise than by functions of ours, which are looked at where they stand."""
    nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    imports = [one for one in nodes if isinstance(one, ast.ImportFrom)]
    ours = {it.asname or it.name for one in imports if (one.module or "").startswith("dashboard") for it in one.names}
    yield from (it.name for one in imports if one.module == "csv" for it in one.names if it.name in WRITERS)
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS:
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            if owner not in ours and (owner == "csv" or node.func.attr not in ("writer", "DictWriter")):
                yield node.func.attr


def test_csv_is_written_in_one_place() -> None:
    found = {str(path.relative_to(ROOT)) for path in sorted((ROOT / "dashboard").rglob("*.py")) if [*writes(path)]}
    assert found == set(OTHERS)


@pytest.mark.parametrize(
    "code",
    [
        "import csv\ncsv.writer(x)",
        "from csv import DictWriter",
        "frame.write_csv(x)",
        "df.to_csv(x)",
        "f().sink_csv(x)",
    ],
)
def test_it_would_be_found(tmp_path: Path, code: str) -> None:
    (tmp_path / "a.py").write_text(code)
    assert [*writes(tmp_path / "a.py")]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_what_a_spreadsheet_would_run_is_marked_and_read_again(text: str) -> None:
    (row,) = csv.reader(io.StringIO(write_cells([text, -0.78, -5, "-0.78"]), newline=""))
    assert row == [f"'{text}", "-0.78", "-5", "-0.78"]
    assert read_text(row[0]) == text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_no_text_is_lost_and_none_begins_dangerously(text: str) -> None:
    line = write_cells([text], ";")
    ((cell,),) = list(csv.reader(io.StringIO(line, newline=""), delimiter=";")) or [[""]]
    assert read_text(cell) == (text if not text.startswith("'") or cell.startswith("''") else read_text(text))
    assert not cell.startswith(tuple(SIGNS[:4])) or cell.lstrip("-+").replace(".", "").replace(",", "").isalnum()


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_the_whole_dataset_is_marked_by_the_same_rule(text: str) -> None:
    rows = pl.LazyFrame({"footnote": [text, "plain"], "unit": ["-5", text], "value": [-0.78, 1.0]})
    found = escape_formulas(rows).collect()
    assert found["footnote"].to_list() == [f"'{text}", "plain"]
    assert (found["unit"].to_list(), found["value"].to_list()) == (["-5", f"'{text}"], [-0.78, 1.0])


def test_a_row_of_figures_stays_figures() -> None:
    body = write_csv_file(
        [{"value": -0.78, "n": -5, "at": datetime(2026, 1, 2, tzinfo=UTC), "none": None}], ("value", "n", "at", "none")
    )
    assert body.decode().splitlines()[1] == "-0.78,-5,2026-01-02T00:00:00Z,"
