"""The page of a vintage: when it was published, what it brought, how to read the dataset as it was."""

from typing import Any

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import isolate_written, join_list
from dashboard.answers.permalinks.views import BroughtRow, Permalink, PermalinkLink, make_fact
from dashboard.answers.public.changes import ChangeCounts
from dashboard.answers.revisions.news import KINDS, NewsSelection, list_vintages
from dashboard.answers.wording.addresses import locate_vintage
from dashboard.answers.wording.citation import build_public_address, cite_vintage
from dashboard.locales import format_day, format_edition, format_number, t


@cached
def view_vintage_page(ctx: Context, number: int) -> Permalink | None:
    """Return the page of a vintage of today's dataset; None if there is no such vintage."""
    vintages = {int(row["number"]): row for row in ctx.dataset.vintages()}
    if number not in vintages:
        return None
    lang, vintage = ctx.lang, vintages[number]
    moment = vintage["created_at"]
    then = ctx.dataset.as_of(number)
    day, stamp = format_day(moment.date(), lang), f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    last_of_day = all(other["created_at"].date() != moment.date() for at, other in vintages.items() if at > number)
    published = t("ui.list.comma", lang).join((day, isolate_written(ctx, f"{moment:%H:%M} UTC")))
    facts = [
        make_fact(ctx, "stable.vintage.published", published),
        make_fact(ctx, "stable.vintage.version", isolate_written(ctx, then.name)),
        make_fact(ctx, "stable.vintage.rows", format_number(vintage["rows"], lang)),
        make_fact(ctx, "stable.vintage.note", vintage["note"]),
        make_fact(ctx, "stable.identifier", isolate_written(ctx, str(number))),
    ]
    (changes,) = list_vintages(ctx, NewsSelection(number - 1, number))
    path, citation = locate_vintage(lang, number), cite_vintage(ctx, then.name, number)
    return Permalink(
        heading=t("stable.vintage.heading", lang, number=str(number)),
        lede=t("stable.vintage.lede", lang, date=day),
        path=path.removeprefix(f"/{lang}"),
        facts=[fact for fact in facts if fact["text"]],
        links=_list_links(ctx, number, stamp, moment.date().isoformat() if last_of_day else "", vintages),
        brought=[
            BroughtRow(
                publisher=source["title"],
                editions=join_list(ctx, [format_edition(name, lang) for name in source["editions"][:3]]),
                text=_count(ctx, source["counts"]),
            )
            for source in changes["sources"]
        ],
        nothing="" if changes["sources"] else t("stable.vintage.nothing", lang),
        citation=citation,
        data={
            "@type": "Dataset",
            "name": f"{t('ui.product.name', lang)}, {t('stable.vintage.heading', lang, number=str(number))}",
            "description": t("ui.product.purpose", lang),
            "url": build_public_address(path),
            "identifier": then.name,
            "version": str(number),
            "datePublished": stamp,
            "inLanguage": lang,
            "isAccessibleForFree": True,
            "citation": citation,
            "isPartOf": {"@type": "Dataset", "name": t("ui.product.name", lang), "url": build_public_address("/")},
        },
    )


def _count(ctx: Context, counts: ChangeCounts) -> str:
    numbers = {kind: count for kind, count in counts.items() if count and kind in KINDS}
    texts = (t(f"changes.counts.{kind}", ctx.lang, count=numbers[kind]) for kind in KINDS if kind in numbers)  # type: ignore[arg-type]
    return t("ui.list.semicolon", ctx.lang).join(texts)


def _list_links(
    ctx: Context, number: int, moment: str, day: str, vintages: dict[int, dict[str, Any]]
) -> list[PermalinkLink]:
    """Return links to the dataset of that day, if it is the day's last vintage, and to its neighbours."""
    lang, links = ctx.lang, []
    if day:
        links.append((t("stable.vintage.pages", lang), f"/{lang}/?as_of={day}"))
        links.append((t("stable.vintage.parquet", lang), f"/api/v1/dataset.parquet?as_of={day}"))
    sdmx = "/api/sdmx/v2/data/dataflow/ASAN_MONITOR/MONITOR/1.0"
    links.append((t("stable.vintage.sdmx", lang), f"{sdmx}?asOf={moment}&format=csv"))
    if number > min(vintages):
        links.append((t("stable.vintage.changes", lang), f"/api/v1/changes?since={number - 1}&until={number}"))
    links += [
        (t("stable.vintage.heading", lang, number=str(other)), locate_vintage(lang, other))
        for other in (number - 1, number + 1)
        if other in vintages
    ]
    return [PermalinkLink(text=text, href=href) for text, href in links]
