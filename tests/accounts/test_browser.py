"""The pages in Chromium: forms arrive, keyboard is enough, 360 px hold them, all is accessible, in four languages."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from starlette.staticfiles import StaticFiles

from dashboard.accounts import people
from dashboard.accounts.model import Role
from dashboard.accounts.people import Rights
from dashboard.evidence.database.engine import create_engine_for, migrate
from dashboard.interfaces.api.security import add_security_headers
from dashboard.settings import Settings
from tests.accounts.conftest import PASSWORD, serving
from tests.languages import SWEPT

ASSETS = Path(__file__).parents[2] / "assets"
pytestmark = pytest.mark.browser


@pytest.fixture
def local(tmp_path: Path, hasher: Any) -> Iterator[Settings]:
    """An installation on a port of localhost, with the headers and style sheets of the product."""
    socket = uvicorn.Config(lambda: None, port=0, log_level="warning", factory=True).bind_socket()
    place = Settings(
        data_dir=tmp_path, public_url=f"http://localhost:{socket.getsockname()[1]}", secret="s" * 40,
        accounts={"enabled": True},
    )  # fmt: skip
    migrate(place)
    api = serving(place)
    api.mount("/", StaticFiles(directory=ASSETS))
    server = uvicorn.Server(uvicorn.Config(add_security_headers(api), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    while not server.started:  # nobody is told
        time.sleep(0.01)
    yield place
    server.should_exit = True
    thread.join()
    socket.close()
    create_engine_for(place.sqlalchemy_url).dispose()


def send(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def log_in(page: Page, place: Settings, lang: str) -> str:
    """From the invitation to the logged-in administrator, by keyboard; gives the key of the one-time codes."""
    made = people.invite(place, email="leyla@office.test", rights=Rights(Role.ADMIN), name="Leyla", language=lang)
    page.goto(made.link)
    page.focus("#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    send(page)
    page.focus("#email")
    page.keyboard.type("leyla@office.test")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    send(page)
    key = page.locator("ol.steps code").inner_text().replace(" ", "")
    page.focus("#code")
    page.keyboard.type(pyotp.TOTP(key).now())
    send(page)
    return key


@pytest.mark.parametrize("lang", SWEPT)
def test_an_administrator_comes_in_invites_and_goes(local: Settings, chromium: Browser, lang: str) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 740}, color_scheme="dark" if lang == "ar" else "light")
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    log_in(page, local, lang)
    assert page.url.startswith(f"{local.public_url}/review/?")
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "monitor-session"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    for path in ("/account/", "/admin/", "/admin/people/1", "/admin/audit?verify=1"):
        page.goto(f"{local.public_url}{path}{'&' if '?' in path else '?'}lang={lang}")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = [violation["id"] for violation in Axe().run(page).response["violations"]]
        assert (path, over, found) == (path, 0, [])
    page.goto(f"{local.public_url}/admin/?lang={lang}")
    page.fill("#email", "aysel@stat.test")
    page.select_option("#country", "AZE")
    page.fill("#office", "State Statistical Committee")
    send_from = page.locator("form[action='/admin/invite'] button")
    with page.expect_navigation():
        send_from.click()
    assert page.locator("[role=status] code").inner_text() == "python -m dashboard account link aysel@stat.test"
    assert page.locator("code.secret").count() == 0, "nobody is shown another's link"
    with page.expect_navigation():
        page.locator("form[action='/account/logout'] button").click()
    assert "/account/login" in page.url
    assert page.locator("[role=status]").is_visible()
    page.goto(f"{local.public_url}/admin/")
    assert "/account/login" in page.url
    assert faults == []
    page.close()


def test_every_target_is_large_enough_and_the_first_link_skips_the_menu(local: Settings, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    log_in(page, local, "en")
    for path in ("/account/", "/admin/"):
        page.goto(f"{local.public_url}{path}")
        small = page.evaluate(
            "[...document.querySelectorAll('button, select, input:not([type=hidden])')]"
            ".filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)"
            ".map((one) => one.outerHTML)"
        )
        assert small == []
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.close()
