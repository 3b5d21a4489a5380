"""Every page in Firefox: it answers, draws its charts, and a control changes what it shows."""

from collections.abc import Iterator

import pytest

from dashboard.interfaces.pages.registry import PAGES
from tests.e2e.firefox import Firefox, firefox, found
from tests.needs import missing

pytestmark = [pytest.mark.browser, pytest.mark.nightly]

READY = "!!document.querySelector('#hydrated') && !document.querySelector('main [aria-busy=true]')"
DRAWN = """[...document.querySelectorAll('figure.chart')].every((one) =>
  one.getAttribute('data-status') === 'ready' && one.querySelector('svg, canvas')
  || !one.getClientRects().length || one.getBoundingClientRect().top > innerHeight)"""
"""Every chart in the first screen is drawn; those below wait until they are near."""
CONTROL = "main :is(.tabs, .segments, .forms, thead) a[href]:not([aria-current=true])"


@pytest.fixture(scope="module")
def window() -> Iterator[Firefox]:
    """One Firefox for all pages; without it the tests are skipped, on CI they fail."""
    path = found()
    if path is None:
        missing("no Firefox: install it (Debian: firefox-esr)")
    with firefox(path) as one:
        yield one


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_page_draws_its_charts_and_answers_a_control(window: Firefox, product: str, lang: str) -> None:
    wrong = []
    for one in PAGES:
        window.open(f"{product}/{lang}/{one.example}")
        if not window.wait(READY, 90 if one.id == "gallery" else 20):  # every kind of chart there is
            wrong.append(f"{one.id}: no answer")
            continue
        if not window.wait(DRAWN):
            wrong.append(f"{one.id}: a chart is not drawn")
        if window.evaluate(f"!!document.querySelector({CONTROL!r})"):
            before = window.evaluate("location.href")
            window.evaluate(f"document.querySelector({CONTROL!r}).click()")
            if not window.wait(f"location.href !== {before!r} && {READY}"):
                wrong.append(f"{one.id}: a control does nothing")
    assert wrong == []


def test_a_list_changes_the_view_and_back_undoes_it(window: Firefox, product: str) -> None:
    window.open(f"{product}/en/indicators/")
    assert window.wait(READY)
    place = "document.querySelector('#by-theme')"
    window.evaluate(f"({place}.value = 'integrity', {place}.dispatchEvent(new Event('change', {{bubbles: true}})))")
    assert window.wait("location.search.includes('theme=integrity')")
    window.evaluate("history.back()")
    assert window.wait(f"!location.search.includes('theme') && {place}.value === ''")
