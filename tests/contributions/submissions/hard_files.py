# ruff: noqa: E501
"""Files of ministries whose words around the figures say what their columns do not; and some that say nothing of it.

``python -m tests.contributions.submissions.hard_files`` tells of each whether it was read right, refused, or accepted wrongly;
with a folder behind it, of the files there, as their ``expected.json`` describes them. No file comes from a ministry.
"""

import io
import json
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from dashboard.contributions.submissions.model import Finding, UploadRefused
from dashboard.contributions.submissions.reading.child import HISTORY
from dashboard.contributions.submissions.reading.extract import extract
from dashboard.contributions.submissions.reading.heads import key
from dashboard.contributions.submissions.rules import check
from dashboard.contributions.submissions.rules.ground import Ground
from dashboard.evidence.codebook import load_codebook

Row = Sequence[Any]
Fact = tuple[str, str, str, float]
"""Indicator, group, year, value."""

STATED = {
    "method": "registers", "who": "State Agency", "population": "Applications", "period_of_work": "January to December",
}  # fmt: skip
GROUPS = {
    "Total": "{}", "Women": '{"Sex":"FEMALE"}', "Men": '{"Sex":"MALE"}', "Urban": '{"Location":"URBAN"}',
    "Rural": '{"Location":"RURAL"}',
}  # fmt: skip
HEADS = {
    "ru": ("Показатель", "Год", "Значение"), "uz": ("Ko‘rsatkich", "Yil", "Qiymat"), "kk": ("Көрсеткіш", "Жыл", "Мәні"),
    "az": ("Göstərici", "İl", "Dəyər"), "fr": ("Indicateur", "Année", "Valeur"), "en": ("Indicator", "Year", "Value"),
    "es": ("Indicador", "Año", "Valor"), "ar": ("المؤشر", "السنة", "القيمة"), "id": ("Indikator", "Tahun", "Nilai"),
}  # fmt: skip
PLAIN: Mapping[str, Row] = {
    "csat_exit_poll": ("csat_exit_poll", 2024, 81.4), "waiting_median": ("waiting_median", 2024, 8.5),
    "bodies_integrated": ("bodies_integrated", 2024, 12), "cost_per_transaction": ("cost_per_transaction", 2024, 5.4),
    "availability": ("availability", 2024, 99.2),
}  # fmt: skip


@dataclass(frozen=True)
class HardFile:
    """A file, what its columns are said to be, and the figures that a careful reader takes from it."""

    kind: str
    name: str
    body: bytes
    expected: frozenset[Fact] = frozenset()
    readable: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    country: str = "KAZ"
    year: str = "2024"


def workbook(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    """A workbook of these sheets, from their first row on."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
    return held.getvalue()


def make(
    kind: str, lang: str, *, sheet: str = "Data", title: Sequence[str] = (), heads: Row = (), under: Row = (),
    rows: Sequence[Row] = (PLAIN["csat_exit_poll"],), notes: Sequence[str] = (), country: str = "KAZ",
    mapping: Mapping[str, str] | None = None, readable: bool = False,
) -> HardFile:  # fmt: skip
    """A workbook of one table: ``title`` above, ``under`` a row below the heads, ``notes`` below the figures."""
    lines: list[Row] = [[text] for text in title]
    lines += [heads or HEADS[lang], *([under] if under else []), *rows, *([text] for text in notes)]
    facts = frozenset((row[0], "Total", str(row[1]), float(row[2])) for row in rows) if readable else frozenset()
    said = {key(head): name for head, name in (mapping or {}).items()}
    return HardFile(kind, "figures.xlsx", workbook({sheet: lines}), facts, readable, said, country)


def read(file: HardFile) -> tuple[set[Fact], list[Finding]]:
    """The figures of a file and its findings, as the product has them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(file.body)
        try:
            found = extract(path, file.name, file.mapping, load_codebook())
        except UploadRefused as error:
            return set(), [Finding("refused", "error", read=str(error))]
    ground = Ground(
        figures=found.figures, columns=found.columns, book=load_codebook(), country=file.country, period=file.year,
        today=date(int(file.year) + 1, 6, 1), history=pl.DataFrame(schema=HISTORY), method=found.method or STATED,
        stamp=found.stamp, evidence=found.evidence, unread=found.unread,
    )  # fmt: skip
    names = {words: name for name, words in GROUPS.items()}
    facts = {
        (row["indicator"], names.get(row["dimensions"], ""), row["period"] or file.year, round(row["value"], 9))
        for row in found.figures.filter(pl.col("value").is_not_null()).iter_rows(named=True)
    }
    return facts, check(ground, found.findings)


def judge(file: HardFile) -> tuple[str, list[str]]:
    """``right``, ``refused`` (or ``not read``, where it can be read) or ``wrong``, and the rules that refused it."""
    facts, findings = read(file)
    rules = sorted({one.rule for one in findings if one.severity == "error"})
    if rules:
        return ("not read" if file.readable else "refused"), rules
    return ("right" if facts == file.expected else "wrong"), []


def _rows(given: Sequence[str | Row]) -> list[Row]:
    """Rows of a case, in which a text is the plain row of that indicator."""
    return [PLAIN[row] if isinstance(row, str) else row for row in given]


def list_cases() -> list[HardFile]:
    """Every file of ``hard_files.toml``, and harmless ones with more columns or rows."""
    groups = tomllib.loads(Path(__file__).with_name("hard_files.toml").read_text(encoding="utf-8"))
    files = [
        make(kind, **{name: _rows(value) if name == "rows" else value for name, value in case.items()},
             readable=kind == "harmless")
        for kind, group in groups.items() for case in group["cases"]
    ]  # fmt: skip
    csat = PLAIN["csat_exit_poll"]
    notes = (
        "Рост связан с открытием новых центров",
        "Compared to 2023 more centres took part",
        "Опрос на выходе",
        "Source: register",
    )
    files += [
        HardFile("harmless", "figures.xlsx", workbook({"Data": [[*HEADS["en"], "Note", "Responsible"], [*csat, note, "A. Person"], [*PLAIN["availability"], "", "B. Person"]]}),
                 frozenset({("csat_exit_poll", "Total", "2024", 81.4), ("availability", "Total", "2024", 99.2)}), True)
        for note in notes
    ]  # fmt: skip
    both = [
        ["Indicator", "Group", "Year", "Value"],
        *(["csat_exit_poll", group, 2024, value] for group, value in (("Women", 82.0), ("Men", 80.0), ("Total", 81.4))),
    ]
    facts = frozenset(
        ("csat_exit_poll", group, "2024", value) for group, value in (("Women", 82.0), ("Men", 80.0), ("Total", 81.4))
    )
    files.append(
        HardFile(
            "harmless", "figures.xlsx", workbook({"By sex": [["Satisfaction of women and of men"], *both]}), facts, True
        )
    )
    marks = [
        ["Показатель", "Год", "Значение"],
        ["csat_exit_poll", 2024, "81,4¹"],
        ["availability", 2024, "99,2*"],
        ["waiting_median", 2024, "8,5 мин"],
    ]
    facts = frozenset(
        {
            ("csat_exit_poll", "Total", "2024", 81.4),
            ("availability", "Total", "2024", 99.2),
            ("waiting_median", "Total", "2024", 8.5),
        }
    )
    files.append(HardFile("harmless", "figures.xlsx", workbook({"Data": marks}), facts, True))
    return files


def of_folder(folder: Path) -> list[HardFile]:
    """The files of a folder with an ``expected.json``."""
    told = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return [
        HardFile(
            one["kind"], name, (folder / name).read_bytes(), frozenset((it[0], it[1], it[2], float(it[3])) for it in one["expect"]),
            one["kind"] == "read", {key(head): "" if said == "none" else said for head, said in one["map"].items()}, year=one["year"],
        )
        for name, one in sorted(told.items())
    ]  # fmt: skip


def main(files: Sequence[HardFile]) -> int:
    """Judge files and print what came of them; the exit code says whether none was accepted wrongly."""
    came: Counter[str] = Counter()
    for at, file in enumerate(files):
        verdict, rules = judge(file)
        came[verdict] += 1
        if verdict in ("wrong", "not read"):
            sys.stdout.write(f"{verdict}: {at} {file.name} ({file.kind}) {', '.join(rules)} {sorted(read(file)[0])}\n")
    sys.stdout.write(f"{len(files)} files: {dict(came)}\n")
    return 1 if came["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main(of_folder(Path(sys.argv[1])) if len(sys.argv) > 1 else list_cases()))
