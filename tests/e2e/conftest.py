"""One product and one browser for all browser tests; a page that does not forgive an error in its console."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.chromium import WAITS
from tests.e2e.product import SERVED, running


@pytest.fixture(scope="session")
def product(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running product, started for the second time: both ways of starting are used."""
    if url := os.environ.get(SERVED):
        yield url
        return
    if "PYTEST_XDIST_WORKER" in os.environ:
        pytest.exit("several processes of browser tests share one product: run `make e2e`", 2)
    with running(tmp_path_factory.mktemp("product"), starts=2) as url:
        yield url


@pytest.fixture
def new_context(chromium: Browser, product: str) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a visitor of its own: window, colour scheme, language."""
    made = []

    def make(**options: object) -> BrowserContext:
        context = chromium.new_context(**{"base_url": product, "viewport": {"width": 1280, "height": 900}} | options)
        context.set_default_timeout(WAITS)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A page of the product; a console error or an uncaught exception fails the test that opened it."""
    one = new_context().new_page()
    errors = watch(one)
    yield one
    assert errors == []


def watch(page: Page) -> list[str]:
    """What the page complains about from now on. Answers of 404 that a test asks for are not complaints."""
    errors: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and "the server responded with a status of 404" not in message.text:
            errors.append(f"{page.url}: {message.text} ({message.location['url']})")

    page.on("console", said)
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    return errors


def load(page: Page, path: str) -> None:
    """Open a page and wait until it is alive, its answer is there and its charts are drawn."""
    page.goto(path)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page is alive, its answer is there and its charts are drawn."""
    page.wait_for_selector("#hydrated", state="attached", timeout=30_000)
    page.locator("main .shape").wait_for(state="detached")
    expect(page.locator("figure.chart:not([data-status=ready])")).to_have_count(0)
