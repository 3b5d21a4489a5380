"""Plans and results in the reader's words."""

from collections.abc import Mapping, Sequence

from dashboard.analysis.charts.kinds.panel import measure_height, write_subtitle
from dashboard.analysis.measures.effects.plan import DRAWS, hash_plan
from dashboard.analysis.measures.effects.result import DonorSet, Result
from dashboard.analysis.measures.effects.verdict import ALPHA
from dashboard.answers.base.context import Context
from dashboard.answers.base.views import make_choice
from dashboard.answers.base.words import (
    join_countries,
    join_list,
    name_country,
    name_metric,
    sort_by_name,
    translate_term,
)
from dashboard.answers.effects import panel
from dashboard.answers.effects.charts import list_charts
from dashboard.answers.effects.panel import write_query
from dashboard.answers.effects.query import (
    METHODS,
    EffectQuery,
    list_outcomes,
    list_treatable,
    load_figures,
    propose_donors,
)
from dashboard.answers.effects.views import Donor, EventRow, Fact, PlanView, Reason, ResultView, SetRow, WeightRow
from dashboard.answers.wording.changes import format_difference
from dashboard.evidence.codebook.model import AdoptionEvent, choose_text
from dashboard.locales import format_day, format_number, t

DECIMALS = 3
"""Of p, ratios and weights."""


def view_plan(query: EffectQuery, removed: tuple[str, ...] = (), own: tuple[str, ...] = ()) -> PlanView:
    """Return a plan with everything that could be chosen instead."""
    ctx, plan, lang = query.ctx, query.plan, query.ctx.lang
    single = plan.method == "synthetic_control"
    iso3 = plan.treated[0].country if single else ""
    figures = load_figures(ctx, query.metric)
    proposed = propose_donors(ctx, figures, iso3 if single else "", plan.first, plan.last)
    years = {plan.first, plan.last, *(year for line in figures.values.values() for year in line)}
    return PlanView(
        name=hash_plan(plan),
        empty=not figures.values,
        method=plan.method,
        country=iso3,
        outcome=query.metric.id,
        first=plan.first,
        last=plan.last,
        years=sorted(years),
        methods=[make_choice(method, t(f"effects.method.{method}.name", lang), plan.method) for method in METHODS],
        countries=[make_choice(code, name_country(ctx, code), iso3) for code in sort_by_name(ctx, list_treatable(ctx))],
        outcomes=sorted(
            (
                make_choice(metric.id, choose_text(metric.name, lang), query.metric.id)
                for metric in {metric.id: metric for metric in (*list_outcomes(ctx), query.metric)}.values()
            ),
            key=lambda choice: choice["label"].casefold(),
        ),
        donors=[
            Donor(
                iso3=code,
                name=name_country(ctx, code),
                reasons=join_list(ctx, (t(f"effects.reason.{reason}", lang) for reason in reasons)),
                removed=code in removed,
                own=code in own,
            )
            for code, reasons in _sort_donors(ctx, proposed)
        ],
        donors_text=t("effects.plan.donors", lang, count=len(plan.donors) + plan.drawn),
        draws_text=t(
            "effects.plan.draws",
            lang,
            drawn=format_number(plan.drawn, lang),
            tied=format_number(len(plan.tied), lang),
            draws=format_number(DRAWS, lang),
            seed=str(plan.seed),
        )
        if plan.tied
        else "",
        text=_describe_plan(query),
        source=panel.name_source_estimated(query),
        panel=panel.write_address(query, removed),
        panel_title=panel.write_title(query),
        panel_subtitle=write_subtitle(lang, together=not single),
        panel_height=measure_height(panel.count_rows(query)),
    )


def view_result(query: EffectQuery, result: Result, without: Sequence[str] = (), own: Sequence[str] = ()) -> ResultView:
    """Return the result of a plan in words; ``without`` and ``own`` as asked."""
    ctx, lang, metric = query.ctx, query.ctx.lang, query.metric

    def sign(value: float | None) -> str:
        return "" if value is None else format_difference(ctx, metric, value)

    counts = result["counts"]
    word = result["verdict"]
    return ResultView(
        verdict=word,
        verdict_text=t(f"effects.verdict.{word}.name", lang),
        definition=t(f"effects.verdict.{word}.definition", lang),
        lead=t(
            f"effects.lead.{word}",
            lang,
            outcome=choose_text(metric.name, lang),
            pre=format_number(counts["pre"], lang),
            post=format_number(counts["post"], lang),
            donors=format_number(counts["donors"], lang),
            treated=format_number(counts["treated"], lang),
        ),
        reasons=[Reason(id=reason, text=t(f"effects.refused.{reason}", lang)) for reason in result["reasons"]],
        doubts=[Reason(id=doubt, text=t(f"effects.doubt.{doubt}", lang)) for doubt in result["doubts"]],
        facts=[
            Fact(label=t(f"effects.fact.{name}", lang), text=words)
            for name, words in (
                ("estimate", sign(result["estimate"])),
                ("p", _format_number(result["p"], lang)),
                ("draws", describe_draws(result, lang) if len(result["draws"]) > 1 else ""),
                ("floor", _format_number(result["floor"], lang) if result["p"] is not None else ""),
                (
                    "in_time",
                    t(
                        "effects.fact.in_time_text",
                        lang,
                        year=str(result["in_time"]["year"]),
                        estimate=sign(result["in_time"]["att"]),
                    )
                    if result["in_time"]
                    else "",
                ),
                (
                    "errors",
                    t(
                        "effects.fact.errors_text",
                        lang,
                        lower=sign(result["error_interval"][0]),
                        upper=sign(result["error_interval"][1]),
                    )
                    if result["error_interval"]
                    else "",
                ),
                ("pre_p", _format_number(result["pre_p"], lang)),
            )
            if words
        ],
        charts=list_charts(query, result, without, own),
        weights=[
            WeightRow(
                name=name_country(ctx, iso3),
                weight=format_number(weight, lang, DECIMALS),
                without=sign(result["left_one_out"].get(iso3)),
            )
            for iso3, weight in sorted(result["weights"].items(), key=lambda entry: -entry[1])
            if weight >= 0.0005
        ],
        sets=[
            SetRow(
                label=t(f"effects.set.{'all' if at == 0 else 'without'}", lang),
                donors=format_number(len(donor_set["donors"]), lang),
                estimate=sign(donor_set["att"]),
                fit=_format_number(donor_set["relative_fit"], lang),
                place=_describe_place(donor_set, lang),
                floor=format_number(donor_set["floor"], lang, DECIMALS),
                note=" ".join(t(f"effects.refused.{reason}", lang) for reason in donor_set["reasons"]),
            )
            for at, donor_set in enumerate(result["sets"])
        ],
        events=[
            EventRow(
                time=format_number(row["time"], lang, signed=True),
                effect=sign(row["value"]),
                interval=t("effects.fact.errors_text", lang, lower=sign(row["lower"]), upper=sign(row["upper"]))
                if row["lower"] is not None
                else "",
            )
            for row in result["event_study"]
        ],
        left_out=join_countries(ctx, sort_by_name(ctx, result["left_out"])),
        json=f"/api/v1/effects?{write_query(query, without, own)}",
    )


def _sort_donors(ctx: Context, proposed: Mapping[str, list[str]]) -> list[tuple[str, list[str]]]:
    """Return donors with their reasons, most reasons first, equals by name."""
    return sorted(((iso3, proposed[iso3]) for iso3 in sort_by_name(ctx, proposed)), key=lambda entry: -len(entry[1]))


def _format_number(value: float | None, lang: str) -> str:
    return "" if value is None else format_number(value, lang, DECIMALS)


def describe_draws(result: Result, lang: str) -> str:
    """Return the range of p over the draws, and in how many the country stands out."""
    ps = [draw["p"] for draw in result["draws"] if draw["p"] is not None]
    if not ps:
        return ""
    if len(result["draws"]) == 1:
        return t("effects.fact.untied_text", lang, p=format_number(ps[0], lang, DECIMALS))
    return t(
        "effects.fact.draws_text",
        lang,
        least=format_number(min(ps), lang, DECIMALS),
        most=format_number(max(ps), lang, DECIMALS),
        standing=format_number(sum(p <= ALPHA for p in ps), lang),
        draws=format_number(len(result["draws"]), lang),
    )


def _describe_place(donor_set: DonorSet, lang: str) -> str:
    """Return the rank among placebos, or the share that stands out as much."""
    if donor_set["p"] is None:
        return ""
    p = _format_number(donor_set["p"], lang)
    if donor_set["rank"] is None:
        return t("effects.set.share", lang, p=p)
    return t(
        "effects.set.place",
        lang,
        rank=format_number(donor_set["rank"], lang),
        units=format_number(len(donor_set["donors"]) + 1, lang),
        p=p,
    )


def _describe_event(ctx: Context, event: AdoptionEvent) -> str:
    when = format_day(event.date, ctx.lang, event.precision) if event.date else t("effects.plan.undated", ctx.lang)
    return t(
        "effects.plan.event",
        ctx.lang,
        type=translate_term(ctx, "event_type", event.type, ""),
        date=when,
        scope=choose_text(event.scopes, ctx.lang) or event.scope,
    )


def _describe_plan(query: EffectQuery) -> str:
    ctx, plan = query.ctx, query.plan
    names = join_countries(ctx, sort_by_name(ctx, {unit.country for unit in plan.treated}))
    text = t(
        f"effects.plan.{plan.method}",
        ctx.lang,
        outcome=name_metric(ctx, plan.outcome),
        country=names or t("effects.plan.nobody", ctx.lang),
        event=_describe_event(ctx, query.event) if query.event else t("effects.plan.undated", ctx.lang),
        donors=format_number(len(plan.donors) + plan.drawn, ctx.lang),
        first=str(plan.first),
        last=str(plan.last),
    )
    event, first_after = query.event, plan.treated[0].year if plan.treated else 0
    late = event is not None and event.date != "" and first_after > int(event.date[:4])
    return f"{text} {t('effects.plan.after', ctx.lang, year=str(first_after))}" if late else text
