"""An office that reads Russian or Uzbek alone: its template, its findings, its pages, its receipt and its mail."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from html import unescape

import httpx
import openpyxl
import polars as pl
import pypdf
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.accounts.model import Principal, Role
from dashboard.accounts.people import choose_language
from dashboard.accounts.tables import Account
from dashboard.contributions.submissions import deadlines, notices, store
from dashboard.contributions.submissions.keeping import reminders
from dashboard.contributions.submissions.reading.child import HISTORY
from dashboard.contributions.submissions.workbooks import receipt
from dashboard.contributions.submissions.workbooks.template import COLUMNS, csv_text, lines, workbook
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Codebook, choose_text
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.locales import DESK_LANGUAGES, LANGUAGES, t
from dashboard.locales.catalogue import load_messages
from dashboard.settings import Settings
from tests.contributions.submissions.conftest import Desk
from tests.contributions.submissions.test_life import publish
from tests.contributions.submissions.test_upload import Make, Person, api, findings, person, place, sender

__all__ = ["api", "person", "place", "sender"]

DESK_ONLY = [lang for lang in DESK_LANGUAGES if lang not in LANGUAGES]
YEAR = str(datetime.now(UTC).year - 1)
CHOSEN = ["battery_1662_exit", "handling_time", "nps"]


def last_year(book: Codebook) -> pl.DataFrame:
    """What was published the year before: a total and two groups."""
    rows = [("battery_1662_exit", str(int(YEAR) - 1), one, 60.0, "percent", "ministries")
            for one in ("{}", '{"Sex":"FEMALE"}', '{"Sex":"MALE"}')]  # fmt: skip
    return pl.DataFrame([dict(zip(HISTORY, one, strict=True)) for one in rows], schema=HISTORY)


def write_method(sheet: Worksheet, lang: str, kind: str, fields: Sequence[str]) -> None:
    """Say in the row of all indicators how the figures were made."""
    heads = {cell.value: cell.column for row in sheet.iter_rows(max_row=4) for cell in row if cell.value}
    (row,) = (cell.row for cell in sheet["B"] if cell.value == t("making.of.all", lang))
    sheet.cell(row, heads[t("submissions.method.method", lang)], t(f"submissions.kind.{kind}", lang))
    for name in fields:
        sheet.cell(row, heads[t(f"submissions.method.{name}", lang)], "Статистика")


def write_workbook(book: Codebook, lang: str, wrong: float | None = None) -> bytes:
    """A template in which an office wrote values and how they were made, all in its own language."""
    rows = lines(book, last_year(book), CHOSEN)
    file = openpyxl.load_workbook(io.BytesIO(workbook(book, "UZB", YEAR, lang, rows, date(2026, 1, 2), "http://x")))
    sheet, method = file[t("submissions.sheet.indicators", lang)], file[t("submissions.sheet.method", lang)]
    of = {name: at + 1 for at, name in enumerate(COLUMNS)}
    values = {"": 61.5, "FEMALE": 63.0, "MALE": 60.0}
    for line, row in enumerate(rows, start=2):
        if row.metric.id == "battery_1662_exit" and row.category in values:
            sheet.cell(line, of["value"], wrong if wrong and not row.category else values[row.category])
            sheet.cell(line, of["sample"], 400)
        elif row.metric.id == "handling_time" and not row.category:
            sheet.cell(line, of["value"], "12,5")
        elif row.metric.id == "nps" and not row.category:
            sheet.cell(line, of["reason"], t("submissions.reason.not_collected", lang))
    write_method(
        method, lang, "user_survey", ("who", "population", "period_of_work", "question", "scale", "mode", "sample_size")
    )
    held = io.BytesIO()
    file.save(held)
    return held.getvalue()


@pytest.fixture
def book() -> Codebook:
    return load_codebook()


@pytest.fixture
async def office(person: Make) -> Person:
    return person(country="UZB")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is read of a file is the same on any engine
@pytest.mark.parametrize("lang", DESK_ONLY)
async def test_a_filled_template_is_read_back_with_nothing_to_object_to(
    office: Person, place: Settings, book: Codebook, lang: str
) -> None:
    told = await findings(office, write_workbook(book, lang))
    assert set(told) <= {"target_missing", "left_empty"}, told
    with reading(open_engine(place)) as connection:
        figures = store.figures_of(connection, 1)
    assert figures is not None
    read = [(one["indicator"], one["dimensions"], one["value"], one["reason"]) for one in figures.to_dicts()]
    assert sorted(it for it in read if it[2] is not None or it[3]) == [
        ("battery_1662_exit", '{"Sex":"FEMALE"}', 63.0, ""), ("battery_1662_exit", '{"Sex":"MALE"}', 60.0, ""),
        ("battery_1662_exit", "{}", 61.5, ""), ("handling_time", "{}", 12.5, ""), ("nps", "{}", None, "not_collected"),
    ]  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("lang", DESK_ONLY)
async def test_a_csv_template_and_names_in_place_of_codes_are_read(
    office: Person, place: Settings, book: Codebook, lang: str
) -> None:
    rows = list(
        csv.reader(
            io.StringIO(csv_text("UZB", YEAR, lang, lines(book, last_year(book), CHOSEN)).decode("utf-8-sig")),
            delimiter=";",
        )
    )
    head = {
        name: rows[0].index(t(f"submissions.column.{name}", lang)) for name in ("indicator", "name", "value", "unit")
    }
    for row in rows[1:]:
        row[head["value"]] = "61,5" if row[head["indicator"]] == "battery_1662_exit" else "8"
        row[head["indicator"]] = row[head["name"]]
    body = io.StringIO()
    csv.writer(body, delimiter=";").writerows(rows)
    told = await findings(office, body.getvalue().encode("utf-8-sig"), "t.csv")
    assert not {
        rule for rule in told if rule.startswith(("indicator", "unit", "column", "breakdown", "number", "period"))
    }
    with reading(open_engine(place)) as connection:
        figures = store.figures_of(connection, 1)
    assert set(figures["indicator"]) == set(CHOSEN)
    assert set(figures.filter(figures["indicator"] == "battery_1662_exit")["value"]) == {61.5}


def find_english(page: httpx.Response, lang: str) -> list[str]:
    """English sentences of the catalogues that stand on a page, and are none in this language."""
    shown = " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
    found = []
    for area in ("submissions", "accounts", "offices", "survey", "ui", "actions", "officers"):
        ours = load_messages(area, lang)
        for key, message in load_messages(area, "en").items():
            texts = [message] if isinstance(message, str) else list(message.values())
            found += [f"{key}: {text}" for text in texts if len(text) > 9 and "{" not in text
                      and text in shown and text not in str(ours.get(key))]  # fmt: skip
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("lang", DESK_ONLY)
async def test_no_page_of_an_office_says_a_word_of_english(
    office: Person, person: Make, book: Codebook, lang: str
) -> None:
    coordinator, approver = person(Role.COORDINATOR, "UZB"), person(Role.APPROVER, "UZB")
    reviewer, admin = person(Role.REVIEWER), person(Role.ADMIN)
    sent = await office.upload(write_workbook(book, lang, wrong=161.5))
    await office.upload(b"Colour;Value\r\nred;1\r\n", "f.csv", period=str(int(YEAR) - 1))
    page = sent.headers["location"].split("?")[0]
    seen = []
    for who, paths in (
        (
            office,
            (
                "/contribute/",
                page,
                "/contribute/2",
                "/contribute/indicators",
                "/contribute/figures",
                "/contribute/survey",
                "/contribute/counts",
                "/contribute/not-reported",
                "/account/",
                "/contribute/99",
            ),
        ),
        (coordinator, ("/contribute/", "/offices/", page)),
        (approver, ("/contribute/", page)),
        (reviewer, ("/review/", page, "/account/colleagues")),
        (admin, ("/admin/", "/admin/audit", "/offices/", "/contribute/")),
        (office, ("/admin/",)),
    ):
        for path in paths:
            shown = await who.client.get(f"{path}?lang={lang}", follow_redirects=True)
            assert f'<html lang="{lang}"' in shown.text
            assert find_english(shown, lang) == [], path
            seen += re.findall(r'href="(/[a-z]{2}/[^"]*)"', shown.text)
    assert {one[:4] for one in seen} == {"/en/"}, "public pages are not in this language"
    told = unescape((await office.client.get(f"{page}?lang={lang}")).text)
    assert choose_text(book.metrics["battery_1662_exit"].name, lang) in told
    assert t("submissions.rule.out_of_bounds.todo", lang) in told
    assert (
        t("submissions.rule.total_outside_parts.expected", lang, by=t("survey.group.sex", lang), low="60", high="63")
        in told
    )


async def test_a_person_chooses_the_language_of_pages_and_mail(office: Person, place: Settings) -> None:
    by = Principal(office.account.id, Role.CONTRIBUTOR, "UZB", "", "", "", "en")
    choose_language(place, by, "ru")
    assert '<html lang="ru"' in (await office.client.get("/contribute/")).text
    choose_language(place, by, "xx")
    assert '<html lang="ru"' in (await office.client.get("/contribute/")).text


@pytest.mark.parametrize("lang", DESK_ONLY)
def test_receipt_mail_and_reminder_are_in_their_language(desk: Desk, lang: str) -> None:

    from tests.contributions.submissions.conftest import workbook as good_file

    published = receipt.published(desk.settings, publish(desk, good_file()))
    text = " ".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(receipt.document(published, lang))).pages
    )
    for key in ("lede", "submitted_by", "approved_at", "vintage"):
        assert "".join(t(f"submissions.receipt.{key}", lang).split()) in "".join(text.split())
    account = Account.model_construct(id=1, email="a@stat.test", language=lang, country="UZB")
    letter = notices.letter(desk.settings, account, published)
    assert choose_text(load_codebook().countries["AZE"].name, lang) in letter["subject"]
    assert f"lang={lang}" in letter.get_content()
    one = deadlines.Due("UZB", "figures", YEAR, 1, datetime(2026, 3, 31, tzinfo=UTC), "due", closed=False)
    assert reminders.words_of(one, date(2026, 3, 28), lang) == t(
        "submissions.due.ahead", lang, count=3, period=YEAR, day=reminders.day_in_words(date(2026, 3, 31), lang)
    )
