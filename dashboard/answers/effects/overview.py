"""What all estimates say at once: each with its draws, how many would stand out by chance, and what was refused."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.analysis.measures.counts.rates import find_discoveries
from dashboard.analysis.measures.effects.result import Result
from dashboard.analysis.measures.effects.verdict import ALPHA, WORDS
from dashboard.answers.base.context import Context
from dashboard.answers.base.lookup import find_metric
from dashboard.answers.base.words import (
    join_countries,
    join_list,
    join_sentences,
    name_country,
    name_metric,
    sort_by_name,
)
from dashboard.answers.effects.estimates import list_default_results
from dashboard.answers.effects.query import is_tied_to_model, list_outcomes, list_quantities, may_be_derived
from dashboard.answers.effects.views import EffectsOverview, EstimateRow, RefusedEstimates
from dashboard.answers.effects.wording import describe_draws
from dashboard.answers.wording.changes import format_difference
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import format_number, t


@dataclass(frozen=True, slots=True)
class EstimateFamily:
    """All estimates of the plans that are proposed, judged together."""

    results: Mapping[tuple[str, str], Result]
    """Country and outcome → result, of those that were estimated."""
    standing: frozenset[tuple[str, str]]
    """Those whose p is at most ``ALPHA`` in every draw."""
    expected: float
    """How many would stand out by chance alone."""
    surviving: frozenset[tuple[str, str]]
    """Those that Benjamini–Hochberg keeps, by the largest p of their draws."""

    @property
    def consistent(self) -> dict[tuple[str, str], Result]:
        """Return the results consistent with an effect that survive a judgement of all."""
        return {
            key: result
            for key, result in self.results.items()
            if key in self.surviving and result["verdict"] == "consistent_with_effect"
        }


def find_largest_p(result: Result) -> float:
    """Return the largest p of an estimate's draws; 1 where a draw cannot be judged."""
    return max(1.0 if draw["p"] is None else draw["p"] for draw in result["draws"])


def judge_family(results: Mapping[tuple[str, str], Result]) -> EstimateFamily:
    """Judge all estimates together: how many stand out, and how many would by chance."""
    made = {key: result for key, result in results.items() if result["p"] is not None}
    largest = {key: find_largest_p(result) for key, result in made.items()}
    discoveries = find_discoveries(list(largest.values()), ALPHA)
    return EstimateFamily(
        results=made,
        standing=frozenset(key for key, p in largest.items() if p <= ALPHA),
        expected=ALPHA * len(made),
        surviving=frozenset(key for key, stands in zip(largest, discoveries, strict=True) if stands),
    )


def view_overview(ctx: Context) -> EffectsOverview:
    """Return every estimate with its draws, the counts, and what was refused by reason."""
    results = list_default_results(ctx)
    if not results:
        return EffectsOverview(text="", rows=[], refused=[])
    family = judge_family(results)
    counts = Counter(result["verdict"] for result in results.values())
    text = t(
        "effects.all.text",
        ctx.lang,
        all=format_number(len(results), ctx.lang),
        adopters=format_number(len({iso3 for iso3, _ in results}), ctx.lang),
        **{word: format_number(counts[word], ctx.lang) for word in WORDS},
    )
    rows = sorted(
        family.results.items(), key=lambda entry: (name_country(ctx, entry[0][0]), name_metric(ctx, entry[0][1]))
    )
    return EffectsOverview(
        text=join_sentences([text, describe_chance(ctx, family)]),
        rows=[_list_estimate(ctx, *key, result) for key, result in rows],
        refused=[*_list_refused(ctx, results), *_list_left_out(ctx)],
    )


def describe_chance(ctx: Context, family: EstimateFamily) -> str:
    """Return how many estimates stand out, would by chance, and survive Benjamini–Hochberg."""
    return t(
        "effects.all.chance",
        ctx.lang,
        standing=format_number(len(family.standing), ctx.lang),
        made=format_number(len(family.results), ctx.lang),
        expected=format_number(family.expected, ctx.lang, 1),
        surviving=format_number(len(family.surviving), ctx.lang),
    )


def describe_difference(ctx: Context, outcome: str, result: Result) -> str:
    """Return the mean difference after adoption, with its sign and unit."""
    return format_difference(ctx, find_metric(ctx, outcome), result["estimate"] or 0.0)


def _list_estimate(ctx: Context, iso3: str, outcome: str, result: Result) -> EstimateRow:
    return EstimateRow(
        country=name_country(ctx, iso3),
        outcome=name_metric(ctx, outcome),
        to=f"/{ctx.lang}/progress/effects/?indicator={outcome}&country={iso3}",
        difference=describe_difference(ctx, outcome, result),
        p=describe_draws(result, ctx.lang),
        verdict=t(f"effects.verdict.{result['verdict']}.name", ctx.lang),
        why=" ".join(t(f"effects.doubt.{doubt}", ctx.lang) for doubt in result["doubts"]),
    )


def _list_refused(ctx: Context, results: Mapping[tuple[str, str], Result]) -> list[RefusedEstimates]:
    """Return countries and outcomes by the reasons for refusal, commonest first."""
    found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for key, result in results.items():
        if result["reasons"]:
            found.setdefault(tuple(result["reasons"]), []).append(key)
    return [
        RefusedEstimates(
            reason=" ".join(t(f"effects.refused.{reason}", ctx.lang) for reason in reasons),
            countries=join_countries(ctx, sort_by_name(ctx, {iso3 for iso3, _ in keys})),
            outcomes=_join_metrics(ctx, {outcome for _, outcome in keys}),
        )
        for reasons, keys in sorted(found.items(), key=lambda entry: -len(entry[1]))
    ]


def _list_left_out(ctx: Context) -> list[RefusedEstimates]:
    """Return indicators with yearly figures that are no outcome, by the first reason."""
    chosen = {metric.id for metric in list_outcomes(ctx)}
    found: dict[str, set[str]] = {}
    for metric in list_quantities(ctx):
        if metric.id not in chosen:
            found.setdefault(_find_reason_against(metric), set()).add(metric.id)
    return [
        RefusedEstimates(
            reason=t(f"effects.refused.{reason}", ctx.lang),
            countries=t("effects.all.every", ctx.lang),
            outcomes=_join_metrics(ctx, ids),
        )
        for reason, ids in found.items()
    ]


def _find_reason_against(metric: Metric) -> str:
    if not is_tied_to_model(metric):
        return "outcome_without_theory"
    return "outcome_not_independent" if may_be_derived(metric) else "outcome_as_published_only"


def _join_metrics(ctx: Context, ids: set[str]) -> str:
    return join_list(ctx, sorted(name_metric(ctx, metric) for metric in ids))
