"""Workbooks of older and other programs: XLS and ODS, read as what stands in them or refused by name."""

import base64
import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import fastexcel
import pytest

from dashboard.contributions.submissions.model import Finding, UploadRefused
from dashboard.contributions.submissions.reading.books import xls
from dashboard.contributions.submissions.reading.extract import ExtractedFile, extract
from dashboard.contributions.submissions.workbooks.marked import marked
from dashboard.evidence.codebook.model import Codebook
from data_sources.workbook import WorkbookLimits
from tests.contributions.submissions.conftest import YEAR
from tests.contributions.submissions.fuzz import check_extracted

HEAD = ["Показатель", "Группа", "Год", "Значение", "Примечание"]
_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("draw", "drawing"),
    )
)
_SPACES += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def cell(value: object) -> str:
    """A cell as LibreOffice writes it; a tuple is the markup of its own attributes and what it shows."""
    if isinstance(value, tuple):
        return f"<table:table-cell {value[0]}><text:p>{value[1]}</text:p></table:table-cell>"
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        said = f"<text:p>{escape(value)}</text:p>"
        return f'<table:table-cell office:value-type="string">{said}</table:table-cell>'
    said = f"<text:p>{value}</text:p>"
    return f'<table:table-cell office:value-type="float" office:value="{value}">{said}</table:table-cell>'


def ods(
    *rows: Sequence[object], before: str = "", after: str = "", styles: str = "", parts: dict[str, bytes] | None = None,
    name: str = "Лист1", rest: str = "", marks: Sequence[str] = (),
) -> bytes:  # fmt: skip
    """A spreadsheet of these rows; ``marks`` are attributes of its rows, one each."""
    lines = "".join(
        f"<table:table-row {marks[at] if at < len(marks) else ''}>{''.join(map(cell, row))}</table:table-row>"
        for at, row in enumerate(rows)
    )
    table = f"<table:table table:name={quoteattr(name)} table:style-name='ta1'>{before}{lines}{after}</table:table>"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES}><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:spreadsheet>{table}{rest}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        for part, body in (parts or {"META-INF/manifest.xml": b"<a/>"}).items():
            archive.writestr(part, body)
    return held.getvalue()


def read(folder: Path, book: Codebook, body: bytes, name: str = "f.ods") -> tuple[ExtractedFile, list[Finding]]:
    (folder / "file").write_bytes(body)
    found = extract(folder / "file", name, {}, book)
    return found, check_extracted(found)


def figures(found: ExtractedFile) -> list[tuple[Any, ...]]:
    return found.figures.select("row", "indicator", "dimensions", "value").rows()


OLD = zlib.decompress(base64.b85decode(
    'c-rk)O=w(I6h8O8^Zw>Plf>GFrb8gL)+nh-YN(x`#GgUb+PYDy5K}XYq3I+{XHf-hwPvRvx>DR!s^}(d7yhA^x^p2^>_QNP#Nx`8px`3Sc+P'
    'qEjq}DQG*AOAa~|)!d(J)gyXW3>&v|d=`^!BmXD)18g$^o!3F}P{>^7aE+Y5vYP=B+@&EV<M-R#m$MV?E6v@Q5D`JKZt<an=w0q5}>;sC$U{'
    'VXiPfrVNnw}~_@KFliiA+M0mo&oRCor106S62A*!h40E6WgzZmqhc1@I2YBsKao%cwqOWKF3cRL(-QbuHZ8n^OI=yKtFuT=lJBC%D1&(s$QL'
    ')zg0R0F#%_RVqLD(Ds`4U_y7=K^q$e-L5#zPd<IAu8Xj7KJ`&EtpUoV=A3^3{%60Xdt5-n!zruRwKlCm|GfMAKU_1418x;3b(0opD8Z1$wJY'
    '#W>r3P>kr*IngkTwqEF+M;hJTX7FOu0zLxJ7b@YyWzaI~A;frv@Z52>{d}jV|LM;xSM=uz>q;6z`*Z8Yl36d<<<+y;#Brut?V^nk*J@99>Xb'
    'Fi)B?8Rp542_K<E&HW^lsmoWJ0JX*AG*^~<oxm{~POgnpf0|0e!m-8qN~5|^o2kz>Dp{?Wt=1aHXR5WCM)g?50ku~qd4%xt_$ZQMKY6s5Ch-'
    '-N3X}JaOyq`X7RE1$i&T!LWEBPW_IBB+0*zs}_95lli5R~srL<;3r8Ox9CqaA;($emcZOl;I);|9IhsTc`EY67Ll)O&;tsUk#K@(o#5s8;%y'
    'a8{;)AC9NBPGw2So18q1>r8?ugWX~(%vS#kHSOGod^4M<Kfd{^P2STq<P1Lt`zTRYwx1=(r<@8A6&Xxyp!6?<<%GamVYdsfgw6ubK<9h(=eh'
    '&)VuF6eNhaaN|)=Og>U^=>2{5btiXV#{?bUpHHZmfk0{u}kUb1r_&dmBeaX=K=}RU_W=lenuq9a}SsK}lKsE*0*7l|#a~Qv-wU~nZ{tjSHI@'
    'C6d>1s@rH1IKV8WRPRKcQYWSPD=~iXhUJ)w_DN$Ou*&Lg1Ap2r=!IC0@m~S5^zJ7sgJqSBzpupx7Z4TTl|(E4zi__wlYJ^_rXrEGM*2j$oxU'
    'mJ?c`BUm5J-+g86{H{xk=SJYUAv{;`(i+bV;kklWdi|3V+t2ks$ar1^o)=oH7xK?*;n}dAB-H1HKVy9m2M$Y$iMz1~_*e)&7IHV%g0~D;!p}'
    '#Qk>U|Z@z&w+rFNuv2q`W|j$$MZo7sVs5F{!-aFI4Cp_78GlO5I<$vP?4Z1JnCCLtOF3Pu(_<y@k#sekB37B=W8Y+T5K9-rTgh0OOo91*4-D'
    'P^*&5Vfma>Qa}ww7KMec7eS1{7)9Yo;&(~oojTjcmF22W$8&+psPVY3?G6TJ?rqohR)Az^kXr=Qr9^q_`i_pDVn_wN8yP0adgAym)^&!eLdG'
    'bFmvNlXruG5Z^Y04dH%lv4y<p^'
))  # fmt: skip
"""A workbook of the old form, as xlwt 1.3.0 writes it: a table from B2 on, its fourth row and its column C hidden."""

Y = int(YEAR)
PERCENT = ('office:value-type="percentage" office:value="0.615"', "61,5%")


def test_an_open_document_is_read_as_it_shows_its_numbers(tmp_path: Path, book: Codebook) -> None:
    body = ods(
        ["Отчёт"], HEAD, ["nps", "Всего", Y, 40, "да"], ["completion_rate", None, Y, PERCENT],
        ["complaints_in_time", "женщины", Y, ('office:value-type="string"', "81,4<text:s/>%")],
        after='<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
    )  # fmt: skip
    found, told = read(tmp_path, book, body)
    assert figures(found) == [
        (3, "nps", "{}", 40.0), (4, "completion_rate", "{}", 61.5), (5, "complaints_in_time", '{"Sex":"FEMALE"}', 81.4),
    ]  # fmt: skip
    assert found.figures["value_percent"].to_list() == [False, True, True]
    assert {one.rule for one in told if one.severity == "error"} <= {"method_missing"}
    theirs = fastexcel.read_excel(body).load_sheet(0, header_row=None, dtypes="float").to_polars()
    assert theirs.to_series(3).to_list()[2:4] == [40.0, 0.615], "another reader sees the same cells"
    assert fastexcel.read_excel(marked(tmp_path / "file", "f.ods", told, "en")).sheet_names == ["Findings"]


def test_repeated_cells_and_rows_stand_as_often_as_they_say(tmp_path: Path, book: Codebook) -> None:
    twice = ('office:value-type="float" office:value="40" table:number-columns-repeated="2"', "40")
    body = ods(["Показатель", 2023, 2024], ["nps", twice], ["complaints_in_time", 81, 82], marks=["", "", ""])
    found, _ = read(tmp_path, book, body)
    assert found.figures.sort("row", "period").select("row", "period", "value").rows() == [
        (2, "2023", 40.0), (2, "2024", 40.0), (3, "2023", 81.0), (3, "2024", 82.0)
    ]  # fmt: skip
    marks = ["", 'table:number-rows-repeated="2"']
    found, told = read(tmp_path, book, ods(HEAD, ["nps", "Всего", Y, 40], ["completion_rate", "", Y, 50], marks=marks))
    assert [row for row, *_ in figures(found)] == [2, 3, 4]
    assert ("row_twice", "A3") in {(one.rule, one.cell) for one in told}


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (('table:formula="of:=1+2"', ""), "formula_no_value"),
        (('table:formula="of:=1+2" office:value-type="float"', ""), "formula_no_value"),
        (('table:formula="of:=1/0" office:value-type="float" office:value="0" calcext:value-type="error"', "#DIV/0!"),
         "error_value"),
        (('table:formula="of:=1/0" office:value-type="float" office:value="0"', "#DIV/0!"), "error_value"),
        (('table:formula="of:=1/0" office:value-type="float" office:value="0"', "Err:502"), "error_value"),
        (('office:value-type="float" office:value="nan"', "x"), "formula_no_value"),
        (('office:value-type="boolean" office:boolean-value="true"', "TRUE"), "number_unread"),
        (('office:value-type="string"', "81.4 (82)"), "number_unread"),
    ],
)  # fmt: skip
def test_what_is_no_figure_is_an_error_at_its_cell(tmp_path: Path, book: Codebook, value: object, rule: str) -> None:
    _, told = read(tmp_path, book, ods(HEAD, ["nps", "Всего", Y, value]))
    assert (rule, "D2") in {(one.rule, one.cell) for one in told if one.severity == "error"}


def test_notes_in_cells_are_no_words_and_what_is_hidden_is_said(tmp_path: Path, book: Codebook) -> None:
    note = "<office:annotation><text:p>99</text:p></office:annotation>"
    shown = (
        f'<table:table-cell office:value-type="float" office:value="40">{note}<text:p>40</text:p></table:table-cell>'
    )
    raw = ods(HEAD, ["nps", "Всего", Y, ("RAW", "")])
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        content = archive.read("content.xml").decode()
    content = content.replace("<table:table-cell RAW><text:p></text:p></table:table-cell>", shown)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("content.xml", content)
    found, _ = read(tmp_path, book, held.getvalue())
    assert figures(found) == [(2, "nps", "{}", 40.0)]
    display = '<style:table-properties table:display="false"/>'
    hidden = f'<style:style style:name="ta1" style:family="table">{display}</style:style>'
    _, told = read(
        tmp_path, book,
        ods(
            HEAD, ["nps", "Всего", Y, 40], styles=hidden, marks=["", 'table:visibility="collapse"'],
            before='<table:table-column table:number-columns-repeated="3"/>'
            '<table:table-column table:visibility="collapse"/>',
        ),
    )  # fmt: skip
    assert {"hidden_sheet", "hidden_rows", "hidden_column"} <= {one.rule for one in told}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (ods(HEAD, parts={"META-INF/manifest.xml": b"<a><manifest:encryption-data/></a>"}), "encrypted_workbook"),
        (ods(HEAD, parts={"encrypted-package": b"x"}), "encrypted_workbook"),
        (ods(HEAD, parts={"Basic/Standard/Module1.xml": b"<a/>"}), "macros"),
        (ods(HEAD, parts={"Scripts/python/a.py": b"1"}), "macros"),
        (ods(HEAD, ["nps", "", Y, ("table:formula=\"of:='file:///C:/a.ods'#$S.A1\" office:value-type='float'", "1")]),
         "external_links"),
        (ods(HEAD, before="<table:table-source/>"), "external_links"),
        (ods(HEAD, [("office:value-type='string' table:number-columns-repeated='99999'", "x")]), "too_many_cells"),
        (ods(HEAD, ["x"], marks=["", 'table:number-rows-repeated="999999"']), "too_many_rows"),
        (ods(HEAD, ["x"], marks=["", 'table:number-rows-repeated="-1"']), "not_a_workbook"),
        (ods(["y" * 60], [("office:value-type='string' table:number-columns-repeated='9000'", "x" * 60)],
             ["y"], marks=["", 'table:number-rows-repeated="5000"']), "expands_too_much"),
        (ods(HEAD)[:-60], "not_a_workbook"),
        (ods([" " * 40_000_000]), "expands_too_much"),
    ],
)  # fmt: skip
def test_an_open_document_that_nobody_should_open_is_refused_by_name(
    tmp_path: Path, book: Codebook, body: bytes, code: str
) -> None:
    with pytest.raises(UploadRefused) as refused:
        read(tmp_path, book, body)
    assert refused.value.code == code


def test_a_workbook_of_the_old_form_is_read_as_it_shows_its_numbers(tmp_path: Path, book: Codebook) -> None:
    found, told = read(tmp_path, book, OLD, "f.xls")
    assert figures(found) == [
        (4, "nps", "{}", 40.0), (5, "completion_rate", "{}", 61.5), (6, "complaints_in_time", '{"Sex":"FEMALE"}', 81.4),
        (7, "complaints_in_time", '{"Sex":"MALE"}', 82.5), (8, "nps", '{"Location":"URBAN"}', -12.345678901),
        (9, "nps", '{"Location":"RURAL"}', 1e20), (10, "complaints_in_time", '{"Location":"URBAN"}', None),
        (11, "complaints_in_time", '{"Location":"RURAL"}', None), (12, "completion_rate", '{"Location":"RURAL"}', None),
    ]  # fmt: skip
    assert found.figures["value_percent"].to_list() == [False, True, False, True] + [False] * 5
    assert {(one.rule, one.cell) for one in told} >= {
        ("out_of_bounds", "E9"), ("formula_no_value", "E10"), ("number_unread", "E11"), ("error_value", "E12"),
        ("hidden_column", ""), ("cells_merged", "B13"),
    }  # fmt: skip
    assert "5" in [one.read for one in told if one.rule == "hidden_rows"]
    theirs = fastexcel.read_excel(OLD).load_sheet(0, header_row=None, skip_rows=0, dtypes="float").to_polars()
    assert theirs.to_series(3).to_list()[3:9] == [40.0, 0.615, 81.4, None, -12.345678901, 1e20]
    assert fastexcel.read_excel(marked(tmp_path / "file", "f.xls", told, "en")).sheet_names == ["Findings"]


def _entry(name: str) -> bytes:
    """An entry of a compound file's directory."""
    words = (name + "\0").encode("utf-16-le")
    return words.ljust(64, b"\0") + bytes([len(words), 0, 1, 1]) + b"\xff" * 12 + b"\0" * 48


_PLACE = OLD.index("Workbook".encode("utf-16-le")) + 128


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (OLD.replace(b"\x42\x00\x02\x00", b"\x2f\x00\x02\x00", 1), "encrypted_workbook"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "encrypted_workbook"),
        (OLD[:_PLACE] + _entry("_VBA_PROJECT_CUR") + OLD[_PLACE + 128 :], "macros"),
        (OLD.replace(b"\xae\x01\x04\x00\x02\x00\x01\x04", b"\xae\x01\x04\x00\x02\x00\x05\x00", 1), "external_links"),
        (OLD.replace(b"\x09\x08\x10\x00\x00\x06", b"\x09\x08\x10\x00\x00\x05", 1), "not_a_workbook"),
        (OLD[:4_000], "not_a_workbook"),
        (OLD[:600], "not_a_workbook"),
        (OLD[:76] + b"\0" * 436 + OLD[512:], "not_a_workbook"),
    ],
)  # fmt: skip
def test_a_workbook_of_the_old_form_that_nobody_should_open_is_refused_by_name(
    tmp_path: Path, book: Codebook, body: bytes, code: str
) -> None:
    with pytest.raises(UploadRefused) as refused:
        read(tmp_path, book, body, "f.xls")
    assert refused.value.code == code


def test_the_cells_of_a_sheet_of_the_old_form_are_counted_before_a_library_opens_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(OLD)
    with pytest.raises(UploadRefused) as refused:
        xls.read_xls(tmp_path / "file", WorkbookLimits(cells=50))
    assert refused.value.code == "too_many_cells"


def test_a_workbook_at_which_its_reader_panics_is_damaged(tmp_path: Path, book: Codebook) -> None:
    body = OLD[:666] + b"\0" + OLD[667:]  # a record of no length
    with pytest.raises(BaseException, match="out of range"):
        fastexcel.read_excel(body).load_sheet(0)
    with pytest.raises(UploadRefused, match="damaged"):
        read(tmp_path, book, body, "f.xls")


def test_an_archive_of_a_version_that_nobody_knows_is_refused_by_name(tmp_path: Path, book: Codebook) -> None:
    """Torn in the byte that says which program reads it; the library calls that not implemented."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    body = bytearray(held.getvalue())
    body[body.index(b"PK\x01\x02") + 6] = 255
    (tmp_path / "file").write_bytes(bytes(body))
    with pytest.raises(UploadRefused):
        extract(tmp_path / "file", "file.xlsx", {}, book)
