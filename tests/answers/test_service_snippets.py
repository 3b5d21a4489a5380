"""Code that a reader takes along reads the rows that the chart shows."""

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.files.share import view_shared, write_program
from dashboard.answers.files.snippets import PROGRAMS, write_snippet
from dashboard.answers.files.tables import TABLES, write_table_code
from tests.checks import all_of
from tests.interfaces.api.served import get, serve_api

pytestmark = pytest.mark.usefixtures("handmade")
CHART = "/api/v1/charts/trend.json?indicator=internet_users&country=AZE,GEO"


@pytest.fixture
def served() -> Iterator[str]:
    """The product's charts at an address that other programs reach."""
    with serve_api() as address:
        yield address


def _rows(which: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(get(view_shared(open_context(), CHART)["rows"][which]).text)))


@pytest.mark.parametrize("which", ["live", "pinned", "version"])
def test_python_reads_the_rows(served: str, which: str) -> None:
    code = write_program(view_shared(open_context(), CHART), which, "python", served)
    names: dict[str, Any] = {}
    exec(compile(code, "snippet", "exec"), names)
    rows, told = names["rows"], _rows(which)
    assert rows.height == len(told) > 0
    assert rows["value"].to_list() == [float(row["value"]) if row["value"] else None for row in told]
    assert rows["country"].to_list() == [row["country"] for row in told]


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not here: its code was not run")
def test_r_reads_the_rows(served: str) -> None:
    code = write_program(view_shared(open_context(), CHART), "live", "r", served)
    code += '\ncat(nrow(rows), sum(rows$value, na.rm = TRUE), class(rows$value), class(rows$country), sep = "|")\n'
    said = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True).stdout
    told = _rows("live")
    assert (said.split("|")[0], said.split("|")[2:]) == (str(len(told)), ["numeric", "character"])


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_names_address_and_numbers(program: Any) -> None:
    view = view_shared(open_context(), CHART)
    code = write_program(view, "pinned", program, "https://monitor.example")
    assert f"https://monitor.example{view['rows']['pinned']}" in code
    assert "as_of=2026-03-02" in code
    assert all_of(name in code for name in ("value", "lower", "upper"))
    assert "value" in view["numbers"]
    assert "country" not in view["numbers"]


@pytest.mark.parametrize(
    "address", ['https://x/"+evil', "https://x/'", "https://x/\\", "https://x/`", "https://x/$(a)"]
)
def test_an_address_cannot_break_out(address: str) -> None:
    for program in PROGRAMS:
        with pytest.raises(ValueError, match="quotes"):
            write_snippet(program, address, ("value",))


ASKED = {
    "/api/v1/observations.csv": "indicator=internet_users&bom=true",
    "/api/v1/progress.csv": "country=AZE",
    "/api/v1/progress/results.csv": "country=AZE",
    "/api/v1/compare.csv": "indicator=internet_users&country=AZE,GEO",
    "/api/v1/compare/pairs.csv": "indicator=internet_users&country=AZE,GEO",
    "/api/v1/disagreements.csv": "group=world",
}
"""Questions to tables that want one, or have rows by one."""


def _is_number(cells: list[str]) -> bool:
    filled = [one for one in cells if one]
    return bool(filled) and all(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?", one) for one in filled)


@pytest.mark.parametrize("path", TABLES)
def test_python_reads_every_table(served: str, path: str) -> None:
    query, numbers = ASKED.get(path, ""), TABLES[path]
    path = path.replace("{iso3}", "AFG")
    code = {one["id"]: one["code"] for one in write_table_code(path, query, served)}
    names: dict[str, Any] = {}
    exec(compile(code["python"], "snippet", "exec"), names)
    rows = names["rows"]
    told = list(csv.DictReader(io.StringIO(get(f"{path}?{query}".replace("bom=true", "")).text, newline="")))
    assert rows.height == len(told) > 0
    assert set(numbers) <= set(rows.columns)
    for name in rows.columns:
        cells = [row[name] for row in told]
        if name in numbers:
            assert rows[name].to_list() == [float(cell) if cell else None for cell in cells]
        else:
            assert rows[name].to_list() == [cell or None for cell in cells]
            assert not _is_number(cells) or name in WORDS, f"{name} holds numbers"


WORDS = {"period", "evidence_level", "latest", "before", "after", "difference", "value", "numerator", "denominator",
         "baseline", "target", "year", "id", "edition", "figure_edition"}  # fmt: skip
"""Columns that hold a figure here and words there, or a code of digits."""


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/meta", "/etc/passwd", "/api/v1/observations.csv/../x", "/api/v1/countries/{iso3}/missing.csv",
        "/api/v1/countries/az/missing.csv", "/api/v1/countries/AZE/brief.csv",
    ],
)  # fmt: skip
def test_there_is_no_code_for_what_is_no_table(path: str) -> None:
    with pytest.raises(Unknown):
        write_table_code(path, "", "https://x")


def test_a_question_cannot_break_out_of_the_code() -> None:
    evil = "indicator=\"+evil+'`$(x)\\&country=AZE"
    for one in write_table_code("/api/v1/observations.csv", evil, "https://x"):
        assert '"+evil' not in one["code"]
        assert all_of(sign not in one["code"] for sign in ("`", "$(", "\\\\"))


def test_the_page_of_a_table_has_the_code_of_every_program() -> None:
    page = get("/code/api/v1/compare.csv?indicator=internet_users&country=AZE&lang=ar")
    assert page.status_code == 200
    assert 'dir="rtl"' in page.text
    for title in PROGRAMS.values():
        assert title in page.text
    assert "/api/v1/compare.csv?indicator=internet_users&amp;country=AZE&amp;lang=ar" in page.text
    assert get("/code/api/v1/meta").status_code == 404
