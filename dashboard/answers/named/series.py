"""The page of a publisher's series: what it feeds, how much of it there is, its licence, how to read and cite it."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboard.analysis.sdmx.ids import write_id
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import isolate_written, name_country, name_metric, translate_term
from dashboard.answers.named.views import NamedFact, NamedLink, NamedView
from dashboard.answers.wording.addresses import locate_series
from dashboard.answers.wording.citation import build_public_address, cite_series, summarise_editions
from dashboard.answers.wording.publishers import describe_licence, find_publisher, strip_site, title_publisher
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Metric, NationalSeries, SeriesLink
from dashboard.locales import format_number, t


def list_known_series() -> Iterator[tuple[str, str]]:
    """Return every series of the codebook, national ones too: the publisher's id and the code."""
    for metric in load_codebook().metrics.values():
        yield from dict.fromkeys((link.source, link.series) for link in _list_links(metric))


def find_present_code(source: str, series: str) -> str:
    """Return the code a series has today, as publishers rename them; "" if unknown."""
    for metric in load_codebook().metrics.values():
        for link in metric.series:
            if link.source == source and series in link.codes:
                return link.series
        if any((own.source, own.series) == (source, series) for own in metric.national):
            return series
    return ""


@cached
def view_named_series(ctx: Context, source: str, series: str) -> NamedView | None:
    """Return the page of a series by its present code; None if the codebook has no such series."""
    found = _find(source, series)
    if found is None:
        return None
    metric, link = found
    held, row = _count(ctx, metric, link)
    info, lang = find_publisher(source, series), ctx.lang
    code, publisher = strip_site(series), title_publisher(source, series)
    name = name_metric(ctx, metric.id)
    role = "national" if isinstance(link, NationalSeries) else link.role
    facts = [
        _fact(ctx, "ui.nav.indicator", name, f"/{lang}/indicators/{metric.id}/"),
        _fact(ctx, "ui.provenance.series", code),
        _fact(ctx, "ui.provenance.publisher", info.publisher if info else source, info.homepage if info else ""),
        _fact(ctx, "ui.provenance.role", translate_term(ctx, "series_role", role)),
        _fact(ctx, "ui.nav.country", name_country(ctx, link.country) if isinstance(link, NationalSeries) else ""),
        _fact(ctx, "stable.series.figures", _say_held(ctx, held)),
        _fact(ctx, "ui.provenance.edition", summarise_editions(ctx, held["editions"]) if held["rows"] else ""),
        _fact(
            ctx, "ui.provenance.licence", describe_licence(ctx, info) if info else "", info.licence_url if info else ""
        ),
        _fact(ctx, "stable.identifier", isolate_written(ctx, f"{source}/{series}")),
    ]
    path = locate_series(lang, source, series)
    citation = cite_series(ctx, row, name, tuple(held["editions"]), path) if row else ""
    return NamedView(
        heading=t("stable.series.heading", lang, source=publisher, code=isolate_written(ctx, code)),
        lede=name,
        path=path.removeprefix(f"/{lang}"),
        facts=[fact for fact in facts if fact["text"]],
        links=[
            NamedLink(text=t("stable.series.page", lang), href=f"/{lang}/indicators/{metric.id}/"),
            *(_list_files(ctx, metric, source, series) if held["rows"] else ()),
        ],
        brought=[],
        nothing="" if held["rows"] else t("answers.not_gathered.definition", lang),
        citation=citation,
        data=_describe(ctx, path, f"{publisher}: {code}", name, source, series, held, citation),
    )


def _find(source: str, series: str) -> tuple[Metric, SeriesLink | NationalSeries] | None:
    for metric in load_codebook().metrics.values():
        for link in _list_links(metric):
            if (link.source, link.series) == (source, series):
                return metric, link
    return None


def _list_links(metric: Metric) -> tuple[SeriesLink | NationalSeries, ...]:
    return (*metric.series, *metric.national)


def _count(ctx: Context, metric: Metric, link: SeriesLink | NationalSeries) -> tuple[dict[str, Any], dict[str, Any]]:
    """Count what of the series is in force, with one of its rows ({} where there is none)."""
    codes = link.codes if isinstance(link, SeriesLink) else (link.series,)
    rows = ctx.dataset.rows(metric.id).filter(pl.col("source") == link.source, pl.col("series").is_in(codes)).collect()
    held = {
        "rows": rows.height,
        "countries": rows["country"].n_unique(),
        "editions": sorted(rows["edition"].drop_nulls().unique()),
        "first": rows["year"].min(),
        "last": rows["year"].max(),
    }
    return held, rows.row(0, named=True) if rows.height else {}


def _say_held(ctx: Context, held: dict[str, Any]) -> str:
    if not held["rows"]:
        return ""
    lang = ctx.lang
    return t(
        "stable.series.held",
        lang,
        rows=format_number(held["rows"], lang),
        countries=format_number(held["countries"], lang),
        first=str(held["first"] or "–"),
        last=str(held["last"] or "–"),
    )


def _list_files(ctx: Context, metric: Metric, source: str, series: str) -> list[NamedLink]:
    key = f"*.*.*.{write_id(source)}.{write_id(series)}"
    rows = f"/api/sdmx/v2/data/dataflow/ASAN_MONITOR/MONITOR/1.0/{key}"
    return [
        NamedLink(text=t("stable.series.csv", ctx.lang), href=f"{rows}?format=csv"),
        NamedLink(text=t("stable.series.xml", ctx.lang), href=f"{rows}?format=xml"),
        NamedLink(
            text=t("stable.series.all", ctx.lang), href=f"/api/v1/observations.csv?indicator={metric.id}&series=all"
        ),
    ]


def _describe(
    ctx: Context, path: str, name: str, about: str, source: str, series: str, held: dict[str, Any], citation: str
) -> dict[str, Any]:
    """Return the series as schema.org describes a dataset."""
    info = find_publisher(source, series)
    data: dict[str, Any] = {
        "@type": "Dataset",
        "name": name,
        "description": about,
        "url": build_public_address(path),
        "identifier": f"{source}/{series}",
        "inLanguage": ctx.lang,
        "version": ctx.dataset.name,
        "isAccessibleForFree": True,
        "isPartOf": {"@type": "Dataset", "name": t("ui.product.name", ctx.lang), "url": build_public_address("/")},
    }
    if citation:
        data["citation"] = citation
    if held["first"] is not None:
        data["temporalCoverage"] = f"{held['first']}/{held['last']}"
    if info:
        data["creator"] = {"@type": "Organization", "name": info.publisher, "url": info.homepage}
        data["license"] = info.licence_url or info.licence
    return data


def _fact(ctx: Context, key: str, text: str, href: str = "") -> NamedFact:
    return NamedFact(label=t(key, ctx.lang), text=text, href=href)
