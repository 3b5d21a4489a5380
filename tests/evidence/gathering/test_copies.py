"""Published figures beside a copy: what differs at the precision printed, and nothing else."""

import polars as pl
import pytest

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.gathering.review.copies import Columns, Comparison, CopyDifference, compare_copy, read_copy
from data_sources.errors import Changed, Rejected
from tests.data_sources.shapes import csv_file, workbook

COLUMNS = Columns("Country", "Year", "Value", {})


def compared(body: bytes, *published: tuple[str, int, str], columns: Columns = COLUMNS) -> Comparison:
    rows = pl.DataFrame(
        [(country, year, float(text), text) for country, year, text in published],
        schema={"country": pl.String, "year": pl.Int32, "value": pl.Float64, "value_text": pl.String},
        orient="row",
    )
    return compare_copy(rows, read_copy("copy", body, columns), columns, "un_sdg", load_codebook())


@pytest.mark.parametrize(
    ("published", "copied", "differs"),
    [
        ("71.5", "71.46", False), ("71.5", "71.44", True), ("71.46", "71.5", False), ("71", "71.5", False),
        ("71", "71.51", True), ("71.50", "71.51", True), ("0.1234567890123", "0.123456789", False),
        ("1e2", "100", False),
        ("5", "5e2", True), ("1.5E1", "15", False), ("1.25e1", "12.46", False), ("1.25e1", "12.44", True),
        ("0.12345678901", "0.12345679", False), ("0.123456789012", "0.1234567910", True),
        ("2.5e-3", "0.0025", False), ("2.5e-3", "0.0026", True), ("-1.0", "1.0", True),
    ],
)  # fmt: skip
def test_figures_are_compared_at_the_precision_of_the_coarser(published: str, copied: str, differs: bool) -> None:
    found = compared(csv_file("Country,Year,Value", f"AZE,2020,{copied}"), ("AZE", 2020, published))
    assert (found.equal, len(found.differing)) == ((0, 1) if differs else (1, 0))


@pytest.mark.parametrize("area", ["AZE", "AZ", "031", "31", "Azerbaijan"])
def test_countries_are_found_by_code_or_name(area: str) -> None:
    found = compared(csv_file("Country,Year,Value", f"{area},2020.0,50.1"), ("AZE", 2020, "50.5"))
    assert found == Comparison(0, (CopyDifference("AZE", 2020, "50.5", "50.1", 1),), (), (), 0)


def test_each_row_has_a_fate_and_other_columns_choose_the_rows() -> None:
    body = workbook(Data=[
        ["A copy"], ["Country", "Year", "Sex", "Value"], ["AZE", 2020, "T", 50.5], ["AZE", 2020, "F", 49],
        ["GEO", 2021, "T", 3],
        ["World", 2020, "T", 7], ["Nowhere", 2020, "T", 7], ["KAZ", "soon", "T", 7], ["KGZ", 2020, "T", ".."],
    ])  # fmt: skip
    totals = Columns("Country", "Year", "Value", {"Sex": "T"})
    found = compared(body, ("AZE", 2020, "50.5"), ("AZE", 2019, "48"), columns=totals)
    assert found == Comparison(1, (), (("AZE", 2019),), (("GEO", 2021),), 2)
    with pytest.raises(Rejected, match=r"'50.5' and '49' for AZE 2020: tell them apart with --where"):
        compared(body, ("AZE", 2020, "50.5"))
    with pytest.raises(Changed, match="missing: Age"):
        compared(body, ("AZE", 2020, "50.5"), columns=Columns("Country", "Year", "Value", {"Age": "T"}))


@pytest.mark.parametrize(
    ("row", "fate"),
    [
        (" AZE ,2020, 50.5 ", "equal"), ("AZE,2020.0,50.5", "equal"), ("AZE,20201,50.5", "unread"),
        ("AZE,202,50.5", "unread"),
        ("AZE,20x0,50.5", "unread"), ("AZE,,50.5", "unread"), ("AZE,2020,about 50", "unread"),
        ("Aze,2020,50.5", "unread"),
        ("AZERBAIJAN,2020,50.5", "equal"), ("001,2020,50.5", "nothing"), ("World,2020,7", "nothing"),
        ("AZE,2020,..", "nothing"),
        ("ATLANTIS,2020,1", "unread"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_row(row: str, fate: str) -> None:
    found = compared(csv_file("Country,Year,Value", row), ("AZE", 2020, "50.5"))
    assert (found.equal, found.unread, found.only_copied) == (int(fate == "equal"), int(fate == "unread"), ())
    assert found.only_published == (() if fate == "equal" else (("AZE", 2020),))


def test_a_row_given_twice_alike_is_one_and_facts_come_in_order() -> None:
    body = csv_file("Country,Year,Value", "KAZ,2020,1", "GEO,2020,1", "GEO,2019,1", "AZE,2020,50.5", "AZE,2020, 50.50")
    found = compared(body, ("AZE", 2020, "50.5"), ("UGA", 2020, "2"), ("BRA", 2020, "2"), ("BRA", 2019, "2"))
    assert (found.equal, found.unread) == (1, 0)
    assert found.only_copied == (("GEO", 2019), ("GEO", 2020), ("KAZ", 2020))
    assert found.only_published == (("BRA", 2019), ("BRA", 2020), ("UGA", 2020))
