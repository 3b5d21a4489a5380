"""SDMX-JSON 2.0 data messages, and errors in JSON.

Codes are places in lists of values that occur. A figure keeps its digits: ``3.50`` stays ``3.50``.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from dashboard.analysis.sdmx.markup import name_error
from dashboard.analysis.sdmx.model import ACTIONS, DataMessage, DataPart, StructureComponent, encode_chunks, make_urn

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


def encode_json(value: Any) -> str:
    """Return a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def choose_name(names: Mapping[str, str], id_: str) -> dict[str, Any]:
    """Return ``name`` (English, else the first, else the id) and ``names`` of an artefact."""
    return {"name": names.get("en") or next(iter(names.values()), id_), **({"names": dict(names)} if names else {})}


_SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/{kind}-message/tools/schemas/2.0.0/"
    "sdmx-json-{kind}-schema.json"
)


def write_meta(kind: Literal["data", "structure", "metadata"], id_: str, prepared: str, sender: str) -> dict[str, Any]:
    """Return the ``meta`` object of a JSON message; readers tell its kind and version by the schema."""
    return {
        "schema": _SCHEMA.format(kind=kind),
        "id": id_,
        "test": False,
        "prepared": prepared,
        "sender": {"id": sender},
    }


def write_json(message: DataMessage, parts: Iterable[DataPart]) -> Iterator[bytes]:
    """Yield a message in SDMX-JSON 2.0; ``message.values`` lists the values of coded components and time."""
    return encode_chunks(_write_pieces(message, parts))


def _write_pieces(message: DataMessage, parts: Iterable[DataPart]) -> Iterator[str]:
    places = {name: {value: place for place, value in enumerate(found)} for name, found in message.values.items()}
    head = encode_json(write_meta("data", message.id, message.prepared, message.sender))
    links = [{"urn": make_urn("dataflow", message.flow.name), "rel": "dataflow"}]
    yield f'{{"meta":{head},"data":{{"structures":[{encode_json(_describe_structure(message, links))}],"dataSets":['
    for number, part in enumerate(parts):
        about: dict[str, Any] = {"structure": 0, "action": ACTIONS[part.action]}
        about |= {"validFrom": part.valid_from} if part.valid_from else {}
        about |= {"validTo": part.valid_to} if part.valid_to else {}
        opened = encode_json({**about, "links": links})[:-1]
        yield f'{"," if number else ""}{opened},"{"observations" if message.flat else "series"}":{{'
        yield from _write_rows(message, part, places)
        yield "}}"
    yield "]}}"


def _write_rows(message: DataMessage, part: DataPart, places: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    columns, length = message.columns, message.key_length
    by_id = message.flow.structure.by_id
    numeric = {name for name in columns if by_id[name].type in ("Double", "Integer")}

    def write_value(place: int, row: tuple[str | None, ...]) -> str:
        text, name = row[place], columns[place]
        if text is None:
            return "null"
        if name in places:
            return str(places[name][text])
        return text if name in numeric and _NUMBER.fullmatch(text) else json.dumps(text, ensure_ascii=False)

    def write_key(row: tuple[str | None, ...], many: int) -> str:
        return ":".join(str(places[columns[place]][row[place] or ""]) for place in range(many))

    if message.flat:
        for number, row in enumerate(part.rows):
            found = ",".join(write_value(place, row) for place in range(length + 1, len(columns)))
            yield f'{"," if number else ""}"{write_key(row, length + 1)}":[{found}]'
        return
    observed = [place for place in message.observed if place != length]
    last_key: tuple[str | None, ...] | None = None
    for row in part.rows:
        comma = ","
        if row[:length] != last_key:
            attributes = ",".join(write_value(place, row) for place in message.series_attributes)
            opened = f'"{write_key(row, length)}":{{"attributes":[{attributes}],"observations":{{'
            yield opened if last_key is None else f"}}}},{opened}"
            last_key, comma = row[:length], ""
        found = ",".join(write_value(place, row) for place in observed)
        yield f'{comma}"{places[columns[length]][row[length] or ""]}":[{found}]'
    if last_key is not None:
        yield "}}"


def _describe_structure(message: DataMessage, links: list[dict[str, str]]) -> dict[str, Any]:
    structure = message.flow.structure
    components = [structure.by_id[name] for name in message.columns]
    dimensions = [
        {
            "id": c.id,
            **choose_name(c.names, c.id),
            "keyPosition": place,
            "roles": [c.id],
            "values": _list_values(message, c),
        }
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
                    **({"values": found} if (found := _list_values(message, component)) else {}),
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


def _list_values(message: DataMessage, component: StructureComponent) -> list[dict[str, Any]]:
    codes = message.flow.structure.find_codes(component.id)
    found = message.values.get(component.id, ())
    if component.role == "time":
        return [{"value": value} for value in found]
    return [
        {"id": value, **choose_name(codes.by_id[value].names if codes and value in codes.by_id else {}, value)}
        for value in found
    ]


def write_json_error(code: int, message: str) -> bytes:
    """Write an error in SDMX-JSON."""
    return encode_json({"errors": [{"code": code, "title": name_error(code), "detail": message}]}).encode()
