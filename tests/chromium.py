"""The machine's Chromium, and the fixture ``chromium``.

The shell without a window is taken where there is one: it opens a page in a third of the time.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.needs import missing

COMMANDS = ("chromium-headless-shell", "chromium", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

WAITS = 20_000
"""Milliseconds a test waits for what a page is to show, on a machine that does much else; how soon is a benchmark."""

MOST_SHIFT = 0.05
SHIFTS = """shifted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((one) => shifted += one.hadRecentInput ? 0 : one.value))
  .observe({ type: "layout-shift", buffered: true });"""
"""Adds up what moved without the reader's doing."""


def path() -> str | None:
    """Where it is; None where this machine has none."""
    return next(filter(None, map(shutil.which, COMMANDS)), None)


def launched(playwright: Playwright) -> Browser:
    """It runs, without what would disturb a measurement.

    Raises:
        FileNotFoundError: this machine has none.
    """
    if (found := path()) is None:
        raise FileNotFoundError("no Chromium: install it with `make browser`")
    return playwright.chromium.launch(executable_path=found, args=ARGUMENTS)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The distribution's Chromium, one for a process; without one the tests are skipped, on CI they fail."""
    if path() is None:
        missing("no Chromium: install it with `make browser`")
    expect.set_options(timeout=WAITS)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()
