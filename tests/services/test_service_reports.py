"""Reports read back: what stands in the files is what the pages say, with sources, and the same bytes each time."""

import io
import re
from functools import lru_cache
from itertools import pairwise

import openpyxl
import pypdf
import pytest

from dashboard.locales import LANGUAGES
from dashboard.reports import document
from dashboard.services.context import context
from dashboard.services.country import country
from dashboard.services.progress import country_progress, programme_progress
from dashboard.services.reporting import asked as ask
from dashboard.services.reporting.asked import Asked
from dashboard.services.reporting.files import Form, file, made, report
from dashboard.services.reporting.vnr import annex

pytestmark = pytest.mark.usefixtures("embedded")

BASE = "https://monitor.example"
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


def _asked(kind: str, iso3: str, lang: str) -> Asked:
    ctx = context(lang)
    if kind == "programme":
        return ask.of_programme(ctx, base=BASE)
    return ask.of_country(ctx, iso3, base=BASE) if kind == "country" else ask.of_annex(ctx, iso3, base=BASE)


@lru_cache
def _pdf(kind: str, iso3: str, lang: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(document.pdf(report(_asked(kind, iso3, lang)))))


@lru_cache
def _text(kind: str, iso3: str, lang: str) -> str:
    return _plain(" ".join(page.extract_text() for page in _pdf(kind, iso3, lang).pages))


def _plain(text: str) -> str:
    """Without line ends, isolates and doubled spaces: how a reader takes the words in."""
    return re.sub(r"\s+", " ", text.translate(ISOLATES))


def _book(kind: str, iso3: str, lang: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(file(_asked(kind, iso3, lang), "xlsx")))


@pytest.mark.parametrize("iso3", ["AZE", "ETH", "KAZ"])
def test_a_brief_prints_every_figure_of_the_page_with_period_source_and_interval(iso3: str) -> None:
    text = _text("country", iso3, "en")
    rows = [row for theme in country(context(), iso3)["themes"] for row in theme["rows"]]
    assert rows
    for row in rows:
        figure = row["figure"]
        for said in (row["name"], figure["quantity"], figure["period"], figure["source_text"], figure["edition"]):
            assert _plain(said) in text, (row["indicator"], said)
        assert _plain(figure["interval"]) in text


def test_a_brief_prints_statuses_as_the_pages_of_progress_do_and_their_method_on_every_page() -> None:
    found = country_progress(context(), "ETH")
    text = _text("country", "ETH", "en")
    for verdict in found["verdicts"]:
        said = verdict["status_text"] if verdict["tone"] != "none" else verdict["reason_text"]
        assert _plain(said) in text
    method = next(one["name"] for one in found["methods"] if one["chosen"])
    assert all(method in _plain(page.extract_text()) for page in _pdf("country", "ETH", "en").pages)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("kind", "iso3"), [("country", "ETH"), ("country", "KAZ"), ("programme", ""), ("vnr", "AZE")])
def test_every_page_says_as_of_version_and_the_address_that_opens_the_view(kind: str, iso3: str, lang: str) -> None:
    ctx, reader = context(lang), _pdf(kind, iso3, lang)
    assert 4 <= len(reader.pages) <= 16
    path = f"/{lang}/countries/{iso3}/" if iso3 else f"/{lang}/progress/"
    for page in reader.pages:
        text = _plain(page.extract_text())
        assert ctx.dataset.version in text
        assert f"{BASE}{path}?as_of={ctx.today.isoformat()}" in text
        assert (round(float(min(page.mediabox[2:]))), round(float(max(page.mediabox[2:])))) == (595, 842)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_document_is_titled_tagged_and_in_its_language(lang: str) -> None:
    reader = _pdf("country", "ETH", lang)
    root = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == country(context(lang), "ETH")["name"]
    assert root["/Lang"] == lang
    assert root["/MarkInfo"]["/Marked"]
    assert reader.outline  # headings


def test_arabic_is_written_in_letters_that_join() -> None:
    text = _text("country", "ETH", "ar")
    assert country(context("ar"), "ETH")["name"] in text
    fonts = {
        font.get_object()["/BaseFont"] for page in _pdf("country", "ETH", "ar").pages
        for font in page["/Resources"]["/Font"].values()
    }  # fmt: skip
    assert any("Monitor" in name for name in fonts)
    assert not any("NotoSans" in name or "DejaVu" in name for name in fonts)


def test_in_arabic_an_official_number_with_a_letter_keeps_its_order() -> None:
    sheet = _book("vnr", "KAZ", "ar").worksheets[1]
    codes = [str(row[0]).split(" · ")[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert "\u20669.c.1\u2069" in codes
    assert all(code.startswith("\u2066") and code.endswith("\u2069") for code in codes)


@pytest.mark.parametrize("lang", ["fr", "ar", "az"])
def test_notes_of_events_are_in_the_language_of_the_report(lang: str) -> None:
    for event in country(context("en"), "AZE")["adoption"]["events"]:
        assert "as filed" in event["note"].lower()
    assert "as filed" not in _text("country", "AZE", lang).lower()


@pytest.mark.parametrize("kind", ["country", "vnr"])
def test_pages_are_turned_once_and_turned_back_once(kind: str) -> None:
    wide = [section.wide for section in report(_asked(kind, "KAZ", "en")).sections]
    turns = sum(one != other for one, other in pairwise(wide))
    assert turns <= 2


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
@pytest.mark.parametrize(("kind", "iso3"), [("country", "KAZ"), ("programme", ""), ("vnr", "ETH")])
def test_the_same_dataset_and_question_give_the_same_bytes(kind: str, iso3: str, form: Form) -> None:
    asked = _asked(kind, iso3, "ar")
    assert made(asked, form) == made(asked, form)


def test_the_workbook_holds_the_figures_of_the_page_as_numbers_and_no_formulas() -> None:
    page = _book("country", "ETH", "en")["Figures"]
    names = [cell.value for cell in page[1]]
    at = {name: names.index(name) for name in ("Value", "Value as shown", "Year", "Source", "Id of the indicator")}
    held = {row[at["Id of the indicator"]]: row for row in page.iter_rows(min_row=2, values_only=True)}
    rows = [row for theme in country(context(), "ETH")["themes"] for row in theme["rows"]]
    assert len(held) == len(rows)
    for row in rows:
        told = held[row["indicator"]]
        assert told[at["Value"]] == row["figure"]["value"]
        assert told[at["Value as shown"]] == row["figure"]["quantity"]
        assert told[at["Year"]] == row["figure"]["year"]
        assert row["figure"]["source_text"] in told[at["Source"]]
    for kind, iso3 in (("country", "ETH"), ("programme", ""), ("vnr", "ETH")):
        cells = [cell for sheet in _book(kind, iso3, "en") for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]


def test_national_figures_stand_apart_and_missing_ones_are_named() -> None:
    book, view = _book("country", "KAZ", "en"), country(context(), "KAZ")
    assert [row[0].split(" · ")[1] for row in book["National figures"].iter_rows(min_row=2, values_only=True)] == [
        one["series"] for one in view["national"]
    ]
    missing = {row[4] for row in book["Missing"].iter_rows(min_row=2, values_only=True)}
    assert missing == {row["indicator"] for row in view["missing"]}
    assert view["national_note"] in _text("country", "KAZ", "en")


def test_the_programme_counts_as_the_page_does() -> None:
    page = _book("programme", "", "en")["Progress"]
    held = {row[5]: row for row in page.iter_rows(min_row=2, values_only=True)}
    for row in programme_progress(context())["rows"]:
        told = held[row["indicator"]]
        assert told[2] == sum(one["count"] for one in row["counts"])
        assert (told[3], told[4]) == (row["refused"], row["of"])


def test_only_official_indicators_have_a_trend_in_the_annex_and_proxies_stand_apart() -> None:
    ctx, book = context(), _book("vnr", "ETH", "en")
    strengths = {(m.id, link.sdg_indicator): link.strength for m in ctx.book.metrics.values() for link in m.links}
    for sheet, strength in (("Official indicators", "direct"), ("Proxies", "proxy")):
        names = [cell.value for cell in book[sheet][1]]
        found = [dict(zip(names, row, strict=True)) for row in book[sheet].iter_rows(min_row=2, values_only=True)]
        assert found
        assert any(name.startswith("Trend by") for name in names) == (strength == "direct")
        for row in found:
            code = row["SDG indicator"].split(" · ")[0]
            assert strengths[row["Id of the indicator"], code] == strength
            assert row["Value"] == "none" or row["Year"]
            assert (row["Value"] == "none") == bool(row["Why there is no figure"])


def test_figures_that_may_not_be_changed_are_printed_as_published_and_nothing_is_made_of_them() -> None:
    grids = [block for one in report(_asked("country", "AZE", "en")).sections for block in one.blocks]
    rows = [row for grid in grids for part in getattr(grid, "parts", ()) for row in part.rows]
    (row,) = [row for row in rows if any(cell and cell.text == "ti_cpi" for cell in row) and len(row) > 10]
    shown = country(context(), "AZE")
    figure = next(r["figure"] for theme in shown["themes"] for r in theme["rows"] if r["indicator"] == "ti_cpi")
    assert row[1] is not None
    assert (row[1].text, row[1].value) == (figure["quantity"], figure["value"])
    status = row[11]
    assert status is not None
    assert status.text == "no status"
    assert "licence" in status.note


def test_a_report_of_a_country_without_figures_says_so() -> None:
    said = annex(_asked("vnr", "ATA", "en"))
    assert len(pypdf.PdfReader(io.BytesIO(document.pdf(said))).pages) >= 2
    assert "Antarctica" in _text("country", "ATA", "en")
