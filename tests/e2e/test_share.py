"""Taking a view along: the dialog of a chart, files of what is shown, a link, a frame elsewhere."""

import csv
import io
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import t
from tests.e2e.conftest import load, settle, watch
from tests.e2e.figures import printed, read
from tests.e2e.test_every_page import RULES

pytestmark = pytest.mark.browser

READERS = ("en", "ar")
CHOSEN = "country=AZE,GEO,UGA&from=2010&to=2020"
INSIDE = "document.activeElement === document.body || document.activeElement.closest('dialog[open]') !== null"
CLIPBOARD = "navigator.clipboard.readText()"


@pytest.fixture
def reader(new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A reader whose clipboard can be looked into."""
    context = new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    errors = watch(page)
    yield page
    assert errors == []


def _tab_to(page: Page, target: Locator, most: int = 150) -> None:
    """Press Tab until ``target`` has the focus, and see that the focus is visible there."""
    wanted = target.element_handle()
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement === one", wanted):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"{target} was not reached with Tab")


def _count(words: str) -> int:
    return int(re.sub(r"\D", "", words))


@pytest.mark.parametrize("lang", READERS)
def test_a_chart_is_shared_with_the_keyboard_alone(reader: Page, lang: str) -> None:
    load(reader, f"/{lang}/indicators/wgi_cc/?{CHOSEN}&tab=trend")
    opener = reader.get_by_role("button", name=t("reuse.share.open", lang))
    _tab_to(reader, opener)
    reader.keyboard.press("Enter")
    dialog = reader.get_by_role("dialog", name=t("reuse.share.title", lang))
    expect(dialog).to_be_visible()
    for _ in range(30):  # more than the dialog has stops: once around
        reader.keyboard.press("Tab")
        assert reader.evaluate(INSIDE)

    def copied(key: str) -> str:
        _tab_to(reader, dialog.get_by_role("button", name=t(f"reuse.share.copy_{key}", lang), exact=True))
        reader.keyboard.press("Enter")
        expect(dialog.get_by_text(t(f"reuse.share.copied_{key}", lang), exact=True)).to_be_visible()
        return str(reader.evaluate(CLIPBOARD))

    assert copied("link") == reader.url
    live = copied("code")
    assert f"/embed/{lang}/trend/?indicator=wgi_cc" in live
    assert "AZE,GEO,UGA" in live
    assert "as_of=" not in live
    _tab_to(reader, dialog.get_by_role("radio", checked=True))
    reader.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("radio", name=t("reuse.share.pinned", lang))).to_be_checked()
    assert re.search(r"as_of=\d{4}-\d{2}-\d{2}", copied("code"))
    _tab_to(reader, dialog.get_by_role("radio", checked=True))
    reader.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("radio", name=t("reuse.share.version", lang))).to_be_checked()
    (framed,) = re.findall(r'src="([^"]+)"', copied("code"))
    assert re.search(r"dataset=\d+-\d{4}-\d{2}-\d{2}-[0-9a-f]{8}", framed)
    assert reader.request.get(framed.replace("&amp;", "&")).status == 200
    assert choose_text(load_codebook().metrics["wgi_cc"].name, lang) in copied("citation")
    found = Axe().run(reader, options=RULES).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []
    reader.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_without_a_clipboard_nothing_is_said_to_be_copied(page: Page) -> None:
    """As where a ministry serves the site without TLS: the words stand selected in a field instead."""
    page.add_init_script("delete Navigator.prototype.clipboard")
    load(page, f"/en/indicators/wgi_cc/?{CHOSEN}&tab=trend")
    page.locator("figure.chart .actions summary").first.click()
    page.get_by_role("button", name=t("ui.buttons.copy_link", "en")).first.click()
    expect(page.get_by_role("textbox", name=t("ui.buttons.copy_link", "en"))).to_have_value(page.url)
    expect(page.get_by_text(t("ui.buttons.copied", "en"), exact=True)).to_have_count(0)


def test_files_of_the_dialog_hold_as_many_rows_as_the_chart_says(page: Page) -> None:
    load(page, f"/en/indicators/wgi_cc/?{CHOSEN}&tab=trend")
    said = _count(page.locator("figure.chart a[download]", has_text="CSV").inner_text())
    assert said == 3 * 11
    page.get_by_role("button", name="Share and reuse").click()
    files = page.get_by_role("dialog").locator("a[download]")
    body = page.request.get(files.filter(has_text="CSV").get_attribute("href") or "").text()
    assert len(list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))) == said
    body = page.request.get(files.filter(has_text="XLSX").get_attribute("href") or "").body()
    assert len(_cells(body)) == said
    for picture in ("SVG", "PNG"):
        assert page.request.get(files.filter(has_text=picture).get_attribute("href") or "").ok


def _cells(body: bytes) -> list[dict[str, Any]]:
    first, *rest = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, first), row, strict=True)) for row in rest]


def _downloaded(page: Page, link: Locator) -> bytes:
    _tab_to(page, link)
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    return waiting.value.path().read_bytes()


def _seen(rows: Locator) -> list[tuple[str, str, str]]:
    return [
        (row.locator("th").inner_text(), row.locator("td").first.inner_text(), read(row.locator(".value")))
        for row in rows.all()
    ]


@pytest.mark.parametrize("lang", READERS)
def test_what_is_seen_is_what_is_downloaded(page: Page, lang: str) -> None:
    load(page, f"/{lang}/indicators/wgi_cc/?{CHOSEN}")
    _tab_to(page, page.get_by_role("link", name=t("ui.controls.table", lang), exact=True))
    page.keyboard.press("Enter")
    rows = page.locator(".rows-table tbody tr")
    expect(rows.first).to_be_visible()
    seen = _seen(rows)
    page.locator(".rows-table .pager").get_by_role("link", name=t("ui.buttons.next", lang), exact=True).click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(rows).to_have_count(3 * 11 - len(seen))
    seen += _seen(rows)
    assert len(seen) == 3 * 11
    lines = _downloaded(page, page.locator(".rows-table a[download][href*='.csv']")).decode("utf-8-sig")
    cells = _downloaded(page, page.locator(".rows-table a[href*='.xlsx']"))
    for taken in (list(csv.DictReader(io.StringIO(lines))), _cells(cells)):
        told = [
            (
                choose_text(load_codebook().countries[row["country"]].name, lang),
                str(row["period"]),
                printed("wgi_cc", row),
            )
            for row in taken
        ]
        assert sorted(told) == sorted(seen)


def test_a_colleague_sees_this_exact_view(reader: Page, new_context: Callable[..., BrowserContext]) -> None:
    load(reader, "/en/indicators/wgi_cc/?country=AZE,GEO")
    reader.locator("#from-year").select_option("2012")
    expect(reader).to_have_url(re.compile("from=2012"))
    settle(reader)
    reader.locator("nav.tabs a", has_text=t("ui.controls.ranking", "en")).click()
    expect(reader).to_have_url(re.compile("tab=ranking"))
    settle(reader)
    reader.get_by_role("combobox", name="Add a country").focus()
    reader.keyboard.type("Uzbek")
    reader.keyboard.press("Enter")
    expect(reader).to_have_url(re.compile("UZB"))
    settle(reader)
    reader.locator("figure.chart .actions summary").click()
    reader.locator("figure.chart").get_by_role("button", name="Copy link").click()
    expect(reader.locator("figure.chart").get_by_text("Link copied")).to_be_visible()
    sent = reader.evaluate(CLIPBOARD)
    expect(reader.locator(".chip", has_text="Uzbekistan")).to_be_visible()

    colleague = new_context(locale="fr-FR").new_page()
    errors = watch(colleague)
    load(colleague, sent)
    assert _view(colleague) == _view(reader)
    assert errors == []


def _view(page: Page) -> dict[str, Any]:
    """What a reader compares: the words of the chart and how the controls stand."""
    return {
        "sentence": page.locator(".chart-sentence").inner_text(),
        "title": page.locator(".chart-title").inner_text(),
        "countries": page.locator(".chip").all_inner_texts(),
        "from": page.locator("#from-year").input_value(),
        "to": page.locator("#to-year").input_value(),
        "tab": page.locator("nav.tabs [aria-current=true]").all_inner_texts(),
        "lang": page.evaluate("document.documentElement.lang"),
    }


@contextmanager
def _another_site(body: str) -> Iterator[str]:
    """A site of somebody else, whose only page holds ``body``."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            page = '<!doctype html><html lang="en"><head><title>Theirs</title><link rel="icon" href="data:,"></head>'
            self.wfile.write(f"{page}<body><h1>Theirs</h1>{body}</body></html>".encode())

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("lang", READERS)
def test_the_code_pasted_into_another_site_shows_the_chart(reader: Page, lang: str) -> None:
    load(reader, f"/{lang}/indicators/wgi_cc/?{CHOSEN}&tab=trend")
    sentence = reader.locator(".chart-sentence").inner_text()
    whole = reader.locator(".chart-stage [role=img]").get_attribute("aria-label")
    title = reader.locator(".chart-title").inner_text()
    reader.get_by_role("button", name=t("reuse.share.open", lang)).click()
    code = reader.get_by_role("dialog").locator("textarea").first.input_value()
    with _another_site(code) as theirs:
        reader.goto(theirs)
        frame = reader.frame_locator("iframe")
        expect(frame.get_by_role("heading", level=1)).to_have_text(title)
        assert reader.locator("iframe").get_attribute("title") == title
        expect(frame.locator("main > p", has_text=sentence)).to_be_visible()
        expect(frame.locator("main")).to_contain_text("World Bank")
        drawing = frame.get_by_role("img")
        assert drawing.get_attribute("alt") == whole != sentence
        expect(drawing).to_be_visible()
        reader.wait_for_function("frames.length === 1")
        assert drawing.evaluate("async one => { await one.decode(); return one.naturalWidth; }") > 0
        back = frame.get_by_role("link", name=t("reuse.embed.open", lang, name=t("ui.product.name", lang)))
        assert f"/{lang}/indicators/wgi_cc/" in (back.get_attribute("href") or "")
        assert frame.locator("html").evaluate("one => [one.lang, one.dir]") == [lang, "rtl" if lang == "ar" else "ltr"]
        assert frame.locator("html").evaluate("one => one.scrollWidth - one.clientWidth") <= 0


def test_the_site_itself_cannot_be_framed(new_context: Callable[..., BrowserContext], product: str) -> None:
    page = new_context().new_page()
    with _another_site(f'<iframe src="{product}/en/" title="Stolen"></iframe>') as theirs:
        page.goto(theirs)
        expect(page.frame_locator("iframe").locator("#main")).to_have_count(0)
