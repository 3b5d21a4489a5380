"""No file that somebody downloads holds a formula, or a line of its own, whatever people and agencies wrote."""

import csv
import io
import re
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import httpx
import openpyxl
import pytest
from fastapi import FastAPI

from dashboard import settings as settings_module
from dashboard.accounts import store as accounts
from dashboard.analysis.reports.csv_text import NUMBER
from dashboard.contributions.actions import store as decisions
from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.delivery.store import save_centres
from dashboard.contributions.submissions import store as sent
from dashboard.contributions.submissions.custodian import pack
from dashboard.contributions.submissions.custodian.call import CallFigure, DataCall, MissingPart
from dashboard.contributions.submissions.model import METHOD_FIELDS, Finding
from dashboard.contributions.submissions.workbooks import marked
from dashboard.contributions.voice.tables import VoiceCount
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.register.reported import load_reported_figures
from dashboard.evidence.codebook.register.sent import AgreementActivity
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.interfaces.desk import site
from tests.answers.published import USERS, publish_states
from tests.contributions.actions.test_limits import decision
from tests.contributions.voice.conftest import put_in_force
from tests.evidence.database.figures import figure, figures

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SIGNS = ("=", "+", "-", "@", "＝")
TEXTS = [f"{start}LINK({at})" for at, start in enumerate((*SIGNS, "\t=", "\r=", "\u200b="))]
SERVED = (
    "observations.csv?country=AZE", "observations.xlsx?country=AZE", "dataset.zip",
    "charts/trend.csv?indicator=internet_users&country=AZE", "charts/trend.xlsx?indicator=internet_users&country=AZE",
    "templates/AZE/counts.xlsx", "templates/AZE/activities.csv", "templates/AZE/activities.xlsx",
    "services/AZE/voices.csv", "reported-figures.csv", "actions.ics?country=AZE", "actions.atom?country=AZE",
    "deadlines.ics?country=AZE",
)  # fmt: skip


def activity(text: str) -> AgreementActivity:
    return AgreementActivity("training", text, f"{NOW:%Y}-01-02", (text,), 5, 2, text, "AZE")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """An installation in which every text that somebody can write begins as a formula does, in each way."""
    rows = [
        figure(50.0 + at, **{**USERS, "period": str(2010 + at)}, source="world_bank", series="IT.NET.USER.ZS",
               edition=text, footnote=text, source_detail=text)
        for at, text in enumerate(TEXTS)
    ]  # fmt: skip
    place = publish_states(tmp_path_factory.mktemp("downloads"), figures(*rows))
    database = open_engine(place)
    save_centres(
        database,
        [
            Centre(f"c{at}", "AZE", text, date(2020, 1, 1), region=text, services=(("id", text),))
            for at, text in enumerate(TEXTS)
        ],
    )
    count = {"release": "r", "country": "AZE", "centre": "", "month": date(2026, 9, 1), "n": 20, "published_at": NOW}
    put_in_force(database, [VoiceCount(theme=text, **count) for text in TEXTS])
    with writing(database) as connection:
        for at, text in enumerate(TEXTS, start=1):
            words = dict.fromkeys(("owner", "measure", "words", "office"), text)
            decisions.add(connection, decision("", month=f"2026-0{at}", shows="2026-12", **words))
            accounts.name_office(connection, "AZE", at, text)
            sent.set_period(connection, "AZE", "figures", "2026", at, due=NOW)
    reported = load_reported_figures()[0]
    of_text = [one.name for one in fields(reported) if isinstance(getattr(reported, one.name), str)]
    told = [replace(reported, **dict.fromkeys(of_text, text)) for text in TEXTS]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("DATA_DIR", str(place.data_dir)), ("ACCOUNTS__ENABLED", "true"), ("SECRET", "s" * 40),
                            ("PUBLIC_URL", "https://monitor.test")):  # fmt: skip
            patch.setenv(f"MONITOR_{name}", value)
        patch.delenv("MONITOR_DATABASE_URL", raising=False)
        patch.setattr(
            "dashboard.contributions.submissions.kinds.activities.list_published",
            lambda _: [activity(it) for it in TEXTS],
        )
        patch.setattr("dashboard.answers.reported.figures.list_reported", lambda _: told)
        settings_module.settings.cache_clear()
        yield site.build()
    settings_module.settings.cache_clear()


@pytest.fixture
async def client(api: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://test/api/v1/") as one:
        yield one


def cells(name: str, body: bytes) -> list[str]:
    """The texts of a file, of which none is a formula.

    Raises:
        AssertionError: a spreadsheet would run one of them, or a text began a line of its own.
    """
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(body)) as held:
            return [cell for it in held.namelist() if it.endswith("csv") for cell in cells(it, held.read(it))]
    if name.endswith(".csv"):
        found = [cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")) for cell in row]
        assert [it for it in found if it.lstrip("\t\r\u200b")[:1] in SIGNS and not NUMBER.fullmatch(it)] == []
        return found
    if name.endswith(".xlsx"):
        pages = openpyxl.load_workbook(io.BytesIO(body)).worksheets
        held = [cell for page in pages for row in page.iter_rows() for cell in row if cell.value is not None]
        assert [cell for cell in held if cell.data_type not in "snbd"] == []
        return [str(cell.value) for cell in held]
    if name.endswith(".atom"):
        return [one.text or "" for one in ElementTree.fromstring(body).iter()]
    lines = body.decode().replace("\r\n ", "").split("\r\n")
    assert [line for line in lines[:-1] if not re.fullmatch(r"[A-Z-]+[:;][^\r\n]*", line)] == []
    return lines


def holds_all(name: str, body: bytes) -> bool:
    """Whether every text is in the file, so that something was asked of it."""
    words = "\n".join(cells(name, body))
    return [text for text in TEXTS if text[-7:] not in words] == []


@pytest.mark.parametrize("path", SERVED)
async def test_no_file_that_is_served_holds_a_formula(client: httpx.AsyncClient, path: str) -> None:
    reply = await client.get(path)
    assert reply.status_code == 200
    assert holds_all(path.partition("?")[0], reply.content)


def call() -> DataCall:
    """What a country has for the data call, hostile in every text of an office."""
    parts = [
        CallFigure("16.6.2", text, text, text, 1.0, None, None, text, 5, text, "approved", at)
        for at, text in enumerate(TEXTS)
    ]
    methods = {(at, text): dict.fromkeys(METHOD_FIELDS, text) for at, text in enumerate(TEXTS)}
    missing = [MissingPart("16.6.2", "sat_overall_gov", "old", text) for text in TEXTS]
    return DataCall("AZE", tuple(parts), methods, dict(enumerate(TEXTS)), tuple(missing))


def marked_csv(folder: Path) -> bytes:
    """A file of a ministry with its findings beside it."""
    path = folder / "sent.csv"
    path.write_text("\n".join(f'"{text}",5' for text in TEXTS), encoding="utf-8", newline="")
    findings = [Finding("number_unread", "error", text, 1, "A", text) for text in TEXTS]
    return marked.marked(path, "sent.csv", findings, "en")


MADE: dict[str, Callable[[Path], bytes]] = {
    "pack.xlsx": lambda _: pack.write_workbook_of(load_codebook(), call(), "en", NOW),
    "pack.zip": lambda _: pack.write_archive(load_codebook(), call(), "en", NOW),
    "marked.xlsx": marked_csv,
}


@pytest.mark.parametrize("name", MADE)
def test_no_file_of_a_desk_holds_a_formula(tmp_path: Path, name: str) -> None:
    assert holds_all(name, MADE[name](tmp_path))


def test_it_would_be_found() -> None:
    sheet = openpyxl.Workbook()
    sheet.active.append(["=HYPERLINK(1)"])
    held = io.BytesIO()
    sheet.save(held)
    for name, body in (
        ("a.xlsx", held.getvalue()), ("a.csv", "a,\u200b=1".encode()), ("a.ics", b"SUMMARY:a\r=1\r\n"),
        ("a.ics", b"SUMMARY:a\r\nx=1\r\n"),
    ):  # fmt: skip
        with pytest.raises(AssertionError):
            cells(name, body)
