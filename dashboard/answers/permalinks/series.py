"""The page of a publisher's series: what it feeds, how much of it there is, its licence, how to read and cite it."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboard.analysis.sdmx.ids import write_id
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import isolate_written, name_country, name_metric, translate_term
from dashboard.answers.permalinks.views import Permalink, PermalinkLink, make_fact
from dashboard.answers.wording.addresses import locate_series
from dashboard.answers.wording.citation import build_public_address, cite_series, summarise_editions
from dashboard.answers.wording.publishers import describe_licence, find_publisher, strip_site, title_publisher
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Metric, NationalSeries, SeriesLink
from dashboard.locales import format_number, t


def list_codebook_series() -> Iterator[tuple[str, str]]:
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
def view_series_page(ctx: Context, source: str, series: str) -> Permalink | None:
    """Return the page of a series by its present code; None if the codebook has no such series."""
    found = _find(source, series)
    if found is None:
        return None
    metric, link = found
    amount, row = _count(ctx, metric, link)
    info, lang = find_publisher(source, series), ctx.lang
    code, publisher = strip_site(series), title_publisher(source, series)
    name = name_metric(ctx, metric.id)
    role = "national" if isinstance(link, NationalSeries) else link.role
    licence = (describe_licence(ctx, info), info.licence_url) if info else ("", "")
    facts = [
        make_fact(ctx, "ui.nav.indicator", name, f"/{lang}/indicators/{metric.id}/"),
        make_fact(ctx, "ui.provenance.series", code),
        make_fact(ctx, "ui.provenance.publisher", info.publisher if info else source, info.homepage if info else ""),
        make_fact(ctx, "ui.provenance.role", translate_term(ctx, "series_role", role)),
        make_fact(ctx, "ui.nav.country", name_country(ctx, link.country) if isinstance(link, NationalSeries) else ""),
        make_fact(ctx, "stable.series.figures", _describe_amount(ctx, amount)),
        make_fact(ctx, "ui.provenance.edition", summarise_editions(ctx, amount["editions"]) if amount["rows"] else ""),
        make_fact(ctx, "ui.provenance.licence", *licence),
        make_fact(ctx, "stable.identifier", isolate_written(ctx, f"{source}/{series}")),
    ]
    path = locate_series(lang, source, series)
    citation = cite_series(ctx, row, name, tuple(amount["editions"]), path) if row else ""
    return Permalink(
        heading=t("stable.series.heading", lang, source=publisher, code=isolate_written(ctx, code)),
        lede=name,
        path=path.removeprefix(f"/{lang}"),
        facts=[fact for fact in facts if fact["text"]],
        links=[
            PermalinkLink(text=t("stable.series.page", lang), href=f"/{lang}/indicators/{metric.id}/"),
            *(_list_files(ctx, metric, source, series) if amount["rows"] else ()),
        ],
        brought=[],
        nothing="" if amount["rows"] else t("answers.not_gathered.definition", lang),
        citation=citation,
        data=_describe(ctx, path, f"{publisher}: {code}", name, source, series, amount, citation),
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
    amount = {
        "rows": rows.height,
        "countries": rows["country"].n_unique(),
        "editions": sorted(rows["edition"].drop_nulls().unique()),
        "first": rows["year"].min(),
        "last": rows["year"].max(),
    }
    return amount, rows.row(0, named=True) if rows.height else {}


def _describe_amount(ctx: Context, amount: dict[str, Any]) -> str:
    if not amount["rows"]:
        return ""
    counts = {name: format_number(amount[name], ctx.lang) for name in ("rows", "countries")}
    years = {name: str(amount[name] or "–") for name in ("first", "last")}
    return t("stable.series.held", ctx.lang, **counts, **years)


def _list_files(ctx: Context, metric: Metric, source: str, series: str) -> list[PermalinkLink]:
    key = f"*.*.*.{write_id(source)}.{write_id(series)}"
    rows = f"/api/sdmx/v2/data/dataflow/ASAN_MONITOR/MONITOR/1.0/{key}"
    return [
        PermalinkLink(text=t("stable.series.csv", ctx.lang), href=f"{rows}?format=csv"),
        PermalinkLink(text=t("stable.series.xml", ctx.lang), href=f"{rows}?format=xml"),
        PermalinkLink(
            text=t("stable.series.all", ctx.lang), href=f"/api/v1/observations.csv?indicator={metric.id}&series=all"
        ),
    ]


def _describe(
    ctx: Context, path: str, name: str, about: str, source: str, series: str, amount: dict[str, Any], citation: str
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
    if amount["first"] is not None:
        data["temporalCoverage"] = f"{amount['first']}/{amount['last']}"
    if info:
        data["creator"] = {"@type": "Organization", "name": info.publisher, "url": info.homepage}
        data["license"] = info.licence_url or info.licence
    return data
