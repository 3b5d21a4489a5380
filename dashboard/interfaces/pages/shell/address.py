"""The address of a page is its state: what a query string says, and the query string that says it.

Pure: no Reflex, no dataset. Values come from the reader, so whatever cannot be used is set aside and named in
``ignored``, never guessed.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypedDict
from urllib.parse import parse_qsl, quote, urlencode

from dashboard.analysis.charts.chart import MAX_CHOSEN
from dashboard.analysis.charts.registry import TABS as CHART_TABS
from dashboard.answers.changes.query import KINDS as CHANGE_KINDS
from dashboard.answers.charts.query import MAX_COUNTRIES_APART, MAX_METRICS
from dashboard.answers.charts.query import SORTS as BREAKDOWN_SORTS
from dashboard.answers.charts.url import write_url
from dashboard.answers.wording.evidence import STRENGTHS
from dashboard.evidence.codebook.register.adoption import RULES

MAX_COUNTRIES = MAX_CHOSEN
KINDS = ("country", "indicator", "goal", "principle", "source", "adoption", "help")
TABS = (*CHART_TABS, "table")
COUNTRY_TABS = ("summary", "indicators", "adoption", "national", "services", "gaps")
"""Tabs of a country; the first is not written."""
ADOPTION_TABS = ("timeline", "events", "claims", "agreement", "laws", "caveats")
"""Tabs of the register; the first opens where no event is asked for."""
PROGRESS_TABS = ("results", "pipeline", "promise", "unsaid", "reports")
"""Tabs of the page on progress; the first is not written."""
INDICATOR_TABS = ("about", "figures", "links", "revisions", "status")
"""Parts of an indicator's page below its chart; the first is not written."""
_ALL_TABS = (*TABS, *COUNTRY_TABS, *ADOPTION_TABS, *PROGRESS_TABS)
SORTS = BREAKDOWN_SORTS
VIEWS = ("lines", "slope", "dumbbell", "scatter", "ranking", "table", "rows")
ANY = "{id}"
"""Stands for the code of a country that is not chosen yet."""

MAX_COMPARED = MAX_COUNTRIES_APART
"""Countries of the Compare page: above ``MAX_COUNTRIES`` each has a panel or a row of its own."""
YEARS = (1900, 2100)
_DIMENSION = re.compile(r"[a-z][a-z0-9 _-]{0,59}")
_WORD = re.compile(r"[a-z0-9_]{1,60}")
_GROUP = re.compile(r"[a-z0-9_.-]{1,60}")
_LEVEL = re.compile(r"E[1-4]")
_CELL = re.compile(r"[A-Z]{3}-(?:1[0-7]|[1-9])")


@dataclass(frozen=True, slots=True)
class PageAddress:
    """Every control of every page. Empty, None and 1 are the defaults and are not written."""

    countries: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    rule: str = ""
    as_of: str = ""
    tab: str = ""
    page: int = 1
    indicator: str = ""
    theme: str = ""
    goal: int = 0
    principle: str = ""
    strength: str = ""  # of a link from an indicator to what it speaks to
    search: str = ""
    since: str = ""
    kind: str = ""
    source: str = ""
    group: str = ""
    gap: str = ""
    sort: str = ""
    status: str = ""
    dimension: str = ""
    event: str = ""  # a kind of event; on Compare the one that years are counted from
    evidence: str = ""
    disputed: str = ""
    method: str = ""
    beside: str = ""  # a second method, shown beside the first
    cell: str = ""  # of goals × countries, whose arithmetic is shown: ``KAZ-16``
    part: str = ""  # of an indicator's page, below its chart
    metrics: tuple[str, ...] = ()  # further indicators compared, after ``indicator``
    view: str = ""
    months: int = 0  # back from the newest, of which opinions are told; 0 is a year
    across: str = ""  # the indicator on the horizontal axis of a scatter
    unequal: bool = False  # figures that do not measure the same are joined all the same
    ignored: tuple[str, ...] = ()


class ChoiceLink(TypedDict):
    """One choice of a control: the address of the view it leads to."""

    id: str
    label: str
    to: str
    current: bool
    chart: str  # addresses of that view's charts, parted by spaces; "" where it has none, or another page knows


class Field(TypedDict):
    """A parameter of the address, as a form sends it on."""

    name: str
    value: str


def add_country(address: PageAddress, iso3: str, most: int = MAX_COUNTRIES) -> PageAddress:
    """With one more country at the end, at most ``most``; back to the first page of the table."""
    if iso3 in address.countries or len(address.countries) >= most:
        return address
    return replace(address, countries=(*address.countries, iso3), page=1)


def remove_country(address: PageAddress, iso3: str) -> PageAddress:
    """Without that country; back to the first page of the table."""
    return replace(address, countries=tuple(c for c in address.countries if c != iso3), page=1)


def set_period(address: PageAddress, first: int | None, last: int | None) -> PageAddress:
    """With that period; years the wrong way round are turned. Back to the first page of the table."""
    if first is not None and last is not None and first > last:
        first, last = last, first
    return replace(address, first=first, last=last, page=1)


def write_address(path: str, address: PageAddress) -> str:
    """The whole address of a view of the page at ``path``: where a control leads."""
    query_string = write_query(address)
    return f"{path}?{query_string}" if query_string else path


def add_selection(href: str, address: PageAddress) -> str:
    """The address ``href`` of another page with countries, period, rule and day of this one, where it says none itself.

    In the browser every link to a page does the same (``withKept``).
    """
    place, mark, part = href.partition("#")
    path, _, own = place.partition("?")
    selection = PageAddress(address.countries, address.first, address.last, address.rule, address.as_of)
    asked = urlencode(
        {**_parameters(selection), **dict(parse_qsl(own, keep_blank_values=True))}, safe=",", quote_via=quote
    )
    return path + (f"?{asked}" if asked else "") + mark + part


def write_query(address: PageAddress) -> str:
    """The query string, without ``?``; the same controls always give the same text."""
    return urlencode(_parameters(address), safe=",", quote_via=quote)


def list_fields(address: PageAddress) -> list[Field]:
    """The parameters of the address for a form to send on; a change leads to the first page of a table."""
    return [Field(name=name, value=str(value)) for name, value in _parameters(replace(address, page=1)).items()]


def _parameters(address: PageAddress) -> dict[str, str | int]:
    return {key: value for key, value in _all_parameters(address).items() if value not in ("", None)}


def _all_parameters(address: PageAddress) -> dict[str, Any]:
    return {
        "country": ",".join(address.countries), "from": address.first, "to": address.last, "rule": address.rule,
        "as_of": address.as_of, "indicator": ",".join(filter(None, (address.indicator, *address.metrics))),
        "theme": address.theme, "goal": address.goal or None,
        "principle": address.principle, "strength": address.strength, "q": address.search, "kind": address.kind,
        "since": address.since, "source": address.source, "group": address.group, "gap": address.gap,
        "event": address.event, "evidence": address.evidence, "disputed": address.disputed,
        "sort": address.sort, "method": address.method,
        "beside": address.beside, "status": address.status, "tab": address.tab,
        "cell": address.cell, "part": address.part,
        "dimension": address.dimension, "view": address.view, "with": address.across,
        "unequal": "1" if address.unequal else "", "months": address.months or None,
        "page": address.page if address.page > 1 else None,
    }  # fmt: skip


_OF_ONE_PAGE = ("by", "outcome", "without", "own", "side", "figures", "pin", "enter")
"""Parameters that only the pages Effects, Mapping and Search read, each itself."""

_NAMES = frozenset((*_all_parameters(PageAddress()), *_OF_ONE_PAGE))


def parse_address(
    parameters: Mapping[str, str],
    countries: Collection[str],
    most: int = MAX_COUNTRIES,
    indicators: Collection[str] = (),
) -> PageAddress:
    """What the query says. ``countries``: the codes that exist; these and indicators are read in either case.

    ``indicators``: the indicators that exist, for the one to the right of a scatter; empty for any.
    More than ``most`` countries, or more than ``MAX_METRICS`` indicators: the first ones.
    What cannot be used, a parameter that no page knows among it, is in ``ignored`` as ``name=value``.
    """
    if not parameters:
        return PageAddress()
    ignored = [f"{name[:40]}={value[:40]}" for name, value in parameters.items() if name not in _NAMES]

    def take(name: str, pattern: re.Pattern[str] = _WORD, among: Collection[str] = ()) -> str:
        value = parameters.get(name, "").strip()
        if not value:
            return ""
        if not pattern.fullmatch(value) or (among and value not in among):
            ignored.append(f"{name}={value[:40]}")
            return ""
        return value

    def whole(name: str, low: int, high: int) -> int | None:
        value = parameters.get(name, "").strip()
        if not value:
            return None
        if not re.fullmatch(r"[0-9]{1,6}", value) or not low <= int(value) <= high:
            ignored.append(f"{name}={value[:40]}")
            return None
        return int(value)

    def several(name: str, text: str, fits: Callable[[str], object], most: int) -> tuple[str, ...]:
        found: list[str] = []
        for part in dict.fromkeys(part.strip() for part in text.split(",") if part.strip()):
            if fits(part) and len(found) < most:
                found.append(part)
            else:
                ignored.append(f"{name}={part[:40]}")
        return tuple(found)

    def day(name: str) -> str:
        value = parameters.get(name, "").strip()
        try:
            return date.fromisoformat(value).isoformat() if value else ""
        except ValueError:
            ignored.append(f"{name}={value[:40]}")
            return ""

    chosen = several("country", parameters.get("country", "").upper(), lambda code: code in countries, most)
    metrics = several("indicator", parameters.get("indicator", "").lower(), _WORD.fullmatch, MAX_METRICS)
    address = PageAddress(
        countries=chosen, rule=take("rule", among=RULES), as_of=day("as_of"),
        since=day("since"), source=take("source"), group=take("group", _GROUP), gap=take("gap"),
        sort=take("sort"), status=take("status"), event=take("event"), evidence=take("evidence", _LEVEL),
        disputed=take("disputed", among=("yes", "no")),
        indicator="".join(metrics[:1]), metrics=metrics[1:], view=take("view", among=VIEWS),
        across=take("with", among=indicators), unequal=take("unequal", among=("1",)) == "1",
        theme=take("theme"), goal=whole("goal", 1, 17) or 0, principle=take("principle"),
        strength=take("strength", among=STRENGTHS),
        search=parameters.get("q", "").strip()[:80], tab=take("tab", among=_ALL_TABS),
        page=whole("page", 1, 100_000) or 1, kind=take("kind", among=(*KINDS, *CHANGE_KINDS)),
        dimension=take("dimension", _DIMENSION), method=take("method"), beside=take("beside"),
        months=whole("months", 1, 120) or 0,
        cell=take("cell", _CELL), part=take("part", among=INDICATOR_TABS),
    )  # fmt: skip
    address = replace(address, ignored=tuple(ignored))
    first, last = whole("from", *YEARS), whole("to", *YEARS)
    return replace(set_period(address, first, last), page=address.page, ignored=tuple(ignored))


def write_chart_url(kind: str, indicator: str, address: PageAddress, lang: str) -> str:
    """Where the specification of a chart of the view is."""
    parameters = {
        "indicator": indicator, "country": ",".join(address.countries), "from": address.first, "to": address.last,
        "dimension": address.dimension, "sort": address.sort if address.sort in SORTS[1:] else "",
        "with": address.across, "event": address.event, "unequal": "1" if address.unequal else "",
        "as_of": address.as_of, "lang": lang,
    }  # fmt: skip
    return write_url(kind, parameters)


def write_counted_url(kind: str, address: PageAddress, lang: str) -> str:
    """Where the specification of a chart of counted countries is: ``claims``, ``pipeline``, ``corruption`` …"""
    return write_url(kind, {"rule": address.rule, "as_of": address.as_of, "lang": lang})


def write_claims_url(path: str, address: PageAddress, lang: str) -> str:
    """Where a file or an answer about the claims of the statement is: ``claims.csv``, ``reports/statement.pdf`` …"""
    asked = urlencode({name: value for name, value in {"as_of": address.as_of, "lang": lang}.items() if value})
    return f"/api/v1/{path}?{asked}"


def write_matrix_url(address: PageAddress, lang: str, form: str = "json") -> str:
    """Where the matrix of an address is."""
    parameters = {
        "theme": address.theme, "goal": address.goal or "", "source": address.source, "rule": address.rule,
        "group": address.group, "gap": address.gap, "sort": address.sort, "as_of": address.as_of, "lang": lang,
    }  # fmt: skip
    return f"/api/v1/availability.{form}?{urlencode({name: value for name, value in parameters.items() if value})}"
