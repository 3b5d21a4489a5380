"""Every page of the product. Menu, routes, sitemap, smoke and accessibility tests follow from this list."""

from dashboard.pages.adoption.page import PAGE as ADOPTION
from dashboard.pages.availability.page import PAGE as AVAILABILITY
from dashboard.pages.compare.page import PAGE as COMPARE
from dashboard.pages.countries.country import PAGE as COUNTRY
from dashboard.pages.countries.page import PAGE as COUNTRIES
from dashboard.pages.effects.page import PAGE as EFFECTS
from dashboard.pages.evidence.principle import PAGE as PRINCIPLE
from dashboard.pages.evidence.principles import PAGE as PRINCIPLES
from dashboard.pages.evidence.theme import PAGE as THEME
from dashboard.pages.evidence.themes import PAGE as THEMES
from dashboard.pages.gallery.page import PAGE as GALLERY
from dashboard.pages.goals.goal import PAGE as GOAL
from dashboard.pages.goals.page import PAGE as GOALS
from dashboard.pages.goals.target import PAGE as TARGET
from dashboard.pages.indicator.page import PAGE as INDICATOR
from dashboard.pages.indicators.page import PAGE as INDICATORS
from dashboard.pages.mapping.page import PAGE as MAPPING
from dashboard.pages.method.page import PAGE as METHOD
from dashboard.pages.overview.page import PAGE as OVERVIEW
from dashboard.pages.progress.page import PAGE as PROGRESS
from dashboard.pages.search.page import PAGE as SEARCH
from dashboard.pages.sending.page import PAGE as SENDING
from dashboard.pages.services.country import PAGE as COUNTRY_SERVICES
from dashboard.pages.services.page import PAGE as SERVICES
from dashboard.pages.shell.page import MenuEntry, Page
from dashboard.pages.sources.page import PAGE as SOURCES

PAGES: tuple[Page, ...] = (
    OVERVIEW,
    MAPPING,
    GOALS,
    GOAL,
    TARGET,
    PRINCIPLES,
    PRINCIPLE,
    THEMES,
    THEME,
    INDICATORS,
    INDICATOR,
    COUNTRIES,
    COUNTRY,
    SERVICES,
    COUNTRY_SERVICES,
    ADOPTION,
    COMPARE,
    PROGRESS,
    SOURCES,
    AVAILABILITY,
    EFFECTS,
    METHOD,
    GALLERY,
    SEARCH,
    SENDING,
)

SECTIONS: tuple[tuple[str, tuple[Page, ...]], ...] = (
    ("overview", (OVERVIEW,)),
    ("mapping", (MAPPING, GOALS, PRINCIPLES, THEMES)),
    ("countries", (COUNTRIES, COMPARE, SERVICES)),
    ("indicators", (INDICATORS,)),
    ("progress", (PROGRESS, EFFECTS)),
    ("adoption", (ADOPTION,)),
    ("about", (SOURCES, AVAILABILITY, SENDING, METHOD, GALLERY)),
)
"""The menu: (key of ``ui.nav``, its pages); a section opens on its first page, and its pages name each other."""


def _menu() -> tuple[MenuEntry, ...]:
    return tuple(
        MenuEntry(key, tuple((page.id, page.route_in("").removeprefix("//")) for page in pages))
        for key, pages in SECTIONS
    )


MENU: tuple[MenuEntry, ...] = _menu()


def section_of(page: Page) -> MenuEntry | None:
    """The section a page belongs to, where it has more than one page."""
    for (_, pages), entry in zip(SECTIONS, MENU, strict=True):
        if page in pages and len(pages) > 1:
            return entry
    return None
