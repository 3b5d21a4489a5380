"""From invitation to published figure in Russian, on a telephone 360 pixels wide, by keyboard alone.

An office sends a filled template, another person of the country approves it, a reviewer publishes it: three people,
each from the link of their invitation. Nobody touches a pointer, and no page is wider than the telephone.
"""

import io
import json
import os
import re
import signal
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pyotp
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from dashboard.accounts import people
from dashboard.accounts.model import Role
from dashboard.accounts.people import Rights
from dashboard.contributions.submissions.reading.child import HISTORY
from dashboard.contributions.submissions.workbooks.template import COLUMNS, lines, workbook
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import migrate
from dashboard.evidence.dataset.store import Dataset
from dashboard.locales import t
from dashboard.settings import Settings
from tests.contributions.submissions.test_tongues import write_method
from tests.serving import ROOT, free_port, served_desks, started, wait_for

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900), pytest.mark.xdist_group("in_russian")]

LANG = "ru"
YEAR = str(datetime.now(UTC).year - 1)
PASSWORD = "фонарь орхидея гравий 71"
OFFICES = {Role.CONTRIBUTOR: "Агентство статистики", Role.APPROVER: "Министерство юстиции", Role.REVIEWER: "Программа"}
MOST_TABS = 150
"""Presses of the tabulator within which every control of a page is reached."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Settings, dict[Role, str]]]:
    """Address, installation, and the link of each person's invitation."""
    place = tmp_path_factory.mktemp("russian")
    port = free_port()
    url = f"http://localhost:{port}"
    accounts = {"enabled": True}
    made = Settings(data_dir=place, database_url="", secret="s" * 40, public_url=url, accounts=accounts)
    migrate(made)
    links = {}
    for role, office in OFFICES.items():
        rights = Rights(role, "UZB" if role.of_country else "", office)
        links[role] = people.invite(made, email=f"{role}@office.test", rights=rights, language=LANG).link
    environment = os.environ | {
        "MONITOR_DATA_DIR": str(place), "MONITOR_ACCOUNTS__ENABLED": "true", "MONITOR_SECRET": "s" * 40,
        "MONITOR_PUBLIC_URL": url, "MONITOR_DATABASE_URL": "",
    }  # fmt: skip
    with started(served_desks(port), by=signal.SIGTERM, env=environment) as server:
        wait_for(server, f"{url}/account/login", within=120)
        yield url, made, links


def write_template(folder: Path) -> Path:
    """The Russian template with one figure, and how it was made."""
    book = load_codebook()
    rows = lines(book, pl.DataFrame(schema=HISTORY), ["complaints_in_time"])
    file = openpyxl.load_workbook(io.BytesIO(workbook(book, "UZB", YEAR, LANG, rows, date.today(), "http://x")))
    sheet, method = (file[t(f"submissions.sheet.{name}", LANG)] for name in ("indicators", "method"))
    for name, value in (("value", "81,4"), ("numerator", 407), ("denominator", 500)):
        sheet.cell(2, COLUMNS.index(name) + 1, value)
    write_method(method, LANG, "registers", ("who", "population", "period_of_work", "numerator_counts", "address"))
    path = folder / "показатели.xlsx"
    file.save(path)
    return path


class Keyboard:
    """A person at a telephone with a keyboard: moves by the tabulator, types, and presses Enter."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, selector: str) -> None:
        """Press the tabulator until this has the focus, which is to be seen."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("(one) => document.activeElement.matches(one)", selector):
                assert self.page.evaluate("document.activeElement.matches(':focus-visible')")
                return
        raise AssertionError(f"{selector} is not reached by keyboard on {self.page.url}")

    def write(self, selector: str, text: str) -> None:
        """Type into a field."""
        self.reach(selector)
        self.page.keyboard.type(text)

    def press(self, selector: str) -> None:
        """Press a button or follow a link, and look at the page it leads to."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        look_at(self.page)


def look_at(page: Page) -> None:
    """The page is in Russian, fits the telephone, and says no key and no English of ours."""
    assert page.locator("html").get_attribute("lang") == LANG
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360, f"{page.url}: {wide} px wide"
    cut = page.evaluate(
        """[...document.querySelectorAll("main a, main button, main label, h1, h2, main p, main li, main td, main th")]
        .filter((one) => { const box = one.getBoundingClientRect();
          return box.width && !one.closest(".scroll") && (box.left < -1 || box.right > 361); })
        .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert cut == [], page.url
    assert re.search("[а-яё]{3}", page.locator("h1").inner_text())
    if folder := os.environ.get("JOURNEY_PICTURES"):
        name = re.sub(r"\W+", "-", page.url.split("/", 3)[3].split("token")[0])
        page.screenshot(path=Path(folder) / f"{name}{len(list(Path(folder).iterdir()))}.png", full_page=True)


def open_telephone(chromium: Browser, url: str) -> Page:
    """A browser 360 pixels wide that likes Russian; style sheets and fonts come from the tree, as nginx gives them."""
    context = chromium.new_context(base_url=url, viewport={"width": 360, "height": 740}, locale="ru-RU")

    def give(route: Route) -> None:
        route.fulfill(path=ROOT / "assets" / route.request.url.split("/", 3)[3].split("?")[0])

    context.route(re.compile(r"\.(css|woff2|svg)(\?|$)"), give)
    return context.new_page()


def accept(page: Page, link: str, role: Role) -> Keyboard:
    """From the link of the invitation to the first screen."""
    keys = Keyboard(page)
    page.goto(link)
    look_at(page)
    expect(page.locator("main")).to_contain_text(t(f"accounts.roles.{role}", LANG))
    keys.write("input[name=name]", "Иванова")
    keys.write("input[name=password]", PASSWORD)
    keys.write("input[name=again]", PASSWORD)
    keys.press("main button")
    if page.locator("main input[name=email]").count():
        keys.write("main input[name=email]", f"{role}@office.test")
        keys.write("main input[name=password]", PASSWORD)
        keys.press("main button")
    if page.locator("main code").count():
        keys.write("main input[name=code]", pyotp.TOTP(page.locator("main code").inner_text().replace(" ", "")).now())
        keys.press("main form button")
    return keys


def follow(keys: Keyboard, link: str) -> None:
    """Follow a link of the menu or the page."""
    keys.press(f'a[href*="{link}"]')


def test_from_invitation_to_published_figure_by_keyboard(
    chromium: Browser, served: tuple[str, Settings, dict[Role, str]], tmp_path: Path
) -> None:
    url, place, links = served
    pages = {role: open_telephone(chromium, url) for role in OFFICES}

    template = write_template(tmp_path)
    pages[Role.CONTRIBUTOR].on("filechooser", lambda chooser: chooser.set_files(template))  # the system's own window
    office = accept(pages[Role.CONTRIBUTOR], links[Role.CONTRIBUTOR], Role.CONTRIBUTOR)
    if "/contribute/" not in office.page.url:
        follow(office, "/contribute/?")
    follow(office, "/contribute/figures")
    office.reach("input[type=file]")
    office.page.keyboard.press("Enter")
    office.page.wait_for_function("document.querySelector('input[type=file]').files.length == 1")
    office.press("#upload button.primary")
    number = office.page.url.split("/contribute/")[1].split("?")[0]
    expect(office.page.locator("main")).to_contain_text(t("submissions.move.submit_button", LANG))
    office.press("main button[accesskey=s]")
    expect(office.page.locator("main")).to_contain_text(t("submissions.done.submit", LANG))

    approver = accept(pages[Role.APPROVER], links[Role.APPROVER], Role.APPROVER)
    if "/contribute/" not in approver.page.url:
        follow(approver, "/contribute/?")
    follow(approver, f"/contribute/{number}?")
    approver.press("main button[accesskey=a]")
    expect(approver.page.locator("main")).to_contain_text(t("submissions.done.approve", LANG))

    reviewer = accept(pages[Role.REVIEWER], links[Role.REVIEWER], Role.REVIEWER)
    if "/review/" not in reviewer.page.url:
        follow(reviewer, "/review/?")
    follow(reviewer, f"/contribute/{number}?")
    reviewer.press("main button[accesskey=p]")
    expect(reviewer.page.locator("main")).to_contain_text(t("submissions.done.publish", LANG))

    with urllib.request.urlopen(f"{url}/api/v1/submissions/{number}/receipt.json") as answer:
        receipt = json.load(answer)
    assert (receipt["submitted_by"], receipt["approved_by"]) == (OFFICES[Role.CONTRIBUTOR], OFFICES[Role.APPROVER])
    rows = Dataset.current(place.dataset_dir).rows("complaints_in_time").filter(pl.col("country") == "UZB").collect()
    assert rows["value"].to_list() == [81.4]
    office.page.goto(f"/contribute/{number}")
    look_at(office.page)
    expect(office.page.locator("h1")).to_contain_text(t("submissions.state.published", LANG))
