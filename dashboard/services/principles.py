"""CEPA principles and themes: the other two ways into the indicators."""

from dashboard.codebook.model import Principle, text
from dashboard.codebook.tables import THEMES
from dashboard.locales import t
from dashboard.services.cards import card, cards
from dashboard.services.context import Context
from dashboard.services.keeping import kept
from dashboard.services.views import PrincipleView, ThemeView
from dashboard.services.words import term


@kept
def principles(ctx: Context) -> list[PrincipleView]:
    """The eleven principles with the indicators linked to each."""
    return [_principle(ctx, one) for one in sorted(ctx.book.principles.values(), key=lambda one: one.order)]


@kept
def themes(ctx: Context) -> list[ThemeView]:
    """The themes with their indicators."""
    return [
        ThemeView(
            id=theme,
            label=term(ctx, "theme", theme),
            definition=term(ctx, "theme", theme, "definition"),
            indicators=cards(ctx, (metric for metric in ctx.book.metrics.values() if metric.theme == theme)),
        )
        for theme in THEMES
    ]


def _principle(ctx: Context, principle: Principle) -> PrincipleView:
    found = [
        card(ctx, metric, links)
        for metric in ctx.book.metrics.values()
        if (links := [link for link in metric.links if link.principle == principle.id])
    ]
    return PrincipleView(
        id=principle.id,
        order=principle.order,
        group=principle.group,
        group_text=term(ctx, "cepa_group", principle.group),
        name=text(principle.name, ctx.lang),
        strategies=list(principle.strategies),
        verified=principle.verified,
        note=principle.note if principle.verified else t("terms.cepa.to_check", ctx.lang),
        indicators=sorted(found, key=lambda it: (it["empty"], it["name"].casefold())),
    )
