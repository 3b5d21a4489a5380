"""The index of countries: status of adoption and how much there is of each; searched, filtered and in an order."""

from dashboard.answers.adoption.counting import STATUSES, find_adoption
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import require_among
from dashboard.answers.base.spelling import fold_spelling
from dashboard.answers.base.views import Choice, cut_page, make_choice
from dashboard.answers.base.words import make_slug, translate_term
from dashboard.answers.countries.countries import list_countries
from dashboard.answers.countries.heart import draw_glances
from dashboard.answers.countries.views import CountryCard, CountryIndex, CountryLine
from dashboard.locales import format_number, order, t

SORTS = ("by_status", "name", "coverage")
PAGE_ROWS = 25
"""Rows of a page of the table."""


@cached
def search_countries(
    ctx: Context, search: str = "", status: str = "", group: str = "", sort: str = "", page: int = 1
) -> CountryIndex:
    """Return a page of the countries and areas that match.

    Args:
        search: part of the name in the reader's language or in English, or a code; spelling as in ``search``.
        status: a status of adoption, which the country of origin has none of; "" takes all.
        group: a region as addresses write it (``asia``); "" takes all.
        sort: one of ``SORTS``; "" takes the first.
        page: from 1.

    Raises:
        Invalid: no such status, region or order.
    """
    require_among("status", status, STATUSES)
    require_among("group", group, [choice["id"] for choice in list_regions(ctx)])
    require_among("sort", sort, SORTS)
    everyone = list_countries(ctx)
    cards = [
        card
        for card in everyone
        if (not status or (card["status"] == status and not find_adoption(ctx, card["iso3"]).origin))
        and (not group or make_slug(ctx.book.countries[card["iso3"]].region) == group)
        and _is_called(ctx, card, fold_spelling(search))
    ]
    if sort == "coverage":
        cards.sort(key=lambda card: -card["with_data"])
    elif sort != "name":
        cards.sort(key=lambda card: STATUSES.index(card["status"]))
    cut = cut_page(len(cards), page, PAGE_ROWS)
    on_page = cards[cut.rows]
    hearts = draw_glances(ctx, [card["iso3"] for card in on_page])
    return CountryIndex(
        cards=[CountryLine(**card, heart=hearts[card["iso3"]]) for card in on_page],
        total=len(cards),
        total_text=t(
            "country.index.shown",
            ctx.lang,
            shown=format_number(len(cards), ctx.lang),
            all=format_number(len(everyone), ctx.lang),
        ),
        page=cut.number,
        pages=cut.pages,
        statuses=[make_choice(name, translate_term(ctx, "adoption_status", name), status) for name in STATUSES],
        regions=[{**choice, "chosen": choice["id"] == group} for choice in list_regions(ctx)],
        sorts=[make_choice(name, t(f"country.index.{name}", ctx.lang), sort or SORTS[0]) for name in SORTS],
    )


def list_regions(ctx: Context) -> list[Choice]:
    """Return the regions that countries belong to, by name."""
    names = {country.region for country in ctx.book.countries.values() if country.region}
    choices = [make_choice(make_slug(region), translate_term(ctx, "region", region, "")) for region in names]
    return sorted(choices, key=lambda choice: order(choice["label"], ctx.lang))


def _is_called(ctx: Context, card: CountryCard, text: str) -> bool:
    codes = (card["iso3"].lower(), card["iso2"].lower(), card["m49"])
    names = (card["name"], ctx.book.countries[card["iso3"]].name["en"])
    return text in codes or any(text in fold_spelling(name) for name in names)
