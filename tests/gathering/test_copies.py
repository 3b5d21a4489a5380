"""Published figures beside a copy: what differs at the precision printed, and nothing else."""

import polars as pl
import pytest

from dashboard.codebook import codebook
from dashboard.gathering.review.copies import Columns, Comparison, Difference, compare_copy, read_copy
from data_sources.errors import Changed, Rejected
from tests.data_sources.shapes import csv_file, workbook

COLUMNS = Columns("Country", "Year", "Value", {})


def compared(body: bytes, *published: tuple[str, int, str], columns: Columns = COLUMNS) -> Comparison:
    rows = pl.DataFrame(
        [(country, year, float(text), text) for country, year, text in published],
        schema={"country": pl.String, "year": pl.Int32, "value": pl.Float64, "value_text": pl.String},
        orient="row",
    )
    return compare_copy(rows, read_copy("copy", body, columns), columns, "un_sdg", codebook())


@pytest.mark.parametrize(
    ("published", "copied", "differs"),
    [
        ("71.5", "71.46", False), ("71.5", "71.44", True), ("71.46", "71.5", False), ("71", "71.5", False),
        ("71", "71.51", True), ("71.50", "71.51", True), ("0.1234567890123", "0.123456789", False),
        ("1e2", "100", False),
        ("2.5e-3", "0.0025", False), ("2.5e-3", "0.0026", True), ("-1.0", "1.0", True),
    ],
)  # fmt: skip
def test_figures_are_compared_at_the_precision_of_the_coarser(published: str, copied: str, differs: bool) -> None:
    found = compared(csv_file("Country,Year,Value", f"AZE,2020,{copied}"), ("AZE", 2020, published))
    assert (found.equal, len(found.differing)) == ((0, 1) if differs else (1, 0))


@pytest.mark.parametrize("area", ["AZE", "AZ", "031", "31", "Azerbaijan"])
def test_countries_are_found_by_code_or_name(area: str) -> None:
    found = compared(csv_file("Country,Year,Value", f"{area},2020.0,50.1"), ("AZE", 2020, "50.5"))
    assert found == Comparison(0, (Difference("AZE", 2020, "50.5", "50.1", 1),), (), (), 0)


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
