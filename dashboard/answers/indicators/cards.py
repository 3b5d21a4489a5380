"""An indicator in one line, and why it is linked to a target or a principle."""

from collections import Counter
from collections.abc import Iterable, Sequence

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_stats
from dashboard.answers.base.words import join_list, join_sentences, name_unit, translate_term
from dashboard.answers.holdings.coverage import is_empty, measure_coverage
from dashboard.answers.indicators.views import IndicatorCard, LinkView
from dashboard.answers.wording.evidence import PARTS, STRENGTHS
from dashboard.answers.wording.figures import name_supplier
from dashboard.answers.wording.publishers import title_publisher
from dashboard.evidence.codebook.model import Link, Metric, choose_text
from dashboard.locales import t


def choose_strongest(links: Iterable[Link]) -> Link | None:
    """Return the strongest link, the first of equals."""
    return min(links, key=lambda link: STRENGTHS.index(link.strength), default=None)


def name_sources(ctx: Context, metric: Metric) -> str:
    """Name the publishers whose rows are shown, else those with a series, else who should submit."""
    feeds = find_stats(ctx, metric.id).feeds or [(link.source, link.series) for link in metric.series]
    titles = list(dict.fromkeys(title_publisher(source, series) for source, series in feeds))
    if titles:
        return join_list(ctx, titles)
    return join_list(ctx, (describe_feed(ctx, kind) for kind in metric.source_type))


def describe_feed(ctx: Context, kind: str) -> str:
    """Name who has an indicator's figures, by its ``source_type``."""
    words = translate_term(ctx, "feed", kind, "")
    return title_publisher(kind) if words == kind else words


def explain_empty(ctx: Context, metric: Metric) -> str:
    """Explain why an indicator has no figure at all; "" where it has some."""
    stats = find_stats(ctx, metric.id)
    if stats.countries:
        return ""
    if not metric.series:
        return t(
            "answers.empty.computed" if metric.source_type == ("computed",) else "answers.empty.national", ctx.lang
        )
    key = "nothing_published" if stats.rows else "not_gathered"
    return t(f"answers.empty.{key}", ctx.lang, source=name_sources(ctx, metric))


def name_indicator_supplier(ctx: Context, metric: Metric) -> str:
    """Name who can supply the figures of an empty indicator."""
    if not is_empty(ctx, metric.id):
        return ""
    if metric.source_type == ("computed",):
        return t("answers.empty.who_computed", ctx.lang)
    return name_supplier(ctx, metric, "not_gathered" if metric.series else "not_reported")


def build_card(ctx: Context, metric: Metric, links: Sequence[Link] | None = None) -> IndicatorCard:
    """Build an indicator's card; the strongest of ``links`` (None: all) gives the reason."""
    chosen = choose_strongest(metric.links if links is None else links)
    return IndicatorCard(
        id=metric.id,
        name=choose_text(metric.name, ctx.lang),
        definition=choose_text(metric.definition, ctx.lang),
        unit=name_unit(ctx, metric),
        theme=metric.theme,
        theme_text=translate_term(ctx, "theme", metric.theme),
        goals=sorted({goal for link in metric.links if (goal := find_goal(ctx, link)) is not None}),
        targets=list(dict.fromkeys(link.target for link in metric.links if link.target)),
        principles=list(dict.fromkeys(link.principle for link in metric.links if link.principle)),
        strength=chosen.strength if chosen else "",
        strength_text=translate_term(ctx, "strength", chosen.strength) if chosen else "",
        rationale=choose_rationale(ctx, chosen) if chosen else choose_text(metric.no_link_reason, ctx.lang),
        source_text=name_sources(ctx, metric),
        coverage=measure_coverage(ctx, metric.id),
        empty=is_empty(ctx, metric.id),
        why_empty=join_sentences([explain_empty(ctx, metric), name_indicator_supplier(ctx, metric)]),
    )


def build_cards(ctx: Context, metrics: Iterable[Metric]) -> list[IndicatorCard]:
    """Build cards of several indicators, those with figures first, then by name."""
    unsorted = [build_card(ctx, metric) for metric in metrics]
    return sorted(unsorted, key=lambda card: (card["empty"], card["name"].casefold()))


def count_by_strength(indicator_cards: Iterable[IndicatorCard]) -> list[int]:
    """Count the cards in each of ``answers.wording.evidence.PARTS``, by their strength."""
    parts = Counter("none" if card["empty"] else card["strength"] or "unlinked" for card in indicator_cards)
    return [parts[part] for part in PARTS]


def find_goal(ctx: Context, link: Link) -> int | None:
    """Return the goal a link leads to."""
    target = ctx.book.targets.get(link.target)
    return target.goal if target else None


def choose_rationale(ctx: Context, link: Link) -> str:
    """Return the reason of a link in the reader's language."""
    return choose_text(link.rationales, ctx.lang) or link.rationale


def build_link_view(ctx: Context, link: Link) -> LinkView:
    """Return a link with everything it joins spelled out."""
    book, lang = ctx.book, ctx.lang
    target, principle = book.targets.get(link.target), book.principles.get(link.principle)
    return LinkView(
        metric=link.metric,
        goal=target.goal if target else None,
        target=link.target,
        target_title=choose_text(target.title, lang) if target else "",
        sdg_indicator=link.sdg_indicator,
        principle=link.principle,
        principle_name=choose_text(principle.name, lang) if principle else "",
        strength=link.strength,
        strength_text=translate_term(ctx, "strength", link.strength),
        strength_meaning=translate_term(ctx, "strength", link.strength, "definition"),
        rationale=choose_rationale(ctx, link),
    )
