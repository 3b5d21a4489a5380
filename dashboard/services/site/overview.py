"""What the first page says: how many countries by which rule, one honest headline, what is covered."""

from statistics import median_low

from dashboard.codebook.model import CountingRule
from dashboard.codebook.tables import MEASURED
from dashboard.locales import date, number, t
from dashboard.services.adoption.adoption_map import legend_of, tiles_of
from dashboard.services.adoption.counting import DEFAULT_RULE, adopters, checked_rule, counting
from dashboard.services.base.cache import cached
from dashboard.services.base.context import Context
from dashboard.services.base.rows import has_figure, holdings
from dashboard.services.base.words import listed, sentence, term, undated_text, years
from dashboard.services.freshness.dataset_status import dataset_status
from dashboard.services.mapping.small import small_mapping
from dashboard.services.site.availability import availability_text
from dashboard.services.site.headline import headline
from dashboard.services.site.kpis import kpis
from dashboard.services.site.views import News, OverviewView, ThemeCoverage
from dashboard.services.wording.figures import share_text
from dashboard.services.wording.publishers import title_of

MOST_NEWS = 6


@cached
def overview(ctx: Context, rule: str = DEFAULT_RULE) -> OverviewView:
    """The first page, counted by ``rule`` (any_contact, signed, pilot_or_more, operating).

    Raises:
        Invalid: no such counting rule.
    """
    chosen = checked_rule(rule)
    tiles = tiles_of(ctx, chosen)
    held = holdings(ctx)
    return OverviewView(
        kpis=kpis(ctx, chosen),
        dataset_status=dataset_status(ctx),
        purpose=t("ui.product.purpose", ctx.lang),
        counting=counting(ctx, chosen),
        headline=headline(ctx, chosen),
        tiles=tiles,
        tile_columns=1 + max((tile["column"] for tile in tiles), default=0),
        tile_rows=1 + max((tile["row"] for tile in tiles), default=0),
        legend=legend_of(ctx, tiles),
        mapping=small_mapping(ctx),
        coverage=[_theme(ctx, theme, chosen) for theme in MEASURED],
        availability=availability_text(ctx, chosen),
        news=_news(ctx),
        indicators=len(ctx.book.metrics),
        indicators_with_data=sum(1 for stats in held.stats.values() if stats.countries),
        countries_with_data=len(
            {iso3 for rows in held.latest.values() for iso3, row in rows.items() if has_figure(row)}
        ),
    )


def _theme(ctx: Context, theme: str, rule: CountingRule) -> ThemeCoverage:
    """Who of those the rule counts has a figure of the theme, of how many indicators, and how old the latest are."""
    group = adopters(ctx, rule)
    held = holdings(ctx)
    metrics = [metric.id for metric in ctx.book.metrics.values() if metric.theme == theme]
    pairs = [(metric, iso3, held.latest.get(metric, {}).get(iso3)) for metric in metrics for iso3 in group]
    known = [(metric, iso3, row["year"]) for metric, iso3, row in pairs if row is not None and has_figure(row)]
    covered = {iso3 for _, iso3, _ in known}
    filled = len(known) / (len(pairs) or 1)
    dated = sorted(year for _, _, year in known if year is not None)
    with_data = len({metric for metric, _, _ in known})
    ages = []
    if dated:
        span = years(dated[0], dated[-1], ctx.lang)
        ages.append(t("answers.overview.theme_age", ctx.lang, years=span, middle=str(median_low(dated))))
    if undated := len(known) - len(dated):
        ages.append(undated_text(undated, ctx.lang))
    return ThemeCoverage(
        theme=theme,
        label=term(ctx, "theme", theme),
        covered=len(covered),
        of=len(group),
        share=f"{100 * filled:.0f}%",
        share_text=share_text(100 * filled, ctx.lang),
        indicators=with_data,
        indicators_total=len(metrics),
        oldest=dated[0] if dated else None,
        newest=dated[-1] if dated else None,
        text=t(
            "answers.overview.theme",
            ctx.lang,
            covered=str(len(covered)),
            of=str(len(group)),
            with_data=str(with_data),
            indicators=str(len(metrics)),
        ),
        age_text=" · ".join(ages) or t("answers.overview.theme_none", ctx.lang),
    )


def _news(ctx: Context) -> list[News]:
    """The latest vintages, newest first; the newest also says which editions it holds."""
    news = []
    vintages = ctx.dataset.vintages()
    for vintage in reversed(vintages[-MOST_NEWS:]):
        day = vintage["created_at"].date()
        first = vintage["number"] == vintages[0]["number"]
        changed = t(
            "answers.overview.first" if first else "answers.overview.later",
            ctx.lang,
            count=vintage["added"],
            superseded=number(vintage["superseded"], ctx.lang),
        )
        sources = sorted({outcome["source"] for outcome in ctx.dataset.outcomes() if outcome["run"] == vintage["run"]})
        news.append(
            News(
                date=day.isoformat(),
                date_text=date(day, ctx.lang),
                title=t("answers.overview.vintage", ctx.lang, number=str(vintage["number"])),
                text=sentence([changed, vintage["note"] if ctx.lang == "en" else ""]),  # notes are English
                source=listed(ctx, (title_of(source) for source in sources)),
            )
        )
    return news
