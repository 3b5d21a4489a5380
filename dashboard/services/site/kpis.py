"""The four figures the overview opens with: countries operating, satisfaction, control of corruption, services."""

from collections.abc import Mapping
from statistics import median

from dashboard.charts.sparkline import NONE, Sparkline, draw_sparkline
from dashboard.codebook.model import CountingRule
from dashboard.codebook.register.adoption import LADDER, RUNGS, is_counted
from dashboard.locales import capitalise, format_number, format_period, format_quantity, t
from dashboard.measures.comparability import FEWEST, LIKE
from dashboard.services.adoption.counting import describe_count, list_adopters, register
from dashboard.services.base.context import Context
from dashboard.services.base.rows import Row, find_latest, has_figure, load_holdings
from dashboard.services.base.words import join_sentences, name_country, name_metric, sort_by_name
from dashboard.services.countries.reported import RESULTS, THIRD_PARTY, name_reported_value
from dashboard.services.site.change import INDICATOR, SINCE, explain_edition, find_pairs, group_by_verdict
from dashboard.services.site.headline import GOVERNMENT, list_official_satisfaction, name_service
from dashboard.services.site.views import Dot, KpiTile, LabelledFigure
from dashboard.services.wording.editions import explain_judged

EFFECTIVENESS, ONLINE = "wgi_ge", "egov_osi"
FIRST_YEAR = 2012


def build_kpis(ctx: Context, rule: CountingRule) -> list[KpiTile]:
    """Always four, in this order, for the countries the rule counts."""
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
) -> KpiTile:
    return KpiTile(
        id=name,
        label=t(f"overview.kpi.{name}.label", ctx.lang),
        value=value,
        text=text,
        spark=spark,
        dots=dots or [],
        lines=lines or [],
        how=how or t(f"overview.kpi.{name}.how", ctx.lang),
        to=f"/{ctx.lang}/{to}",
    )


def _operating(ctx: Context, rule: CountingRule) -> KpiTile:
    """Countries with an open centre, by year; beside them how many the reader's rule counts."""
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
    """The year of the first counted event at or above a working centre; 0 where none has a date."""
    reached = LADDER.index("operating")
    events = [
        event for event in register(ctx)[iso3].events if is_counted(event) and event.known and event.type in RUNGS
    ]
    return min((int(event.known[:4]) for event in events if LADDER.index(RUNGS[event.type]) >= reached), default=0)


def _satisfaction(ctx: Context, group: tuple[str, ...]) -> KpiTile:
    """Government services first; other services and other ways to know beside them, each counted by itself.

    A survey of the users of one place is no figure of a country: it is told with its place and scale.
    """
    official = list_official_satisfaction(ctx, group)
    held = load_holdings(ctx)
    metrics = [
        metric.id for metric in ctx.book.metrics.values() if metric.theme == "satisfaction" and not metric.direct
    ]
    users = {iso3 for iso3 in group for metric in metrics if has_figure(held.latest.get(metric, {}).get(iso3))}
    results = [row for row in ctx.book.agency_reports if row["metric"] in RESULTS]
    studies = [row for row in results if int(row["evidence_level"]) >= THIRD_PARTY and row["country"] in group]
    users |= {row["country"] for row in studies if not row["place"]}
    agency = {row["country"] for row in results if int(row["evidence_level"]) < THIRD_PARTY} & {*group}
    lanes = {"users": users, "agency": agency}
    return _tile(
        ctx,
        "satisfaction",
        t(
            "overview.kpi.of",
            ctx.lang,
            count=format_number(len(official[GOVERNMENT]), ctx.lang),
            of=format_number(len(group), ctx.lang),
        ),
        "",
        "indicators/?theme=satisfaction",
        how=join_sentences(
            [
                t("overview.kpi.satisfaction.text", ctx.lang),
                t("overview.kpi.satisfaction.how", ctx.lang),
                *(_describe_place(ctx, row) for row in studies if row["place"]),
            ]
        ),
        lines=[
            *(
                LabelledFigure(label=name_service(ctx, metric), value=format_number(len(them), ctx.lang))
                for metric, them in official.items()
                if them and metric != GOVERNMENT
            ),
            *(
                LabelledFigure(
                    label=t(f"overview.kpi.satisfaction.{lane}", ctx.lang), value=format_number(len(them), ctx.lang)
                )
                for lane, them in lanes.items()
            ),
        ],
    )


def _describe_place(ctx: Context, row: Mapping[str, str]) -> str:
    """What the users of one place said, in a sentence."""
    value = format_number(float(row["value"]), ctx.lang, len(row["value"].partition(".")[2]))
    return t(
        "overview.kpi.satisfaction.place",
        ctx.lang,
        place=row["place"],
        country=name_country(ctx, row["country"]),
        value=name_reported_value(ctx, row, value),
    )


def _corruption(ctx: Context, rule: CountingRule) -> KpiTile:
    country_pairs = find_pairs(ctx, rule)
    verdicts = group_by_verdict(country_pairs)
    tones = {iso3: verdict for verdict, countries in verdicts.items() for iso3 in countries}
    dots = [
        Dot(iso3=iso3, tone=tones[iso3], text=_verdict_text(ctx, iso3, tones[iso3]))
        for verdict in verdicts
        for iso3 in sort_by_name(ctx, verdicts[verdict])
    ]
    count_texts = {verdict: format_number(len(countries), ctx.lang) for verdict, countries in verdicts.items()}
    last = max((pair.last["year"] for pair in country_pairs), default=SINCE)
    return _tile(
        ctx,
        "corruption",
        t("overview.kpi.corruption.value", ctx.lang, **count_texts),
        join_sentences(
            [
                t("overview.kpi.corruption.text", ctx.lang, first=str(SINCE), last=str(last), **count_texts),
                _judged(ctx, INDICATOR),
            ]
        ),
        f"indicators/{INDICATOR}/",
        how=join_sentences(
            [
                t("answers.headline.how", ctx.lang, indicator=name_metric(ctx, INDICATOR), since=str(SINCE)),
                explain_edition(ctx),
            ]
        ),
        dots=dots,
    )


def _judged(ctx: Context, indicator: str) -> str:
    """In which edition its changes are judged, as a sentence."""
    where = explain_judged(ctx, indicator)
    return f"{capitalise(where, ctx.lang)}." if where else ""


def _verdict_text(ctx: Context, iso3: str, verdict: str) -> str:
    colon = t("ui.list.colon", ctx.lang)
    return f"{name_country(ctx, iso3)}{colon}{t(f'overview.change.{verdict}', ctx.lang)}"


def _services(ctx: Context, rule: CountingRule, group: tuple[str, ...]) -> KpiTile:
    """Counts of services that adopters sent, and until then the published proxies."""
    own = [
        metric.id
        for metric in ctx.book.metrics.values()
        if metric.theme == "service" and metric.source_type == ("national",)
    ]
    held = load_holdings(ctx)
    sent = {iso3 for iso3 in group for metric in own if has_figure(held.latest.get(metric, {}).get(iso3))}
    shown = find_pairs(ctx, rule, EFFECTIVENESS)
    rose = group_by_verdict(shown)
    rows = [find_latest(ctx, ONLINE)[iso3] for iso3 in group if iso3 in find_latest(ctx, ONLINE)]
    rows = _newest_issue([row for row in rows if row["value"] is not None])
    lines = [
        LabelledFigure(
            label=t("ui.list.comma", ctx.lang).join(
                filter(
                    None,
                    (
                        _named(ctx, EFFECTIVENESS, [row["year"] for pair in shown for row in (pair.first, pair.last)]),
                        explain_judged(ctx, EFFECTIVENESS),
                    ),
                )
            ),
            value=t(
                "overview.kpi.corruption.value",
                ctx.lang,
                **{name: format_number(len(them), ctx.lang) for name, them in rose.items()},
            ),
        )
    ]
    if len(rows) >= FEWEST:
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
    return _tile(
        ctx,
        "service",
        t(
            "overview.kpi.of",
            ctx.lang,
            count=format_number(len(sent), ctx.lang),
            of=format_number(len(group), ctx.lang),
        ),
        "",
        "indicators/?theme=service",
        how=join_sentences(
            [
                t("overview.kpi.service.text", ctx.lang),
                t("overview.kpi.service.how", ctx.lang),
                explain_edition(ctx, EFFECTIVENESS),
            ]
        ),
        lines=lines,
    )


def _newest_issue(rows: list[Row]) -> list[Row]:
    """The figures of which one median may be made: those of the publisher, series, edition and unit of the newest."""
    newest = max(rows, key=lambda row: row["year"] or 0, default={})
    return [row for row in rows if all(row[name] == newest[name] for name in LIKE)]


def _named(ctx: Context, metric: str, when: list[int | None]) -> str:
    """An indicator with the years of the figures beside it: ``Online Service Index, 2024``."""
    dated = sorted({year for year in when if year is not None})
    span = [format_period("/".join(map(str, dict.fromkeys((dated[0], dated[-1])))), ctx.lang)] if dated else []
    return t("ui.list.comma", ctx.lang).join([name_metric(ctx, metric), *span])
