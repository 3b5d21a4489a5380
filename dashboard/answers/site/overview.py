"""What the first page says: how many countries by which rule, one honest headline, what is covered."""

from statistics import median_low

from dashboard.answers.adoption.adoption_map import build_legend, build_tiles
from dashboard.answers.adoption.counting import DEFAULT_RULE, check_rule, count_adopters, list_adopters
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_first_vintages, has_figure, load_holdings
from dashboard.answers.base.words import (
    count_undated,
    format_years,
    join_list,
    join_sentences,
    name_metric,
    translate_term,
)
from dashboard.answers.freshness.dataset_status import describe_dataset, tell_loaded
from dashboard.answers.mapping.small import view_small_mapping
from dashboard.answers.site.availability import describe_availability
from dashboard.answers.site.headline import write_headline
from dashboard.answers.site.kpis import build_kpis
from dashboard.answers.site.views import News, OverviewView, ThemeCoverage
from dashboard.answers.wording.figures import format_share
from dashboard.answers.wording.publishers import title_publisher
from dashboard.evidence.codebook.model import CountingRule
from dashboard.evidence.codebook.tables import MEASURED
from dashboard.locales import format_day, format_number, t

MAX_NEWS = 2
MAX_NAMED = 2
"""Indicators that are named of those a vintage brought the first figures of."""


@cached
def view_overview(ctx: Context, rule: str = DEFAULT_RULE) -> OverviewView:
    """Return the first page, counted by ``rule`` (any_contact, signed, pilot_or_more, operating).

    Raises:
        Invalid: no such counting rule.
    """
    chosen = check_rule(rule)
    tiles = build_tiles(ctx, chosen)
    return OverviewView(
        kpis=build_kpis(ctx, chosen),
        dataset_status=describe_dataset(ctx),
        purpose=t("ui.product.purpose", ctx.lang),
        counting=count_adopters(ctx, chosen),
        headline=write_headline(ctx, chosen),
        tiles=tiles,
        legend=build_legend(ctx, tiles),
        mapping=view_small_mapping(ctx),
        coverage=[_theme(ctx, theme, chosen) for theme in MEASURED],
        availability=describe_availability(ctx, chosen),
        news=_news(ctx),
        indicators=len(ctx.book.metrics),
    )


def _theme(ctx: Context, theme: str, rule: CountingRule) -> ThemeCoverage:
    """Return how many countries have a figure of the theme, of which indicators, and how old they are."""
    group = list_adopters(ctx, rule)
    holdings = load_holdings(ctx)
    metrics = [metric.id for metric in ctx.book.metrics.values() if metric.theme == theme]
    pairs = [(metric, iso3, holdings.latest.get(metric, {}).get(iso3)) for metric in metrics for iso3 in group]
    with_figure = [(metric, iso3, row["year"]) for metric, iso3, row in pairs if row is not None and has_figure(row)]
    covered = {iso3 for _, iso3, _ in with_figure}
    filled = len(with_figure) / (len(pairs) or 1)
    dated = sorted(year for _, _, year in with_figure if year is not None)
    with_data = len({metric for metric, _, _ in with_figure})
    ages = []
    if dated:
        span = format_years(dated[0], dated[-1], ctx.lang)
        ages.append(t("answers.overview.theme_age", ctx.lang, years=span, middle=str(median_low(dated))))
    if undated := len(with_figure) - len(dated):
        ages.append(count_undated(undated, ctx.lang))
    return ThemeCoverage(
        theme=theme,
        label=translate_term(ctx, "theme", theme),
        covered=len(covered),
        of=len(group),
        share=f"{100 * filled:.0f}%",
        share_text=format_share(100 * filled, ctx.lang),
        indicators=with_data,
        oldest=dated[0] if dated else None,
        newest=dated[-1] if dated else None,
        text=t("answers.overview.theme", ctx.lang, with_data=str(with_data), indicators=str(len(metrics))),
        age_text=" · ".join(ages) or t("answers.overview.theme_none", ctx.lang),
    )


def _news(ctx: Context) -> list[News]:
    """Return the latest vintages, newest first, with the indicators they brought first figures of."""
    news = []
    vintages = ctx.dataset.vintages()
    for vintage in reversed(vintages[-MAX_NEWS:]):
        day = vintage["created_at"].date()
        first = vintage["number"] == vintages[0]["number"]
        changed = t(
            "answers.overview.first" if first else "answers.overview.later",
            ctx.lang,
            count=vintage["added"],
            superseded=format_number(vintage["superseded"], ctx.lang),
        )
        loaded = tell_loaded(ctx, vintage["number"])
        note = "" if ctx.lang != "en" or loaded else vintage["note"]  # notes are English
        begun = "" if first else _tell_begun(ctx, vintage["number"])
        sources = sorted({outcome["source"] for outcome in ctx.dataset.outcomes() if outcome["run"] == vintage["run"]})
        news.append(
            News(
                date=day.isoformat(),
                date_text=format_day(day, ctx.lang),
                title=t("answers.overview.vintage", ctx.lang, number=str(vintage["number"])),
                text=join_sentences([changed, "" if first else loaded, begun or note]),
                source=join_list(ctx, (title_publisher(source) for source in sources)),
            )
        )
    return news


def _tell_begun(ctx: Context, vintage: int) -> str:
    """Name the indicators of which adopters first had figures in a vintage; "" for none."""
    begun = find_first_vintages(ctx, tuple(list_adopters(ctx)))
    names = [name_metric(ctx, metric) for metric in ctx.book.metrics if begun.get(metric) == vintage]
    if not names:
        return ""
    more = len(names) - MAX_NAMED
    shown = [*names[:MAX_NAMED], *([t("answers.overview.more", ctx.lang, count=more)] if more > 0 else [])]
    return t("answers.overview.begun", ctx.lang, names=t("ui.list.semicolon", ctx.lang).join(shown))
