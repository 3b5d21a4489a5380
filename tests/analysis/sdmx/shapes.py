"""A small data structure of three dimensions, for tests of queries and writers."""

from dashboard.analysis.sdmx.model import (
    ArtefactName,
    CodeItem,
    DataFlow,
    DataMessage,
    DataStructure,
    ItemScheme,
    StructureComponent,
)

NAME = ArtefactName("TEST", "CL_ANY", "1.0")
CODES = ItemScheme(NAME, {"en": "Codes"}, tuple(CodeItem(id_, {"en": f"Code “{id_}” & more"}) for id_ in "ABC"))
STRUCTURE = DataStructure(
    ArtefactName("TEST", "DSD", "1.0"),
    {"en": "Structure"},
    (
        StructureComponent("FREQ", "dimension", {"en": "Frequency"}, NAME),
        StructureComponent("AREA", "dimension", {"en": "Area"}, NAME),
        StructureComponent("SEX", "dimension", {"en": "Sex"}, NAME),
        StructureComponent("TIME_PERIOD", "time", {"en": "Time"}, type="ObservationalTimePeriod"),
        StructureComponent("OBS_VALUE", "measure", {"en": "Value"}, type="Double"),
        StructureComponent("OBS_STATUS", "attribute", {"en": "Status"}, NAME, mandatory=True),
        StructureComponent("UNIT", "attribute", {"en": "Unit"}, level="series"),
        StructureComponent("NOTE", "attribute", {"en": "Note"}),
    ),
    {NAME: CODES},
    ArtefactName("TEST", "CONCEPTS", "1.0"),
)
FLOW = DataFlow(ArtefactName("TEST", "FLOW", "1.0"), {"en": "Flow"}, STRUCTURE)
COLUMNS = tuple(component.id for component in STRUCTURE.components)


def make_message(
    *, flat: bool = False, dated: bool = False, values: dict[str, tuple[str, ...]] | None = None
) -> DataMessage:
    """A message of all components."""
    return DataMessage(FLOW, COLUMNS, "2026-03-01T00:00:00Z", "M1", "TEST", flat, dated, values=values or {})
