"""An indicator in one line, and why it is linked to a target or a principle."""

from collections import Counter
from collections.abc import Iterable, Sequence

from dashboard.codebook.model import Link, Metric, text
from dashboard.locales import t
from dashboard.services.base.context import Context
from dashboard.services.base.rows import stats_of
from dashboard.services.base.words import listed, sentence, term, unit_words
from dashboard.services.holdings.coverage import coverage, is_empty
from dashboard.services.indicators.views import IndicatorCard, LinkView
from dashboard.services.wording.evidence import PARTS, STRENGTHS
from dashboard.services.wording.figures import who_can_supply
from dashboard.services.wording.publishers import title_of


def strongest(links: Iterable[Link]) -> Link | None:
    """The strongest of some links; of equals the first."""
    return min(links, key=lambda link: STRENGTHS.index(link.strength), default=None)


def source_text(ctx: Context, metric: Metric) -> str:
    """Titles of the publishers whose rows are shown; without rows, of those that have a series, or who is to submit."""
    feeds = stats_of(ctx, metric.id).feeds or [(link.source, link.series) for link in metric.series]
    titles = list(dict.fromkeys(title_of(source, series) for source, series in feeds))
    if titles:
        return listed(ctx, titles)
    return listed(ctx, (feed_text(ctx, kind) for kind in metric.source_type))


def feed_text(ctx: Context, kind: str) -> str:
    """Who has the figures of an indicator, by its ``source_type``: a kind with words of its own, or a publisher."""
    words = term(ctx, "feed", kind, "")
    return title_of(kind) if words == kind else words


def why_empty(ctx: Context, metric: Metric) -> str:
    """Why there is no figure at all: nobody submitted, not gathered, or nothing published; "" where there are some."""
    stats = stats_of(ctx, metric.id)
    if stats.countries:
        return ""
    if not metric.series:
        return t(
            "answers.empty.computed" if metric.source_type == ("computed",) else "answers.empty.national", ctx.lang
        )
    key = "nothing_published" if stats.rows else "not_gathered"
    return t(f"answers.empty.{key}", ctx.lang, source=source_text(ctx, metric))


def supplier(ctx: Context, metric: Metric) -> str:
    """Who can supply the figures of an empty indicator."""
    if not is_empty(ctx, metric.id):
        return ""
    if metric.source_type == ("computed",):
        return t("answers.empty.who_computed", ctx.lang)
    return who_can_supply(ctx, metric, "not_gathered" if metric.series else "not_reported")


def card(ctx: Context, metric: Metric, links: Sequence[Link] | None = None) -> IndicatorCard:
    """The indicator in one line; ``links`` are those asked about (None: all), the strongest gives the reason."""
    chosen = strongest(metric.links if links is None else links)
    return IndicatorCard(
        id=metric.id,
        name=text(metric.name, ctx.lang),
        definition=text(metric.definition, ctx.lang),
        unit=unit_words(ctx, metric),
        theme=metric.theme,
        theme_text=term(ctx, "theme", metric.theme),
        goals=sorted({goal for link in metric.links if (goal := goal_of(ctx, link)) is not None}),
        targets=list(dict.fromkeys(link.target for link in metric.links if link.target)),
        principles=list(dict.fromkeys(link.principle for link in metric.links if link.principle)),
        strength=chosen.strength if chosen else "",
        strength_text=term(ctx, "strength", chosen.strength) if chosen else "",
        rationale=rationale(ctx, chosen) if chosen else text(metric.no_link_reason, ctx.lang),
        source_text=source_text(ctx, metric),
        coverage=coverage(ctx, metric.id),
        empty=is_empty(ctx, metric.id),
        why_empty=sentence([why_empty(ctx, metric), supplier(ctx, metric)]),
    )


def cards(ctx: Context, metrics: Iterable[Metric]) -> list[IndicatorCard]:
    """Cards of several indicators, those with figures first, then by name."""
    unsorted = [card(ctx, metric) for metric in metrics]
    return sorted(unsorted, key=lambda it: (it["empty"], it["name"].casefold()))


def counted_by_strength(indicator_cards: Iterable[IndicatorCard]) -> list[int]:
    """How many cards are in each of ``services.wording.evidence.PARTS``, by the strength that they carry."""
    parts = Counter("none" if one["empty"] else one["strength"] or "unlinked" for one in indicator_cards)
    return [parts[part] for part in PARTS]


def goal_of(ctx: Context, link: Link) -> int | None:
    """The goal a link leads to."""
    target = ctx.book.targets.get(link.target)
    return target.goal if target else None


def rationale(ctx: Context, link: Link) -> str:
    """The reason of a link in the reader's language."""
    return text(link.rationales, ctx.lang) or link.rationale


def link_view(ctx: Context, link: Link) -> LinkView:
    """A link with everything it joins spelled out."""
    book, lang = ctx.book, ctx.lang
    metric, target = book.metrics.get(link.metric), book.targets.get(link.target)
    official, principle = book.sdg_indicators.get(link.sdg_indicator), book.principles.get(link.principle)
    return LinkView(
        metric=link.metric,
        metric_name=text(metric.name, lang) if metric else link.metric,
        goal=target.goal if target else None,
        target=link.target,
        target_title=text(target.title, lang) if target else "",
        sdg_indicator=link.sdg_indicator,
        sdg_indicator_title=text(official.title, lang) if official else "",
        principle=link.principle,
        principle_name=text(principle.name, lang) if principle else "",
        strength=link.strength,
        strength_text=term(ctx, "strength", link.strength),
        strength_meaning=term(ctx, "strength", link.strength, "definition"),
        rationale=rationale(ctx, link),
    )
