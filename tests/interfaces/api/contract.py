"""What programs rely on: the API as `docs/openapi.json` has it, against the API as it is.

`python -m tests.interfaces.api.contract` writes the file anew, once it is clear that nothing in it was broken.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[3] / "docs" / "openapi.json"
Document = dict[str, Any]


def describe() -> Document:
    """The API's own description, without what differs from place to place."""
    from dashboard.interfaces.desk.site import api

    return json.loads(json.dumps(api.openapi()))  # type: ignore[no-any-return]


def write() -> None:
    """Write the description down."""
    FILE.write_text(json.dumps(describe(), indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def find_breaks(before: Document, now: Document) -> list[str]:
    """What a program that was written against ``before`` no longer finds in ``now``: one line each, in order."""
    return [
        f"{method.upper()} {path}: {what}"
        for path, methods in sorted(before["paths"].items())
        for method, operation in sorted(methods.items())
        for what in _find_in_operation(before, operation, now, now["paths"].get(path, {}).get(method))
    ]


def _find_in_operation(before: Document, old: Document, now: Document, new: Document | None) -> Iterator[str]:
    if new is None:
        yield "gone"
        return
    yield from _find_in_parameters(before, old, now, new)
    for status, answer in old.get("responses", {}).items():
        there = new.get("responses", {}).get(status)
        if there is None:
            yield f"no answer {status}"
            continue
        for media, told in answer.get("content", {}).items():
            held = there.get("content", {}).get(media)
            if held is None:
                yield f"{status} is no longer {media}"
            else:
                yield from _find_in_schema(before, told.get("schema", {}), now, held.get("schema", {}), f"{status}", ())


def _find_in_parameters(before: Document, old: Document, now: Document, new: Document) -> Iterator[str]:
    named = {(one["in"], one["name"]): one for one in old.get("parameters", ())}
    held = {(one["in"], one["name"]): one for one in new.get("parameters", ())}
    for key, one in named.items():
        there = held.get(key)
        if there is None:
            yield f"parameter {key[1]} is gone"
            continue
        if there.get("required") and not one.get("required"):
            yield f"parameter {key[1]} is required now"
        gone = _choices(before, one["schema"]) - _choices(now, there["schema"])
        if gone and _choices(now, there["schema"]):
            yield f"parameter {key[1]} no longer takes {', '.join(sorted(gone))}"
        if one["schema"].get("default") != there["schema"].get("default"):
            yield f"parameter {key[1]} has another default"
    for key, one in held.items():
        if one.get("required") and key not in named:
            yield f"parameter {key[1]} is new and required"


def _choices(document: Document, schema: Document) -> set[str]:
    schema = _resolve(document, schema)
    found = {str(one) for one in schema.get("enum", ())} | ({str(schema["const"])} if "const" in schema else set())
    for part in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        found |= _choices(document, part)
    return found


def _find_in_schema(
    before: Document, old: Document, now: Document, new: Document, where: str, seen: tuple[str, ...]
) -> Iterator[str]:
    """Fields of an answer that have gone, or are of another type."""
    name = old.get("$ref", "")
    if name and name in seen:
        return
    seen = (*seen, name) if name else seen
    old, new = _resolve(before, old), _resolve(now, new)
    if _kinds(before, old) and not _kinds(now, new) <= _kinds(before, old):
        yield f"{where} was {'|'.join(sorted(_kinds(before, old)))} and is {'|'.join(sorted(_kinds(now, new)))}"
        return
    for field, told in old.get("properties", {}).items():
        held = new.get("properties", {}).get(field)
        if held is None:
            yield f"{where}.{field} is gone"
        else:
            yield from _find_in_schema(before, told, now, held, f"{where}.{field}", seen)
    if "items" in old and "items" in new:
        yield from _find_in_schema(before, old["items"], now, new["items"], f"{where}[]", seen)


def _kinds(document: Document, schema: Document) -> set[str]:
    """The types a value may have."""
    schema = _resolve(document, schema)
    if "anyOf" in schema:
        return {kind for part in schema["anyOf"] for kind in _kinds(document, part)}
    return {schema["type"]} if "type" in schema else set()


def _resolve(document: Document, schema: Document) -> Document:
    while "$ref" in schema:
        place: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            place = place[part]
        schema = place
    return schema


if __name__ == "__main__":
    broken = find_breaks(json.loads(FILE.read_text(encoding="utf-8")), describe()) if FILE.exists() else []
    sys.stdout.writelines(f"{line}\n" for line in broken)
    if broken:
        sys.exit("Programs would break: this belongs to /api/v2")
    write()
