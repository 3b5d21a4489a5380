"""SDMX messages in their documented shapes. Figures, offices and series are invented; the area is Antarctica."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tests.data_sources.shapes import workbook

_SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_NAMESPACES = (
    f'xmlns:message="{_SCHEMAS}/message" xmlns:common="{_SCHEMAS}/common" xmlns:str="{_SCHEMAS}/structure" '
    f'xmlns:generic="{_SCHEMAS}/data/generic" xmlns:ss="{_SCHEMAS}/data/structurespecific" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
OBSERVATION = ("TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "UNIT_MULT", "NATURE", "COMMENT_OBS", "SOURCE_DETAIL",
               "LOWER_BOUND", "UPPER_BOUND", "TIME_DETAIL")  # fmt: skip
"""Components that stand with an observation; all others with its series."""

TOTAL = {"SERIES": "X_PSR", "REF_AREA": "ATA", "SEX": "_T", "UNIT_MEASURE": "PT", "TIME_PERIOD": "2020",
         "OBS_VALUE": "71.50"}  # fmt: skip


def total(**more: str | None) -> dict[str, str]:
    """An observation for the whole; None leaves a component out."""
    return {id_: value for id_, value in {**TOTAL, **more}.items() if value is not None}


def specific(*observations: Mapping[str, str], flat: bool = False) -> bytes:
    """A structure-specific message of version 2.1, by series or flat."""
    lines = []
    for cells in observations:
        if flat:
            lines.append(f"<Obs {_attributes(cells)}/>")
        else:
            series = {id_: value for id_, value in cells.items() if id_ not in OBSERVATION}
            inner = {id_: value for id_, value in cells.items() if id_ in OBSERVATION}
            lines.append(f"<Series {_attributes(series)}><Obs {_attributes(inner)}/></Series>")
    namespace = "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=ATA:SDG(1.0):ObsLevelDim:TIME_PERIOD"
    at = "AllDimensions" if flat else "TIME_PERIOD"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><message:StructureSpecificData {_NAMESPACES} xmlns:ns1="{namespace}">'
        + _header(f'structureID="S" namespace="{namespace}" dimensionAtObservation="{at}"')
        + '<message:DataSet ss:dataScope="DataStructure" xsi:type="ns1:DataSetType" ss:structureRef="S">'
        + "".join(lines)
        + "</message:DataSet></message:StructureSpecificData>"
    ).encode()


def generic(*observations: Mapping[str, str], attributes: Sequence[str] = OBSERVATION[2:]) -> bytes:
    """A generic message of version 2.1, by series."""
    lines = []
    for cells in observations:
        key = [id_ for id_ in cells if id_ not in (*OBSERVATION, *attributes)]
        said = [id_ for id_ in cells if id_ in attributes]
        lines.append(
            f"<generic:Series><generic:SeriesKey>{_values(cells, key)}</generic:SeriesKey><generic:Obs>"
            f'<generic:ObsDimension id="TIME_PERIOD" value="{cells["TIME_PERIOD"]}"/>'
            f"<generic:ObsValue value={quoteattr(cells['OBS_VALUE'])}/>"
            f"<generic:Attributes>{_values(cells, said)}</generic:Attributes></generic:Obs></generic:Series>"
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><message:GenericData {_NAMESPACES}>'
        + _header('structureID="S" dimensionAtObservation="TIME_PERIOD"')
        + '<message:DataSet structureRef="S">'
        + "".join(lines)
        + "</message:DataSet></message:GenericData>"
    ).encode()


def structure(
    dimensions: Mapping[str, str], attributes: Sequence[str] = (), codes: Mapping[str, Mapping[str, str]] | None = None
) -> bytes:
    """A structure message: dimensions with their concepts, attributes, and code lists by component."""
    lists = codes or {}
    written = "".join(
        f'<str:Codelist id="CL_{id_}" agencyID="ATA" version="1.0"><common:Name xml:lang="en">codes</common:Name>'
        + "".join(
            f'<str:Code id="{code}"><common:Name xml:lang="en">{escape(name)}</common:Name></str:Code>'
            for code, name in listed.items()
        )
        + "</str:Codelist>"
        for id_, listed in lists.items()
    )
    concepts = "".join(
        f'<str:Concept id="{concept}"><common:Name xml:lang="en">{concept}</common:Name></str:Concept>'
        for concept in dict.fromkeys((*dimensions.values(), *attributes, "OBS_VALUE"))
    )

    def component(kind: str, id_: str, concept: str, rest: str = "") -> str:
        identity = (
            f'<str:ConceptIdentity><Ref id="{concept}" maintainableParentID="CS" maintainableParentVersion="1.0" '
            'agencyID="ATA" package="conceptscheme" class="Concept"/></str:ConceptIdentity>'
        )
        listed = (
            f'<str:LocalRepresentation><str:Enumeration><Ref id="CL_{id_}" version="1.0" agencyID="ATA" '
            'package="codelist" class="Codelist"/></str:Enumeration></str:LocalRepresentation>'
            if id_ in lists
            else ""
        )
        return f'<str:{kind} id="{id_}">{identity}{listed}{rest}</str:{kind}>'

    relation = '<str:AttributeRelationship><str:PrimaryMeasure><Ref id="OBS_VALUE"/></str:PrimaryMeasure></str:AttributeRelationship>'  # noqa: E501
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><message:Structure {_NAMESPACES}>'
        "<message:Header><message:ID>I</message:ID><message:Test>false</message:Test>"
        '<message:Prepared>2026-05-12T00:00:00Z</message:Prepared><message:Sender id="ATA"/></message:Header>'
        f"<message:Structures><str:Codelists>{written}</str:Codelists>"
        '<str:Concepts><str:ConceptScheme id="CS" agencyID="ATA" version="1.0">'
        '<common:Name xml:lang="en">concepts</common:Name>'
        f"{concepts}</str:ConceptScheme></str:Concepts>"
        '<str:DataStructures><str:DataStructure id="SDG" agencyID="ATA" version="1.0">'
        '<common:Name xml:lang="en">SDG</common:Name><str:DataStructureComponents>'
        '<str:DimensionList id="DimensionDescriptor">'
        + "".join(component("Dimension", id_, concept) for id_, concept in dimensions.items())
        + '</str:DimensionList><str:AttributeList id="AttributeDescriptor">'
        + "".join(
            component("Attribute", id_, id_, relation).replace(
                "<str:Attribute ", '<str:Attribute assignmentStatus="Conditional" '
            )
            for id_ in attributes
        )
        + '</str:AttributeList><str:MeasureList id="MeasureDescriptor">'
        + component("PrimaryMeasure", "OBS_VALUE", "OBS_VALUE")
        + "</str:MeasureList></str:DataStructureComponents></str:DataStructure></str:DataStructures>"
        "</message:Structures></message:Structure>"
    ).encode()


def error(words: str) -> bytes:
    """An error message of version 2.1."""
    return (
        f'<?xml version="1.0"?><message:Error {_NAMESPACES}><message:ErrorMessage code="100">'
        f"<common:Text>{words}</common:Text></message:ErrorMessage></message:Error>"
    ).encode()


def json_message(*observations: Mapping[str, str], version: str = "1.0", by_series: bool = True) -> bytes:
    """An SDMX-JSON message: ``draft``, ``1.0`` or ``2.0``; figures are written as they are given."""
    ids = list(dict.fromkeys(id_ for cells in observations for id_ in cells if id_ != "OBS_VALUE"))
    series = [id_ for id_ in ids if id_ not in OBSERVATION and id_ != "UNIT_MEASURE"]
    places = ["TIME_PERIOD"] if by_series else [*series, "TIME_PERIOD"]
    outer = series if by_series else []
    said = [id_ for id_ in ids if id_ in OBSERVATION and id_ != "TIME_PERIOD"]
    with_series = ["UNIT_MEASURE"] if by_series and "UNIT_MEASURE" in ids else []
    if not by_series and "UNIT_MEASURE" in ids:
        said.append("UNIT_MEASURE")
    values = {id_: list(dict.fromkeys(c[id_] for c in observations if id_ in c)) for id_ in ids}

    def listed(components: Sequence[str]) -> list[dict[str, object]]:
        return [
            {"id": id_, "name": id_, "values": [{"id": v, "name": f"words of {v}"} for v in values[id_]]}
            for id_ in components
        ]

    def index(cells: Mapping[str, str], components: Sequence[str]) -> list[int | None]:
        return [values[id_].index(cells[id_]) if id_ in cells else None for id_ in components]

    figures: list[str] = []
    flat: dict[str, list[object]] = {}
    grouped: dict[str, dict[str, Any]] = {}
    for cells in observations:
        place = ":".join(str(n) for n in index(cells, places))
        figures.append(cells.get("OBS_VALUE", "null"))
        observation: list[object] = [f"figure {len(figures) - 1}", *index(cells, said)]
        if by_series:
            key = ":".join(str(n) for n in index(cells, outer))
            group = grouped.setdefault(key, {"attributes": index(cells, with_series), "observations": {}})
            group["observations"][place] = observation
        else:
            flat[place] = observation
    dataset = {"action": "Information", **({"series": grouped} if by_series else {"observations": flat})}
    described = {
        "dimensions": {"dataSet": [], "series": listed(outer), "observation": listed(places)},
        "attributes": {"dataSet": [], "series": listed(with_series), "observation": listed(said)},
    }
    head = {"id": "I", "prepared": "2026-05-12T00:00:00Z", "sender": {"id": "ATA"}}
    content: dict[str, object] = {
        "draft": {"header": head, "dataSets": [dataset], "structure": described},
        "1.0": {"meta": head, "data": {"dataSets": [dataset], "structure": described}},
        "2.0": {"meta": head, "data": {"dataSets": [{**dataset, "structure": 0}], "structures": [described]}},
    }[version]
    text = json.dumps(content)
    for n, figure in enumerate(figures):
        text = text.replace(f'"figure {n}"', figure)
    return text.encode()


def converter_workbook() -> bytes:
    """A workbook of the SDMX Converter: figures by year in columns, a sheet that says what is where."""
    data: list[list[Any]] = [
        ["Name", "Code", "Area", "Sex", "2019", "2020"],
        ["a series", "X_PSR", "ATA", "_T", 71.25, 72],
        ["a series", "X_PSR", "ATA", "F", None, 70.125],
        ["another", "OTHER", "ATA", "_T", 1, 2],
    ]
    parameters: list[list[Any]] = [
        ["Element", "Type", "PosType", "Position", None, "DataStart", "E2"],
        ["FREQ", "DIM", "FIX", "A", None, "NumColumns", "2"],
        ["SERIES", "DIM", "COLUMN", "B"],
        ["REF_AREA", "DIM", "COLUMN", "C"],
        ["SEX", "DIM", "COLUMN", "D"],
        ["TIME_PERIOD", "DIM", "ROW", "1"],
        ["UNIT_MEASURE", "ATT", "FIX", "PT"],
        ["COMMENT_OBS", "ATT", "COLUMN", "A"],
    ]
    return workbook(Data=data, Parameters=parameters)


def _header(described: str) -> str:
    return (
        "<message:Header><message:ID>I</message:ID><message:Test>false</message:Test>"
        '<message:Prepared>2026-05-12T00:00:00Z</message:Prepared><message:Sender id="ATA"/>'
        f'<message:Structure {described}><common:Structure><Ref agencyID="ATA" id="SDG" version="1.0"/>'
        "</common:Structure></message:Structure></message:Header>"
    )


def _attributes(cells: Mapping[str, str]) -> str:
    return " ".join(f"{id_}={quoteattr(value)}" for id_, value in cells.items())


def _values(cells: Mapping[str, str], ids: Sequence[str]) -> str:
    return "".join(f'<generic:Value id="{id_}" value={quoteattr(cells[id_])}/>' for id_ in ids)
