"""Surveys as CSV: of any length, in any encoding, read as they were written or refused with their row."""

import io

import numpy as np
import polars as pl
import pytest

from dashboard.contributions.submissions.microdata import estimates, files
from dashboard.contributions.submissions.microdata.model import SurveyColumn
from dashboard.contributions.submissions.model import MAX_ROWS, ONE_UNIT, UploadRefused
from dashboard.contributions.submissions.rules import survey as rules
from tests.checks import all_of

MAPPING = {
    "weight": "w", "stratum": "st", "psu": "psu", "group.region": "region", "group.age": "age",
    "item.bribery.contact": "c", "item.bribery.asked": "a", "item.bribery.paid": "p", "codes.bribery": "1 2",
}  # fmt: skip


def answers(n: int) -> pl.DataFrame:
    draw = np.random.default_rng(5)
    psu = draw.integers(0, 400, n)
    return pl.DataFrame(
        {"w": np.round(draw.uniform(1, 3, n), 3), "st": psu // 20, "psu": psu, "region": psu % 4,
         "age": draw.integers(18, 80, n), "c": draw.integers(1, 3, n), "a": draw.integers(1, 3, n),
         "p": draw.integers(1, 3, n), "other": psu}
    ).with_columns(pl.concat_str(pl.lit("R"), pl.col("region")).alias("region"))  # fmt: skip


def written(rows: pl.DataFrame, **how: str) -> bytes:
    held = io.BytesIO()
    rows.write_csv(held, **how)  # type: ignore[arg-type]
    return held.getvalue()


def test_more_rows_than_a_sheet_may_have_give_what_the_same_rows_give_as_columns() -> None:
    rows = answers(MAX_ROWS + 50_001)
    body = written(rows, quote_style="always")
    survey = files.read([body[:1000], body[1000:]], "survey.csv", MAPPING)
    assert survey.rows.height == rows.height
    assert survey.rows.width == 8, "what is not mapped is not kept"
    assert list(survey.columns) == rows.columns
    made = estimates.estimate(rules.ground(survey, MAPPING))
    columns = files.Survey(rows, {name: SurveyColumn(name) for name in rows.columns})
    expected = estimates.estimate(rules.ground(columns, MAPPING))
    assert estimates.figures(made, "AZE", "2024").equals(estimates.figures(expected, "AZE", "2024"))
    assert made.results["counts"] == expected.results["counts"]
    assert len(made.cells) == 1 + 4 + 6
    assert all_of(cell.estimate for cell in made.cells)


def test_cells_are_what_was_written() -> None:
    body = b'w;code;words\r\n1,5;01;"a ""b""\r\nc; d"\r\n\r\n 2 ;1;\x1f\r\n3;;'
    read = files.read([body], "survey.csv").rows
    assert read.with_columns(pl.all().cast(pl.String)).rows() == [
        ("1,5", "01", 'a "b"\r\nc; d'), ("2", "1", None), ("3", None, None)
    ]  # fmt: skip
    weights = files.read([body.replace(b"1,5", b"1.50")], "survey.csv", {"weight": "w", "item.bribery.paid": "code"})
    assert weights.rows["w"].to_list() == [1.5, 2.0, 3.0]
    assert weights.rows["code"].cast(pl.String).to_list() == ["01", "1", None]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_labels_are_read_in_the_encoding_they_were_written_in(encoding: str) -> None:
    text = "вес;ответ о работе службы\n" + "1;Полностью согласен\n2;Скорее не согласен\n" * 20
    read = files.read([text.encode(encoding)], "survey.csv").rows
    assert read.columns == ["вес", "ответ о работе службы"]
    assert set(read.to_series(1).cast(pl.String)) == {"Полностью согласен", "Скорее не согласен"}


def test_a_line_may_say_how_cells_are_parted() -> None:
    assert files.read([b"sep=|\r\nw|q\r\n1|2\r\n"], "survey.csv").rows.width == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'w,q\n1,"open\n2,3\n', "not_text"),
        (b'w,q\n1,"open\n2,3\n4,"x"\n', "not_text"),
        (b"w,q\n1,2\n\n" + b"1,2\n" * 60_000 + b"1,2,5\n" + b"1,2\n" * 9, "cells_moved"),
        (b"w;q\n1;2;5\n", "cells_moved"),
        (b"w,w\n1,2\n", "heads"),
        (b"w,\n1,2\n", "heads"),
        (b"w,q\n", "empty"),
        (b"w,q\n\n\n", "empty"),
        ("w,ответ\n1,да\n".encode("utf-16-le")[:-1], "not_text"),
    ],
)
def test_what_cannot_be_read_rightly_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(UploadRefused) as refused:
        files.read([body], "survey.csv")
    assert refused.value.code == code
    if len(body) > 1000:
        assert "Row 60004 " in str(refused.value)


def test_empty_cells_behind_a_row_move_nothing_where_no_comma_parts_them() -> None:
    assert files.read([b"w;q\n1;2;\n3;4;;\n"], "survey.csv").rows.rows() == [(1, 2), (3, 4)]


def test_a_code_is_its_text_wherever_in_a_long_file_it_is_no_plain_number() -> None:
    rows = files.read([b"w,q\n" + b"1,2\n" * 60_000 + b"1,02\n"], "survey.csv").rows
    assert rows["w"].dtype.is_integer()
    assert rows["q"].cast(pl.String).unique().sort().to_list() == ["02", "2"]


def test_a_group_in_one_sampling_unit_is_said_to_be_that_and_not_to_be_of_few() -> None:
    rows = answers(6_000).with_columns(
        pl.when(pl.col("psu") == 7).then(pl.lit("one")).otherwise(pl.lit("many")).alias("region")
    )
    rows = pl.concat([rows, *[rows.filter(pl.col("psu") == 7)] * 150])
    made = estimates.estimate(rules.ground(files.read([written(rows)], "survey.csv", MAPPING), MAPPING))
    figures = estimates.figures(made, "AZE", "2024").filter(pl.col("dimensions").str.contains("Region"))
    assert figures.select("dimensions", "reason").rows() == [('{"Region":"many"}', ""), ('{"Region":"one"}', ONE_UNIT)]
    assert figures["value"].is_null().to_list() == [False, True]
    assert (made.results["hidden"], made.results["one_unit"]) == (0, 1)
    few = rules.ground(files.read([written(rows[:200])], "s.csv", MAPPING), MAPPING | {"single_psu": "skip"})
    assert {cell.reason for cell in estimates.estimate(few).cells if not cell.estimate} == {"too_few"}
