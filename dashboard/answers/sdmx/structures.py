"""Our two dataflows: the figures that the global SDG structure can hold, and every figure in a structure of our own."""

from collections.abc import Mapping

from dashboard.analysis.sdmx.ids import BREAKDOWNS, OTHERS, TOTAL, read_breakdown, read_id, write_id
from dashboard.analysis.sdmx.model import (
    TIME,
    VALUE,
    ArtefactName,
    CodeItem,
    DataFlow,
    DataStructure,
    ItemScheme,
    Level,
    ReportFlow,
    ReportStructure,
    Role,
    StructureComponent,
)
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import translate_term
from dashboard.answers.sdmx.keys import list_own_keys, list_series
from dashboard.answers.sdmx.standard import is_old, open_standard
from dashboard.answers.wording.publishers import title_publisher
from dashboard.evidence.codebook.model import Texts

AGENCY = "ASAN_MONITOR"
VERSION = "1.0"
SDG, MONITOR = "SDG", "MONITOR"
STATUS_CODES: Mapping[str, str] = {
    "normal": "A",
    "estimated": "E",
    "provisional": "P",
    "unreliable": "U",
    "censored": "O",
    "missing": "O",
    "not_applicable": "M",
}
"""Our statuses as OBS_STATUS. A censored figure has no value: its bound stands beside it."""

NO_NATURE = "_X"
_EN = "en"

REPORTED = {
    "DEFINITION": "What it measures",
    "METHOD": "How it is measured",
    "SOURCE": "Who publishes it",
    "LICENCE": "Under which licence",
    "CAUTION": "What to know before it is used",
    "COMPARABILITY": "What makes figures comparable",
    "EVIDENCE": "How strong the evidence is, at best",
    "SDG_LINKS": "Which targets it says something about, and why",
    "CITATION": "How to cite it",
    "SDMX_MAPPING": "Whether the global SDG structure presents it",
}
"""What reference metadata say of an indicator, in this order."""

_COMPONENTS: tuple[tuple[str, Role, str, str, str, Level, bool], ...] = (
    ("FREQ", "dimension", "Frequency", "SDMX:CL_FREQ", "String", "obs", True),
    ("INDICATOR", "dimension", "Indicator of the monitor", "CL_INDICATOR", "String", "obs", True),
    ("REF_AREA", "dimension", "Country or area (ISO 3166-1 alpha-3)", "CL_AREA", "String", "obs", True),
    ("SOURCE", "dimension", "Publisher's database", "CL_SOURCE", "String", "obs", True),
    ("SERIES", "dimension", "Publisher's series", "CL_SERIES", "String", "obs", True),
    ("REPORTING_TYPE", "dimension", "Reporting type", "CL_REPORTING_TYPE", "String", "obs", True),
    ("SEX", "dimension", "Sex, by the publisher's codes", "CL_SEX", "String", "obs", True),
    ("AGE", "dimension", "Age, by the publisher's codes", "CL_AGE", "String", "obs", True),
    ("LOCATION", "dimension", "Location, by the publisher's codes", "CL_LOCATION", "String", "obs", True),
    (OTHERS, "dimension", "All other breakdowns", "CL_BREAKDOWN", "String", "obs", True),
    (TIME, "time", "Time period", "", "ObservationalTimePeriod", "obs", True),
    (VALUE, "measure", "Figure, in the digits published", "", "Double", "obs", False),
    ("OBS_STATUS", "attribute", "Observation status", "SDMX:CL_OBS_STATUS", "String", "obs", True),
    ("STATUS", "attribute", "Status in the monitor's words", "CL_STATUS", "String", "obs", True),
    ("NATURE", "attribute", "Nature of the figure", "IAEG-SDGs:CL_NATURE", "String", "obs", False),
    ("UNIT_MEASURE", "attribute", "Unit", "CL_UNIT", "String", "series", True),
    ("PUBLISHED_TEXT", "attribute", "What was printed, where it is not the figure", "", "String", "obs", False),
    ("LOWER_BOUND", "attribute", "Lower bound", "", "Double", "obs", False),
    ("UPPER_BOUND", "attribute", "Upper bound", "", "Double", "obs", False),
    ("INTERVAL_LEVEL", "attribute", "Level of the interval, percent", "", "Double", "obs", False),
    ("STD_ERROR", "attribute", "Standard error", "", "Double", "obs", False),
    ("EDITION", "attribute", "Edition of the publisher", "", "String", "obs", False),
    ("SOURCE_DETAIL", "attribute", "The publisher's own source", "", "String", "obs", False),
    ("COMMENT_OBS", "attribute", "Footnote", "", "String", "obs", False),
    ("RETRIEVED_AT", "attribute", "When it was retrieved (UTC)", "", "DateTime", "obs", False),
    ("VINTAGE", "attribute", "First vintage that holds the figure", "", "Integer", "obs", True),
    ("OBS_ID", "attribute", "The monitor's id of the figure", "", "String", "obs", True),
    ("SHOWN", "attribute", "Whether pages show it", "CL_YES_NO", "String", "obs", True),
    ("IN_SDG", "attribute", "Whether the dataflow SDG holds it, too", "CL_YES_NO", "String", "obs", True),
)  # fmt: skip


def _make_name(id_: str) -> ArtefactName:
    return ArtefactName(AGENCY, id_, VERSION)


@kept(4)
def _build_own(ctx: Context, _standard: str) -> DataStructure:
    standard = open_standard()
    borrowed = {f"{name.agency}:{name.id}": name for name in standard.codelists}
    lists = {codes.name: codes for codes in _own_codelists(ctx)}
    components = []
    for id_, role, title, codes, kind, level, mandatory in _COMPONENTS:
        name = None if not codes else borrowed[codes] if ":" in codes else _make_name(codes)
        components.append(StructureComponent(id_, role, {_EN: title}, name, kind, level, mandatory))
    used = {component.codelist for component in components}
    lists |= {name: codes for name, codes in standard.codelists.items() if name in used}
    return DataStructure(
        _make_name(MONITOR),
        {_EN: "Every figure of the monitor"},
        tuple(components),
        lists,
        _make_name("CS_MONITOR"),
        "Each figure with publisher, edition, vintage and status. Codes of publishers are theirs; in "
        "their ids a dot is @, and what an id cannot hold $ with its hexadecimal. A period such as 2015-01-01/P11Y is "
        "one year of eleven, not said which.",
    )


def _items(pairs: Mapping[str, Texts | str]) -> tuple[CodeItem, ...]:
    return tuple(CodeItem(id_, {_EN: names} if isinstance(names, str) else names) for id_, names in pairs.items())


def _clean(names: Texts) -> Texts:
    return {lang: text for lang, text in names.items() if text}


def _own_codelists(ctx: Context) -> list[ItemScheme]:
    """Build our codelists: all indicators and countries, and publishers' codes ever in the dataset."""
    book, keys, series = ctx.book, list_own_keys(ctx), list_series(ctx)
    whole, sources, others = {TOTAL: "Total, or no breakdown"}, _column(series, "source"), _column(keys, OTHERS)
    found: dict[str, tuple[str, Mapping[str, Texts | str]]] = {
        "CL_INDICATOR": ("Indicators", {write_id(id_): _clean(metric.name) for id_, metric in book.metrics.items()}),
        "CL_AREA": ("Countries and areas", {iso3: _clean(country.name) for iso3, country in book.countries.items()}),
        "CL_SOURCE": ("Publishers' databases", {write_id(source): title_publisher(source) for source in sources}),
        "CL_SERIES": ("Publishers' series", {write_id(code): code for code in _column(series, "series")}),
        "CL_UNIT": ("Units", {unit: translate_term(ctx, "unit", unit, "") for unit in _column(series, "unit")}),
        "CL_STATUS": ("Statuses", {status: translate_term(ctx, "status", status) for status in STATUS_CODES}),
        "CL_YES_NO": ("Yes or no", {"Y": "Yes", "N": "No"}),
        f"CL_{OTHERS}": ("Other breakdowns", whole | {code: _name_code(code) for code in others} | whole),
    }  # fmt: skip
    for title, dimension in BREAKDOWNS.items():
        codes = [code for code in _column(keys, dimension) if code != TOTAL]
        found[f"CL_{dimension}"] = (title, whole | {code: read_id(code) for code in codes})
    return [ItemScheme(_make_name(id_), {_EN: title}, _items(codes)) for id_, (title, codes) in found.items()]


def _column(frame: object, name: str) -> list[str]:
    return frame[name].unique().sort().to_list()  # type: ignore[index,no-any-return]


def _name_code(code: str) -> str:
    """Put a code of other breakdowns into words: ``Type of speed: 10MBPS``."""
    nothing = dict.fromkeys(BREAKDOWNS.values(), TOTAL)
    return "; ".join(f"{title}: {value}" for title, value in read_breakdown(nothing | {OTHERS: code}).items())


def build_own(ctx: Context) -> DataStructure:
    """Build our structure with the codelists of the dataset."""
    return _build_own(ctx.timeless, open_standard().name.version)


def describe_standard() -> str:
    """Name the version of the global structure that is spoken, and say if it is outdated."""
    structure = open_standard()
    words = f"By {structure.name}, as published on {structure.prepared[:10]}."
    if is_old(structure):
        words += " Newer versions exist: its codelists are not the current ones."
    return words


def list_flows(ctx: Context) -> dict[str, DataFlow]:
    """Return our dataflows by id."""
    own, standard = build_own(ctx), open_standard()
    return {
        SDG: DataFlow(
            _make_name(SDG),
            {_EN: f"Figures in the global SDG structure, version {standard.name.version}"},
            standard,
            f"{describe_standard()} What it does not hold, and why: mapping.json. MONITOR holds everything.",
        ),
        MONITOR: DataFlow(
            _make_name(MONITOR),
            {_EN: "Every figure of the monitor, in a structure of its own"},
            own,
            "Those that SDG holds, too, have IN_SDG = Y; the rest is c[IN_SDG]=N.",
        ),
    }


def list_concepts(ctx: Context) -> list[ItemScheme]:
    """Return the concept schemes of both structures and of reference metadata."""
    schemes = []
    for structure, title in ((build_own(ctx), "Concepts of the monitor"), (open_standard(), "SDG Concept Scheme")):
        items = tuple(CodeItem(component.id, component.names) for component in structure.components)
        schemes.append(ItemScheme(structure.concepts, {_EN: title}, items))
    reported = tuple(CodeItem(id_, {_EN: title}) for id_, title in REPORTED.items())
    schemes.append(ItemScheme(_make_name("CS_METADATA"), {_EN: "Concepts of reference metadata"}, reported))
    return schemes


def list_agencies() -> ItemScheme:
    """Return the agencies that maintain these structures."""
    agencies = {
        AGENCY: "ASAN SDG Monitor",
        "IAEG-SDGs": "Inter-agency and Expert Group on SDG Indicators",
        "SDMX": "SDMX",
    }
    return ItemScheme(ArtefactName("SDMX", "AGENCIES", "1.0"), {_EN: "Agencies"}, _items(agencies))


def find_report_structure() -> ReportStructure:
    """Return the structure of reference metadata."""
    attributes = tuple(CodeItem(id_, {_EN: title}) for id_, title in REPORTED.items())
    return ReportStructure(
        _make_name("MSD_INDICATOR"), {_EN: "What is told of an indicator"}, attributes, _make_name("CS_METADATA")
    )


def find_report_flow() -> ReportFlow:
    """Return the flow of reference metadata."""
    return ReportFlow(
        _make_name("MDF_INDICATOR"), {_EN: "Reference metadata of indicators"}, _make_name("MSD_INDICATOR")
    )
