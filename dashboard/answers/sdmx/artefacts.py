"""Structures asked for by type, name and version, with those they refer to or are referred to by."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from dashboard.analysis.sdmx.model import ArtefactName, Artefacts, DataStructure, ItemScheme, QueryRefused
from dashboard.answers.base.context import Context
from dashboard.answers.sdmx.structures import (
    AGENCY,
    describe_standard,
    find_report_flow,
    find_report_structure,
    list_agencies,
    list_concepts,
    list_flows,
)

TYPES = (
    "datastructure", "dataflow", "codelist", "conceptscheme", "agencyscheme", "metadatastructure", "metadataflow",
)  # fmt: skip
UNHELD = frozenset(
    {
        "categoryscheme", "hierarchy", "hierarchyassociation", "hierarchicalcodelist", "valuelist",
        "dataproviderscheme",
        "metadataproviderscheme", "dataconsumerscheme", "organisationunitscheme", "organisationscheme",
        "reportingtaxonomy", "provisionagreement", "metadataprovisionagreement", "structuremap", "representationmap",
        "conceptschememap", "categoryschememap", "organisationschememap", "reportingtaxonomymap", "process",
        "categorisation", "dataconstraint", "metadataconstraint", "transformationscheme", "rulesetscheme",
        "userdefinedoperatorscheme", "customtypescheme", "namepersonalisationscheme", "vtlmappingscheme",
        "structureset",
        "contentconstraint", "actualconstraint", "allowedconstraint", "attachmentconstraint",
    }
)  # fmt: skip
"""Types that SDMX has and this service holds none of."""

DETAILS = (
    "full", "allstubs", "referencestubs", "allcompletestubs", "referencecompletestubs", "referencepartial", "raw",
)  # fmt: skip
REFERENCES = ("none", "parents", "parentsandsiblings", "ancestors", "children", "descendants", "all", *TYPES)
_FIELDS = {
    "datastructure": "structures", "dataflow": "flows", "codelist": "codelists", "conceptscheme": "concepts",
    "agencyscheme": "agencies", "metadatastructure": "report_structures", "metadataflow": "report_flows",
}  # fmt: skip


def collect_artefacts(ctx: Context) -> Artefacts:
    """Return every structure there is."""
    flows = tuple(replace(flow, structure=_describe(flow.structure)) for flow in list_flows(ctx).values())
    structures = tuple({flow.structure.name: flow.structure for flow in flows}.values())
    codelists = {name: codes for structure in structures for name, codes in structure.codelists.items()}
    return Artefacts(
        agencies=(list_agencies(),),
        codelists=tuple(codelists[name] for name in sorted(codelists, key=str)),
        concepts=tuple(list_concepts(ctx)),
        structures=structures,
        flows=flows,
        report_structures=(find_report_structure(),),
        report_flows=(find_report_flow(),),
    )


def _describe(structure: DataStructure) -> DataStructure:
    """Return the structure; if it is not ours, the description names its version."""
    if structure.name.agency == AGENCY:
        return structure
    return replace(structure, description=f"{structure.description} {describe_standard()}".strip())


def match_name(asked: str, name_of_ours: str, every: Iterable[str] = ("*", "all")) -> bool:
    """Return True if a name is among those asked for, joined by comma (2.x) or plus (1.x)."""
    wanted = asked.replace("+", ",").split(",")
    return name_of_ours in wanted or any(name in every for name in wanted)


def match_version(asked: str, version: str) -> bool:
    """Return True if a version is asked for; there is only the latest of each."""
    wanted = asked.split(",")
    return any(
        number in ("*", "+", "~", "all", "latest", version)
        or (number.endswith(".0") and number.removesuffix(".0") == version)
        for number in wanted
    )


def find_artefacts(
    ctx: Context, kind: str, agency: str, id_: str, version: str, item: str, detail: str, references: str, base: str
) -> Artefacts:
    """Return the structures that a query asks for.

    Raises:
        QueryRefused: 100 there is none, 140 an unknown type, detail or reference, 501 a type that is not held.
    """
    if detail not in DETAILS:
        raise QueryRefused(140, f"detail={detail[:40]} is unknown; there are {', '.join(DETAILS)}.")
    wanted = references.split(",")
    if strange := [reference for reference in wanted if reference not in REFERENCES]:
        if strange[0] in UNHELD:
            wanted = [reference for reference in wanted if reference not in UNHELD]
        else:
            raise QueryRefused(140, f"references={strange[0][:40]} is unknown; there are {', '.join(REFERENCES)}.")
    every = collect_artefacts(ctx)
    kinds = TYPES if kind in ("*", "structure") else (kind,)
    if kind in UNHELD:
        raise QueryRefused(501, f"There is no {kind} here; there are {', '.join(TYPES)}.")
    if kinds[0] not in TYPES:
        raise QueryRefused(140, f"{kind[:40]} is no type of structure; there are {', '.join(TYPES)}.")
    chosen: dict[str, dict[ArtefactName, object]] = {type_: {} for type_ in TYPES}
    for type_name in kinds:
        for artefact in getattr(every, _FIELDS[type_name]):
            name = artefact.name
            if match_name(agency, name.agency) and match_name(id_, name.id) and match_version(version, name.version):
                chosen[type_name][name] = _cut_out(artefact, item)
    chosen = {type_: {name: got for name, got in found.items() if got is not None} for type_, found in chosen.items()}
    if not any(chosen.values()):
        there = [str(artefact.name) for type_ in kinds for artefact in getattr(every, _FIELDS[type_])][:40]
        raise QueryRefused(100, f"There is no such {kind}; there are {', '.join(there)}.")
    asked = {name for found in chosen.values() for name in found}
    for type_name in wanted:
        _refer(type_name, chosen, every)
    names = {name for found in chosen.values() for name in found}
    stubs = {"allstubs": names, "allcompletestubs": names}.get(detail, set())
    if detail in ("referencestubs", "referencecompletestubs"):
        stubs = names - asked
    parts = {_FIELDS[type_]: tuple(found.values()) for type_, found in chosen.items()}
    return replace(Artefacts(), **parts, stubs=frozenset(stubs), base=base)  # type: ignore[arg-type]


def _cut_out(artefact: object, item: str) -> object | None:
    """Return the list with only the items asked for, marked as partial; None if it has none."""
    if item in ("", "*", "all"):
        return artefact
    wanted = set(item.replace("+", ",").split(","))
    if isinstance(artefact, ItemScheme):
        items = tuple(entry for entry in artefact.items if entry.id in wanted)
        return replace(artefact, items=items, partial=True) if items else None
    raise QueryRefused(140, "Only codelists, concept schemes and agency schemes have items.")


def _refer(reference: str, chosen: dict[str, dict[ArtefactName, object]], every: Artefacts) -> None:
    """Add what is referred to (down) or refers (up)."""
    if reference == "none":
        return
    if reference in ("parents", "parentsandsiblings", "ancestors", "all"):
        for _ in range(2 if reference in ("ancestors", "all") else 1):
            _go_up(chosen, every)
    if reference in ("children", "descendants", "all", "parentsandsiblings", *TYPES):
        for _ in range(1 if reference == "children" else 3):
            _go_down(chosen, every, lambda kind: reference not in TYPES or kind == reference)


def _go_down(chosen: dict[str, dict[ArtefactName, object]], every: Artefacts, wants: Callable[[str], bool]) -> None:
    structures = [*chosen["datastructure"].values()]
    flows = [*chosen["dataflow"].values()]
    reports = [*chosen["metadatastructure"].values()]
    report_flows = [*chosen["metadataflow"].values()]
    inner: list[DataStructure] = [flow.structure for flow in flows]  # type: ignore[attr-defined]
    if wants("datastructure"):
        chosen["datastructure"].update({structure.name: structure for structure in inner})
    for structure in structures if wants("datastructure") else [*structures, *inner]:
        if wants("codelist"):
            for name, codes in structure.codelists.items():  # type: ignore[attr-defined]
                chosen["codelist"].setdefault(name, codes)
        if wants("conceptscheme"):
            _add(chosen, "conceptscheme", every, structure.concepts)  # type: ignore[attr-defined]
    for report in reports:
        if wants("conceptscheme"):
            _add(chosen, "conceptscheme", every, report.concepts)  # type: ignore[attr-defined]
    for flow in report_flows:
        if wants("metadatastructure"):
            _add(chosen, "metadatastructure", every, flow.structure)  # type: ignore[attr-defined]


def _add(chosen: dict[str, dict[ArtefactName, object]], kind: str, every: Artefacts, name: ArtefactName) -> None:
    for artefact in getattr(every, _FIELDS[kind]):
        if artefact.name == name:
            chosen[kind].setdefault(name, artefact)


def _go_up(chosen: dict[str, dict[ArtefactName, object]], every: Artefacts) -> None:
    codelists, concepts = set(chosen["codelist"]), set(chosen["conceptscheme"])
    structures = set(chosen["datastructure"])
    for structure in every.structures:
        if codelists & structure.codelists.keys() or structure.concepts in concepts:
            chosen["datastructure"].setdefault(structure.name, structure)
    for flow in every.flows:
        if flow.structure.name in structures:
            chosen["dataflow"].setdefault(flow.name, flow)
    for report in every.report_flows:
        if report.structure in chosen["metadatastructure"]:
            chosen["metadataflow"].setdefault(report.name, report)
