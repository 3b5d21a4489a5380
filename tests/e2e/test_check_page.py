"""``/check/`` in the browser: a text is pasted, a file is chosen, verdicts open onto where a figure comes from."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.browser

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAFT = (
    "Kazakhstan scored 40 on the Corruption Perceptions Index in 2024. "
    "Georgia scored 11 on the Corruption Perceptions Index in 2024. The report has 48 pages."
)


def verdict(page: Page, written: str) -> str:
    """What is said of a number of the draft."""
    row = page.locator("tbody tr").filter(has=page.locator("th", has_text=written))
    return row.locator("td").first.inner_text()


def test_a_pasted_text_is_judged_and_each_verdict_opens_onto_its_source(page: Page) -> None:
    page.goto("/check/?lang=en")
    page.get_by_label("Text of the draft").fill(DRAFT)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("status")).to_contain_text("2 figures that we hold")
    assert "as written" in verdict(page, "40")
    assert "−42" in verdict(page, "11")
    opened = page.locator("tbody tr").filter(has=page.locator("th", has_text="11")).locator("details")
    expect(opened.locator("p").first).to_be_hidden()
    opened.locator("summary").click()
    expect(opened.locator("p").first).to_contain_text("53")
    expect(opened).to_contain_text("Transparency International")
    with page.expect_popup() as beside:
        opened.locator("a").first.click()
    expect(beside.value.locator("h1")).to_contain_text("Georgia, 2024: 53")
    page.locator("summary", has_text="Numbers not checked").click()
    expect(page.locator("details[open] li").filter(has_text="48").first).to_be_visible()


def test_a_word_file_is_read(page: Page, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "report.docx", "w") as book:
        text = f"<w:p><w:r><w:t>{DRAFT}</w:t></w:r></w:p>"
        book.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{text}</w:body></w:document>')
    page.goto("/check/?lang=en")
    page.get_by_label("Or a file").set_input_files(tmp_path / "report.docx")
    page.get_by_role("button", name="Check").click()
    assert "as written" in verdict(page, "40")
    page.get_by_role("link", name="Check another draft").click()
    expect(page.get_by_label("Text of the draft")).to_have_value("")


def test_what_cannot_be_read_is_said_and_can_be_sent_anew(
    new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    page = new_context().new_page()  # its console tells of the 422
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 no zip")
    page.goto("/check/?lang=en")
    page.get_by_label("Or a file").set_input_files(tmp_path / "broken.docx")
    with page.expect_response("**/check/**") as answered:
        page.get_by_role("button", name="Check").click()
    assert answered.value.status == 422
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Text of the draft")).to_be_visible()


def test_a_draft_is_checked_by_keyboard_alone(page: Page) -> None:
    page.goto("/check/?lang=en")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Text of the draft")).to_be_focused()
    page.keyboard.insert_text(DRAFT)
    for wanted in (page.get_by_label("Or a file"), page.get_by_role("button", name="Check")):
        page.keyboard.press("Tab")
        expect(wanted).to_be_focused()
        assert wanted.evaluate("(one) => getComputedStyle(one).outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("2 figures that we hold")
    summary = page.locator("tbody summary").first
    for _ in range(30):
        page.keyboard.press("Tab")
        if summary.evaluate("(one) => one === document.activeElement"):
            break
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("tbody details[open]").first).to_be_visible()
