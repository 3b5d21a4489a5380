"""The figures of a page as plain lines, for those who read it without its script."""

from typing import Any, NamedTuple

from dashboard.answers.adoption.counting import list_adopters, list_origins
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, NotReady
from dashboard.answers.base.lookup import find_country, find_metric
from dashboard.answers.base.rows import Row, find_latest, find_stats, has_figure, load_holdings
from dashboard.answers.base.words import join_sentences, name_country, name_metric, name_unit, sort_by_name
from dashboard.answers.countries.standing import view_standing
from dashboard.answers.goals.views import PrincipleView, ThemeView
from dashboard.answers.wording.citation import build_public_address, cite_indicator
from dashboard.answers.wording.figures import build_figure
from dashboard.answers.wording.publishers import find_publisher
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import t


class BriefLine(NamedTuple):
    """One line of text, and the page it leads to; "" for none."""

    text: str
    to: str = ""


def open_page_context(lang: str, as_of: str = "") -> Context | None:
    """Open the context of a page's first words; None if nothing is published or the date is wrong."""
    try:
        return open_context(lang, as_of or None)
    except (Invalid, NotReady):
        return None


def list_lines_of_indicator(ctx: Context | None, metric: str) -> tuple[BriefLine, ...]:
    """Return the latest figure of the origin and of every adopter; none without a dataset."""
    return tuple(BriefLine(*line) for line in _of_indicator(ctx, metric)) if ctx else ()


def list_lines_of_country(ctx: Context | None, iso3: str) -> tuple[BriefLine, ...]:
    """Return where the country stands, and its latest figure of every indicator; none without a dataset."""
    return tuple(BriefLine(*line) for line in _of_country(ctx, iso3)) if ctx else ()


@cached
def _of_indicator(ctx: Context, metric: str) -> list[tuple[str, str]]:
    entry, latest = find_metric(ctx, metric), find_latest(ctx, metric)
    countries = [
        iso3 for iso3 in (*list_origins(ctx), *sort_by_name(ctx, list_adopters(ctx))) if has_figure(latest.get(iso3))
    ]
    return [
        (_line_text(ctx, name_country(ctx, iso3), entry.id, latest[iso3]), f"/{ctx.lang}/countries/{iso3}/")
        for iso3 in countries
    ]


@cached
def _of_country(ctx: Context, iso3: str) -> list[tuple[str, str]]:
    code = find_country(ctx, iso3).iso3
    rows = {metric: find_latest(ctx, metric).get(code) for metric in load_holdings(ctx).latest}
    standing = view_standing(ctx, code)
    return [(join_sentences([standing["text"], standing["caution"]]), standing["compare"])] + [
        (_line_text(ctx, name_metric(ctx, metric), metric, row), f"/{ctx.lang}/indicators/{metric}/")
        for metric in ctx.book.metrics
        if (row := rows.get(metric)) is not None and has_figure(row)
    ]


def _line_text(ctx: Context, name: str, metric: str, row: Row) -> str:
    figure = build_figure(ctx, ctx.book.metrics[metric], row)
    return t(
        "answers.brief.line",
        ctx.lang,
        name=name,
        value=figure["quantity"],
        period=figure["period"],
        edition=figure["edition"],
    )


def list_lines_of_goal(ctx: Context | None, number: int) -> tuple[BriefLine, ...]:
    """Return the goal's targets with their official titles."""
    if ctx is None:
        return ()
    targets = (target for target in ctx.book.targets.values() if target.goal == number)
    return tuple(
        BriefLine(f"{target.code} {choose_text(target.title, ctx.lang)}", f"/{ctx.lang}/targets/{target.code}/")
        for target in targets
    )


def list_lines_of_target(ctx: Context | None, code: str) -> tuple[BriefLine, ...]:
    """Return the target's official indicators, then ours."""
    if ctx is None:
        return ()
    official = (indicator for indicator in ctx.book.sdg_indicators.values() if indicator.target == code)
    ours = (metric for metric in ctx.book.metrics.values() if any(link.target == code for link in metric.links))
    return (
        *(BriefLine(f"{indicator.code} {choose_text(indicator.title, ctx.lang)}") for indicator in official),
        *(BriefLine(choose_text(metric.name, ctx.lang), f"/{ctx.lang}/indicators/{metric.id}/") for metric in ours),
    )


def list_lines_of_evidence(ctx: Context, view: PrincipleView | ThemeView) -> tuple[BriefLine, ...]:
    """Return the evidence for a principle or a theme in words, then its indicators."""
    ours = (BriefLine(card["name"], f"/{ctx.lang}/indicators/{card['id']}/") for card in view["indicators"])
    return (BriefLine(view["evidence"]["text"]), *ours)


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
