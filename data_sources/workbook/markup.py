"""The XML of a workbook, streamed: what is listed in it, and how far its cells reach. Nothing is kept of a cell."""

import re
from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat

from data_sources.errors import Changed

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_KEPT_CELLS = 100_000  # formulas without a value and errors remembered of a sheet; more make a workbook useless

_Start = Callable[[str, Mapping[str, str]], None]


class MarkupPart:
    """A part of the archive: chunks of XML, read once."""

    def __init__(self, name: str, chunks: Iterator[bytes]) -> None:
        self.name, self._chunks = name, chunks

    def walk(
        self, start: _Start, end: Callable[[str], None] | None = None, text: Callable[[str], None] | None = None
    ) -> None:
        """Call these for each element, by its name without a prefix, and for text.

        Raises:
            Changed: ``doctype``: no workbook defines entities.
            expat.ExpatError: it is not XML.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, match: start(name.rpartition(":")[2], match)
        if end is not None:
            parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
        if text is not None:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = self._refuse
        read = False
        for chunk in self._chunks:
            parser.Parse(chunk, False)
            read = True
        if read:
            parser.Parse(b"", True)

    def skim(self) -> None:
        """Read it to its end for the faults ``walk`` finds."""
        self.walk(lambda name, match: None)

    def attributes(self, key: str) -> list[str]:
        """Return the values of an attribute, wherever it stands."""
        values: list[str] = []

        def start(name: str, attributes: Mapping[str, str]) -> None:
            if key in attributes:
                values.append(attributes[key])

        self.walk(start)
        return values

    def _refuse(self, *declared: object) -> None:
        raise Changed("doctype", f"{self.name} defines entities, which no workbook needs: save it again")


def read_relationships(part: MarkupPart | None) -> dict[str, tuple[str, str, bool]]:
    """Id → kind, target and whether outside the file, of each relationship."""
    targets: dict[str, tuple[str, str, bool]] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            outside = attributes.get("TargetMode") == "External" and not attributes.get("Type", "").endswith(
                "/hyperlink"
            )
            targets[attributes.get("Id", "")] = attributes.get("Type", ""), attributes.get("Target", ""), outside

    if part is not None:
        part.walk(start)
    return targets


def read_sheet_list(part: MarkupPart) -> tuple[list[tuple[str, str, bool]], bool]:
    """Name, relationship and whether hidden of each sheet; and whether stored values of formulas are out of date.

    A program that writes formulas without calculating them stores 0 and asks that all be calculated when opened.
    """
    sheets: list[tuple[str, str, bool]] = []
    recalculated = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal recalculated
        if name == "sheet":
            link = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            sheets.append((attributes.get("name", ""), link, attributes.get("state", "visible") != "visible"))
        elif name == "calcPr":
            recalculated = attributes.get("fullCalcOnLoad") in ("1", "true")

    part.walk(start)
    return sheets, recalculated


def measure_texts(part: MarkupPart | None) -> list[int]:
    """Return how many characters each shared text has."""
    lengths: list[int] = []
    inside = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        if name == "si":
            lengths.append(0)
        inside = name == "t"

    def end(name: str) -> None:
        nonlocal inside
        inside = False

    def text(chunk: str) -> None:
        if inside and lengths:
            lengths[-1] += len(chunk)

    if part is not None:
        part.walk(start, end, text)
    return lengths


class MarkupCells:
    """How far the cells of a sheet reach, and which of them hold no value that could be read."""

    def __init__(self, lengths: list[int], recalculated: bool, most_cells: int, most_text: int) -> None:
        self.last_row = self.last_column = 0
        self.without_value: list[str] = []
        self.errors: dict[str, str] = {}
        self._lengths, self._recalculated = lengths, recalculated
        self._most_cells, self._most_text = most_cells, most_text
        self._row = self._column = 0  # of the cell under way
        self._kind = ""
        self._inside = ""  # v, f or t
        self._value, self._length = "", 0
        self._has_formula = self._has_value = False
        self._with_value, self._with_anything = [_LAST_COLUMN + 1, 0], [_LAST_COLUMN + 1, 0]
        self._characters = 0

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """First and last column with a value, and with a value or formula: readers differ in which they mean."""
        return tuple((first, last) for first, last in (self._with_value, self._with_anything) if last)

    def read(self, part: MarkupPart, sheet: str) -> None:
        """Go through the cells of a sheet.

        Raises:
            Changed: ``too_many_cells``, also for too many characters; ``not_a_workbook``, a cell has no place;
                see also ``Part.walk``.
        """
        self._said = f"{part.name}, sheet {sheet!r}"
        part.walk(self._start, self._end, self._text)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._begin(attributes)
        elif name in ("v", "f", "t", "is"):
            self._inside = name
            if name == "f":
                self._has_formula = True
        elif name == "row":
            reference = attributes.get("r", "")
            self._row = (
                int(reference) if reference.isascii() and reference.isdigit() and len(reference) < 8 else self._row + 1
            )
            self._column = 0

    def _begin(self, attributes: Mapping[str, str]) -> None:
        place = attributes.get("r")
        if place is None:
            self._column += 1
        else:
            match = _PLACE.fullmatch(place)
            if match is None:
                raise Changed("not_a_workbook", f"{self._said}: {place!r} is no place of a cell: save it again")
            self._column, self._row = number_column(match[1]), int(match[2])
        if not (1 <= self._row <= _LAST_ROW and self._column <= _LAST_COLUMN):
            raise Changed("not_a_workbook", f"{self._said}: a cell lies outside any sheet: save it again")
        self._kind, self._value, self._length = attributes.get("t", "n"), "", 0
        self._has_formula = self._has_value = False

    def _text(self, chunk: str) -> None:
        if self._inside == "v":
            self._has_value = True
            if len(self._value) < 32:  # a number, an index of a text or an error; a longer text only counts
                self._value += chunk
            self._length += len(chunk)
        elif self._inside == "t":
            self._has_value = True
            self._length += len(chunk)

    def _end(self, name: str) -> None:
        if name in ("v", "f", "t", "is"):
            self._inside = ""
        elif name == "c" and (self._has_value or self._has_formula):
            self._note()

    def _note(self) -> None:
        row, column = self._row, self._column
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)
        if self.last_row * self.last_column > self._most_cells:
            reach = f"A1 to {name_cell(self.last_row, self.last_column)}"
            raise Changed(
                "too_many_cells",
                f"{self._said} reaches from {reach}, {self.last_row * self.last_column} cells; at most "
                f"{self._most_cells} are read: delete the cells that lie apart",
            )
        spans = (self._with_value, self._with_anything) if self._has_value else (self._with_anything,)
        for span in spans:
            span[0], span[1] = min(span[0], column), max(span[1], column)
        value = self._value.strip()
        if self._kind == "s" and value.isascii() and value.isdigit() and int(value) < len(self._lengths):
            self._characters += self._lengths[int(value)]
        else:
            self._characters += self._length
        if self._characters > self._most_text:
            raise Changed("too_many_cells", f"{self._said} holds more text than any table: send it as CSV")
        if self._kind == "e":
            self.errors[name_cell(row, column)] = value
        elif self._has_formula and self._is_unstored(value):
            self.without_value.append(name_cell(row, column))
        if len(self.errors) + len(self.without_value) > _KEPT_CELLS:
            raise Changed(
                "too_many_cells",
                f"{self._said}: over {_KEPT_CELLS} formulas have no value: let a spreadsheet calculate it",
            )

    def _is_unstored(self, value: str) -> bool:
        if self._kind in ("str", "s", "inlineStr", "b"):
            return self._kind != "str" and not self._has_value  # a formula may well give an empty text
        return not value or (self._recalculated and value == "0")


def number_column(letters: str) -> int:
    """Return the number, from 1, of the column a spreadsheet calls ``A``, ``B`` … ``AA``."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def name_cell(row: int, column: int) -> str:
    """Return a cell as a spreadsheet names it, ``C7``."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"
