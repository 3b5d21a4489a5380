"""Every page of the product. Menu, search, routes, sitemap, smoke and accessibility tests follow from this list.

A page is a package of ``pages`` whose module ``page`` has a ``PAGE``; one that is not named here is found in its
folder, and stands last in the section of the menu that it names.
"""

from importlib import import_module
from pathlib import Path

from dashboard.interfaces.pages.adoption.page import PAGE as ADOPTION
from dashboard.interfaces.pages.availability.page import PAGE as AVAILABILITY
from dashboard.interfaces.pages.changes.page import PAGE as CHANGES
from dashboard.interfaces.pages.compare.page import PAGE as COMPARE
from dashboard.interfaces.pages.countries.country import PAGE as COUNTRY
from dashboard.interfaces.pages.countries.page import PAGE as COUNTRIES
from dashboard.interfaces.pages.disagreements.page import PAGE as DISAGREEMENTS
from dashboard.interfaces.pages.effects.page import PAGE as EFFECTS
from dashboard.interfaces.pages.evidence.principles import PAGE as PRINCIPLES
from dashboard.interfaces.pages.evidence.themes import PAGE as THEMES
from dashboard.interfaces.pages.evidence.way import PRINCIPLE, THEME
from dashboard.interfaces.pages.gallery.page import PAGE as GALLERY
from dashboard.interfaces.pages.goals.goal import PAGE as GOAL
from dashboard.interfaces.pages.goals.page import PAGE as GOALS
from dashboard.interfaces.pages.goals.target import PAGE as TARGET
from dashboard.interfaces.pages.indicator.page import PAGE as INDICATOR
from dashboard.interfaces.pages.indicators.page import PAGE as INDICATORS
from dashboard.interfaces.pages.mapping.page import PAGE as MAPPING
from dashboard.interfaces.pages.method.glossary import PAGE as GLOSSARY
from dashboard.interfaces.pages.method.page import PAGE as METHOD
from dashboard.interfaces.pages.method.section import PAGE as METHOD_SECTION
from dashboard.interfaces.pages.overview.page import PAGE as OVERVIEW
from dashboard.interfaces.pages.progress.page import PAGE as PROGRESS
from dashboard.interfaces.pages.search.page import PAGE as SEARCH
from dashboard.interfaces.pages.sending.page import PAGE as SENDING
from dashboard.interfaces.pages.services.country import PAGE as COUNTRY_SERVICES
from dashboard.interfaces.pages.services.page import PAGE as SERVICES
from dashboard.interfaces.pages.shell.page import MenuEntry, Page
from dashboard.interfaces.pages.sources.page import PAGE as SOURCES
from dashboard.interfaces.pages.statement.claim import PAGE as CLAIM
from dashboard.interfaces.pages.statement.page import PAGE as STATEMENT

_NAMED: tuple[Page, ...] = (
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
    STATEMENT,
    CLAIM,
    COMPARE,
    PROGRESS,
    SOURCES,
    AVAILABILITY,
    CHANGES,
    DISAGREEMENTS,
    EFFECTS,
    METHOD,
    METHOD_SECTION,
    GLOSSARY,
    GALLERY,
    SEARCH,
    SENDING,
)


def _find_pages() -> tuple[Page, ...]:
    """Pages of folders that are not named above, by their ids."""
    modules = (f"{__package__}.{path.parent.name}.page" for path in sorted(Path(__file__).parent.glob("*/page.py")))
    pages = (getattr(import_module(module), "PAGE", None) for module in modules if not module.endswith(".shell.page"))
    return tuple(page for page in pages if page is not None and page not in _NAMED)


FOUND: tuple[Page, ...] = _find_pages()
PAGES: tuple[Page, ...] = (*_NAMED, *FOUND)

SECTIONS: tuple[tuple[str, tuple[Page, ...]], ...] = (
    ("overview", (OVERVIEW,)),
    ("mapping", (MAPPING, GOALS, PRINCIPLES, THEMES)),
    ("countries", (COUNTRIES, COMPARE, SERVICES)),
    ("indicators", (INDICATORS,)),
    ("progress", (PROGRESS, EFFECTS)),
    ("adoption", (ADOPTION, STATEMENT)),
    ("about", (SOURCES, AVAILABILITY, CHANGES, DISAGREEMENTS, SENDING, METHOD, GLOSSARY, GALLERY)),
)
"""The menu: (key of ``ui.nav``, its pages); a section opens on its first page, and its pages name each other."""


def _build_menu() -> tuple[MenuEntry, ...]:
    titles = tuple((page.id, page.title) for page in FOUND)
    return tuple(
        MenuEntry(
            key,
            tuple((page.id, page.route_in("").removeprefix("//")) for page in _list_section_pages(key, pages)),
            titles,
        )
        for key, pages in SECTIONS
    )


def _list_section_pages(key: str, pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """The pages of a section: those that it names, then those that name it."""
    return (*pages, *(page for page in FOUND if page.section == key))


MENU: tuple[MenuEntry, ...] = _build_menu()


def find_section(page: Page) -> MenuEntry | None:
    """The section a page belongs to, where it has more than one page."""
    for (key, named), entry in zip(SECTIONS, MENU, strict=True):
        pages = _list_section_pages(key, named)
        if page in pages and len(pages) > 1:
            return entry
    return None
