"""SDMX-CSV 1.0 and 2.0, with ids, with words beside ids (``labels=name``), or both in a cell (``labels=both``).

Read here and not by sdmx1, whose reader wants version 2.0 and the data structure.
"""

import re
from collections.abc import Mapping
from itertools import pairwise

from data_sources.components import recognise
from data_sources.records import Record
from data_sources.sdmx.message import Message, Structure, refuse_undone
from data_sources.tables import Table, read_plain_csv

_ID = re.compile(r"[A-Z][A-Z0-9_$@-]*")
_STRUCTURE = re.compile(r"STRUCTURE\[.\]")  # version 2.0 names the separator of cells with several values
_BOTH = ": "
_DELETED = ("d", "delete")
_CODED = ("series", "area", "breakdown")
_WORDS = ("note", "source", "time_detail", "value", "lower", "upper")
"""Roles whose cells are words or numbers, never ``code: words``."""


def read_data(name: str, body: bytes) -> Message:
    """The observations of a CSV data message. Columns of words beside their codes are not read as breakdowns.

    Raises:
        Retriable: ``empty_body``, ``html_instead_of_data``, ``truncated_csv``.
        Changed: ``invalid_utf8``, ``changed_columns``, ``shifted_cells``.
    """
    first = body.split(b"\n", 1)[0]
    table = read_plain_csv(name, body, delimiter=";" if first.count(b";") > first.count(b",") else ",")
    ids = {column: _id(column) for column in table.header if column}
    labels = _labels(table)
    columns = {column: id_ for column, id_ in ids.items() if column not in labels}
    coded = {
        column for column, id_ in columns.items() if _BOTH in column and recognise([id_], {}).all[0].role not in _WORDS
    }
    records: list[Record] = []
    sent: list[tuple[int, dict[str, str]]] = []
    withdrawn: list[tuple[int, dict[str, str]]] = []
    for number, cells in table.rows:
        flat = {
            id_: cells[column].split(_BOTH, 1)[0] if column in coded else cells[column]
            for column, id_ in columns.items()
        }
        if flat.get("ACTION", "").strip().casefold() in _DELETED:
            withdrawn.append((number, flat))
        else:
            sent.append((number, flat))
            records.append(Record(f"{name}, row {number}", flat))
    refuse_undone(name, sent, withdrawn)
    names: dict[str, Mapping[str, str]] = {columns[code]: words for code, words in labels.values() if words}
    for column in coded:
        names[columns[column]] = dict(
            cells[column].split(_BOTH, 1) for _, cells in table.rows if _BOTH in cells[column]
        )
    return Message(tuple(records), tuple(columns.values()), Structure(names=names), len(withdrawn))


def _id(column: str) -> str:
    """The id of a component in a header: ``SEX`` of ``SEX: Sex``, ``STRUCTURE`` of ``STRUCTURE[;]``."""
    id_ = column.split(_BOTH, 1)[0].removesuffix("[]")
    return "STRUCTURE" if _STRUCTURE.fullmatch(id_) else id_


def _labels(table: Table) -> dict[str, tuple[str, dict[str, str]]]:
    """Columns that give words for the codes of the column before them → that column, and words by code.

    A column does so when its header is no id and each code before it has one wording. Any other is not taken for it:
    one known to be something else, or, where only one code stands before it, one of a file that does not give every
    code its words. A breakdown under a new name would be lost, and a part pass for the whole.
    """
    labels: dict[str, tuple[str, dict[str, str]]] = {}
    after = {_id(before): column for before, column in pairwise((*table.header, "")) if _ID.fullmatch(_id(before))}
    whole = not any(
        _ID.fullmatch(_id(column)) for id_, column in after.items() if recognise([id_], {}).all[0].role in _CODED
    )
    for before, column in pairwise(table.header):
        if not column or _ID.fullmatch(_id(column)) or not _ID.fullmatch(_id(before)):
            continue
        (coded, recognised) = recognise([_id(before), column], {}).all
        if recognised.known and (
            recognised.role != coded.role or (coded.known and recognised.title.casefold() != coded.title.casefold())
        ):
            continue
        if not whole and len({cells[before] for _, cells in table.rows}) == 1:
            continue
        words: dict[str, str] = {}
        if all(words.setdefault(cells[before], cells[column]) == cells[column] for _, cells in table.rows):
            labels[column] = (before, words)
    return labels
