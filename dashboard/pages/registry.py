"""Every page of the product. Menu, routes, sitemap, smoke and accessibility tests follow from this list."""

from dashboard.pages import (
    adoption,
    availability,
    compare,
    countries,
    country,
    effects,
    gallery,
    goal,
    goals,
    indicator,
    indicators,
    method,
    overview,
    principle,
    principles,
    progress,
    search,
    sources,
    target,
    theme,
    themes,
)
from dashboard.pages.page import Page

PAGES: tuple[Page, ...] = (
    overview.PAGE,
    goals.PAGE,
    goal.PAGE,
    target.PAGE,
    principles.PAGE,
    principle.PAGE,
    themes.PAGE,
    theme.PAGE,
    indicators.PAGE,
    indicator.PAGE,
    countries.PAGE,
    country.PAGE,
    adoption.PAGE,
    compare.PAGE,
    progress.PAGE,
    sources.PAGE,
    availability.PAGE,
    effects.PAGE,
    method.PAGE,
    gallery.PAGE,
    search.PAGE,
)

MENU: tuple[tuple[str, str], ...] = tuple(
    (page.menu, page.route.removeprefix("/{lang}/")) for page in PAGES if page.menu
)
"""(key of ``ui.nav``, path below the language), in the order of the menu."""
