"""The registry: every page is in the menu or reached from one, in every language, with words of its own."""

import re
from collections.abc import Callable
from types import ModuleType

import pytest
import reflex as rx

from dashboard.interfaces.components.tables.national import list_national_figures
from dashboard.interfaces.pages import registry
from dashboard.interfaces.pages.adoption import page as adoption
from dashboard.interfaces.pages.goals import target
from dashboard.interfaces.pages.indicator import page as indicator
from dashboard.interfaces.pages.indicator.parts import list_series
from dashboard.interfaces.pages.indicator.state import IndicatorState
from dashboard.interfaces.pages.method import page as method
from dashboard.interfaces.pages.overview import page as overview
from dashboard.interfaces.pages.progress.matrix import draw_verdict
from dashboard.interfaces.pages.registry import MENU, PAGES
from dashboard.interfaces.pages.shell.frame import share_part
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.sources import page as sources
from dashboard.locales import LANGUAGES, t
from dashboard.locales.catalogue import load_messages
from tests.checks import all_of


def test_routes_are_unique_and_in_every_language() -> None:
    routes = [page.route_in(lang) for page in PAGES for lang in LANGUAGES]
    assert len(routes) == len(set(routes)) == len(LANGUAGES) * len(PAGES)
    assert all_of(route.endswith("/") and route.startswith("/") for route in routes)


def test_the_menu_leads_to_pages() -> None:
    routes = {page.route_in("en") for page in PAGES}
    assert len(MENU) == 7
    assert [path for entry in MENU for _, path in entry.pages if f"/en/{path}" not in routes] == []
    assert all_of(t(f"ui.nav.{entry.key}", lang) for entry in MENU for lang in LANGUAGES)
    assert all_of(entry.label(id_, lang) for entry in MENU for id_, _ in entry.pages for lang in LANGUAGES)


def test_search_finds_every_page_of_the_menu() -> None:
    from dashboard.answers.search.entries import PAGES as FOUND

    added = {page.id for page in registry.FOUND}  # whoever puts the product together adds these
    named = {path: name for name, path in FOUND.items()}
    pages = (page for entry in MENU for page in entry.pages)
    assert [path for id_, path in pages if path not in named and id_ not in added] == []


def test_fixed_pages_have_titles_and_descriptions_of_their_own() -> None:
    for lang in LANGUAGES:
        titles = [page.title(lang) for page in PAGES if not page.dynamic]
        assert len(titles) == len(set(titles))
        assert all_of(page.description(lang) for page in PAGES if not page.dynamic)


def test_every_text_of_a_page_is_translated() -> None:
    assert set(load_messages("pages", "ar")) == set(load_messages("pages", "en"))


def test_every_example_of_the_gallery_has_a_heading_and_a_note_and_no_note_is_of_another() -> None:
    from dashboard.interfaces.pages.gallery.page import SHOWN

    noted = {f"charts.gallery.{one.id}" for one in SHOWN if one.theme == "light"}
    assert noted == {key for key in load_messages("charts", "en") if key.startswith("charts.gallery.")}
    for one in SHOWN:
        note = f"charts.gallery.{one.id}" if one.theme == "light" else f"pages.gallery.{one.kind}"
        assert all_of(t(f"ui.controls.{one.kind}", lang) and t(note, lang) for lang in LANGUAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_a_page_has_one_heading_of_the_first_level_with_its_answer_and_with_words_in_its_place(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words were a second title under that of the page."""

    def titles() -> int:
        return str(page.body("en").render()).count("'name': '\"h1\"'")

    assert titles() in (1, 2), (
        "its own above the answer; else one of either kind of words, that of the answer being apart"
    )
    monkeypatch.setitem(page.body.__globals__, "show_answer", lambda lang, part, *_, **__: part(lang))
    assert titles() == 1


def test_no_two_parts_of_pages_have_one_name_in_the_browser() -> None:
    """It knows them by room and name: of two of one name it would show one in the place of both."""

    def part(name: str) -> Callable[[str], rx.Component]:
        def body(lang: str) -> rx.Component:
            return rx.el.p(name)

        return body

    assert len({(page.body.__module__, page.body.__name__) for page in PAGES}) == len(PAGES)
    first = part("one")
    share_part(first, "en")
    share_part(first, "fr")
    with pytest.raises(ValueError, match="two parts called body"):
        share_part(part("other"), "en")


@pytest.mark.parametrize("page", [adoption, indicator, method, overview, sources, target])
def test_a_link_to_a_part_of_a_page_brings_it_into_sight(page: ModuleType) -> None:
    """The part comes with the answer, and may be folded: the browser alone finds nothing to go to."""
    assert "AtAnchor" in str(page._draw_answer("en").render())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_status_leads_to_the_definition_of_its_words(lang: str) -> None:
    """Where nobody set a target, “on track or target met” would be looked up."""
    for words, is_without in (("on_track", "false"), ("no_target", "true")):
        link = draw_verdict(lang, "on_track", t(f"progress.status.{words}.name", lang), "met")
        assert f'/method/status_"+({is_without} ? "no_target" : "on_track")' in str(link.render())


def test_a_publisher_without_an_address_is_no_link() -> None:
    """What a ministry sends has none: the link led to the page itself."""
    view = IndicatorState.view
    for part, addresses in (
        (list_series("en", view), ("homepage", "licence_url")),
        (list_national_figures("en", view["national"], lambda _: rx.noop()), ("homepage",)),
    ):
        for name in addresses:
            assert re.search(rf'\["{name}"\]\?\.valueOf\?\.\(\) === ""', str(part.render())), name
