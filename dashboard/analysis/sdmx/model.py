"""The information model of SDMX: codes, structures, dataflows, their URNs, and refused queries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Literal

Generation = Literal["2.1", "3.0"]
Role = Literal["dimension", "time", "measure", "attribute"]
Level = Literal["obs", "series"]

TIME, VALUE = "TIME_PERIOD", "OBS_VALUE"
ACTIONS = {"I": "Information", "R": "Replace", "D": "Delete"}
ANY_CODE = "urn:sdmx:org.sdmx.infomodel.codelist.Code=*:*(*).*"
CHUNK_PIECES = 2_000  # pieces of text, mostly observations, that are sent together

HTTP_STATUS: Mapping[int, int] = {
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
    """A query that is not answered with data: the SDMX error code, and a sentence that says what to do."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = HTTP_STATUS[code]


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
    """A code, concept or agency with its names by language."""

    id: str
    names: Mapping[str, str]
    description: str = ""  # English


@dataclass(frozen=True)
class ItemScheme:
    """A codelist, or a list of concepts or agencies; ``partial`` where only some of its items are included."""

    name: ArtefactName
    names: Mapping[str, str]
    items: tuple[CodeItem, ...]
    partial: bool = False
    description: str = ""

    @cached_property
    def by_id(self) -> Mapping[str, CodeItem]:
        """Items by id."""
        return {item.id: item for item in self.items}


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
    codelists: Mapping[ArtefactName, ItemScheme]
    concepts: ArtefactName
    description: str = ""
    prepared: str = ""  # when its maintainer's file was made; "" where it is ours

    @cached_property
    def by_id(self) -> Mapping[str, StructureComponent]:
        """Components by id."""
        return {component.id: component for component in self.components}

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """Ids of the dimensions of a series key, in order."""
        return tuple(component.id for component in self.components if component.role == "dimension")

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """Ids of the attributes, in order."""
        return tuple(component.id for component in self.components if component.role == "attribute")

    def find_codes(self, component: str) -> ItemScheme | None:
        """Return the codelist of a component, or None if it is not coded."""
        name = self.by_id[component].codelist
        return None if name is None else self.codelists[name]


@dataclass(frozen=True)
class DataFlow:
    """Data that can be asked for, with their structure."""

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
    """What a writer needs besides the rows."""

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
        """Number of dimensions in a series key."""
        return len(self.flow.structure.dimensions)

    @cached_property
    def series_attributes(self) -> tuple[int, ...]:
        """Positions of the columns that belong to a series."""
        by_id = self.flow.structure.by_id
        return tuple(
            place
            for place, name in enumerate(self.columns)
            if by_id[name].role == "attribute" and by_id[name].level == "series"
        )

    @cached_property
    def observed(self) -> tuple[int, ...]:
        """Positions of the columns that belong to an observation."""
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
    """Return a URN of an artefact or its item: ``urn:sdmx:org.sdmx.infomodel.codelist.Code=A:CL(1.0).X``."""
    return f"urn:sdmx:org.sdmx.infomodel.{_CLASSES[kind]}={name}" + (f".{item}" if item else "")


def encode_chunks(pieces: Iterable[str]) -> Iterator[bytes]:
    """Yield the pieces of a message joined in chunks of UTF-8."""
    walk = iter(pieces)
    while chunk := "".join(islice(walk, CHUNK_PIECES)):
        yield chunk.encode()


@dataclass(frozen=True)
class ReportStructure:
    """A metadata structure; its concepts are in the scheme ``concepts``."""

    name: ArtefactName
    names: Mapping[str, str]
    attributes: tuple[CodeItem, ...]
    concepts: ArtefactName


@dataclass(frozen=True)
class ReportFlow:
    """Reference metadata that can be asked for."""

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
    """Values that occur in the data asked for, by component, and the numbers of observations and series."""

    name: ArtefactName
    flow: ArtefactName
    values: Mapping[str, tuple[str, ...]]
    first: str  # period; "" where time was not asked for or there is none
    last: str
    observations: int
    series: int

    @property
    def names(self) -> Mapping[str, str]:
        """Names of every constraint."""
        return {"en": "What occurs in the data asked for"}


Artefact = ItemScheme | DataStructure | DataFlow | ReportStructure | ReportFlow | Availability


@dataclass(frozen=True)
class Artefacts:
    """The content of a structure message; ``stubs`` are written without their details."""

    agencies: tuple[ItemScheme, ...] = ()
    codelists: tuple[ItemScheme, ...] = ()
    concepts: tuple[ItemScheme, ...] = ()
    structures: tuple[DataStructure, ...] = ()
    flows: tuple[DataFlow, ...] = ()
    report_structures: tuple[ReportStructure, ...] = ()
    report_flows: tuple[ReportFlow, ...] = ()
    available: tuple[Availability, ...] = ()
    stubs: frozenset[ArtefactName] = frozenset()
    base: str = ""  # address of the service, for stubs
