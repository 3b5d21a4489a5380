"""A workbook from outside costs what a table costs, says what is wrong, and gives no figure that nobody printed."""

import io
import resource
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from data_sources.errors import Changed
from data_sources.observations import Noticed
from data_sources.tables import Cells
from data_sources.tables import read_sheet as read_table
from data_sources.workbook import LIMITS, Inspection, SheetFacts, guard, inspection, read_sheet, reading
from tests.data_sources.shapes import workbook

PLAIN = workbook(Figures=[["area", "score"], ["ATA", 1.5], ["ATB", 2]])
SHEET = "xl/worksheets/sheet1.xml"


def changed(body: bytes, parts: Mapping[str, str | bytes], without: str = "") -> bytes:
    """The workbook with these parts added or put in place of its own."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry not in parts and entry != without:
                new.writestr(entry, old.read(entry))
        for part, content in parts.items():
            new.writestr(part, content)
    return written.getvalue()


def sheet(cells: str) -> bytes:
    """A workbook whose one sheet has this XML for its data."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return changed(PLAIN, {SHEET: f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'})


def calculated(write: Callable[[xlsxwriter.worksheet.Worksheet], object]) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        write(book.add_worksheet("S"))
    return written.getvalue()


def code_of(body: bytes, **options: object) -> str:
    with pytest.raises(Changed) as raised:
        guard(body, "f.xlsx", **options)  # type: ignore[arg-type]
    assert "f.xlsx" in str(raised.value)
    return raised.value.code


def test_cells_are_where_the_spreadsheet_has_them() -> None:
    book = openpyxl.Workbook()
    book.active["C3"], book.active["D4"], book.active["E5"] = "x", -1.040907382965088, True
    written = io.BytesIO()
    book.save(written)
    read = read_sheet(written.getvalue(), 0)
    assert read.rows[2] == ("", "", "x", "", "")
    assert (read.rows[3], read.rows[4][4]) == (("", "", "", "-1.040907382965088", ""), "true")


def a_sheet_of(rows: int, blank: int = 0) -> bytes:
    """So many rows with a value, and after them rows that only have a look."""
    filled = "".join(f'<row r="{at}"><c r="A{at}"><v>{at}</v></c></row>' for at in range(1, rows + 1))
    return sheet(filled + "".join(f'<row r="{rows + at}"><c r="A{rows + at}" s="1"/></row>' for at in range(blank)))


@pytest.mark.parametrize(
    ("rows", "blank", "refused"), [(50, 0, False), (50, 9_000, False), (51, 0, True), (9_000, 0, True)]
)
def test_too_many_rows_are_refused_before_a_cell_is_looked_at(
    rows: int, blank: int, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection, "CHUNK", 1_000)  # marks lie across its ends
    limits = replace(LIMITS, rows=50)
    if not refused:
        assert guard(a_sheet_of(rows, blank), "f.xlsx", limits=limits).sheets[0].last_row == rows
        return
    monkeypatch.setattr(inspection, "MarkupCells", None)
    assert code_of(a_sheet_of(rows, blank), limits=limits) == "too_many_rows"


def test_two_cells_far_apart_are_not_fifty_million() -> None:
    body = sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="500000"><c r="CV500000"><v>2</v></c></row>')
    assert len(body) < 5_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert code_of(body) == "too_many_cells"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB
    with pytest.raises(Changed, match="A1 to CV500000, 50000000 cells"):
        read_sheet(body, 0, "f.xlsx")


def test_formats_without_content_do_not_count() -> None:
    body = sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert guard(body).sheets[0].last_row == 1
    assert read_sheet(body, 0).rows == (("1",),)


def test_what_unpacks_to_a_hundred_times_its_size_is_refused() -> None:
    body = sheet("<row><c><v>1</v></c></row>" + " " * 40_000_000)
    assert code_of(body) == "expands_too_much"
    assert code_of(body, limits=replace(LIMITS, ratio=10_000, unpacked=30_000_000)) == "expands_too_much"
    assert guard(body, limits=replace(LIMITS, ratio=10_000)).sheets[0].last_row == 1


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    body = bytearray(sheet("<row><c><v>1</v></c></row>" + " " * 1_000_000))
    with zipfile.ZipFile(io.BytesIO(bytes(body))) as archive:
        size = archive.getinfo(SHEET).file_size
    at = body.rindex(size.to_bytes(4, "little"))
    body[at : at + 4] = (1000).to_bytes(4, "little")
    assert code_of(bytes(body)) == "not_a_workbook"


def test_a_long_text_used_a_thousand_times_is_counted_a_thousand_times() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    lines = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 1001))
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    body = changed(
        sheet(lines),
        {
            "xl/sharedStrings.xml": f'<sst xmlns="{main}"><si><t>{"x" * 100_000}</t></si></sst>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">'
            f'<Relationship Id="r1" Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="s" Type="{kind}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        },
    )
    assert code_of(body) == "too_many_cells"


@pytest.mark.parametrize(
    ("body", "code", "advice"),
    [
        (changed(PLAIN, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "macros", "without macros"),
        (
            changed(
                PLAIN,
                {
                    "[Content_Types].xml": '<Types><Override PartName="/xl/workbook.xml" ContentType="application/'
                    'vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
                },
            ),
            "macros",
            "without macros",
        ),
        (changed(PLAIN, {"xl/macrosheets/sheet1.xml": "<m/>"}), "macros", "without macros"),
        (changed(PLAIN, {"xl/externalLinks/externalLink1.xml": "<e/>"}), "external_links", "the values"),
        (changed(PLAIN, {"xl/connections.xml": "<c/>"}), "external_links", "the values"),
        (
            changed(
                PLAIN,
                {
                    "xl/worksheets/_rels/sheet1.xml.rels": '<Relationships><Relationship Id="r" Type="x/oleObject" '
                    'Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
                },
            ),
            "external_links",
            "the values",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "encrypted_workbook",
            "remove it",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not_a_workbook", "XLSX"),
        (changed(PLAIN, {"xl/workbook.bin": b""}, without="xl/workbook.xml"), "not_a_workbook", "XLSX"),
        (
            changed(PLAIN, {SHEET: '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>'}),
            "doctype",
            "save it again",
        ),
        (changed(PLAIN, {SHEET: "<worksheet><sheetData>"}), "not_a_workbook", "save it again"),
        (changed(PLAIN, {SHEET: '<?xml version="1.0" encoding="TF-8"?><worksheet/>'}), "not_a_workbook", "TF-8"),
        (b"area,score\nATA,1\n", "not_a_workbook", "save it again"),
    ],
    ids=[
        "macros", "macro type", "XLM macros", "external link", "connection", "object outside", "password", "XLS",
        "XLSB", "entities", "broken XML", "unknown encoding", "no archive",
    ],
)  # fmt: skip
def test_what_nobody_should_open_is_refused_with_advice(body: bytes, code: str, advice: str) -> None:
    with pytest.raises(Changed, match=advice) as raised:
        guard(body, "f.xlsx")
    assert raised.value.code == code


def test_links_of_a_known_publisher_are_noted_and_web_addresses_are_no_links() -> None:
    body = changed(PLAIN, {"xl/externalLinks/externalLink1.xml": "<e/>"})
    assert [found.code for found in guard(body, external_links="note").findings] == ["external_links"]
    assert read_table("f.xlsx", body, 0, ["score"]).findings[0].code == "external_links"
    address = (
        '<Relationships><Relationship Id="r" Type="x/hyperlink" Target="https://a.example" TargetMode="External"/>'
        "</Relationships>"
    )
    assert not guard(changed(PLAIN, {"xl/worksheets/_rels/sheet1.xml.rels": address})).findings


def test_a_formula_without_a_stored_value_is_no_figure() -> None:
    body = sheet(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>area</t></is></c><c r="B1" t="inlineStr"><is><t>score</t></is></c>'
        '</row><row r="2"><c r="A2" t="inlineStr"><is><t>ATA</t></is></c><c r="B2"><f>1+1</f></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>ATB</t></is></c><c r="B3"><f>1+1</f><v>2</v></c></row>'
        '<row r="4"><c r="A4" t="inlineStr"><is><t>ATC</t></is></c><c r="B4"><f>1-1</f><v>0</v></c></row>'
    )
    inspection = guard(body, "f.xlsx")
    assert inspection.sheets[0].without_value == ("B2",)
    assert [(f.code, f.where, f.count) for f in inspection.findings] == [("formula_without_value", "Figures", 1)]
    table = read_table("f.xlsx", body, 0, ["area", "score"])
    assert [cells["score"] for _, cells in table.rows] == ["", "2", "0"]
    noticed = Noticed("score")
    assert Cells(table, {}, noticed).figure(2, table.rows[0][1], "score").status == "missing"  # type: ignore[union-attr]
    assert "B2" in noticed.findings()[0].message


def test_a_nought_stored_by_a_program_that_does_not_calculate_is_no_figure() -> None:
    body = calculated(lambda page: [page.write_formula("A1", "=1+1"), page.write_formula("A2", "=1+1", None, 2)])
    assert guard(body).sheets[0].without_value == ("A1",)
    assert read_sheet(body, "S").rows == (("",), ("2",))


def test_errors_of_the_spreadsheet_are_said_as_they_are_printed() -> None:
    body = sheet('<row r="2"><c r="B2" t="e"><v>#DIV/0!</v></c><c r="C2"><v>3</v></c></row>')
    assert read_sheet(body, 0).rows[1] == ("", "#DIV/0!", "3")


def test_the_reader_ends_at_its_limits_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(LIMITS, memory=64 * 2**20)
    with pytest.raises(Changed, match="within 64 MB") as raised:
        read_sheet(PLAIN, 0, "f.xlsx", limits=small)
    assert raised.value.code == "workbook_too_costly"
    monkeypatch.setattr(reading, "guard", lambda body, name, **_: Inspection((SheetFacts("S"),)))
    with pytest.raises(Changed) as raised:
        read_sheet(PLAIN, 0, "f.xlsx")
    assert raised.value.code == "sheet_missing"  # the reader's own refusal comes through


def test_this_process_never_loads_the_reading_library() -> None:
    """Nothing of what parses a workbook's cells runs where the server runs."""
    for path in (Path(reading.__file__).parents[1]).rglob("*.py"):
        if "fastexcel" in path.read_text(encoding="utf-8"):
            assert path == Path(reading.__file__), path
    assert "fastexcel" not in vars(reading)


def test_hidden_sheets_are_known() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Secret").sheet_state = "hidden"
    written = io.BytesIO()
    book.save(written)
    assert [(s.name, s.hidden) for s in guard(written.getvalue()).sheets] == [("Sheet", False), ("Secret", True)]


def test_an_empty_sheet_has_no_rows() -> None:
    assert read_sheet(workbook(S=[]), 0).rows == ()
