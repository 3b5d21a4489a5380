"""The global SDG data structure: read from a structure message (SDMX-ML 2.1 or 3.0), kept in a form of our own."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from dashboard.sdmx.model import ArtefactName, CodeItem, CodeList, DataStructure, StructureComponent

AGENCY, ID = "IAEG-SDGs", "SDG"
_URN = re.compile(r"=([^:]+):([^(]+)\(([^)]+)\)(?:\.(.+))?$")
_NAME = re.compile(r"([^:]+):([^(]+)\(([^)]+)\)")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NEEDED = ("FREQ", "REPORTING_TYPE", "SERIES", "REF_AREA", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE")
"""Components without which our figures cannot be written by a structure."""

TOTAL = "_T"


class StructureUnreadable(Exception):
    """A file that cannot be the global data structure, and why."""


def read_name(text: str) -> ArtefactName:
    """``AGENCY:ID(VERSION)`` as a value."""
    found = _NAME.fullmatch(text)
    if not found:
        raise StructureUnreadable(f"{text[:80]} is not AGENCY:ID(VERSION)")
    return ArtefactName(*found.groups())


def write_kept(structure: DataStructure) -> str:
    """A structure as JSON of our own, a code a line."""
    kept = {
        "name": str(structure.name),
        "title": structure.names.get("en", ""),
        "description": structure.description,
        "prepared": structure.prepared,
        "concepts": str(structure.concepts),
        "components": [
            {
                "id": c.id,
                "role": c.role,
                "title": c.names.get("en", ""),
                "codelist": str(c.codelist) if c.codelist else None,
                "type": c.type,
                "level": c.level,
                "mandatory": c.mandatory,
            }
            for c in structure.components
        ],
        "codelists": {
            str(name): {"title": codes.names.get("en", ""), "codes": {c.id: c.names.get("en", "") for c in codes.codes}}
            for name, codes in structure.codelists.items()
        },
    }
    return json.dumps(kept, ensure_ascii=False, indent=0)


def read_kept(text: str) -> DataStructure:
    """A structure as ``write_kept`` wrote it."""
    kept: dict[str, Any] = json.loads(text)
    codelists = {
        read_name(name): CodeList(
            read_name(name),
            {"en": codes["title"]},
            tuple(CodeItem(id_, {"en": title}) for id_, title in codes["codes"].items()),
        )
        for name, codes in kept["codelists"].items()
    }
    components = tuple(
        StructureComponent(
            c["id"],
            c["role"],
            {"en": c["title"]},
            read_name(c["codelist"]) if c["codelist"] else None,
            c["type"],
            c["level"],
            c["mandatory"],
        )
        for c in kept["components"]
    )
    return DataStructure(
        read_name(kept["name"]),
        {"en": kept["title"]},
        components,
        codelists,
        read_name(kept["concepts"]),
        kept["description"],
        kept["prepared"],
    )


def read_structure_message(body: bytes) -> DataStructure:
    """The global SDG structure of a message that brings its codelists and concepts, too.

    Raises:
        StructureUnreadable: it is no such message, another structure, or one by which our figures cannot be written.
    """
    if b"<!DOCTYPE" in body[:100_000] or b"<!ENTITY" in body:
        raise StructureUnreadable("The file declares a document type or entities; no SDMX message does.")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - no entities: refused above
    except ElementTree.ParseError as error:
        raise StructureUnreadable(f"The file is not XML: {error}.") from error
    found = [one for one in root.iter() if _tag(one) == "DataStructure" and one.get("agencyID")]
    names = [f"{one.get('agencyID')}:{one.get('id')}({one.get('version')})" for one in found]
    whole = next((one for one in found if (one.get("agencyID"), one.get("id")) == (AGENCY, ID)), None)
    if whole is None:
        there = f"it holds {', '.join(names)}" if names else "it holds no data structure"
        raise StructureUnreadable(f"{AGENCY}:{ID} is wanted, {there}. A national adaptation is another structure.")
    codelists = {name: codes for name, codes in map(_read_codelist, _all(root, "Codelist")) if codes.codes}
    titles = {concept.get("id", ""): _text(concept, "Name") for concept in _all(root, "Concept") if concept.get("id")}
    components, schemes = [], []
    for element in whole.iter():
        if (
            _tag(element) in ("Dimension", "TimeDimension", "PrimaryMeasure", "Measure", "Attribute")
            and _child(element, "ConceptIdentity") is not None
        ):
            component, scheme = _read_component(element, titles)
            components.append(component)
            schemes.append(scheme)
    order = {"dimension": 0, "time": 1, "measure": 2, "attribute": 3}
    components.sort(key=lambda component: order[component.role])
    structure = DataStructure(
        ArtefactName(AGENCY, ID, whole.get("version", "")),
        {"en": _text(whole, "Name") or "SDG"},
        tuple(components),
        codelists,
        next(scheme for scheme in schemes if scheme),
        _text(whole, "Description"),
        next((one.text or "" for one in root.iter() if _tag(one) == "Prepared"), ""),
    )
    _check(structure)
    return structure


def _check(structure: DataStructure) -> None:
    if not re.fullmatch(r"\d+(\.\d+){1,2}", structure.name.version):
        raise StructureUnreadable(f"{structure.name.version[:40]} is no version such as 1.22.")
    if missing := [name for name in NEEDED if name not in structure.by_id]:
        raise StructureUnreadable(f"{structure.name} has no {', '.join(missing)}.")
    for component in structure.components:
        if component.codelist is not None and component.codelist not in structure.codelists:
            raise StructureUnreadable(
                f"The file does not hold {component.codelist}, the codes of {component.id}: "
                "ask for the structure with its references (references=children or all)."
            )
        codes = structure.find_codes(component.id)
        usual = component.role == "dimension" and component.id not in NEEDED
        if usual and (codes is None or TOTAL not in codes.by_id):
            raise StructureUnreadable(f"{component.id} has no code {TOTAL}: what stands for the whole is not known.")


def read_version(version: str) -> tuple[int, ...]:
    """A version as numbers: 1.22 is later than 1.5."""
    return tuple(int(part) for part in version.split("."))


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _child(element: ElementTree.Element, tag: str) -> ElementTree.Element | None:
    return next((one for one in element if _tag(one) == tag), None)


def _all(root: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    return (one for one in root.iter() if _tag(one) == tag)


def _text(element: ElementTree.Element, tag: str) -> str:
    found = [one for one in element if _tag(one) == tag]
    chosen = next((one for one in found if one.get(_LANG, "en") == "en"), found[0] if found else None)
    return (chosen.text or "").strip() if chosen is not None else ""


def _read_codelist(element: ElementTree.Element) -> tuple[ArtefactName, CodeList]:
    name = ArtefactName(element.get("agencyID", ""), element.get("id", ""), element.get("version", ""))
    codes = tuple(CodeItem(code.get("id", ""), {"en": _text(code, "Name")}) for code in element if _tag(code) == "Code")
    return name, CodeList(name, {"en": _text(element, "Name")}, codes)


def _refer(element: ElementTree.Element | None) -> tuple[ArtefactName | None, str]:
    """What an element refers to, by URN or by a ``Ref``: the artefact, and the item of it."""
    if element is None:
        return None, ""
    if found := _URN.search((element.text or "").strip()):
        return ArtefactName(found[1], found[2], found[3]), found[4] or ""
    reference = next((one for one in element if _tag(one) == "Ref"), None)
    if reference is None:
        urn = next((one.text or "" for one in element if _tag(one) == "URN"), "")
        found = _URN.search(urn.strip())
        return (ArtefactName(found[1], found[2], found[3]), found[4] or "") if found else (None, "")
    got: Mapping[str, str] = reference.attrib
    if "maintainableParentID" in got:
        parent = ArtefactName(got["agencyID"], got["maintainableParentID"], got.get("maintainableParentVersion", "1.0"))
        return parent, got["id"]
    return ArtefactName(got.get("agencyID", ""), got.get("id", ""), got.get("version", "1.0")), ""


def _read_component(
    element: ElementTree.Element, titles: Mapping[str, str]
) -> tuple[StructureComponent, ArtefactName | None]:
    scheme, concept = _refer(_child(element, "ConceptIdentity"))
    local = _child(element, "LocalRepresentation")
    codelist, _ = _refer(_child(local, "Enumeration")) if local is not None else (None, "")
    formatted = _child(local, "TextFormat") if local is not None else None
    tag = _tag(element)
    role: Any = {"Dimension": "dimension", "TimeDimension": "time", "Attribute": "attribute"}.get(tag, "measure")
    related = _child(element, "AttributeRelationship")
    series = related is not None and any(_tag(one) in ("Dimension", "Group", "None", "Dataflow") for one in related)
    id_ = element.get("id") or ("TIME_PERIOD" if role == "time" else "OBS_VALUE" if role == "measure" else concept)
    component = StructureComponent(
        id_,
        role,
        {"en": titles.get(concept) or id_},
        codelist,
        (formatted.get("textType") if formatted is not None else None) or "String",
        "series" if series else "obs",
        element.get("assignmentStatus") == "Mandatory" or element.get("usage") == "mandatory",
    )
    return component, scheme
