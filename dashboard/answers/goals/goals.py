"""Goals, targets and official indicators, with what of ours maps to them."""

from collections.abc import Iterable

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.lookup import find_goal, find_target
from dashboard.answers.base.words import translate_term
from dashboard.answers.goals.views import GoalCard, GoalView, SdgIndicatorCard, TargetCard, TargetView
from dashboard.answers.indicators.cards import build_card, count_by_strength
from dashboard.answers.indicators.views import IndicatorCard
from dashboard.answers.wording.evidence import STRENGTHS, build_evidence_bar
from dashboard.answers.wording.views import Term
from dashboard.evidence.codebook.model import Goal, Link, SdgIndicator, Target, choose_text
from dashboard.evidence.codebook.texts import choose_title_language, is_official
from dashboard.locales import format_day, t


@cached
def list_goals(ctx: Context) -> list[GoalCard]:
    """Return the seventeen goals with how many of our indicators map to each, and how strongly."""
    linked = {goal.number: _of_goal(ctx, goal.number) for goal in ctx.book.goals.values()}
    longest = max(map(len, linked.values()), default=0)
    return [_goal_card(ctx, goal, linked[goal.number], longest) for goal in ctx.book.goals.values()]


@cached
def view_goal(ctx: Context, number: int) -> GoalView:
    """Return a goal: official title, targets, and our indicators per target with strength and reason.

    Raises:
        Unknown: no such goal.
    """
    entry = find_goal(ctx, number)
    below = [target for target in ctx.book.targets.values() if target.goal == number]
    linked = [_cards(ctx, _linked(ctx, target=target.code)) for target in below]
    longest = max(map(len, linked), default=0)
    targets = [_target_card(ctx, target, own, longest) for target, own in zip(below, linked, strict=True)]
    return GoalView(
        number=number,
        title=choose_text(entry.title, ctx.lang),
        title_lang=choose_title_language(entry.title, ctx.lang),
        title_note="" if is_official(ctx.lang) or ctx.lang not in entry.title else t("ways.own_title", ctx.lang),
        short=choose_text(entry.short, ctx.lang),
        colour=entry.colour,
        targets=[target for target in targets if target["indicators"]],
        others=[target for target in targets if not target["indicators"]],
        text=next(goal["text"] for goal in list_goals(ctx) if goal["number"] == number),
        strengths=list_strengths(ctx),
    )


@cached
def view_target(ctx: Context, code: str) -> TargetView:
    """Return a target, its official indicators, and ours.

    Raises:
        Unknown: no such target.
    """
    entry = find_target(ctx, code)
    parent = ctx.book.goals[entry.goal]
    cards = _cards(ctx, _linked(ctx, target=entry.code))
    official = [indicator for indicator in ctx.book.sdg_indicators.values() if indicator.target == entry.code]
    return TargetView(
        code=entry.code,
        goal=entry.goal,
        goal_short=choose_text(parent.short, ctx.lang),
        colour=parent.colour,
        title=choose_text(entry.title, ctx.lang),
        title_lang=choose_title_language(entry.title, ctx.lang),
        title_note="" if is_official(ctx.lang) or ctx.lang not in entry.title else t("ways.own_title", ctx.lang),
        kind=entry.kind,
        kind_text=translate_term(ctx, "target_kind", entry.kind),
        sdg_indicators=[_official_card(ctx, indicator) for indicator in official],
        indicators=cards,
        text=_mapped_text(ctx, cards),
    )


def list_strengths(ctx: Context) -> list[Term]:
    """Return the strengths of a link with their meanings, strongest first."""
    return [
        Term(
            id=strength,
            label=translate_term(ctx, "strength", strength),
            definition=translate_term(ctx, "strength", strength, "definition"),
        )
        for strength in STRENGTHS
    ]


def _linked(ctx: Context, *, target: str = "", official: str = "") -> dict[str, list[Link]]:
    """Map each indicator to its links to a target or an official indicator."""
    links_by_metric: dict[str, list[Link]] = {}
    for metric in ctx.book.metrics.values():
        links = [
            link
            for link in metric.links
            if (target and link.target == target) or (official and link.sdg_indicator == official)
        ]
        if links:
            links_by_metric[metric.id] = links
    return links_by_metric


def _cards(ctx: Context, linked: dict[str, list[Link]]) -> list[IndicatorCard]:
    """Return cards by the strength of the links asked about, then those with figures, then by name."""
    cards = [build_card(ctx, ctx.book.metrics[metric], links) for metric, links in linked.items()]
    return sorted(cards, key=lambda card: (STRENGTHS.index(card["strength"]), card["empty"], card["name"].casefold()))


def _goal_card(ctx: Context, goal: Goal, indicator_cards: list[IndicatorCard], longest: int) -> GoalCard:
    with_data = sum(1 for card in indicator_cards if not card["empty"])
    counted = t("ui.coverage.indicators", ctx.lang, count=len(indicator_cards))
    words = t("answers.goal.with_data", ctx.lang, indicators=counted, with_data=str(with_data))
    return GoalCard(
        number=goal.number,
        title=choose_text(goal.title, ctx.lang),
        short=choose_text(goal.short, ctx.lang),
        colour=goal.colour,
        targets=sum(1 for target in ctx.book.targets.values() if target.goal == goal.number),
        indicators=len(indicator_cards),
        with_data=with_data,
        text=words if indicator_cards else t("answers.goal.none", ctx.lang),
        bar=build_evidence_bar(ctx, count_by_strength(indicator_cards), longest),
    )


def _of_goal(ctx: Context, number: int) -> list[IndicatorCard]:
    """Return cards of the indicators linked to a target of the goal, by their strongest link."""
    codes = {target.code for target in ctx.book.targets.values() if target.goal == number}
    return [
        build_card(ctx, metric, links)
        for metric in ctx.book.metrics.values()
        if (links := [link for link in metric.links if link.target in codes])
    ]


def _target_card(ctx: Context, target: Target, indicator_cards: list[IndicatorCard], longest: int) -> TargetCard:
    return TargetCard(
        code=target.code,
        title=choose_text(target.title, ctx.lang),
        title_lang=choose_title_language(target.title, ctx.lang),
        kind=translate_term(ctx, "target_kind", target.kind),
        indicators=indicator_cards,
        bar=build_evidence_bar(ctx, count_by_strength(indicator_cards), longest),
    )


def _official_card(ctx: Context, official: SdgIndicator) -> SdgIndicatorCard:
    return SdgIndicatorCard(
        code=official.code,
        title=choose_text(official.title, ctx.lang),
        title_lang=choose_title_language(official.title, ctx.lang),
        custodian=official.custodian or t("answers.releases.unknown", ctx.lang),
        tier=official.tier,
        tier_text=_tier(ctx, official),
        unsd_code=official.unsd_code,
        indicators=len(_linked(ctx, official=official.code)),
    )


def _tier(ctx: Context, official: SdgIndicator) -> str:
    """Write ``Tier I, as of 30 November 2022``: the word translated, the numeral as the UN writes it."""
    if not official.tier:
        return t("ui.list.colon", ctx.lang).join(
            (t("ui.indicator.tier", ctx.lang), t("answers.releases.unknown", ctx.lang))
        )
    tier = official.tier.replace("Tier", t("ui.indicator.tier", ctx.lang))
    as_of = t("ui.indicator.tier_as_of", ctx.lang, date=format_day(official.as_of, ctx.lang))
    return t("ui.list.comma", ctx.lang).join((tier, as_of))


def _mapped_text(ctx: Context, cards: Iterable[IndicatorCard]) -> str:
    """Say how many of our indicators map, by strength, or that none does."""
    listed = list(cards)
    if not listed:
        return t("answers.goal.no_metric", ctx.lang)
    counts = {strength: sum(1 for card in listed if card["strength"] == strength) for strength in STRENGTHS}
    return t(
        "answers.goal.mapped",
        ctx.lang,
        indicators=t("ui.coverage.indicators", ctx.lang, count=len(listed)),
        **{count: str(number) for count, number in counts.items()},
    )
