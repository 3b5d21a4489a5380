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
from dashboard.answers.base.views import Choice, cut_page
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
    """A page of the indicators that match all filters given. ``""`` and 0 mean no filter.

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
        with_data=sum(1 for it in listed if not it["empty"]),
        rows=_rows(ctx, listed[cut.rows]),
        page=cut.number,
        pages=cut.pages,
        sort=order,
        themes=[
            _choice(
                one, translate_term(ctx, "theme", one), translate_term(ctx, "theme", one, "definition"), one == theme
            )
            for one in THEMES
        ],
        goals=[
            _choice(str(one.number), f"{one.number} {choose_text(one.short, ctx.lang)}", "", one.number == goal)
            for one in ctx.book.goals.values()
        ],
        strengths=[
            _choice(
                one,
                translate_term(ctx, "strength", one),
                translate_term(ctx, "strength", one, "definition"),
                one == strength,
            )
            for one in STRENGTHS
        ],
        principles=[
            _choice(
                one.id,
                choose_text(one.name, ctx.lang),
                translate_term(ctx, "cepa_group", one.group),
                one.id == principle,
            )
            for one in sorted(ctx.book.principles.values(), key=lambda one: one.order)
        ],
    )


_ORDERS: Mapping[str, Callable[[IndicatorCard], tuple[object, ...]]] = {
    "data": lambda it: (it["empty"], -it["coverage"]["covered"], it["name"].casefold()),
    "name": lambda it: (it["name"].casefold(),),
    "latest": lambda it: (it["empty"], -(it["coverage"]["last_year"] or 0), it["name"].casefold()),
}


def _rows(ctx: Context, cards: Sequence[IndicatorCard]) -> list[IndicatorRow]:
    """Cards as lines of a table, each with how many adopters have a figure of each year."""
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
            id=card["id"],
            name=card["name"],
            definition=card["definition"],
            unit=card["unit"],
            theme_text=card["theme_text"],
            goals=card["goals"],
            covered=card["coverage"]["covered"],
            of=card["coverage"]["of"],
            share=f"{100 * card['coverage']['covered'] / (card['coverage']['of'] or 1):.0f}%",
            coverage_text=card["coverage"]["text"],
            latest=str(card["coverage"]["last_year"] or ""),
            bars=draw_count_bars(courses.get(card["id"], []), len(group)),
            strength_text=card["strength_text"],
            empty=card["empty"],
            why_empty=card["why_empty"],
        )
        for card in cards
    ]


def _choice(id_: str, label: str, note: str, chosen: bool) -> Choice:
    return Choice(id=id_, label=label, note=note, chosen=chosen)


def _haystack(ctx: Context, metric: Metric) -> str:
    """Everything a reader may type to find an indicator: names, definition, codes of links and series."""
    parts = [metric.id, metric.id.replace("_", " ")]
    for lang in {"en", ctx.lang}:
        parts += [choose_text(metric.name, lang), choose_text(metric.definition, lang)]
    for link in metric.links:
        parts += [link.target, link.sdg_indicator, link.principle.replace("_", " ")]
    parts += [series.series for series in metric.series]
    return _plain(" ".join(parts))


def _plain(words: str) -> str:
    """Lower case, without accents, so that ``fès`` and ``fes`` find the same."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
