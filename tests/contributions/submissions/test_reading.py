"""Figures as they are read from a file: what its cells say, or nothing and a word on why, never something else."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.contributions.submissions.model import UploadRefused
from dashboard.contributions.submissions.reading.child import HISTORY
from dashboard.contributions.submissions.reading.extract import ExtractedFile, extract
from dashboard.contributions.submissions.reading.heads import key
from dashboard.contributions.submissions.reading.process import SANDBOX, read_file
from dashboard.evidence.codebook.model import Codebook
from dashboard.runtime.sandbox.pools import JobLimits
from tests.contributions.submissions.conftest import GOOD, YEAR, workbook
from tests.contributions.submissions.files import csv

Read = Callable[[bytes], ExtractedFile]


@pytest.fixture
def read(tmp_path: Path, book: Codebook) -> Read:
    def of(body: bytes) -> ExtractedFile:
        path = tmp_path / "file"
        path.write_bytes(body)
        return extract(path, "file", {}, book)

    return of


@pytest.mark.parametrize("value", ["٦٢", "۶۲", "٦٢.0"])
def test_whole_numbers_of_every_script_are_read(read: Read, value: str) -> None:
    assert read(csv(f"nps;Women;{YEAR};{value}").encode()).figures["value"].to_list() == [62.0]


def test_a_yes_in_a_workbook_is_no_number(read: Read) -> None:
    figures = read(workbook(GOOD[:1], more=lambda book, page: page.write_boolean("D2", True))).figures
    assert figures.select("value", "value_text", "value_problem").rows() == [(None, "true", "unread")]


@pytest.mark.parametrize(("value", "text"), [(1e15, "1000000000000000"), (1e20, "1e+20"), (2.5, "2.5")])
def test_the_number_of_a_cell_is_told_however_large(read: Read, value: float, text: str) -> None:
    figures = read(workbook(GOOD[:1], more=lambda book, page: page.write_number("D2", value))).figures
    assert figures.select("value", "value_text").rows() == [(value, text)]


@pytest.mark.parametrize(
    ("shown", "value"),
    [("0.0%", 50.0), ('0.0"%"', 0.5), ("0.0\\%", 0.5), ('"about "0%', 50.0), ("0_%", 0.5), ('0"%"%', 50.0)],
)
def test_only_a_sign_of_per_cent_that_multiplies_does(read: Read, shown: str, value: float) -> None:
    def more(book: Any, page: Any) -> None:
        page.write_number("D2", 0.5, book.add_format({"num_format": shown}))

    assert read(workbook(GOOD[:1], more=more)).figures["value"].to_list() == [value]


def test_a_group_that_excludes_itself_is_none(read: Read) -> None:
    lines = (f"nps,{groups},{YEAR},40" for groups in ("Women;Men,", "Women,M", "Women;Urban,F"))
    figures = read(csv(*lines, head="Indicator code,Group,Sex,Year,Value").encode()).figures
    assert figures["dimensions"].to_list() == [None, None, '{"Location":"URBAN","Sex":"FEMALE"}']


def test_cells_that_a_comma_has_moved_are_not_read(read: Read) -> None:
    """``12,5`` under a head with commas is 12 and 5: nobody can tell them from two figures."""
    lines = (f"nps,{YEAR},12,5,900", f"nps,{YEAR},13,", f"{YEAR},12,5,900,1", "Ours, of 3 towns,north,south,east")
    found = read(csv(*lines, head="Indicator code,Year,Value,People who answered").encode())
    assert found.figures.select("row", "value", "sample").rows() == [(3, 13.0, None)]
    told = {(one.rule, one.cell, one.read) for one in found.findings}
    assert told == {
        ("cells_moved", "E2", "900"),
        ("cells_moved", "E4", "1"),
        ("note_left_out", "A5", "Ours, of 3 towns, north, south, east"),
    }


@pytest.mark.parametrize(
    ("head", "rows", "told"),
    [
        ("Value,Note", ("nps,2025,40,", "waiting_median,2025,12,5,"), {"E3": 1}),
        # a column of which every value is so, not a comma too many at the end of every row
        ("Value,Numerator,Note", ("nps,2025,12,5,,", "waiting_median,2025,12,5,,"), {"F2": 0, "F3": 1}),
        ("Value,Note,", ("nps,2025,40,,", "waiting_median,2025,12,5,,", ",,,,,,,"), {"F3": 1}),
    ],
    ids=["an empty note", "throughout", "a head with a comma at its end"],
)
def test_a_moved_row_that_ends_in_an_empty_cell_is_not_read(
    read: Read, head: str, rows: tuple[str, ...], told: dict[str, int]
) -> None:
    found = read("\n".join((f"Indicator code,Year,{head}", *rows)).encode())
    moved = {one.cell: one.read for one in found.findings if one.rule == "cells_moved"}
    assert moved == {cell: rows[at] for cell, at in told.items()}
    assert set(found.figures["value"]) <= {40.0}


@pytest.mark.parametrize(
    ("head", "rows", "told"),
    [
        ("Value,People who answered", ("nps,2025,81,45",), {"D2": "81,45"}),
        ("Value,Rank", ("nps,2025,81,4",), {"D2": "81,4"}),
        ("Value,People who answered,Note", ("nps,2025,81,45,",), {"D2": "81,45"}),
        ("Value,People who answered", ("nps,2025,81,450",), {}),  # of three digits, and no zero at their beginning
        ("Value,People who answered", ("nps,2025,81,045",), {"D2": "81,045"}),
        ("Value,People who answered", ("nps,2025,81.0,45",), {}),
        ("Value,People who answered", ("nps,2025,81,45", "waiting_median,2025,12.5,45"), {}),  # decimals have a point
        ("Value,People who answered,Note", ("nps,2025,81,45,of 3 towns",), {}),
        ("Value,People who answered", ("nps,2025,81,",), {}),
        ("Value,People who answered", ("nps,2025,,45",), {}),
    ],
)
def test_what_may_be_the_decimals_of_a_whole_number_is_asked_about(
    read: Read, head: str, rows: tuple[str, ...], told: dict[str, str]
) -> None:
    """Cells that were empty at the end of a row are often not written: it has as many as its head then."""
    for separator, expected in ((",", told), (";", {})):
        found = read("\n".join((f"Indicator code,Year,{head}", *rows)).replace(",", separator).encode())
        assert {one.cell: one.read for one in found.findings if one.rule == "decimals_cut"} == expected


def test_a_number_under_no_head_has_moved_there(read: Read) -> None:
    for separator in (",", ";"):
        lines = ("Indicator code,Year,Value,Note,,", f"nps,{YEAR},81,4,5,", f"nps,{YEAR},81,four,words,")
        found = read("\n".join(lines).replace(",", separator).encode())
        assert [(one.rule, one.cell, one.read) for one in found.findings] == [("cells_moved", "E2", "5")]
        assert found.figures["row"].to_list() == [3]


def test_signs_at_the_end_of_a_row_that_can_cut_no_number_cost_nothing(read: Read) -> None:
    found = read(f"Indicator code;Year;Value;Note\nnps;{YEAR};40;;;\nwaiting_median;{YEAR};12,5;;".encode())
    assert found.figures["value"].to_list() == [40.0, 12.5]
    assert [one.rule for one in found.findings] == []


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        ("Orta vaxt (saat)", "saat"),
        ("Orta vaxt (2025) (saat ilə)", "saat ilə"),
        ("Temps moyen, en heures", "en heures"),
        ("متوسط الوقت (بالساعات)", "بالساعات"),
        ("Orta vaxt (dəqiqə)", ""),
        ("Orta vaxt (2025)", ""),  # brackets of one's own words are not all of a unit
        ("Orta vaxt, il", ""),
    ],
)
def test_a_head_that_was_mapped_still_says_its_unit(tmp_path: Path, head: str, unit: str) -> None:
    """Mapping says what a column is; two hours are not two minutes for it."""
    path = tmp_path / "file"
    path.write_text(f"Indicator code;Year;{head}\nwaiting_median;{YEAR};2\n", encoding="utf-8")
    found = read_file(
        path, "f.csv", country="AZE", period=YEAR, today=date.today(), history=pl.DataFrame(schema=HISTORY),
        mapping={key(head): "value"},
    )  # fmt: skip
    told = {(one.cell, one.read, one.values["unit"]) for one in found.findings if one.rule == "unit_differs"}
    assert told == ({("C2", unit, "minutes")} if unit else set())
    assert [one.rule for one in found.findings if one.rule.startswith("column_")] == []


@pytest.mark.parametrize("action", ["D", "delete "])
def test_what_a_message_in_csv_withdraws_is_no_figure(read: Read, action: str) -> None:
    head = "STRUCTURE,ACTION,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE"
    assert read(csv(f"dataflow,I,nps,AZE,{YEAR},40", head=head).encode()).figures["value"].to_list() == [40]
    with pytest.raises(UploadRefused, match="withdraws an observation"):
        read(csv(f"dataflow,{action},nps,AZE,{YEAR},40", head=head).encode())


def test_a_figure_whose_indicator_is_missing_is_no_note(read: Read) -> None:
    lines = csv("nps;40", ";41", ";1,234", "Source: our survey;", head="Indicator code;Value")
    found = read(lines.encode())
    assert found.figures.select("row", "indicator").rows() == [(2, "nps"), (3, None), (4, None)]
    assert [(one.rule, one.row) for one in found.findings] == [("note_left_out", 5)]


def _column(read: Read, texts: list[Any], indicator: str = "handling_time") -> list[tuple[float | None, str]]:
    """Value and problem of the cells of a workbook, texts as text and numbers as numbers."""
    lines = [(indicator, "Total", int(YEAR), None) for _ in texts]

    def more(book: Any, page: Any) -> None:
        for at, one in enumerate(texts, start=1):
            (page.write_string if isinstance(one, str) else page.write_number)(at, 3, one)

    return read(workbook(lines, more=more)).figures.select("value", "value_problem").rows()


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["1.234"], [(None, "ambiguous")]),
        (["1.234", "12"], [(None, "ambiguous"), (12.0, "")]),
        (["1.234", "12.5"], [(1.234, ""), (12.5, "")]),
        (["1.234", "12,5"], [(1234.0, ""), (12.5, "")]),
        (["1,234", "12.5"], [(1234.0, ""), (12.5, "")]),
        (["1.234", 12.5], [(None, "ambiguous"), (12.5, "")]),  # how a number is stored says nothing of text
        ([1.234, 12.5], [(1.234, ""), (12.5, "")]),
        ([81.325], [(81.325, "")]),
        (["1.234.567"], [(1234567.0, "")]),
        (["1.2345"], [(1.2345, "")]),
        (["0.813"], [(0.813, "")]),  # nobody sets off thousands behind a zero
        (["-0,605"], [(-0.605, "")]),
        (["0.813", "12,5"], [(0.813, ""), (12.5, "")]),
        ([0.813, "12,5"], [(0.813, ""), (12.5, "")]),
    ],
)
def test_a_text_that_two_readings_fit_is_read_as_its_column_shows_or_not_at_all(
    read: Read, cells: list[Any], found: list[tuple[float | None, str]]
) -> None:
    assert _column(read, cells) == found
    if all(isinstance(one, str) for one in cells):
        lines = (f"handling_time;Total;{YEAR};{one};" for one in cells)
        assert read(csv(*lines).encode()).figures.select("value", "value_problem").rows() == found


@pytest.mark.parametrize("text", ["1e400", "-1E999", "9" * 400])
def test_what_no_number_can_hold_is_not_read_as_infinity(read: Read, text: str) -> None:
    assert _column(read, [text]) == [(None, "unread")]
    assert read(csv(f"nps;Total;{YEAR};{text};").encode()).figures["value"].to_list() == [None]


@pytest.mark.parametrize("text", ["81.325", "81,325"])
def test_the_limits_of_an_indicator_settle_a_number_that_two_readings_fit(read: Read, text: str) -> None:
    assert _column(read, [text], "nps") == [(81.325, "")]
    assert read(csv(f"nps;Total;{YEAR};{text};").encode()).figures["value"].to_list() == [81.325]


def test_the_process_that_reads_lets_readers_go_first() -> None:
    """A file of 200,000 rows would make every chart wait twice as long."""
    assert SANDBOX.call("os:nice", 0, JobLimits(2**31, 60, 60.0)) == min(19, os.nice(0) + 10)


@pytest.mark.parametrize("written", ["استطلاع المستخدمين", "مسح المنتفعين", "Survey of users", "user_survey"])
def test_a_kind_of_method_is_read_by_its_earlier_name_too(read: Read, written: str) -> None:
    """A ministry fills in the Arabic template that it downloaded before the word was changed."""
    assert read(workbook(GOOD[:1], method={"method": written})).method == {"method": "user_survey"}
