"""Readers and search engines that run no script get the figures, the languages and the description of the dataset."""

import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.conftest import load
from tests.languages import SWEPT

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("lang", SWEPT)
def test_figures_are_text_where_no_script_runs(new_context: Callable[..., BrowserContext], lang: str) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"/{lang}/countries/AZE/")
    assert page.locator("noscript li").filter(has_text="2024").count() > 5
    page.goto(f"/{lang}/indicators/wgi_cc/")
    assert page.locator(f"noscript a[href='/{lang}/countries/UZB/']").inner_text().count("−") == 1


@pytest.mark.parametrize("lang", SWEPT)
def test_the_overview_counts_adopters_where_no_script_runs(
    new_context: Callable[..., BrowserContext], lang: str
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"/{lang}/")
    assert page.locator("noscript ul.rows li").filter(has_text="14").count() == 1
    assert page.locator(f"noscript a[href='/{lang}/countries/UZB/']").is_visible()
    assert page.locator("noscript a[href$='/countries/TJK/']").count() == 0, "no record is no row"
    assert page.locator(".shape").is_hidden()


def test_a_shell_names_the_scripts_of_its_page_and_no_drawing_code(page: Page, product: str) -> None:
    with urllib.request.urlopen(f"{product}/en/indicators/wgi_cc/") as reply:
        named = set(re.findall(r'"(/assets/[^"]+[.]js)"', reply.read().decode()))
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url.removeprefix(product)))
    load(page, "/en/indicators/wgi_cc/")
    assert {path for path in asked if path.endswith(".js") and "vega" not in path} <= named
    assert not any("vega" in path for path in named)
