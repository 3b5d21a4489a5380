"""What pages say of their figures to search engines: schema.org datasets and observations."""

import json
from collections.abc import Mapping
from typing import Any

from dashboard.answers.adoption.counting import list_adopters, list_origins
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, NotReady
from dashboard.answers.base.lookup import find_metric
from dashboard.answers.base.rows import Row, find_latest, find_stats, has_figure, load_holdings
from dashboard.answers.base.words import name_country, name_metric, name_unit
from dashboard.answers.wording.addresses import locate_figure
from dashboard.answers.wording.changes import HEADLINE
from dashboard.answers.wording.citation import build_public_address, cite_indicator, cite_row
from dashboard.answers.wording.publishers import find_publisher
from dashboard.locales import t

CORE = ("16.5.1", "16.5.2", "16.6.1", "16.6.2")
"""SDG indicators whose figures stand for a country: corruption, budgets kept, satisfaction with services."""


def open_page_context(lang: str, as_of: str = "") -> Context | None:
    """Open the context of a page's first words; None if nothing is published or the date is wrong."""
    try:
        return open_context(lang, as_of or None)
    except (Invalid, NotReady):
        return None


@cached
def describe_dataset(ctx: Context, metric: str) -> dict[str, Any]:
    """Describe the indicator as a schema.org dataset, without name and description.

    Raises:
        Unknown: no such indicator.
    """
    entry, stats = find_metric(ctx, metric), find_stats(ctx, metric)
    row = next(iter(find_latest(ctx, metric).values()), None)
    info = find_publisher(row["source"], row["series"]) if row else None
    data: dict[str, Any] = {
        "@type": "Dataset",
        "url": build_public_address(f"/{ctx.lang}/indicators/{entry.id}/"),
        "inLanguage": ctx.lang,
        "version": ctx.dataset.name,
        "isAccessibleForFree": True,
        "variableMeasured": name_unit(ctx, entry),
        "citation": cite_indicator(ctx, entry),
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "name": t("ui.product.name", ctx.lang),
            "url": build_public_address("/"),
        },
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": kind,
                "contentUrl": build_public_address(f"/api/v1/{file}?indicator={entry.id}"),
            }
            for kind, file in (
                ("text/csv", "observations.csv"),
                ("application/json", "observations.json"),
                ("application/vnd.apache.parquet", "dataset.parquet"),
            )
        ],
    }
    if stats.years:
        data["temporalCoverage"] = f"{stats.first_year}/{stats.last_year}"
    if stats.retrieved_at:
        data["dateModified"] = stats.retrieved_at.date().isoformat()
    if info:
        data["creator"] = {"@type": "Organization", "name": info.publisher, "url": info.homepage}
        data["license"] = info.licence_url or info.licence
    return data


def describe_observation(ctx: Context, row: Row) -> dict[str, Any]:
    """Describe one figure as a schema.org observation, with its citation, publisher and the day it was received.

    ``value`` is absent where nothing or only a bound was published; the name says of what.
    """
    metric, country = ctx.book.metrics[row["indicator"]], name_country(ctx, row["country"])
    url, info = build_public_address(locate_figure(ctx.lang, row["id"])), find_publisher(row["source"], row["series"])
    indicator = name_metric(ctx, metric.id)
    source: dict[str, Any] = {"@type": "CreativeWork", "name": cite_row(ctx, row), "inLanguage": ctx.lang}
    source["dateModified"] = row["retrieved_at"].date().isoformat()
    if info:
        source["publisher"] = {"@type": "Organization", "name": info.publisher, "url": info.homepage}
    data = {
        "@type": "Observation",
        "@id": url,
        "url": url,
        "name": t("answers.provenance.text", ctx.lang, indicator=indicator, country=country, period=row["period"]),
        "identifier": row["id"],
        "variableMeasured": indicator,
        "observationAbout": {"@type": "Country", "name": country, "identifier": row["country"]},
        "observationDate": row["period"],
        "unitText": name_unit(ctx, metric),
        "subjectOf": source,
    }
    return data if row["value"] is None else data | {"value": row["value"]}


@cached
def describe_indicator_figures(ctx: Context, metric: str) -> tuple[dict[str, Any], ...]:
    """Describe the latest figures of an indicator in the country of origin and its adopters."""
    latest = find_latest(ctx, metric)
    rows = (latest.get(iso3) for iso3 in (*list_origins(ctx), *list_adopters(ctx)))
    return tuple(describe_observation(ctx, row) for row in rows if row and has_figure(row))


@cached
def describe_country_figures(ctx: Context, iso3: str) -> tuple[dict[str, Any], ...]:
    """Describe a country's latest figures of the indicators in ``CORE`` and of control of corruption."""
    latest = load_holdings(ctx).latest
    core = [
        metric.id
        for metric in ctx.book.metrics.values()
        if metric.id == HEADLINE
        or any(link.sdg_indicator in CORE and link.strength == "direct" for link in metric.links)
    ]
    rows = (latest.get(metric, {}).get(iso3) for metric in core)
    return tuple(describe_observation(ctx, row) for row in rows if row and has_figure(row))


def write_linked_data(data: Mapping[str, Any]) -> str:
    """Return a schema.org document as JSON-LD that cannot end the script element it stands in."""
    document = {"@context": "https://schema.org", **data}
    return json.dumps(document, ensure_ascii=False).replace("<", "\\u003c")
