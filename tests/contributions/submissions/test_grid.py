"""The table in the page: blocks as spreadsheets copy them, drafts that lose and double nothing, the rules of files."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest
from sqlalchemy import Engine, update
from sqlmodel import col

from dashboard.accounts.model import Role
from dashboard.contributions.submissions import intake, publication, store, workflow
from dashboard.contributions.submissions.grid import store as grids
from dashboard.contributions.submissions.grid.block import MOST_CELLS, GridRefused, read_block
from dashboard.contributions.submissions.grid.draft import (
    LONGEST_CELL,
    MAX_UNFIT_LETTERS,
    MOST_ROWS,
    GridStale,
    GridUnplaced,
    TypedGrid,
    list_unfit,
    open_grid,
    save,
    undo,
)
from dashboard.contributions.submissions.grid.sending import find_faults, is_of_grid, send
from dashboard.contributions.submissions.keeping import drafts
from dashboard.contributions.submissions.model import MoveNotAllowed
from dashboard.contributions.submissions.offices import choice
from dashboard.contributions.submissions.offices import store as offices
from dashboard.contributions.submissions.rules.ground import list_accepted
from dashboard.contributions.submissions.tables import GridDraftRow
from dashboard.evidence.database.engine import reading, writing
from tests.contributions.submissions.conftest import GOOD, YEAR, Desk, person, workbook
from tests.contributions.submissions.test_closed import publish

SENT = ["battery_1662_exit", "complaints_in_time", "nps"]
WAY = {"method": "user_survey", "who": "Agency", "population": "Visitors", "period_of_work": "May"}
NONE = MappingProxyType[str, MappingProxyType[str, str]]({})


@pytest.fixture
def office(desk: Desk) -> Desk:
    """A desk whose office has chosen three indicators."""
    choice.choose(desk.settings, desk.book, desk.by, SENT)
    return desk


def keep(
    desk: Desk, cells: dict[str, dict[str, str]], version: int = 0, page: str = "one", year: str = YEAR
) -> TypedGrid:
    return save(desk.settings, desk.book, desk.by, year, cells, version, page)


def faults(desk: Desk, grid: TypedGrid) -> set[tuple[str, str, str]]:
    found = find_faults(desk.settings, desk.book, desk.by, grid)
    return {(one.key, one.column, one.finding.rule) for one in found}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("61,5\t800\r\n75\t400\r\n", [["61,5", "800"], ["75", "400"]]),  # Excel ends every block so
        ("61.5\n75\n40", [["61.5"], ["75"], ["40"]]),  # LibreOffice does not
        ("1\r2\r", [["1"], ["2"]]),
        ('5\t"First\nSecond"\r\n6\tplain', [["5", "First Second"], ["6", "plain"]]),
        ('"a\tb"\tc', [["a b", "c"]]),
        ('"He said ""no""\nand left"\t2', [['He said "no" and left', "2"]]),
        ('5" pipe\t2\n"open\t3', [['5" pipe', "2"], ['"open', "3"]]),  # quotes that end with no cell are words
        ('"in" the middle\t1', [['"in" the middle', "1"]]),
        ("\t\t\n7", [["", "", ""], ["7"]]),
        ("1\n\n2", [["1"], [""], ["2"]]),
        ("1\n\n\n", [["1"]]),
        ("٦١٫٥\t12,5 %\t1\u00a0234,5\t=1+1", [["٦١٫٥", "12,5 %", "1\u00a0234,5", "=1+1"]]),
        ("\u200f61\u200e\x00\x07", [["61"]]),
        ("", [[""]]),
        ('"', [['"']]),
    ],
)
def test_a_block_is_read_as_spreadsheets_write_it(text: str, rows: list[list[str]]) -> None:
    assert read_block(text) == rows


def test_a_block_of_ten_thousand_cells_is_refused_by_name_and_at_once() -> None:
    for block in ("\t".join("1" * 100) + "\n") * 100, "\t" * 10_000, '"\t' * 10_000, "\n" * 5_000 + "1":
        with pytest.raises(GridRefused) as refused:
            read_block(block)
        assert (refused.value.code, refused.value.values) == ("block_cells", {"most": str(MOST_CELLS)})
    assert len(read_block("\t" * (MOST_CELLS - 1))[0]) == MOST_CELLS


def test_a_block_goes_over_the_cells_below_and_beside_and_is_taken_back(office: Desk) -> None:
    before = keep(office, {"nps": {"value": "1"}})
    assert [row.key for row in before.rows] == ["battery_1662_exit", "nps", "complaints_in_time"]
    pasted = keep(office, {"battery_1662_exit": {"value": "61,5\t800\r\n40\t300\r\n"}}, 1)
    after = {"battery_1662_exit": {"value": "61,5", "sample": "800"}, "nps": {"value": "40", "sample": "300"}}
    assert pasted.cells == after
    assert undo(office.settings, office.book, office.by, YEAR, 2, "one").cells == {"nps": {"value": "1"}}
    assert undo(office.settings, office.book, office.by, YEAR, 3, "one").cells == after


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("value", "1\n2\n3", "block_size"),
        ("denominator", "1\t2", "block_size"),
        ("value", "1\t" * 10_000, "block_cells"),
        ("value", "1" * (LONGEST_CELL + 1), "cell"),
        ("note", "n" * 501, "cell"),
    ],
)
def test_what_does_not_fit_stays_in_its_cell_and_keeps_nothing_else_from_being_kept(
    office: Desk, column: str, text: str, code: str
) -> None:
    unfit = keep(office, {"nps": {column: text}, "battery_1662_exit": {"value": "60"}})
    assert unfit.cells == {"nps": {column: text}, "battery_1662_exit": {"value": "60"}}
    assert [(cell.key, cell.column, cell.refusal.code) for cell in list_unfit(unfit)] == [("nps", column, code)]
    assert not any(key == "nps" and name == column for key, name, _ in faults(office, unfit))
    with pytest.raises(GridRefused) as refused:
        send(office.settings, office.book, office.by, YEAR, 1, "en")
    assert refused.value.code == code
    later = keep(office, {"complaints_in_time": {"value": "75"}}, 1)
    assert later.cells == {**unfit.cells, "complaints_in_time": {"value": "75"}}
    mended = keep(office, {"nps": {column: "12"}}, 2)
    assert (mended.cells["nps"], list_unfit(mended)) == ({column: "12"}, [])
    assert undo(office.settings, office.book, office.by, YEAR, 3, "one").cells == later.cells


def test_a_long_word_of_a_block_is_marked_in_its_own_cell(office: Desk) -> None:
    grid = keep(office, {"nps": {"value": f"1\t{'2' * 101}"}})
    assert grid.cells == {"nps": {"value": "1", "sample": "2" * 101}}
    assert [(cell.key, cell.column, cell.refusal.code) for cell in list_unfit(grid)] == [("nps", "sample", "cell")]


def test_a_block_is_spread_once_there_is_room_for_it(office: Desk) -> None:
    keep(office, {"complaints_in_time": {"value": "1\n2"}, "nps": {"value": "40"}})
    grid = keep(office, {"complaints_in_time:FEMALE": {}}, 1)
    assert (grid.cells["complaints_in_time"], grid.cells["complaints_in_time:FEMALE"]) == (
        {"value": "1"},
        {"value": "2"},
    )
    assert list_unfit(grid) == []


@pytest.mark.parametrize("key", ["csat_exit_poll", "nps:", "nps:ELSE"])  # the first was not chosen
def test_a_row_that_the_office_does_not_send_is_named_and_the_rest_is_kept(office: Desk, key: str) -> None:
    with pytest.raises(GridUnplaced) as refused:
        keep(office, {key: {"value": "1"}, "battery_1662_exit": {"value": "60"}})
    assert (refused.value.code, refused.value.grid.cells) == ("row", {"battery_1662_exit": {"value": "60"}})
    assert [(cell.key, cell.column) for cell in refused.value.cells] == [(key, "value")]


def test_more_unfit_words_than_a_table_holds_are_named_and_what_stood_there_stays(office: Desk) -> None:
    half = "1" * (MAX_UNFIT_LETTERS // 2)
    keep(office, {"nps": {"value": half}, "complaints_in_time": {"value": half}})
    with pytest.raises(GridUnplaced) as refused:
        keep(office, {"nps": {"value": half + "1", "sample": "800"}}, 1)
    assert refused.value.grid.cells["nps"] == {"value": half, "sample": "800"}
    assert [(cell.key, cell.column) for cell in refused.value.cells] == [("nps", "value")]


def test_words_of_a_note_are_no_block(office: Desk) -> None:
    notes = {"nps": {"value": "40\n", "note": "First line\nsecond line"}, "complaints_in_time": {"note": '"a\nb"'}}
    grid = keep(office, notes)
    assert grid.cells == {
        "nps": {"value": "40", "note": "First line second line"}, "complaints_in_time": {"note": "a b"},
    }  # fmt: skip


def test_a_table_has_at_most_so_many_rows(office: Desk) -> None:
    every = [one.id for one in list_accepted(office.book)]
    choice.choose(office.settings, office.book, office.by, every)
    grid = keep(office, {f"{one}:FEMALE": {} for one in every} | {f"{one}:MALE": {} for one in every})
    assert len(grid.rows) == 3 * len(every)
    with pytest.raises(GridUnplaced) as refused:
        keep(office, {f"{one}:{group}": {} for one in every for group in ("URBAN", "RURAL")}, grid.version)
    assert refused.value.code == "rows"
    assert (
        len(refused.value.grid.rows) == len(open_grid(office.settings, office.book, office.by, YEAR).rows) <= MOST_ROWS
    )


def test_who_knows_an_older_version_is_told_and_overwrites_nothing(office: Desk) -> None:
    keep(office, {"nps": {"value": "40"}}, 0, "one")
    with pytest.raises(GridStale) as stale:
        keep(office, {"nps": {"value": "50"}, "complaints_in_time": {"value": "75"}}, 0, "two")
    assert (stale.value.grid.version, stale.value.grid.cells) == (1, {"nps": {"value": "40"}})
    mine = keep(office, {"complaints_in_time": {"value": "75"}}, 1, "two")
    assert mine.cells == {"nps": {"value": "40"}, "complaints_in_time": {"value": "75"}}
    with pytest.raises(GridStale):
        undo(office.settings, office.book, office.by, YEAR, 1, "one")
    with pytest.raises(GridStale):
        send(office.settings, office.book, office.by, YEAR, 1, "en")


def test_a_window_whose_answer_was_lost_says_the_same_again(office: Desk) -> None:
    keep(office, {"nps": {"value": "40"}}, 0, "one")
    assert keep(office, {"nps": {"value": "40"}}, 0, "one").version == 1, "nothing is kept twice"
    assert keep(office, {"nps": {"value": "41"}}, 0, "one").cells == {"nps": {"value": "41"}}


def test_two_who_keep_at_once_are_one_kept_and_one_told(office: Desk, record: Engine) -> None:
    values = {
        "mark": "m", "cells": {}, "before": {}, "hands": {}, "account": 1, "page": "", "saved_at": datetime.now(UTC),
        "submission": None,
    }  # fmt: skip
    kept = []
    for version in (0, 0, 1, 1):
        with writing(record) as connection:
            kept.append(grids.keep_draft(connection, ("AZE", 1, YEAR), version, values))
    assert kept == [True, False, True, False]


def test_faults_are_those_of_a_file_at_their_cells(office: Desk) -> None:
    grid = keep(office, {
        "battery_1662_exit": {"value": "0,615", "note": "12"}, "nps": {"value": "=1+1", "reason": "because"},
        "complaints_in_time": {"value": "140", "numerator": "300"},
    })  # fmt: skip
    assert faults(office, grid) >= {
        ("battery_1662_exit", "value", "share_as_fraction"), ("battery_1662_exit", "note", "note_is_number"),
        ("nps", "value", "formula_text"), ("nps", "reason", "reason_unknown"),
        ("complaints_in_time", "value", "out_of_bounds"), ("complaints_in_time", "numerator", "numerator_alone"),
    }  # fmt: skip
    made = send(office.settings, office.book, office.by, YEAR, grid.version, "en")
    of_file = workflow.detail(office.settings, office.by, made.id)[1]
    told = {(one.rule, one.values.get("of", "")) for one in of_file if one.row}
    assert told == {(rule, key) for key, _, rule in faults(office, grid)}


def test_numbers_are_read_as_ministries_write_them(office: Desk) -> None:
    cells = {"battery_1662_exit": {"value": "12,5 %"}, "complaints_in_time": {"value": "٧٥٫٥"}, "nps": {"value": "-3"}}
    grid = keep(office, cells)
    assert [one for one in faults(office, grid) if one[2] != "jump"] == []
    assert send_on(office, grid) == {
        ("battery_1662_exit", 12.5), ("complaints_in_time", 75.5), ("nps", -3.0),
    }  # fmt: skip


def send_on(desk: Desk, grid: TypedGrid) -> set[tuple[str, float]]:
    """From a table to what is published of its year."""
    made = send(desk.settings, desk.book, desk.by, grid.period, grid.version, "en")
    intake.set_method(desk.settings, desk.book, desk.by, made.id, WAY)
    publish(desk, workflow.see(desk.settings, desk.by, made.id))
    known = publication.history(desk.settings, desk.book, "AZE").filter(period=grid.period)
    return set(known.select("indicator", "value").rows())


def test_only_what_is_filled_in_is_sent_and_what_is_published_stays(office: Desk) -> None:
    """A correction of one figure; the table shows those before, and afterwards begins anew."""
    publish(office, office.send(workbook(GOOD)))
    workflow.reopen(office.settings, office.reviewer, "AZE", "figures", YEAR, "A slip", office=1)
    grid = keep(office, {"complaints_in_time": {"value": "60"}, "nps": {"value": ""}})
    assert [(row.key, row.last_value) for row in grid.rows] == [
        ("battery_1662_exit", 61.5), ("battery_1662_exit:FEMALE", 63.0), ("battery_1662_exit:MALE", 60.0),
        ("nps", None), ("complaints_in_time", 75.0),
    ]  # fmt: skip
    assert [row.key for row in grid.filled] == ["complaints_in_time"]
    assert send_on(office, grid) == {
        ("battery_1662_exit", 61.5), ("battery_1662_exit", 63.0), ("battery_1662_exit", 60.0),
        ("complaints_in_time", 60.0),
    }  # fmt: skip
    workflow.reopen(office.settings, office.reviewer, "AZE", "figures", YEAR, "Another slip", office=1)
    anew = open_grid(office.settings, office.book, office.by, YEAR)
    assert (anew.cells, anew.sent, anew.may_undo) == ({}, 2, False)
    after = keep(office, {"nps": {"value": "40"}}, anew.version)
    assert (after.cells, after.sent) == ({"nps": {"value": "40"}}, None)


def test_a_table_that_is_sent_again_is_one_submission_until_it_changes(office: Desk) -> None:
    grid = keep(office, {"nps": {"value": "40"}, "complaints_in_time:FEMALE": {}})
    first = send(office.settings, office.book, office.by, YEAR, 1, "en")
    assert (first.state, first.rows, first.intent) == ("checked", 1, "corrects")
    assert send(office.settings, office.book, office.by, YEAR, 1, "en").id == first.id
    assert is_of_grid(office.settings, first)
    keep(office, {"nps": {"value": "41"}}, grid.version)
    second = send(office.settings, office.book, office.by, YEAR, 2, "en")
    assert second.id != first.id
    assert workflow.see(office.settings, office.by, first.id).state == "withdrawn"
    workflow.make(office.settings, office.by, second.id, "withdraw")
    third = send(office.settings, office.book, office.by, YEAR, 2, "en")
    assert third.state == "checked", "withdrawn by its owner, the table is sent anew"
    assert third.id != second.id


def test_a_submission_that_was_begun_and_never_noted_is_not_made_twice(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(office, {"nps": {"value": "40"}})
    with monkeypatch.context() as broken:
        broken.setattr(grids, "set_submission", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send(office.settings, office.book, office.by, YEAR, 1, "en")
    made = send(office.settings, office.book, office.by, YEAR, 1, "en")
    with reading(_engine(office)) as connection:
        assert [one.id for one in store.listing(connection)] == [made.id]


def test_whoever_wrote_in_it_does_not_approve_it(office: Desk) -> None:
    helper = person(31, Role.CONTRIBUTOR)
    save(office.settings, office.book, helper, YEAR, {"nps": {"value": "40"}}, 0, "two")
    keep(office, {"complaints_in_time": {"value": "75"}}, 1)
    made = send(office.settings, office.book, office.by, YEAR, 2, "en")
    intake.set_method(office.settings, office.book, office.by, made.id, WAY)
    workflow.make(office.settings, office.by, made.id, "submit")
    for number, code in ((31, "four_eyes"), (1, "four_eyes"), (32, "")):
        refused = ""
        try:
            workflow.make(office.settings, person(number, Role.APPROVER), made.id, "approve")
        except MoveNotAllowed as error:
            refused = error.code
        assert refused == code


def test_a_table_is_its_offices_own(office: Desk, record: Engine) -> None:
    other = replace(person(5, Role.CONTRIBUTOR), office_number=2)
    abroad = person(6, Role.CONTRIBUTOR, "TUR")
    keep(office, {"nps": {"value": "40"}})
    for one in (other, abroad):
        choice.choose(office.settings, office.book, one, SENT)
        grid = open_grid(office.settings, office.book, one, YEAR)
        assert (grid.cells, grid.version) == ({}, 0)
    with writing(record) as connection:
        offices.assign(connection, "AZE", "nps", 2)
    with pytest.raises(GridRefused, match="nps"):
        keep(office, {"nps": {"value": "41"}}, 1)
    assert open_grid(office.settings, office.book, office.by, YEAR).filled == []
    for nobody in (person(7, Role.APPROVER), person(8, Role.REVIEWER, "")):
        with pytest.raises(MoveNotAllowed):
            open_grid(office.settings, office.book, nobody, YEAR)


def test_figures_of_another_office_are_told_at_their_cell(office: Desk) -> None:
    publish(office, office.send(workbook(GOOD)))
    other = replace(person(5, Role.CONTRIBUTOR), office_number=2)
    choice.choose(office.settings, office.book, other, SENT)
    grid = save(office.settings, office.book, other, YEAR, {"complaints_in_time": {"value": "60"}}, 0)
    found = find_faults(office.settings, office.book, other, grid)
    assert ("complaints_in_time", "value", "figure_contested") in {(it.key, it.column, it.finding.rule) for it in found}


def test_a_closed_year_is_neither_kept_nor_sent(office: Desk, record: Engine) -> None:
    keep(office, {"nps": {"value": "40"}})
    with writing(record) as connection:
        store.set_period(connection, "AZE", "figures", YEAR, 1, closed=True)
    for act in (
        lambda: keep(office, {"nps": {"value": "41"}}, 1),
        lambda: send(office.settings, office.book, office.by, YEAR, 1, "en"),
        lambda: open_grid(office.settings, office.book, office.by, str(int(YEAR) + 2)),
    ):
        with pytest.raises(MoveNotAllowed) as refused:
            act()
        assert refused.value.code in ("closed", "period")


def test_nothing_filled_in_is_nothing_to_send(office: Desk) -> None:
    grid = keep(office, {"nps:FEMALE": {}, "nps": {"value": " "}})
    assert [row.key for row in grid.rows][1:3] == ["nps", "nps:FEMALE"]
    with pytest.raises(MoveNotAllowed) as refused:
        send(office.settings, office.book, office.by, YEAR, grid.version, "en")
    assert refused.value.code == "grid_empty"


def test_a_file_more_than_there_is_room_for_is_refused_and_the_table_stays(office: Desk) -> None:
    few = office.settings.model_copy(
        update={"submissions": office.settings.submissions.model_copy(update={"account_files": 1})}
    )
    office.send(workbook(GOOD))
    keep(office, {"nps": {"value": "40"}})
    with pytest.raises(Exception, match="files open"):
        send(few, office.book, office.by, YEAR, 1, "en")
    assert open_grid(office.settings, office.book, office.by, YEAR).cells == {"nps": {"value": "40"}}


def test_a_table_that_nobody_goes_on_with_ends_as_drafts_do(office: Desk, record: Engine) -> None:
    days = timedelta(days=office.settings.submissions.draft_days)
    for year, age in ((YEAR, days), (str(int(YEAR) - 1), days - timedelta(minutes=5))):
        keep(office, {"nps": {"value": "40"}}, year=year)
        with writing(record) as connection:
            old = datetime.now(UTC) - age
            here = col(GridDraftRow.period) == year
            connection.execute(update(GridDraftRow).where(here).values(saved_at=old))
    drafts.sweep(office.settings)
    with reading(record) as connection:
        left = [grids.find_draft(connection, ("AZE", 1, year)) is not None for year in (YEAR, str(int(YEAR) - 1))]
    assert left == [False, True]


def _engine(desk: Desk) -> Engine:
    from dashboard.evidence.database.engine import open_engine

    return open_engine(desk.settings)
