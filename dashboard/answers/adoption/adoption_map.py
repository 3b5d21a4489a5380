"""The adoption map: one square per country by derived status."""

from collections.abc import Sequence

from dashboard.answers.adoption.counting import STATUSES, find_adoption, list_adopters
from dashboard.answers.adoption.views import Legend, Tile
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import join_list, name_country, sort_by_name, translate_term
from dashboard.evidence.codebook.model import CountingRule
from dashboard.locales import t


def build_tiles(ctx: Context, rule: CountingRule) -> list[Tile]:
    """Return every country with a square, by name, and whether the rule counts it."""
    counted = set(list_adopters(ctx, rule))
    tiles = []
    for iso3 in sort_by_name(ctx, ctx.book.countries):
        country = ctx.book.countries[iso3]
        if country.tile is None:
            continue
        adoption = find_adoption(ctx, iso3)
        name = name_country(ctx, iso3)
        status = translate_term(ctx, "adoption_status", "origin" if adoption.origin else adoption.status)
        flag = translate_term(ctx, "adoption_status", "disputed") if adoption.disputed else ""
        words = join_list(ctx, [status, flag] if flag else [status])
        tiles.append(
            Tile(
                iso3=iso3,
                iso2=country.iso2,
                name=name,
                column=country.tile[0],
                row=country.tile[1],
                status=adoption.status,
                status_text=status,
                disputed=adoption.disputed,
                counted=iso3 in counted,
                origin=adoption.origin,
                text=t("ui.assistive.square", ctx.lang, country=name, value=words),
            )
        )
    return tiles


def build_legend(ctx: Context, tiles: Sequence[Tile]) -> list[Legend]:
    """Return the statuses among the squares, with their definitions and how many there are."""
    entries = []
    for status in ("origin", *STATUSES):
        those = [tile for tile in tiles if (status == "origin" if tile["origin"] else tile["status"] == status)]
        if those:
            entries.append(
                Legend(
                    id=status,
                    label=translate_term(ctx, "adoption_status", status),
                    definition=translate_term(ctx, "adoption_status", status, "definition"),
                    count=len(those),
                )
            )
    return entries
