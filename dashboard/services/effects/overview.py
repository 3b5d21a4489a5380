"""What all estimates say at once: each adopter with the outcomes of each answer, and why the others have none."""

import math
from collections import Counter

from dashboard.locales import format_number, t
from dashboard.measures.effects.result import Result
from dashboard.measures.effects.verdict import ALPHA
from dashboard.services.base.context import Context
from dashboard.services.base.words import join_sentences, name_country, name_metric, sort_by_name
from dashboard.services.effects.estimates import list_default_results
from dashboard.services.effects.views import AdopterEffects, EffectLink, EffectsOverview

VERDICTS = ("consistent_with_effect", "no_detectable_effect", "cannot_tell", "not_identifiable")


def view_overview(ctx: Context) -> EffectsOverview:
    """The answers of every adopter and outcome, counted in a sentence; without rows while they are being made."""
    results = list_default_results(ctx)
    if not results:
        return EffectsOverview(text="", rows=[])
    counts = Counter(result["verdict"] for result in results.values())
    adopters = sort_by_name(ctx, {iso3 for iso3, _ in results})
    made = len(results) - counts["not_identifiable"]
    chance = t(
        "effects.all.chance",
        ctx.lang,
        count=format_number(math.ceil(ALPHA * made), ctx.lang),
        made=format_number(made, ctx.lang),
    )
    text = t(
        "effects.all.text",
        ctx.lang,
        all=format_number(len(results), ctx.lang),
        adopters=format_number(len(adopters), ctx.lang),
        **{word: format_number(counts[word], ctx.lang) for word in VERDICTS},
    )
    return EffectsOverview(
        text=join_sentences([text, chance]),
        rows=[
            _adopter(ctx, iso3, {name: one for (code, name), one in results.items() if code == iso3})
            for iso3 in adopters
        ],
    )


def _adopter(ctx: Context, iso3: str, results: dict[str, Result]) -> AdopterEffects:
    def links(word: str) -> list[EffectLink]:
        return [_link(ctx, iso3, name, one) for name, one in results.items() if one["verdict"] == word]

    reasons = Counter(one["reasons"][0] for one in results.values() if one["verdict"] == "not_identifiable")
    return AdopterEffects(
        iso3=iso3,
        name=name_country(ctx, iso3),
        consistent=links("consistent_with_effect"),
        undetected=links("no_detectable_effect"),
        unclear=links("cannot_tell"),
        refused=" ".join(
            t(
                "effects.all.reason",
                ctx.lang,
                reason=t(f"effects.refused.{one}", ctx.lang),
                count=format_number(n, ctx.lang),
            )
            for one, n in reasons.most_common()
        ),
    )


def _link(ctx: Context, iso3: str, outcome: str, result: Result) -> EffectLink:
    return EffectLink(
        name=name_metric(ctx, outcome),
        to=f"/{ctx.lang}/progress/effects/?outcome={outcome}&country={iso3}",
        why=" ".join(t(f"effects.doubt.{one}", ctx.lang) for one in result["doubts"]),
    )
