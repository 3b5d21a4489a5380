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
    """Return the values of each dimension in the data of a query, or of one component alone.

    In mode ``available`` they are those that would bring data beside what is chosen of the others.

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
    """Return the rows of the query without its conditions on one dimension."""
    keys: dict[tuple[str, ...], frozenset[tuple[str, ...]]] = {}
    named = False
    for pattern, codes in query.keys.items():
        left = tuple(dimension for dimension in pattern if dimension != name)
        named = named or left != pattern
        if not left:
            keys = {}
            break
        shorter = {tuple(c for dimension, c in zip(pattern, key, strict=True) if dimension != name) for key in codes}
        keys[left] = keys.get(left, frozenset()) | frozenset(shorter)
    sets = {dimension: codes for dimension, codes in query.sets.items() if dimension != name}
    conditions = tuple(condition for condition in query.conditions if condition.component != name)
    if not named and sets == query.sets and conditions == query.conditions:
        return exact
    return select_parts(ctx, flow, replace(query, keys=keys, sets=sets, conditions=conditions))[0][3]


def cut_to_available(related: Artefacts, found: Availability) -> Artefacts:
    """Cut the codelists of a dataflow's structures to the codes that occur in its data."""
    structure = related.flows[0].structure
    lists = []
    for codes in related.codelists:
        used = [
            component.id
            for component in structure.components
            if component.codelist == codes.name and component.id in found.values
        ]
        if used:
            there = {value for name in used for value in found.values[name]}
            codes = replace(codes, items=tuple(code for code in codes.items if code.id in there), partial=True)
        lists.append(codes)
    return replace(related, codelists=tuple(lists), available=(found,))
