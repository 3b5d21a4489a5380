"""Checking a draft: errors planted in sentences made of the published figures, found; and who was accused wrongly."""

import io
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.open import Figure, show, use_embedded
from tests.open.published import read_published
from tests.open.sentences import MarkedDraft, make_drafts

ROUNDS = 6
"""Drafts of each template."""


def run(folder: Path | None = None) -> Iterator[Figure]:
    """Publish the embedded dataset, write sentences of it, and check them.

    Args:
        folder: a data folder that has a published dataset; None: one is made.
    """
    with use_embedded(folder) as data:
        yield from _measure(data)


def _measure(folder: Path) -> Iterator[Figure]:
    from dashboard.services.base.context import open_context

    ctx = open_context()
    drafts = make_drafts(read_published(folder / "dataset"), ROUNDS)
    tally: Counter[tuple[str, str]] = Counter()
    for draft in drafts:
        tally.update(judge_marks(ctx, draft))
    planted = sum(number for (kind, _), number in tally.items() if kind == "P")
    true = sum(number for (kind, _), number in tally.items() if kind in "TF")
    accused = sum(n for (kind, verdict), n in tally.items() if kind in "TF" and verdict in ("differs", "superseded"))
    old = sum(number for (kind, _), number in tally.items() if kind == "O")
    known = sum(number for (kind, _), number in tally.items() if kind == "T")
    yield Figure("drafts written from the published figures", len(drafts), at_least=200)
    yield Figure("errors planted in them", planted, at_least=100)
    yield Figure("planted errors found", 100 * tally["P", "differs"] / planted, at_least=95, unit="%")
    yield Figure("true or foreign numbers accused", 100 * accused / true, at_most=2, unit="%")
    yield Figure("superseded figures known as such", 100 * tally["O", "superseded"] / old, at_least=95, unit="%")
    yield Figure("true figures that are said to match", 100 * tally["T", "matches"] / known, unit="%")
    yield Figure("numbers that no verdict was given for", tally["T", "absent"] + tally["P", "absent"], at_most=0)
    yield from _measure_bombs()


def judge_marks(ctx: object, draft: MarkedDraft) -> Iterator[tuple[str, str]]:
    """The kind of each marked number and the verdict on it; ``absent`` where it was not read."""
    from dashboard.services.drafts.blocks import parse_text
    from dashboard.services.drafts.draft import check_draft

    numbers = iter(check_draft(ctx, parse_text(draft.text))["numbers"])  # type: ignore[arg-type]
    for kind, written in draft.marks:
        found = next((one for one in numbers if _plain(written) in _plain(one["written"])), None)
        yield kind, found["verdict"] if found else "absent"


def _plain(text: str) -> str:
    return text.replace("−", "-").replace("\u00a0", " ").replace("-", " ").strip()


def _measure_bombs() -> Iterator[Figure]:
    """Files that would cost a server: each is refused, by name, within its limits."""
    from dashboard.services.drafts.extraction import DraftRefused
    from dashboard.services.drafts.files import read_file

    refused = 0
    bombs = make_bombs()
    for name, body in bombs:
        try:
            read_file(name, body)
        except DraftRefused:
            refused += 1
    yield Figure("bombs (zip, XML, entities, pages) refused", refused, at_least=len(bombs))


def make_bombs() -> list[tuple[str, bytes]]:
    """Names and bodies of files that nobody sends in good faith."""
    from pypdf import PdfWriter

    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    writer = PdfWriter()
    for _ in range(10_000):
        writer.add_blank_page(100, 100)
    pages = io.BytesIO()
    writer.write(pages)
    start = f'<w:document xmlns:w="{space}"><w:body>'
    long = f"{start}<w:p><w:r><w:t>{'A' * 40_000_000}</w:t></w:r></w:p></w:body></w:document>"
    deep = f"{start}{'<w:p>' * 100_000}{'</w:p>' * 100_000}</w:body></w:document>"
    entity = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"
    return [
        ("long.docx", pack({"word/document.xml": long})),
        ("deep.docx", pack({"word/document.xml": deep})),
        ("entities.docx", pack({"word/document.xml": f"{entity}{start}<w:p>&b;</w:p></w:body></w:document>"})),
        ("parts.docx", pack({"word/document.xml": start, **{f"part{n}": "x" for n in range(5_000)}})),
        ("pages.pdf", pages.getvalue()),
        ("garbage.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 64),
        ("cut.xlsx", pack({"xl/workbook.xml": "<workbook/>"})[:200]),
        ("program.exe", b"MZ\x00\x00" * 100),
        ("large.txt", b"a" * (11 * 2**20)),
    ]


def pack(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these parts, as documents of Office are."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return body.getvalue()


if __name__ == "__main__":
    sys.exit(show(run()))
