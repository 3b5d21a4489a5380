"""The figures of a page as plain lines, for those who read it without its script."""

from typing import Any

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, NotReady
from dashboard.answers.base.lookup import find_metric
from dashboard.answers.base.rows import find_latest, find_stats
from dashboard.answers.base.words import name_unit
from dashboard.answers.wording.citation import build_public_address, cite_indicator
from dashboard.answers.wording.publishers import find_publisher
from dashboard.locales import t


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
