"""Data queries of REST 2.x and REST 1.x, read into one value.

Nothing here knows which codes exist: an unknown code is no error, it finds nothing.
"""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Literal, cast, get_args
from urllib.parse import unquote

from dashboard.analysis.sdmx.model import TIME, DataStructure, QueryRefused

MAX_KEYS = 10_000  # keys or codes in one query

MAX_PATTERNS = 32  # different sets of dimensions that the keys of one query may name

MAX_TERMS = 200  # comparisons that are no plain list of codes in one query

Operator = Literal["eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew"]
OPERATORS = get_args(Operator)
_CODE = re.compile(r"[A-Za-z0-9_@$\-]{1,400}", re.ASCII)
_PERIOD = re.compile(r"(\d{4})(?:-(?:(\d{2})(?:-(\d{2}))?|Q([1-4])|S([12])|A1))?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class FilterTerm:
    """A comparison of a component with a value."""

    operator: Operator
    value: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter of a component: any of ``plain``, or all terms of any of ``alternatives``."""

    component: str
    plain: frozenset[str]
    alternatives: tuple[tuple[FilterTerm, ...], ...] = ()


@dataclass(frozen=True)
class DataQuery:
    """A query for data: which, of when, and how much of it.

    ``keys`` maps dimensions named together to tuples of codes, any of which matches; empty means all. ``sets`` maps a
    dimension to its codes, and every dimension must match.
    """

    keys: Mapping[tuple[str, ...], frozenset[tuple[str, ...]]] = field(default_factory=dict)
    sets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    first_year: int | None = None  # observations that begin in it or later
    last_year: int | None = None  # observations that end in it or earlier
    first: int | None = None  # observations of each series, from its beginning
    last: int | None = None
    offset: int = 0
    limit: int | None = None
    as_of: datetime | None = None
    updated_after: datetime | None = None
    history: bool = False
    flat: bool = False
    columns: tuple[str, ...] | None = None  # measures and attributes; None: all


def split_parameters(query: str, names: Sequence[str]) -> dict[str, str]:
    """Return the parameters of an address by name; ``+`` stays a plus, which joins terms in SDMX.

    Raises:
        QueryRefused: a parameter is unknown or comes twice (``c[FREQ]`` may come once for each component).
    """
    parameters: dict[str, str] = {}
    for pair in query.split("&"):
        if not pair:
            continue
        name, _, value = pair.partition("=")
        name, value = _unquote(name), _unquote(value)
        if name not in names and not (name.startswith("c[") and name.endswith("]") and "c" in names):
            available = ", ".join("c[COMPONENT]" if choice == "c" else choice for choice in names)
            raise QueryRefused(140, f"There is no parameter {_quote(name)} here; there are {available}.")
        if name in parameters:
            raise QueryRefused(140, f"{_quote(name)} is given twice; join values with a comma.")
        parameters[name] = value
    return parameters


def _unquote(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise QueryRefused(140, "The address is not UTF-8.") from error


def _quote(text: str) -> str:
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def read_keys(text: str, structure: DataStructure) -> dict[tuple[str, ...], frozenset[tuple[str, ...]]]:
    """Read the key of REST 2.x: ``A.AZE.*,A.GEO``; ``*`` and missing parts at the end are any code."""
    if text in ("", "*", "all"):
        return {}
    keys = text.split(",")
    if len(keys) > MAX_KEYS:
        raise QueryRefused(510, f"{len(keys)} keys are asked for at once; at most {MAX_KEYS} are answered.")
    names = structure.dimensions
    found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for key in keys:
        parts = key.split(".")
        if len(parts) > len(names):
            raise QueryRefused(
                140,
                f"The key {_quote(key)} has {len(parts)} parts; the dimensions are {'.'.join(names)}, without {TIME}.",
            )
        named = []
        for name, part in zip(names, parts, strict=False):
            if part == "*":
                continue
            if "+" in part:
                raise QueryRefused(140, f"{_quote(part)}: codes are joined by + in REST 1.x; here c[{name}]=A,B.")
            named.append((name, _check_code(name, part)))
        pattern = tuple(name for name, _ in named)
        found.setdefault(pattern, set()).add(tuple(code for _, code in named))
    if () in found:
        return {}
    if len(found) > MAX_PATTERNS:
        raise QueryRefused(510, f"The keys leave out dimensions in more than {MAX_PATTERNS} different ways.")
    return {pattern: frozenset(codes) for pattern, codes in found.items()}


def read_key_sets(text: str, structure: DataStructure) -> dict[str, frozenset[str]]:
    """Read the key of REST 1.x: ``A.AZE+GEO..``; an empty part is any code, ``all`` is everything."""
    if text in ("", "all"):
        return {}
    names = structure.dimensions
    parts = text.split(".")
    if len(parts) != len(names):
        raise QueryRefused(
            140,
            f"The key has {len(parts)} parts; it needs {len(names)}, one for each of {'.'.join(names)} (empty: any).",
        )
    if text.count("+") + len(parts) > MAX_KEYS:
        raise QueryRefused(510, f"More than {MAX_KEYS} codes are asked for at once.")
    found = {}
    for name, part in zip(names, parts, strict=True):
        if part == "*":
            raise QueryRefused(140, f"{name}: an empty part stands for any code here; * does in REST 2.x.")
        if part:
            found[name] = frozenset(_check_code(name, code) for code in part.split("+"))
    return found


def _check_code(component: str, code: str) -> str:
    if not _CODE.fullmatch(code):
        raise QueryRefused(140, f"{component}: {_quote(code)} is no code: letters, digits and _ - @ $ alone.")
    return code


def read_conditions(parameters: Mapping[str, str], structure: DataStructure) -> tuple[Condition, ...]:
    """Read the filters ``c[COMPONENT]=…``: a comma is *or*, a plus *and*, ``ge:`` etc. compare."""
    return tuple(
        _read_condition(name[2:-1], value, structure) for name, value in parameters.items() if name.startswith("c[")
    )


def _read_condition(component: str, value: str, structure: DataStructure) -> Condition:
    if component not in structure.by_id:
        available = ", ".join(structure.by_id)
        raise QueryRefused(150, f"There is no component {_quote(component)}; there are {available}.")
    if not value:
        raise QueryRefused(140, f"c[{component}] is empty.")
    plain, alternatives, terms = set(), [], 0
    choices = value.split(",")
    if len(choices) > MAX_KEYS:
        raise QueryRefused(510, f"c[{component}] names {len(choices)} values; at most {MAX_KEYS} are answered.")
    for choice in choices:
        joined = tuple(_read_term(component, part) for part in choice.split("+"))
        if len(joined) == 1 and joined[0].operator == "eq":
            plain.add(joined[0].value)
            continue
        terms += len(joined)
        alternatives.append(joined)
    if terms > MAX_TERMS:
        raise QueryRefused(510, f"c[{component}] has {terms} comparisons; at most {MAX_TERMS} are answered.")
    return Condition(component, frozenset(plain), tuple(alternatives))


def _read_term(component: str, text: str) -> FilterTerm:
    operator, colon, value = text.partition(":")
    if not colon or operator not in OPERATORS:
        operator, value = "eq", text
    if not value:
        raise QueryRefused(140, f"c[{component}] compares with nothing.")
    return FilterTerm(cast(Operator, operator), value)


def read_period(text: str) -> tuple[date, date]:
    """Return the first and last day of a year, half-year, quarter, month or day."""
    found = _PERIOD.fullmatch(text.partition("T")[0])
    if not found:
        raise QueryRefused(140, f"{_quote(text)} is no period such as 2020, 2020-Q1, 2020-06 or 2020-06-30.")
    year, month, day, quarter, half = (int(part) if part else 0 for part in found.groups())
    months = (
        (month, month) if month else (3 * quarter - 2, 3 * quarter) if quarter else (6 * half - 5, 6 * half)
    ) if month or quarter or half else (1, 12)  # fmt: skip
    try:
        begin = date(year, months[0], day or 1)
        return begin, begin if day else date(year, months[1], monthrange(year, months[1])[1])
    except ValueError as error:
        raise QueryRefused(140, f"{_quote(text)} is no period: {error}.") from error


def find_first_year(text: str) -> int:
    """Return the first calendar year that begins no earlier than a period."""
    begin, _ = read_period(text)
    return begin.year if (begin.month, begin.day) == (1, 1) else begin.year + 1


def find_last_year(text: str) -> int:
    """Return the last calendar year that ends no later than a period."""
    _, end = read_period(text)
    return end.year if (end.month, end.day) == (12, 31) else end.year - 1


def read_moment(name: str, text: str) -> datetime:
    """Read a moment in UTC; a day alone is its end for ``asOf`` and its beginning otherwise."""
    if not _MOMENT.fullmatch(text):
        raise QueryRefused(140, f"{name}: {_quote(text)} is no moment such as 2026-03-01T12:00:00Z.")
    try:
        if len(text) == 10:
            clock_time = time.max if name == "asOf" else time.min
            return datetime.combine(date.fromisoformat(text), clock_time, tzinfo=UTC)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise QueryRefused(140, f"{name}: {_quote(text)} is no moment: {error}.") from error


def read_count(name: str, text: str, least: int = 1) -> int:
    """Read a whole number of at least ``least``."""
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) < least:
        raise QueryRefused(140, f"{name}: {_quote(text)} is no whole number of at least {least}.")
    return int(text)


V2 = (
    "c", "updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation", "attributes", "measures",
    "includeHistory", "offset", "limit", "sort", "asOf", "reportingYearStartDay", "format",
)  # fmt: skip
V1 = (
    "startPeriod", "endPeriod", "updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation",
    "detail", "includeHistory", "asOf", "format",
)  # fmt: skip


def read_query_v2(key: str, query: str, structure: DataStructure) -> DataQuery:
    """Read a data query of REST 2.x.

    Raises:
        QueryRefused: 140 what cannot be read, 150 what does not exist or contradicts itself, 501 what is not offered.
    """
    parameters = split_parameters(query, V2)
    for name in ("sort", "reportingYearStartDay"):
        if parameters.get(name):
            raise QueryRefused(501, f"{name} is not offered: series come by key, years are calendar years.")
    columns = _choose_columns(parameters.get("measures", "all"), parameters.get("attributes", "dsd"), structure)
    return DataQuery(
        keys=read_keys(key, structure),
        conditions=read_conditions(parameters, structure),
        offset=read_count("offset", parameters["offset"], 0) if parameters.get("offset") else 0,
        limit=read_count("limit", parameters["limit"]) if parameters.get("limit") else None,
        columns=columns,
        **_read_common(parameters),
    )


def read_query_v1(key: str, query: str, structure: DataStructure) -> DataQuery:
    """Read a data query of REST 1.x; errors as of ``read_query_v2``."""
    parameters = split_parameters(query, V1)
    detail = parameters.get("detail", "full")
    if detail not in ("full", "dataonly"):
        is_defined = detail in ("serieskeysonly", "nodata")
        raise QueryRefused(501 if is_defined else 140, f"detail={detail[:40]} is not offered: full and dataonly are.")
    return DataQuery(
        sets=read_key_sets(key, structure),
        first_year=find_first_year(parameters["startPeriod"]) if parameters.get("startPeriod") else None,
        last_year=find_last_year(parameters["endPeriod"]) if parameters.get("endPeriod") else None,
        columns=tuple(c.id for c in structure.components if c.role == "measure") if detail == "dataonly" else None,
        **_read_common(parameters),
    )


def _read_common(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Read the parameters that both versions of REST have."""
    as_of = read_moment("asOf", parameters["asOf"]) if parameters.get("asOf") else None
    updated = read_moment("updatedAfter", parameters["updatedAfter"]) if parameters.get("updatedAfter") else None
    if as_of and updated and updated > as_of:
        raise QueryRefused(150, "updatedAfter must not be later than asOf.")
    at = parameters.get("dimensionAtObservation") or TIME
    if at not in (TIME, "AllDimensions"):
        raise QueryRefused(501, f"dimensionAtObservation={at[:40]} is not offered: {TIME} and AllDimensions are.")
    count = {
        name: read_count(parameter, parameters[parameter])
        for name, parameter in (("first", "firstNObservations"), ("last", "lastNObservations"))
        if parameters.get(parameter)
    }
    history = parameters.get("includeHistory") or "false"
    if history not in ("true", "false"):
        raise QueryRefused(140, f"includeHistory: {_quote(history)} is neither true nor false.")
    flat = at == "AllDimensions"
    return {"as_of": as_of, "updated_after": updated, "history": history == "true", "flat": flat, **count}


def _choose_columns(measures: str, attributes: str, structure: DataStructure) -> tuple[str, ...] | None:
    """Return the requested measures and attributes in the structure's order; None means all."""
    if measures in ("", "all") and attributes in ("", "dsd", "all"):
        return None
    wanted: set[str] = set()
    for text, role in ((measures, "measure"), (attributes, "attribute")):
        for name in text.split(","):
            wanted |= _expand_name(name, role, structure)
    return tuple(component.id for component in structure.components if component.id in wanted)


def _expand_name(name: str, role: str, structure: DataStructure) -> set[str]:
    available = [component for component in structure.components if component.role == role]
    if name in ("all", "dsd", ""):
        return {component.id for component in available}
    if name in ("none", "msd", "dataset"):
        return set()
    if role == "attribute" and name in ("series", "obs"):
        return {component.id for component in available if component.level == name}
    if name not in {component.id for component in available}:
        raise QueryRefused(150, f"There is no {role} {_quote(name)}; there are {', '.join(c.id for c in available)}.")
    return {name}
