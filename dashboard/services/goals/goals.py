"""Goals, targets and official indicators, with what of ours maps to them."""

from collections.abc import Iterable

from dashboard.codebook.model import Goal, Link, Metric, SdgIndicator, Target, text
from dashboard.codebook.texts import title_language
from dashboard.locales import date, t
from dashboard.services.base.cache import cached
from dashboard.services.base.context import Context
from dashboard.services.base.lookup import find_goal, find_sdg_indicator, find_target
from dashboard.services.base.words import sentence, term
from dashboard.services.goals.views import (
    GoalCard,
    GoalView,
    SdgIndicatorCard,
    SdgIndicatorView,
    TargetCard,
    TargetView,
)
from dashboard.services.holdings.coverage import is_empty
from dashboard.services.indicators.cards import card
from dashboard.services.indicators.views import IndicatorCard
from dashboard.services.wording.evidence import ORDER
from dashboard.services.wording.views import Term


@cached
def goals(ctx: Context) -> list[GoalCard]:
    """The seventeen goals with how many of our indicators map to each."""
    return [_goal_card(ctx, goal) for goal in ctx.book.goals.values()]


@cached
def goal(ctx: Context, number: int) -> GoalView:
    """One goal: official title, its targets, our indicators per target with strength and reason.

    Raises:
        Unknown: no such goal.
    """
    entry = find_goal(ctx, number)
    targets = [_target_card(ctx, target) for target in ctx.book.targets.values() if target.goal == number]
    return GoalView(
        number=number,
        title=text(entry.title, ctx.lang),
        title_lang=title_language(entry.title, ctx.lang),
        short=text(entry.short, ctx.lang),
        colour=entry.colour,
        targets=[target for target in targets if target["indicators"]],
        others=[target for target in targets if not target["indicators"]],
        text=_goal_card(ctx, entry)["text"],
        strengths=strengths(ctx),
    )


@cached
def target(ctx: Context, code: str) -> TargetView:
    """One target, its official indicators, and ours.

    Raises:
        Unknown: no such target.
    """
    entry = find_target(ctx, code)
    parent = ctx.book.goals[entry.goal]
    cards = _cards(ctx, _linked(ctx, target=entry.code))
    official = [one for one in ctx.book.sdg_indicators.values() if one.target == entry.code]
    return TargetView(
        code=entry.code,
        goal=entry.goal,
        goal_short=text(parent.short, ctx.lang),
        colour=parent.colour,
        title=text(entry.title, ctx.lang),
        title_lang=title_language(entry.title, ctx.lang),
        kind=entry.kind,
        kind_text=term(ctx, "target_kind", entry.kind),
        sdg_indicators=[_official_card(ctx, one) for one in official],
        indicators=cards,
        text=_mapped_text(ctx, cards),
    )


@cached
def sdg_indicator(ctx: Context, code: str) -> SdgIndicatorView:
    """One official indicator: custodian, tier as of its date, what of ours maps to it, or that nothing does.

    Raises:
        Unknown: no such official indicator.
    """
    indicator = find_sdg_indicator(ctx, code)
    parent = ctx.book.goals[indicator.goal]
    above = ctx.book.targets[indicator.target]
    cards = _cards(ctx, _linked(ctx, official=indicator.code))
    note = ""
    if ctx.lang != "en":
        note = (
            "english_only"
            if ctx.lang not in indicator.title
            else "older_text"
            if indicator.titles_follow_older_text
            else ""
        )
    return SdgIndicatorView(
        code=indicator.code,
        title=text(indicator.title, ctx.lang),
        title_note=t(f"ui.indicator.{note}", ctx.lang) if note else "",
        target=above.code,
        target_title=text(above.title, ctx.lang),
        goal=indicator.goal,
        goal_short=text(parent.short, ctx.lang),
        colour=parent.colour,
        custodian=indicator.custodian,
        tier=indicator.tier,
        tier_text=sentence([_tier(ctx, indicator), _as_of(ctx, indicator)]),
        unsd_code=indicator.unsd_code,
        indicators=cards,
        text=_mapped_text(ctx, cards),
    )


def strengths(ctx: Context) -> list[Term]:
    """The strengths of a link with their meanings, strongest first."""
    return [
        Term(id=one, label=term(ctx, "strength", one), definition=term(ctx, "strength", one, "definition"))
        for one in ORDER
    ]


def _linked(ctx: Context, *, target: str = "", official: str = "") -> dict[str, list[Link]]:
    """Indicator → its links to a target or an official indicator."""
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
    """Cards with the links asked about: strongest first, then those with figures, then by name."""
    cards = [card(ctx, ctx.book.metrics[metric], links) for metric, links in linked.items()]
    return sorted(cards, key=lambda it: (ORDER.index(it["strength"]), it["empty"], it["name"].casefold()))


def _goal_card(ctx: Context, goal: Goal) -> GoalCard:
    ours = _of_goal(ctx, goal.number)
    with_data = sum(1 for metric in ours if not is_empty(ctx, metric.id))
    counted = t("ui.coverage.indicators", ctx.lang, count=len(ours))
    words = t("answers.goal.with_data", ctx.lang, indicators=counted, with_data=str(with_data)) if ours else ""
    return GoalCard(
        number=goal.number,
        title=text(goal.title, ctx.lang),
        short=text(goal.short, ctx.lang),
        colour=goal.colour,
        targets=sum(1 for target in ctx.book.targets.values() if target.goal == goal.number),
        indicators=len(ours),
        with_data=with_data,
        text=words or t("answers.goal.none", ctx.lang),
    )


def _of_goal(ctx: Context, number: int) -> list[Metric]:
    codes = {target.code for target in ctx.book.targets.values() if target.goal == number}
    return [metric for metric in ctx.book.metrics.values() if any(link.target in codes for link in metric.links)]


def _target_card(ctx: Context, target: Target) -> TargetCard:
    return TargetCard(
        code=target.code,
        title=text(target.title, ctx.lang),
        title_lang=title_language(target.title, ctx.lang),
        kind=term(ctx, "target_kind", target.kind),
        indicators=_cards(ctx, _linked(ctx, target=target.code)),
    )


def _official_card(ctx: Context, official: SdgIndicator) -> SdgIndicatorCard:
    return SdgIndicatorCard(
        code=official.code,
        title=text(official.title, ctx.lang),
        title_lang=title_language(official.title, ctx.lang),
        custodian=official.custodian,
        tier=official.tier,
        tier_text=_tier(ctx, official),
        as_of_text=_as_of(ctx, official),
        unsd_code=official.unsd_code,
        indicators=len(_linked(ctx, official=official.code)),
    )


def _tier(ctx: Context, official: SdgIndicator) -> str:
    """``Tier I``: the word in the reader's language, the numeral as the United Nations write it."""
    return official.tier.replace("Tier", t("ui.indicator.tier", ctx.lang))


def _as_of(ctx: Context, official: SdgIndicator) -> str:
    return t("ui.indicator.tier_as_of", ctx.lang, date=date(official.as_of, ctx.lang)) if official.as_of else ""


def _mapped_text(ctx: Context, cards: Iterable[IndicatorCard]) -> str:
    """How many indicators of ours map, by strength; the honest sentence when none does."""
    listed = list(cards)
    if not listed:
        return t("answers.goal.no_metric", ctx.lang)
    counts = {one: sum(1 for it in listed if it["strength"] == one) for one in ORDER}
    return t(
        "answers.goal.mapped",
        ctx.lang,
        indicators=t("ui.coverage.indicators", ctx.lang, count=len(listed)),
        **{one: str(number) for one, number in counts.items()},
    )
