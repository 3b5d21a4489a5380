"""The index of indicators, searched and filtered."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence

import polars as pl

from dashboard.analysis.charts.sparkline import draw_count_bars
from dashboard.answers.adoption.counting import DEFAULT_RULE, list_adopters
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import require_among
from dashboard.answers.base.rows import select_lean_totals
from dashboard.answers.base.views import Choice, cut_page, make_choice
from dashboard.answers.base.words import translate_term
from dashboard.answers.indicators.cards import build_card, find_goal
from dashboard.answers.indicators.views import IndicatorCard, IndicatorIndex, IndicatorRow
from dashboard.answers.wording.evidence import STRENGTHS
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.evidence.codebook.tables import THEMES
from dashboard.locales import t

ROWS = 25
SORTS = ("data", "name", "latest")
"""Most adopters with a figure first, by name, or the latest figure first."""

COPIED = ("id", "name", "definition", "unit", "theme_text", "goals", "strength_text", "empty", "why_empty")
"""What a line of the table takes from the card of its indicator."""


@cached
def search_indicators(
    ctx: Context,
    query: str = "",
    theme: str = "",
    goal: int = 0,
    principle: str = "",
    sort: str = "",
    page: int = 1,
    strength: str = "",
) -> IndicatorIndex:
    """Return a page of the indicators that match all filters; ``""`` and 0 mean no filter.

    Goal, principle and strength are those of one link: ``direct`` with a goal is what measures this goal directly.

    Raises:
        Invalid: no such strength.
    """
    require_among("strength", strength, STRENGTHS)
    words = _plain(query).split()
    listed = []
    for metric in ctx.book.metrics.values():
        links = [
            link
            for link in metric.links
            if (not goal or find_goal(ctx, link) == goal)
            and (not principle or link.principle == principle)
            and (not strength or link.strength == strength)
        ]
        if theme and metric.theme != theme:
            continue
        if (goal or principle or strength) and not links:
            continue
        if words and not all(word in _haystack(ctx, metric) for word in words):
            continue
        listed.append(build_card(ctx, metric, links or None))
    order = sort if sort in SORTS else SORTS[0]
    listed.sort(key=_ORDERS[order])
    cut = cut_page(len(listed), page, ROWS)
    return IndicatorIndex(
        query=query,
        total=len(listed),
        total_text=t("ui.coverage.indicators", ctx.lang, count=len(listed)),
        with_data=sum(1 for card in listed if not card["empty"]),
        rows=_rows(ctx, listed[cut.rows]),
        page=cut.number,
        pages=cut.pages,
        sort=order,
        themes=[_choose_term(ctx, "theme", name, theme) for name in THEMES],
        goals=[
            make_choice(str(entry.number), f"{entry.number} {choose_text(entry.short, ctx.lang)}", str(goal))
            for entry in ctx.book.goals.values()
        ],
        strengths=[_choose_term(ctx, "strength", name, strength) for name in STRENGTHS],
        principles=[
            make_choice(
                entry.id, choose_text(entry.name, ctx.lang), principle, translate_term(ctx, "cepa_group", entry.group)
            )
            for entry in sorted(ctx.book.principles.values(), key=lambda entry: entry.order)
        ],
    )


_ORDERS: Mapping[str, Callable[[IndicatorCard], tuple[object, ...]]] = {
    "data": lambda card: (card["empty"], -card["coverage"]["covered"], card["name"].casefold()),
    "name": lambda card: (card["name"].casefold(),),
    "latest": lambda card: (card["empty"], -(card["coverage"]["last_year"] or 0), card["name"].casefold()),
}


def _rows(ctx: Context, cards: Sequence[IndicatorCard]) -> list[IndicatorRow]:
    """Turn cards into lines of a table, with how many adopters have a figure of each year."""
    group = list_adopters(ctx, DEFAULT_RULE)
    counted = (
        select_lean_totals(ctx, [card["id"] for card in cards])
        .filter(pl.col("country").is_in(list(group)), pl.col("value").is_not_null())
        .filter(pl.col("year").is_not_null())  # a figure whose year is not published has no place in time
        .group_by("indicator", "year")
        .agg(pl.col("country").n_unique().alias("countries"))
        .sort("indicator", "year")
        .collect()
    )
    courses: dict[str, list[tuple[int, int]]] = {}
    for indicator, year, countries in counted.select("indicator", "year", "countries").iter_rows():
        courses.setdefault(indicator, []).append((year, countries))
    return [
        IndicatorRow(
            **{name: card[name] for name in COPIED},  # type: ignore[typeddict-item, literal-required]
            covered=coverage["covered"],
            of=coverage["of"],
            share=f"{100 * coverage['covered'] / (coverage['of'] or 1):.0f}%",
            coverage_text=coverage["text"],
            latest=str(coverage["last_year"] or ""),
            bars=draw_count_bars(courses.get(card["id"], []), len(group)),
        )
        for card in cards
        for coverage in (card["coverage"],)
    ]


def _choose_term(ctx: Context, area: str, name: str, chosen: str) -> Choice:
    return make_choice(name, translate_term(ctx, area, name), chosen, translate_term(ctx, area, name, "definition"))


def _haystack(ctx: Context, metric: Metric) -> str:
    """Join what a reader may type to find an indicator: names, definition, codes of links and series."""
    parts = [metric.id, metric.id.replace("_", " ")]
    for lang in {"en", ctx.lang}:
        parts += [choose_text(metric.name, lang), choose_text(metric.definition, lang)]
    for link in metric.links:
        parts += [link.target, link.sdg_indicator, link.principle.replace("_", " ")]
    parts += [series.series for series in metric.series]
    return _plain(" ".join(parts))


def _plain(words: str) -> str:
    """Return the words in lower case without accents: ``fès`` and ``fes`` find the same."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
