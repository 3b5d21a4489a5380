"""Structure messages and reference metadata in SDMX-JSON 2.0."""

from collections.abc import Iterable, Iterator
from typing import Any

from dashboard.analysis.sdmx.model import (
    ANY_CODE,
    Artefact,
    Artefacts,
    Availability,
    DataStructure,
    ItemScheme,
    MetadataReport,
    ReportStructure,
    make_urn,
)
from dashboard.analysis.sdmx.objects import choose_name, encode_json, write_meta


def write_structures_json(content: Artefacts, id_: str, prepared: str, sender: str) -> Iterator[bytes]:
    """Yield a structure message without the kinds of which there is no artefact."""

    def describe(kind: str, artefact: Artefact, details: dict[str, Any], **always: Any) -> dict[str, Any]:
        name = artefact.name
        href = f"{content.base}/structure/{kind}/{name.agency}/{name.id}/{name.version}"
        links = [{"rel": "self", "urn": make_urn(kind, name), **({"href": href} if content.base else {})}]
        is_stub = name in content.stubs
        return {
            "id": name.id,
            "agencyID": name.agency,
            "version": name.version,
            "isExternalReference": is_stub,
            **choose_name(artefact.names, name.id),
            **_write_description(getattr(artefact, "description", "")),
            "links": links,
            **always,
            **({} if is_stub else details),
        }

    parts: dict[str, list[dict[str, Any]]] = {
        "agencySchemes": [
            describe("agencyscheme", scheme, _list_items("agencies", scheme)) for scheme in content.agencies
        ],
        "codelists": [
            describe("codelist", codes, _list_items("codes", codes), isPartial=codes.partial)
            for codes in content.codelists
        ],
        "conceptSchemes": [
            describe("conceptscheme", scheme, _list_items("concepts", scheme)) for scheme in content.concepts
        ],
        "dataflows": [
            describe("dataflow", flow, {"structure": make_urn("datastructure", flow.structure.name)})
            for flow in content.flows
        ],
        "dataStructures": [
            describe("datastructure", structure, {"dataStructureComponents": _list_components(structure)})
            for structure in content.structures
        ],
        "metadataflows": [
            describe(
                "metadataflow",
                flow,
                {"structure": make_urn("metadatastructure", flow.structure), "targets": [ANY_CODE]},
            )
            for flow in content.report_flows
        ],
        "metadataStructures": [
            describe("metadatastructure", structure, _list_report_components(structure))
            for structure in content.report_structures
        ],
        "dataConstraints": [
            describe("dataconstraint", available, _describe_availability(available)) for available in content.available
        ],
    }
    yield f'{{"meta":{encode_json(write_meta("structure", id_, prepared, sender))},"data":{{'.encode()
    filled = [(kind, artefacts) for kind, artefacts in parts.items() if artefacts]
    for number, (kind, artefacts) in enumerate(filled):
        yield f"{',' if number else ''}{encode_json(kind)}:{encode_json(artefacts)}".encode()
    yield b"}}"


def _write_description(text: str) -> dict[str, Any]:
    return {"description": text, "descriptions": {"en": text}} if text else {}


def _list_items(kind: str, scheme: ItemScheme) -> dict[str, Any]:
    if not scheme.items:
        return {}
    items = [
        {"id": item.id, **choose_name(item.names, item.id), **_write_description(item.description)}
        for item in scheme.items
    ]
    return {"isPartial": scheme.partial, kind: items}


def _list_components(structure: DataStructure) -> dict[str, Any]:
    lists: dict[str, list[dict[str, Any]]] = {"dimension": [], "measure": [], "attribute": []}
    time: dict[str, Any] = {}
    for place, component in enumerate(structure.components, 1):
        scheme = component.concept or structure.concepts
        about = {
            "id": component.id,
            "conceptIdentity": make_urn("concept", scheme, component.id),
            "localRepresentation": (
                {"enumeration": make_urn("codelist", component.codelist)}
                if component.codelist
                else {"format": {"dataType": component.type}}
            ),
        }
        if component.role == "time":
            time = about
        elif component.role == "dimension":
            lists["dimension"].append({**about, "position": place})
        elif component.role == "measure":
            lists["measure"].append({**about, "usage": "optional"})
        else:
            series = component.level == "series"
            related: dict[str, Any] = {"dimensions": list(structure.dimensions)} if series else {"observation": {}}
            usage = "mandatory" if component.mandatory else "optional"
            lists["attribute"].append({**about, "usage": usage, "attributeRelationship": related})
    return {
        "dimensionList": {"id": "DimensionDescriptor", "dimensions": lists["dimension"], "timeDimension": time},
        "attributeList": {"id": "AttributeDescriptor", "attributes": lists["attribute"]},
        "measureList": {"id": "MeasureDescriptor", "measures": lists["measure"]},
    }


def _list_report_components(structure: ReportStructure) -> dict[str, Any]:
    attributes = [
        {
            "id": attribute.id,
            "minOccurs": 0,
            "maxOccurs": 1,
            "isPresentational": False,
            "conceptIdentity": make_urn("concept", structure.concepts, attribute.id),
            "localRepresentation": {"format": {"dataType": "String", "isMultiLingual": True}},
        }
        for attribute in structure.attributes
    ]
    return {
        "metadataStructureComponents": {
            "metadataAttributeList": {"id": "MetadataAttributeDescriptor", "metadataAttributes": attributes}
        }
    }


def _describe_availability(available: Availability) -> dict[str, Any]:
    keys: list[dict[str, Any]] = [
        {"id": name, "include": True, "values": [{"value": value} for value in values]}
        for name, values in available.values.items()
        if values
    ]
    if available.first:
        ends = {"startPeriod": {"period": available.first}, "endPeriod": {"period": available.last}}
        keys.append({"id": "TIME_PERIOD", "include": True, "timeRange": ends})
    return {
        "annotations": [
            {"id": name, "type": "sdmx_metrics", "title": str(count)}
            for name, count in (("obs_count", available.observations), ("series_count", available.series))
        ],
        "role": "Actual",
        "constraintAttachment": {"dataflows": [make_urn("dataflow", available.flow)]},
        **({"cubeRegions": [{"include": True, "keyValues": keys}]} if keys else {}),
    }


def write_reports_json(
    reports: Iterable[MetadataReport], id_: str, prepared: str, sender: str, *, stubs: bool = False
) -> Iterator[bytes]:
    """Yield reference metadata in SDMX-JSON 2.0; a stub has its first attribute alone."""
    yield f'{{"meta":{encode_json(write_meta("metadata", id_, prepared, sender))},"data":{{"metadataSets":['.encode()
    for number, report in enumerate(reports):
        attributes = list(report.attributes.items())[: 1 if stubs else None]
        about = {
            "id": report.name.id,
            "agencyID": report.name.agency,
            "version": report.name.version,
            "isExternalReference": stubs,
            **choose_name(report.names, report.name.id),
            "metadataflow": make_urn("metadataflow", report.flow),
            "targets": list(report.targets),
            "attributes": [{"id": attribute, "value": dict(texts)} for attribute, texts in attributes],
        }
        yield f"{',' if number else ''}{encode_json(about)}".encode()
    yield b"]}}"
