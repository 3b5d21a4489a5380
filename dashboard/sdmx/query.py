"""Queries for data as REST 2.x and REST 1.x write them, read into one value.

Nothing here knows which codes exist: an unknown code is no fault, there is only nothing by it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Literal, cast
from urllib.parse import unquote

from dashboard.sdmx.model import TIME, DataStructure, QueryRefused

MOST_KEYS = 10_000
"""Keys or codes in one query."""

MOST_PATTERNS = 32
"""Different sets of dimensions that the keys of one query may name."""

MOST_TERMS = 200
"""Comparisons that are no plain list of codes in one query."""

Operator = Literal["eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew"]
OPERATORS = ("eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew")
_CODE = re.compile(r"[A-Za-z0-9_@$\-]{1,400}", re.ASCII)
_PERIOD = re.compile(r"(\d{4})(?:-(?:(\d{2})(?:-(\d{2}))?|Q([1-4])|S([12])|A1))?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class FilterTerm:
    """One comparison of a component with a value."""

    operator: Operator
    value: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What a component must be: any of ``plain``, or all terms of any of ``alternatives``."""

    component: str
    plain: frozenset[str]
    alternatives: tuple[tuple[FilterTerm, ...], ...] = ()


@dataclass(frozen=True)
class DataQuery:
    """Which data, of when, and how much of it.

    ``keys``: dimensions named together → tuples of codes, any of which will do; empty means all. ``sets``: dimension →
    codes, all of which must hold.
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


def split_parameters(query: str, known: Sequence[str]) -> dict[str, str]:
    """The parameters of an address by name; ``+`` stays a plus, which joins terms in SDMX.

    ``c[FREQ]`` may come once for each component. Raises ``QueryRefused`` for what is unknown or comes twice.
    """
    given: dict[str, str] = {}
    for pair in query.split("&"):
        if not pair:
            continue
        name, _, value = pair.partition("=")
        name, value = _unquoted(name), _unquoted(value)
        if name not in known and not (name.startswith("c[") and name.endswith("]") and "c" in known):
            there = ", ".join("c[COMPONENT]" if one == "c" else one for one in known)
            raise QueryRefused(140, f"There is no parameter {_shown(name)} here; there are {there}.")
        if name in given:
            raise QueryRefused(140, f"{_shown(name)} is given twice; join values with a comma.")
        given[name] = value
    return given


def _unquoted(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise QueryRefused(140, "The address is not UTF-8.") from error


def _shown(text: str) -> str:
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def read_keys(text: str, structure: DataStructure) -> dict[tuple[str, ...], frozenset[tuple[str, ...]]]:
    """The key of REST 2.x: ``A.AZE.*,A.GEO``; ``*`` and what is left out at the end are any code."""
    if text in ("", "*", "all"):
        return {}
    keys = text.split(",")
    if len(keys) > MOST_KEYS:
        raise QueryRefused(510, f"{len(keys)} keys are asked for at once; at most {MOST_KEYS} are answered.")
    names = structure.dimensions
    found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for key in keys:
        parts = key.split(".")
        if len(parts) > len(names):
            raise QueryRefused(
                140,
                f"The key {_shown(key)} has {len(parts)} parts; the dimensions are {'.'.join(names)}, without {TIME}.",
            )
        named = []
        for name, part in zip(names, parts, strict=False):
            if part == "*":
                continue
            if "+" in part:
                raise QueryRefused(140, f"{_shown(part)}: codes are joined by + in REST 1.x; here c[{name}]=A,B.")
            named.append((name, _checked(name, part)))
        pattern = tuple(name for name, _ in named)
        found.setdefault(pattern, set()).add(tuple(code for _, code in named))
    if () in found:
        return {}
    if len(found) > MOST_PATTERNS:
        raise QueryRefused(510, f"The keys leave out dimensions in more than {MOST_PATTERNS} different ways.")
    return {pattern: frozenset(codes) for pattern, codes in found.items()}


def read_key_sets(text: str, structure: DataStructure) -> dict[str, frozenset[str]]:
    """The key of REST 1.x: ``A.AZE+GEO..``; an empty part is any code, ``all`` is everything."""
    if text in ("", "all"):
        return {}
    names = structure.dimensions
    parts = text.split(".")
    if len(parts) != len(names):
        raise QueryRefused(
            140,
            f"The key has {len(parts)} parts; it needs {len(names)}, one for each of {'.'.join(names)} (empty: any).",
        )
    if text.count("+") + len(parts) > MOST_KEYS:
        raise QueryRefused(510, f"More than {MOST_KEYS} codes are asked for at once.")
    found = {}
    for name, part in zip(names, parts, strict=True):
        if part == "*":
            raise QueryRefused(140, f"{name}: an empty part stands for any code here; * does in REST 2.x.")
        if part:
            found[name] = frozenset(_checked(name, code) for code in part.split("+"))
    return found


def _checked(component: str, code: str) -> str:
    if not _CODE.fullmatch(code):
        raise QueryRefused(140, f"{component}: {_shown(code)} is no code: letters, digits and _ - @ $ alone.")
    return code


def read_conditions(given: Mapping[str, str], structure: DataStructure) -> tuple[Condition, ...]:
    """The filters ``c[COMPONENT]=…``: a comma is *or*, a plus *and*, ``ge:`` and others are comparisons."""
    return tuple(_condition(name[2:-1], value, structure) for name, value in given.items() if name.startswith("c["))


def _condition(component: str, value: str, structure: DataStructure) -> Condition:
    if component not in structure.by_id:
        there = ", ".join(structure.by_id)
        raise QueryRefused(150, f"There is no component {_shown(component)}; there are {there}.")
    if not value:
        raise QueryRefused(140, f"c[{component}] is empty.")
    plain, alternatives, terms = set(), [], 0
    choices = value.split(",")
    if len(choices) > MOST_KEYS:
        raise QueryRefused(510, f"c[{component}] names {len(choices)} values; at most {MOST_KEYS} are answered.")
    for choice in choices:
        joined = tuple(_term(component, part) for part in choice.split("+"))
        if len(joined) == 1 and joined[0].operator == "eq":
            plain.add(joined[0].value)
            continue
        terms += len(joined)
        alternatives.append(joined)
    if terms > MOST_TERMS:
        raise QueryRefused(510, f"c[{component}] has {terms} comparisons; at most {MOST_TERMS} are answered.")
    return Condition(component, frozenset(plain), tuple(alternatives))


def _term(component: str, text: str) -> FilterTerm:
    operator, colon, value = text.partition(":")
    if not colon or operator not in OPERATORS:
        operator, value = "eq", text
    if not value:
        raise QueryRefused(140, f"c[{component}] compares with nothing.")
    return FilterTerm(cast(Operator, operator), value)


def read_period(text: str) -> tuple[date, date]:
    """The first and the last day of a period: a year, half-year, quarter, month or day."""
    found = _PERIOD.fullmatch(text.partition("T")[0])
    if not found:
        raise QueryRefused(140, f"{_shown(text)} is no period such as 2020, 2020-Q1, 2020-06 or 2020-06-30.")
    year, month, day, quarter, half = (int(part) if part else 0 for part in found.groups())
    months = (
        (month, month) if month else (3 * quarter - 2, 3 * quarter) if quarter else (6 * half - 5, 6 * half)
    ) if month or quarter or half else (1, 12)  # fmt: skip
    try:
        begin = date(year, months[0], day or 1)
        end = begin if day else date(year, months[1], (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[months[1] - 1])
    except ValueError as error:
        raise QueryRefused(140, f"{_shown(text)} is no period: {error}.") from error
    if not day and months[1] == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        end = date(year, 2, 29)
    return begin, end


def first_year_from(text: str) -> int:
    """The first year that lies wholly at or after the beginning of a period."""
    begin, _ = read_period(text)
    return begin.year if (begin.month, begin.day) == (1, 1) else begin.year + 1


def last_year_until(text: str) -> int:
    """The last year that lies wholly at or before the end of a period."""
    _, end = read_period(text)
    return end.year if (end.month, end.day) == (12, 31) else end.year - 1


def read_moment(name: str, text: str) -> datetime:
    """A moment in UTC; a day alone is its end for ``asOf``, its beginning otherwise, and no offset means UTC."""
    if not _MOMENT.fullmatch(text):
        raise QueryRefused(140, f"{name}: {_shown(text)} is no moment such as 2026-03-01T12:00:00Z.")
    try:
        if len(text) == 10:
            whole = time.max if name == "asOf" else time.min
            return datetime.combine(date.fromisoformat(text), whole, tzinfo=UTC)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise QueryRefused(140, f"{name}: {_shown(text)} is no moment: {error}.") from error


def read_count(name: str, text: str, least: int = 1) -> int:
    """A whole number of at least ``least``."""
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) < least:
        raise QueryRefused(140, f"{name}: {_shown(text)} is no whole number of at least {least}.")
    return int(text)


def read_truth(name: str, text: str) -> bool:
    """``true`` or ``false``."""
    if text not in ("true", "false"):
        raise QueryRefused(140, f"{name}: {_shown(text)} is neither true nor false.")
    return text == "true"


V2 = (
    "c", "updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation", "attributes", "measures",
    "includeHistory", "offset", "limit", "sort", "asOf", "reportingYearStartDay", "format",
)  # fmt: skip
V1 = (
    "startPeriod", "endPeriod", "updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation",
    "detail", "includeHistory", "asOf", "format",
)  # fmt: skip


def read_query_v2(key: str, query: str, structure: DataStructure) -> DataQuery:
    """A data query of REST 2.x.

    Raises:
        QueryRefused: 140 what cannot be read, 150 what does not exist or contradicts itself, 501 what is not offered.
    """
    given = split_parameters(query, V2)
    for name in ("sort", "reportingYearStartDay"):
        if given.get(name):
            raise QueryRefused(501, f"{name} is not offered: series come by key, years are calendar years.")
    columns = _columns(given.get("measures", "all"), given.get("attributes", "dsd"), structure)
    return DataQuery(
        keys=read_keys(key, structure),
        conditions=read_conditions(given, structure),
        offset=read_count("offset", given["offset"], 0) if given.get("offset") else 0,
        limit=read_count("limit", given["limit"]) if given.get("limit") else None,
        columns=columns,
        **_common(given),
    )


def read_query_v1(key: str, query: str, structure: DataStructure) -> DataQuery:
    """A data query of REST 1.x; faults as of ``read_query_v2``."""
    given = split_parameters(query, V1)
    detail = given.get("detail", "full")
    if detail not in ("full", "dataonly"):
        known = detail in ("serieskeysonly", "nodata")
        raise QueryRefused(501 if known else 140, f"detail={detail[:40]} is not offered: full and dataonly are.")
    return DataQuery(
        sets=read_key_sets(key, structure),
        first_year=first_year_from(given["startPeriod"]) if given.get("startPeriod") else None,
        last_year=last_year_until(given["endPeriod"]) if given.get("endPeriod") else None,
        columns=(structure_measure(structure),) if detail == "dataonly" else None,
        **_common(given),
    )


def structure_measure(structure: DataStructure) -> str:
    """The id of the one measure."""
    return next(component.id for component in structure.components if component.role == "measure")


def _common(given: Mapping[str, str]) -> dict[str, Any]:
    as_of = read_moment("asOf", given["asOf"]) if given.get("asOf") else None
    updated = read_moment("updatedAfter", given["updatedAfter"]) if given.get("updatedAfter") else None
    if as_of and updated and updated > as_of:
        raise QueryRefused(150, "updatedAfter must not be later than asOf.")
    at = given.get("dimensionAtObservation") or TIME
    if at not in (TIME, "AllDimensions"):
        raise QueryRefused(501, f"dimensionAtObservation={at[:40]} is not offered: {TIME} and AllDimensions are.")
    count = {
        name: read_count(parameter, given[parameter])
        for name, parameter in (("first", "firstNObservations"), ("last", "lastNObservations"))
        if given.get(parameter)
    }
    history = read_truth("includeHistory", given["includeHistory"]) if given.get("includeHistory") else False
    return {"as_of": as_of, "updated_after": updated, "history": history, "flat": at == "AllDimensions", **count}


def _columns(measures: str, attributes: str, structure: DataStructure) -> tuple[str, ...] | None:
    """Measures and attributes asked for, in the structure's order; None is all."""
    if measures in ("", "all") and attributes in ("", "dsd", "all"):
        return None
    wanted: set[str] = set()
    for text, role in ((measures, "measure"), (attributes, "attribute")):
        for name in text.split(","):
            wanted |= _named(name, role, structure)
    return tuple(component.id for component in structure.components if component.id in wanted)


def _named(name: str, role: str, structure: DataStructure) -> set[str]:
    there = [component for component in structure.components if component.role == role]
    if name in ("all", "dsd", ""):
        return {component.id for component in there}
    if name in ("none", "msd", "dataset"):
        return set()
    if role == "attribute" and name in ("series", "obs"):
        return {component.id for component in there if component.level == name}
    if name not in {component.id for component in there}:
        raise QueryRefused(150, f"There is no {role} {_shown(name)}; there are {', '.join(c.id for c in there)}.")
    return {name}
