"""CSV files as sheets: encoding and separator found out from the bytes, and said."""

import codecs
import csv
import io
import re
from collections import Counter
from itertools import islice

import polars as pl

from dashboard.submissions.model import MAX_ROWS, Finding, UploadRefused
from dashboard.submissions.reading.sheet import UploadSheet

_CYRILLIC = frozenset(b"\xee\xe5\xe0\xe8\xf2\xf1\xf0\xe2\xeb\xea")  # о е а и т с р в л к in cp1251
_ARABIC = frozenset(b"\xc7\xe1\xe3\xe4\xe6\xd1\xca\xc9\xcf\xc8\xda")  # ا ل م ن و ر ت ة د ب ع in cp1256
_SEPARATORS = (";", "\t", ",", "|")
_LOOKED_AT = 50
_PIECE = 2**20
_MOST_COLUMNS = 200


def read_text(name: str, body: bytes) -> tuple[UploadSheet, list[Finding]]:
    """The one sheet of a text file, and how it was read.

    Raises:
        UploadRefused: it is empty, no text, or has too many rows or columns.
    """
    if not body.strip():
        raise UploadRefused("empty", "The file is empty. Choose the file with the figures.")
    encoding, guessed = find_encoding(body)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise UploadRefused(
            "not_text", f"The file is neither a workbook nor text: byte {error.start} is no letter."
        ) from error
    if "\0" in text:
        raise UploadRefused(
            "not_text", "The file is neither a workbook (XLSX) nor text (CSV). Save it as one of these."
        )
    skipped, separator = find_separator(text)
    text = text[skipped:]
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append(cells)
            if len(rows) > MAX_ROWS:
                raise UploadRefused("too_many_rows", f"The file has more than {MAX_ROWS:,} rows. Send it in parts.")
    except csv.Error as error:
        raise UploadRefused(
            "not_text",
            f"The file cannot be read as CSV from row {len(rows) + 1} on: a quotation mark may be open ({error}). "
            "Close it, or take it away.",
        ) from error
    width = max(map(len, rows))
    if width > _MOST_COLUMNS:
        raise UploadRefused("too_many_columns", f"The file has {width} columns; at most {_MOST_COLUMNS} are read.")
    padded = [row + [""] * (width - len(row)) for row in rows]
    columns = {f"c{at}": column for at, column in enumerate(zip(*padded, strict=True))}
    findings = []
    if guessed:
        findings.append(Finding("encoding", "suggestion", read=encoding, values={"encoding": encoding}))
    texts = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return UploadSheet(name, texts, widths=[*map(len, rows)], separator=separator), findings


def find_encoding(body: bytes) -> tuple[str, bool]:
    """The encoding, and whether it had to be inferred from how often letters occur; quick whatever the length."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return encoding, False
    head = body[:2000]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le", False
    if head[::2].count(0) > len(head) // 4:
        return "utf-16-be", False
    if _is_utf8(body):
        return "utf-8", False
    seen = Counter(body[:200_000])
    high = sum(count for byte, count in seen.items() if byte >= 0xC0)
    runs = sum(map(len, re.findall(rb"[\xc0-\xff]{2,}", body[:200_000])))
    if runs < 0.6 * high:  # single letters between Latin ones: Turkish, French
        return "cp1254", True
    cyrillic = sum(seen[byte] for byte in _CYRILLIC)
    arabic = sum(seen[byte] for byte in _ARABIC)
    return ("cp1256" if arabic > cyrillic else "cp1251"), True


def _is_utf8(body: bytes) -> bool:
    """Whether bytes are UTF-8, looked at in pieces: a survey may have a gigabyte."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(body), _PIECE):
            decoder.decode(body[at : at + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def find_separator(text: str) -> tuple[int, str]:
    """How many letters a first line ``sep=;`` takes, and the separator that cuts the first lines most evenly.

    Args:
        text: the file, or its first lines.
    """
    first = text[: text.find("\n") + 1]
    if match := re.fullmatch(r"sep=(.)\r?\n", first):
        return len(first), match[1]
    lines = [line for line in islice(io.StringIO(text, newline=None), _LOOKED_AT) if line.strip()]

    def evenness(separator: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator))
        several = Counter({width: count for width, count in widths.items() if width > 1})
        if not several:
            return 0, 0
        width, count = max(several.items(), key=lambda item: (item[1], item[0]))
        return count, width

    return 0, max(_SEPARATORS, key=evenness)
