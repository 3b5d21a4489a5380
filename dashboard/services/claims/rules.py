"""How each claim of the statement is answered: one function a claim, from the codebook, the dataset and sent counts.

An answer is one of six words and never "true" or "false": it says what can be shown here, not what is the case. A
register that is not complete can show that a number is reached; that it finds fewer contradicts nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date as day
from typing import Literal, get_args

from dashboard.codebook.model import StatementClaim
from dashboard.codebook.register.history import build_history, last_day, list_countries_counted
from dashboard.locales import format_day, format_number, format_quantity, t
from dashboard.services.adoption.counting import list_adopters, list_origins, register
from dashboard.services.base.context import Context
from dashboard.services.base.rows import has_figure, load_holdings, select_lean_totals
from dashboard.services.base.words import join_list, name_country, sort_by_name, translate_term
from dashboard.services.site.change import explain_edition, find_pairs, group_by_verdict

Answer = Literal["shown", "partly_shown", "contradicted", "said_not_shown", "cannot_be_tested", "due"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)

OWN_ACTS = frozenset({"law", "decree", "resolution", "regulation", "government_order", "government_decision"})
ON_SERVICES = frozenset(
    {"one_stop_centres", "one_stop_agency", "general_services_law", "general_services_policy", "service_standards"}
)
PLANNED = ("training", "material", "event", "mission", "project")
"""Kinds of activity that the agreement plans; its signature and its opening are none of them."""
IN_EFFECT = frozenset({"in_force", "law_in_force", "launched", "approved", "published"})
AGENCY = "State Agency for Public Service"
CONTINENTS, FULL, BENEFITED, PARTICIPANTS = 4, 4, 25, 100
"""Numbers that the statement names."""
FIRST_SATISFACTION = ("sat_overall_gov", "sat_attributes_gov")
INCOMES = 4
"""Income groups of the World Bank."""
POOLED = 12
"""Months of which one verdict on continuous satisfaction is made."""


@dataclass(frozen=True, slots=True)
class SentCounts:
    """Counts of the country of origin that its agency sent and that were released here; empty: none were."""

    months: tuple[tuple[str, int, int], ...] = ()  # month, satisfied, valid answers; the oldest first
    in_time: tuple[int, int] | None = None  # complaints answered in time, complaints due
    reissued: tuple[int, int] | None = None  # documents issued wrongly or re-issued, documents issued
    overturned: tuple[int, int] | None = None  # decisions overturned, decisions taken
    upheld: tuple[int, int] | None = None  # complaints upheld, complaints decided
    promised: tuple[tuple[str, float], ...] = ()  # channel, per cent of the time for which service is promised
    decisions: int = 0  # recorded with the figure that raised them
    measured: int = 0  # of them, those whose figure was looked at again
    activities: tuple[str, ...] = ()  # kinds of the activities that the parties of the agreement sent, one each


NOTHING_SENT = SentCounts()


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """The answer to a claim, why, the figure that decides it, and where that can be looked up."""

    answer: Answer
    text: str
    figure: str = ""
    to: str = ""
    open: bool = field(default=True)  # whether somebody could still supply something


Rule = Callable[[Context, StatementClaim, SentCounts], ClaimFinding]


def find_answer(ctx: Context, claim: StatementClaim, sent: SentCounts = NOTHING_SENT) -> ClaimFinding:
    """What can be shown of a claim on the day of the context."""
    return RULES[claim.id](ctx, claim, sent)


def _say(ctx: Context, claim: str, part: str = "text", **values: str) -> str:
    return t(f"statement.because.{claim}.{part}", ctx.lang, **values)


def _of(ctx: Context, count: int, of: int) -> str:
    return t("statement.figure.of", ctx.lang, count=format_number(count, ctx.lang), of=format_number(of, ctx.lang))


def _recorded(ctx: Context, count: int) -> str:
    """A number of records, or that there is none."""
    return format_number(count, ctx.lang) if count else t("statement.figure.none", ctx.lang)


def _count_by(ctx: Context, groups: Mapping[str, Iterable[str]], area: str) -> str:
    """``Africa: 6, Asia: 5`` with the largest group first; ``area`` says where the words of the groups stand."""
    sizes = {name: len(list(countries)) for name, countries in groups.items()}
    colon, comma = t("ui.list.colon", ctx.lang), t("ui.list.comma", ctx.lang)
    ordered = sorted(sizes, key=lambda name: (-sizes[name], name))
    return comma.join(
        f"{translate_term(ctx, area, name, '')}{colon}{format_number(sizes[name], ctx.lang)}" for name in ordered
    )


def group_by(ctx: Context, countries: Iterable[str], part: str) -> dict[str, list[str]]:
    """Countries by their ``continent`` or ``income``, each group in the order of their names."""
    groups: dict[str, list[str]] = {}
    for iso3 in sort_by_name(ctx, countries):
        groups.setdefault(getattr(ctx.book.countries[iso3], part), []).append(iso3)
    return groups


def _signature(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    records = [
        it
        for it in ctx.book.agreement
        if it.kind == "milestone" and it.precision == "day" and it.source_type in ("azerbaijan_gov", "un")
    ]
    if not records:
        return ClaimFinding("said_not_shown", _say(ctx, "S-01", "none"), to="adoption/?tab=agreement")
    when = format_day(records[0].date, ctx.lang)
    return ClaimFinding("shown", _say(ctx, "S-01", date=when), when, "adoption/?tab=agreement", open=False)


def _ceremony(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    """The agency's own release tells of the plenary and of more than 100 participants; nothing else of 50 countries."""
    releases = [
        it
        for it in ctx.book.agreement
        if it.kind == "participation" and it.source_type != "press" and (it.number or 0) >= PARTICIPANTS
    ]
    if not releases:
        return ClaimFinding("said_not_shown", _say(ctx, "S-02", "none"), to="adoption/?tab=agreement")
    most = t("answers.claim.more_than", ctx.lang, number=format_number(releases[0].number or 0, ctx.lang))
    return ClaimFinding("partly_shown", _say(ctx, "S-02", number=most), most, "adoption/?tab=agreement")


def _implementation(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    under = [it for it in ctx.book.activities if it["kind"] in PLANNED and it["carried_out"] != "announced"]
    own = [it for it in under if it["under_agreement"] == "yes" and it["confidence"] == "high"]
    read = sum(it["under_agreement"] == "our_reading" for it in under)
    kinds = {it["kind"] for it in own} | {*sent.activities}
    answer: Answer = (
        "shown" if kinds >= {"training", "material", "event"} else "partly_shown" if kinds else "said_not_shown"
    )
    text = _say(
        ctx,
        "S-03",
        count=format_number(len(own), ctx.lang),
        sent=format_number(len(sent.activities), ctx.lang),
        read=format_number(read, ctx.lang),
    )
    found = _recorded(ctx, len(own) + len(sent.activities))
    return ClaimFinding(answer, text, found, "adoption/?tab=agreement#sent-activities")


def _continents(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    signed = group_by(ctx, list_adopters(ctx), "continent")
    working = group_by(ctx, list_adopters(ctx, "operating"), "continent")
    text = _say(
        ctx,
        "S-04",
        signed=_count_by(ctx, signed, "continent"),
        operating=_count_by(ctx, working, "continent"),
    )
    answer: Answer = "partly_shown" if len(signed) >= CONTINENTS else "said_not_shown"
    return ClaimFinding(answer, text, _of(ctx, len(signed), CONTINENTS), "adoption/#groups")


def _recommendation(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    awards = [it for it in ctx.book.model_hooks if it["kind"] == "award" and it["body"] == "United Nations"]
    named = join_list(ctx, (it["date"] for it in awards))
    text = _say(ctx, "S-05", years=named)
    return ClaimFinding("said_not_shown", text, _recorded(ctx, 0), "adoption/?tab=agreement#texts")


def _success(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    verdicts = group_by_verdict(find_pairs(ctx, "signed"))
    rose, fell, unclear = (len(verdicts[name]) for name in ("rose", "fell", "unclear"))
    assessed = rose + fell + unclear
    answer: Answer = "partly_shown" if assessed and 2 * rose > assessed else "said_not_shown"
    text = _say(
        ctx,
        "S-06",
        rose=format_number(rose, ctx.lang),
        fell=format_number(fell, ctx.lang),
        unclear=format_number(unclear, ctx.lang),
    )
    text = " ".join(filter(None, (text, explain_edition(ctx))))
    return ClaimFinding(answer, text, _of(ctx, rose, assessed), "indicators/wgi_cc/")


def _full_operation(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    then = last_day(claim.said_on)
    steps = build_history(ctx.book)
    before = len(list_countries_counted(steps, "operating", then)) if then else 0
    now, contacts = len(list_adopters(ctx, "operating")), len(list_adopters(ctx, "any_contact"))
    reached = (before >= FULL) + (contacts >= BENEFITED)
    answer: Answer = ("said_not_shown", "partly_shown", "shown")[reached]
    text = _say(
        ctx,
        "S-07",
        date=format_day(claim.said_on, ctx.lang, "month"),
        then=format_number(before, ctx.lang),
        now=format_number(now, ctx.lang),
        signed=format_number(len(list_adopters(ctx)), ctx.lang),
        contacts=format_number(contacts, ctx.lang),
    )
    figure = _say(ctx, "S-07", "figure", then=format_number(before, ctx.lang))
    return ClaimFinding(answer, text, figure, "adoption/?rule=operating")


def list_targets_measured(ctx: Context) -> list[str]:
    """Codes of the SDG targets that an indicator with a direct link and a figure of the origin or an adopter has."""
    countries, latest = {*list_origins(ctx), *list_adopters(ctx)}, load_holdings(ctx).latest
    return sorted(
        {
            link.target or link.sdg_indicator.rpartition(".")[0]
            for metric in ctx.book.metrics.values()
            if any(has_figure(latest.get(metric.id, {}).get(iso3)) for iso3 in countries)
            for link in metric.links
            if link.strength == "direct" and (link.target or link.sdg_indicator)
        }
    )


def _goals(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    measured, every = list_targets_measured(ctx), len(ctx.book.targets)
    share = _of(ctx, len(measured), every)
    answer: Answer = "partly_shown" if measured else "said_not_shown"
    return ClaimFinding(answer, _say(ctx, "S-08", share=share), share, "mapping/")


def _resolution(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    held = [it for it in ctx.book.model_hooks if it["kind"] == "hrc_resolution" and it["verified"] == "yes"]
    symbols = join_list(ctx, (it["symbol"] for it in held))
    answer: Answer = "partly_shown" if held else "said_not_shown"
    return ClaimFinding(answer, _say(ctx, "S-09", symbols=symbols), symbols, "adoption/?tab=agreement#texts")


def _exported(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    signed, contacts = len(list_adopters(ctx)), len(list_adopters(ctx, "any_contact"))
    answer: Answer = "shown" if signed > BENEFITED else "partly_shown" if contacts > BENEFITED else "said_not_shown"
    text = _say(ctx, "S-10", signed=format_number(signed, ctx.lang), contacts=format_number(contacts, ctx.lang))
    return ClaimFinding(answer, text, _of(ctx, contacts, BENEFITED), "adoption/?tab=claims#RC-10")


def _development(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    signed = list_adopters(ctx)
    incomes = group_by(ctx, signed, "income")
    least = [iso3 for iso3 in signed if ctx.book.countries[iso3].ldc]
    high = "High income" in incomes
    answer: Answer = "shown" if high and least else "partly_shown" if high or least else "said_not_shown"
    text = _say(ctx, "S-11", groups=_count_by(ctx, incomes, "income"), least=format_number(len(least), ctx.lang))
    return ClaimFinding(answer, text, _of(ctx, len(incomes), INCOMES), "adoption/#groups", open=False)


def _gratitude(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    return ClaimFinding("cannot_be_tested", _say(ctx, "S-12"), open=False)


def list_countries_with_act(ctx: Context, confidence: str = "high") -> list[str]:
    """Adopters with an act of their own on one-stop centres, their agency or public services, read that surely."""
    acts = {
        it["country"]
        for it in ctx.book.legal_acts
        if it["kind"] in OWN_ACTS and it["scope"] in ON_SERVICES and it["confidence"] == confidence
    }
    return sort_by_name(ctx, acts & {*list_adopters(ctx)})


def _own_laws(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    having, of = list_countries_with_act(ctx), len(list_adopters(ctx))
    share = _of(ctx, len(having), of)
    names = join_list(ctx, (name_country(ctx, iso3) for iso3 in having))
    answer: Answer = "shown" if len(having) == of else "partly_shown" if having else "said_not_shown"
    return ClaimFinding(answer, _say(ctx, "S-13", share=share, countries=names), share, "adoption/?tab=laws")


def _felt(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    """Adopters with a household survey on government services before their first dated opening and since."""
    rows = select_lean_totals(ctx, FIRST_SATISFACTION).collect()
    both = []
    for iso3 in list_adopters(ctx):
        opened = register(ctx)[iso3].opened
        own = rows.filter(country=iso3).drop_nulls(["value", "year"]) if opened else None
        years = own["year"].to_list() if own is not None else []
        if any(year < int(opened[:4]) for year in years) and any(year > int(opened[:4]) for year in years):
            both.append(iso3)
    share = _of(ctx, len(both), len(list_adopters(ctx)))
    answer: Answer = "partly_shown" if both else "said_not_shown"
    return ClaimFinding(answer, _say(ctx, "S-14", share=share), share, "indicators/sat_overall_gov/")


def _strategies_of(ctx: Context, countries: Iterable[str], topic: str) -> list[str]:
    """Countries with a strategy on the topic that is published or in force, read with high confidence."""
    rows = [
        it
        for it in ctx.book.strategies
        if topic in it["topic"].split("; ") and it["status"] in IN_EFFECT and it["confidence"] == "high"
    ]
    return sort_by_name(ctx, {it["country"] for it in rows} & {*countries})


def list_agency_strategies(ctx: Context) -> list[Mapping[str, str]]:
    """Strategies of the State Agency itself that are published or in force."""
    return [it for it in ctx.book.strategies if AGENCY in it["body"] and it["status"] in IN_EFFECT]


def _strategies(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    own = list_agency_strategies(ctx)
    topics = {topic for it in own for topic in it["topic"].split("; ")}
    answer: Answer = "shown" if topics >= {"ai", "data"} else "partly_shown" if own else "said_not_shown"
    of = len(list_adopters(ctx))
    text = _say(
        ctx,
        "S-15",
        ai=_of(ctx, len(_strategies_of(ctx, list_adopters(ctx), "ai")), of),
        data=_of(ctx, len(_strategies_of(ctx, list_adopters(ctx), "data")), of),
    )
    return ClaimFinding(answer, text, _recorded(ctx, len(own)), "adoption/?tab=laws")


def _satisfaction(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    """A verdict for each month and for the last twelve pooled; more missed months than chance gives contradict it."""
    where = f"services/{list_origins(ctx)[0]}/" if list_origins(ctx) else "services/"
    own = [
        float(it["value"])
        for it in ctx.book.agency_reports
        if it["metric"] == "satisfaction" and it["country"] in list_origins(ctx)
    ]
    if not sent.months:
        lowest, highest = (
            format_quantity(value, "percent", ctx.lang) for value in (min(own, default=0), max(own, default=0))
        )
        key = "none" if own else "nothing"
        values = {"count": format_number(len(own), ctx.lang), "lowest": lowest, "highest": highest} if own else {}
        return ClaimFinding("said_not_shown", _say(ctx, "S-16", key, **values), to=where)
    from dashboard.measures.delivery.target99 import ALPHA, is_beyond_chance, judge_count

    last = sent.months[-POOLED:]
    verdicts = [judge_count(satisfied, valid).verdict for _, satisfied, valid in last]
    satisfied, valid = sum(month[1] for month in last), sum(month[2] for month in last)
    pooled = judge_count(satisfied, valid).verdict
    missed, met = verdicts.count("not_met"), verdicts.count("met")
    answer: Answer = (
        "contradicted"
        if pooled == "not_met" or is_beyond_chance(missed, len(last))
        else "shown"
        if pooled == "met" and len(last) == POOLED
        else "partly_shown"
        if met
        else "said_not_shown"
    )
    share = format_quantity(100 * satisfied / valid, "percent", ctx.lang, 1)
    text = _say(
        ctx,
        "S-16",
        share=share,
        valid=format_number(valid, ctx.lang),
        months=format_number(len(last), ctx.lang),
        met=format_number(met, ctx.lang),
        missed=format_number(missed, ctx.lang),
        alarm=format_quantity(100 * ALPHA, "percent", ctx.lang, 0),
    )
    return ClaimFinding(answer, text, share, where)


def _innovations(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    end = last_day(claim.due_on)
    if end is None or ctx.today > end:
        answer: Answer = "partly_shown" if list_agency_strategies(ctx) else "said_not_shown"
        return ClaimFinding(answer, _say(ctx, "S-17", "over", date=format_day(claim.due_on, ctx.lang, "month")))
    left = t("statement.figure.days", ctx.lang, count=count_days_left(ctx.today, claim.due_on))
    text = _say(ctx, "S-17", date=format_day(claim.due_on, ctx.lang, "month"), left=left)
    return ClaimFinding("due", text, left, "adoption/?tab=laws")


def count_days_left(today: day, due_on: str) -> int:
    """Days until the month is over in which something is due; 0 on its last day and later."""
    end = last_day(due_on)
    return max(0, (end - today).days) if end else 0


def _opinions(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    if sent.in_time is None or not sent.in_time[1]:
        return ClaimFinding("said_not_shown", _say(ctx, "S-18", "none"), to="services/")
    share = format_quantity(100 * sent.in_time[0] / sent.in_time[1], "percent", ctx.lang, 1)
    text = _say(ctx, "S-18", share=share, due=format_number(sent.in_time[1], ctx.lang))
    return ClaimFinding("partly_shown", text, share, "services/")


def _all_hours(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    if not sent.promised:
        return ClaimFinding("said_not_shown", _say(ctx, "S-19", "none"), to="services/")
    colon = t("ui.list.colon", ctx.lang)
    parts = t("ui.list.semicolon", ctx.lang).join(
        f"{t(f'delivery.channels.{channel}', ctx.lang)}{colon}{format_quantity(share, 'percent', ctx.lang, 1)}"
        for channel, share in sent.promised
    )
    always = sum(share >= 100 for _, share in sent.promised)
    answer: Answer = "shown" if always == len(sent.promised) else "partly_shown" if always else "contradicted"
    return ClaimFinding(answer, _say(ctx, "S-19", channels=parts), _of(ctx, always, len(sent.promised)), "services/")


def _decisions(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    if not sent.decisions:
        return ClaimFinding("said_not_shown", _say(ctx, "S-20", "none"), _recorded(ctx, 0), "services/")
    share = _of(ctx, sent.measured, sent.decisions)
    answer: Answer = "shown" if sent.measured else "partly_shown"
    return ClaimFinding(answer, _say(ctx, "S-20", share=share), share, "services/")


def _errors(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    vintages = ctx.dataset.vintages()
    ours = _say(
        ctx,
        "S-21",
        "ours",
        count=format_number(sum(it["superseded"] for it in vintages), ctx.lang),
        vintages=format_number(len(vintages), ctx.lang),
    )
    counts = {"reissued": sent.reissued, "overturned": sent.overturned, "upheld": sent.upheld}
    told = {name: pair for name, pair in counts.items() if pair and pair[1]}
    if not told:
        return ClaimFinding("said_not_shown", f"{_say(ctx, 'S-21', 'none')} {ours}", to="services/")
    rates = {name: _rate(ctx, name, *pair) for name, pair in told.items()}
    colon = t("ui.list.colon", ctx.lang)
    figures = t("ui.list.semicolon", ctx.lang).join(
        f"{_say(ctx, 'S-21', name)}{colon}{rates[name]} ({_of(ctx, *pair)})" for name, pair in told.items()
    )
    untold = join_list(ctx, (_say(ctx, "S-21", name) for name in counts if name not in told))
    missing = _say(ctx, "S-21", "missing", names=untold) if untold else ""
    text = " ".join(filter(None, (_say(ctx, "S-21", figures=figures), missing, ours)))
    answer: Answer = (
        "contradicted" if any(wrong for wrong, _ in told.values()) else "partly_shown" if untold else "shown"
    )
    return ClaimFinding(answer, text, next(iter(rates.values())), "services/")


def _rate(ctx: Context, name: str, wrong: int, of: int) -> str:
    """Errors of a kind: of 10,000 documents, else of a hundred."""
    whole, unit = (10_000, "per_10000") if name == "reissued" else (100, "percent")
    return format_quantity(whole * wrong / of, unit, ctx.lang, 1)


RULES: Mapping[str, Rule] = {
    "S-01": _signature, "S-02": _ceremony, "S-03": _implementation, "S-04": _continents, "S-05": _recommendation,
    "S-06": _success, "S-07": _full_operation, "S-08": _goals, "S-09": _resolution, "S-10": _exported,
    "S-11": _development, "S-12": _gratitude, "S-13": _own_laws, "S-14": _felt, "S-15": _strategies,
    "S-16": _satisfaction, "S-17": _innovations, "S-18": _opinions, "S-19": _all_hours, "S-20": _decisions,
    "S-21": _errors,
}  # fmt: skip
"""Claim → the function that answers it; a test holds that every claim of the file has one."""
