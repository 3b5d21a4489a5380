"""The index of indicators, searched and filtered."""

import unicodedata

from dashboard.codebook.model import Metric, text
from dashboard.codebook.tables import THEMES
from dashboard.locales import t
from dashboard.services.cards import card
from dashboard.services.context import Context
from dashboard.services.keeping import kept
from dashboard.services.views import Choice, IndicatorIndex
from dashboard.services.words import term


@kept
def indicators(ctx: Context, query: str = "", theme: str = "", goal: int = 0, principle: str = "") -> IndicatorIndex:
    """Indicators that match all filters given, those with data first. ``""`` and 0 mean no filter."""
    words = _plain(query).split()
    found = []
    for metric in ctx.book.metrics.values():
        links = [
            link
            for link in metric.links
            if (not goal or _goal(ctx, link.target) == goal) and (not principle or link.principle == principle)
        ]
        if theme and metric.theme != theme:
            continue
        if (goal or principle) and not links:
            continue
        if words and not all(word in _haystack(ctx, metric) for word in words):
            continue
        found.append(card(ctx, metric, links or None))
    found.sort(key=lambda it: (it["empty"], it["name"].casefold()))
    return IndicatorIndex(
        query=query,
        total=len(found),
        total_text=t("ui.coverage.indicators", ctx.lang, count=len(found)),
        with_data=sum(1 for it in found if not it["empty"]),
        indicators=found,
        themes=[
            _choice(one, term(ctx, "theme", one), term(ctx, "theme", one, "definition"), one == theme) for one in THEMES
        ],
        goals=[
            _choice(str(one.number), f"{one.number} {text(one.short, ctx.lang)}", "", one.number == goal)
            for one in ctx.book.goals.values()
        ],
        principles=[
            _choice(one.id, text(one.name, ctx.lang), term(ctx, "cepa_group", one.group), one.id == principle)
            for one in sorted(ctx.book.principles.values(), key=lambda one: one.order)
        ],
    )


def _choice(id_: str, label: str, note: str, chosen: bool) -> Choice:
    return Choice(id=id_, label=label, note=note, chosen=chosen)


def _goal(ctx: Context, target: str) -> int | None:
    found = ctx.book.targets.get(target)
    return found.goal if found else None


def _haystack(ctx: Context, metric: Metric) -> str:
    """Everything a reader may type to find an indicator: names, definition, codes of links and series."""
    parts = [metric.id, metric.id.replace("_", " ")]
    for lang in {"en", ctx.lang}:
        parts += [text(metric.name, lang), text(metric.definition, lang)]
    for link in metric.links:
        parts += [link.target, link.sdg_indicator, link.principle.replace("_", " ")]
    parts += [series.series for series in metric.series]
    return _plain(" ".join(parts))


def _plain(words: str) -> str:
    """Lower case, without accents, so that ``fès`` and ``fes`` find the same."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
