"""Workbooks prepared for the SDMX Converter: a sheet of data, and a sheet ``Parameters`` that says what is where.

``Parameters`` lists for each component (``Element``) whether it is a dimension or attribute (``Type``) and where its
value stands (``PosType``, ``Position``): the same everywhere (``FIX``), in a column of the observation's row
(``COLUMN``), or in a row of its column (``ROW``). ``DataStart`` names the first cell of the observations,
``NumColumns`` how many columns they fill. An empty cell is no observation.

Statistical offices keep their figures in such a workbook and convert it; the conversion may print fewer digits.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from data_sources.errors import Changed
from data_sources.records import Record
from data_sources.sdmx.message import VALUE, Message, Structure
from data_sources.tables import Table, read_sheet

_PARAMETERS = "Parameters"
_COLUMNS = ("Element", "Type", "PosType", "Position")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the value of a component stands: ``FIX``, ``COLUMN`` or ``ROW``, and a code, a column or a row there."""

    id: str
    kind: str
    position: str


def read_data(name: str, body: bytes) -> Message:
    """Return the observations of a workbook.

    Raises:
        Changed: ``not_a_workbook``, ``sheet_missing``, ``changed_columns``, or parameters that do not fit the data
            (``unexpected_shape``).
    """
    parameters = read_sheet(name, body, _PARAMETERS, _COLUMNS)
    data = read_sheet(name, body, 0, ())
    places = [
        _Place(cells["Element"].strip(), cells["PosType"].strip().upper(), cells["Position"].strip())
        for _, cells in parameters.rows
        if cells["Element"].strip()
    ]
    attributes = frozenset(
        cells["Element"].strip() for _, cells in parameters.rows if cells["Type"].strip().upper() == "ATT"
    )
    start = _CELL.fullmatch(_setting(parameters, "DataStart"))
    count = _setting(parameters, "NumColumns")
    if start is None or not (count.isascii() and count.isdigit()):
        raise Changed("unexpected_shape", f"{parameters.name}: DataStart and NumColumns do not say where the data are")
    first, row_of = _number(start[1]), {0: dict(zip(data.header, data.header, strict=True)), **dict(data.rows)}
    records = []
    for number, cells in data.rows:
        if number < int(start[2]):
            continue
        for column in range(first, first + int(count)):
            figure = cells[_header(data, column)]
            if figure.strip():
                values = {place.id: _value(place, cells, _header(data, column), data, row_of) for place in places}
                records.append(Record(data.place(number, _header(data, column)), {**values, VALUE: figure}))
    dimensions = {place.id: place.id for place in places if place.id not in attributes}
    columns = (*(place.id for place in places), VALUE)
    return Message(tuple(records), columns, Structure(dimensions, attributes), findings=data.findings)


def _setting(parameters: Table, name: str) -> str:
    """The cell right of the one with this name; the settings stand beside the list, from its header line on."""
    for line in _lines(parameters):
        for cell, neighbour in pairwise(line):
            if cell.strip() == name:
                return neighbour.strip()
    return ""


def _lines(table: Table) -> Iterator[list[str]]:
    yield list(table.header)
    for _, cells in table.rows:
        yield [cells[column] for column in table.header]


def _value(place: _Place, cells: dict[str, str], column: str, data: Table, row_of: dict[int, dict[str, str]]) -> str:
    if place.kind == "FIX":
        return place.position
    if place.kind == "COLUMN":
        return cells[_header(data, _number(place.position))].strip()
    if place.kind == "ROW" and place.position.isdigit():
        row = int(place.position)
        return row_of.get(0 if row == 1 else row, {}).get(column, "").strip()
    raise Changed("unexpected_shape", f"{data.name}: {place.id} stands at {place.kind} {place.position}: not known")


def _number(letters: str) -> int:
    """Return the column a spreadsheet calls ``A``, ``B`` … ``AA``, from 0.

    Raises:
        Changed: ``unexpected_shape``, these are no letters of a column.
    """
    if not re.fullmatch(r"[A-Z]{1,3}", letters):
        raise Changed("unexpected_shape", f"{letters!r} is no column of a spreadsheet")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _header(data: Table, column: int) -> str:
    """Return the heading of a column, by which its cells are found.

    Raises:
        Changed: ``unexpected_shape``, there is no such column, or its heading is empty or another's too.
    """
    heading = data.header[column] if column < len(data.header) else ""
    if not heading or data.header.count(heading) > 1:
        raise Changed("unexpected_shape", f"{data.name}: column {column + 1} has no heading of its own")
    return heading
