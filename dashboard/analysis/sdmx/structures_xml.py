"""Structure messages and reference metadata in SDMX-ML: 3.0 names things by URN, 2.1 by references."""

from collections.abc import Iterable, Iterator

from dashboard.analysis.sdmx.markup import XSI, escape, make_namespace, write_head
from dashboard.analysis.sdmx.model import (
    ANY_CODE,
    VALUE,
    Artefact,
    ArtefactName,
    Artefacts,
    Availability,
    CodeItem,
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
    """Yield a structure message; metadata structures are written in 3.0 alone."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<mes:Structure xmlns:xsi="{XSI}" xmlns:mes="{make_namespace(generation, "message")}" '
        f'xmlns:str="{make_namespace(generation, "structure")}" xmlns:com="{make_namespace(generation, "common")}">\n'
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
        self.found, self.new = found, generation == "3.0"

    def list_parts(self) -> Iterator[tuple[str, Iterator[str]]]:
        """Yield the containers of a message in the order of its schema, each with its elements."""
        found = self.found
        agencies = (self._write_scheme("AgencyScheme", "Agency", scheme) for scheme in found.agencies)
        codelists = (self._write_scheme("Codelist", "Code", scheme) for scheme in found.codelists)
        concepts = (self._write_scheme("ConceptScheme", "Concept", scheme) for scheme in found.concepts)
        flows, structures = map(self._write_flow, found.flows), map(self._write_structure, found.structures)
        available = map(self._write_availability, found.available)
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
        yield "Metadataflows", map(self._write_report_flow, found.report_flows)
        yield "MetadataStructures", map(self._write_report_structure, found.report_structures)

    def _open(self, element: str, artefact: Artefact, more: str = "", annotations: str = "") -> str:
        """Return the start of a maintainable artefact with its names; a stub has the address of the whole."""
        name, kind = artefact.name, element.lower()
        is_stub = name in self.found.stubs
        about = f' isExternalReference="{"true" if is_stub else "false"}"'
        if is_stub:
            middle = f"structure/{kind}" if self.new else kind
            url = f"{self.found.base}/{middle}/{name.agency}/{name.id}/{name.version}"
            about += f' structureURL="{escape(url)}"'
        final = "" if self.new else ' isFinal="false"'
        version = "" if self.new and kind == "agencyscheme" else f' version="{name.version}"'  # 3.0 fixes it
        return (
            f'<str:{element} id="{name.id}" agencyID="{name.agency}"{version}{final}{about}{more} '
            f'urn="{escape(make_urn(kind, name))}">{annotations}{_write_names(artefact)}'
        )

    def _write_scheme(self, element: str, item_element: str, scheme: ItemScheme) -> str:
        items = ""
        for item in () if scheme.name in self.found.stubs else scheme.items:
            if item_element == "Agency" and not self.new:
                urn = f"urn:sdmx:org.sdmx.infomodel.base.Agency={item.id}"
            else:
                urn = make_urn(item_element.lower(), scheme.name, item.id)
            opened = f'<str:{item_element} id="{escape(item.id)}" urn="{escape(urn)}">'
            items += f"{opened}{_write_names(item)}</str:{item_element}>\n"
        opened = self._open(element, scheme, ' isPartial="true"' if scheme.partial else "")
        return f"{opened}\n{items}</str:{element}>\n"

    def _refer(self, kind: str, name: ArtefactName) -> str:
        if self.new:
            return escape(make_urn(kind, name))
        package, class_ = _PACKAGES[kind]
        return (
            f'<Ref agencyID="{name.agency}" id="{name.id}" version="{name.version}" '
            f'package="{package}" class="{class_}"/>'
        )

    def _write_flow(self, flow: DataFlow) -> str:
        refers = f"<str:Structure>{self._refer('datastructure', flow.structure.name)}</str:Structure>"
        return f"{self._open('Dataflow', flow)}{'' if flow.name in self.found.stubs else refers}</str:Dataflow>\n"

    def _write_structure(self, structure: DataStructure) -> str:
        opened = self._open("DataStructure", structure)
        if structure.name in self.found.stubs:
            return f"{opened}</str:DataStructure>\n"
        dimensions, measures, attributes = "", "", ""
        for place, component in enumerate(structure.components, 1):
            inside = self._write_identity(component, structure) + self._write_representation(component)
            if component.role == "dimension":
                dimensions += f'<str:Dimension id="{component.id}" position="{place}">{inside}</str:Dimension>\n'
            elif component.role == "time":
                dimensions += f'<str:TimeDimension id="{component.id}">{inside}</str:TimeDimension>\n'
            elif component.role == "measure":
                element = "Measure" if self.new else "PrimaryMeasure"
                measures += f'<str:{element} id="{component.id}">{inside}</str:{element}>\n'
            else:
                attributes += self._write_attribute(component, inside, structure)
        attributes = f'<str:AttributeList id="AttributeDescriptor">\n{attributes}</str:AttributeList>\n'
        measures = f'<str:MeasureList id="MeasureDescriptor">\n{measures}</str:MeasureList>\n'
        return (
            f"{opened}\n<str:DataStructureComponents>\n"
            f'<str:DimensionList id="DimensionDescriptor">\n{dimensions}</str:DimensionList>\n'
            f"{attributes}{measures}</str:DataStructureComponents>\n</str:DataStructure>\n"
        )

    def _write_identity(self, component: StructureComponent, structure: DataStructure) -> str:
        scheme = component.concept or structure.concepts
        if self.new:
            reference = escape(make_urn("concept", scheme, component.id))
        else:
            reference = (
                f'<Ref maintainableParentID="{scheme.id}" maintainableParentVersion="{scheme.version}" '
                f'agencyID="{scheme.agency}" id="{component.id}" package="conceptscheme" class="Concept"/>'
            )
        return f"<str:ConceptIdentity>{reference}</str:ConceptIdentity>"

    def _write_representation(self, component: StructureComponent) -> str:
        if component.codelist is not None:
            inside = f"<str:Enumeration>{self._refer('codelist', component.codelist)}</str:Enumeration>"
        else:
            inside = f'<str:TextFormat textType="{component.type}"/>'
        return f"<str:LocalRepresentation>{inside}</str:LocalRepresentation>"

    def _write_attribute(self, component: StructureComponent, inside: str, structure: DataStructure) -> str:
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

    def _write_availability(self, available: Availability) -> str:
        element = "DataConstraint" if self.new else "ContentConstraint"
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
            f"{self._open(element, available, role, f'<com:Annotations>{counts}</com:Annotations>')}"
            f"<str:ConstraintAttachment>{attached}</str:ConstraintAttachment>{region}</str:{element}>\n"
        )

    def _write_report_flow(self, flow: ReportFlow) -> str:
        refers = f"<str:Structure>{escape(make_urn('metadatastructure', flow.structure))}</str:Structure>"
        refers += f"<str:Target>{ANY_CODE}</str:Target>"  # of stubs, too
        return f"{self._open('Metadataflow', flow)}{refers}</str:Metadataflow>\n"

    def _write_report_structure(self, structure: ReportStructure) -> str:
        opened = self._open("MetadataStructure", structure)
        if structure.name in self.found.stubs:
            return f"{opened}</str:MetadataStructure>\n"
        attributes = "".join(
            f'<str:MetadataAttribute id="{attribute.id}" minOccurs="0" maxOccurs="1"><str:ConceptIdentity>'
            f"{escape(make_urn('concept', structure.concepts, attribute.id))}</str:ConceptIdentity>"
            '<str:LocalRepresentation><str:TextFormat textType="String" isMultiLingual="true"/>'
            "</str:LocalRepresentation></str:MetadataAttribute>\n"
            for attribute in structure.attributes
        )
        return (
            f'{opened}<str:MetadataStructureComponents><str:MetadataAttributeList id="MetadataAttributeDescriptor">\n'
            f"{attributes}</str:MetadataAttributeList></str:MetadataStructureComponents></str:MetadataStructure>\n"
        )


def _write_names(named: Artefact | CodeItem | MetadataReport) -> str:
    names = "".join(
        f'<com:Name xml:lang="{lang}">{escape(text)}</com:Name>' for lang, text in named.names.items() if text
    )
    description = getattr(named, "description", "")
    return names + (f'<com:Description xml:lang="en">{escape(description)}</com:Description>' if description else "")


def write_reports(
    reports: Iterable[MetadataReport], flow: ReportFlow, id_: str, prepared: str, sender: str, *, stubs: bool = False
) -> Iterator[bytes]:
    """Yield reference metadata in SDMX-ML 3.0; a stub has its first attribute alone."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<mes:GenericMetadata xmlns:xsi="{XSI}" xmlns:mes="{make_namespace("3.0", "message")}" '
        f'xmlns:gen="{make_namespace("3.0", "metadata/generic")}" xmlns:com="{make_namespace("3.0", "common")}">\n'
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
            f"{_write_names(report)}"
            f"<gen:Metadataflow>{escape(make_urn('metadataflow', report.flow))}</gen:Metadataflow>"
            f"{targets}\n{inside}</mes:MetadataSet>\n"
        ).encode()
    yield b"</mes:GenericMetadata>\n"
