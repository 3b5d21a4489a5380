"""CEPA principles and themes: the other two ways into the indicators, and how strong the evidence for each is."""

from collections.abc import Iterable, Sequence
from typing import cast

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.base.words import format_years, join_list, join_sentences, translate_term
from dashboard.answers.goals.views import Evidence, PrincipleView, ThemeView
from dashboard.answers.indicators.cards import build_card, build_cards, count_by_strength
from dashboard.answers.indicators.views import IndicatorCard
from dashboard.answers.wording.evidence import STRENGTHS, build_evidence_bar
from dashboard.evidence.codebook.model import Principle, choose_text
from dashboard.evidence.codebook.tables import THEMES
from dashboard.locales import t


def explain_order(lang: str) -> str:
    """Explain the order of principles and themes: ``weigh_evidence`` in words."""
    order = (
        t("ways.evidence.none", lang),
        *(t(f"terms.strength.{strength}.name", lang) for strength in reversed(STRENGTHS)),
    )
    return t("ways.evidence.rule", lang, order=t("ui.list.comma", lang).join(order))


@cached
def list_principles(ctx: Context) -> list[PrincipleView]:
    """Return the eleven principles with their indicators, ranked by evidence."""
    ordered = sorted(ctx.book.principles.values(), key=lambda principle: principle.order)
    linked = [_linked(ctx, principle) for principle in ordered]
    return [
        _principle(ctx, principle, linked_cards, evidence)
        for principle, linked_cards, evidence in zip(ordered, linked, _evidence(ctx, linked), strict=True)
    ]


@cached
def name_weakest(ctx: Context) -> str:
    """Name the principle with the weakest evidence, or those that share the place."""
    weakest = [principle for principle in list_principles(ctx) if principle["evidence"]["place"] == 1]
    names = join_list(ctx, (principle["name"] for principle in weakest))
    more = weakest[0]["evidence"]["text"] if len(weakest) == 1 else ""
    if len(weakest) > 1 and not weakest[0]["evidence"]["with_figures"]:
        more = t("ways.principles.unmeasured", ctx.lang)
    return join_sentences([t("ways.principles.answer", ctx.lang, count=len(weakest), names=names), more])


@cached
def list_themes(ctx: Context) -> list[ThemeView]:
    """Return the themes with their indicators, ranked by evidence."""
    linked = [
        build_cards(ctx, (metric for metric in ctx.book.metrics.values() if metric.theme == theme)) for theme in THEMES
    ]
    return [
        ThemeView(
            id=theme,
            label=translate_term(ctx, "theme", theme),
            definition=translate_term(ctx, "theme", theme, "definition"),
            indicators=linked_cards,
            evidence=evidence,
        )
        for theme, linked_cards, evidence in zip(THEMES, linked, _evidence(ctx, linked), strict=True)
    ]


def view_principle(ctx: Context, name: str) -> PrincipleView:
    """Return one principle with its indicators and evidence.

    Raises:
        Unknown: there is none of this id.
    """
    return cast(PrincipleView, _find(list_principles(ctx), "principle", name))


def view_theme(ctx: Context, name: str) -> ThemeView:
    """Return one theme with its indicators and evidence.

    Raises:
        Unknown: there is none of this id.
    """
    return cast(ThemeView, _find(list_themes(ctx), "theme", name))


def _find(views: Iterable[PrincipleView | ThemeView], kind: str, name: str) -> PrincipleView | ThemeView:
    match = next((view for view in views if view["id"] == name), None)
    if match is None:
        raise Unknown(kind, name, ())
    return match


def _linked(ctx: Context, principle: Principle) -> list[IndicatorCard]:
    linked_cards = [
        build_card(ctx, metric, links)
        for metric in ctx.book.metrics.values()
        if (links := [link for link in metric.links if link.principle == principle.id])
    ]
    return sorted(
        linked_cards, key=lambda card: (card["empty"], STRENGTHS.index(card["strength"]), card["name"].casefold())
    )


def _principle(
    ctx: Context, principle: Principle, indicator_cards: list[IndicatorCard], evidence: Evidence
) -> PrincipleView:
    return PrincipleView(
        id=principle.id,
        order=principle.order,
        group=principle.group,
        group_text=translate_term(ctx, "cepa_group", principle.group),
        name=choose_text(principle.name, ctx.lang),
        strategies=list(principle.strategies),
        verified=principle.verified,
        note=principle.note if principle.verified else t("terms.cepa.to_check", ctx.lang),
        indicators=indicator_cards,
        evidence=evidence,
    )


def weigh_evidence(indicator_cards: Iterable[IndicatorCard]) -> tuple[int, int, int]:
    """Weigh evidence (ours): strongest link with figures, indicators with figures, best coverage.

    Compared part by part; greater is stronger. The first part is 0 where nothing has figures, 1 for enabling, 2 for
    proxy, 3 for direct (indicators without links, which only themes have, count as enabling).
    """
    having = [card for card in indicator_cards if not card["empty"]]
    strongest = max((len(STRENGTHS) - _rank(card) for card in having), default=0)
    return strongest, len(having), max((card["coverage"]["covered"] for card in having), default=0)


def _rank(card: IndicatorCard) -> int:
    return STRENGTHS.index(card["strength"]) if card["strength"] in STRENGTHS else len(STRENGTHS) - 1


def _evidence(ctx: Context, linked: Sequence[list[IndicatorCard]]) -> list[Evidence]:
    """Return the evidence of each list of indicators with its rank among them, the weakest first."""
    weights = [weigh_evidence(linked_cards) for linked_cards in linked]
    longest = max(map(len, linked), default=0)
    return [
        _evidence_view(ctx, found, own, 1 + sum(1 for other in weights if other < own), len(weights), longest)
        for found, own in zip(linked, weights, strict=True)
    ]


def _evidence_view(
    ctx: Context, indicator_cards: list[IndicatorCard], own: tuple[int, int, int], place: int, places: int, longest: int
) -> Evidence:
    lang = ctx.lang
    strongest = STRENGTHS[len(STRENGTHS) - own[0]] if own[0] else ""
    strongest_text = translate_term(ctx, "strength", strongest) if strongest else t("ways.evidence.none", lang)
    having = [card["coverage"] for card in indicator_cards if not card["empty"]]
    firsts = [card["first_year"] for card in having if card["first_year"] is not None]
    lasts = [card["last_year"] for card in having if card["last_year"] is not None]
    span = format_years(min(firsts), max(lasts), lang) if firsts and lasts else t("ways.evidence.none", lang)
    of = having[0]["of"] if having else 0
    counted = t("ui.coverage.indicators", lang, count=len(indicator_cards))
    if having:
        sentence = t(
            "ways.evidence.sentence", lang, indicators=counted, with_figures=str(len(having)), strongest=strongest_text,
            covered=str(own[2]), of=str(of), years=span,
        )  # fmt: skip
    else:
        sentence = t("ways.evidence.empty", lang, indicators=counted)
    none = t("ways.evidence.none", lang)
    return Evidence(
        place=place,
        place_text=t("ways.table.place", lang, place=str(place), of=str(places)),
        strongest=strongest,
        indicators=len(indicator_cards),
        with_figures=len(having),
        figures_text=t("ways.of", lang, part=str(len(having)), all=str(len(indicator_cards))),
        covered=own[2],
        coverage_text=t("ways.of", lang, part=str(own[2]), all=str(of)) if having else none,
        latest=max(lasts, default=0),
        latest_text=span,
        text=sentence,
        bar=build_evidence_bar(ctx, count_by_strength(indicator_cards), longest),
    )
