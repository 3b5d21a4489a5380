"""Structure messages and reference metadata in SDMX-ML: 3.0 names things by URN, 2.1 by references."""

from collections.abc import Iterable, Iterator, Mapping

from dashboard.sdmx.markup import XSI, escape, namespace, write_head
from dashboard.sdmx.model import (
    VALUE,
    ArtefactName,
    Artefacts,
    Availability,
    CodeItem,
    CodeList,
    DataFlow,
    DataStructure,
    Generation,
    ItemScheme,
    MetadataReport,
    ReportFlow,
    ReportStructure,
    StructureComponent,
    make_urn,
)

_PACKAGES = {
    "dataflow": ("datastructure", "Dataflow"),
    "datastructure": ("datastructure", "DataStructure"),
    "codelist": ("codelist", "Codelist"),
}


def write_structures(found: Artefacts, generation: Generation, id_: str, prepared: str, sender: str) -> Iterator[bytes]:
    """A structure message. Metadata structures are written in 3.0 alone."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<mes:Structure xmlns:xsi="{XSI}" xmlns:mes="{namespace(generation, "message")}" '
        f'xmlns:str="{namespace(generation, "structure")}" xmlns:com="{namespace(generation, "common")}">\n'
        f"{write_head(id_, prepared, sender)}</mes:Header>\n<mes:Structures>\n"
    ).encode()
    write = _Writer(found, generation)
    for container, parts in write.list_parts():
        opened = False
        for part in parts:
            if not opened:
                yield f"<str:{container}>\n".encode()
                opened = True
            yield part.encode()
        if opened:
            yield f"</str:{container}>\n".encode()
    yield b"</mes:Structures>\n</mes:Structure>\n"


class _Writer:
    """Artefacts as elements of one generation."""

    def __init__(self, found: Artefacts, generation: Generation) -> None:
        self.found, self.generation, self.new = found, generation, generation == "3.0"

    def list_parts(self) -> Iterator[tuple[str, Iterator[str]]]:
        """The containers of a message in the order of its schema, each with its elements."""
        found = self.found
        agencies = (self._scheme("AgencyScheme", "Agency", "agencyscheme", "agency", one) for one in found.agencies)
        codelists = map(self._codelist, found.codelists)
        concepts = (self._scheme("ConceptScheme", "Concept", "conceptscheme", "concept", one) for one in found.concepts)
        flows, structures = map(self._flow, found.flows), map(self._structure, found.structures)
        available = map(self._available, found.available)
        if not self.new:
            yield "OrganisationSchemes", agencies
            yield "Dataflows", flows
            yield "Codelists", codelists
            yield "Concepts", concepts
            yield "DataStructures", structures
            yield "Constraints", available
            return
        yield "AgencySchemes", agencies
        yield "Codelists", codelists
        yield "ConceptSchemes", concepts
        yield "DataConstraints", available
        yield "Dataflows", flows
        yield "DataStructures", structures
        yield "Metadataflows", map(self._report_flow, found.report_flows)
        yield "MetadataStructures", map(self._report_structure, found.report_structures)

    def _open(self, element: str, kind: str, name: ArtefactName, more: str = "") -> str:
        """The start of a maintainable artefact; a stub says where the whole is."""
        stub = name in self.found.stubs
        about = f' isExternalReference="{"true" if stub else "false"}"'
        if stub:
            middle = f"structure/{kind}" if self.new else kind
            url = f"{self.found.base}/{middle}/{name.agency}/{name.id}/{name.version}"
            about += f' structureURL="{escape(url)}"'
        final = "" if self.new else ' isFinal="false"'
        version = "" if self.new and kind == "agencyscheme" else f' version="{name.version}"'  # 3.0 fixes it
        return (
            f'<str:{element} id="{name.id}" agencyID="{name.agency}"{version}{final}{about}{more} '
            f'urn="{escape(make_urn(kind, name))}">'
        )

    def _scheme(self, element: str, item: str, kind: str, item_kind: str, scheme: ItemScheme) -> str:
        stub = scheme.name in self.found.stubs
        items = "".join(
            f'<str:{item} id="{escape(one.id)}" urn="{escape(self._item_urn(item_kind, scheme.name, one.id))}">'
            f"{_names(one.names)}{_description(one.description)}</str:{item}>\n"
            for one in (() if stub else scheme.items)
        )
        partial = ' isPartial="true"' if scheme.partial else ""
        opened = self._open(element, kind, scheme.name, partial)
        return f"{opened}{_names(scheme.names)}\n{items}</str:{element}>\n"

    def _item_urn(self, kind: str, scheme: ArtefactName, item: str) -> str:
        if kind == "agency" and not self.new:
            return f"urn:sdmx:org.sdmx.infomodel.base.Agency={item}"
        return make_urn(kind, scheme, item)

    def _codelist(self, codes: CodeList) -> str:
        stub = codes.name in self.found.stubs
        partial = ' isPartial="true"' if codes.partial else ""
        items = "".join(self._code(codes.name, code) for code in (() if stub else codes.codes))
        opened = self._open("Codelist", "codelist", codes.name, partial)
        return f"{opened}{_names(codes.names)}{_description(codes.description)}\n{items}</str:Codelist>\n"

    def _code(self, codelist: ArtefactName, code: CodeItem) -> str:
        urn = escape(make_urn("code", codelist, code.id))
        about = _names(code.names) + _description(code.description)
        return f'<str:Code id="{escape(code.id)}" urn="{urn}">{about}</str:Code>\n'

    def _refer(self, kind: str, name: ArtefactName) -> str:
        if self.new:
            return escape(make_urn(kind, name))
        package, class_ = _PACKAGES[kind]
        return (
            f'<Ref agencyID="{name.agency}" id="{name.id}" version="{name.version}" '
            f'package="{package}" class="{class_}"/>'
        )

    def _flow(self, flow: DataFlow) -> str:
        opened = self._open("Dataflow", "dataflow", flow.name)
        about = _names(flow.names) + _description(flow.description)
        refers = f"<str:Structure>{self._refer('datastructure', flow.structure.name)}</str:Structure>"
        return f"{opened}{about}{'' if flow.name in self.found.stubs else refers}</str:Dataflow>\n"

    def _structure(self, structure: DataStructure) -> str:
        about = _names(structure.names) + _description(structure.description)
        opened = self._open("DataStructure", "datastructure", structure.name)
        if structure.name in self.found.stubs:
            return f"{opened}{about}</str:DataStructure>\n"
        dimensions, measures, attributes = "", "", ""
        for place, component in enumerate(structure.components, 1):
            inside = self._identity(component, structure) + self._representation(component)
            if component.role == "dimension":
                dimensions += f'<str:Dimension id="{component.id}" position="{place}">{inside}</str:Dimension>\n'
            elif component.role == "time":
                dimensions += f'<str:TimeDimension id="{component.id}">{inside}</str:TimeDimension>\n'
            elif component.role == "measure":
                element = "Measure" if self.new else "PrimaryMeasure"
                measures += f'<str:{element} id="{component.id}">{inside}</str:{element}>\n'
            else:
                attributes += self._attribute(component, inside, structure)
        attributes = f'<str:AttributeList id="AttributeDescriptor">\n{attributes}</str:AttributeList>\n'
        measures = f'<str:MeasureList id="MeasureDescriptor">\n{measures}</str:MeasureList>\n'
        return (
            f"{opened}{about}\n<str:DataStructureComponents>\n"
            f'<str:DimensionList id="DimensionDescriptor">\n{dimensions}</str:DimensionList>\n'
            f"{attributes}{measures}</str:DataStructureComponents>\n</str:DataStructure>\n"
        )

    def _identity(self, component: StructureComponent, structure: DataStructure) -> str:
        scheme = component.concept or structure.concepts
        if self.new:
            reference = escape(make_urn("concept", scheme, component.id))
        else:
            reference = (
                f'<Ref maintainableParentID="{scheme.id}" maintainableParentVersion="{scheme.version}" '
                f'agencyID="{scheme.agency}" id="{component.id}" package="conceptscheme" class="Concept"/>'
            )
        return f"<str:ConceptIdentity>{reference}</str:ConceptIdentity>"

    def _representation(self, component: StructureComponent) -> str:
        if component.codelist is not None:
            inside = f"<str:Enumeration>{self._refer('codelist', component.codelist)}</str:Enumeration>"
        else:
            inside = f'<str:TextFormat textType="{component.type}"/>'
        return f"<str:LocalRepresentation>{inside}</str:LocalRepresentation>"

    def _attribute(self, component: StructureComponent, inside: str, structure: DataStructure) -> str:
        if component.level == "series":
            inner = "{}" if self.new else '<Ref id="{}"/>'
            related = "".join(f"<str:Dimension>{inner.format(name)}</str:Dimension>" for name in structure.dimensions)
        else:
            related = (
                "<str:Observation/>" if self.new else f'<str:PrimaryMeasure><Ref id="{VALUE}"/></str:PrimaryMeasure>'
            )
        if self.new:
            usage = f'usage="{"mandatory" if component.mandatory else "optional"}"'
        else:
            usage = f'assignmentStatus="{"Mandatory" if component.mandatory else "Conditional"}"'
        return (
            f'<str:Attribute id="{component.id}" {usage}>{inside}'
            f"<str:AttributeRelationship>{related}</str:AttributeRelationship></str:Attribute>\n"
        )

    def _available(self, available: Availability) -> str:
        element, kind = ("DataConstraint", "dataconstraint") if self.new else ("ContentConstraint", "contentconstraint")
        role = ' role="Actual"' if self.new else ' type="Actual"'
        space = "str" if self.new else "com"
        counts = "".join(
            f'<com:Annotation id="{id_}"><com:AnnotationTitle>{count}</com:AnnotationTitle>'
            "<com:AnnotationType>sdmx_metrics</com:AnnotationType></com:Annotation>"
            for id_, count in (("obs_count", available.observations), ("series_count", available.series))
        )
        values = "".join(
            f'<{space}:KeyValue id="{name}">'
            + "".join(f"<{space}:Value>{escape(value)}</{space}:Value>" for value in found)
            + f"</{space}:KeyValue>\n"
            for name, found in available.values.items()
            if found
        )
        if available.first:
            values += (
                f'<{space}:KeyValue id="TIME_PERIOD"><{space}:TimeRange>'
                f'<{space}:StartPeriod isInclusive="true">{available.first}</{space}:StartPeriod>'
                f'<{space}:EndPeriod isInclusive="true">{available.last}</{space}:EndPeriod>'
                f"</{space}:TimeRange></{space}:KeyValue>\n"
            )
        attached = f"<str:Dataflow>{self._refer('dataflow', available.flow)}</str:Dataflow>"
        region = f'<str:CubeRegion include="true">\n{values}</str:CubeRegion>' if values else ""
        return (
            f"{self._open(element, kind, available.name, role)}"
            f"<com:Annotations>{counts}</com:Annotations>"
            f'<com:Name xml:lang="en">What occurs in the data asked for</com:Name>'
            f"<str:ConstraintAttachment>{attached}</str:ConstraintAttachment>{region}</str:{element}>\n"
        )

    def _report_flow(self, flow: ReportFlow) -> str:
        refers = f"<str:Structure>{escape(make_urn('metadatastructure', flow.structure))}</str:Structure>"
        refers += "<str:Target>urn:sdmx:org.sdmx.infomodel.codelist.Code=*:*(*).*</str:Target>"  # of stubs, too
        opened = self._open("Metadataflow", "metadataflow", flow.name)
        return f"{opened}{_names(flow.names)}{refers}</str:Metadataflow>\n"

    def _report_structure(self, structure: ReportStructure) -> str:
        opened = self._open("MetadataStructure", "metadatastructure", structure.name) + _names(structure.names)
        if structure.name in self.found.stubs:
            return f"{opened}</str:MetadataStructure>\n"
        attributes = "".join(
            f'<str:MetadataAttribute id="{one.id}" minOccurs="0" maxOccurs="1"><str:ConceptIdentity>'
            f"{escape(make_urn('concept', structure.concepts, one.id))}</str:ConceptIdentity>"
            '<str:LocalRepresentation><str:TextFormat textType="String" isMultiLingual="true"/>'
            "</str:LocalRepresentation></str:MetadataAttribute>\n"
            for one in structure.attributes
        )
        return (
            f'{opened}<str:MetadataStructureComponents><str:MetadataAttributeList id="MetadataAttributeDescriptor">\n'
            f"{attributes}</str:MetadataAttributeList></str:MetadataStructureComponents></str:MetadataStructure>\n"
        )


def _names(names: Mapping[str, str]) -> str:
    return "".join(f'<com:Name xml:lang="{lang}">{escape(text)}</com:Name>' for lang, text in names.items() if text)


def _description(text: str) -> str:
    return f'<com:Description xml:lang="en">{escape(text)}</com:Description>' if text else ""


def write_reports(
    reports: Iterable[MetadataReport], flow: ReportFlow, id_: str, prepared: str, sender: str, *, stubs: bool = False
) -> Iterator[bytes]:
    """Reference metadata in SDMX-ML 3.0; stubs are told without what they say, but for the first attribute."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<mes:GenericMetadata xmlns:xsi="{XSI}" xmlns:mes="{namespace("3.0", "message")}" '
        f'xmlns:gen="{namespace("3.0", "metadata/generic")}" xmlns:com="{namespace("3.0", "common")}">\n'
        f"{write_head(id_, prepared, sender)}"
        f'<mes:Structure structureID="REPORTS"><com:StructureUsage>{escape(make_urn("metadataflow", flow.name))}'
        "</com:StructureUsage></mes:Structure></mes:Header>\n"
    ).encode()
    for report in reports:
        name = report.name
        attributes = list(report.attributes.items())
        inside = "".join(
            f'<gen:Attribute id="{attribute}">'
            + "".join(f'<com:Text xml:lang="{lang}">{escape(text)}</com:Text>' for lang, text in texts.items())
            + "</gen:Attribute>\n"
            for attribute, texts in (attributes[:1] if stubs else attributes)
        )
        targets = "".join(f"<gen:Target>{escape(target)}</gen:Target>" for target in report.targets)
        yield (
            f'<mes:MetadataSet id="{escape(name.id)}" agencyID="{name.agency}" version="{name.version}" '
            f'isExternalReference="{"true" if stubs else "false"}" urn="{escape(make_urn("metadataset", name))}">'
            f"{_names(report.names)}"
            f"<gen:Metadataflow>{escape(make_urn('metadataflow', report.flow))}</gen:Metadataflow>"
            f"{targets}\n{inside}</mes:MetadataSet>\n"
        ).encode()
    yield b"</mes:GenericMetadata>\n"
