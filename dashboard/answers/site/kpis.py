"""The four figures the overview opens with: countries operating, satisfaction, control of corruption, services."""

from collections.abc import Mapping, Sequence
from statistics import median

from dashboard.analysis.charts.kinds.change import ChangePair
from dashboard.analysis.charts.sparkline import NONE, Sparkline, draw_sparkline
from dashboard.analysis.measures.comparability import LIKE_COLUMNS, MIN_FIGURES
from dashboard.answers.adoption.counting import describe_count, list_adopters, list_origins, register
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, find_latest, has_figure, load_holdings
from dashboard.answers.base.words import join_list, join_sentences, name_country, name_metric, sort_by_name
from dashboard.answers.holdings.coverage import RECENT
from dashboard.answers.indicators.national import list_national_holders
from dashboard.answers.reported.figures import (
    ReportedFigure,
    choose_best,
    choose_satisfaction,
    list_reported,
    write_place,
    write_value,
)
from dashboard.answers.site.change import (
    INDICATOR,
    SINCE,
    describe_origin,
    explain_no_verdict,
    find_pairs,
    group_by_verdict,
)
from dashboard.answers.site.headline import GOVERNMENT
from dashboard.answers.site.views import Dot, KpiTile, LabelledFigure, LevelDot, LevelLane
from dashboard.answers.surveys.figures import list_paid_for_documents
from dashboard.answers.wording.figures import build_figure
from dashboard.evidence.codebook.model import CountingRule, Metric
from dashboard.evidence.codebook.register.adoption import LADDER, RUNGS, is_counted
from dashboard.locales import format_number, format_period, format_quantity, t

EFFECTIVENESS, ONLINE = "wgi_ge", "egov_osi"
FIRST_YEAR = 2012
MAX_NAMED = 4
"""Countries that a line of a tile names."""
STUDY = "satisfaction_index_ikm"
"""The measure of studies of one place that stand with the tile of satisfaction."""


def build_kpis(ctx: Context, rule: CountingRule) -> list[KpiTile]:
    """Build the four tiles, always in this order, for the countries the rule counts."""
    group = list_adopters(ctx, rule)
    return [_operating(ctx, rule), _satisfaction(ctx, group), _corruption(ctx, rule), _services(ctx, rule, group)]


def _tile(
    ctx: Context,
    name: str,
    value: str,
    text: str,
    to: str,
    *,
    how: str = "",
    spark: Sparkline = NONE,
    dots: list[Dot] | None = None,
    lines: list[LabelledFigure] | None = None,
    lanes: list[LevelLane] | None = None,
    mark: str = "",
) -> KpiTile:
    return KpiTile(
        id=name,
        label=t(f"overview.kpi.{name}.label", ctx.lang),
        value=value,
        text=text,
        spark=spark,
        dots=dots or [],
        lines=lines or [],
        lanes=lanes or [],
        mark=mark,
        how=how or t(f"overview.kpi.{name}.how", ctx.lang),
        to=f"/{ctx.lang}/{to}",
    )


def _operating(ctx: Context, rule: CountingRule) -> KpiTile:
    """Show countries with an open centre by year, with how many the reader's rule counts."""
    now = list_adopters(ctx, "operating")
    years = [_operating_since(ctx, iso3) for iso3 in now]
    dated = sorted(year for year in years if year)
    steps = [
        (float(year), float(sum(since <= year for since in dated))) for year in range(FIRST_YEAR, ctx.today.year + 1)
    ]
    return _tile(
        ctx,
        "operating",
        format_number(len(now), ctx.lang),
        describe_count(ctx, rule, len(list_adopters(ctx, rule))),
        "adoption/",
        spark=draw_sparkline(steps, stepped=True),
    )


def _operating_since(ctx: Context, iso3: str) -> int:
    """Return the year of the first counted event of a working centre; 0 where none has a date."""
    reached = LADDER.index("operating")
    years = (
        int(event.date_or_report[:4])
        for event in register(ctx)[iso3].events
        if is_counted(event)
        and event.date_or_report
        and event.type in RUNGS
        and LADDER.index(RUNGS[event.type]) >= reached
    )
    return min(years, default=0)


def _satisfaction(ctx: Context, group: tuple[str, ...]) -> KpiTile:
    """Show satisfaction by who asked: households, another body, the agency itself."""
    members = (*list_origins(ctx), *sort_by_name(ctx, group))
    stated = {
        iso3: choose_satisfaction(
            [figure for figure in list_reported(iso3) if figure.unit == "percent" and figure.is_national]
        )
        for iso3 in members
    }
    metric = ctx.book.metrics[GOVERNMENT]
    latest = find_latest(ctx, GOVERNMENT)
    official = [_level_of(ctx, metric, latest[iso3]) for iso3 in members if has_figure(latest.get(iso3))]
    lanes = {
        "household": official,
        "others": [_stated_level(ctx, figure["others"]) for figure in stated.values() if figure["others"]],
        "agency": [_stated_level(ctx, figure["agency"]) for figure in stated.values() if figure["agency"]],
    }
    studies = [
        figure
        for figure in list_reported()
        if figure.measure == STUDY and figure.independent and figure.country in group
    ]
    national = [name_country(ctx, iso3) for iso3 in sort_by_name(ctx, list_national_holders(ctx, GOVERNMENT, group))]
    return _tile(
        ctx,
        "satisfaction",
        "",
        "",
        "indicators/?theme=satisfaction",
        how=join_sentences(
            [
                t("overview.kpi.satisfaction.text", ctx.lang),
                t("overview.kpi.satisfaction.how", ctx.lang),
                *(_describe_place(ctx, figure) for figure in studies),
            ]
        ),
        lines=[LabelledFigure(label=t("overview.kpi.satisfaction.national", ctx.lang), value=join_list(ctx, national))]
        if national
        else [],
        lanes=[
            LevelLane(
                id=lane,
                label=t(f"overview.kpi.satisfaction.{lane}", ctx.lang),
                dots=dots,
                text=join_list(ctx, (dot["text"] for dot in dots)) or t("overview.kpi.satisfaction.none", ctx.lang),
            )
            for lane, dots in lanes.items()
        ],
    )


def _level_of(ctx: Context, metric: Metric, row: Row) -> LevelDot:
    """Return a published figure as a dot, marked where something speaks against it."""
    figure = build_figure(ctx, metric, row)
    text = _say_level(ctx, row["country"], figure["quantity"], figure["period"])
    if figure["caution"]:
        text = f"{text} ⚠"
    return LevelDot(iso3=row["country"], at=f"{row['value']:g}%", text=text)


def _stated_level(ctx: Context, figure: ReportedFigure) -> LevelDot:
    text = _say_level(ctx, figure.country, write_value(figure, ctx.lang), figure.until[:4])
    return LevelDot(iso3=figure.country, at=f"{figure.value:g}%", text=text)


def _say_level(ctx: Context, iso3: str, value: str, when: str) -> str:
    return t("overview.kpi.level", ctx.lang, country=name_country(ctx, iso3), value=value, when=when)


def _describe_place(ctx: Context, figure: ReportedFigure) -> str:
    """Say in a sentence what the users of one place answered."""
    return t(
        "overview.kpi.satisfaction.place",
        ctx.lang,
        place=write_place(figure, ctx.lang),
        country=name_country(ctx, figure.country),
        value=write_value(figure, ctx.lang),
    )


def _corruption(ctx: Context, rule: CountingRule) -> KpiTile:
    country_pairs = find_pairs(ctx, rule)
    verdicts = group_by_verdict(country_pairs)
    colon = t("ui.list.colon", ctx.lang)
    words = {verdict: t(f"overview.change.{verdict}", ctx.lang) for verdict in verdicts}
    dots = [
        Dot(iso3=iso3, tone=verdict, text=colon.join((name_country(ctx, iso3), words[verdict])))
        for verdict in verdicts
        for iso3 in sort_by_name(ctx, verdicts[verdict])
    ]
    last = max((pair.last["year"] for pair in country_pairs), default=SINCE)
    unclear = format_number(len(verdicts["unclear"]), ctx.lang)
    paid = list_paid_for_documents(ctx, list_adopters(ctx, rule))
    return _tile(
        ctx,
        "corruption",
        _count_verdicts(ctx, country_pairs),
        explain_no_verdict(ctx, rule)
        or t("overview.kpi.corruption.text", ctx.lang, first=str(SINCE), last=str(last), unclear=unclear),
        f"indicators/{INDICATOR}/",
        how=join_sentences(
            [
                t("answers.headline.how", ctx.lang, indicator=name_metric(ctx, INDICATOR), since=str(SINCE)),
                describe_origin(ctx),
            ]
        ),
        dots=dots,
        lanes=[LevelLane(id="paid", label=t("overview.kpi.corruption.experience", ctx.lang), dots=[], text=paid)]
        if paid
        else [],
    )


def _count_verdicts(ctx: Context, country_pairs: tuple[ChangePair, ...]) -> str:
    """Count the rises and falls, or say that nobody can be judged."""
    if not country_pairs:
        return t("overview.kpi.cannot_tell", ctx.lang)
    counts = {
        name: format_number(len(countries), ctx.lang) for name, countries in group_by_verdict(country_pairs).items()
    }
    return t("overview.kpi.corruption.value", ctx.lang, **counts)


def _services(ctx: Context, rule: CountingRule, group: tuple[str, ...]) -> KpiTile:
    """Show the counts of services that adopters sent, and until then the published proxies."""
    own = [
        metric.id
        for metric in ctx.book.metrics.values()
        if metric.theme == "service" and metric.source_type == ("national",)
    ]
    holdings = load_holdings(ctx)
    sent = {iso3 for iso3 in group for metric in own if has_figure(holdings.latest.get(metric, {}).get(iso3))}
    shown = find_pairs(ctx, rule, EFFECTIVENESS)
    rows = [find_latest(ctx, ONLINE)[iso3] for iso3 in group if iso3 in find_latest(ctx, ONLINE)]
    rows = _newest_issue([row for row in rows if row["value"] is not None])
    lines = [
        LabelledFigure(
            label=_named(ctx, EFFECTIVENESS, [row["year"] for pair in shown for row in (pair.first, pair.last)]),
            value=_count_verdicts(ctx, shown),
        )
    ]
    if len(rows) >= MIN_FIGURES:
        metric = ctx.book.metrics[ONLINE]
        lines.append(
            LabelledFigure(
                label=t(
                    "overview.kpi.service.median",
                    ctx.lang,
                    indicator=_named(ctx, ONLINE, [row["year"] for row in rows]),
                    count=len(rows),
                ),
                value=format_quantity(median(row["value"] for row in rows), metric.unit, ctx.lang, metric.decimals),
            )
        )
    members = (*list_origins(ctx), *sort_by_name(ctx, group))
    found = {iso3: list_reported(iso3) for iso3 in members}
    reported = [
        LevelLane(id=lane, label=t(f"overview.kpi.service.{lane}", ctx.lang), dots=[], text=text)
        for lane in ("centres", "served")
        if (text := _list_reported(ctx, found, lane))
    ]
    return _tile(
        ctx,
        "service",
        "",
        "" if sent else t("overview.kpi.service.none", ctx.lang),
        "services/",
        how=join_sentences(
            [
                t("overview.kpi.service.text", ctx.lang),
                t("overview.kpi.service.how", ctx.lang),
                explain_no_verdict(ctx, rule, EFFECTIVENESS),
            ]
        ),
        lines=lines,
        lanes=reported,
        mark=t("overview.kpi.service.mark", ctx.lang),
    )


def _list_reported(ctx: Context, found: Mapping[str, Sequence[ReportedFigure]], lane: str) -> str:
    """List recent reports on whole countries, the highest first; unlike counts are never added."""
    best = [one for figures in found.values() if (one := choose_best(figures, lane)) is not None and one.is_national]
    recent = [figure for figure in best if int(figure.until[:4]) >= ctx.today.year - RECENT]
    highest = sorted(recent, key=lambda figure: figure.value, reverse=True)[:MAX_NAMED]
    return join_list(
        ctx, (_say_level(ctx, figure.country, write_value(figure, ctx.lang), figure.until[:4]) for figure in highest)
    )


def _newest_issue(rows: list[Row]) -> list[Row]:
    """Return the figures of one median: of the publisher, series, edition and unit of the newest."""
    newest = max(rows, key=lambda row: row["year"] or 0, default={})
    return [row for row in rows if all(row[name] == newest[name] for name in LIKE_COLUMNS)]


def _named(ctx: Context, metric: str, when: list[int | None]) -> str:
    """Name an indicator with the years of its figures: ``Online Service Index, 2024``."""
    dated = sorted({year for year in when if year is not None})
    span = [format_period("/".join(map(str, dict.fromkeys((dated[0], dated[-1])))), ctx.lang)] if dated else []
    return t("ui.list.comma", ctx.lang).join([name_metric(ctx, metric), *span])
