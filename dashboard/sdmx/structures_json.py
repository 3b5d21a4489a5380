"""Structure messages and reference metadata in SDMX-JSON 2.0."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dashboard.sdmx.model import (
    ArtefactName,
    Artefacts,
    Availability,
    CodeItem,
    DataStructure,
    ItemScheme,
    MetadataReport,
    ReportStructure,
    StructureComponent,
    make_urn,
)
from dashboard.sdmx.objects import choose_name, dump, write_meta


def write_structures_json(found: Artefacts, id_: str, prepared: str, sender: str) -> Iterator[bytes]:
    """A structure message; kinds of which there is nothing are left out."""

    def head(kind: str, name: ArtefactName, names: Mapping[str, str], description: str = "") -> dict[str, Any]:
        stub = name in found.stubs
        href = f"{found.base}/structure/{kind}/{name.agency}/{name.id}/{name.version}"
        links = [{"rel": "self", "urn": make_urn(kind, name), **({"href": href} if found.base else {})}]
        return {
            "id": name.id,
            "agencyID": name.agency,
            "version": name.version,
            "isExternalReference": stub,
            **choose_name(names, name.id),
            **_described(description),
            "links": links,
        }

    def whole(name: ArtefactName, content: dict[str, Any]) -> dict[str, Any]:
        return {} if name in found.stubs else content

    parts: dict[str, list[dict[str, Any]]] = {
        "agencySchemes": [
            {**head("agencyscheme", one.name, one.names), **whole(one.name, _items("agencies", one))}
            for one in found.agencies
        ],
        "codelists": [
            {
                **head("codelist", one.name, one.names, one.description),
                "isPartial": one.partial,
                **whole(one.name, {"codes": [_item(code) for code in one.codes]} if one.codes else {}),
            }
            for one in found.codelists
        ],
        "conceptSchemes": [
            {**head("conceptscheme", one.name, one.names), **whole(one.name, _items("concepts", one))}
            for one in found.concepts
        ],
        "dataflows": [
            {
                **head("dataflow", one.name, one.names, one.description),
                **whole(one.name, {"structure": make_urn("datastructure", one.structure.name)}),
            }
            for one in found.flows
        ],
        "dataStructures": [
            {
                **head("datastructure", one.name, one.names, one.description),
                **whole(one.name, {"dataStructureComponents": _components(one)}),
            }
            for one in found.structures
        ],
        "metadataflows": [
            {
                **head("metadataflow", one.name, one.names),
                **whole(
                    one.name,
                    {
                        "structure": make_urn("metadatastructure", one.structure),
                        "targets": ["urn:sdmx:org.sdmx.infomodel.codelist.Code=*:*(*).*"],
                    },
                ),
            }
            for one in found.report_flows
        ],
        "metadataStructures": [
            {**head("metadatastructure", one.name, one.names), **whole(one.name, _report_components(one))}
            for one in found.report_structures
        ],
        "dataConstraints": [
            {
                **head("dataconstraint", one.name, {"en": "What occurs in the data asked for"}),
                **_available(one),
            }
            for one in found.available
        ],
    }
    yield f'{{"meta":{dump(write_meta(id_, prepared, sender))},"data":{{'.encode()
    filled = [(kind, artefacts) for kind, artefacts in parts.items() if artefacts]
    for number, (kind, artefacts) in enumerate(filled):
        yield f"{',' if number else ''}{dump(kind)}:{dump(artefacts)}".encode()
    yield b"}}"


def _described(text: str) -> dict[str, Any]:
    return {"description": text, "descriptions": {"en": text}} if text else {}


def _item(item: CodeItem) -> dict[str, Any]:
    return {"id": item.id, **choose_name(item.names, item.id), **_described(item.description)}


def _items(kind: str, scheme: ItemScheme) -> dict[str, Any]:
    return {"isPartial": scheme.partial, kind: [_item(item) for item in scheme.items]} if scheme.items else {}


def _representation(component: StructureComponent) -> dict[str, Any]:
    if component.codelist is not None:
        return {"enumeration": make_urn("codelist", component.codelist)}
    return {"format": {"dataType": component.type}}


def _components(structure: DataStructure) -> dict[str, Any]:
    lists: dict[str, list[dict[str, Any]]] = {"dimension": [], "measure": [], "attribute": []}
    time: dict[str, Any] = {}
    for place, component in enumerate(structure.components, 1):
        scheme = component.concept or structure.concepts
        about = {
            "id": component.id,
            "conceptIdentity": make_urn("concept", scheme, component.id),
            "localRepresentation": _representation(component),
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


def _report_components(structure: ReportStructure) -> dict[str, Any]:
    attributes = [
        {
            "id": one.id,
            "minOccurs": 0,
            "maxOccurs": 1,
            "conceptIdentity": make_urn("concept", structure.concepts, one.id),
            "localRepresentation": {"format": {"dataType": "String", "isMultiLingual": True}},
        }
        for one in structure.attributes
    ]
    return {
        "metadataStructureComponents": {
            "metadataAttributeList": {"id": "MetadataAttributeDescriptor", "metadataAttributes": attributes}
        }
    }


def _available(available: Availability) -> dict[str, Any]:
    keys: list[dict[str, Any]] = [
        {"id": name, "include": True, "values": list(values)} for name, values in available.values.items() if values
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
    """Reference metadata in SDMX-JSON 2.0; stubs are told without what they say, but for the first attribute."""
    yield f'{{"meta":{dump(write_meta(id_, prepared, sender))},"data":{{"metadataSets":['.encode()
    for number, report in enumerate(reports):
        said = list(report.attributes.items())[: 1 if stubs else None]
        about = {
            "id": report.name.id,
            "agencyID": report.name.agency,
            "version": report.name.version,
            "isExternalReference": stubs,
            **choose_name(report.names, report.name.id),
            "metadataflow": make_urn("metadataflow", report.flow),
            "targets": list(report.targets),
            "attributes": [{"id": attribute, "value": dict(texts)} for attribute, texts in said],
        }
        yield f"{',' if number else ''}{dump(about)}".encode()
    yield b"]}}"
