"""What occurs in data by a query, and what could be added to it."""

from dataclasses import replace
from typing import Literal

import polars as pl

from dashboard.analysis.sdmx.model import TIME, ArtefactName, Artefacts, Availability, DataFlow, QueryRefused
from dashboard.analysis.sdmx.query import DataQuery
from dashboard.answers.base.context import Context
from dashboard.answers.sdmx.rows import select_parts
from dashboard.answers.sdmx.structures import AGENCY, VERSION

Mode = Literal["exact", "available"]


def find_available(ctx: Context, flow: DataFlow, query: DataQuery, mode: Mode, component: str = "") -> Availability:
    """Values of each dimension in the data of a query, or (``available``) that would bring data beside what is chosen
    of the others; of one component alone where it is named.

    Raises:
        QueryRefused: 100 there is nothing, 150 no such dimension.
    """
    names = [*flow.structure.dimensions, TIME]
    if component and component not in names:
        raise QueryRefused(150, f"There is no dimension {component[:60]}; there are {', '.join(names)}.")
    exact = select_parts(ctx, flow, query)[0][3]
    values = {}
    for name in flow.structure.dimensions:
        if component in ("", name):
            frame = exact if mode == "exact" else _without(ctx, flow, query, name, exact)
            values[name] = tuple(frame[name].unique().sort().to_list())
    first = last = ""
    if component in ("", TIME):
        first, last = (str(exact["first_year"].min()), str(exact["last_year"].max()))
    return Availability(
        ArtefactName(AGENCY, f"AVAILABLE_{flow.name.id}", VERSION),
        flow.name,
        values,
        first,
        last,
        exact.height,
        exact.select(flow.structure.dimensions).n_unique(),
    )


def _without(ctx: Context, flow: DataFlow, query: DataQuery, name: str, exact: pl.DataFrame) -> pl.DataFrame:
    """Rows of the query without what it says of one dimension."""
    keys: dict[tuple[str, ...], frozenset[tuple[str, ...]]] = {}
    named = False
    for pattern, codes in query.keys.items():
        left = tuple(one for one in pattern if one != name)
        named = named or left != pattern
        if not left:
            keys = {}
            break
        shorter = {tuple(c for one, c in zip(pattern, key, strict=True) if one != name) for key in codes}
        keys[left] = keys.get(left, frozenset()) | frozenset(shorter)
    sets = {one: codes for one, codes in query.sets.items() if one != name}
    conditions = tuple(one for one in query.conditions if one.component != name)
    if not named and sets == query.sets and conditions == query.conditions:
        return exact
    return select_parts(ctx, flow, replace(query, keys=keys, sets=sets, conditions=conditions))[0][3]


def cut_to_available(beside: Artefacts, found: Availability) -> Artefacts:
    """Structures of a dataflow beside what occurs in its data: codelists with the codes that occur alone."""
    structure = beside.flows[0].structure
    lists = []
    for codes in beside.codelists:
        used = [one.id for one in structure.components if one.codelist == codes.name and one.id in found.values]
        if used:
            there = {value for name in used for value in found.values[name]}
            codes = replace(codes, items=tuple(code for code in codes.items if code.id in there), partial=True)
        lists.append(codes)
    return replace(beside, codelists=tuple(lists), available=(found,))
