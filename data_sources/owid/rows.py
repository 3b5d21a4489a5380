"""Rows of a chart's CSV: ``Entity``, ``Code``, ``Year``, a column for each indicator, and some for the chart."""

import re
from collections.abc import Mapping, Sequence

from data_sources.contract import Reply
from data_sources.errors import Changed, Rejected
from data_sources.observations import Noticed, Row
from data_sources.tables import Cells, Table, note_unknown_columns, read_csv

_ISO3 = re.compile(r"[A-Z]{3}")
_OWN_CODES = {"OWID_KOS": "XKX"}
"""The publisher's own code of a country without an ISO code → the one in general use."""

_FOR_THE_CHART = ("time", "World region according to OWID", "world_region_according_to_owid", "owid_region")


def read_rows(
    series: str, reply: Reply, title: str, columns: Mapping[str, Mapping[str, object]], noticed: Noticed
) -> list[Row]:
    """Rows of one column; unit, source and edition are left to whoever knows the metadata.

    Raises:
        Changed: a column is missing (``changed_columns``).
        Rejected: the figures are daily (``not_yearly``).
    """
    table = read_csv(series, reply.body, ())
    if _named(table, ["Year"]) is None and _named(table, ["Day"]):
        raise Rejected("not_yearly", f"{series} has figures by day, not by year", url=reply.url)
    entity, code, year, data = (
        _must(table, names) for names in (["Entity"], ["Code"], ["Year"], _names(title, columns[title]))
    )
    others = [_named(table, _names(other, column)) for other, column in columns.items() if other != title]
    known = [entity, code, year, data, *(other for other in others if other), *_FOR_THE_CHART]
    note_unknown_columns(table, known, noticed)
    cells_of, rows, elsewhere = Cells(table, {}, noticed), [], dict[str, int]()
    for number, cells in table.rows:
        if not cells[data].strip() and (any(others) or not cells[year].strip()):
            continue  # the row is there for another column, or for the map
        own = cells[code].strip()
        area = _OWN_CODES.get(own, own)
        if not _ISO3.fullmatch(area):
            elsewhere[cells[entity].strip()] = elsewhere.get(cells[entity].strip(), 0) + 1
            continue
        period = cells_of.year(number, cells, year)
        figure = cells_of.figure(number, cells, data) if period else None
        if period is None or figure is None:
            continue
        rows.append(
            Row(
                series=series,
                area=area,
                area_scheme="iso3",
                area_name=cells[entity].strip(),
                period=period,
                **figure.columns(),
                raw_sha256=reply.sha256,
            )
        )
    if elsewhere:
        names = ", ".join(sorted(elsewhere)[:5]) + (f" and {len(elsewhere) - 5} more" if len(elsewhere) > 5 else "")
        message = f"{len(elsewhere)} entities have no ISO code and are no countries: {names}"
        noticed.add("not_a_country", "info", message, reply.url, count=sum(elsewhere.values()))
    return rows


def _names(title: str, column: Mapping[str, object]) -> list[str]:
    """What a column may be called in the CSV: its short name where that was granted, else its title."""
    return [name for name in (str(column.get("shortName") or ""), title) if name]


def _named(table: Table, names: Sequence[str]) -> str | None:
    """Return the column of one of these names. The publisher has written its own in capitals and without."""
    wanted = [name.casefold() for name in names]
    return next((column for column in table.header if column.casefold() in wanted), None)


def _must(table: Table, names: Sequence[str]) -> str:
    column = _named(table, names)
    if column is None:
        columns = ", ".join(table.header)
        raise Changed("changed_columns", f"{table.name}: no column {' or '.join(names)}; columns: {columns}")
    return column
