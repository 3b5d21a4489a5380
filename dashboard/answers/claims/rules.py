"""How each claim of the statement is answered: one function a claim, from the codebook, the dataset and sent counts.

An answer is one of six words and never "true" or "false": it says what can be shown here, not what is the case. A
register that is not complete can show that a number is reached; that it finds fewer contradicts nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import date as day

from dashboard.answers.adoption.counting import list_adopters, list_origins
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import join_countries, join_list, sort_by_name, translate_term
from dashboard.answers.claims.counted import (
    answer_all_hours,
    answer_decisions,
    answer_errors,
    answer_felt,
    answer_opinions,
    answer_satisfaction,
)
from dashboard.answers.claims.finding import (
    NOTHING_SENT,
    Answer,
    ClaimFinding,
    Evidence,
    Rule,
    SentCounts,
    count_of,
    count_recorded,
    say_why,
)
from dashboard.answers.site.change import describe_origin, explain_no_verdict, find_pairs, group_by_verdict
from dashboard.answers.surveys.figures import describe_experience
from dashboard.evidence.codebook.model import CountingRule, StatementClaim
from dashboard.evidence.codebook.register.adoption import count_countries
from dashboard.evidence.codebook.register.history import build_history, list_counted_countries, read_last_day
from dashboard.locales import format_day, format_number, t

OWN_ACTS = frozenset({"law", "decree", "resolution", "regulation", "government_order", "government_decision"})
ON_SERVICES = frozenset(
    {"one_stop_centres", "one_stop_agency", "general_services_law", "general_services_policy", "service_standards"}
)
PLANNED = ("training", "material", "event", "mission", "project")
"""Kinds of activity that the agreement plans; its signature and its opening are none of them."""
IN_EFFECT = frozenset({"in_force", "launched", "approved", "published"})
"""States of a strategy that is there; a law on the same subject is none."""
AGENCY = "State Agency for Public Service"
CONTINENTS, FULL, BENEFITED, PARTICIPANTS = 4, 4, 25, 100
"""Numbers that the statement names."""
INCOMES = 4
"""Income groups of the World Bank."""


def find_answer(ctx: Context, claim: StatementClaim, sent: SentCounts = NOTHING_SENT) -> ClaimFinding:
    """Answer a claim on the day of the context."""
    return RULES[claim.id](ctx, claim, sent)


def _count_by(ctx: Context, groups: Mapping[str, Iterable[str]], area: str) -> str:
    """Return ``Africa: 6, Asia: 5``, the largest group first; ``area`` is that of the groups' words."""
    sizes = {name: len(list(countries)) for name, countries in groups.items()}
    colon, comma = t("ui.list.colon", ctx.lang), t("ui.list.comma", ctx.lang)
    ordered = sorted(sizes, key=lambda name: (-sizes[name], name))
    return comma.join(
        f"{translate_term(ctx, area, name, '')}{colon}{format_number(sizes[name], ctx.lang)}" for name in ordered
    )


def group_by(ctx: Context, countries: Iterable[str], part: str) -> dict[str, list[str]]:
    """Group countries by ``continent`` or ``income``, each group in the order of names."""
    groups: dict[str, list[str]] = {}
    for iso3 in sort_by_name(ctx, countries):
        groups.setdefault(getattr(ctx.book.countries[iso3], part), []).append(iso3)
    return groups


def _find_evidence(witnesses: Iterable[str]) -> Evidence:
    """Return whether somebody other than the speaker's agency recorded what decides an answer."""
    others = {witness != "azerbaijan_gov" for witness in witnesses}
    return "none" if not others else "independent" if others == {True} else "partly" if True in others else "agency"


def _weigh_register(ctx: Context, rule: CountingRule = "signed") -> Evidence:
    """Return the same for countries counted by a rule; independent reports of a centre count."""
    counted = count_countries(ctx.book, rule)
    confirmed = len(counted.support.get("confirmed", ()))
    return "independent" if confirmed == counted.number > 0 else "partly" if confirmed else "agency"


def _answer_signature(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    records = [
        record
        for record in ctx.book.agreement
        if record.kind == "milestone" and record.precision == "day" and record.source_type in ("azerbaijan_gov", "un")
    ]
    if not records:
        return ClaimFinding("said_not_shown", say_why(ctx, "S-01", "none"), to="adoption/?tab=agreement")
    when = format_day(records[0].date, ctx.lang)
    text, where = say_why(ctx, "S-01", date=when), "adoption/?tab=agreement"
    return ClaimFinding(
        "shown", text, when, where, open=False, evidence=_find_evidence(record.source_type for record in records)
    )


def _answer_ceremony(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    """Rest on the agency's release on more than 100 participants; nothing shows 50 countries."""
    releases = [
        record
        for record in ctx.book.agreement
        if record.kind == "participation" and record.source_type != "press" and (record.number or 0) >= PARTICIPANTS
    ]
    if not releases:
        return ClaimFinding("said_not_shown", say_why(ctx, "S-02", "none"), to="adoption/?tab=agreement")
    most = t("answers.claim.more_than", ctx.lang, number=format_number(releases[0].number or 0, ctx.lang))
    text, evidence = say_why(ctx, "S-02", number=most), _find_evidence(release.source_type for release in releases)
    return ClaimFinding("partly_shown", text, most, "adoption/?tab=agreement", evidence=evidence)


def _answer_implementation(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    under = [
        activity
        for activity in ctx.book.activities
        if activity["kind"] in PLANNED and activity["carried_out"] != "announced"
    ]
    own = [activity for activity in under if activity["under_agreement"] == "yes" and activity["confidence"] == "high"]
    read = sum(activity["under_agreement"] == "our_reading" for activity in under)
    kinds = {activity["kind"] for activity in own} | {*sent.activities}
    answer: Answer = (
        "shown" if kinds >= {"training", "material", "event"} else "partly_shown" if kinds else "said_not_shown"
    )
    text = say_why(ctx, "S-03", count=len(own), sent=len(sent.activities), read=read)
    found = count_recorded(ctx, len(own) + len(sent.activities))
    evidence: Evidence = "agency" if kinds else "none"
    return ClaimFinding(answer, text, found, "adoption/?tab=agreement#sent-activities", evidence=evidence)


def _answer_continents(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    signed = group_by(ctx, list_adopters(ctx), "continent")
    working = group_by(ctx, list_adopters(ctx, "operating"), "continent")
    text = say_why(
        ctx, "S-04", signed=_count_by(ctx, signed, "continent"), operating=_count_by(ctx, working, "continent")
    )
    answer: Answer = "partly_shown" if len(signed) >= CONTINENTS else "said_not_shown"
    share, evidence = count_of(ctx, len(signed), CONTINENTS), _weigh_register(ctx)
    return ClaimFinding(answer, text, share, "adoption/#groups", evidence=evidence)


def _answer_recommendation(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    awards = [hook for hook in ctx.book.model_hooks if hook["kind"] == "award" and hook["body"] == "United Nations"]
    named = join_list(ctx, (award["date"] for award in awards))
    text = say_why(ctx, "S-05", years=named)
    return ClaimFinding("said_not_shown", text, count_recorded(ctx, 0), "adoption/?tab=agreement#texts")


def _answer_success(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    where = "indicators/wgi_cc/"
    experienced = (describe_experience(ctx, iso3) for iso3 in list_origins(ctx))
    findings = tuple(filter(None, (describe_origin(ctx), *experienced)))
    verdicts = group_by_verdict(find_pairs(ctx, "signed"))
    counts = {name: len(countries) for name, countries in verdicts.items()}
    if unjudged := explain_no_verdict(ctx, "signed"):
        return ClaimFinding("cannot_be_tested", unjudged, to=where, beside=findings)
    rose, assessed = counts["rose"], sum(counts.values())
    answer: Answer = "partly_shown" if assessed and 2 * rose > assessed else "said_not_shown"
    text = say_why(ctx, "S-06", **{name: format_number(count, ctx.lang) for name, count in counts.items()})
    share = count_of(ctx, rose, assessed)
    return ClaimFinding(answer, text, share, where, beside=findings, evidence="independent")


def _answer_full_operation(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    then = read_last_day(claim.said_on)
    steps = build_history(ctx.book)
    before = len(list_counted_countries(steps, "operating", then)) if then else 0
    now, contacts = len(list_adopters(ctx, "operating")), len(list_adopters(ctx, "any_contact"))
    signed = len(list_adopters(ctx))
    reached = (before >= FULL) + (signed >= BENEFITED)
    answer: Answer = ("said_not_shown", "partly_shown", "shown")[reached]
    text = say_why(
        ctx,
        "S-07",
        date=format_day(claim.said_on, ctx.lang, "month"),
        then=before,
        now=now,
        signed=signed,
        contacts=contacts,
    )
    figure = say_why(ctx, "S-07", "figure", then=before)
    return ClaimFinding(answer, text, figure, "adoption/?rule=operating", evidence=_weigh_register(ctx, "operating"))


def _answer_goals(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    """Answer that it cannot be tested: figures of targets say nothing of the model."""
    return ClaimFinding("cannot_be_tested", say_why(ctx, "S-08"), to="mapping/")


def _answer_resolution(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    resolutions = [
        hook for hook in ctx.book.model_hooks if hook["kind"] == "hrc_resolution" and hook["verified"] == "yes"
    ]
    symbols = join_list(ctx, (resolution["symbol"] for resolution in resolutions))
    text, evidence = say_why(ctx, "S-09", symbols=symbols), _find_evidence("un" for _ in resolutions)
    return ClaimFinding("said_not_shown", text, symbols, "adoption/?tab=agreement#texts", evidence=evidence)


def _answer_exported(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    signed = len(list_adopters(ctx))
    answer: Answer = "shown" if signed > BENEFITED else "said_not_shown"
    text = say_why(
        ctx,
        "S-10",
        signed=signed,
        operating=len(list_adopters(ctx, "operating")),
        contacts=len(list_adopters(ctx, "any_contact")),
    )
    share, evidence = count_of(ctx, signed, BENEFITED), _weigh_register(ctx)
    return ClaimFinding(answer, text, share, "adoption/?tab=claims#RC-10", evidence=evidence)


def _answer_development(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    signed = list_adopters(ctx)
    incomes = group_by(ctx, signed, "income")
    least = [iso3 for iso3 in signed if ctx.book.countries[iso3].ldc]
    high = "High income" in incomes
    answer: Answer = "shown" if high and least else "partly_shown" if high or least else "said_not_shown"
    text = say_why(ctx, "S-11", groups=_count_by(ctx, incomes, "income"), least=len(least))
    share, evidence = count_of(ctx, len(incomes), INCOMES), _weigh_register(ctx)
    return ClaimFinding(answer, text, share, "adoption/#groups", open=False, evidence=evidence)


def _answer_gratitude(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    return ClaimFinding("cannot_be_tested", say_why(ctx, "S-12"), open=False)


def list_countries_with_act(ctx: Context, confidence: str = "high") -> list[str]:
    """Return adopters with an act of their own on public services, read with this confidence."""
    acts = {
        act["country"]
        for act in ctx.book.legal_acts
        if act["kind"] in OWN_ACTS and act["scope"] in ON_SERVICES and act["confidence"] == confidence
    }
    return sort_by_name(ctx, acts & {*list_adopters(ctx)})


def _answer_own_laws(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    having, of = list_countries_with_act(ctx), len(list_adopters(ctx))
    share = count_of(ctx, len(having), of)
    names = join_countries(ctx, having)
    answer: Answer = "shown" if len(having) == of else "partly_shown" if having else "said_not_shown"
    text, evidence = say_why(ctx, "S-13", share=share, countries=names), _find_evidence("law" for _ in having)
    return ClaimFinding(answer, text, share, "adoption/?tab=laws", evidence=evidence)


def _list_countries_with_strategy(ctx: Context, countries: Iterable[str], topic: str) -> list[str]:
    """Return countries with a strategy on the topic in effect, read with high confidence."""
    rows = [
        strategy
        for strategy in ctx.book.strategies
        if topic in strategy["topic"].split("; ")
        and strategy["status"] in IN_EFFECT
        and strategy["confidence"] == "high"
    ]
    return sort_by_name(ctx, {row["country"] for row in rows} & {*countries})


def list_agency_strategies(ctx: Context) -> list[Mapping[str, str]]:
    """Return strategies of the State Agency itself that are in effect."""
    return [
        strategy for strategy in ctx.book.strategies if AGENCY in strategy["body"] and strategy["status"] in IN_EFFECT
    ]


def _answer_strategies(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    own = list_agency_strategies(ctx)
    topics = {topic for strategy in own for topic in strategy["topic"].split("; ")}
    answer: Answer = "shown" if topics >= {"ai", "data"} else "partly_shown" if own else "said_not_shown"
    of = len(list_adopters(ctx))
    text = say_why(
        ctx,
        "S-15",
        ai=count_of(ctx, len(_list_countries_with_strategy(ctx, list_adopters(ctx), "ai")), of),
        data=count_of(ctx, len(_list_countries_with_strategy(ctx, list_adopters(ctx), "data")), of),
    )
    found, evidence = count_recorded(ctx, len(own)), _find_evidence("azerbaijan_gov" for _ in own)
    return ClaimFinding(answer, text, found, "adoption/?tab=laws", evidence=evidence)


def _answer_innovations(ctx: Context, claim: StatementClaim, sent: SentCounts) -> ClaimFinding:
    end = read_last_day(claim.due_on)
    if end is None or ctx.today > end:
        answer: Answer = "partly_shown" if list_agency_strategies(ctx) else "said_not_shown"
        return ClaimFinding(answer, say_why(ctx, "S-17", "over", date=format_day(claim.due_on, ctx.lang, "month")))
    left = t("statement.figure.days", ctx.lang, count=count_days_left(ctx.today, claim.due_on))
    when = {"date": format_day(claim.due_on, ctx.lang, "month"), "day": format_day(ctx.today, ctx.lang)}
    return ClaimFinding("due", say_why(ctx, "S-17", left=left, **when), to="adoption/?tab=laws")


def count_days_left(today: day, due_on: str) -> int:
    """Return the days until the month is over in which something is due, at least 0."""
    end = read_last_day(due_on)
    return max(0, (end - today).days) if end else 0


RULES: Mapping[str, Rule] = {
    "S-01": _answer_signature, "S-02": _answer_ceremony, "S-03": _answer_implementation, "S-04": _answer_continents,
    "S-05": _answer_recommendation, "S-06": _answer_success, "S-07": _answer_full_operation, "S-08": _answer_goals,
    "S-09": _answer_resolution, "S-10": _answer_exported, "S-11": _answer_development, "S-12": _answer_gratitude,
    "S-13": _answer_own_laws, "S-14": answer_felt, "S-15": _answer_strategies, "S-16": answer_satisfaction,
    "S-17": _answer_innovations, "S-18": answer_opinions, "S-19": answer_all_hours, "S-20": answer_decisions,
    "S-21": answer_errors,
}  # fmt: skip
"""Claim → the function that answers it; a test holds that every claim of the file has one."""
