"""Addresses of charts: whoever needs one has it written here, so that one question has one address.

A parameter that says nothing, or that the kind does not take, is left out; the others are always in the same order.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from dashboard.analysis.charts.registry import KINDS
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.stamp import write_stamp
from dashboard.answers.charts.query import ChartQuery, ask_chart

CHARTS = "/api/v1/charts/"
PARAMETERS = (
    "indicator", "side", "strength", "figures", "country", "pin", "rule", "from", "to", "series", "dimension", "sort",
    "with", "event", "unequal", "lang", "as_of", "dataset", "theme", "v",
)  # fmt: skip
"""Every parameter of a chart's address, in its order; those of the mapping and of counts among them."""

FIELDS = {
    "indicator": "metric", "country": "countries", "from": "first", "to": "last", "series": "series",
    "dimension": "dimension", "sort": "sort", "with": "second", "event": "event", "unequal": "unequal",
}  # fmt: skip
"""Parameter of the chart of an indicator → field of its question."""

Url = TypeVar("Url")


def write_url(kind: str, parameters: Mapping[str, object], form: str = "json") -> str:
    """Return the address of a chart file: of an indicator, of counts, or of the mapping."""
    return f"{CHARTS}{kind}.{form}?{write_query(kind, parameters)}"


def write_query(kind: str, parameters: Mapping[str, object]) -> str:
    """Return the query string of a chart of ``kind``, without ``?``."""
    unused = set()
    if shape := KINDS.get(kind):
        uses = {
            "dimension": shape.by_groups, "sort": shape.by_groups, "with": shape.needs_second,
            "event": shape.from_event, "unequal": shape.joined, "series": shape.own_series,
        }  # fmt: skip
        unused = {name for name, used in uses.items() if not used}
    values = {
        name: str(parameters[name])
        for name in PARAMETERS
        if name not in unused and parameters.get(name) not in (None, "")
    }
    return urlencode(values, safe=",:")


def list_choices(query: ChartQuery) -> dict[str, object]:
    """Return parameter → value of a question, without language, day and theme."""
    choices = {name: getattr(query, field) for name, field in FIELDS.items()}
    return choices | {"country": ",".join(query.countries), "unequal": "1" if query.unequal else ""}


def list_parameters(query: ChartQuery) -> dict[str, object]:
    """Return all parameters of an address that never changes, the stamp among them."""
    ctx = query.ctx
    return list_choices(query) | {
        "lang": ctx.lang,
        "as_of": ctx.day,
        "dataset": ctx.pinned,
        "theme": query.theme,
        "v": write_stamp(ctx),
    }


def write_permanent_url(query: ChartQuery, form: str) -> str:
    """Return the address of a chart that never changes."""
    return write_url(query.kind, list_parameters(query), form)


def write_embed_url(query: ChartQuery, **pin: str) -> str:
    """Return the address of a chart's embedded page; ``pin`` is ``as_of`` or ``dataset``."""
    return f"/embed/{query.ctx.lang}/{query.kind}/?{write_query(query.kind, list_choices(query) | pin)}"


def change_form(address: Url, form: str) -> Url:
    """Return the address in another form; it may be a variable of a page that holds one."""
    return address.replace(".json?", f".{form}?")  # type: ignore[attr-defined, no-any-return]


def parse_url(ctx: Context, address: str) -> ChartQuery:
    """Return the checked question of the address of an indicator's chart, as ``write_url`` writes it.

    Raises:
        Invalid: it is the address of something else; or as ``ask_chart``.
        Unknown: as ``ask_chart``.
    """
    path, _, query = address.partition("?")
    given = defaultdict(str, parse_qsl(query))
    if not path.startswith(CHARTS) or not path.endswith(".json") or "indicator" not in given:
        raise Invalid("url", "This is not the address of a chart of an indicator.")
    return ask_chart(
        ctx,
        path.removeprefix(CHARTS).removesuffix(".json"),
        given["indicator"],
        tuple(filter(None, given["country"].split(","))),
        _read_year(given["from"]),
        _read_year(given["to"]),
        **{name: given[name] for name in ("series", "dimension", "sort", "event")},
        second=given["with"],
        unequal=given["unequal"] == "1",
    )


def _read_year(value: str) -> int | None:
    return int(value) if value.isdecimal() and len(value) == 4 else None
