"""What SDMX calls things: codes, components, structures, dataflows, their URNs, and what is wrong with a query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Generation = Literal["2.1", "3.0"]
Role = Literal["dimension", "time", "measure", "attribute"]
Level = Literal["obs", "series"]

TIME, VALUE = "TIME_PERIOD", "OBS_VALUE"
STATUS_OF_FAULT: Mapping[int, int] = {
    100: 404,
    130: 413,
    140: 400,
    150: 403,
    406: 406,
    413: 413,
    500: 500,
    501: 501,
    503: 503,
    510: 413,
}
"""SDMX error code → HTTP status (REST 1.5, 4.7; REST 2.x keeps both). 406 is HTTP's own."""


class QueryRefused(Exception):
    """A query that is not answered with data: the SDMX code, and a sentence that says what to do."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = STATUS_OF_FAULT[code]


@dataclass(frozen=True, slots=True)
class ArtefactName:
    """Who maintains an artefact, its id and its version."""

    agency: str
    id: str
    version: str

    def __str__(self) -> str:
        return f"{self.agency}:{self.id}({self.version})"


@dataclass(frozen=True, slots=True)
class CodeItem:
    """A code with its names by language."""

    id: str
    names: Mapping[str, str]
    description: str = ""  # English


@dataclass(frozen=True)
class CodeList:
    """A codelist; ``partial`` where only some of its codes are given."""

    name: ArtefactName
    names: Mapping[str, str]
    codes: tuple[CodeItem, ...]
    partial: bool = False
    description: str = ""

    @cached_property
    def by_id(self) -> Mapping[str, CodeItem]:
        """Code → itself."""
        return {code.id: code for code in self.codes}


@dataclass(frozen=True, slots=True)
class StructureComponent:
    """A dimension, measure or attribute of a data structure."""

    id: str
    role: Role
    names: Mapping[str, str]
    codelist: ArtefactName | None = None
    type: str = "String"  # of what is not coded: String, Double, Integer, DateTime, ObservationalTimePeriod
    level: Level = "obs"  # of an attribute
    mandatory: bool = False
    concept: ArtefactName | None = None  # the scheme its concept is in


@dataclass(frozen=True)
class DataStructure:
    """A data structure definition with its codelists; ``components`` are in the order of keys and files."""

    name: ArtefactName
    names: Mapping[str, str]
    components: tuple[StructureComponent, ...]
    codelists: Mapping[ArtefactName, CodeList]
    concepts: ArtefactName
    description: str = ""
    prepared: str = ""  # when its maintainer's file was made; "" where it is ours

    @cached_property
    def by_id(self) -> Mapping[str, StructureComponent]:
        """Component id → itself."""
        return {component.id: component for component in self.components}

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """Ids of the dimensions that make a series, in the order of its key."""
        return tuple(component.id for component in self.components if component.role == "dimension")

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """Ids of the attributes, in order."""
        return tuple(component.id for component in self.components if component.role == "attribute")

    def find_codes(self, component: str) -> CodeList | None:
        """The codelist of a component; None where it is not coded."""
        name = self.by_id[component].codelist
        return None if name is None else self.codelists[name]


@dataclass(frozen=True)
class DataFlow:
    """What may be asked for: data by a structure."""

    name: ArtefactName
    names: Mapping[str, str]
    structure: DataStructure
    description: str = ""


@dataclass(frozen=True, slots=True)
class DataPart:
    """A data set of a message: what is to be done with its rows, and from or until when they were valid.

    A row is a text or None for each of the message's columns; rows of one series stand together.
    """

    action: Literal["I", "R", "D"]
    rows: Iterable[tuple[str | None, ...]]
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True)
class DataMessage:
    """What a writer needs to know beside the rows."""

    flow: DataFlow
    columns: tuple[str, ...]  # component ids: dimensions, time, measure, attributes
    prepared: str  # xs:dateTime
    id: str
    sender: str
    flat: bool = False  # observations in no series
    dated: bool = False  # data sets say since when they are valid
    base: str = ""  # address of the service
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # component → what occurs, for SDMX-JSON

    @cached_property
    def key_length(self) -> int:
        """How many of the columns are dimensions of the series."""
        return len(self.flow.structure.dimensions)

    @cached_property
    def series_attributes(self) -> tuple[int, ...]:
        """Places of the columns that belong to a series."""
        by_id = self.flow.structure.by_id
        return tuple(
            place
            for place, name in enumerate(self.columns)
            if by_id[name].role == "attribute" and by_id[name].level == "series"
        )

    @cached_property
    def observed(self) -> tuple[int, ...]:
        """Places of the columns that belong to an observation."""
        series = {*range(self.key_length), *self.series_attributes}
        return tuple(place for place in range(len(self.columns)) if place not in series)


_CLASSES = {
    "datastructure": "datastructure.DataStructure",
    "dataflow": "datastructure.Dataflow",
    "codelist": "codelist.Codelist",
    "code": "codelist.Code",
    "conceptscheme": "conceptscheme.ConceptScheme",
    "concept": "conceptscheme.Concept",
    "agencyscheme": "base.AgencyScheme",
    "agency": "base.Agency",
    "metadatastructure": "metadatastructure.MetadataStructure",
    "metadataflow": "metadatastructure.Metadataflow",
    "metadataset": "metadatastructure.MetadataSet",
    "dataconstraint": "registry.DataConstraint",
    "contentconstraint": "registry.ContentConstraint",
}


def make_urn(kind: str, name: ArtefactName, item: str = "") -> str:
    """The URN of an artefact, or of an item of it: ``urn:sdmx:org.sdmx.infomodel.codelist.Code=A:CL(1.0).X``."""
    return f"urn:sdmx:org.sdmx.infomodel.{_CLASSES[kind]}={name}" + (f".{item}" if item else "")


@dataclass(frozen=True)
class ItemScheme:
    """Concepts or agencies: things with an id and names that belong to one list."""

    name: ArtefactName
    names: Mapping[str, str]
    items: tuple[CodeItem, ...]
    partial: bool = False


@dataclass(frozen=True)
class ReportStructure:
    """What reference metadata say: a metadata structure, whose concepts are in the scheme ``concepts``."""

    name: ArtefactName
    names: Mapping[str, str]
    attributes: tuple[CodeItem, ...]
    concepts: ArtefactName


@dataclass(frozen=True)
class ReportFlow:
    """What reference metadata may be asked for."""

    name: ArtefactName
    names: Mapping[str, str]
    structure: ArtefactName


@dataclass(frozen=True)
class MetadataReport:
    """Reference metadata of one thing: attribute id → texts by language, in the order of the structure."""

    name: ArtefactName
    names: Mapping[str, str]
    flow: ArtefactName
    targets: tuple[str, ...]  # URNs
    attributes: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Availability:
    """What occurs in data that were asked for: component → values, with how many observations and series there are."""

    name: ArtefactName
    flow: ArtefactName
    values: Mapping[str, tuple[str, ...]]
    first: str  # period; "" where time was not asked for or there is none
    last: str
    observations: int
    series: int


@dataclass(frozen=True)
class Artefacts:
    """The content of a structure message; ``stubs`` are given without what they hold."""

    agencies: tuple[ItemScheme, ...] = ()
    codelists: tuple[CodeList, ...] = ()
    concepts: tuple[ItemScheme, ...] = ()
    structures: tuple[DataStructure, ...] = ()
    flows: tuple[DataFlow, ...] = ()
    report_structures: tuple[ReportStructure, ...] = ()
    report_flows: tuple[ReportFlow, ...] = ()
    available: tuple[Availability, ...] = ()
    stubs: frozenset[ArtefactName] = frozenset()
    base: str = ""  # address of the service, for stubs
