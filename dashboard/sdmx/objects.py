"""SDMX-JSON 2.0 data messages, and errors in JSON.

Codes are given as places in lists of what occurs; texts and figures stand where they belong. A figure is written in the
digits it has: ``3.50`` stays ``3.50``.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dashboard.sdmx.markup import name_fault
from dashboard.sdmx.model import DataMessage, DataPart, StructureComponent, make_urn

CHUNK = 2_000
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_ACTIONS = {"I": "Information", "R": "Replace", "D": "Delete"}


def dump(value: Any) -> str:
    """A value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def choose_name(names: Mapping[str, str], id_: str) -> dict[str, Any]:
    """``name`` and ``names`` of anything that has some: the English one, or the first, or its id."""
    return {"name": names.get("en") or next(iter(names.values()), id_), **({"names": dict(names)} if names else {})}


def write_meta(id_: str, prepared: str, sender: str) -> dict[str, Any]:
    """What every JSON message says of itself."""
    return {
        "id": id_,
        "test": False,
        "prepared": prepared,
        "sender": {"id": sender},
    }


def write_json(message: DataMessage, parts: Iterable[DataPart]) -> Iterator[bytes]:
    """The message in SDMX-JSON 2.0. ``message.values`` must hold what occurs of each coded component and of time."""
    places = {name: {value: place for place, value in enumerate(found)} for name, found in message.values.items()}
    head = dump(write_meta(message.id, message.prepared, message.sender))
    links = [{"urn": make_urn("dataflow", message.flow.name), "rel": "dataflow"}]
    text = [f'{{"meta":{head},"data":{{"structures":[{dump(_describe(message, links))}],"dataSets":[']
    for number, part in enumerate(parts):
        about: dict[str, Any] = {"structure": 0, "action": _ACTIONS[part.action]}
        about |= {"validFrom": part.valid_from} if part.valid_from else {}
        about |= {"validTo": part.valid_to} if part.valid_to else {}
        opened = dump({**about, "links": links})[:-1]
        text.append(f'{"," if number else ""}{opened},"{"observations" if message.flat else "series"}":{{')
        for piece in _rows(message, part, places):
            text.append(piece)
            if len(text) >= CHUNK:
                yield "".join(text).encode()
                text.clear()
        text.append("}}")
    text.append("]}}")
    yield "".join(text).encode()


def _rows(message: DataMessage, part: DataPart, places: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    columns, length = message.columns, message.key_length
    by_id = message.flow.structure.by_id
    numeric = {name for name in columns if by_id[name].type in ("Double", "Integer")}

    def value(place: int, row: tuple[str | None, ...]) -> str:
        given, name = row[place], columns[place]
        if given is None:
            return "null"
        if name in places:
            return str(places[name][given])
        return given if name in numeric and _NUMBER.fullmatch(given) else json.dumps(given, ensure_ascii=False)

    def key(row: tuple[str | None, ...], many: int) -> str:
        return ":".join(str(places[columns[place]][row[place] or ""]) for place in range(many))

    if message.flat:
        rest = range(length + 1, len(columns))
        for number, row in enumerate(part.rows):
            found = ",".join(value(place, row) for place in rest)
            yield f'{"," if number else ""}"{key(row, length + 1)}":[{found}]'
        return
    observed = [place for place in message.observed if place != length]
    of: tuple[str | None, ...] | None = None
    for row in part.rows:
        comma = ","
        if row[:length] != of:
            attributes = ",".join(value(place, row) for place in message.series_attributes)
            opened = f'"{key(row, length)}":{{"attributes":[{attributes}],"observations":{{'
            yield opened if of is None else f"}}}},{opened}"
            of, comma = row[:length], ""
        found = ",".join(value(place, row) for place in observed)
        yield f'{comma}"{places[columns[length]][row[length] or ""]}":[{found}]'
    if of is not None:
        yield "}}"


def _describe(message: DataMessage, links: list[dict[str, str]]) -> dict[str, Any]:
    structure = message.flow.structure
    components = [structure.by_id[name] for name in message.columns]
    dimensions = [
        {"id": c.id, **choose_name(c.names, c.id), "keyPosition": place, "roles": [c.id], "values": _values(message, c)}
        for place, c in enumerate(components[: message.key_length + 1])
    ]
    attributes: dict[str, list[dict[str, Any]]] = {"dataSet": [], "dimensionGroup": [], "series": [], "observation": []}
    for component in components:
        if component.role == "attribute":
            series = component.level == "series"
            where = "series" if series and not message.flat else "observation"
            relation: dict[str, Any] = {"dimensions": list(structure.dimensions)} if series else {"observation": {}}
            attributes[where].append(
                {
                    "id": component.id,
                    **choose_name(component.names, component.id),
                    "isMandatory": component.mandatory,
                    "relationship": relation,
                    **({"values": found} if (found := _values(message, component)) else {}),
                }
            )
    return {
        "links": [*links, {"urn": make_urn("datastructure", structure.name), "rel": "structure"}],
        **choose_name(message.flow.names, message.flow.name.id),
        "dimensions": {
            "dataSet": [],
            "series": [] if message.flat else dimensions[:-1],
            "observation": dimensions if message.flat else dimensions[-1:],
        },
        "measures": {
            "observation": [
                {"id": c.id, **choose_name(c.names, c.id), "format": {"dataType": c.type}}
                for c in components
                if c.role == "measure"
            ]
        },
        "attributes": attributes,
    }


def _values(message: DataMessage, component: StructureComponent) -> list[dict[str, Any]]:
    codes = message.flow.structure.find_codes(component.id)
    found = message.values.get(component.id, ())
    if component.role == "time":
        return [{"value": value} for value in found]
    return [
        {"id": value, **choose_name(codes.by_id[value].names if codes and value in codes.by_id else {}, value)}
        for value in found
    ]


def write_json_error(code: int, message: str) -> bytes:
    """An error as SDMX-JSON gives it."""
    return dump({"errors": [{"code": code, "title": name_fault(code), "detail": message}]}).encode()
