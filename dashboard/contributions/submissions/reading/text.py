"""CSV files as sheets: encoding and separator found out from the bytes, and said."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import polars as pl

from dashboard.contributions.submissions.model import MAX_ROWS, Finding, UploadRefused
from dashboard.contributions.submissions.reading.sheet import UploadSheet


@dataclass(frozen=True)
class TextScript:
    """Letters beyond ASCII of languages written in one script, the frequent ones, and their encodings of one byte."""

    letters: frozenset[str]
    frequent: frozenset[str]
    encodings: tuple[str, ...]


_CYRILLIC = TextScript(
    frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўқғҳәөүұһңі"),
    frozenset("аеиоынтсрлквдмупі"),
    ("cp1251", "koi8-r", "cp866", "iso8859-5", "kz1048", "ptcp154"),
)
_ARABIC = TextScript(
    frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآءؤئپچژگکیـًٌٍَُِّْ،؛؟٪"),
    frozenset("ايلمنوترةدبعهأسق"),
    ("cp1256", "iso8859-6"),
)
_LATIN_LETTERS = frozenset("àâäæçéèêëîïôöœùûüÿáíóúñãõåøßşğıìò") | {"i\u0307"}  # İ as a small letter
_LATIN = TextScript(_LATIN_LETTERS, _LATIN_LETTERS, ("cp1254",))
_SIGNS = frozenset(" –—‘’“”«»„…•№°§±×÷²³¹½¼¾€£™©®ºª·¡¿¨´¸\u00a0\u200c\u200d\u200e\u200f\u00ad")
"""Signs beyond ASCII that are no letters and stand in texts of any script."""
_WORDS, _CLEARER = 0.5, 0.12
"""Least that an encoding must be rated, and be ahead of the next. Ours."""

_SEPARATORS = (";", "\t", ",", "|")
_LOOKED_AT = 50
_PIECE = 2**20
_MOST_COLUMNS = 200


def read_text(name: str, body: bytes) -> tuple[UploadSheet, list[Finding]]:
    """Return the one sheet of a text file, and how it was read.

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
    """Return the encoding, and whether it had to be inferred from which letters it gives; quick whatever the length.

    Raises:
        UploadRefused: two encodings give words, or none does: nobody guesses between them.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return encoding, False
    for at, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):  # the high bytes of our scripts; no text has these signs
        high = body[at:2000:2]
        if len(high.translate(None, bytes(range(7)))) < len(high) // 10 and (0 in high):
            return encoding, False
    if _is_utf8(body):
        return "utf-8", False
    looked_at = body[:200_000]
    high_bytes = sum(byte >= 0x80 for byte in looked_at)
    runs = sum(map(len, re.findall(rb"[\x80-\xff]{2,}", looked_at)))
    scripts = (_LATIN,) if runs < 0.6 * high_bytes else (_CYRILLIC, _ARABIC)  # single letters between those of ASCII
    rated = sorted(_ratings(looked_at, scripts), reverse=True)
    if not rated or rated[0][0] < _WORDS or (len(rated) > 1 and rated[0][0] < rated[1][0] + _CLEARER):
        raise UploadRefused(
            "encoding", "It cannot be told in which encoding the letters of the file are. Save it as “CSV UTF-8”."
        )
    return rated[0][1], True


def _ratings(body: bytes, scripts: Sequence[TextScript]) -> Iterator[tuple[float, str]]:
    """Yield how well each encoding gives words: the share of frequent letters, less that of capitals behind small ones.

    An encoding that gives a letter that none of its languages has is none; of those that give the same, the first.
    """
    seen: set[str] = set()
    for script in scripts:
        for encoding in script.encodings:
            try:
                text = body.decode(encoding)
            except UnicodeDecodeError:
                continue
            letters = [letter.lower() for letter in text if letter > "\x7f" and letter not in _SIGNS]
            if text in seen or not letters or not script.letters.issuperset(letters):
                continue
            seen.add(text)
            frequent = sum(letter in script.frequent for letter in letters)
            inside = sum(one.islower() and other.isupper() and one > "\x7f" for one, other in pairwise(text))
            yield (frequent - inside) / len(letters), encoding


def _is_utf8(body: bytes) -> bool:
    """Return True if bytes are UTF-8, looked at in pieces: a survey may have a gigabyte."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(body), _PIECE):
            decoder.decode(body[at : at + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def find_separator(text: str) -> tuple[int, str]:
    """Return how many letters a first line ``sep=;`` takes, and the separator that cuts the first lines most evenly.

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
