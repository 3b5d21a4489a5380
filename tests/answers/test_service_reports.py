"""Reports read back: what stands in the files is what the pages say, with sources, and the same bytes each time."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import openpyxl
import pypdf
import pytest

from dashboard.analysis.reports import document
from dashboard.analysis.reports.content import Grid
from dashboard.analysis.reports.forms import Form
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.countries.country import view_country
from dashboard.answers.countries.views import CountryRow
from dashboard.answers.progress.progress import assess_country, assess_programme
from dashboard.answers.reports import query as ask
from dashboard.answers.reports.files import read_file, write_file, write_report
from dashboard.answers.reports.frame import describe_filters, translate_word
from dashboard.answers.reports.query import ReportQuery
from dashboard.answers.reports.vnr import write_annex
from dashboard.locales import LANGUAGES
from dashboard.settings import Settings
from tests.checks import all_of
from tests.languages import SWEPT

pytestmark = pytest.mark.usefixtures("embedded")

BASE = "https://monitor.example"
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
EVERY = (("country", "ETH"), ("country", "KAZ"), ("programme", ""), ("vnr", "AZE"))


def _asked(kind: str, iso3: str, lang: str) -> ReportQuery:
    ctx = open_context(lang)
    if kind == "programme":
        return ask.ask_programme(ctx, base=BASE)
    return ask.ask_country(ctx, iso3, base=BASE) if kind == "country" else ask.ask_annex(ctx, iso3, base=BASE)


@lru_cache
def _pdf(kind: str, iso3: str, lang: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(document.write_pdf(write_report(_asked(kind, iso3, lang)))), strict=True)


@lru_cache
def _text(kind: str, iso3: str, lang: str) -> str:
    return _plain(" ".join(page.extract_text() for page in _pdf(kind, iso3, lang).pages))


def _plain(text: str) -> str:
    """Without line ends, isolates and doubled spaces: how a reader takes the words in."""
    return re.sub(r"\s+", " ", text.translate(ISOLATES))


@lru_cache
def _book(kind: str, iso3: str, lang: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(read_file(_asked(kind, iso3, lang), "xlsx")))


def _rows(page: object) -> list[dict[str, object]]:
    """The rows of a sheet, each by the heads of its columns."""
    heads, *rows = page.iter_rows(values_only=True)  # type: ignore[attr-defined]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def _shown(iso3: str, lang: str) -> dict[str, CountryRow]:
    """Indicator → the row of the country's page."""
    return {
        row["indicator"]: row for theme in view_country(open_context(lang), iso3)["themes"] for row in theme["rows"]
    }


@pytest.mark.parametrize(
    ("iso3", "lang"),
    [("AZE", "en"), ("ETH", "en"), pytest.param("KAZ", "en", marks=pytest.mark.long), ("AZE", "ar"), ("KAZ", "ar")],
)
def test_a_brief_holds_the_figures_of_the_page(iso3: str, lang: str) -> None:
    """In the workbook as numbers, in the document as the page shows them, with period, source and interval."""
    ctx, shown, text = open_context(lang), _shown(iso3, lang), _text("country", iso3, lang)
    sheet = _book("country", iso3, lang)[translate_word(ctx, "figures.sheet")]
    rows = {row[translate_word(ctx, "head.id")]: row for row in _rows(sheet)}
    assert rows.keys() == shown.keys()
    for indicator, said in shown.items():
        figure, row = said["figure"], rows[indicator]
        assert row[translate_word(ctx, "head.value")] == figure["value"]
        assert row[translate_word(ctx, "head.shown")] == figure["quantity"]
        assert row[translate_word(ctx, "head.year")] == (figure["year"] or figure["period"] or None)
        assert figure["source_text"] in str(row[translate_word(ctx, "head.source")])
        assert (row[translate_word(ctx, "head.interval")] or "") == figure["interval"]
        told = (
            (said["name"], figure["quantity"], figure["interval"]) if lang == "en" else (_figures(figure["quantity"]),)
        )
        for part in (*told, figure["period"], figure["source_text"], *_latin(figure["edition"])):
            assert _plain(part) in text, (indicator, part)


def test_a_brief_prints_statuses_as_the_pages_of_progress_do_and_their_method_on_every_page() -> None:
    found = assess_country(open_context(), "ETH")
    text = _text("country", "ETH", "en")
    for verdict in found["verdicts"]:
        said = verdict["status_text"] if verdict["tone"] != "none" else verdict["reason_text"]
        assert _plain(said) in text
    method = next(one["name"] for one in found["methods"] if one["chosen"])
    assert all_of(method in _plain(page.extract_text()) for page in _pdf("country", "ETH", "en").pages)


@pytest.mark.parametrize("lang", SWEPT)
@pytest.mark.parametrize(("kind", "iso3"), EVERY)
def test_every_page_says_as_of_version_and_the_address_that_opens_the_view(kind: str, iso3: str, lang: str) -> None:
    ctx, reader = open_context(lang), _pdf(kind, iso3, lang)
    assert 4 <= len(reader.pages) <= 16
    path = f"/{lang}/countries/{iso3}/" if iso3 else f"/{lang}/progress/"
    for page in reader.pages:
        text = _plain(page.extract_text())
        assert ctx.dataset.version in text
        assert f"{BASE}{path}?as_of={ctx.today.isoformat()}" in text
        assert (round(float(min(page.mediabox[2:]))), round(float(max(page.mediabox[2:])))) == (595, 842)


@pytest.mark.parametrize("lang", SWEPT)
def test_a_document_is_titled_tagged_and_in_its_language(lang: str) -> None:
    reader = _pdf("country", "ETH", lang)
    root = reader.trailer["/Root"]
    assert reader.metadata.title == write_report(_asked("country", "ETH", lang)).named
    assert view_country(open_context(lang), "ETH")["name"] in reader.metadata.title
    assert reader.metadata.title != _pdf("vnr", "AZE", lang).metadata.title
    assert root["/Lang"] == lang
    assert root["/MarkInfo"]["/Marked"]
    assert reader.outline  # headings


def test_arabic_is_written_in_letters_that_join() -> None:
    text = _text("country", "ETH", "ar")
    assert view_country(open_context("ar"), "ETH")["name"] in text
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
    assert all_of(code.startswith("\u2066") and code.endswith("\u2069") for code in codes)


@pytest.mark.parametrize("lang", ["fr", "ar", "az"])
def test_notes_of_events_are_in_the_language_of_the_report(lang: str) -> None:
    english = {event["id"]: event["note"] for event in view_country(open_context("en"), "AFG")["adoption"]["events"]}
    assert "named as operating" in english["AFG-03"].lower()
    assert "named as operating" not in _text("country", "AFG", lang).lower()
    for event in view_country(open_context(lang), "AFG")["adoption"]["events"]:
        assert event["note"].count(". ") == english[event["id"]].count(". ")  # no sentence is left out


@pytest.mark.parametrize("kind", ["country", "vnr"])
def test_pages_are_turned_once_and_turned_back_once(kind: str) -> None:
    wide = [section.wide for section in write_report(_asked(kind, "KAZ", "en")).sections]
    assert sum(one != other for one, other in pairwise(wide)) <= 2


def test_national_figures_stand_apart_and_missing_ones_are_named() -> None:
    book, view = _book("country", "KAZ", "en"), view_country(open_context(), "KAZ")
    assert [row[0].split(" · ")[1] for row in book["National figures"].iter_rows(min_row=2, values_only=True)] == [
        one["series"].removeprefix("kaz:") for one in view["national"]
    ]
    missing = {row[4] for row in book["Missing"].iter_rows(min_row=2, values_only=True)}
    assert missing == {row["indicator"] for row in view["missing"]}
    assert view["national_note"] in _text("country", "KAZ", "en")


def test_only_official_indicators_have_a_trend_in_the_annex_and_proxies_stand_apart() -> None:
    ctx, book = open_context(), _book("vnr", "ETH", "en")
    strengths = {(m.id, link.sdg_indicator): link.strength for m in ctx.book.metrics.values() for link in m.links}
    for sheet, strength in (("Official indicators", "direct"), ("Proxies", "proxy")):
        names = [cell.value for cell in book[sheet][1]]
        found = [dict(zip(names, row, strict=True)) for row in book[sheet].iter_rows(min_row=2, values_only=True)]
        assert found
        assert any(name.startswith("Trend by") for name in names) == (strength == "direct")
        for row in found:
            assert strengths[row["Id of the indicator"], row["SDG indicator"].split(" · ")[0]] == strength
            assert row["Value"] == "none" or row["Year"]
            assert (row["Value"] == "none") == bool(row["Why there is no figure"])


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_brief_sets_the_three_ways_to_know_satisfaction_apart(lang: str) -> None:
    """What an agency says of itself is a text, never a number beside the official indicator."""
    ctx, voices, book = (
        open_context(lang),
        view_country(open_context(lang), "AZE")["voices"],
        _book("country", "AZE", lang),
    )
    about = [row[1] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert len(voices) == 3
    for voice in voices:
        said = [line for line in about if str(line).startswith(f"{voice['label']} · ")]
        assert len(said) == 1
        assert voice["definition"] in said[0]
        assert voice["empty"] in said[0]
    rows = _rows(book[translate_word(ctx, "voices.sheet")])
    reports = voices[0]["reports"]
    assert reports
    assert [(row[translate_word(ctx, "voices.kind")], row[translate_word(ctx, "head.value")]) for row in rows] == [
        *((voices[0]["label"], one["value_text"]) for one in reports),
        *((voice["label"], one["figure"]["quantity"]) for voice in voices for one in voice["figures"]),
    ]
    text = _text("country", "AZE", lang)
    assert all_of(_figures(one["value_text"]) in text and one["source"] in text for one in reports)


def test_figures_that_may_not_be_changed_are_printed_as_published_and_nothing_is_made_of_them() -> None:
    grids = [block for one in write_report(_asked("country", "AZE", "en")).sections for block in one.blocks]
    rows = [row for grid in grids for part in getattr(grid, "parts", ()) for row in part.rows]
    (row,) = [row for row in rows if any(cell and cell.text == "ti_cpi" for cell in row) and len(row) > 10]
    shown = view_country(open_context(), "AZE")
    figure = next(r["figure"] for theme in shown["themes"] for r in theme["rows"] if r["indicator"] == "ti_cpi")
    assert (row[1].text, row[1].value) == (figure["quantity"], figure["value"])
    status = row[11]
    assert status.text == "no status"
    assert "licence" in status.note


def test_a_report_of_a_country_without_figures_says_so() -> None:
    said = write_annex(_asked("vnr", "ATA", "en"))
    assert len(pypdf.PdfReader(io.BytesIO(document.write_pdf(said))).pages) >= 2
    assert "Antarctica" in _text("country", "ATA", "en")


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("iso3", ["AZE", "KAZ"])
def test_the_annex_holds_the_figures_of_the_page(iso3: str, lang: str) -> None:
    """In the workbook as numbers, in the document as the page shows them; what the page lacks has a gap."""
    ctx, shown = open_context(lang), _shown(iso3, lang)
    text, book = _text("vnr", iso3, lang), _book("vnr", iso3, lang)
    rows = [*_rows(book.worksheets[1]), *_rows(book.worksheets[2])]
    assert len(rows) > 60
    for row in rows:
        indicator = str(row[translate_word(ctx, "head.id")])
        said = shown.get(indicator)
        assert (said is None) == bool(row[translate_word(ctx, "head.gap")]), indicator
        if said is None:
            assert row[translate_word(ctx, "head.value")] == translate_word(ctx, "vnr.no_value")
            continue
        figure = said["figure"]
        assert row[translate_word(ctx, "head.value")] == figure["value"]
        assert row[translate_word(ctx, "head.shown")] == figure["quantity"]
        assert row[translate_word(ctx, "head.unit")] == figure["unit"]
        assert (row[translate_word(ctx, "head.lower")], row[translate_word(ctx, "head.upper")]) == (
            figure["lower"],
            figure["upper"],
        )
        assert row[translate_word(ctx, "head.year")] == (figure["year"] or figure["period"] or None)
        assert str(row[translate_word(ctx, "head.nature")]).startswith(figure["nature_text"])
        assert row[translate_word(ctx, "head.source")] == f"{figure['source_text']} · {figure['edition']}"
        # a span of years may be broken into two lines
        for part in (_figures(figure["quantity"]), *re.findall(r"\d+", figure["period"]), *_latin(figure["edition"])):
            assert _plain(part) in text, (indicator, part)


def _figures(quantity: str) -> str:
    """The digits of a quantity: what a reader of PDF gives back in one piece in every language."""
    found = re.search(r"[−\d.,\u202f]+", quantity)
    return found[0] if found else ""


def _latin(words: str) -> list[str]:
    """What of Arabic words a reader of PDF gives back in their order: names in Latin letters and years."""
    return re.findall(r"[A-Za-z\d.]+", words)


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("iso3", ["AZE", "KAZ"])
def test_the_annex_gives_the_trend_of_the_page_by_the_custodians_method(iso3: str, lang: str) -> None:
    ctx = open_context(lang)
    verdicts = {one["indicator"]: one for one in assess_country(ctx, iso3)["verdicts"]}
    assessed = 0
    for row in _rows(_book("vnr", iso3, lang).worksheets[1]):
        trend = str(next(said for head, said in row.items() if str(head) == _trend_head(lang)))
        verdict = verdicts.get(str(row[translate_word(ctx, "head.id")]))
        if verdict is not None and verdict["tone"] != "none":
            assessed += 1
            assert trend.startswith(verdict["status_text"])
        else:
            assert trend.startswith((translate_word(ctx, "no_status"), translate_word(ctx, "no_quantity")))
    assert assessed > 5


def _trend_head(lang: str) -> str:
    found = assess_country(open_context(lang), "AZE")["methods"]
    return translate_word(open_context(lang), "head.trend", method=next(one["name"] for one in found if one["chosen"]))


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_programme_holds_the_counts_of_the_page(lang: str) -> None:
    ctx, text, found = open_context(lang), _text("programme", "", lang), assess_programme(open_context(lang))
    sheet = _book("programme", "", lang)[translate_word(ctx, "progress.sheet")]
    rows = {row[translate_word(ctx, "head.id")]: row for row in _rows(sheet)}
    assert rows.keys() == {row["indicator"] for row in found["rows"]}
    for row in found["rows"]:
        told = rows[row["indicator"]]
        assert told[translate_word(ctx, "head.judged")] == sum(one["count"] for one in row["counts"])
        assert (told[translate_word(ctx, "head.refused")], told[translate_word(ctx, "head.of")]) == (
            row["refused"],
            row["of"],
        )
        said = str(list(told.values())[1])
        for status in row["counts"]:
            assert f"{status['text']}: {status['count']} (" in said
            if lang == "en":
                assert _plain(f"{status['text']}: {status['count']} (") in text


@pytest.mark.parametrize("lang", SWEPT)
@pytest.mark.parametrize(("kind", "iso3"), EVERY)
def test_every_file_says_how_to_cite_it_as_of_when_with_which_filters_and_from_which_sources(
    kind: str, iso3: str, lang: str
) -> None:
    ctx, asked, said = open_context(lang), _asked(kind, iso3, lang), write_report(_asked(kind, iso3, lang))
    book = _book(kind, iso3, lang)
    about = {row[0]: str(row[1]) for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    assert about[translate_word(ctx, "about.filters")] == describe_filters(asked)
    assert about[translate_word(ctx, "about.as_of")] in said.subtitle
    cited = about[translate_word(ctx, "about.cite")]
    for part in (said.named, about[translate_word(ctx, "about.as_of")], ctx.dataset.version, f"{BASE}{asked.path}"):
        assert part in cited
    sources = _rows(book[translate_word(ctx, "sources.sheet")])
    assert sources
    assert all_of(
        row[translate_word(ctx, "head.licence")] and row[translate_word(ctx, "head.received")] for row in sources
    )
    if LANGUAGES[lang].dir == "ltr":  # the reader of PDF does not give Arabic sentences back in their order
        text = _text(kind, iso3, lang)
        assert _plain(describe_filters(asked)) in text
        assert _plain(cited).replace(" ", "") in text.replace(" ", "")
        assert all_of(_plain(str(row[translate_word(ctx, "head.publisher")])) in text for row in sources)


@pytest.mark.parametrize(("kind", "iso3"), EVERY)
def test_no_status_stands_in_a_workbook_without_its_definition(kind: str, iso3: str) -> None:
    said = [str(row[1]) for row in _book(kind, iso3, "en").worksheets[0].iter_rows(min_row=2, values_only=True)]
    if kind == "country":
        verdicts = [it for it in assess_country(open_context(), iso3)["verdicts"] if it["tone"] != "none"]
        assert verdicts
        assert {f"{it['status_text']} · {it['definition']}" for it in verdicts} <= set(said)
    else:
        assert any(line.startswith("on track or target met · ") for line in said)


def test_the_title_of_the_programme_names_its_counting_rule(ctx: Context) -> None:
    for rule, label in (("signed", "at least signed"), ("operating", "operating")):
        assert f"({label})" in write_report(ask.ask_programme(ctx, rule=rule, base=BASE)).title


def test_titles_the_united_nations_has_not_translated_are_said_to_be_english() -> None:
    for lang, expected in (("az", True), ("fr", False), ("ar", False), ("en", False)):
        said = [str(row[1]) for row in _book("vnr", "AZE", lang).worksheets[0].iter_rows(values_only=True)]
        assert any(translate_word(open_context(lang), "vnr.english_titles") in line for line in said) == expected


@pytest.mark.parametrize("lang", ["en", *(pytest.param(one, marks=pytest.mark.long) for one in ("fr", "az"))])
def test_a_number_and_its_per_cent_sign_stay_on_one_line(lang: str) -> None:
    for kind, iso3 in EVERY:
        for page in _pdf(kind, iso3, lang).pages:
            lines = page.extract_text().splitlines()
            assert not [line for line in lines if line.startswith("%") and line != "%" and "·" not in line]  # an axis


MEASURE = """
#let asked = json(bytes(sys.inputs.asked))
#set text(font: "Monitor Sans")
#context [#metadata(asked.map(one => measure(text(
  one.at(0), size: one.at(1) * 1pt, weight: one.at(2), number-width: "tabular")).width.pt())) <widths>]
"""


def _cells(grid: Grid, place: int) -> Iterator[tuple[str, float, int]]:
    """The words of a column as they are set: text, points, weight."""
    yield grid.columns[place].label, 8, 600
    for part in grid.parts:
        for row in part.rows:
            if (cell := row[place]) is not None:
                yield cell.text, 8, 600 if cell.strong else 400
                yield cell.note, 7, 400


@pytest.mark.parametrize("lang", SWEPT)
def test_no_word_is_wider_than_its_column(lang: str) -> None:
    """A word that cannot be broken would be set over the next column."""
    import typst

    room: dict[tuple[str, float, int], float] = {}
    for kind, iso3 in (*EVERY, ("vnr", "KAZ"), ("country", "AZE")):
        for section in write_report(_asked(kind, iso3, lang)).sections:
            for grid in (block for block in section.blocks if isinstance(block, Grid)):
                width = ((297 if section.wide else 210) - 2 * 17) * 72 / 25.4 / sum(it.share for it in grid.columns)
                for place, column in enumerate(grid.columns):
                    for text, size, weight in _cells(grid, place) if column.share else ():
                        for piece in re.split(r"[ \n]|(?<=[-–/])", text.translate(ISOLATES)):
                            key, free = (piece, size, weight), column.share * width - 7
                            room[key] = min(free, room.get(key, free))
    asked = [key for key in room if len(key[0]) > 3]
    (widths,) = json.loads(
        typst.query(
            MEASURE.encode(), "<widths>", field="value", font_paths=document.load_fonts(),
            sys_inputs={"asked": json.dumps(asked)},
        )
    )  # fmt: skip
    assert len(widths) == len(asked) > 100
    assert not [(key[0], width, room[key]) for key, width in zip(asked, widths, strict=True) if width > room[key] + 0.1]


DIGESTS = """
import hashlib, sys
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.reports import query as ask
from dashboard.answers.reports.files import write_file
ctx, base = open_context("ar"), sys.argv[1]
brief, programme = ask.ask_country(ctx, "KAZ", base=base), ask.ask_programme(ctx, base=base)
for one in (brief, programme, ask.ask_annex(ctx, "ETH", base=base)):
    for form in ("pdf", "xlsx"):
        print(hashlib.sha256(write_file(one, form)).hexdigest())
"""


@pytest.mark.long
def test_the_same_dataset_and_question_give_the_same_bytes_in_another_process(embedded: Settings) -> None:
    """Neither the order of sets nor the hour of the day nor the machine's language is in a file."""
    env = {
        **os.environ, "MONITOR_DATA_DIR": str(embedded.data_dir), "PYTHONHASHSEED": "7", "TZ": "Asia/Baku",
        "LC_ALL": "C", "PYTHONUTF8": "1",
    }  # fmt: skip
    told = subprocess.run(
        [sys.executable, "-c", DIGESTS, BASE], env=env, capture_output=True, text=True, check=True, timeout=120
    ).stdout.split()
    forms: tuple[Form, ...] = ("pdf", "xlsx")
    here = [
        hashlib.sha256(write_file(_asked(kind, iso3, "ar"), form)).hexdigest()
        for kind, iso3 in (("country", "KAZ"), ("programme", ""), ("vnr", "ETH"))
        for form in forms
    ]
    assert told == here


@pytest.mark.parametrize("lang", ["en", *SWEPT])
@pytest.mark.parametrize("iso3", ["UGA", "AZE", "VAT", "FRA"])
def test_the_short_brief_has_exactly_two_pages_and_begins_with_where_the_country_stands(iso3: str, lang: str) -> None:
    asked = ask.ask_brief(open_context(lang), iso3, base=BASE)
    pages = pypdf.PdfReader(io.BytesIO(document.write_pdf(write_report(asked))), strict=True).pages
    assert len(pages) == 2
    first, second = (_plain(page.extract_text()) for page in pages)
    view = view_country(open_context(lang), iso3)
    if lang != "ar":  # letters of Arabic come out in the order they are drawn
        assert _plain(view["standing"]["text"]) in first
        assert translate_word(asked.ctx, "missing.title") in second
    assert f"{BASE}/{lang}/countries/{iso3}/" in second


def test_what_two_pages_have_no_room_for_is_counted() -> None:
    asked = ask.ask_brief(open_context(), "UGA", base=BASE)
    (section,) = [
        one for one in write_report(asked).sections if one.title == translate_word(asked.ctx, "figures.title")
    ]
    (grid,) = [block for block in section.blocks if isinstance(block, Grid)]
    text = _plain(pypdf.PdfReader(io.BytesIO(document.write_pdf(write_report(asked)))).pages[1].extract_text())
    names = [row[0].text for part in grid.parts for row in part.rows if row[0]]
    shown = [name for name in names if name in text]
    assert 10 < len(shown) < len(names)
    assert f"More on the country’s page: {len(names) - len(shown)}." in text
