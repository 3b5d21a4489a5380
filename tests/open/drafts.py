"""Checking a draft: how much of others' reports is accused, and whether files that would cost a server are refused."""

import csv
import io
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.open import Figure, show, use_embedded

PARAGRAPHS = Path(__file__).parents[1] / "answers" / "public_paragraphs.csv"
"""A sentence or two each of public reports, with their address."""


def run(folder: Path | None = None) -> Iterator[Figure]:
    """Publish the embedded dataset, check paragraphs of public reports, and send bombs.

    Args:
        folder: a data folder that has a published dataset; None: one is made.
    """
    with use_embedded(folder):
        paragraphs = read_paragraphs()
        accused = [text for text in paragraphs for difference in find_differences(text) if difference]
        yield Figure("paragraphs of public reports", len(paragraphs), at_least=100)
        yield Figure("figures of theirs that are not ours as written", len(accused), at_most=0)
        yield from _measure_bombs()


def read_paragraphs() -> list[str]:
    """The paragraphs, each with a number."""
    with PARAGRAPHS.open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


def find_differences(text: str) -> list[float]:
    """Of each number of a text that we hold, how far it is from ours."""
    from dashboard.answers.base.context import open_context
    from dashboard.answers.drafts.blocks import parse_text
    from dashboard.answers.drafts.draft import check_draft

    numbers = check_draft(open_context(), parse_text(text))["numbers"]
    return [one["difference"] for one in numbers if one["difference"] is not None]


def _measure_bombs() -> Iterator[Figure]:
    """Files that would cost a server: each is refused, by name, within its limits."""
    from dashboard.answers.drafts.extraction import DraftRefused
    from dashboard.answers.drafts.files import read_file

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
