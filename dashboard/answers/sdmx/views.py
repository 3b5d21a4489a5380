"""The shapes of what is told of SDMX beside its own messages."""

from typing_extensions import TypedDict


class UnmappedRow(TypedDict):
    """Figures in force that the dataflow SDG does not hold, with the reason."""

    reason: str
    text: str
    indicator: str
    name: str
    source: str
    series: str
    detail: str
    rows: int


class HeldRow(TypedDict):
    """Figures in force of a series that the dataflow SDG holds."""

    indicator: str
    name: str
    source: str
    series: str
    rows: int


class MappingReport(TypedDict):
    """How much of the dataset the global structure holds: by series what it holds, and what it does not."""

    structure: str
    note: str
    dataset: str
    rows: int
    mapped: int
    unmapped: list[UnmappedRow]
    held: list[HeldRow]


class MappingLine(TypedDict):
    """A series on the page of the report, with the addresses of its indicator and of itself ("" for none)."""

    name: str
    href: str
    series: str
    series_href: str
    rows: str
    detail: str


class MappingReason(TypedDict):
    """A reason, how many series and figures it leaves out, and each of them."""

    id: str
    text: str
    series: str
    rows: int
    rows_text: str
    count_text: str
    lines: list[MappingLine]


class SdmxMappingView(TypedDict):
    """The page: the answer, the structure spoken, what is left out by reason, and what is held."""

    text: str
    spoken: str
    old: str
    reasons: list[MappingReason]
    held: list[MappingLine]


class SdmxEntry(TypedDict):
    """Where SDMX begins here."""

    rest_2: str
    rest_1: str
    structure: str
    dataflows: list[str]
    mapping: str
    page: str  # the same for readers
    links: list[str]
