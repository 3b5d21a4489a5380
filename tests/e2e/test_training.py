"""The training workspace as people meet it: a figure from the template to the reader, by three people, en and ar."""

import io
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Download, Page, expect

from dashboard.locales import t
from dashboard.operations.training.place import read_workspace
from tests.chromium import WAITS
from tests.e2e.conftest import load, watch
from tests.e2e.product import running
from tests.operations.training.kept import copied

pytestmark = [pytest.mark.browser, pytest.mark.long]

INDICATOR = "battery_1662_exit"
RUNS = "E2E_TRAINING"
"""Environment variable with address and folder of a workspace that runs already and is fresh: ``http://… folder``."""
PEOPLE = re.compile(r"^  (\S+@training\.test) +\S+ +\S+ +(\S+)$", re.M)
ROUNDS = (("en", "XAB"), ("ar", "XAD"))
"""Language and the country that sends: one product, two countries, so that neither is in the other's way."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a workspace made for this module, and the passwords its terminal printed."""
    if runs := os.environ.get(RUNS):
        url, _, folder = runs.partition(" ")
        held = read_workspace(Path(folder))
        assert held is not None
        yield url, {one.email: one.password for one in held.people}
        return
    place = tmp_path_factory.mktemp("training")
    folder = copied(place / "workspace")
    with running(place / "said", command=("training", "--folder", str(folder))) as url:
        yield url, dict(PEOPLE.findall((place / "said" / "e2e.log").read_text(encoding="utf-8")))


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, context: BrowserContext, email: str, password: str, lang: str) -> None:
        self.page = context.new_page()
        self.errors = watch(self.page)
        self.lang = lang
        self.page.goto(f"/account/login?lang={lang}")
        self.page.fill("#email", email)
        self.page.fill("#password", password)
        self.press("form[action='/account/login'] button")

    def with_codes(self) -> tuple[str, str]:
        """Set up the one-time code at the first login; gives its key and the code that was taken."""
        key = self.page.locator("ol.steps code").inner_text().replace(" ", "")
        code = pyotp.TOTP(key).now()
        self.page.fill("#code", code)
        self.press("form[action='/account/codes'] button")
        return key, code

    def press(self, selector: str) -> None:
        """Press a button that leads to another page; every page says what its figures are."""
        with self.page.expect_navigation():
            self.page.locator(selector).click()
        expect(self.page.locator(".training")).to_have_text(t("training.notice", self.lang))

    def move(self, number: str, move: str, reason: str = "") -> None:
        """Make a move of the workflow on the submission's page."""
        self.page.goto(f"/contribute/{number}?lang={self.lang}")
        form = f"form:has(input[name=move][value={move}])"
        if reason:
            self.page.fill(f"{form} [name=reason]", reason)
        self.press(f"{form} button")

    def may(self, number: str) -> set[str]:
        """The moves offered to this person."""
        self.page.goto(f"/contribute/{number}?lang={self.lang}")
        return {str(one.get_attribute("value")) for one in self.page.locator("input[name=move]").all()}

    def upload(self, body: bytes, name: str, period: str) -> str:
        """Upload a workbook; gives the number of the submission."""
        self.page.goto(f"/contribute/figures?lang={self.lang}")
        self.page.select_option("#period", period)
        self.page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": body})
        self.press("form[action^='/contribute/upload'] button")
        return str(re.search(r"/contribute/(\d+)", self.page.url)[1])  # type: ignore[index]

    def fetch(self, selector: str) -> Download:
        """Download what a link leads to."""
        with self.page.expect_download() as waiting:
            self.page.locator(selector).first.click()
        assert waiting.value.suggested_filename.startswith("training_")
        return waiting.value


def filled(template: bytes, lang: str, values: dict[str, Any]) -> bytes:
    """The template with values of the total of an indicator, every other row given its reason, and the method."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book[t("submissions.sheet.indicators", lang)]
    heads = {str(cell.value): cell.column for cell in sheet[1]}
    at = {name: heads[t(f"submissions.column.{name}", lang)] for name in ("indicator", "breakdown", "value", "sample",
                                                                            "reason")}  # fmt: skip
    for row in range(2, sheet.max_row + 1):
        indicator, group = (sheet.cell(row, at[name]).value for name in ("indicator", "breakdown"))
        if indicator == INDICATOR and group == t("submissions.breakdown.total", lang):
            for name, value in values.items():
                sheet.cell(row, at[name]).value = value
        elif indicator:
            sheet.cell(row, at["reason"]).value = t("submissions.reason.not_collected", lang)
    method = book[t("submissions.sheet.method", lang)]
    for at, name in enumerate(("method", "who", "population", "period_of_work", "sample_size", "question"), start=3):
        assert method.cell(2, at).value == t(f"submissions.method.{name}", lang)
        said = {"method": t("submissions.kind.user_survey", lang), "sample_size": "1200"}
        method.cell(3, at).value = said.get(name, "Invented for training")  # the row of all indicators
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(download: Download) -> bytes:
    """What was downloaded."""
    return Path(download.path()).read_bytes()


@pytest.fixture
def visitor(chromium: Browser, workspace: tuple[str, dict[str, str]]) -> Iterator[Callable[[], BrowserContext]]:
    """Makes browsers of their own at the workspace's address."""
    made: list[BrowserContext] = []

    def make() -> BrowserContext:
        made.append(chromium.new_context(base_url=workspace[0], viewport={"width": 1280, "height": 900}))
        made[-1].set_default_timeout(WAITS)
        return made[-1]

    yield make
    for context in made:
        context.close()


def test_a_figure_goes_from_the_template_to_the_reader_in_two_languages(
    workspace: tuple[str, dict[str, str]], visitor: Callable[[], BrowserContext]
) -> None:
    """One function, because each step needs what the one before has done."""
    _, passwords = workspace
    key = taken = ""
    for lang, iso3 in ROUNDS:
        contributor, approver = (
            Person(visitor(), email, passwords[email], lang)
            for email in (f"{role}.{iso3.lower()}@training.test" for role in ("contributor", "approver"))
        )
        reviewer = Person(visitor(), "reviewer@training.test", passwords["reviewer@training.test"], lang)
        key, taken = _second_factor(reviewer, key, taken)
        number, year = _submitted(contributor, lang)

        assert contributor.may(number) == {"withdraw"}, "who submits does not approve"
        _refused(contributor, number, "approve")
        assert {"approve", "return"} <= approver.may(number)
        approver.move(number, "approve")
        reviewer.move(number, "return", "The sample is missing (training)")
        contributor.page.goto(f"/contribute/{number}?lang={lang}")
        expect(contributor.page.locator("main")).to_contain_text("The sample is missing (training)")

        second = _sent(contributor, lang, year, {"value": 61.5, "sample": 1200})
        approver.move(second, "approve")
        reviewer.move(second, "publish")
        shown = visitor().new_page()
        complaints = watch(shown)
        before = _reader(shown, lang, iso3, year, 61.5, second)

        reviewer.page.goto(f"/contribute/{second}?lang={lang}")
        reviewer.page.fill("#reopen-reason", "Two centres were counted twice (training)")
        reviewer.press("form[action$='/reopen'] button")
        third = _sent(contributor, lang, year, {"value": 58.5, "sample": 1200})
        approver.move(third, "approve")
        reviewer.move(third, "publish")
        reviewer.page.goto(f"/contribute/{second}?lang={lang}")
        expect(reviewer.page.locator("h1")).to_contain_text(t("submissions.state.superseded", lang))
        after = _reader(shown, lang, iso3, year, 58.5, third)
        assert before != after
        assert "61.5" in _pinned(shown, iso3, before), "the earlier dataset still shows the old"
        assert "61.5" not in _pinned(shown, iso3, after)
        assert _value(shown, iso3, year, f"&as_of={after.split('-', 1)[1][:10]}") == 58.5
        assert [*complaints, *contributor.errors, *approver.errors, *reviewer.errors] == []


def _second_factor(reviewer: Person, key: str, taken: str) -> tuple[str, str]:
    """At the first login the code is set up; a code is taken once, so the second login waits for the next."""
    if not key:
        return reviewer.with_codes()
    while (code := pyotp.TOTP(key).now()) == taken:
        reviewer.page.wait_for_timeout(500)
    reviewer.page.fill("#code", code)
    reviewer.press("form[action='/account/code'] button")
    assert "/account/code" not in reviewer.page.url
    return key, code


def _submitted(contributor: Person, lang: str) -> tuple[str, str]:
    """Fetch the template, fill it wrongly, read findings and marked workbook, correct, submit."""
    page = contributor.page
    page.goto(f"/contribute/figures?lang={lang}")
    year = str(datetime.now(UTC).year - 1)
    template = read(contributor.fetch(f"a[href*='period={year}'][href*='.xlsx']"))
    number = contributor.upload(filled(template, lang, {"value": 161.5, "sample": 1200}), "figures.xlsx", year)
    assert "submit" not in contributor.may(number)
    expect(page.locator("tr.error")).to_have_count(1)
    expect(page.locator("tr.error")).to_contain_text("161.5")
    marked = openpyxl.load_workbook(io.BytesIO(read(contributor.fetch("a[href*='marked.xlsx']"))))
    comments = [cell.comment.text for row in marked[t("submissions.sheet.indicators", lang)].iter_rows()
                for cell in row if cell.comment]  # fmt: skip
    assert any(t("submissions.rule.out_of_bounds.todo", lang)[:20] in words for words in comments)
    assert t("submissions.sheet.findings", lang) in marked.sheetnames
    corrected = contributor.upload(filled(template, lang, {"value": 60.5, "sample": 1200}), "figures.xlsx", year)
    contributor.move(corrected, "submit")
    return corrected, year


def _sent(contributor: Person, lang: str, year: str, values: dict[str, Any]) -> str:
    """Another file of the year, submitted."""
    contributor.page.goto(f"/contribute/figures?lang={lang}")
    template = read(contributor.fetch(f"a[href*='period={year}'][href*='.xlsx']"))
    number = contributor.upload(filled(template, lang, values), "figures.xlsx", year)
    contributor.move(number, "submit")
    return number


def _refused(person: Person, number: str, move: str) -> None:
    """A move that no page offers is refused when it is sent by hand."""
    token = person.page.locator("input[name=form_token]").first.get_attribute("value")
    answer = person.page.request.post(
        f"/contribute/{number}/move", form={"form_token": str(token), "move": move}, max_redirects=0
    )
    assert answer.status in (403, 409, 422), answer.status


def _reader(page: Page, lang: str, iso3: str, year: str, value: float, number: str) -> str:
    """What everybody sees: figure, provenance, receipt, image and files; gives the version of the dataset."""
    assert _value(page, iso3, year) == value
    load(page, f"/{lang}/countries/{iso3}/")
    expect(page.locator(".training").first).to_have_text(t("training.notice", lang))
    load(page, f"/{lang}/indicators/{INDICATOR}/?country={iso3}&tab=table")
    page.locator(f"tr:has-text('{year}') button.value, tr:has-text('{year}') .value").first.click()
    expect(page.get_by_role("dialog")).to_contain_text(f"submission {number}")
    page.keyboard.press("Escape")
    receipt = page.request.get(f"/api/v1/submissions/{number}/receipt.json")
    told = receipt.json()
    assert (told["country"], told["period"], told["training"]) == (iso3, year, "Training: invented figures")
    assert receipt.headers["x-training"] == "Training: invented figures"
    image = page.request.get(f"/api/v1/charts/trend.svg?indicator={INDICATOR}&country={iso3}&lang=en").text()
    assert "Training: invented figures" in image
    return str(page.request.get("/api/v1/meta").json()["dataset"])


def _value(page: Page, iso3: str, year: str, more: str = "") -> float:
    """The figure of the total, by the interface."""
    answer = page.request.get(f"/api/v1/observations.json?indicator={INDICATOR}&country={iso3}{more}")
    assert answer.ok, answer.text()
    (found,) = [it for it in answer.json()["rows"] if it["period"] == year and it["dimensions"] == {}]
    return float(found["value"])


def _pinned(page: Page, iso3: str, version: str) -> str:
    """The chart's figures as a dataset version holds them."""
    answer = page.request.get(f"/embed/en/trend/?indicator={INDICATOR}&country={iso3}&dataset={version}")
    assert answer.ok, answer.text()
    return answer.text()
