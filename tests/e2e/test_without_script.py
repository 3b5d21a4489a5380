"""Readers and search engines that run no script get the figures, the languages and the description of the dataset."""

import re
import urllib.request
from collections.abc import Callable
from itertools import chain
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from dashboard.interfaces.pages.registry import PAGES
from dashboard.locales import LANGUAGES
from tests.e2e.conftest import load
from tests.languages import SWEPT

pytestmark = pytest.mark.browser


def read_main(page: Page) -> list[str]:
    """Return the words of a page, without those that a chart writes when it is drawn."""
    text: str = page.locator("main").evaluate(
        """main => {
          const copy = main.cloneNode(true);
          copy.querySelectorAll("figure.chart, noscript, script, style").forEach((part) => part.remove());
          const walk = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT), words = [];
          while (walk.nextNode()) words.push(walk.currentNode.data);
          return words.join(" ");
        }"""
    )
    return text.split()


def compare_views(page: Page, plain: Page, address: str) -> int:
    """Check that an address says the same with scripts as without; return how many words."""
    load(page, address)
    plain.goto(address, wait_until="domcontentloaded")
    words = read_main(plain)
    assert words == read_main(page), address
    assert plain.title() == page.title(), address
    return len(words)


@pytest.mark.parametrize("lang", SWEPT)
def test_every_page_says_without_scripts_what_it_says_with_them(
    page: Page, new_context: Callable[..., BrowserContext], lang: str
) -> None:
    plain = new_context(java_script_enabled=False).new_page()
    count = sum(compare_views(page, plain, f"/{lang}/{kind.example}") for kind in PAGES)
    assert count > 500 * len(PAGES)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_address_of_the_sitemap_says_without_scripts_what_it_says_with_them(
    page: Page, new_context: Callable[..., BrowserContext], lang: str
) -> None:
    """And the browser takes over each document as it is: React reports nothing that differs."""
    plain, errors = new_context(java_script_enabled=False).new_page(), list[str]()
    page.on(
        "console", lambda message: errors.append(f"{page.url}: {message.text}") if message.type == "error" else None
    )
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    for address in chain.from_iterable(kind.addresses() for kind in PAGES):
        compare_views(page, plain, f"/{lang}/{address}")
    assert not errors


@pytest.mark.parametrize(
    "path", ["/en/", "/fr/mapping/", "/ar/compare/?country=AZE,UGA&view=slope", "/en/indicators/ti_cpi/?tab=ranking"]
)
def test_the_first_chart_is_there_without_scripts(new_context: Callable[..., BrowserContext], path: str) -> None:
    plain = new_context(java_script_enabled=False).new_page()
    plain.goto(path)
    image = plain.locator("main img.chart-image").first
    image.scroll_into_view_if_needed()
    plain.wait_for_function("document.querySelector('main img.chart-image').naturalWidth > 100")
    assert len(image.get_attribute("alt") or "") > 5
    figure = plain.locator("main figure.chart").first
    assert all(figure.locator(part).inner_text() for part in (".chart-title", ".chart-sentence"))


def test_lists_say_and_send_their_choice_without_scripts(new_context: Callable[..., BrowserContext]) -> None:
    plain = new_context(java_script_enabled=False).new_page()
    plain.goto("/en/availability/?rule=operating")
    plain.locator("select[name=theme]").select_option("integrity")
    plain.locator("form.controls").get_by_role("button", name="Apply").click()
    assert parse_qs(urlsplit(plain.url).query) == {"theme": ["integrity"], "rule": ["operating"]}
    chosen = "form.controls select[name={}] option:checked"
    assert [plain.locator(chosen.format(name)).inner_text() for name in ("theme", "rule", "sort")] == [
        "Integrity", "operating", "By theme",
    ]  # fmt: skip
    assert plain.locator(".said, .ignored").count() == 0


def test_a_shell_names_the_scripts_of_its_page_and_no_drawing_code(page: Page, product: str) -> None:
    with urllib.request.urlopen(f"{product}/en/indicators/wgi_cc/") as reply:
        named = set(re.findall(r'"(/assets/[^"]+[.]js)"', reply.read().decode()))
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url.removeprefix(product)))
    load(page, "/en/indicators/wgi_cc/")
    assert {path for path in asked if path.endswith(".js") and "vega" not in path} <= named
    assert not any("vega" in path for path in named)
