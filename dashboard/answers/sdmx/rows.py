"""Figures of a dataflow by a query: as they are, as they were, all they have been, or what has changed since."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any

import polars as pl

from dashboard.analysis.sdmx.model import TIME, DataFlow, DataPart, QueryRefused
from dashboard.analysis.sdmx.query import Condition, DataQuery, FilterTerm, find_first_year, find_last_year, read_period
from dashboard.answers.base.context import Context
from dashboard.answers.sdmx.keys import GLOBAL_UNIT, SERIES, list_areas, list_global_keys, list_own_keys
from dashboard.answers.sdmx.structures import NO_NATURE, SDG, STATUS_CODES
from dashboard.evidence.dataset.store import AsOfTooEarly, Dataset

CHUNK = 5_000
PERIOD = {"period", "first_year", "last_year", "vintage", "superseded"}
"""Columns that a selection has beside those of the structure."""

COMPARE: Mapping[str, Callable[[pl.Expr, str | float], pl.Expr]] = {
    "eq": pl.Expr.eq, "ne": pl.Expr.ne_missing, "lt": pl.Expr.lt, "le": pl.Expr.le, "gt": pl.Expr.gt, "ge": pl.Expr.ge,
}  # fmt: skip

_PLAIN_NUMBER = r"^-?(?:0|[1-9]\d*)(?:\.\d+)?$"


def format_moment(moment: datetime) -> str:
    """Format a moment in UTC as xs:dateTime."""
    fraction = f".{moment.microsecond:06d}" if moment.microsecond else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def open_dataset(ctx: Context, as_of: datetime | None) -> Dataset:
    """Return the dataset as it stood at a moment.

    Raises:
        QueryRefused: 100 where nothing had been published by then.
    """
    if as_of is None:
        return ctx.dataset
    try:
        return ctx.dataset.as_of(as_of)
    except AsOfTooEarly as error:
        since = format_moment(error.since)
        raise QueryRefused(100, f"Nothing had been published by then: the first vintage is of {since}.") from error


def select_parts(ctx: Context, flow: DataFlow, query: DataQuery) -> list[tuple[str, str, str, pl.DataFrame]]:
    """Return the data sets of an answer: action, valid from, valid to, and sorted rows.

    Raises:
        QueryRefused: 100 where there is no such figure, or what ``open_dataset`` raises.
    """
    dataset = open_dataset(ctx, query.as_of)
    moments = {vintage["number"]: vintage["created_at"] for vintage in dataset.vintages()}
    parts: list[tuple[str, str, str, pl.DataFrame]]
    if not query.history and query.updated_after is None:
        parts = [("I", "", "", _cut(_select(ctx, flow, query, dataset, whole=False), flow, query))]
    else:
        list_parts = _list_history if query.history else _list_changes
        parts = list_parts(_select(ctx, flow, query, dataset, whole=True), flow, query, moments)
    parts = _page([part for part in parts if part[3].height], query)
    if not any(part[3].height for part in parts):
        raise QueryRefused(100, _explain_nothing(flow, query))
    return parts


def _page(
    parts: list[tuple[str, str, str, pl.DataFrame]], query: DataQuery
) -> list[tuple[str, str, str, pl.DataFrame]]:
    """Cut ``limit`` observations from ``offset`` on out of all data sets together."""
    if not query.offset and query.limit is None:
        return parts
    skip, left, found = query.offset, query.limit, []
    for action, since, until, frame in parts:
        part = frame.slice(skip, left)
        skip = max(0, skip - frame.height)
        left = None if left is None else left - part.height
        if part.height:
            found.append((action, since, until, part))
    return found


def _list_history(
    every: pl.DataFrame, flow: DataFlow, query: DataQuery, moments: Mapping[int, datetime]
) -> list[tuple[str, str, str, pl.DataFrame]]:
    """Return each vintage as up to two data sets: what it brought or revised, and what it took away."""
    parts = []
    key = [*flow.structure.dimensions, TIME]
    for number, moment in moments.items():
        if query.updated_after is not None and moment <= query.updated_after:
            continue
        brought = every.filter(pl.col("vintage") == number)
        gone = every.filter(pl.col("superseded") == number).join(brought, on=key, how="anti")
        parts.append(("R", format_moment(moment), "", _cut(brought, flow, query)))
        parts.append(("D", "", format_moment(moment), _cut(gone, flow, query)))
    return parts


def _list_changes(
    every: pl.DataFrame, flow: DataFlow, query: DataQuery, moments: Mapping[int, datetime]
) -> list[tuple[str, str, str, pl.DataFrame]]:
    """Return what a copy of ``updatedAfter`` lacks: new figures in force, and those withdrawn."""
    since = query.updated_after
    later = [number for number, moment in moments.items() if since is not None and moment > since]
    if not later:
        return []
    last, key = max(moments), [*flow.structure.dimensions, TIME]
    standing = every.filter(pl.col("superseded").is_null() | (pl.col("superseded") > last))
    replaced = every.filter(~pl.col("vintage").is_in(later), pl.col("superseded").is_in(later))
    gone = replaced.join(standing, on=key, how="anti").unique(key, keep="last", maintain_order=True)
    moment = format_moment(moments[last])
    return [
        ("R", moment, "", _cut(standing.filter(pl.col("vintage").is_in(later)), flow, query)),
        ("D", "", moment, _cut(gone, flow, query)),
    ]


def _cut(frame: pl.DataFrame, flow: DataFlow, query: DataQuery) -> pl.DataFrame:
    """Sort rows by key and time; keep the first or last of each series where the query asks for it."""
    dimensions = list(flow.structure.dimensions)
    frame = frame.sort(*dimensions, "first_year", "last_year", "vintage", maintain_order=True)
    if query.first is None and query.last is None:
        return frame
    place, many = pl.int_range(pl.len()).over(dimensions), pl.len().over(dimensions)
    wanted = pl.lit(False)
    if query.first is not None:
        wanted = wanted | (place < query.first)
    if query.last is not None:
        wanted = wanted | (place >= many - query.last)
    return frame.filter(wanted)


def _select(ctx: Context, flow: DataFlow, query: DataQuery, dataset: Dataset, *, whole: bool) -> pl.DataFrame:
    """Select a flow's rows with its columns as texts and ``PERIOD``; ``whole``: superseded ones, too."""
    keys = (list_global_keys if flow.name.id == SDG else list_own_keys)(ctx.timeless)
    keys = _filter_keys(keys, query)
    areas = list_areas(ctx.timeless)
    area = "AREA" if flow.name.id == SDG else "REF_AREA"
    areas = areas.select("country", pl.col(area).alias("REF_AREA")).drop_nulls()
    indicators = keys["indicator"].unique().to_list()
    in_time = pl.col("vintage") <= dataset.vintage
    rows = dataset.ever(indicators).filter(in_time) if whole else dataset.scan(indicators)
    rows = rows.join(keys.lazy(), on=list(SERIES)).join(areas.lazy(), on="country")
    rows = _filter_rows(rows, query, flow)
    years = pl.col("period").str.extract_all(r"\d{4}").list
    rows = rows.with_columns(
        years.first().cast(pl.Int32).alias("first_year"), years.last().cast(pl.Int32).alias("last_year")
    )
    if query.first_year is not None:
        rows = rows.filter(pl.col("first_year") >= query.first_year)
    if query.last_year is not None:
        rows = rows.filter(pl.col("last_year") <= query.last_year)
    shown = _express(ctx, flow)
    made = rows.select(
        *(pl.col(name) for name in flow.structure.dimensions), *shown, *(pl.col(name) for name in PERIOD - {"period"})
    )
    for condition in query.conditions:
        if condition.component not in flow.structure.dimensions:
            made = made.filter(_match_condition(condition, flow))
    return made.collect()


def _filter_keys(keys: pl.DataFrame, query: DataQuery) -> pl.DataFrame:
    """Filter the series a query can mean, by what is known before a row is read."""
    for dimension, codes in query.sets.items():
        if dimension in keys.columns:
            keys = keys.filter(pl.col(dimension).is_in(list(codes)))
    for condition in query.conditions:
        if condition.component in keys.columns and condition.component != GLOBAL_UNIT:
            keys = keys.filter(_match_text(condition))
    if query.keys:
        mask = pl.Series([False] * keys.height)
        for pattern, wished in query.keys.items():
            there = [name for name in pattern if name in keys.columns]
            wanted = {tuple(code for name, code in zip(pattern, key, strict=True) if name in there) for key in wished}
            if not there:
                return keys
            mask = mask | pl.Series([row in wanted for row in keys.select(there).iter_rows()], dtype=pl.Boolean)
        keys = keys.filter(mask)
    return keys


def _filter_rows(rows: pl.LazyFrame, query: DataQuery, flow: DataFlow) -> pl.LazyFrame:
    """Filter rows by their area, which a series does not have."""
    if codes := query.sets.get("REF_AREA"):
        rows = rows.filter(pl.col("REF_AREA").is_in(list(codes)))
    for condition in query.conditions:
        if condition.component == "REF_AREA":
            rows = rows.filter(_match_text(condition))
    if query.keys and any("REF_AREA" in pattern for pattern in query.keys):
        rows = rows.with_row_index("place")
        found = []
        for pattern, keys in query.keys.items():
            wanted = pl.LazyFrame(list(keys), schema=dict.fromkeys(pattern, pl.String), orient="row")
            found.append(rows.join(wanted, on=list(pattern), how="semi"))
        rows = pl.concat(found).unique("place").drop("place")
    return rows


def _number(name: str) -> pl.Expr:
    """Write a figure in the digits a reader would write: no ``.0``."""
    return pl.col(name).cast(pl.String).str.replace(r"\.0$", "")


def _express(ctx: Context, flow: DataFlow) -> list[pl.Expr]:
    """Write the structure's time, measure and attributes from the dataset's columns."""
    text, value = pl.col("value_text"), pl.col("value")
    as_printed = text.str.contains(_PLAIN_NUMBER) & (text.cast(pl.Float64, strict=False) == value)
    figure = pl.when(as_printed).then(text).otherwise(_number("value"))
    first, last = pl.col("first_year"), pl.col("last_year")
    span = pl.concat_str(first, pl.lit("-01-01/P"), last - first + 1, pl.lit("Y"))
    nature = pl.when(pl.col("nature").fill_null("") == "").then(pl.lit(NO_NATURE)).otherwise(pl.col("nature"))
    made: dict[str, Any] = {
        TIME: pl.when(first == last).then(pl.col("period")).otherwise(span),
        "OBS_VALUE": figure,
        "OBS_STATUS": pl.col("status").replace_strict(dict(STATUS_CODES), return_dtype=pl.String),
        "STATUS": pl.col("status"),
        "NATURE": nature,
        "UNIT_MEASURE": pl.col("unit"),
        "PUBLISHED_TEXT": pl.when(figure.eq_missing(text)).then(None).otherwise(_null_if_empty("value_text")),
        "LOWER_BOUND": _number("lower"),
        "UPPER_BOUND": _number("upper"),
        "INTERVAL_LEVEL": _number("interval_level"),
        "STD_ERROR": _number("std_error"),
        "EDITION": _null_if_empty("edition"),
        "SOURCE_DETAIL": _null_if_empty("source_detail"),
        "COMMENT_OBS": _null_if_empty("footnote"),
        "RETRIEVED_AT": pl.col("retrieved_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "VINTAGE": pl.col("vintage").cast(pl.String),
        "OBS_ID": pl.col("id"),
        "SHOWN": pl.when(pl.col("primary")).then(pl.lit("Y")).otherwise(pl.lit("N")),
    }
    if flow.name.id == SDG:
        made |= {
            "UNIT_MEASURE": pl.col(GLOBAL_UNIT),
            "UNIT_MULT": pl.lit("0"),
            "TIME_DETAIL": pl.when(first == last).then(None).otherwise(pl.col("period")),
        }
    else:
        made["IN_SDG"] = _in_sdg(ctx)
    names = [component.id for component in flow.structure.components if component.role != "dimension"]
    return [made.get(name, pl.lit(None, dtype=pl.String)).alias(name) for name in names]


def _null_if_empty(name: str) -> pl.Expr:
    """Return a text, null where it is empty: an empty attribute says nothing."""
    return pl.when(pl.col(name) != "").then(pl.col(name))


def _in_sdg(ctx: Context) -> pl.Expr:
    keys = list_global_keys(ctx.timeless).select(SERIES).rows()
    areas = list_areas(ctx.timeless).drop_nulls("AREA")["country"].to_list()
    marks = ["\x1f".join(key) for key in keys]
    mark = pl.concat_str([pl.col(name) for name in SERIES], separator="\x1f")
    is_mapped = mark.is_in(marks) & pl.col("country").is_in(areas)
    return pl.when(is_mapped).then(pl.lit("Y")).otherwise(pl.lit("N"))


def _match_text(condition: Condition) -> pl.Expr:
    """Return the expression of a condition on a text."""
    column = pl.col(condition.component)
    matches = column.is_in(list(condition.plain)) if condition.plain else pl.lit(False)
    return (matches | _match_any(condition.alternatives, lambda term: _compare(column, term))).fill_null(False)


def _compare(column: pl.Expr, term: FilterTerm) -> pl.Expr:
    value = term.value
    if term.operator in COMPARE:
        return COMPARE[term.operator](column, value)
    match term.operator:
        case "co":
            return column.str.contains(value, literal=True)
        case "nc":
            return ~column.str.contains(value, literal=True).fill_null(False)
        case "sw":
            return column.str.starts_with(value)
        case _:
            return column.str.ends_with(value)


def _match_any(alternatives: Iterable[Sequence[FilterTerm]], compare: Callable[[FilterTerm], pl.Expr]) -> pl.Expr:
    """Return the expression that all terms of one of the alternatives hold."""
    nothing, everything = pl.lit(False), pl.lit(True)
    each = (reduce(and_, (compare(term) for term in terms), everything) for terms in alternatives)
    return reduce(or_, each, nothing)


def _match_condition(condition: Condition, flow: DataFlow) -> pl.Expr:
    """Return the expression of a condition on time, figure or attribute."""
    component = flow.structure.by_id[condition.component]
    if component.role == "time":
        return _match_time(condition)
    if component.type in ("Double", "Integer"):
        return _match_number(condition)
    return _match_text(condition)


def _match_number(condition: Condition) -> pl.Expr:
    column = pl.col(condition.component).cast(pl.Float64, strict=False)

    def compare(term: FilterTerm) -> pl.Expr:
        if term.operator not in COMPARE:
            raise QueryRefused(150, f"{condition.component} is a number: compare it with eq, ne, lt, le, gt or ge.")
        if not re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", term.value, re.ASCII):
            raise QueryRefused(140, f"{condition.component}: “{term.value[:40]}” is no number such as -0.5.")
        return COMPARE[term.operator](column, float(term.value))

    plain = [(FilterTerm("eq", value),) for value in condition.plain]
    return _match_any((*plain, *condition.alternatives), compare).fill_null(False)


def _match_time(condition: Condition) -> pl.Expr:
    """Compare periods: ``ge`` means that they begin at or after, ``le`` that they end at or before."""
    first, last = pl.col("first_year"), pl.col("last_year")
    equal = {term.value for terms in condition.alternatives for term in terms if term.operator in ("eq", "ne")}
    for value in condition.plain | equal:
        read_period(value.partition("/")[0])  # a span is its first day and a duration

    def compare(term: FilterTerm) -> pl.Expr:
        match term.operator:
            case "eq":
                return pl.col(TIME) == term.value
            case "ne":
                return pl.col(TIME) != term.value
            case "ge":
                return first >= find_first_year(term.value)
            case "le":
                return last <= find_last_year(term.value)
            case "gt":
                return first > read_period(term.value)[1].year
            case "lt":
                return last < read_period(term.value)[0].year
        raise QueryRefused(150, f"{TIME} is compared with eq, ne, lt, le, gt or ge.")

    matches = pl.col(TIME).is_in(list(condition.plain)) if condition.plain else pl.lit(False)
    return matches | _match_any(condition.alternatives, compare)


def _explain_nothing(flow: DataFlow, query: DataQuery) -> str:
    """Explain why a query finds nothing, naming unknown codes."""
    asked: dict[str, set[str]] = {name: set(codes) for name, codes in query.sets.items()}
    for pattern, keys in query.keys.items():
        for key in keys:
            for name, code in zip(pattern, key, strict=True):
                asked.setdefault(name, set()).add(code)
    for condition in query.conditions:
        asked.setdefault(condition.component, set()).update(condition.plain)
    for name, codes in asked.items():
        codelist = flow.structure.find_codes(name)
        strange = sorted(code for code in codes if codelist is not None and code not in codelist.by_id)
        if strange:
            return f"There is no figure: {name} has no code {', '.join(strange[:5])[:200]}."
    return "There is no figure of this key, period and time."


def list_rows(frame: pl.DataFrame, columns: Sequence[str]) -> Iterator[tuple[str | None, ...]]:
    """Yield rows as texts, read some thousand at a time."""
    for part in frame.iter_slices(CHUNK):
        yield from part.select(columns).iter_rows()


def build_parts(found: list[tuple[str, str, str, pl.DataFrame]], columns: Sequence[str]) -> Iterator[DataPart]:
    """Yield selected data sets for a writer."""
    for action, since, until, frame in found:
        yield DataPart(action, list_rows(frame, columns), since, until)  # type: ignore[arg-type]


def list_values(
    found: list[tuple[str, str, str, pl.DataFrame]], flow: DataFlow, columns: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return what occurs of each coded component and of time, sorted, as SDMX-JSON lists it."""
    values = {}
    for name in columns:
        component = flow.structure.by_id[name]
        if component.role in ("dimension", "time") or component.codelist is not None:
            there = {value for part in found for value in part[3][name].unique() if value is not None}
            values[name] = tuple(sorted(there))
    return values
