"""Claims that are answered from counts an agency sends, beside surveys and what it says itself: never joined."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboard.analysis.measures.delivery.target99 import ALPHA, is_beyond_chance, judge_count
from dashboard.analysis.measures.effects.admission import REFUSED
from dashboard.answers.adoption.counting import list_adopters, list_origins, register
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import select_lean_totals
from dashboard.answers.base.words import format_years, join_list, join_sentences, name_country, name_metric
from dashboard.answers.claims.finding import (
    Answer,
    ClaimFinding,
    EffectsFound,
    Evidence,
    SentCounts,
    count_of,
    count_recorded,
    say_why,
)
from dashboard.answers.claims.views import ClaimTable
from dashboard.answers.effects.estimates import list_default_results
from dashboard.answers.effects.query import list_outcomes
from dashboard.answers.reported.figures import OWN, ReportedFigure, list_reported, write_value
from dashboard.answers.wording.changes import format_difference
from dashboard.evidence.codebook.model import StatementClaim, choose_text
from dashboard.locales import format_day, format_number, format_quantity, t

FIRST_SATISFACTION = ("sat_overall_gov", "sat_attributes_gov")
SURVEYS = (*FIRST_SATISFACTION, "user_satisfaction_gds")
"""Indicators of satisfaction with public services that surveys give by year."""
POOLED_MONTHS = 12
"""Months of which one verdict on continuous satisfaction is made."""
MIN_OPEN_PERCENT = 99.0
"""Per cent of the promised time in which a channel was open, from which its promise counts as kept; as for outages."""


def answer_felt(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    """Compare household surveys before and after each adopter's first dated opening."""
    rows = select_lean_totals(ctx, FIRST_SATISFACTION).drop_nulls(["value", "year"]).sort("year").collect()
    found = dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]]()
    origins = list_origins(ctx)
    for iso3 in (*origins, *list_adopters(ctx)):
        opened = register(ctx)[iso3].opened[:4]
        for metric in FIRST_SATISFACTION if opened else ():
            own = rows.filter(country=iso3, indicator=metric).rows(named=True)
            before = [row for row in own if row["year"] < int(opened)]
            since = [row for row in own if row["year"] > int(opened)]
            if before and since:
                found.setdefault(iso3, (before[-1], since[-1]))
    pairs = {iso3: pair for iso3, pair in found.items() if iso3 not in origins}
    share = count_of(ctx, len(pairs), len(list_adopters(ctx)))
    answer: Answer = "partly_shown" if pairs else "said_not_shown"

    def tell(countries: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]]) -> str:
        return _join_pairs(
            ctx,
            (
                (
                    name_country(ctx, iso3),
                    " → ".join(f"{_format_percent(ctx, row['value'])} ({row['year']})" for row in pair),
                )
                for iso3, pair in countries.items()
            ),
        )

    figures = tell(pairs)
    at_origin = tell({iso3: pair for iso3, pair in found.items() if iso3 in origins})
    outcome_count = sum(metric.id in SURVEYS for metric in list_outcomes(ctx))
    online = _join_pairs(
        ctx, ((name_country(ctx, iso3), format_number(count, ctx.lang)) for iso3, count in sent.online)
    )
    findings = (
        say_why(ctx, "S-14", "pairs", figures=figures) if pairs else "",
        say_why(ctx, "S-14", "effects", count=outcome_count) if outcome_count else say_why(ctx, "S-14", "no_effects"),
        _tell_effects(ctx, sent.effects) if sent.effects else "",
        *(
            say_why(
                ctx,
                "S-14",
                "origin",
                country=name_country(ctx, iso3),
                figures=at_origin or say_why(ctx, "S-14", "origin_none"),
                effects=_count_effects_on(ctx, iso3),
            )
            for iso3 in origins
        ),
        say_why(ctx, "S-14", "online", figures=online) if online else say_why(ctx, "S-14", "no_online"),
    )
    text = say_why(ctx, "S-14", share=share)
    evidence: Evidence = "independent" if pairs else "none"
    return ClaimFinding(
        answer, text, share, "indicators/sat_overall_gov/", beside=_drop_empty(*findings), evidence=evidence
    )


def _tell_effects(ctx: Context, found: EffectsFound) -> str:
    """Describe each effect found, or that none can be told, beside what chance gives."""
    effects = _join_pairs(
        ctx,
        (
            (
                f"{name_country(ctx, iso3)}, {name_metric(ctx, outcome)}",
                format_difference(ctx, ctx.book.metrics[outcome], difference),
            )
            for iso3, outcome, difference in found.consistent
        ),
    )
    return say_why(
        ctx,
        "S-14",
        "others" if effects else "others_cannot_tell",
        figures=effects,
        made=found.made,
        standing=found.standing,
        expected=format_number(found.expected, ctx.lang, 1),
    )


def _count_effects_on(ctx: Context, iso3: str) -> str:
    """Count the estimates on a country by verdict, or say that none could be made."""
    counted = Counter(
        result["verdict"]
        for (country, _), result in list_default_results(ctx).items()
        if country == iso3 and result["verdict"] != REFUSED
    )
    words = (
        (t(f"effects.verdict.{verdict}.name", ctx.lang), format_number(n, ctx.lang)) for verdict, n in counted.items()
    )
    return _join_pairs(ctx, words) or say_why(ctx, "S-14", "origin_none")


def answer_satisfaction(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    """Judge each month and the last twelve pooled; more misses than chance gives contradict."""
    where = f"services/{list_origins(ctx)[0]}/" if list_origins(ctx) else "services/"
    own = [figure for iso3 in list_origins(ctx) for figure in list_reported(iso3) if figure.measure == OWN]
    findings = _drop_empty(_tell_surveys(ctx), _tell_own(ctx, own))
    if not sent.months:
        return ClaimFinding("said_not_shown", say_why(ctx, "S-16", "none"), to=where, beside=findings)
    last = sent.months[-POOLED_MONTHS:]
    verdicts = [judge_count(satisfied, valid).verdict for _, satisfied, valid in last]
    satisfied, valid = sum(month[1] for month in last), sum(month[2] for month in last)
    pooled = judge_count(satisfied, valid).verdict
    missed, met = verdicts.count("not_met"), verdicts.count("met")
    answer: Answer = (
        "contradicted"
        if pooled == "not_met" or is_beyond_chance(missed, len(last))
        else "shown"
        if pooled == "met" and len(last) == POOLED_MONTHS
        else "partly_shown"
        if met
        else "said_not_shown"
    )
    share = _format_percent(ctx, 100 * satisfied / valid)
    text = say_why(
        ctx,
        "S-16",
        share=share,
        valid=valid,
        months=len(last),
        met=met,
        missed=missed,
        alarm=format_quantity(100 * ALPHA, "percent", ctx.lang, 0),
    )
    months = _make_table(
        ctx,
        ("satisfied", "valid", "share", "verdict"),
        [
            [
                format_day(month, ctx.lang, "month"),
                format_number(good, ctx.lang),
                format_number(all_, ctx.lang),
                _format_percent(ctx, 100 * good / all_),
                t(f"statement.verdict.{verdict}", ctx.lang),
            ]
            for (month, good, all_), verdict in zip(last, verdicts, strict=True)
        ],
    )
    return ClaimFinding(answer, text, share, where, beside=findings, months=months, evidence="agency")


def _tell_surveys(ctx: Context) -> str:
    """Describe what surveys found in the country of origin, by year."""
    rows = select_lean_totals(ctx, SURVEYS).collect()
    found = rows.filter(rows["country"].is_in(list_origins(ctx))).drop_nulls("value").sort("period")
    figures = _join_pairs(
        ctx,
        (
            (
                f"{name_metric(ctx, row['indicator'])} ({_describe_year(ctx, row)})",
                format_quantity(row["value"], "percent", ctx.lang),
            )
            for row in found.rows(named=True)
        ),
    )
    cautions = [ctx.book.cautions.get((row["indicator"], row["country"])) for row in found.rows(named=True)]
    sentences = dict.fromkeys(choose_text(caution, ctx.lang) for caution in cautions if caution)
    if not figures:
        return say_why(ctx, "S-16", "no_surveys")
    return join_sentences([say_why(ctx, "S-16", "surveys", figures=figures), *sentences])


def _describe_year(ctx: Context, row: Mapping[str, Any]) -> str:
    """Return the year of a survey's figure, or the span it lies in where that is not published."""
    if row["year"] is not None:
        return str(row["year"])
    first, _, last = row["period"].partition("/")
    within = format_years(int(first[:4]), int((last or first)[:4]), ctx.lang)
    return f"{within}{t('ui.list.comma', ctx.lang)}{t('period.no_year', ctx.lang)}"


def _tell_own(ctx: Context, own: Sequence[ReportedFigure]) -> str:
    """Return the agency's own percentages, each once a year."""
    figures = sorted({(figure.until[:4], write_value(figure, ctx.lang)) for figure in own})
    return say_why(ctx, "S-16", "own", figures=_join_pairs(ctx, figures)) if figures else ""


def answer_opinions(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    """Count complaints and opinions received, sorted and answered, without those withheld."""
    due = sent.in_time if sent.in_time and sent.in_time[1] else None
    opinions, by_theme = (sum(getattr(month, part) or 0 for month in sent.received) for part in ("opinions", "sorted"))
    having = (sent.complaints is not None or due is not None, opinions > 0, sent.replies > 0)
    if not any(having):
        return ClaimFinding("said_not_shown", say_why(ctx, "S-18", "none"), to="services/")
    received = say_why(ctx, "S-18", "received", count=sent.complaints) if sent.complaints is not None else ""
    share = _format_percent(ctx, 100 * due[0] / due[1]) if due else ""
    in_time = say_why(ctx, "S-18", share=share, due=due[1]) if due else ""
    released = (
        say_why(ctx, "S-18", "opinions", count=opinions, sorted=by_theme)
        if opinions
        else say_why(ctx, "S-18", "no_opinions")
    )
    replies = (
        say_why(ctx, "S-18", "replies", count=sent.replies) if sent.replies else say_why(ctx, "S-18", "no_replies")
    )
    figures = [(t(f"officers.kinds.{kind}", ctx.lang), format_number(n, ctx.lang)) for kind, n in sent.kinds]
    kinds = (
        say_why(ctx, "S-18", "kinds", figures=_join_pairs(ctx, figures))
        if figures
        else say_why(ctx, "S-18", "no_kinds")
    )
    found = _drop_empty(in_time or say_why(ctx, "S-18", "no_due"), received or say_why(ctx, "S-18", "no_complaints"),
                  released, replies, kinds)  # fmt: skip
    untold = t("statement.figure.untold", ctx.lang)
    rows = [
        [
            format_day(month.month, ctx.lang, "month"),
            *(
                untold if count is None else format_number(count, ctx.lang)
                for count in (month.complaints, month.opinions, month.sorted)
            ),
            count_of(ctx, *month.in_time) if month.in_time else untold,
        ]
        for month in sent.received
    ]
    months = _make_table(ctx, ("complaints", "opinions", "sorted", "in_time"), rows) if rows else None
    answer: Answer = "shown" if due and by_theme and sent.replies else "partly_shown"
    return ClaimFinding(answer, found[0], share, "services/", beside=found[1:], months=months, evidence="agency")


def answer_all_hours(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    """Compare opening hours as promised, as reported and as probed from outside, by channel."""
    probed = sent.probed
    outside = (
        say_why(
            ctx,
            "S-19",
            "probed",
            days=probed.days,
            share=count_of(ctx, probed.always, probed.addresses),
            answered=format_quantity(probed.answered, "percent", ctx.lang, 2),
        )
        if probed
        else say_why(ctx, "S-19", "no_probes")
    )
    if not sent.hours:
        answer: Answer = "partly_shown" if probed and probed.always else "said_not_shown"
        figure = count_of(ctx, probed.always, probed.addresses) if probed else ""
        evidence: Evidence = "independent" if probed else "none"
        text = say_why(ctx, "S-19", "none")
        return ClaimFinding(answer, text, figure, "services/", beside=(outside,), evidence=evidence)
    promised = _join_pairs(
        ctx,
        (
            (
                _name_channel(ctx, channel.channel),
                say_why(
                    ctx,
                    "S-19",
                    "services",
                    share=count_of(ctx, channel.always, channel.services),
                    time=_format_percent(ctx, channel.promised),
                ),
            )
            for channel in sent.hours
        ),
    )
    reported = _join_pairs(
        ctx,
        (
            (_name_channel(ctx, channel.channel), _format_percent(ctx, channel.reported))
            for channel in sent.hours
            if channel.reported is not None
        ),
    )
    always = [channel for channel in sent.hours if channel.always == channel.services]
    all_open = len(always) == len(sent.hours) and all(
        channel.reported is not None and channel.reported >= MIN_OPEN_PERCENT for channel in always
    )
    some = any(channel.always for channel in sent.hours) or bool(probed and probed.always)
    silent = probed is not None and probed.always < probed.addresses
    answer = "shown" if all_open and not silent else "partly_shown" if some else "contradicted"
    text = say_why(ctx, "S-19", month=format_day(sent.hours_month, ctx.lang, "month"), channels=promised)
    figure = say_why(ctx, "S-19", "figure", share=count_of(ctx, len(always), len(sent.hours)))
    open_ = say_why(ctx, "S-19", "reported", channels=reported) if reported else say_why(ctx, "S-19", "no_reported")
    evidence = "partly" if probed else "agency"
    return ClaimFinding(answer, text, figure, "services/", beside=(open_, outside), evidence=evidence)


def _name_channel(ctx: Context, channel: str) -> str:
    return t(f"delivery.channels.{channel}", ctx.lang)


def _format_percent(ctx: Context, value: float) -> str:
    return format_quantity(value, "percent", ctx.lang, 1)


def _drop_empty(*sentences: str) -> tuple[str, ...]:
    return tuple(filter(None, sentences))


def _join_pairs(ctx: Context, pairs: Iterator[tuple[str, str]] | Sequence[tuple[str, str]]) -> str:
    """Join pairs as ``Web: 100.0 %; Counter: 30.0 %``."""
    colon = t("ui.list.colon", ctx.lang)
    return t("ui.list.semicolon", ctx.lang).join(f"{name}{colon}{value}" for name, value in pairs)


def _make_table(ctx: Context, columns: Sequence[str], rows: list[list[str]]) -> ClaimTable:
    titles = [t(f"statement.column.{name}", ctx.lang) for name in columns]
    return ClaimTable(columns=titles, rows=rows[::-1])


def answer_decisions(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    """Count decisions recorded with their figure, and those whose figure was measured again."""
    if not sent.decisions:
        return ClaimFinding("said_not_shown", say_why(ctx, "S-20", "none"), count_recorded(ctx, 0), "services/")
    share = count_of(ctx, sent.measured, sent.decisions)
    answer: Answer = "shown" if sent.measured else "partly_shown"
    return ClaimFinding(answer, say_why(ctx, "S-20", share=share), share, "services/", evidence="agency")


def answer_errors(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    """Count errors sent of each kind; any error contradicts, none in every kind shows the claim."""
    vintages = ctx.dataset.vintages()
    ours = say_why(
        ctx, "S-21", "ours", count=sum(vintage["superseded"] for vintage in vintages), vintages=len(vintages)
    )
    counts = {"reissued": sent.reissued, "overturned": sent.overturned, "upheld": sent.upheld}
    shares = {name: pair for name, pair in counts.items() if pair and pair[1]}
    if not shares:
        return ClaimFinding("said_not_shown", f"{say_why(ctx, 'S-21', 'none')} {ours}", to="services/")
    rates = {name: _format_rate(ctx, name, *pair) for name, pair in shares.items()}
    colon = t("ui.list.colon", ctx.lang)
    figures = t("ui.list.semicolon", ctx.lang).join(
        f"{say_why(ctx, 'S-21', name)}{colon}{rates[name]} ({count_of(ctx, *pair)})" for name, pair in shares.items()
    )
    untold = join_list(ctx, (say_why(ctx, "S-21", name) for name in counts if name not in shares))
    missing = say_why(ctx, "S-21", "missing", names=untold) if untold else ""
    text = " ".join(filter(None, (say_why(ctx, "S-21", figures=figures), missing, ours)))
    answer: Answer = (
        "contradicted" if any(wrong for wrong, _ in shares.values()) else "partly_shown" if untold else "shown"
    )
    return ClaimFinding(answer, text, next(iter(rates.values())), "services/", evidence="agency")


def _format_rate(ctx: Context, name: str, wrong: int, of: int) -> str:
    """Return the errors of a kind of 10,000 documents, or of a hundred."""
    whole, unit = (10_000, "per_10000") if name == "reissued" else (100, "percent")
    return format_quantity(whole * wrong / of, unit, ctx.lang, 1)
