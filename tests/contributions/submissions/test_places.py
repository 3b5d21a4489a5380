"""Readings have places: few at once, few that wait, none for one account alone; nothing that was sent is lost."""

import io
import threading
import time
from pathlib import Path

import fastexcel
import httpx
import pytest
from fastapi import FastAPI

from dashboard.accounts import people
from dashboard.accounts import store as accounts
from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.model import Finding, ReadingBusy
from dashboard.contributions.submissions.reading import process
from dashboard.contributions.submissions.reading.process import Places
from dashboard.contributions.submissions.workbooks import marked
from dashboard.contributions.submissions.workbooks.marked import mark_file
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.locales import t
from dashboard.settings import Settings
from tests.checks import all_of
from tests.contributions.submissions.conftest import YEAR, workbook
from tests.contributions.submissions.test_programs import SENT, program
from tests.contributions.submissions.test_upload import Make, api, person, place
from tests.given import raising

__all__ = ["api", "person", "place"]


class Reader(threading.Thread):
    """Somebody whose file is being read until told to end."""

    def __init__(self, places: Places, who: str, patience: float = 20.0) -> None:
        super().__init__(daemon=True)
        self.places, self.who, self.patience = places, who, patience
        self.reads, self.end, self.refused = threading.Event(), threading.Event(), threading.Event()
        self.start()

    def run(self) -> None:
        try:
            with self.places.taken(self.who, self.patience):
                self.reads.set()
                self.end.wait(20)
        except ReadingBusy:
            self.refused.set()


def waiting(places: Places, count: int) -> None:
    """Until so many wait."""
    until = time.monotonic() + 5
    while len(places._line) != count:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_few_are_read_few_wait_and_the_next_is_told_at_once() -> None:
    places = Places(at_once=2, waiting=2, each=2)
    reads = [Reader(places, who) for who in ("a", "b")]
    assert all_of(one.reads.wait(5) for one in reads)
    waits = [Reader(places, "c")]
    waiting(places, 1)
    waits.append(Reader(places, "d"))
    waiting(places, 2)
    with pytest.raises(ReadingBusy, match="Many files"), places.taken("e", 20):
        pass
    reads[0].end.set()
    assert waits[0].reads.wait(5)
    assert not waits[1].reads.is_set(), "who came first is read first"
    reads[1].end.set()
    assert waits[1].reads.wait(5)
    for one in waits:
        one.end.set()
        one.join(5)
    with places.taken("a", 0):
        pass


def test_no_account_has_all_places() -> None:
    places = Places(at_once=2, waiting=4, each=2)
    first, second = Reader(places, "a"), Reader(places, "a")
    assert first.reads.wait(5) or second.reads.wait(5)
    waiting(places, 1)
    with pytest.raises(ReadingBusy, match="this account"), places.taken("a", 20):
        pass
    with places.taken("b", 5):
        assert first.reads.is_set() != second.reads.is_set(), "of one account one is read at a time"
    for one in (first, second):
        one.end.set()
        one.join(5)


def test_whoever_waits_too_long_is_told_and_holds_no_place() -> None:
    places = Places(at_once=1, waiting=1)
    one = Reader(places, "a")
    assert one.reads.wait(5)
    with pytest.raises(ReadingBusy), places.taken("b", 0.05):
        pass
    one.end.set()
    one.join(5)
    with places.taken("b", 0):
        pass


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Places:
    """No place is free, and none will be."""
    places = Places(at_once=0, waiting=0)
    monkeypatch.setattr(process, "PLACES", places)
    return places


async def test_a_program_is_told_when_to_try_again_and_its_file_is_kept(
    person: Make, place: Settings, api: FastAPI, full: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = program(api, people.make_token(place, accounts.make_principal(person().account), "script"))

    async def send() -> httpx.Response:
        key, file = {"Idempotency-Key": "october"}, {"file": ("figures.xlsx", workbook())}
        return await client.post(SENT, data={"period": YEAR}, files=file, headers=key)

    told = await send()
    assert (told.status_code, told.headers["retry-after"], told.json()["code"]) == (503, "60", "reading")
    assert "submission 1" in told.json()["detail"]
    monkeypatch.setattr(process, "PLACES", Places())
    again = await send()
    assert (again.status_code, again.json()["id"], again.json()["state"]) == (201, 1, "checked")
    assert (await client.get(f"{SENT}/1/marked.xlsx")).status_code == 200
    monkeypatch.setattr(process, "PLACES", full)
    busy = await client.get(f"{SENT}/1/marked.xlsx")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "60")


async def test_a_person_s_file_is_kept_and_checked_later(
    person: Make, place: Settings, full: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = person()
    answer = await who.upload(workbook())
    page = await who.client.get(answer.headers["location"])
    assert (answer.status_code, t("submissions.done.kept", "en") in page.text) == (303, True)
    check = {"path": "/contribute/1/move", "on": "/contribute/1", "move": "check"}
    refused = await who.post(**check)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
    assert t("submissions.refusal.reading", "en") in refused.text
    monkeypatch.setattr(process, "PLACES", Places())
    assert (await who.post(**check)).status_code == 303
    with reading(open_engine(place)) as connection:
        assert [(one.id, one.state, one.rows) for one in store.listing(connection)] == [(1, "checked", 4)]


def test_a_file_is_marked_apart_from_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marked, "read_text", raising(AssertionError("a file of a ministry is read in the server")))
    path = tmp_path / "file"
    path.write_text("Indicator code;Year;Value" + ";h" * 60 + "\n" + ("nps;2025;40" + ";1" * 60 + "\n") * 1000)
    finding = Finding("number_unread", "error", "f.csv", 7, "C", "40")
    sheets = fastexcel.read_excel(mark_file(path, "f.csv", [finding], "en", work=tmp_path))
    assert sheets.load_sheet("CSV", header_row=None).to_polars().shape == (1001, 63)
    assert list(tmp_path.iterdir()) == [path], "nothing stays of the work"


@pytest.mark.parametrize("limit", [{"memory": 2**25}, {"seconds": 0}], ids=["memory", "time"])
def test_what_needs_too_much_to_be_marked_comes_as_its_findings(tmp_path: Path, limit: dict[str, int]) -> None:
    path = tmp_path / "file"
    path.write_bytes(workbook())
    found = Finding("number_unread", "error", "Indicators", 2, "C", "forty")
    body = mark_file(path, "f.xlsx", [found], "en", **limit)
    sheets = fastexcel.read_excel(body)
    assert sheets.sheet_names == [t("submissions.sheet.findings", "en")]
    assert "forty" in str(sheets.load_sheet(0).to_polars().rows())
    assert io.BytesIO(body).read(2) == b"PK"
