"""The adoption map: one square per country by derived status."""

from collections.abc import Sequence

from dashboard.codebook.model import CountingRule
from dashboard.locales import t
from dashboard.services.adoption.counting import STATUSES, adopters, adoption_status
from dashboard.services.adoption.views import Legend, Tile
from dashboard.services.base.context import Context
from dashboard.services.base.words import by_name, country_name, listed, term


def tiles_of(ctx: Context, rule: CountingRule) -> list[Tile]:
    """Every country with a square, by name: its derived status, whether disputed, and whether the rule counts it."""
    counted = set(adopters(ctx, rule))
    tiles = []
    for iso3 in by_name(ctx, ctx.book.countries):
        country = ctx.book.countries[iso3]
        if country.tile is None:
            continue
        it = adoption_status(ctx, iso3)
        name = country_name(ctx, iso3)
        status = term(ctx, "adoption_status", "origin" if it.origin else it.status)
        flag = term(ctx, "adoption_status", "disputed") if it.disputed else ""
        words = listed(ctx, [status, flag] if flag else [status])
        tiles.append(
            Tile(
                iso3=iso3,
                name=name,
                column=country.tile[0],
                row=country.tile[1],
                status=it.status,
                status_text=status,
                disputed=it.disputed,
                counted=iso3 in counted,
                origin=it.origin,
                text=t("ui.assistive.square", ctx.lang, country=name, value=words),
            )
        )
    return tiles


def legend_of(ctx: Context, tiles: Sequence[Tile]) -> list[Legend]:
    """The statuses that occur among the squares, with their definitions and how many there are."""
    entries = []
    for status in ("origin", *STATUSES):
        those = [tile for tile in tiles if (status == "origin" if tile["origin"] else tile["status"] == status)]
        if those:
            entries.append(
                Legend(
                    id=status,
                    label=term(ctx, "adoption_status", status),
                    definition=term(ctx, "adoption_status", status, "definition"),
                    count=len(those),
                )
            )
    return entries
