"""The template of monthly counts: *Services* (a row per centre, service and channel), *Centres*, what is counted.

The heads are codes in every language; what stands in a column is said where a cell of it is chosen, and listed.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.analysis.reports.csv_text import write_cells
from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.metrics import metrics
from dashboard.contributions.delivery.model import BINS, CHANNELS, COUNTS, Centre
from dashboard.contributions.delivery.wording import count_name, metric_name
from dashboard.contributions.submissions.rules.contradictions import TAKES, WITHDRAWN
from dashboard.evidence.database.engine import open_engine
from dashboard.locales import DESK_LANGUAGES, has, t
from dashboard.settings import Settings

OF_SERVICES = (
    "centre", "service", "channel", "month", *COUNTS,
    *(f"{name}_{edge}" for name, edges in BINS.items() for edge in edges), "cost", "currency", "measured_by",
    TAKES, WITHDRAWN,
)  # fmt: skip
OF_CENTRES = (
    "code", "country", "name", "since", "region", "opened", "closed", "latitude", "longitude", "services", "form",
)  # fmt: skip
BLANK_ROWS = 200


@dataclass(frozen=True)
class CountsContext:
    """What is known of a country: its centres as they stand, and what its newest month had counts of."""

    country: str
    centres: tuple[Centre, ...]
    places: tuple[tuple[str, str, str], ...]  # centre, service, channel


def known(settings: Settings, country: str) -> CountsContext:
    """Return what the rows to fill in are made of."""
    record = open_engine(settings)
    centres = tuple(rows[-1] for rows in store.centres(record, country).values())
    month = store.newest_month(record, country)
    reports = store.reports(record, country, since=month) if month else []
    merged = store.mergers(record, country)
    places = {(one.centre, one.service, one.channel) for one in reports if one.service not in merged}
    return CountsContext(country, centres, tuple(sorted(places)))


def csv_text(month: str, held: CountsContext) -> bytes:
    """Return the rows to fill in as CSV: UTF-8 with its mark; without centres, which stay as they are."""
    rows = [(*place, month, *[""] * (len(OF_SERVICES) - 4)) for place in held.places]
    return "".join(write_cells(row) for row in (OF_SERVICES, *rows)).encode("utf-8-sig")


def workbook(country: str, month: str, lang: str, held: CountsContext, address: str) -> bytes:
    """Return the template as workbook.

    Args:
        country: its name.
        month: the month to fill in, ``2026-10``.
        lang: the language of its words.
        held: see ``known``.
        address: where it is uploaded.
    """
    import xlsxwriter

    body = io.BytesIO()
    file = xlsxwriter.Workbook(body, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = file.add_format({"bold": True, "bottom": 1, "bg_color": "#e8e4da"})
    plain = file.add_format({"num_format": "@"})  # a month stays what was typed
    sheets = {
        name: file.add_worksheet(t(f"submissions.sheet.{name}", lang)[:31])
        for name in ("start", "services", "centres", "counted")
    }
    for sheet in sheets.values():
        if DESK_LANGUAGES[lang].dir == "rtl":
            sheet.right_to_left()
    start = sheets["start"]
    start.set_column(0, 0, 110)
    start.write_string(0, 0, t("submissions.counts.title", lang, country=country, month=month), head)
    for line, part in enumerate(("one", "two", "three", "four"), start=2):
        start.write_string(line, 0, f"{line - 1}. " + t(f"submissions.counts.{part}", lang, address=address))
    rows = [[*place, month] for place in held.places]
    of_services = {name: _holds(name, lang) for name in OF_SERVICES}
    of_centres = {name: _of_centre(name, lang) for name in OF_CENTRES}
    _table(sheets["services"], head, plain, of_services, rows)
    _table(sheets["centres"], head, plain, of_centres, [[*cells(one).values()] for one in held.centres])
    counted = sheets["counted"]
    counted.set_column(0, 0, 60)
    counted.set_column(1, 2, 40)
    shown = _counted(lang)
    heads = (t("submissions.counts.column", lang), t("submissions.counts.holds", lang))
    listed = [*shown, (), heads, *of_services.items()]
    for line, row in enumerate(listed):
        for at, cell in enumerate(row):
            counted.write_string(line, at, cell, head if line in (0, len(shown) + 1) else None)
    start.activate()
    file.close()
    return body.getvalue()


def _table(sheet: Any, head: Any, plain: Any, columns: Mapping[str, str], rows: Sequence[Sequence[str]]) -> None:
    """``columns``: head → what stands below it, which is said where a cell is chosen."""
    sheet.freeze_panes(1, 4)
    sheet.set_column(0, len(columns) - 1, 16)
    for at, (name, holds) in enumerate(columns.items()):
        sheet.write_string(0, at, name, head)
        listed = {"validate": "list", "source": list(CHANNELS)} if name == "channel" else {"validate": "any"}
        sheet.data_validation(
            0, at, BLANK_ROWS * 10, at, {**listed, "input_title": name, "input_message": holds, "error_type": "stop"}
        )
    sheet.set_column(3, 3, 12, plain)
    for line, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            sheet.write_string(line, at, cell)


def _holds(column: str, lang: str) -> str:
    """Return what stands in a column of *Services*."""
    key = f"delivery.column.{column}"
    return t(key, lang) if has(key) else count_name(column, lang)


def _of_centre(column: str, lang: str) -> str:
    """Return what stands in a column of *Centres*."""
    return t(f"delivery.column.{'offers' if column == 'services' else column}", lang)


def cells(one: Centre) -> dict[str, str]:
    """Return a centre as a row of *Centres* writes it, by column."""
    plain: Mapping[str, Any] = {
        **one.as_json(),
        "services": "; ".join(f"{code}={name}" for code, name in one.services),
        "form": "yes" if one.form else "",
    }
    return {name: "" if plain[name] is None else str(plain[name]) for name in OF_CENTRES}


def _counted(lang: str) -> list[tuple[str, str, str]]:
    """Return what readers are shown, and which columns it is made of."""
    heads = tuple(t(f"submissions.counts.{name}", lang) for name in ("shown", "above", "below"))
    rows = [
        (metric_name(one, lang), " + ".join(one.numerator), " + ".join(one.denominator)) for one in metrics().values()
    ]
    return [(heads[0], heads[1], heads[2]), *rows]
