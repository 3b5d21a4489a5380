"""Reference metadata: what is to be known of an indicator before its figures are used, as one report each."""

from collections.abc import Mapping
from dataclasses import replace

from dashboard.analysis.sdmx.ids import write_id
from dashboard.analysis.sdmx.model import ArtefactName, MetadataReport, QueryRefused, make_urn
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import join_sentences, name_country
from dashboard.answers.compare.comparability import list_stated_parts
from dashboard.answers.sdmx.artefacts import match_name, match_version
from dashboard.answers.sdmx.keys import list_global_keys
from dashboard.answers.sdmx.standard import open_standard
from dashboard.answers.sdmx.structures import AGENCY, VERSION, find_report_flow
from dashboard.answers.wording.citation import cite_indicator
from dashboard.answers.wording.evidence import describe_level
from dashboard.answers.wording.publishers import describe_licence, find_publisher
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.locales import LANGUAGES, t

_HOW = ("instrument", "wording_id", "scale", "mode", "recall", "source_type", "method")
"""Parts of the comparability key that say how a figure is made; all of them say what makes figures comparable."""


REPORT_VERSION = "1.0.0"
"""SDMX-JSON wants three numbers here."""


@kept(4)
def _reports(ctx: Context, version: str) -> tuple[MetadataReport, ...]:
    mapped = set(list_global_keys(ctx)["indicator"])
    return tuple(_describe(ctx, metric, version, metric.id in mapped) for metric in ctx.book.metrics.values())


def list_reports(ctx: Context, agency: str = "*", id_: str = "*", version: str = "~") -> tuple[MetadataReport, ...]:
    """Return reports by provider, id and version.

    Raises:
        QueryRefused: 100 there is none.
    """
    every = _reports(ctx.timeless, open_standard().name.version)
    found = tuple(
        report
        for report in every
        if match_name(agency, AGENCY) and match_name(id_, report.name.id) and match_version(version, REPORT_VERSION)
    )
    if not found:
        raise QueryRefused(100, f"There is no such report; they are of {AGENCY} and named as {every[0].name.id}.")
    return found


def list_reports_of(ctx: Context, agency: str, id_: str, version: str) -> tuple[MetadataReport, ...]:
    """Return the reports of a metadata flow.

    Raises:
        QueryRefused: 100 there is no such flow.
    """
    flow = find_report_flow().name
    if not (match_name(agency, flow.agency) and match_name(id_, flow.id) and match_version(version, flow.version)):
        raise QueryRefused(100, f"There is no such metadataflow; there is {flow}.")
    return list_reports(ctx)


def list_reports_about(ctx: Context, kind: str, agency: str, id_: str, version: str) -> tuple[MetadataReport, ...]:
    """Return reports about an artefact: those whose targets belong to it.

    Raises:
        QueryRefused: 100 there is none.
    """
    codelist = ArtefactName(AGENCY, "CL_INDICATOR", VERSION)
    is_ours = match_name(agency, AGENCY) and match_version(version, VERSION)
    if kind in ("codelist", "*") and is_ours and match_name(id_, codelist.id):
        return list_reports(ctx)
    raise QueryRefused(100, f"Reports are about codes of {codelist}.")


def _describe(ctx: Context, metric: Metric, version: str, mapped: bool) -> MetadataReport:
    attributes: dict[str, dict[str, str]] = {}

    def add(name: str, texts: Mapping[str, str]) -> None:
        there = {lang: text for lang, text in texts.items() if text and text.strip()}
        if there:
            attributes[name] = there

    by_language = {lang: replace(ctx, lang=lang) for lang in LANGUAGES}
    add("DEFINITION", metric.definition)
    add("METHOD", {lang: _tell_parts(translated, metric, _HOW) for lang, translated in by_language.items()})
    infos = {info.title: info for link in metric.series if (info := find_publisher(link.source, link.series))}
    add("SOURCE", {"en": "; ".join(f"{title} ({info.publisher})" for title, info in infos.items())})
    add(
        "LICENCE",
        {
            lang: "; ".join(f"{title}: {describe_licence(translated, info)}" for title, info in infos.items())
            for lang, translated in by_language.items()
        },
    )
    add("CAUTION", {lang: _tell_cautions(translated, metric) for lang, translated in by_language.items()})
    add(
        "COMPARABILITY",
        {lang: _tell_parts(translated, metric, tuple(metric.compared)) for lang, translated in by_language.items()},
    )
    add(
        "EVIDENCE",
        {lang: describe_level(translated, metric.evidence_level) for lang, translated in by_language.items()},
    )
    add("SDG_LINKS", {lang: _tell_links(metric, lang) for lang in LANGUAGES})
    add("CITATION", {lang: cite_indicator(translated, metric) for lang, translated in by_language.items()})
    extent = "in part or whole" if mapped else "not"
    words = f"Figures of it are {extent} in the dataflow SDG, by the global structure {version}; mapping.json says why."
    add("SDMX_MAPPING", {"en": words})
    target = make_urn("code", ArtefactName(AGENCY, "CL_INDICATOR", VERSION), write_id(metric.id))
    names = {lang: text for lang, text in metric.name.items() if text}
    return MetadataReport(
        ArtefactName(AGENCY, f"MD_{write_id(metric.id)}", REPORT_VERSION),
        names,
        find_report_flow().name,
        (target,),
        attributes,
    )


def _tell_parts(ctx: Context, metric: Metric, parts: tuple[str, ...]) -> str:
    stated = list_stated_parts(ctx, metric)
    return "; ".join(f"{t(f'comparison.part.{part}', ctx.lang)}: {stated[part]}" for part in parts if part in stated)


def _tell_cautions(ctx: Context, metric: Metric) -> str:
    general = [choose_text(caveat, ctx.lang) for caveat in metric.caveats]
    own = [
        f"{name_country(ctx, iso3)}: {choose_text(text, ctx.lang)}"
        for (id_, iso3), text in ctx.book.cautions.items()
        if id_ == metric.id
    ]
    return join_sentences([*general, *own])


def _tell_links(metric: Metric, lang: str) -> str:
    lines = [
        f"{link.sdg_indicator or link.target} ({link.strength}): {choose_text(link.rationales, lang) or link.rationale}"
        for link in metric.links
        if link.sdg_indicator or link.target
    ]
    return "\n".join(lines) or choose_text(metric.no_link_reason, lang)
