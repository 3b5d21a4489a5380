"""Through the table in the page: from sign-in to published figures at 360 px, by keyboard, and without script."""

import mimetypes
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from dashboard.accounts import people
from dashboard.accounts.model import Role
from dashboard.accounts.people import Rights
from dashboard.contributions.submissions import publication
from dashboard.contributions.submissions.offices import store as offices
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import migrate, open_engine, writing
from dashboard.locales import t
from dashboard.settings import Settings
from tests.contributions.submissions.conftest import GOOD, YEAR, Desk, person, workbook
from tests.contributions.submissions.test_closed import publish
from tests.e2e.conftest import watch
from tests.serving import ROOT, free_port, served_desks, started, wait_for

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900), pytest.mark.xdist_group("grid")]

PASSWORD = "lantern orchid gravel 71"
SENT = ("battery_1662_exit", "nps", "complaints_in_time")
MOST_ACTS = 12
NARROW = {"width": 360, "height": 740}
COUNTRIES = {"keys": "AZE", "plain": "MAR", "apart": "GEO", "first": "UZB"}
"""Each way has a country of its own, so that none is in another's way."""
FIRST = "first"
"""The way of an office that has sent nothing before: of no year it has said how its figures were made."""

COVERED = """() => {
  const fields = [...document.querySelectorAll("main :is(input, select, textarea, button, label)")]
    .filter((one) => one.checkVisibility() && !one.closest("[aria-hidden=true]"))
    .map((one) => [one, one.getBoundingClientRect()]);
  const shared = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
  const over = (a, b) => shared(a, b, "left", "right") > 2 && shared(a, b, "top", "bottom") > 2;
  const apart = (one, other) => !one.contains(other) && !other.contains(one);
  return fields.flatMap(([one, box], at) => fields.slice(at + 1)
    .filter(([other, its]) => apart(one, other) && over(box, its))
    .map(([other]) => `${one.name || one.textContent} lies on ${other.name || other.textContent}`));
}"""
"""Fields and their words that lie on one another."""

PASTE = """text => { const clipboardData = new DataTransfer(); clipboardData.setData("text", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
  document.execCommand("insertText", false, text); }"""
"""Pastes a text where the focus is."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Settings]]:
    """The desks as they are served, with people and a year that is published."""
    place, port = tmp_path_factory.mktemp("grid"), free_port()
    url = f"http://localhost:{port}"
    made = Settings(data_dir=place, public_url=url, secret="s" * 40, accounts={"enabled": True})  # type: ignore[arg-type]
    migrate(made)
    book, before = load_codebook(), str(int(YEAR) - 1)
    for way, country in COUNTRIES.items():
        for role in (Role.CONTRIBUTOR, Role.APPROVER):
            _account(made, f"{role}@{country}.test".lower(), Rights(role, country, f"{role} of {country}"))
        with writing(open_engine(made)) as connection:
            offices.set_choice(connection, country, 1, SENT)
        desk = Desk(made, book, person(901, Role.CONTRIBUTOR, country), person(902, Role.APPROVER, country))
        _account(made, f"reviewer@{country}.test".lower(), Rights(Role.REVIEWER, "", "Programme"))
        if way == FIRST:
            continue
        earlier = desk.send(workbook([(*row[:2], int(before), *row[3:]) for row in GOOD[:1]]), period=before)
        publish(desk, earlier)
    environment = os.environ | {
        "MONITOR_DATA_DIR": str(place), "MONITOR_ACCOUNTS__ENABLED": "true", "MONITOR_SECRET": "s" * 40,
        "MONITOR_PUBLIC_URL": url, "MONITOR_DATABASE_URL": "",
    }  # fmt: skip
    with started(served_desks(port), by=signal.SIGTERM, env=environment) as server:
        wait_for(server, f"{url}/account/login", within=120)
        yield url, made


def _account(settings: Settings, email: str, rights: Rights) -> None:
    invitation = people.invite(settings, email=email, rights=rights)
    people.accept(settings, invitation.link.split("token=")[1].split("&")[0], PASSWORD, "A Name")


def opened(chromium: Browser, url: str, **options: object) -> BrowserContext:
    """A browser to which the files of the front end are there, as the proxy has them."""
    context = chromium.new_context(**{"base_url": url, "viewport": NARROW} | options)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)

    def asset(route: Route) -> None:
        file = ROOT / "assets" / urlsplit(route.request.url).path.lstrip("/")
        if file.is_file():
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        else:
            route.continue_()

    context.route("**/*.*", asset)
    return context


class Hands:
    """Somebody at a keyboard; each field that is filled in and each press is an act."""

    def __init__(self, page: Page) -> None:
        self.page, self.acts = page, 0

    def reach(self, target: Locator) -> None:
        """Tab until it has the focus."""
        for _ in range(120):
            if target.evaluate("it => it === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")

    def press(self, target: Locator) -> None:
        """A link or button that leads to another page."""
        self.reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.acts += 1

    def write(self, target: Locator, words: str) -> None:
        self.reach(target)
        self.page.keyboard.type(words)
        self.acts += 1

    def sign_in(self, email: str) -> None:
        self.page.goto("/account/login?lang=en")
        self.write(self.page.locator("#email"), email)
        self.write(self.page.locator("#password"), PASSWORD)
        self.press(self.page.locator("form[action='/account/login'] button"))


def cell(page: Page, indicator: str, sign: str = "v") -> Locator:
    return page.locator(f"[name='{sign}.{indicator}']")


def move(page: Page, number: str, name: str) -> None:
    page.goto(f"/contribute/{number}?lang=en")
    with page.expect_navigation():
        page.locator(f"form:has(input[name=move][value={name}]) button").press("Enter")


def decide(chromium: Browser, url: str, country: str, number: str) -> None:
    """The second person approves, a reviewer publishes."""
    for role, name in (("approver", "approve"), ("reviewer", "publish")):
        context = opened(chromium, url)
        page = context.new_page()
        Hands(page).sign_in(f"{role}@{country.lower()}.test")
        if role == "reviewer":
            key = page.locator("ol.steps code").inner_text().replace(" ", "")
            page.fill("#code", pyotp.TOTP(key).now())
            with page.expect_navigation():
                page.locator("form[action='/account/codes'] button").press("Enter")
        move(page, number, name)
        context.close()


def figures(settings: Settings, country: str) -> set[tuple[str, float]]:
    known = publication.history(settings, load_codebook(), country).filter(period=YEAR)
    return set(known.select("indicator", "value").rows())


def finish(hands: Hands) -> str:
    """From the checked submission to a submitted one; gives its number."""
    page = hands.page
    page.wait_for_url(re.compile(r"/contribute/[0-9]+"))
    number = urlsplit(page.url).path.rsplit("/", 1)[1]
    hands.press(page.locator(f"a[href^='/contribute/{number}/method']").first)
    hands.write(page.locator("#last input[name='method.period_of_work']"), "March to May")  # all else is as last time
    hands.press(page.locator("form:has(input[name=confirm]) button"))
    hands.press(page.locator("form:has(input[name=move][value=submit]) button"))
    expect(page.locator("h1")).to_contain_text(t("submissions.state.submitted", "en"))
    return number


def to_the_table(hands: Hands) -> None:
    """From where sign-in leads to the table of the year."""
    page = hands.page
    if "/contribute/" not in page.url:
        hands.press(page.locator("nav a[href^='/contribute/']").first)
    hands.press(page.locator("main a[href^='/contribute/grid']").first)
    assert page.evaluate(COVERED) == []


def test_by_keyboard_from_sign_in_to_published(chromium: Browser, served: tuple[str, Settings]) -> None:
    url, settings = served
    country = COUNTRIES["keys"]
    context = opened(chromium, url)
    page = context.new_page()
    complaints = watch(page)
    hands = Hands(page)
    hands.sign_in(f"contributor@{country.lower()}.test")
    to_the_table(hands)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    hands.write(cell(page, SENT[0]), "61,5")
    page.keyboard.press("Enter")
    expect(cell(page, SENT[1])).to_be_focused()
    hands.write(cell(page, SENT[1]), "140")
    wrong = page.locator(f"[id='told.{SENT[1]}']")
    expect(wrong).to_contain_text(t("submissions.severity.error", "en"))
    expect(cell(page, SENT[1])).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Control+ArrowUp")
    expect(cell(page, SENT[0])).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cell(page, SENT[0], "s")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("40")  # over what was marked: the slip and its correction are one figure
    expect(wrong).to_be_empty()
    page.keyboard.press("ArrowDown")
    hands.write(cell(page, SENT[2]), "75")
    expect(page.locator("#state")).to_contain_text(t("grid.filled", "en", count=3))
    assert Axe().run(page).response["violations"] == []
    other = opened(chromium, url, java_script_enabled=False)  # as left, in another browser
    again = Hands(other.new_page())
    again.sign_in(f"contributor@{country.lower()}.test")
    again.page.goto(f"/contribute/grid?year={YEAR}")
    assert [cell(again.page, one).input_value() for one in SENT] == ["61,5", "40", "75"]
    other.close()
    hands.press(page.locator("button[value=check]"))
    number = finish(hands)
    assert hands.acts <= MOST_ACTS, hands.acts
    assert complaints == []
    context.close()
    decide(chromium, url, country, number)
    assert figures(settings, country) == {(SENT[0], 61.5), (SENT[1], 40.0), (SENT[2], 75.0)}


def test_without_script_a_pasted_block_is_spread_and_published(chromium: Browser, served: tuple[str, Settings]) -> None:
    url, settings = served
    country = COUNTRIES["plain"]
    context = opened(chromium, url, java_script_enabled=False)
    hands = Hands(context.new_page())
    hands.sign_in(f"contributor@{country.lower()}.test")
    to_the_table(hands)
    cell(hands.page, SENT[0]).fill("61,5\t800\n40\t300\n75\t400\n")
    hands.acts += 1
    hands.press(hands.page.locator("button[value=check]"))
    number = finish(hands)
    assert hands.acts <= MOST_ACTS, hands.acts
    context.close()
    decide(chromium, url, country, number)
    assert figures(settings, country) == {(SENT[0], 61.5), (SENT[1], 40.0), (SENT[2], 75.0)}


def test_the_first_time_an_office_sends_figures_it_says_how_they_were_made(
    chromium: Browser, served: tuple[str, Settings]
) -> None:
    """The same twelve acts, with nothing said before that could be confirmed."""
    url, settings = served
    country = COUNTRIES[FIRST]
    context = opened(chromium, url)
    page = context.new_page()
    complaints = watch(page)
    hands = Hands(page)
    hands.sign_in(f"contributor@{country.lower()}.test")
    to_the_table(hands)
    for one, value in zip(SENT, ("61,5", "40", "75"), strict=True):
        hands.write(cell(page, one), value)
    expect(page.locator("#state")).to_contain_text(t("grid.filled", "en", count=3))
    hands.reach(page.locator("[name='method.method']"))
    page.locator("[name='method.method']").select_option("registers")
    hands.acts += 1
    for name, words in (("who", "State Agency"), ("population", "All visitors"), ("period_of_work", "March to May")):
        hands.write(page.locator(f"[name='method.{name}']"), words)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    hands.press(page.locator("button[value=submit]"))
    expect(page.locator("h1")).to_contain_text(t("submissions.state.submitted", "en"))
    number = urlsplit(page.url).path.rsplit("/", 1)[1]
    assert hands.acts <= MOST_ACTS, hands.acts
    assert complaints == []
    context.close()
    decide(chromium, url, country, number)
    assert figures(settings, country) == {(SENT[0], 61.5), (SENT[1], 40.0), (SENT[2], 75.0)}


def test_what_cannot_be_sent_is_told_stays_and_is_sent_later(chromium: Browser, served: tuple[str, Settings]) -> None:
    """Away from the network, and with a second window that has kept another figure meanwhile."""
    url, _ = served
    context = opened(chromium, url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    Hands(page).sign_in(f"contributor@{COUNTRIES['apart'].lower()}.test")
    page.goto(f"/contribute/grid?lang=en&year={YEAR}")
    state = page.locator("#state")
    context.set_offline(True)
    cell(page, SENT[0]).fill("61")
    expect(state).to_have_text(t("grid.unsaved", "en"))
    context.set_offline(False)
    expect(state).to_contain_text(t("grid.filled", "en", count=1), timeout=30_000)
    second = context.new_page()
    second.goto(f"/contribute/grid?lang=en&year={YEAR}")
    cell(second, SENT[0]).focus()
    second.evaluate(PASTE, "55,5\t700\n41\t300")
    expect(cell(second, SENT[1])).to_have_value("41")
    expect(cell(second, SENT[0])).to_have_value("55,5")
    expect(cell(second, SENT[0], "s")).to_have_value("700")
    cell(page, SENT[1]).fill("99")
    expect(state).to_contain_text(t("grid.refusal.stale", "en"))
    expect(cell(page, SENT[1])).to_have_value("99")
    with second.expect_navigation():
        second.locator("button[value=undo]").click()
    assert [cell(second, one).input_value() for one in SENT] == ["61", "", ""]
    too_long = "1\n2\n3\n4"
    cell(second, SENT[1]).focus()
    second.evaluate(PASTE, too_long)
    row = second.locator(f"[id='told.{SENT[1]}']")
    expect(row).to_contain_text("The pasted block has 4 rows and 1 columns")
    cell(second, SENT[2]).fill("75")
    expect(second.locator("#state")).to_contain_text(t("grid.filled", "en", count=3))
    second.reload()
    assert [cell(second, one).input_value() for one in SENT] == ["61", too_long, "75"]
    expect(row).to_contain_text("It stays in its cell as you pasted it.")
    with second.expect_navigation():
        second.locator("button[value=submit]").click()
    expect(second.locator(".trouble").first).to_contain_text("The pasted block has 4 rows")
    if pictures := os.environ.get("JOURNEY_PICTURES"):
        _pictures(chromium, context, url, Path(pictures))
    context.close()


def _pictures(chromium: Browser, context: BrowserContext, url: str, folder: Path) -> None:
    state = context.storage_state()
    for width, scheme, lang in ((1280, "light", "en"), (1280, "dark", "ar"), (360, "light", "ar"), (360, "dark", "en")):
        seen = opened(chromium, url, viewport={"width": width, "height": 900}, color_scheme=scheme, storage_state=state)
        page = seen.new_page()
        page.goto(f"/contribute/grid?lang={lang}&year={YEAR}")
        cell(page, SENT[1]).fill("140")
        page.wait_for_timeout(3000)
        page.screenshot(path=folder / f"grid-{width}-{scheme}-{lang}.png", full_page=True)
        seen.close()
