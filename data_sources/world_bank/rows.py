"""Rows of the Indicators API as observations, each with what other series say of the same area and year."""

from collections.abc import Mapping, Sequence

from data_sources.components import mark_figure, multiply_unit
from data_sources.contract import Reply
from data_sources.errors import Changed
from data_sources.figures import read_figure
from data_sources.observations import Noticed, Row
from data_sources.world_bank.sheets import ReplySheet

Beside = Mapping[str, Mapping[tuple[str, str], float | None]]
"""Role of a companion (``std_error``, ``lower`` …) → area and year → its figure."""

_KNOWN = frozenset(
    {"indicator", "country", "countryiso3code", "date", "value", "unit", "obs_status", "decimal", "scale", "source"}
)
_INTERVAL_LEVEL = 90.0  # bounds of the governance score: a 90 % confidence interval, by their names in the API


def read_row(record: object, code: str, edition: str, reply: Reply, companions: Beside, noticed: Noticed) -> Row | None:
    """One row of a reply; None, and the row counted as rejected, when area, year or value cannot be read.

    Raises:
        Changed: a row lacks what every row has (``unexpected_shape``), or is of another series (``wrong_series``).
    """
    if not isinstance(record, dict) or not {"country", "date", "value"} <= record.keys():
        raise Changed("unexpected_shape", f"{code}: a row without country, date or value", url=reply.url)
    if (sent := _series(record) or code) != code:
        raise Changed("wrong_series", f"{code} was asked, {sent} came", url=reply.url)
    for column in record.keys() - _KNOWN:
        noticed.add("unknown_column", "warning", f"column {column!r} is not known and was not read", reply.url)
    area, scheme, name = _place(record)
    period, where = str(record["date"]), f"{name or area} {record['date']}"
    if not area:
        noticed.reject("unreadable_area", f"{where}: the row names no area", where)
        return None
    if not (len(period) == 4 and period.isascii() and period.isdigit()):
        noticed.reject("unreadable_period", f"{where}: {period!r} is not a year; the row is left out", where)
        return None
    figure = read_figure(_text(record["value"]), {})
    if figure is None:
        noticed.reject("unreadable_value", f"{where}: {record['value']!r} is not a figure; the row is left out", where)
        return None
    mark = str(record.get("obs_status") or "").strip()
    figure = mark_figure(figure, mark, where, noticed)
    values = {
        role: figures.get((area, period)) if figure.value is not None else None for role, figures in companions.items()
    }
    sources, lower, upper = values.get("sources"), values.get("lower"), values.get("upper")
    return Row(
        series=code,
        area=area,
        area_scheme=scheme,
        area_name=name,
        period=period,
        value=figure.value,
        value_text=str(figure.text),
        lower=figure.lower if figure.status == "censored" else lower,
        upper=figure.upper if figure.status == "censored" else upper,
        interval_level=_INTERVAL_LEVEL if lower is not None and upper is not None else None,
        std_error=values.get("std_error"),
        unit=multiply_unit(str(record.get("unit") or "").strip(), str(record.get("scale") or "")),
        status=figure.status,
        source_detail="" if sources is None else f"Number of sources: {sources:.0f}",
        footnote=f"obs_status: {mark}" if mark else "",
        edition=edition,
        raw_sha256=reply.sha256,
    )


def read_figures(sheets: Sequence[ReplySheet], code: str, noticed: Noticed) -> dict[tuple[str, str], float | None]:
    """Figures of a companion series by area and year; rows of other series in the same reply are left to them."""
    figures: dict[tuple[str, str], float | None] = {}
    for sheet in sheets:
        for record in sheet.rows:
            if not isinstance(record, dict) or (_series(record) or code) != code:
                continue
            figure = read_figure(_text(record.get("value")), {})
            place = (_place(record)[0], str(record.get("date")))
            if figure is None:
                message = f"{code} {' '.join(place)}: {record.get('value')!r} is not a number"
                noticed.add("unreadable_companion", "warning", message, sheet.page.reply.url)
            figures[place] = figure.value if figure else None
    return figures


def _series(record: Mapping[str, object]) -> str:
    """Return the code a row says it belongs to; empty when it does not say."""
    indicator = record.get("indicator")
    return str(indicator.get("id") or "") if isinstance(indicator, dict) else ""


def _place(record: Mapping[str, object]) -> tuple[str, str, str]:
    """Area, scheme and name of a row."""
    country = record.get("country")
    name = str(country.get("value") or "").strip() if isinstance(country, dict) else ""
    iso3 = str(record.get("countryiso3code") or "").strip()
    return (iso3, "iso3", name) if iso3 else (name, "name", name)


def _text(value: object) -> str | None:
    """Return a cell as printed; anything but text, number and null reads as no figure."""
    return value if value is None or isinstance(value, str) else repr(value)
