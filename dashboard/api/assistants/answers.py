"""What each tool answers: figures that carry their claim id, source, edition, vintage, evidence level and citation.

Where there is none, ``nothing`` says which kind of nothing that is and what not to do with it.
"""

import re
from collections.abc import Sequence
from typing import Any

from dashboard.api.contract import catalogue
from dashboard.api.contract import progress as contract
from dashboard.api.contract.sent import count_sent_of_origin
from dashboard.codebook.register.adoption import RULES
from dashboard.locales import t
from dashboard.services.adoption.counting import list_adopters
from dashboard.services.base.context import Context
from dashboard.services.base.errors import Invalid, Unknown
from dashboard.services.base.lookup import find_countries, find_country, find_metric
from dashboard.services.base.rows import Row, has_figure
from dashboard.services.base.words import translate_term
from dashboard.services.claims import statement
from dashboard.services.drafts.blocks import parse_text
from dashboard.services.drafts.draft import check_draft
from dashboard.services.files import compare_file
from dashboard.services.holdings.nothing import Nothing, describe_nothing, list_figures, refuse_word
from dashboard.services.method.method import view_method
from dashboard.services.progress.assessment import DEFAULT_METHOD, METHODS
from dashboard.services.progress.progress import check_method
from dashboard.services.revisions.provenance import find_observation
from dashboard.services.search import search
from dashboard.services.wording.citation import cite_indicator
from dashboard.services.wording.stated import state_figure

MOST_FIGURES = 60
"""Figures of one answer."""


Answer = dict[str, Any]

_CAUSES = re.compile(
    r"\b(?:caus\w*|because|why|effects? o[fn]|impact\w*|due to|thanks to|led to|lead to|result of|"
    r"attribut(?:ed|able) to|responsible for the|owing to|"
    r"pourquoi|grâce à|effets? d[eu’']|почему|благодаря|из-за|влияни\w*|причин\w*)\b",
    re.IGNORECASE,
)
"""Words of a question about causes, which no figure here answers."""


def find(ctx: Context, query: str, kind: str) -> Answer:
    """What is called so, with the ids that other tools take."""
    if _CAUSES.search(query):
        return _empty(ctx, Nothing(kind="not_measured", text=t("drafts.nothing.cause", ctx.lang), advice="", years=[]))
    view = search(ctx, query, kind, 6)
    hits = [
        {name: hit[name] for name in ("kind", "id", "title", "found_by", "figures", "has_figures")}
        for group in view["groups"]
        for hit in group["hits"]
    ]
    near = [{"kind": hit["kind"], "id": hit["id"], "title": hit["title"]} for hit in view["near"]]
    answer = _with_dataset(ctx, {"hits": hits, "near": near})
    return answer if hits else answer | {"nothing": refuse_word(ctx, view["text"])}


def describe_indicator(ctx: Context, indicator: str) -> Answer:
    """An indicator: what it measures, its unit, links, caveats, coverage and how to cite it."""
    metric = find_metric(ctx, indicator)
    told = catalogue.indicator(ctx, metric.id)["indicator"]
    answer = _with_dataset(ctx, {"indicator": told, "citation": cite_indicator(ctx, metric)})
    if told["coverage"]["countries"]:
        return answer
    return answer | {"nothing": describe_nothing(ctx, metric, "", None, None)}


def list_observations(
    ctx: Context, indicator: str, countries: Sequence[str], first: int | None, last: int | None, breakdowns: bool
) -> Answer:
    """Figures of an indicator in some countries and years, the newest first; of each country without one, why."""
    metric = find_metric(ctx, indicator)
    if not countries:
        raise Invalid("countries", "Name at least one country by its ISO3 code, such as KAZ.")
    _check_years(first, last)
    figures: list[Any] = []
    missing: list[Any] = []
    cut = False
    for iso3 in find_countries(ctx, countries):
        rows = list_figures(ctx, metric, iso3, first, last, breakdowns=breakdowns)
        cut = cut or len(rows) > MOST_FIGURES // len(countries)
        figures += [state_figure(ctx, row) for row in rows[: max(1, MOST_FIGURES // len(countries))]]
        if not rows:
            missing.append({"country": iso3, "nothing": describe_nothing(ctx, metric, iso3, first, last)})
    answer = _with_dataset(ctx, {"figures": figures, "missing": missing})
    return answer | ({"cut": "There are more; ask for fewer countries or years."} if cut else {})


def _check_years(first: int | None, last: int | None) -> None:
    if first is not None and last is not None and first > last:
        raise Invalid("first", "The first year is after the last.")


def compare_countries(
    ctx: Context, indicators: Sequence[str], countries: Sequence[str], first: int | None, last: int | None
) -> Answer:
    """The latest figure of each country and indicator in a period, and whether they measure the same."""
    _check_years(first, last)
    query = compare_file.check_question(ctx, (tuple(indicators), tuple(countries), first, last))
    told = compare_file.answer(ctx, query)
    figures: list[Any] = []
    missing: list[Any] = []
    for row in told["rows"]:
        held = find_observation(ctx, row["id"]) if row["id"] else None
        if has_figure(held) and held is not None:
            figures.append(state_figure(ctx, held))
        else:
            metric = find_metric(ctx, row["indicator"])
            nothing = describe_nothing(ctx, metric, row["country"], first, last)
            missing.append({"indicator": metric.id, "country": row["country"], "nothing": nothing})
    comparable = [
        {"indicator": one["id"], "verdict": one["verdict"], "cautions": [chip["text"] for chip in one["chips"]]}
        for one in told["comparability"]
    ]
    return _with_dataset(ctx, {"figures": figures, "missing": missing, "comparability": comparable})


def assess_progress(ctx: Context, indicator: str, country: str, method: str) -> Answer:
    """The status of a country on an indicator by a named method, with the figures it is made of."""
    metric, iso3 = find_metric(ctx, indicator), find_country(ctx, country).iso3
    methods = METHODS if method == "all" else (check_method(method or DEFAULT_METHOD),)
    rows = contract.verdicts(ctx, [metric.id], [iso3], methods)
    if not rows:
        return _empty(ctx, describe_nothing(ctx, metric, iso3, None, None))
    named = ("method", "method_name", "edition", "status", "status_text", "reason", "reason_text", "warnings",
             "base_year", "latest_year", "target", "observed", "required", "rate_unit")  # fmt: skip
    years = {year for row in rows for year in (row["base_year"], row["latest_year"]) if year is not None}
    figures: list[Row] = [
        row
        for row in list_figures(ctx, metric, iso3, None, None)
        if row["period"].isdigit() and int(row["period"]) in years
    ]
    return _with_dataset(
        ctx,
        {
            "statuses": [{name: row[name] for name in named} for row in rows],  # type: ignore[literal-required]
            "figures": [state_figure(ctx, row) for row in figures],
            "rule": t("drafts.nothing.status", ctx.lang),
        },
    )


def tell_adoption(ctx: Context, country: str) -> Answer:
    """Who has adopted the model by each counting rule; of one country its status and events with their sources."""
    if not country:
        counts = {
            rule: {
                "count": len(list_adopters(ctx, rule)),
                "rule": translate_term(ctx, "counting_rule", rule, "definition"),
            }
            for rule in RULES
        }
        return _with_dataset(ctx, {"counts": counts, "note": t("terms.counting_rule.note", ctx.lang)})
    iso3 = find_country(ctx, country).iso3
    told = catalogue.country(ctx, iso3)["adoption"]
    answer = _with_dataset(ctx, {"adoption": told})
    if told["events"]:
        return answer
    return answer | {"nothing": Nothing(kind="not_in_country", text=t("drafts.nothing.no_event", ctx.lang),
                                        advice=t("drafts.nothing.advice", ctx.lang), years=[])}  # fmt: skip


def tell_claims(ctx: Context, claim: str) -> Answer:
    """The claims of the statement of April 2025 with today's answers, or one of them."""
    sent = count_sent_of_origin(ctx)
    if claim:
        found = statement.find_claim(ctx, claim)
        return _with_dataset(ctx, {"claim": statement.view_claim(ctx, found, sent)})
    view = statement.view_statement(ctx, sent)
    names = ("id", "claim", "answer", "answer_text", "figure", "source_ref")
    listed = [{name: one[name] for name in names} for group in view["groups"] for one in group["claims"]]  # type: ignore[literal-required]
    return _with_dataset(ctx, {"text": view["text"], "claims": listed})


def trace(ctx: Context, claim_id: str) -> Answer:
    """Where a figure comes from: publisher, file, hash, vintage, and what it was before."""
    row = find_observation(ctx, claim_id)
    told = dict(catalogue.provenance(ctx, claim_id))
    return {"figure": state_figure(ctx, row), **told}


def explain(ctx: Context, topic: str) -> Answer:
    """A section of the method, or the list of them."""
    sections = view_method(ctx)["sections"]
    if not topic:
        return _with_dataset(ctx, {"topics": [{"id": one["id"], "title": one["title"]} for one in sections]})
    asked = topic.strip().casefold()
    found = [one for one in sections if asked in (one["id"], one["title"].casefold())]
    found = found or [
        one for one in sections if any(asked in (term["id"], term["label"].casefold()) for term in one["terms"])
    ]
    if not found:
        near = [one["id"] for one in sections if asked in one["title"].casefold() or asked in one["id"]]
        raise Unknown("topic", topic, tuple(near[:3]))
    return _with_dataset(ctx, {"sections": found[:3]})


def verify(ctx: Context, text: str) -> Answer:
    """Every number of a text held against the figures."""
    told: Answer = dict(check_draft(ctx, parse_text(text.encode("utf-8", "replace").decode())))
    return told


def refuse(ctx: Context, error: Unknown | Invalid) -> Answer:
    """The answer to a word that nobody here knows: a refusal, with what may have been meant."""
    suggestions = [*error.suggestions] if isinstance(error, Unknown) else [*error.options]
    return _empty(ctx, refuse_word(ctx, str(error))) | {"suggestions": suggestions}


def _empty(ctx: Context, nothing: Nothing) -> Answer:
    advice = nothing["advice"] or t("drafts.nothing.advice", ctx.lang)
    return _with_dataset(ctx, {"figures": [], "nothing": {**nothing, "advice": advice}})


def _with_dataset(ctx: Context, answer: Answer) -> Answer:
    return {"dataset": ctx.dataset.name, "as_of": ctx.today.isoformat(), **answer}
