"""Tables of publishers are read with every digit, and a changed layout is said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_sources.errors import Changed
from data_sources.tables import read_csv, read_plain_csv, read_sheet
from tests.data_sources.shapes import csv_file, workbook


def test_titles_mark_and_short_rows_are_no_trouble() -> None:
    body = csv_file(
        "An index 2025", "EMBARGOED", "", "area,year,score,note", "ATA,2020,5", "", bom=True, newline="\r\n"
    )
    table = read_csv("f.csv", body, ["area", "score"])
    assert table.header == ("area", "year", "score", "note")
    assert table.rows == ((5, {"area": "ATA", "year": "2020", "score": "5", "note": ""}),)


@pytest.mark.parametrize("before", [b"\n", b"\r\n\r\n", b",,\n", b"\xef\xbb\xbf\n", b" \n"])
def test_empty_lines_before_the_header_are_no_header(before: bytes) -> None:
    body = before + csv_file("Year,Sex,Value", "2020,F,1", "2021,,2")
    for table in (read_plain_csv("f.csv", body), read_csv("f.csv", body, [])):
        assert table.header == ("Year", "Sex", "Value")
        assert [cells for _, cells in table.rows] == [
            {"Year": "2020", "Sex": "F", "Value": "1"}, {"Year": "2021", "Sex": "", "Value": "2"},
        ]  # fmt: skip
        assert table.rows[0][0] == before.count(b"\n") + 2  # as a spreadsheet counts


def test_a_missing_column_is_named() -> None:
    with pytest.raises(Changed, match="missing: score") as raised:
        read_csv("f.csv", csv_file("area,year", "ATA,2020"), ["area", "score"])
    assert raised.value.code == "changed_columns"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b" \n", "empty"),
        (b"area\n\xff\xfe\n", "invalid_utf8"),
        (b'area\n"' + b"x" * 200_000, "invalid_csv"),  # a quote that is never closed swallows the file
        (b'area,score\nATA,"12"5\n', "invalid_csv"),
        (b'area,score\nATA,"12\nATB,13\n', "invalid_csv"),
        (b"area,score\nATA,12,5\n", "shifted_cells"),  # twelve and a half, not twelve
    ],
    ids=["empty", "not UTF-8", "not CSV", "words after a quote", "a quote left open", "a decimal comma"],
)
def test_unreadable_files_have_their_own_code(body: bytes, code: str) -> None:
    with pytest.raises(Changed) as raised:
        read_csv("f.csv", body, ["area"])
    assert raised.value.code == code


def test_cells_beyond_the_header_are_said_with_their_row() -> None:
    for moved in ("ATA,2020,12,5", "ATA,12,5,", "ATA,2020,12,"):  # the second leaves its last column empty
        with pytest.raises(Changed, match=r"f\.csv, row 3: 4 cells under 3 columns"):
            read_csv("f.csv", csv_file("area,year,score", "ATA,2019,11", moved), ["area"])
    tolerated = read_csv("f.csv", csv_file("area;score", "ATA;12,5;;", ";;;;"), ["area"], delimiter=";")
    assert [cells["score"] for _, cells in tolerated.rows] == ["12,5"]  # a semicolon cuts no number
    noted = read_csv("f.csv", csv_file("area,score", "ATA,5", "Note: without towns, islands, and camps"), ["area"])
    assert [cells["score"] for _, cells in noted.rows] == ["5", " islands"]  # a note is none of their figures
    body = workbook(Sheet=[["area", "score", None], ["ATA", 5, "a note beside the table"]])
    assert read_sheet("f.xlsx", body, 0, ["area"]).rows[0][1]["score"] == "5"


def test_a_row_of_a_workbook_keeps_its_number_and_place() -> None:
    body = workbook(Data_of_2025=[["A title"], [], ["area", "score"], ["ATA", -1.040907382965088], ["ATB", ".."]])
    table = read_sheet("f.xlsx", body, "Data of 2025", ["area", "score"])
    assert table.rows == (
        (4, {"area": "ATA", "score": "-1.040907382965088"}),
        (5, {"area": "ATB", "score": ".."}),
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False), min_size=1, max_size=20))
@pytest.mark.long
def test_no_digit_of_a_workbook_is_lost(numbers: list[float]) -> None:
    table = read_sheet("f.xlsx", workbook(S=[["score"], *([n] for n in numbers)]), 0, ["score"])
    assert [float(cells["score"]) for _, cells in table.rows] == numbers


def test_what_is_no_workbook_or_no_sheet_is_said() -> None:
    with pytest.raises(Changed, match="is no workbook, or a damaged one"):
        read_sheet("f.xlsx", b"PK\x03\x04 not really", 0, ["score"])
    with pytest.raises(Changed, match="sheets: S") as raised:
        read_sheet("f.xlsx", workbook(S=[["score"]]), "CPI Historical", ["score"])
    assert raised.value.code == "sheet_missing"
