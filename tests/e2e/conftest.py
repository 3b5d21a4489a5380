"""One product and one browser for all browser tests; a page that does not forgive an error in its console."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.e2e.product import SERVED, running

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The distribution's Chromium; without one the tests are skipped, on CI they fail."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        missing = "no Chromium: install it with `make browser`"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


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
        context.set_default_timeout(10_000)
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
            errors.append(f"{page.url}: {message.text}")

    page.on("console", said)
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    return errors


def arrive(page: Page, path: str) -> None:
    """Open a page and wait until it is alive, its answer is there and its charts are drawn."""
    page.goto(path)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page is alive, its answer is there and its charts are drawn."""
    page.wait_for_selector("#hydrated", state="attached")
    page.locator("main .shape").wait_for(state="detached")
    matrix = page.locator(".matrix")
    if matrix.count():
        matrix.and_(page.locator("[data-status=ready]")).wait_for(state="attached")
    charts = page.locator("figure.chart")
    for place in range(charts.count()):
        charts.nth(place).and_(page.locator("[data-status=ready]")).wait_for(state="attached")


def enliven(page: Page) -> None:
    """Bring the pointer to the first chart: what stands there as a picture is drawn by the browser from then on."""
    page.locator("figure.chart .chart-box").first.hover(position={"x": 2, "y": 2})
    page.locator("figure.chart .chart-box [role=graphics-document]").first.wait_for()
