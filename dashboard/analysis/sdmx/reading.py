"""The global SDG data structure, read from a structure message (SDMX-ML) or from our own JSON."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from dashboard.analysis.sdmx.model import ArtefactName, CodeItem, DataStructure, ItemScheme, StructureComponent

AGENCY, ID = "IAEG-SDGs", "SDG"
_URN = re.compile(r"=([^:]+):([^(]+)\(([^)]+)\)(?:\.(.+))?$")
_NAME = re.compile(r"([^:]+):([^(]+)\(([^)]+)\)")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NEEDED = ("FREQ", "REPORTING_TYPE", "SERIES", "REF_AREA", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE")
"""Components without which our figures cannot be written by a structure."""

TOTAL = "_T"


class StructureUnreadable(Exception):
    """A file that is not the global data structure, with the reason."""


def read_name(text: str) -> ArtefactName:
    """Read ``AGENCY:ID(VERSION)``."""
    found = _NAME.fullmatch(text)
    if not found:
        raise StructureUnreadable(f"{text[:80]} is not AGENCY:ID(VERSION)")
    return ArtefactName(*found.groups())


def serialise_structure(structure: DataStructure) -> str:
    """Return a structure as our own JSON, with a line for each code."""
    content = {
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
            str(name): {"title": codes.names.get("en", ""), "codes": {c.id: c.names.get("en", "") for c in codes.items}}
            for name, codes in structure.codelists.items()
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=0)


def parse_structure(text: str) -> DataStructure:
    """Read a structure that ``serialise_structure`` wrote."""
    content: dict[str, Any] = json.loads(text)
    codelists = {
        read_name(name): ItemScheme(
            read_name(name),
            {"en": codes["title"]},
            tuple(CodeItem(id_, {"en": title}) for id_, title in codes["codes"].items()),
        )
        for name, codes in content["codelists"].items()
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
        for c in content["components"]
    )
    return DataStructure(
        read_name(content["name"]),
        {"en": content["title"]},
        components,
        codelists,
        read_name(content["concepts"]),
        content["description"],
        content["prepared"],
    )


def read_structure_message(body: bytes) -> DataStructure:
    """Read the global SDG structure from a message that includes its codelists and concepts.

    Raises:
        StructureUnreadable: the message is another one, or our figures cannot be written by its structure.
    """
    if b"<!DOCTYPE" in body[:100_000] or b"<!ENTITY" in body:
        raise StructureUnreadable("The file declares a document type or entities; no SDMX message does.")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - no entities: refused above
    except ElementTree.ParseError as error:
        raise StructureUnreadable(f"The file is not XML: {error}.") from error
    found = [element for element in _find_all(root, "DataStructure") if element.get("agencyID")]
    names = [f"{element.get('agencyID')}:{element.get('id')}({element.get('version')})" for element in found]
    definition = next((item for item in found if (item.get("agencyID"), item.get("id")) == (AGENCY, ID)), None)
    if definition is None:
        content = f"it holds {', '.join(names)}" if names else "it holds no data structure"
        raise StructureUnreadable(f"{AGENCY}:{ID} is wanted, {content}. A national adaptation is another structure.")
    codelists = {name: codes for name, codes in map(_read_codelist, _find_all(root, "Codelist")) if codes.items}
    titles = {
        concept.get("id", ""): _get_text(concept, "Name") for concept in _find_all(root, "Concept") if concept.get("id")
    }
    components, schemes = [], []
    for element in definition.iter():
        if (
            _get_tag(element) in ("Dimension", "TimeDimension", "PrimaryMeasure", "Measure", "Attribute")
            and _find_child(element, "ConceptIdentity") is not None
        ):
            component, scheme = _read_component(element, titles)
            components.append(component)
            schemes.append(scheme)
    order = {"dimension": 0, "time": 1, "measure": 2, "attribute": 3}
    components.sort(key=lambda component: order[component.role])
    structure = DataStructure(
        ArtefactName(AGENCY, ID, definition.get("version", "")),
        {"en": _get_text(definition, "Name") or "SDG"},
        tuple(components),
        codelists,
        next(scheme for scheme in schemes if scheme),
        _get_text(definition, "Description"),
        next((element.text or "" for element in _find_all(root, "Prepared")), ""),
    )
    _check_structure(structure)
    return structure


def _check_structure(structure: DataStructure) -> None:
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
    """Return a version as numbers: 1.22 is later than 1.5."""
    return tuple(int(part) for part in version.split("."))


def _get_tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _find_child(element: ElementTree.Element, tag: str) -> ElementTree.Element | None:
    return next((child for child in element if _get_tag(child) == tag), None)


def _find_all(root: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    return (element for element in root.iter() if _get_tag(element) == tag)


def _get_text(element: ElementTree.Element, tag: str) -> str:
    found = [child for child in element if _get_tag(child) == tag]
    chosen = next((child for child in found if child.get(_LANG, "en") == "en"), found[0] if found else None)
    return (chosen.text or "").strip() if chosen is not None else ""


def _read_codelist(element: ElementTree.Element) -> tuple[ArtefactName, ItemScheme]:
    name = ArtefactName(element.get("agencyID", ""), element.get("id", ""), element.get("version", ""))
    codes = (child for child in element if _get_tag(child) == "Code")
    items = tuple(CodeItem(code.get("id", ""), {"en": _get_text(code, "Name")}) for code in codes)
    return name, ItemScheme(name, {"en": _get_text(element, "Name")}, items)


def _read_reference(element: ElementTree.Element | None) -> tuple[ArtefactName | None, str]:
    """Return the artefact that an element refers to by URN or ``Ref``, and the item of it."""
    if element is None:
        return None, ""
    reference = _find_child(element, "Ref")
    if (found := _URN.search((element.text or "").strip())) or reference is None:
        child = _find_child(element, "URN")
        found = found or _URN.search((child.text or "").strip() if child is not None else "")
        return (ArtefactName(found[1], found[2], found[3]), found[4] or "") if found else (None, "")
    got: Mapping[str, str] = reference.attrib
    if "maintainableParentID" in got:
        parent = ArtefactName(got["agencyID"], got["maintainableParentID"], got.get("maintainableParentVersion", "1.0"))
        return parent, got["id"]
    return ArtefactName(got.get("agencyID", ""), got.get("id", ""), got.get("version", "1.0")), ""


def _read_component(
    element: ElementTree.Element, titles: Mapping[str, str]
) -> tuple[StructureComponent, ArtefactName | None]:
    scheme, concept = _read_reference(_find_child(element, "ConceptIdentity"))
    local = _find_child(element, "LocalRepresentation")
    codelist, _ = _read_reference(_find_child(local, "Enumeration")) if local is not None else (None, "")
    formatted = _find_child(local, "TextFormat") if local is not None else None
    tag = _get_tag(element)
    role: Any = {"Dimension": "dimension", "TimeDimension": "time", "Attribute": "attribute"}.get(tag, "measure")
    related = _find_child(element, "AttributeRelationship")
    series = related is not None and any(
        _get_tag(child) in ("Dimension", "Group", "None", "Dataflow") for child in related
    )
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
