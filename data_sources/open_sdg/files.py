"""Files of Open SDG: an indicator's data as the platform gives it or as it lies in the data repository."""

import hashlib
from pathlib import Path

from data_sources.components import Components, recognise
from data_sources.contract import Parsed, SeriesRef
from data_sources.errors import Rejected
from data_sources.info import load_info
from data_sources.observations import Noticed
from data_sources.open_sdg.metadata import Metadata
from data_sources.open_sdg.placeholders import KEEP, UNREPORTED, explain_placeholder
from data_sources.open_sdg.shapes import read_table
from data_sources.records import Origin, Record, read_records
from data_sources.site_choice import choose_for_file
from data_sources.sites import Site
from data_sources.tables import Table

NO_METADATA = Metadata()


def parse_file(name: str, body: bytes, series: SeriesRef, edition: str) -> Parsed:
    """Return a country's own figures of an indicator.

    Args:
        name: file name; one that speaks of another indicator is refused.
        body: CSV, JSON or the archive of all indicators, as received.
        series: ``kaz:16-6-2``, or ``16-6-2`` with the options ``country`` and, where codes stand for all of it,
            ``areas``. Options that name a column or its title say which code is the whole: ``{"Units": "PT"}``.
        edition: the edition to write on every row; empty for a hash of the figures.

    Raises:
        Retriable: the file is empty, broken off or a web page.
        Changed: the layout is not the documented one (``column_missing`` …).
        Rejected: another indicator (``series_not_in_file``), or nobody says of which country (``country_missing``).
    """
    site, indicator = choose_for_file(load_info(Path(__file__).parent), series)
    return read_indicator(name, body, series, site, indicator, NO_METADATA, edition)


def read_indicator(
    name: str, body: bytes, series: SeriesRef, site: Site, indicator: str, metadata: Metadata, edition: str
) -> Parsed:
    """Rows of an indicator of a site, with what its metadata say. See ``parse_file``."""
    if not site.country:
        raise Rejected("country_missing", f"{name}: say whose figures these are in the option country")
    table = read_table(name, body, indicator)
    options = {**site.options, **series.options}
    components = recognise(table.header, options)
    components.need(name, "year", "value")
    noticed = Noticed(series.code)
    _note(name, table, metadata, noticed)
    source = "National reporting, own definition: " + (site.publisher or site.country)
    if metadata.source:
        source += f" ({metadata.source})"
    notes = (*_caution(metadata), *_series_notes(table, components), *metadata.notes)
    origin = Origin(series, site, hashlib.sha256(body).hexdigest(), source, notes, metadata.unit)
    why = explain_placeholder(table, components, metadata.status)
    if why and options.get("placeholders") != KEEP:
        words = f"{series.code}: {len(table.rows)} rows are withheld as placeholders: {why}; option placeholders={KEEP}"
        noticed.add("placeholder", "warning", words, name, count=len(table.rows))
        return read_records([], components, origin, noticed, edition)
    records = [Record(f"{name}, row {number}", cells) for number, cells in table.rows]
    return read_records(records, components, origin, noticed, edition)


def _note(name: str, table: Table, metadata: Metadata, noticed: Noticed) -> None:
    """Say when nothing is reported, and when the platform contradicts itself or leaves its words untranslated."""
    status, rows = metadata.status, len(table.rows)
    if not rows and status == "notapplicable":
        noticed.add("not_applicable", "info", f"{name}: the country says that the indicator does not apply", name)
    elif not rows:
        words = f"{name} has a header and no rows: the country reports nothing here"
        noticed.add("not_reported", "info", words + (f" (status {status})" if status else ""), name)
    contradicts = status == "complete" if not rows else status in UNREPORTED
    if contradicts:
        words = f"the platform's reporting status is {status}, with {rows} rows"
        noticed.add("status_differs", "warning" if rows else "info", words, name)
    if groups := metadata.missing_groups():
        noticed.add("untranslated", "info", f"definitions without words in this language: {', '.join(groups)}", name)


def _caution(metadata: Metadata) -> list[str]:
    """Return what a reader of a figure must know where the platform says that it has none."""
    if metadata.status not in UNREPORTED:
        return []
    return [f"Caution: the platform publishes this figure while its reporting status says {metadata.status}"]


def _series_notes(table: Table, components: Components) -> list[str]:
    """Return the platform's own name of the series, where the table has one series."""
    notes = []
    for column in components.of["series"]:
        names = {cells.get(column.id, "").strip() for _, cells in table.rows} - {""}
        if len(names) == 1:
            notes.append(f"Series: {names.pop()}")
    return notes
