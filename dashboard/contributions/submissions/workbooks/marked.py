"""The ministry's own workbook with every finding in it: a comment in each cell concerned, and a sheet *Findings*.

The workbook is not built anew: its parts are copied as they are, and only the parts that hold comments are added
(ECMA-376, parts *Comments*, *VML Drawing*). A sheet that has comments of its own keeps them; its findings stand in
*Findings*. A CSV file comes back as a workbook of its rows; an SDMX-ML message, XLS and ODS as the sheet *Findings*.
"""

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from dashboard.contributions.submissions.model import Finding, UploadRefused
from dashboard.contributions.submissions.reading.books import ods, xls
from dashboard.contributions.submissions.reading.books.markup import part_of, sheets_of
from dashboard.contributions.submissions.reading.child import Job, refusing
from dashboard.contributions.submissions.reading.process import MEMORY, SECONDS, run
from dashboard.contributions.submissions.reading.sheet import index_of
from dashboard.contributions.submissions.reading.text import read_text
from dashboard.contributions.submissions.workbooks.words import finding_text
from dashboard.locales import DESK_LANGUAGES, t

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_AFTER_DRAWING = re.compile(
    rb"<(?:\w+:)?(?:legacyDrawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst)\b|</(?:\w+:)?worksheet>"
)
_CHUNK = 1 << 16
HEADS = ("severity", "sheet", "cell", "read", "expected", "todo")
_WIDTHS = (12, 18, 8, 30, 60, 60)


def mark_file(
    path: Path,
    name: str,
    findings: Sequence[Finding],
    lang: str,
    *,
    work: Path | None = None,
    who: str = "",
    memory: int = MEMORY,
    seconds: int = SECONDS,
) -> bytes:
    """Return the file with its findings; the findings alone where it has no cells, or needs more than the limits give.

    Args:
        path: the file as received.
        name: what its owner calls it.
        findings: of this file.
        lang: the language of their words.
        work: the folder in which it is made.
        who: the account that asks.
        memory: address space, in bytes.
        seconds: processor time.

    Raises:
        ReadingBusy: other files are being read.
    """
    if alone(findings):
        return listed(name, findings, lang)
    with tempfile.TemporaryDirectory(prefix="marking-", dir=work) as folder:
        out = Path(folder) / "marked.xlsx"
        job = {
            "path": str(path.resolve()), "name": name, "findings": [one.as_json() for one in findings], "lang": lang,
            "out": str(out),
        }  # fmt: skip
        try:
            run(
                "dashboard.contributions.submissions.workbooks.marked:mark",
                job,
                memory=memory,
                seconds=seconds,
                who=who,
            )
        except UploadRefused:
            return listed(name, findings, lang)
        return out.read_bytes()


@refusing
def mark(job: Job) -> dict[str, Any]:
    """Write the file with its findings where the job says: what runs in a sandbox."""
    findings = [Finding.of(one) for one in job["findings"]]
    Path(job["out"]).write_bytes(marked(Path(job["path"]), job["name"], findings, job["lang"]))
    return {}


def marked(path: Path, name: str, findings: Sequence[Finding], lang: str) -> bytes:
    """Return the file with its findings.

    Args:
        path: the file as received; it is opened only where reading let it pass.
        name: what its owner calls it.
        findings: of this file.
        lang: the language of their words.
    """
    if alone(findings) or xls.is_xls(path) or ods.is_open_document(path):
        return listed(name, findings, lang)
    if zipfile.is_zipfile(path):
        return _workbook(path, findings, lang)
    return _of_text(path, name, findings, lang)


def alone(findings: Sequence[Finding]) -> bool:
    """Whether findings come without their file: what was not let in is not opened again, and XML has no cells."""
    return any(finding.rule in ("refused", "message", "document") for finding in findings)


def listed(name: str, findings: Sequence[Finding], lang: str) -> bytes:
    """Return the sheet *Findings* alone."""
    return _of_text(None, name, findings, lang)


def _workbook(path: Path, findings: Sequence[Finding], lang: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        parts = sheets_of(old)
        here = set(old.namelist())
        # A workbook that was marked before and is sent as it is holds parts of these names already.
        nth = next(name for name in ("", *map(str, range(2, 1000))) if f"xl/worksheets/findings{name}.xml" not in here)
        listed = f"xl/worksheets/findings{nth}.xml"
        comments = {}
        for sheet, part in parts.items():
            own = _by_cell(findings, sheet, lang)
            tail = _tail(old, part)
            if own and b"legacyDrawing" not in tail and _rels(part) in here | {_rels(part)}:
                comments[part] = own
        for entry in old.infolist():
            if entry.filename in comments:
                _copy_sheet(old, new, entry)
            elif entry.filename in {_rels(part) for part in comments}:
                continue
            elif entry.filename == "[Content_Types].xml":
                new.writestr(entry.filename, _with_types(part_of(old, entry.filename).decode(), len(comments), nth))
            elif entry.filename == "xl/workbook.xml":
                new.writestr(entry.filename, _with_sheet(part_of(old, entry.filename).decode(), set(parts), nth, lang))
            elif entry.filename == "xl/_rels/workbook.xml.rels":
                new.writestr(
                    entry.filename,
                    _with_relation(
                        part_of(old, entry.filename).decode(), f"rIdFindings{nth}", "worksheet", f"/{listed}"
                    ),
                )
            else:
                with old.open(entry) as source, new.open(entry.filename, "w") as target:
                    while chunk := source.read(_CHUNK):
                        target.write(chunk)
        for at, (part, cells) in enumerate(comments.items(), start=1):
            rels = (
                part_of(old, _rels(part)).decode()
                if _rels(part) in here
                else f'{_HEAD}<Relationships xmlns="{_PACKAGE}"></Relationships>'
            )
            rels = _with_relation(rels, "rIdFindings", "vmlDrawing", f"/xl/drawings/findings{nth}_{at}.vml")
            rels = _with_relation(rels, "rIdFindingComments", "comments", f"/xl/findings{nth}_{at}.xml")
            new.writestr(_rels(part), rels)
            new.writestr(f"xl/findings{nth}_{at}.xml", _comments(cells))
            new.writestr(f"xl/drawings/findings{nth}_{at}.vml", _shapes(cells))
        new.writestr(listed, _sheet(findings, lang))
    return held.getvalue()


def _by_cell(findings: Sequence[Finding], sheet: str, lang: str) -> dict[str, str]:
    """Cell → the words of all its findings."""
    cells: dict[str, list[str]] = {}
    for finding in findings:
        if finding.sheet == sheet and finding.cell:
            words = finding_text(finding, lang)
            cells.setdefault(finding.cell, []).append(f"{words.severity}: {words.expected} {words.todo}")
    return {cell: "\n".join(words)[:4000] for cell, words in cells.items()}


def _rels(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def _tail(book: zipfile.ZipFile, part: str) -> bytes:
    """Return the last of a sheet's XML, behind its cells."""
    last = b""
    with book.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            last = (last + chunk)[-4 * _CHUNK :]
    return last[last.rfind(b"sheetData") :]


def _copy_sheet(old: zipfile.ZipFile, new: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Copy a sheet, with the reference to its comments where the schema wants it."""
    held = b""
    with old.open(entry) as source, new.open(entry.filename, "w") as target:
        while chunk := source.read(_CHUNK):
            held += chunk
            if len(held) > 16 * _CHUNK:
                target.write(held[: -8 * _CHUNK])
                held = held[-8 * _CHUNK :]
        behind = max(held.rfind(b"sheetData"), 0)
        place = _AFTER_DRAWING.search(held, behind)
        at = place.start() if place else len(held)
        prefix = b"x:" if re.search(rb"</x:worksheet>", held) else b""
        element = b'<%slegacyDrawing xmlns:r="%s" r:id="rIdFindings"/>' % (prefix, _RELATIONS.encode())
        target.write(held[:at] + element + held[at:])


def _with_relation(rels: str, id_: str, kind: str, target: str) -> str:
    relation = f'<Relationship Id="{id_}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
    return re.sub(
        r"</(\w+:)?Relationships>",
        lambda end: relation + end[0],
        rels.replace("<Relationships/>", "<Relationships></Relationships>"),
        count=1,
    )


def _with_types(types: str, count: int, nth: str) -> str:
    added = (
        ""
        if 'Extension="vml"' in types
        else f'<Default Extension="vml" ContentType="{_TYPES.replace("spreadsheetml", "vmlDrawing")}"/>'
    )
    overrides = "".join(
        f'<Override PartName="/xl/findings{nth}_{at}.xml" ContentType="{_TYPES}.comments+xml"/>'
        for at in range(1, count + 1)
    )
    overrides += f'<Override PartName="/xl/worksheets/findings{nth}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
    types = re.sub(r"(<(?:\w+:)?Types[^>]*>)", lambda head: head[0] + added, types, count=1)
    return types.replace("</Types>", overrides + "</Types>")


def _with_sheet(workbook: str, names: set[str], nth: str, lang: str) -> str:
    wanted = name = t("submissions.sheet.findings", lang)
    number = 2
    while name.casefold() in {one.casefold() for one in names}:  # as spreadsheets compare them
        name, number = f"{wanted} {number}", number + 1
    ids = [int(one) for one in re.findall(r'sheetId="(\d+)"', workbook)]
    number = max(ids, default=0) + 1
    sheet = f'<sheet xmlns:r="{_RELATIONS}" name={quoteattr(name)} sheetId="{number}" r:id="rIdFindings{nth}"/>'
    return re.sub(
        r"</(\w+:)?sheets>",
        lambda end: (sheet if not end[1] else sheet.replace("<sheet", f"<{end[1]}sheet", 1)) + end[0],
        workbook,
        count=1,
    )


def _comments(cells: Mapping[str, str]) -> str:
    text = "".join(
        f'<comment ref="{cell}" authorId="0"><text><t xml:space="preserve">{escape(_clean(words))}</t></text></comment>'
        for cell, words in sorted(cells.items(), key=lambda pair: _place(pair[0]))
    )
    authors = "<authors><author></author></authors>"
    return f'{_HEAD}<comments xmlns="{_MAIN}">{authors}<commentList>{text}</commentList></comments>'


def _shapes(cells: Mapping[str, str]) -> str:
    """Return the boxes of the comments: spreadsheets want one for each."""
    shapes = []
    for at, cell in enumerate(cells, start=1):
        row, column = _place(cell)
        shapes.append(
            f'<v:shape id="_x0000_s{1024 + at}" type="#box" '
            'style="position:absolute;width:260pt;height:80pt;visibility:hidden" '
            'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:textbox/>'
            '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
            f"<x:Anchor>{column + 1},15,{row},10,{column + 5},15,{row + 5},4</x:Anchor>"
            f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
        )
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
        '</o:shapelayout><v:shapetype id="box" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
        '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
        f"{''.join(shapes)}</xml>"
    )


def _sheet(findings: Sequence[Finding], lang: str) -> str:
    """Return the sheet *Findings*: one row a finding, errors first."""
    heads = [t(f"submissions.finding.{name}", lang) for name in HEADS]
    rtl = ' rightToLeft="1"' if DESK_LANGUAGES[lang].dir == "rtl" else ""
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(_WIDTHS, start=1)
    )
    rows = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in (heads, *_rows(findings, lang)))
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView{rtl} workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{rows}</sheetData></worksheet>"
    )


def _rows(findings: Sequence[Finding], lang: str) -> Iterator[list[str]]:
    for finding in findings:
        words = finding_text(finding, lang)
        yield [words.severity, words.sheet, words.cell, words.read, words.expected, words.todo]


def _cell(words: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(_clean(words))}</t></is></c>'


def _clean(words: str) -> str:
    """Without letters that XML cannot hold."""
    return "".join(letter for letter in words if letter >= " " or letter in "\n\t")


def _place(cell: str) -> tuple[int, int]:
    """Row and column from 0."""
    column = cell.rstrip("0123456789")
    return int(cell[len(column) :]) - 1, index_of(column)


def _of_text(path: Path | None, name: str, findings: Sequence[Finding], lang: str) -> bytes:
    import xlsxwriter

    sheet = read_text(name, path.read_bytes())[0] if path else None
    held = io.BytesIO()
    # Row by row to a file beside it: a table of a million cells in memory took a gigabyte.
    kept = {"constant_memory": True} if sheet is not None else {"in_memory": True}
    file = xlsxwriter.Workbook(held, {**kept, "strings_to_formulas": False, "strings_to_urls": False})
    page = file.add_worksheet("CSV") if sheet is not None else None
    listed = file.add_worksheet(t("submissions.sheet.findings", lang)[:31])
    if sheet is not None and page is not None:
        for line, row in enumerate(sheet.texts.iter_rows()):
            for at, cell in enumerate(row):
                if cell:
                    page.write_string(line, at, cell)
        for cell, words in _by_cell(findings, sheet.name, lang).items():
            page.write_comment(*_place(cell), words, {"x_scale": 3, "y_scale": 1.5})
    for line, told_ in enumerate(([t(f"submissions.finding.{one}", lang) for one in HEADS], *_rows(findings, lang))):
        for at, cell in enumerate(told_):
            listed.write_string(line, at, cell)
    if DESK_LANGUAGES[lang].dir == "rtl":
        for one in filter(None, (page, listed)):
            one.right_to_left()
    file.close()
    return held.getvalue()
