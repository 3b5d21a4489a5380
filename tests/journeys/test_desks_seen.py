"""The desks as people meet them: axe finds nothing, nothing is wider than the window, no field lies on another.

In both themes and at two widths.

Made of the training workspace, whose tables, findings, queues and lessons are not empty. ``JOURNEY_PICTURES`` keeps a
picture of each.
"""

import os
import re
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext

from dashboard.operations.training import making
from dashboard.operations.training.place import read_workspace
from tests.journeys.test_grid import COVERED, opened
from tests.operations.training.kept import copied
from tests.serving import free_port, served_desks, started, wait_for

pytestmark = [
    pytest.mark.journey, pytest.mark.nightly, pytest.mark.timeout(1800), pytest.mark.xdist_group("desks_seen"),
]  # fmt: skip

YEAR = datetime.now(UTC).year - 1
PAGES = {
    "contributor.xab": [
        "/contribute/", f"/contribute/grid?year={YEAR}", "/contribute/pull", "/contribute/figures",
        "/contribute/counts", "/contribute/survey", "/contribute/indicators", "/custodian/",
        "/custodian/survey-planner", "/training/lessons/", "/training/lessons/contributor/", "/account/",
    ],
    "contributor.xad": ["/contribute/", "{submission}", "{submission}/method"],
    "approver.xac": ["/contribute/", "{submission}", "/actions/desk/"],
    "moderator.xab": ["/voice/review/", "/voice/review/complaints", "/voice/review/answers"],
    "integrity_officer.xab": ["/voice/integrity/"],
    "reviewer": ["/review/", "{submission}", "/account/"],
    "": ["/voice/xab-1/", "/voice/xab-1/?service=identity", "{number}"],
}  # fmt: skip
"""Who sees which pages; in place of ``{submission}`` the first that their own page leads to."""

SEEN = ((1280, "light", "en"), (1280, "dark", "ar"), (360, "light", "ru"), (360, "dark", "en"))
"""Width, theme and language of each look."""

WIDER = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """Address and passwords of a fresh training workspace, of which the desks are served."""
    folder, port = copied(tmp_path_factory.mktemp("training") / "workspace"), free_port()
    held = read_workspace(folder)
    assert held is not None
    environment = os.environ | making.make_environment(folder, port, held)
    with started(served_desks(port), by=signal.SIGTERM, env=environment) as server:
        url = f"http://localhost:{port}"
        wait_for(server, f"{url}/account/login", within=120)
        yield url, {one.email.partition("@")[0]: one.password for one in held.people}


@pytest.mark.parametrize("who", PAGES)
def test_a_desk_is_for_everybody(chromium: Browser, workspace: tuple[str, dict[str, str]], who: str) -> None:
    url, passwords = workspace
    first = opened(chromium, url, viewport={"width": 1280, "height": 900})
    places = {"{number}": complain(first)} if not who else {}
    if who:
        log_in(first, who, passwords[who])
        places["{submission}"] = find_submission(first, "/review/" if who == "reviewer" else "/contribute/")
    state = first.storage_state()
    first.close()
    found = []
    for width, scheme, lang in SEEN:
        window = {"width": width, "height": 900}
        context = opened(chromium, url, viewport=window, color_scheme=scheme, storage_state=state)
        page = context.new_page()
        for path in PAGES[who]:
            for name, place in places.items():
                path = path.replace(name, place)
            page.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
            seen = f"{path} at {width} px, {scheme}, {lang}"
            if (wider := page.evaluate(WIDER)) > 0:
                found.append(f"{seen}: {wider} px wider than the window")
            found += [f"{seen}: {one}" for one in page.evaluate(COVERED)]
            violations = Axe().run(page).response["violations"]
            found += [f"{seen}: {one['id']}: {one['nodes'][0]['html'][:150]}" for one in violations]
            if pictures := os.environ.get("JOURNEY_PICTURES"):
                name = re.sub(r"\W+", "-", f"{who}{path}")
                page.screenshot(path=Path(pictures) / f"{name}-{width}-{scheme}-{lang}.png", full_page=True)
        context.close()
    assert found == []


def log_in(context: BrowserContext, who: str, password: str) -> None:
    """Log in, with one-time codes where they are asked for."""
    page = context.new_page()
    page.goto("/account/login?lang=en")
    page.fill("#email", f"{who}@training.test")
    page.fill("#password", password)
    with page.expect_navigation():
        page.locator("form[action='/account/login'] button").click()
    if page.locator("ol.steps code").count():
        page.fill("#code", pyotp.TOTP(page.locator("ol.steps code").inner_text().replace(" ", "")).now())
        with page.expect_navigation():
            page.locator("form[action='/account/codes'] button").click()
    page.close()


def find_submission(context: BrowserContext, on: str) -> str:
    """The address of the first submission that a page leads to; "" where it leads to none."""
    page = context.new_page()
    page.goto(on)
    links = page.locator("main a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    page.close()
    return next((found[0] for one in links if (found := re.match(r"/contribute/[0-9]+", one or ""))), "/contribute/")


def complain(context: BrowserContext) -> str:
    """The address of the number of a complaint that a visitor has just made."""
    page = context.new_page()
    page.goto("/voice/xab-1/?lang=en&service=identity")
    page.check("input[name=kind][value=complaint]")
    page.fill("textarea", "The lift is broken")
    with page.expect_navigation(url=re.compile("/voice/number/")):
        page.locator("form button").last.click()
    address = page.url.partition("?")[0]
    page.close()
    return address
