"""The check explains each kind of fault by file, row and column, and says what to do."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.evidence.codebook.check import check_folder
from dashboard.evidence.codebook.faults import CodebookError, Fault
from dashboard.evidence.codebook.loader import read_codebook
from dashboard.evidence.codebook.tables import TEXT_FIELDS
from tests.checks import all_of

from .conftest import Spoil


def _read_cells() -> list[tuple[str, dict[str, str], dict[str, str], str, str]]:
    """File, the cells that are changed in it and in which row, and the column and rule at fault."""
    with Path(__file__).with_name("spoilt_cells.csv").open(encoding="utf-8", newline="") as file:
        return [
            (case["file"], _pairs(case["cells"]), _pairs(case["row"]), case["column"], case["rule"])
            for case in csv.DictReader(file)
        ]


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split(" & "))


CELLS = _read_cells()


@pytest.mark.parametrize(("file", "values", "where", "column", "rule"), CELLS, ids=[f"{c[0]}-{c[4]}" for c in CELLS])
def test_fault_names_file_row_and_column(
    folder: Path, spoil: Spoil, file: str, values: dict[str, str], where: dict[str, str], column: str, rule: str
) -> None:
    line = spoil(file, values, **where)
    found = [
        fault for fault in check_folder(folder)[1] if (fault.file, fault.column, fault.rule) == (file, column, rule)
    ]
    assert line in {fault.row for fault in found}, [str(fault) for fault in check_folder(folder)[1]]
    assert all_of(fault.message and fault.remedy for fault in found)


Change = Callable[[bytes], bytes | None]

BYTES = [
    ("goals.csv", lambda body: b"\xef\xbb\xbf" + body, 1, "", "file.bom"),
    ("goals.csv", lambda body: body.replace("é".encode(), b"\xe9", 1), 2, "", "file.encoding"),
    ("goals.csv", lambda body: body.replace(b"number,", b"no,", 1), 1, "number", "column.missing"),
    ("goals.csv", lambda body: body.replace(b"number,", b"no,", 1), 1, "no", "column.unknown"),
    ("goals.csv", lambda body: body.replace(b"title_fr", b"title_en", 1), 1, "title_en", "column.twice"),
    ("goals.csv", lambda body: body + b"18,#ffffff\n", 19, "", "row.width"),
    ("goals.csv", lambda body: body + b'18,"#ffffff\n', 19, "", "file.quotes"),
    ("goals.csv", lambda body: b"", 1, "number", "column.missing"),
    ("goals.csv", lambda body: None, None, "", "file.missing"),
]


@pytest.mark.parametrize(("file", "change", "line", "column", "rule"), BYTES, ids=[case[4] for case in BYTES])
def test_fault_of_a_whole_file(
    folder: Path, file: str, change: Change, line: int | None, column: str, rule: str
) -> None:
    path = folder / file
    body = change(path.read_bytes())
    path.unlink() if body is None else path.write_bytes(body)
    faults = check_folder(folder)[1]
    assert (file, line, column, rule) in {(f.file, f.row, f.column, f.rule) for f in faults}
    assert not [fault for fault in faults if fault.rule == "reference.dangling"] or rule.startswith("row")
    with pytest.raises(CodebookError):
        read_codebook(folder)


def test_line_numbers_are_those_of_an_editor(folder: Path) -> None:
    path = folder / "country_sets.csv"
    path.write_text('set,iso3,note\norigin,AZE,"two\nlines"\ncomparison,ZZZ,\n', encoding="utf-8")
    assert [fault.row for fault in check_folder(folder)[1] if fault.rule == "reference.dangling"] == [4]


def test_translations_that_are_missing_altogether_are_told(folder: Path) -> None:
    (fault,) = (one for one in check_folder(folder)[1] if one.file == "translations")
    assert (fault.severity, fault.rule) == ("warning", "file.missing")


def test_translations_warn_and_do_not_stop(folder: Path) -> None:
    (folder / "translations").mkdir()
    (folder / "translations" / "ar.csv").write_text(
        "kind,id,field,text\nmetric,egdi,name,مؤشر\nmetric,gone,name,قديم\nmetric,basic_water,caveat3,زائد\n",
        encoding="utf-8",
    )
    faults = check_folder(folder)[1]
    assert {fault.severity for fault in faults} == {"warning"}
    assert {fault.row for fault in faults if fault.rule == "translation.unknown"} == {3, 4}
    missing = [fault for fault in faults if fault.rule == "translation.missing"]
    assert len(missing) == len(TEXT_FIELDS)  # one line per kind, not one per text
    assert read_codebook(folder).metrics["egdi"].name["ar"] == "مؤشر"


HEADER = "metric,country,series,kind,year,value,comparison,source_title,source_ref,note\n"

NATIONAL_TARGETS = [
    ("birth_registration,AZE,,target,2030,101,,Plan,https://example.org,", "value", "national_target.out_of_bounds"),
    ("complaints_rate,AZE,,target,2030,5,,Plan,https://example.org,", "metric", "national_target.direction"),
    ("sat_overall_gov,AZE,rwa:_L_RW_160602_1,target,2029,90,,Plan,https://example.org,", "series",
     "national_target.series"),
    ("birth_registration,AZE,,target,2030,99,,Plan,,", "source_ref", "cell.empty"),
    ("birth_registration,AZ,,target,2030,99,,Plan,https://example.org,", "country", "reference.dangling"),
    ("birth_registration,AZE,,wish,2030,99,,Plan,https://example.org,", "kind", "cell.word"),
    ("birth_registration,AZE,,target,2030,99,about,Plan,https://example.org,", "comparison", "cell.word"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column", "rule"), NATIONAL_TARGETS, ids=[f"{case[2]}-{case[1]}" for case in NATIONAL_TARGETS]
)
def test_fault_of_a_country_s_own_target(folder: Path, row: str, column: str, rule: str) -> None:
    (folder / "national_targets.csv").write_text(HEADER + row + "\n", encoding="utf-8")
    assert ("national_targets.csv", 2, column, rule) in {
        (f.file, f.row, f.column, f.rule) for f in check_folder(folder)[1]
    }


def test_titles_of_another_language_are_of_known_codes(folder: Path) -> None:
    (folder / "titles" / "kk.csv").write_text("code,title,short\n16.6,Мақсат,\n99,Мақсат,\n", encoding="utf-8")
    (folder / "titles" / "fr.csv").write_text("code,title,short\n", encoding="utf-8")
    found = {(f.file, f.row, f.rule, f.severity) for f in check_folder(folder)[1]}
    assert ("titles/kk.csv", 3, "title.unknown", "error") in found
    assert ("titles/kk.csv", None, "title.missing", "warning") in found
    assert ("titles/fr.csv", None, "title.official", "error") in found


def test_draft_needs_no_source(folder: Path, spoil: Spoil) -> None:
    spoil("adoption_events.csv", {"review_state": "draft", "source_ref": ""}, id="ARE-01")
    assert [str(fault) for fault in check_folder(folder)[1] if fault.severity == "error"] == []


def test_fault_reads_as_one_line() -> None:
    fault = Fault(
        "links.csv", 7, "target", "reference.dangling", "“16.99” does not stand in targets.csv.", "Correct it."
    )
    assert str(fault) == "links.csv:7:target [reference.dangling] “16.99” does not stand in targets.csv. Correct it."
