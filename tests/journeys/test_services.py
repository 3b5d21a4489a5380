"""Through the training workspace in Chromium: what was planted is found, and counts go from a template to a page."""

import io
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.metrics import shifted
from dashboard.evidence.database.engine import create_engine_for
from dashboard.locales import LANGUAGES, t
from dashboard.operations.training.place import read_workspace
from dashboard.operations.training.services import OUTAGE, RISING
from tests.chromium import MOST_SHIFT, SHIFTS
from tests.e2e.conftest import load, watch
from tests.e2e.product import running
from tests.e2e.test_face import CLIPPED, COVERED, LONGEST, SHARE
from tests.e2e.test_training import PEOPLE, RUNS, Person, read
from tests.operations.training.kept import copied

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900), pytest.mark.xdist_group("services")]

PLACES = {
    "/{lang}/services/": False, "/{lang}/services/XAB/": True, f"/{{lang}}/services/XAB/{RISING}/": False,
    "/actions/XAB/?lang={lang}": False,
}  # fmt: skip
"""Pages with counts, and whether their first screen is to be a picture."""

TARGETS = {"XAA": "Met", "XAB": "Not met", "XAC": "Cannot tell"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str], Path]]:
    """Address, passwords and folder of a workspace made for this module, or of the fresh one that ``RUNS`` names."""
    if runs := os.environ.get(RUNS):
        url, _, folder = runs.partition(" ")
        held = read_workspace(Path(folder))
        assert held is not None
        yield url, {one.email: one.password for one in held.people}, Path(folder)
        return
    place = tmp_path_factory.mktemp("training")
    folder = copied(place / "workspace")
    with running(place / "said", command=("training", "--folder", str(folder))) as url:
        printed = (place / "said" / "e2e.log").read_text(encoding="utf-8")
        yield url, dict(PEOPLE.findall(printed)), place / "workspace"


@pytest.fixture
def context(chromium: Browser, workspace: tuple[str, dict[str, str], Path]) -> Iterator[BrowserContext]:
    opened = chromium.new_context(base_url=workspace[0], viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(30_000)
    yield opened
    opened.close()


def test_what_was_planted_is_found_on_the_pages(
    context: BrowserContext, workspace: tuple[str, dict[str, str], Path]
) -> None:
    page, down = context.new_page(), shifted(_last_month(workspace[2], "XAC"), -OUTAGE[1])
    complaints = watch(page)
    for iso3, verdict in TARGETS.items():
        load(page, f"/en/services/{iso3}/")
        expect(page.locator("main")).to_contain_text(f"{verdict}: ")
    load(page, "/en/services/XAB/")
    expect(page.locator("main")).to_contain_text("“Waiting and deadlines” rose by a factor of")
    answered = page.locator("section").filter(has=page.get_by_role("heading", name="What visitors answered"))
    expect(answered.locator("li")).to_have_count(5)  # the faces, and how many came by the form
    drawn = page.locator("figure.chart")
    expect(drawn).to_have_count(5)
    for place in range(5):
        drawn.nth(place).scroll_into_view_if_needed()
        expect(drawn.nth(place)).to_have_attribute("data-status", "ready")
    page.get_by_role("link", name="Harbour Centre (invented)").click()
    page.wait_for_url(f"**/en/services/XAB/{RISING}/")
    medians = page.locator("table").first.locator("tbody tr td:nth-child(3) strong")
    expect(medians).to_have_count(12)
    minutes = [float(text.split()[0]) for text in medians.all_inner_texts()]
    assert minutes[0] > 2 * minutes[-1], "the centre whose waiting rose"
    load(page, "/en/services/XAC/")
    expect(page.locator("table.counts tr", has_text="differs")).to_have_count(1)
    for address, words in (
        ("/actions/XAC/?lang=en", f"service down in {down:%B %Y}"),
        ("/actions/XAB/?lang=en", "rose"),
    ):
        page.goto(address)
        expect(page.locator("main")).to_contain_text(words)
    assert complaints == []
    pictures = os.environ.get("JOURNEY_PICTURES")
    if pictures:
        _pictures(page, Path(pictures))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740)])
def test_pages_with_counts_keep_what_is_promised_of_every_page(
    chromium: Browser, workspace: tuple[str, dict[str, str], Path], lang: str, width: int, height: int
) -> None:
    """Length, width, the share of picture in the first screen, layout shift, and what axe finds, in both themes."""
    found: list[str] = []
    for theme in ("light", "dark"):
        context = chromium.new_context(
            base_url=workspace[0], viewport={"width": width, "height": height}, color_scheme=theme
        )
        page = context.new_page()
        page.add_init_script(SHIFTS)
        for path, pictured in PLACES.items():
            for _ in range(2):  # once for whoever came before: the sums of a country are made for its first reader
                page.goto(path.format(lang=lang))
                page.wait_for_load_state("networkidle")
            tall, wide = page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]")
            found += [f"{path}: {tall} px long"] * (tall > LONGEST * (1 if width > 1000 else 3))
            found += [f"{path}: {wide} px wide"] * (wide > width)
            found += [f"{path}: cut off: {html}" for html in page.evaluate(CLIPPED)]
            shifted = page.evaluate("shifted")
            found += [f"{path}: moves by {shifted:.3f}"] * (shifted > MOST_SHIFT)
            if pictured and width > 1000:
                share = page.evaluate(COVERED, ".counted > section")
                found += [f"{path}: {share:.2f} picture"] * (share < SHARE)
            told = Axe().run(page)
            found += [
                f"{path} {theme}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in told.response["violations"]
            ]
        context.close()
    assert found == []


def _last_month(folder: Path, country: str) -> date:
    """The last month of a country's counts: by the clock of who made the workspace, which may have gone on since."""
    last = store.newest_month(create_engine_for(f"sqlite:///{folder / 'monitor.sqlite3'}"), country)
    assert last is not None
    return last


def _pictures(page: Page, folder: Path) -> None:
    for name, path in (
        ("country", "/en/services/XAB/"),
        ("centre", f"/ar/services/XAB/{RISING}/"),
        ("actions", "/actions/XAB/?lang=az"),
    ):
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path)
            page.wait_for_timeout(2_000)
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)


def test_counts_of_a_month_go_from_the_template_to_the_page_of_their_centre(
    chromium: Browser, workspace: tuple[str, dict[str, str], Path]
) -> None:
    """Fetched, filled wrongly, read with its findings, corrected, approved by another, published, seen, receipted."""
    url, passwords, folder = workspace
    people = {
        role: Person(chromium.new_context(base_url=url, viewport={"width": 1280, "height": 900}), email,
                     passwords[email], lang)
        for role, email, lang in (
            ("contributor", "contributor.xad@training.test", "ar"), ("approver", "approver.xad@training.test", "en"),
            ("reviewer", "reviewer@training.test", "en"),
        )
    }  # fmt: skip
    people["reviewer"].with_codes()
    sender, month = people["contributor"], _last_month(folder, "XAD")
    sender.page.goto("/contribute/counts?lang=ar")
    template = read(sender.fetch(f"a[href*='counts.xlsx'][href*='{month:%Y-%m}']"))
    wrong = _counts(sender, template, month, started=1000, completed=1100)
    expect(sender.page.locator("tr.error")).to_have_count(1)
    expect(sender.page.locator("tr.error")).to_contain_text("1100")
    marked = openpyxl.load_workbook(io.BytesIO(read(sender.fetch("a[href*='marked.xlsx']"))))
    commented = [cell.comment.text for row in marked[t("submissions.sheet.services", "ar")].iter_rows()
                 for cell in row if cell.comment]  # fmt: skip
    assert [t("submissions.rule.counts_report_parts.todo", "ar") in words for words in commented] == [True]
    assert "submit" not in sender.may(wrong)
    number = _counts(sender, template, month, started=1000, completed=400)
    assert "submit" not in sender.may(number), "the other rows of the month would go without a word"
    going = sender.page.locator("#removal tbody tr").count()
    sender.page.fill("#removal [name=figures]", str(going))
    sender.press("#removal form button")
    sender.move(number, "submit")
    assert "approve" not in sender.may(number)
    people["approver"].move(number, "approve")
    reader = chromium.new_context(base_url=url).new_page()
    complaints = watch(reader)
    before = _newest(reader, month)
    people["reviewer"].move(number, "publish")
    assert _newest(reader, month) != before
    told = reader.request.get(f"/api/v1/submissions/{number}/receipt.json").json()
    assert (told["country"], told["period"], told["rows"]) == ("XAD", f"{month:%Y-%m}", 1)
    assert [*complaints, *(error for person in people.values() for error in person.errors)] == []
    for page in (reader, *(person.page for person in people.values())):
        page.context.close()


def _counts(sender: Person, template: bytes, month: date, **counts: int) -> str:
    """The template with counts of its first row alone, uploaded; gives the number of the submission."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book[t("submissions.sheet.services", sender.lang)]
    heads = {str(cell.value): cell.column for cell in sheet[1]}
    for name, count in counts.items():
        sheet.cell(2, heads[name]).value = count
    sheet.delete_rows(3, sheet.max_row)
    held = io.BytesIO()
    book.save(held)
    page = sender.page
    page.goto(f"/contribute/counts?lang={sender.lang}")
    page.select_option("#period", f"{month:%Y-%m}")
    page.set_input_files("#file", {"name": "counts.xlsx", "mimeType": "application/octet-stream",
                                          "buffer": held.getvalue()})  # fmt: skip
    sender.press("form[action^='/contribute/upload'] button")
    return re.sub(r".*/contribute/(\d+).*", r"\1", page.url)


def _newest(page: Page, month: date) -> str:
    """The line of a month on the page of the centre counted."""
    page.goto("/en/services/XAD/xad-1/")
    return page.locator("tbody tr", has_text=f"{month:%B %Y}").first.inner_text()
