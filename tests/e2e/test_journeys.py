"""What a reviewer comes for, with the keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.locales import t
from tests.e2e.conftest import arrive, settle, watch

pytestmark = pytest.mark.browser

READERS = ("en", "ar")


@pytest.fixture
def reader(new_context: Callable[..., BrowserContext]) -> Page:
    """A reader whose clipboard can be looked into."""
    context = new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return context.new_page()


def _press_on(page: Page, name: str) -> None:
    """Go on with Tab until the focused link or button is called ``name``, then press it."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip().startswith(name):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name!r} was not reached with Tab")


@pytest.mark.parametrize("lang", READERS)
def test_find_how_adopters_do_on_bribery_and_cite_kazakhstans_figure(reader: Page, lang: str) -> None:
    errors = watch(reader)
    arrive(reader, f"/{lang}/")
    indicator = text(codebook().metrics["bribery_persons"].name, lang)
    kazakhstan = text(codebook().countries["KAZ"].name, lang)
    reader.keyboard.press("/")
    reader.keyboard.type("16.5.1")
    options = reader.get_by_role("option")
    expect(options.filter(has_text=indicator)).to_be_visible()
    for _ in range(options.count()):
        reader.keyboard.press("ArrowDown")
        if indicator in reader.locator("[role=option][aria-selected=true]").inner_text():
            break
    reader.keyboard.press("Enter")
    expect(reader).to_have_url(re.compile(f"/{lang}/indicators/bribery_persons/"))
    settle(reader)
    expect(reader.locator("main")).to_contain_text(re.compile(r"5.*14"))  # adopters with a figure, by the rule named
    own = reader.locator("#national")
    expect(own).to_contain_text(t("national.label", lang))
    figure = own.get_by_role("row").filter(has_text=kazakhstan).get_by_role("button")
    figure.focus()
    reader.keyboard.press("Enter")
    drawer = reader.get_by_role("dialog")
    expect(drawer).to_contain_text(kazakhstan)
    _press_on(reader, t("ui.buttons.copy_citation", lang))
    expect(drawer.get_by_text(t("ui.buttons.citation_copied", lang))).to_be_visible()
    citation = reader.evaluate("navigator.clipboard.readText()")
    for part in (kazakhstan, indicator, "kaz:16-5-1", "/api/v1/provenance/"):
        assert part in citation
    assert errors == []
