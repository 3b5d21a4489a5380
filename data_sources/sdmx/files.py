"""Data messages as files, of whatever form, and the rows of one series in them."""

import hashlib
from functools import lru_cache
from pathlib import Path
from threading import Lock

from data_sources.components import Components, Role, recognise
from data_sources.contract import Parsed, SeriesRef
from data_sources.errors import Changed
from data_sources.info import load_info
from data_sources.observations import Noticed
from data_sources.records import Origin, Record, read_records
from data_sources.sdmx import markup, objects, table, workbook
from data_sources.sdmx.message import Message, Structure
from data_sources.site_choice import choose_for_file
from data_sources.sites import Site
from data_sources.tables import is_workbook, report_no_series

NO_STRUCTURE = Structure()
_NOWHERE = ("", "~")  # SDMX-CSV 2.0 writes ~ for a dimension that is left open
_TELLING: tuple[Role, ...] = ("unit", "multiplier", "status", "confidentiality", "nature")
_READING = Lock()


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """Rows of a series from a data message (SDMX-ML, SDMX-CSV or SDMX-JSON) or a workbook of the SDMX Converter.

    Args:
        series: ``rwa:_L_RW_160602_1``, or the bare code; then the options ``country`` and ``areas`` say whose own
            figures these are, if they are one country's. Options that name a component or its title say which code is
            the whole (``{"SEX": "F"}``), ``role.<component>`` what an unusual component is.
        edition: the edition to write on every row; empty for a hash of the figures.

    Raises:
        Retriable: the message is empty, broken off or a web page.
        Changed: it is not a data message we know, has no series, time or value (``column_missing``), or attributes in a
            row of their own, without which a figure may be misread (``unread_attributes``).
        Rejected: it does not hold the series (``series_not_in_file``), the service answers with an error
            (``service_error``), or nobody says of which country the figures are (``country_missing``).
    """
    site, code = choose_for_file(load_info(Path(__file__).parent), series)
    return read_series(name, body, series, site, code, NO_STRUCTURE, edition)


def read_series(
    name: str, body: bytes, series: SeriesRef, site: Site, code: str, structure: Structure, edition: str
) -> Parsed:
    """Rows of a series of a site, with what a structure message says of the components. See ``parse_file``."""
    with _READING:  # one at a time: the series of a file are all read from the one message
        message = _message(name, body)
    noticed = Noticed(series.code)
    noticed.include(message.findings)
    if message.deleted:
        words = f"{message.deleted} observations are withdrawn by the message and left out"
        noticed.add("deleted_rows", "info", words, name, count=message.deleted)
    labels = structure if structure.concepts else message.structure
    components = recognise(
        message.columns,
        {**site.options, **series.options},
        concepts=labels.concepts,
        attributes=labels.attributes,
        codes=labels.codes,
    )
    origin = Origin(series, site, hashlib.sha256(body).hexdigest())
    if message.columns:  # a message in XML without observations has none
        components.need(name, "series", "year", "value")
    if apart := next((record.where for record in message.records if _is_apart(record, components)), ""):
        raise Changed(
            "unread_attributes",
            f"{apart} gives attributes without an observation, a unit or multiplier perhaps, which are not read in "
            "this form: set the site's option form to xml",
        )
    if not message.records:
        noticed.add("no_observations", "info", f"{name} holds no observation", name)
        return read_records([], components, origin, noticed, edition)
    codes = {components.first_cell("series", record.cells) for record in message.records}
    if code not in codes:
        raise report_no_series(name, code, codes)
    records = [record for record in message.records if components.first_cell("series", record.cells) == code]
    words = next(
        (label for column in components.of["series"]
         for names in (structure.names, message.structure.names) if (label := names.get(column.id, {}).get(code))),
        "",
    )  # fmt: skip
    if any(words in record.cells.values() for record in records):
        words = ""  # every row says it already
    source = f"National reporting, own definition: {site.publisher or site.country}" if site.country else site.publisher
    origin = Origin(series, site, origin.sha256, source, [f"Series: {words}"] if words else [])
    return read_records(records, components, origin, noticed, edition)


@lru_cache(maxsize=1)
def _message(name: str, body: bytes) -> Message:
    begin = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if is_workbook(body):
        return workbook.read_data(name, body)
    if begin == b"<":
        return markup.read_data(name, body)
    if begin == b"{":
        return objects.read_data(name, body)
    if begin == b"[":
        raise Changed("unexpected_shape", f"{name} is a JSON list, not an SDMX message")
    return table.read_data(name, body)


def _is_apart(record: Record, known: Components) -> bool:
    """Whether a row, of no time and no value, says something of the figures of other rows, as version 2.0 allows."""
    if known.first_cell("year", record.cells) not in _NOWHERE or known.first_cell("value", record.cells):
        return False
    return any(known.first_cell(role, record.cells) not in _NOWHERE for role in _TELLING)
