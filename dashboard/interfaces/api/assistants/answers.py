"""Answers of the assistants' tools: figures with claim id, source, edition, vintage, evidence level and error.

Verdicts are those of the API. Where there is no figure, ``nothing`` says of which kind, and what not to do with it.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.base.lookup import find_countries, find_country, find_metric
from dashboard.answers.base.rows import Row, has_figure
from dashboard.answers.base.words import translate_term
from dashboard.answers.charts.query import MAX_COUNTRIES_APART
from dashboard.answers.claims import statement
from dashboard.answers.compare.compare import compare, find_rows
from dashboard.answers.countries.peers import view_peers
from dashboard.answers.drafts.blocks import parse_text
from dashboard.answers.drafts.draft import check_draft
from dashboard.answers.effects import public
from dashboard.answers.effects.query import ask_plan as ask_effect
from dashboard.answers.files import compare_file
from dashboard.answers.holdings.nothing import Nothing, describe_nothing, list_figures, refuse_word
from dashboard.answers.method.method import view_method
from dashboard.answers.progress.assessment import DEFAULT_METHOD, METHODS
from dashboard.answers.progress.progress import check_method
from dashboard.answers.revisions.disagreements import answer_disagreements
from dashboard.answers.revisions.disagreements import ask as ask_disagreements
from dashboard.answers.revisions.provenance import find_observation
from dashboard.answers.search import search
from dashboard.answers.search.views import SearchHit
from dashboard.answers.wording.citation import cite_indicator
from dashboard.answers.wording.stated import state_figure
from dashboard.evidence.codebook.register.adoption import RULES
from dashboard.interfaces.api.contract import catalogue
from dashboard.interfaces.api.contract import progress as contract
from dashboard.interfaces.api.contract.sent import count_sent_of_origin
from dashboard.locales import t

MAX_FIGURES = 60
"""Figures of an answer."""

MAX_ROWS = 30
"""Disagreements of an answer."""


Answer = dict[str, Any]


def make_text_field(words: str, max_chars: int = 60) -> Any:
    """Return a short text parameter with this description."""
    return Field(max_length=max_chars, description=words)


Indicator = Annotated[str, make_text_field("Indicator id, from search.")]
Country = Annotated[str, make_text_field("ISO3 code.")]
Countries = Annotated[list[str], Field(max_length=300, description="ISO3 codes, at most 12.")]
Indicators = Annotated[list[str], Field(max_length=300, description="Indicator ids, at most 4.")]
First = Annotated[int | None, Field(ge=1900, le=2100, description="First year.")]
Last = Annotated[int | None, Field(ge=1900, le=2100, description="Last year.")]
Lang = Annotated[Literal["en", "fr", "ar", "az"], Field(description="Language.")]
Day = Annotated[str, make_text_field("The dataset of that day, YYYY-MM-DD.", 10)]

_CAUSES = re.compile(
    r"\b(?:caus\w*|because|why|effects? o[fn]|impact\w*|due to|thanks to|led to|lead to|result of|"
    r"attribut(?:ed|able) to|responsible for the|owing to|"
    r"pourquoi|grâce à|effets? d[eu’']|почему|благодаря|из-за|влияни\w*|причин\w*)\b",
    re.IGNORECASE,
)
"""Words of a question about causes, which no figure here answers."""


def find_by_name(
    ctx: Context,
    query: Annotated[str, make_text_field("A name or a question, such as corruption Ethiopia.", 200)],
    kind: Annotated[str, make_text_field("country, indicator, goal, principle, source, adoption or help.")] = "",
) -> Answer:
    """Ids of indicators, countries, goals and pages by any name or question. Begin here."""
    if _CAUSES.search(query):
        return _empty(ctx, Nothing(kind="not_measured", text=t("drafts.nothing.cause", ctx.lang), advice="", years=[]))
    view = search(ctx, query, kind, 6)
    hits = [_tell_hit(hit) for group in view["groups"] for hit in group["hits"]]
    answer = _with_dataset(ctx, {"hits": hits, "near": [_tell_hit(hit) for hit in view["near"]]})
    return answer if hits else answer | {"nothing": refuse_word(ctx, view["text"])}


def _tell_hit(hit: SearchHit) -> Answer:
    """Describe a hit with the ids that tools accept."""
    if hit["kind"] == "figure":
        indicator, _, country = hit["id"].partition(".")
        ids: Answer = {"indicator": indicator, "country": country}
    else:
        ids = {"id": hit["id"]} | ({"page": hit["href"]} if hit["kind"] == "page" else {})
    fields: Answer = {"kind": hit["kind"], **ids, "title": hit["title"], "found_by": hit["found_by"]}
    return {name: value for name, value in fields.items() if value} | {"has_figures": hit["has_figures"]}


def tell_indicator(ctx: Context, indicator: Indicator) -> Answer:
    """What an indicator measures, its unit, caveats, SDG links, coverage and citation."""
    metric = find_metric(ctx, indicator)
    described = catalogue.view_indicator(ctx, metric.id)["indicator"]
    answer = _with_dataset(ctx, {"indicator": described, "citation": cite_indicator(ctx, metric)})
    if described["coverage"]["countries"]:
        return answer
    return answer | {"nothing": describe_nothing(ctx, metric, "", None, None)}


def list_observations(
    ctx: Context,
    indicator: Indicator,
    countries: Countries,
    first: First = None,
    last: Last = None,
    breakdowns: Annotated[bool, Field(description="Groups, too, such as women.")] = False,
) -> Answer:
    """Figures by country and year, each with claim id, error, source, edition, vintage, evidence level and caution;
    `missing` says which kind of nothing there is otherwise."""
    metric = find_metric(ctx, indicator)
    _check_countries(countries)
    _check_years(first, last)
    figures: list[Any] = []
    missing: list[Any] = []
    cut = False
    for iso3 in find_countries(ctx, countries):
        rows = list_figures(ctx, metric, iso3, first, last, breakdowns=breakdowns)
        cut = cut or len(rows) > MAX_FIGURES // len(countries)
        figures += [tell_figure(ctx, row) for row in rows[: max(1, MAX_FIGURES // len(countries))]]
        if not rows:
            missing.append({"country": iso3, "nothing": describe_nothing(ctx, metric, iso3, first, last)})
    answer = _with_dataset(ctx, {"figures": figures, "missing": missing} | cite(ctx, [metric.id]))
    return answer | ({"cut": "There are more; ask for fewer countries or years."} if cut else {})


def tell_figure(ctx: Context, row: Row) -> Answer:
    """Describe a figure with what must accompany it; the citation stands once in the answer."""
    stated = state_figure(ctx, row)
    names = ("claim_id", "indicator", "country", "period", "value", "text", "status", "source", "edition", "vintage",
             "evidence_level", "caution")  # fmt: skip
    fields: Answer = {name: stated[name] for name in names}  # type: ignore[literal-required]
    more = {name: stated[name] for name in ("breakdown", "superseded") if stated[name]}
    return fields | {"error": stated["interval"] or t("compare.pair.reason.error_unknown", ctx.lang)} | more


def cite(ctx: Context, metrics: Iterable[str]) -> Answer:
    """Return the citation of an answer: each indicator with its edition."""
    cited = (cite_indicator(ctx, ctx.book.metrics[metric]) for metric in dict.fromkeys(metrics))
    return {"citation": "; ".join(filter(None, cited))}


def _check_countries(countries: Sequence[str]) -> None:
    if not 1 <= len(countries) <= MAX_COUNTRIES_APART:
        raise Invalid(
            "countries",
            f"Name one to {MAX_COUNTRIES_APART} countries by their ISO3 codes, such as KAZ; "
            f"{len(countries)} were named. Ask again for the others.",
        )


def _check_years(first: int | None, last: int | None) -> None:
    if first is not None and last is not None and first > last:
        raise Invalid("first", "The first year is after the last.")


def compare_figures(
    ctx: Context, indicators: Indicators, countries: Countries, first: First = None, last: Last = None
) -> Answer:
    """The latest figure of each country and indicator in a period, the verdict on each pair, and whether they measure
    the same."""
    comparison = _compare(ctx, indicators, countries, first, last)
    figures: list[Any] = []
    missing: list[Any] = []
    for row in comparison["rows"]:
        observation = find_observation(ctx, row["id"]) if row["id"] else None
        if has_figure(observation) and observation is not None:
            figures.append(tell_figure(ctx, observation))
        else:
            metric = find_metric(ctx, row["indicator"])
            nothing = describe_nothing(ctx, metric, row["country"], first, last)
            missing.append({"indicator": metric.id, "country": row["country"], "nothing": nothing})
    comparable = [
        {
            "indicator": metric["id"],
            "verdict": metric["verdict"],
            "cautions": [chip["text"] for chip in metric["chips"]],
        }
        for metric in comparison["comparability"]
    ]
    answer = {"figures": figures, "missing": missing, "pairs": comparison["pairs"], "comparability": comparable}
    return _with_dataset(ctx, answer | cite(ctx, [row["indicator"] for row in comparison["rows"]]))


def _compare(
    ctx: Context, indicators: Sequence[str], countries: Sequence[str], first: int | None, last: int | None
) -> Answer:
    """Compare countries as the API does."""
    _check_countries(countries)
    _check_years(first, last)
    return compare_file.answer(
        ctx, compare_file.check_question(ctx, (tuple(indicators), tuple(countries), first, last))
    )


def judge_pairs(
    ctx: Context, indicators: Indicators, countries: Countries, first: First = None, last: Last = None
) -> Answer:
    """Is A better than B? The verdict on each pair of countries, with its reason."""
    comparison = _compare(ctx, indicators, countries, first, last)
    return _with_dataset(
        ctx, {"pairs": comparison["pairs"]} | cite(ctx, [row["indicator"] for row in comparison["rows"]])
    )


def judge_changes(
    ctx: Context, indicator: Indicator, countries: Countries, first: First = None, last: Last = None
) -> Answer:
    """Has it changed since a year? The verdict on each country, with both figures."""
    _check_countries(countries)
    _check_years(first, last)
    metric = find_metric(ctx, indicator)
    rows = find_rows(ctx, [metric], find_countries(ctx, countries), first, last)[metric.id]
    (compared,) = compare(ctx, metric.id, tuple(countries), first, last)["metrics"]
    changes: list[Any] = []
    missing: list[Any] = []
    for line in compared["lines"]:
        valued = [row for row in rows.get(line["iso3"], []) if row["value"] is not None and row["year"] is not None]
        if not line["change_text"]:
            nothing = describe_nothing(ctx, metric, line["iso3"], first, last) if not line["points"] else None
            missing.append(
                {"country": line["iso3"], "points": line["points"]} | ({"nothing": nothing} if nothing else {})
            )
            continue
        figures = [tell_figure(ctx, row) for row in (valued[0], valued[-1])]
        changes.append(
            {"country": line["iso3"], "verdict": line["change"], "text": line["change_text"], "figures": figures}
        )
    return _with_dataset(ctx, {"changes": changes, "missing": missing} | cite(ctx, [metric.id]))


def list_peers(ctx: Context, country: Country) -> Answer:
    """Countries to compare one with, and why."""
    view = view_peers(ctx, find_country(ctx, country).iso3, MAX_COUNTRIES_APART)
    peers = [
        {"country": peer["iso3"], "name": peer["name"], "reasons": [reason["text"] for reason in peer["reasons"]]}
        for peer in view["peers"]
    ]
    names = ("country", "text", "missing_text", "total")
    return _with_dataset(ctx, {name: view[name] for name in names} | {"peers": peers})  # type: ignore[literal-required]


def tell_effect(ctx: Context, indicator: Indicator, country: Country) -> Answer:
    """What followed adoption in a country: verdict, estimate, p and doubts, or why it cannot be estimated."""
    query = ask_effect(ctx, "synthetic_control", indicator, country)
    estimated_effect = public.answer_effect(query)
    result = estimated_effect["result"]
    names = ("method", "verdict", "reasons", "doubts", "counts", "estimate", "p", "floor", "error_interval")
    effect = {name: result[name] for name in names}
    effect["draws"] = [{name: value for name, value in draw.items() if name != "donors"} for draw in result["draws"]]
    page = f"/{ctx.lang}/progress/effects/?indicator={indicator}&country={country}"
    answer = {"plan_hash": estimated_effect["plan_hash"], "effect": effect, "page": page}
    return _with_dataset(ctx, answer | cite(ctx, [find_metric(ctx, indicator).id]))


def list_disagreements(
    ctx: Context,
    indicator: Annotated[str, make_text_field("Indicator id; empty: all.")] = "",
    countries: Annotated[list[str], Field(max_length=300, description="ISO3 codes, at most 12; empty: all.")] = [],  # noqa: B006
    kind: Annotated[str, make_text_field("Empty: all.")] = "",
) -> Answer:
    """Where publishers, editions or a country's own office disagree with the figure shown."""
    if countries:
        _check_countries(countries)
    disagreements = answer_disagreements(ctx, ask_disagreements(ctx, tuple(countries), indicator=indicator, kind=kind))
    names = ("kind", "indicator", "country", "period", "value", "source", "edition", "other_value", "other_source",
             "other_edition", "difference", "reason", "rule", "id", "other_id")  # fmt: skip
    rows = [{name: row[name] for name in names} for row in disagreements["rows"][:MAX_ROWS]]  # type: ignore[literal-required]
    cut = (
        {"cut": "There are more; name a country, an indicator or a kind."} if disagreements["total"] > len(rows) else {}
    )
    summary = {name: disagreements[name] for name in ("text", "total")}
    return _with_dataset(ctx, summary | {"rows": rows} | cut | cite(ctx, [row["indicator"] for row in rows][:3]))


def assess_progress(
    ctx: Context,
    indicator: Indicator,
    country: Country,
    method: Annotated[str, make_text_field("Default unsd_2026; all for nine.")] = "",
) -> Answer:
    """Status of progress by a named method, with its figures and what speaks against it."""
    metric, iso3 = find_metric(ctx, indicator), find_country(ctx, country).iso3
    methods = METHODS if method == "all" else (check_method(method or DEFAULT_METHOD),)
    rows = contract.list_verdicts(ctx, [metric.id], [iso3], methods)
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
            "figures": [tell_figure(ctx, row) for row in figures],
            "rule": t("drafts.nothing.status", ctx.lang),
            **cite(ctx, [metric.id]),
        },
    )


def tell_adoption(
    ctx: Context, country: Annotated[str, make_text_field("ISO3 code; empty: counts of all.")] = ""
) -> Answer:
    """Adoption of the ASAN model: counts by counting rule, or one country's status and events with their sources."""
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
    adoption = catalogue.view_country(ctx, iso3)["adoption"]
    answer = _with_dataset(ctx, {"adoption": adoption})
    if adoption["events"]:
        return answer
    return answer | {"nothing": Nothing(kind="not_in_country", text=t("drafts.nothing.no_event", ctx.lang),
                                        advice=t("drafts.nothing.advice", ctx.lang), years=[])}  # fmt: skip


def tell_claims(ctx: Context, claim: Annotated[str, make_text_field("Such as S-01; empty: all.")] = "") -> Answer:
    """Claims of the statement of April 2025 with what can be shown of each today."""
    sent = count_sent_of_origin(ctx)
    if claim:
        found = statement.find_claim(ctx, claim)
        return _with_dataset(ctx, {"claim": statement.view_claim(ctx, found, sent)})
    view = statement.view_statement(ctx, sent)
    names = ("id", "claim", "answer", "answer_text", "figure", "source_ref")
    listed = [{name: claim[name] for name in names} for group in view["groups"] for claim in group["claims"]]  # type: ignore[literal-required]
    return _with_dataset(ctx, {"text": view["text"], "claims": listed})


def trace_provenance(ctx: Context, claim_id: Annotated[str, make_text_field("Of a figure.", 40)]) -> Answer:
    """How a figure is known: publisher, received file and hash, vintage, earlier values."""
    row = find_observation(ctx, claim_id)
    provenance = dict(catalogue.view_provenance(ctx, claim_id))
    return {"figure": state_figure(ctx, row), **provenance}


def explain_method(ctx: Context, topic: Annotated[str, make_text_field("Empty: the list.")] = "") -> Answer:
    """Definitions and rules: statuses, evidence levels, kinds of no data, counting rules."""
    sections = view_method(ctx)["sections"]
    if not topic:
        return _with_dataset(
            ctx, {"topics": [{"id": section["id"], "title": section["title"]} for section in sections]}
        )
    asked = topic.strip().casefold()
    found = [section for section in sections if asked in (section["id"], section["title"].casefold())]
    found = found or [
        section
        for section in sections
        if any(asked in (term["id"], term["label"].casefold()) for term in section["terms"])
    ]
    if not found:
        near = [section["id"] for section in sections if asked in section["title"].casefold() or asked in section["id"]]
        raise Unknown("topic", topic, tuple(near[:3]))
    return _with_dataset(ctx, {"sections": found[:3]})


def verify(ctx: Context, text: str) -> Answer:
    """Every number of a text held against the figures."""
    checked: Answer = dict(check_draft(ctx, parse_text(text.encode("utf-8", "replace").decode())))
    return checked


def refuse(ctx: Context, error: Unknown | Invalid) -> Answer:
    """The answer to a word that nobody here knows: a refusal, with what may have been meant."""
    suggestions = [*error.suggestions] if isinstance(error, Unknown) else [*error.options]
    return _empty(ctx, refuse_word(ctx, str(error))) | {"suggestions": suggestions}


def _empty(ctx: Context, nothing: Nothing) -> Answer:
    advice = nothing["advice"] or t("drafts.nothing.advice", ctx.lang)
    return _with_dataset(ctx, {"figures": [], "nothing": {**nothing, "advice": advice}})


def _with_dataset(ctx: Context, answer: Answer) -> Answer:
    return {"dataset": ctx.dataset.name, "as_of": ctx.today.isoformat(), **answer}
