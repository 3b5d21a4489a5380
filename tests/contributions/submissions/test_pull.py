"""Figures fetched from an office's address: as a draft, once, whatever the server does or the other side answers."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from dashboard.accounts import audit, mail, people
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Principal, Role
from dashboard.accounts.people import Rights
from dashboard.contributions.submissions import inbox, intake, store
from dashboard.contributions.submissions.model import MoveNotAllowed, Submission
from dashboard.contributions.submissions.pulling import directory, fetching, sweep
from dashboard.contributions.submissions.pulling.fetching import NothingFetched, PulledBody
from dashboard.contributions.submissions.tables import PullRow
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.operations import upkeep
from dashboard.runtime import outbound
from dashboard.settings import Settings
from tests.contributions.submissions.conftest import YEAR
from tests.contributions.submissions.files import observation
from tests.contributions.submissions.test_upload import SITE, Make, Person, api, person
from tests.data_sources import sdmx_shapes as sdmx

__all__ = ["api", "person"]

HOST = "stats.example.org"
ADDRESS = f"https://{HOST}/sdg/satisfaction.csv"
CSV = f"indicator,breakdown,period,value,sample\nbattery_1662_exit,total,{YEAR},61.5,800\n".encode()
OTHER = CSV.replace(b"61.5", b"62.5")
HOUR = timedelta(hours=1)


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data", database_url=database_url, public_url=SITE, secret="s" * 40,
        accounts={"enabled": True}, submissions={"pull": {"hosts": [HOST], "seconds": 30, "megabytes": 1}},
    )  # fmt: skip


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    sent: list[EmailMessage] = []
    post = {"send": lambda _, letter: sent.append(letter), "is_configured": lambda _: True}
    monkeypatch.setattr(sweep, "mail", SimpleNamespace(**{**vars(mail), **post}))
    return sent


class Site:
    """An office's address: what it answers, and how often it was asked."""

    def __init__(self, body: bytes = CSV, etag: str = "") -> None:
        self.body, self.etag, self.asked, self.trouble = body, etag, 0, ""

    def __call__(self, _: Settings, address: str, form: str, etag: str = "") -> PulledBody:
        self.asked += 1
        if self.trouble:
            raise NothingFetched(self.trouble)
        fetching.demand_form(self.body, form)
        return PulledBody(None if etag and etag == self.etag else self.body, self.etag)


def as_principal(who: Person) -> Principal:
    return accounts.make_principal(who.account)


def kept(place: Settings, who: Person, **fields: str) -> PullRow:
    given = {"address": ADDRESS, "form": "csv", "days": "1"} | fields
    number = directory.set_pull(place, load_codebook(), as_principal(who), 0, given)
    return next(one for one in directory.list_pulls(place, as_principal(who)) if one.id == number)


def all_of(place: Settings) -> list[Submission]:
    with reading(open_engine(place)) as connection:
        return store.listing(connection)


def test_what_comes_is_a_draft_with_findings_and_mail_and_goes_no_further(
    person: Make, place: Settings, letters: list[EmailMessage]
) -> None:
    who, elsewhere, site = person(), person(country="GEO"), Site(etag='"a"')
    pull = kept(place, who)
    letters.clear()
    assert sweep.sweep(place, pull.due_at, site) == 1
    (made,) = all_of(place)
    assert (made.state, made.country, made.period, made.rows, made.created_by) == (
        "checked", "AZE", YEAR, 1, who.account.id,
    )  # fmt: skip
    assert inbox.path_of(place, made.sha256).read_bytes() == CSV
    with reading(open_engine(place)) as connection:
        assert store.findings_of(connection, made.id)
        figures = store.figures_of(connection, made.id)
    assert figures.select("indicator", "period", "value", "sample").rows() == [("battery_1662_exit", YEAR, 61.5, 800)]
    assert [letter["To"] for letter in letters] == [who.account.email]
    assert f"/contribute/{made.id}" in letters[0].get_content()
    assert elsewhere.account.email not in str(letters[0])
    for day in range(1, 4):  # unchanged, by its mark and then by its bytes
        site.etag = '"a"' if day < 3 else ""
        assert sweep.sweep(place, pull.due_at + timedelta(days=day), site) == 0
    assert (site.asked, len(all_of(place)), len(letters)) == (4, 1, 1)
    site.body = OTHER
    assert sweep.sweep(place, pull.due_at + timedelta(days=4), site) == 1
    site.body = CSV  # back again: the newest draft is to hold what the address says
    assert sweep.sweep(place, pull.due_at + timedelta(days=5), site) == 1
    assert ([one.state for one in all_of(place)], len(letters)) == (["checked"] * 3, 3)


def test_it_is_asked_when_it_is_due_and_not_before(person: Make, place: Settings) -> None:
    who, site = person(), Site()
    pull = kept(place, who, days="7")
    assert sweep.sweep(place, pull.due_at - HOUR, site) == 0
    assert sweep.sweep(place, pull.due_at + 3 * HOUR, site) == 1
    (now,) = directory.list_pulls(place, as_principal(who))
    assert now.due_at == pull.due_at + timedelta(days=7)  # at the hour of before, whenever the server came to it
    sweep.sweep(place, pull.due_at + timedelta(days=30), site)
    (now,) = directory.list_pulls(place, as_principal(who))
    assert (site.asked, now.due_at) == (2, pull.due_at + timedelta(days=35))


def test_many_servers_make_one_draft_of_it(person: Make, place: Settings, letters: list[EmailMessage]) -> None:
    who, site = person(), Site()
    pulls = [kept(place, who, address=f"{ADDRESS}?{at}") for at in range(3)]
    letters.clear()
    due = max(one.due_at for one in pulls)
    begin = threading.Barrier(6)

    def one_server(_: int) -> int:
        begin.wait()
        return sweep.sweep(place, due, site)

    with ThreadPoolExecutor(6) as pool:
        made = sum(pool.map(one_server, range(6)))
    assert (made, site.asked, len(all_of(place)), len(letters)) == (3, 3, 3, 3)


class Killed(BaseException):
    """The server ends here."""


@pytest.mark.parametrize("at", ["ask", "finish", "receive", "check", "_tell", "_next"])
@pytest.mark.parametrize("after", [False, True])
def test_a_pull_that_was_killed_is_neither_lost_nor_doubled(
    person: Make, place: Settings, letters: list[EmailMessage], monkeypatch: pytest.MonkeyPatch, at: str, after: bool
) -> None:
    who, site = person(), Site()
    pull = kept(place, who)
    letters.clear()
    target: Any = {"ask": sweep, "finish": inbox.IncomingFile, "receive": intake, "check": intake}.get(at, sweep)
    whole: Callable[..., Any] = site if at == "ask" else getattr(target, at)

    def killed(*arguments: Any, **named: Any) -> Any:
        if after:
            whole(*arguments, **named)
        raise Killed

    with monkeypatch.context() as patched, suppress(Killed):
        if at != "ask":
            patched.setattr(target, at, killed)
        sweep.sweep(place, pull.due_at, killed if at == "ask" else site, held=0.0)
    sweep.sweep(place, pull.due_at, site, held=0.0)
    (made,) = all_of(place)
    assert (made.state, len(letters)) == ("checked", 1)
    (now,) = directory.list_pulls(place, as_principal(who))
    assert (now.submission, now.due_at) == (made.id, pull.due_at + timedelta(days=1))
    assert sweep.sweep(place, now.due_at, site) == 0
    assert len(all_of(place)) == 1


def test_an_address_that_fails_is_told_once_and_asked_later_and_later(
    person: Make, place: Settings, letters: list[EmailMessage]
) -> None:
    who, site = person(), Site()
    pull = kept(place, who)
    letters.clear()
    site.trouble, moment, waits = "unreachable", pull.due_at, []
    for _ in range(8):
        sweep.sweep(place, moment, site)
        (now,) = directory.list_pulls(place, as_principal(who))
        waits.append((now.due_at - moment) / HOUR)
        moment = now.due_at
    assert waits == [1, 2, 4, 8, 16, 24, 24, 24]
    assert (now.trouble, now.failures, len(letters), all_of(place)) == ("unreachable", 8, 1, [])
    site.trouble = ""
    assert sweep.sweep(place, moment, site) == 1
    (now,) = directory.list_pulls(place, as_principal(who))
    assert (now.trouble, now.failures, len(letters)) == ("", 0, 2)
    site.trouble = "status"
    sweep.sweep(place, now.due_at, site)
    assert len(letters) == 3


@pytest.mark.parametrize("moved", [False, True], ids=["revoked", "of another office now"])
def test_whoever_may_not_send_any_more_has_nothing_fetched(person: Make, place: Settings, moved: bool) -> None:
    who, site = person(), Site()
    pull = kept(place, who)
    if moved:
        with writing(open_engine(place)) as connection:
            accounts.name_office(connection, "AZE", 2, "Statistics")
        people.change_rights(place, who.account.id, Rights(Role.CONTRIBUTOR, "AZE", "Statistics"), None)
    else:
        people.revoke(place, who.account.id, None)
    assert sweep.sweep(place, pull.due_at, site) == 0
    other = person()
    (now,) = directory.list_pulls(place, as_principal(other))
    assert (now.trouble, site.asked) == ("owner", 0)
    given = {"address": ADDRESS, "form": "csv", "days": "1"}
    assert now.id
    directory.set_pull(place, load_codebook(), as_principal(other), now.id, given)  # somebody else takes it over
    (now,) = directory.list_pulls(place, as_principal(other))
    assert sweep.sweep(place, now.due_at, site) == 1
    assert [one.created_by for one in all_of(place)] == [other.account.id]
    nobody = place.model_copy(update={"submissions": place.submissions.model_copy(update={"pull": {"hosts": ()}})})
    assert nobody.submissions.pull == {"hosts": ()}
    barred = Settings(**{**place.model_dump(), "submissions": {"pull": {"hosts": ["another.example.org"]}}})
    sweep.sweep(barred, now.due_at + timedelta(days=9), site)
    assert [one.trouble for one in directory.list_pulls(place, as_principal(other))] == ["host"]
    assert site.asked == 1


def test_one_that_cannot_be_done_keeps_no_other_waiting(
    person: Make, place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, site = person(), Site()
    first, second = kept(place, who), kept(place, who, address=f"{ADDRESS}?2")

    def broken(settings: Settings, address: str, form: str, etag: str = "") -> PulledBody:
        if address == ADDRESS:
            raise OSError("no process")
        return site(settings, address, form, etag)

    assert sweep.sweep(place, second.due_at + HOUR, broken) == 1
    stands = {one.id: one for one in directory.list_pulls(place, as_principal(who))}
    assert (stands[first.id].due_at, stands[second.id].submission) == (first.due_at, all_of(place)[0].id)
    monkeypatch.setattr(sweep, "sweep", lambda _: 7)
    assert (upkeep.pull_figures(place), upkeep.pull_figures(Settings(data_dir=place.data_dir))) == (7, 0)
    assert upkeep.pull_figures in upkeep.HOURLY


CUBE = {
    "version": "2.0", "class": "dataset", "id": ["Sex", "ContentsCode", "Tid"], "size": [2, 1, 2],
    "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
    "dimension": {
        "Sex": {"label": "sex", "category": {"index": {"M": 1, "F": 0}, "label": {"M": "M", "F": "F"}}},
        "ContentsCode": {"label": "what", "category": {"index": ["a"], "label": {"a": "Satisfied"}}},
        "Tid": {"label": "year", "category": {"index": [str(int(YEAR) - 1), YEAR]}},
    },
    "value": [60.1, 61.25, None, 59.0],
}  # fmt: skip
WOMEN, MEN = '{"Sex":"FEMALE"}', '{"Sex":"MALE"}'
EARLIER = str(int(YEAR) - 1)


@pytest.mark.parametrize(
    ("form", "body", "indicator", "figures"),
    [
        ("json", json.dumps({"rows": [{"indicator": "battery_1662_exit", "sex": "F", "value": 61.25}]}), "",
         [("", WOMEN, 61.25)]),
        ("json", json.dumps([{"breakdown": "total", "value": "61,25"}]), "battery_1662_exit", [("", "{}", 61.25)]),
        ("pxweb", json.dumps(CUBE), "battery_1662_exit",
         [(EARLIER, WOMEN, 60.1), (YEAR, WOMEN, 61.25), (EARLIER, MEN, None), (YEAR, MEN, 59.0)]),
        ("pxweb", json.dumps({**CUBE, "value": {"1": 61.25, "3": 59}}), "battery_1662_exit",
         [(EARLIER, WOMEN, None), (YEAR, WOMEN, 61.25), (EARLIER, MEN, None), (YEAR, MEN, 59.0)]),
        ("open_sdg", f"Year,Sex,Value\n{YEAR},F,61.25\n{YEAR},,60\n", "battery_1662_exit",
         [(YEAR, WOMEN, 61.25), (YEAR, "{}", 60.0)]),
        ("open_sdg", json.dumps({"Year": [int(YEAR)], "Sex": ["M"], "Value": [59]}), "battery_1662_exit",
         [(YEAR, MEN, 59.0)]),
        ("sdmx", sdmx.generic(observation()), "", [(YEAR, "{}", 71.5)]),
    ],
)  # fmt: skip
def test_each_form_is_read(
    person: Make, place: Settings, form: str, body: str | bytes, indicator: str, figures: list[Any]
) -> None:
    pull = kept(place, person(), form=form, indicator=indicator)
    assert sweep.sweep(place, pull.due_at, Site(body.encode() if isinstance(body, str) else body)) == 1
    (made,) = all_of(place)
    with reading(open_engine(place)) as connection:
        frame = store.figures_of(connection, made.id)
    assert frame["indicator"].unique().to_list() == ["battery_1662_exit"]
    assert frame.select("period", "dimensions", "value").rows() == figures


@pytest.mark.parametrize(
    "body",
    [
        {**CUBE, "size": [2, 1, 3]}, {**CUBE, "size": [10**6, 10**6, 2]}, {**CUBE, "id": ["Sex"]}, {**CUBE, "value": 3},
        {**CUBE, "dimension": {}}, {**CUBE, "role": {"time": "Tid"}, "size": [-2, -1, 2]}, {"class": "dataset"},
        {"rows": []}, {"rows": [3]}, {"a": 1}, [[1]], {"Value": [1, 2], "Year": [3]},
    ],
)  # fmt: skip
def test_a_document_that_is_none_is_refused_by_name_and_gives_no_figure(
    person: Make, place: Settings, body: object
) -> None:
    pull = kept(place, person(), form="json", indicator="battery_1662_exit")
    assert sweep.sweep(place, pull.due_at, Site(json.dumps(body).encode())) == 1
    (made,) = all_of(place)
    with reading(open_engine(place)) as connection:
        assert [one.rule for one in store.findings_of(connection, made.id)] == ["refused"]
    assert (made.rows, made.errors) == (0, 1)


# --- what the other side may do -------------------------------------------------------------------------------------


class Hostile:
    """A server on this machine that answers as ``answer`` does with the connection."""

    def __init__(self, answer: Callable[[socket.socket], None]) -> None:
        self._answer, self._end = answer, threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.asked = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while not self._end.is_set():
            with suppress(OSError):
                link, _ = self._listening.accept()
                self.asked += 1
                threading.Thread(target=self._one, args=(link,), daemon=True).start()

    def _one(self, link: socket.socket) -> None:
        with link, suppress(OSError):
            link.recv(65_536)
            self._answer(link)

    def close(self) -> None:
        self._end.set()
        self._listening.close()


@pytest.fixture
def served() -> Iterator[Callable[[Callable[[socket.socket], None]], Hostile]]:
    made: list[Hostile] = []

    def serve(answer: Callable[[socket.socket], None]) -> Hostile:
        made.append(Hostile(answer))
        return made[-1]

    yield serve
    for one in made:
        one.close()


def said(status: str, body: bytes = b"", *heads: str) -> Callable[[socket.socket], None]:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *heads, "", ""]
    return lambda link: link.sendall("\r\n".join(lines).encode() + body)


def endless(link: socket.socket) -> None:
    link.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 10737418240\r\n\r\n")
    while True:
        link.sendall(b"1,2,3\n" * 10_000)


def heads_without_end(link: socket.socket) -> None:
    link.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        link.sendall(b"X")
        threading.Event().wait(0.2)


def trickling(link: socket.socket) -> None:
    link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        link.sendall(b"1")
        threading.Event().wait(0.2)


@pytest.mark.parametrize(
    ("answer", "form", "trouble"),
    [
        (said("302 Found", b"", "Location: http://127.0.0.1:9/secret"), "csv", "redirect"),
        (said("301 Moved", b"", f"Location: {ADDRESS}"), "csv", "redirect"), (said("500 Oh", CSV), "csv", "status"),
        (said("200 OK", b"<!DOCTYPE html><html><body>Sign in"), "csv", "web_page"),
        (said("200 OK", b"  \n<HTML>"), "sdmx", "web_page"),
        (said("200 OK", b"PK\x03\x04" + b"\0" * 99), "csv", "packed"),
        (said("200 OK", b"\x1f\x8b" + b"\0" * 99, "Content-Encoding: gzip"), "csv", "packed"),
        (said("200 OK", b""), "csv", "empty"), (said("200 OK", b"a,b\n1,2\n"), "json", "form"),
        (said("200 OK", b'{"a": 1}'), "csv", "form"), (endless, "csv", "too_large"),
        (heads_without_end, "csv", "slow"), (trickling, "csv", "slow"),
        (lambda link: link.close(), "csv", "unreachable"),
        (said("304 Not Modified"), "csv", "redirect"),
    ],
)  # fmt: skip
def test_a_hostile_answer_is_told_by_name_and_keeps_nothing(
    place: Settings, served: Callable[..., Hostile], answer: Callable[[socket.socket], None], form: str, trouble: str
) -> None:
    server = served(answer)
    local = f"127.0.0.1:{server.port}"
    pull = place.submissions.pull.model_copy(update={"seconds": 8 if trouble == "slow" else 30})
    hurried = place.model_copy(update={"submissions": place.submissions.model_copy(update={"pull": pull})})
    with pytest.raises(NothingFetched) as refused:
        fetching.fetch(hurried, f"http://{local}/figures", form, private=[local])
    assert (refused.value.code, server.asked) == (trouble, 1)
    assert [one for one in inbox.folder(place).rglob("*") if one.is_file()] == []


def test_a_good_answer_comes_with_its_mark_and_is_not_sent_again(
    place: Settings, served: Callable[..., Hostile]
) -> None:
    server = served(said("200 OK", CSV, 'ETag: "7"'))
    local = f"127.0.0.1:{server.port}"
    assert fetching.fetch(place, f"http://{local}/f", "csv", private=[local]) == PulledBody(CSV, '"7"')
    again = served(said("304 Not Modified"))
    local = f"127.0.0.1:{again.port}"
    assert fetching.fetch(place, f"http://{local}/f", "csv", '"7"', [local]).body is None


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["169.254.169.254"], ["::1"]])
def test_a_name_that_leads_inside_is_not_asked(monkeypatch: pytest.MonkeyPatch, answers: list[str]) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (one, 443)) for one in answers])
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda *_: pytest.fail("it was asked"))
    assert outbound.ask(job()) == {"trouble": "not_public"}


def test_a_name_that_leads_elsewhere_a_moment_later_is_asked_where_it_was_looked_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers, asked = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"]), []

    def carried(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        asked.append((request.url.host, request.headers["host"], request.extensions["sni_hostname"]))
        return httpx.Response(200, stream=httpx.ByteStream(CSV))

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (next(answers), 443))])
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", carried)
    assert outbound.ask(job(out=str(tmp_path / "body"))) == {"status": 200, "etag": "", "retry_after": ""}
    assert asked == [("93.184.216.34", HOST, HOST)]


def job(**more: str) -> dict[str, Any]:
    return {"address": ADDRESS, "etag": "", "most": 10**6, "seconds": 5, "private": [], "out": "", **more}


# --- setting it -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (f"http://{HOST}/a", "pull_address"), ("https://127.0.0.1/a", "pull_address"),
        ("https://10.1.2.3/", "pull_address"),
        (f"https://u:p@{HOST}/a", "pull_address"), (f"https://{HOST}:22/a", "pull_address"), ("", "pull_address"),
        (f"https://{HOST}/a#b", "pull_address"), (f"https://{HOST}/{'a' * 1000}", "pull_address"),
        ("https://localhost/a", "pull_address"), (f"https://{HOST}\\@evil.example/", "pull_address"),
        (f"https://{HOST}/ a", "pull_address"), (f"https://{HOST}/\u0430", "pull_address"),
        ("https://[::1]/", "pull_address"),
        ("https://evil.example/a", "pull_host"), (f"https://a.{HOST}/", "pull_host"),
        (f"https://{HOST}.evil.example/", "pull_host"),
        (f"https://evil.example/?{HOST}", "pull_host"), (f"file:///{HOST}", "pull_address"),
        ("https://0x7f.1/", "pull_address"),
    ],
)  # fmt: skip
def test_an_address_that_is_not_allowed_is_not_kept(person: Make, place: Settings, address: str, code: str) -> None:
    who = person()
    with pytest.raises(MoveNotAllowed) as refused:
        kept(place, who, address=address)
    assert refused.value.code == code
    assert directory.list_pulls(place, as_principal(who)) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"form": "xlsx"}, "pull_form"), ({"days": "2"}, "pull_form"), ({"days": ""}, "pull_form"),
        ({"indicator": "nothing"}, "indicator"), ({"form": "pxweb"}, "pull_indicator"),
        ({"form": "open_sdg"}, "pull_indicator"), ({"period": "next"}, "period"), ({"period": "2999"}, "period"),
    ],
)  # fmt: skip
def test_what_is_said_of_an_address_is_one_of_a_list(
    person: Make, place: Settings, fields: dict[str, str], code: str
) -> None:
    with pytest.raises(MoveNotAllowed) as refused:
        kept(place, person(), **fields)
    assert refused.value.code == code


async def test_an_office_sets_changes_and_removes_its_address_on_its_page(person: Make, place: Settings) -> None:
    who, other, approver = person(), person(country="GEO"), person(Role.APPROVER)
    fields = {"address": ADDRESS, "form": "csv", "days": "7", "indicator": "", "period": ""}
    on = "/contribute/pull"
    assert (await who.post(on, on, **fields)).headers["location"].startswith(f"{on}?")
    shown = (await who.client.get(on)).text
    (pull,) = directory.list_pulls(place, as_principal(who))
    assert ADDRESS in shown
    assert (await approver.client.get(on)).status_code == 303
    assert (await approver.post(on, "/account/", **fields)).status_code == 403
    assert (await other.post(f"{on}/{pull.id}/remove", on)).status_code == 404
    assert (await other.post(on, on, **fields, pull=str(pull.id))).status_code == 404
    assert (await who.client.post(on, data=fields)).status_code == 403  # no form of ours
    assert ADDRESS not in (await other.client.get(on)).text
    sweep.sweep(place, pull.due_at, Site(b"<html>"))
    shown = (await who.client.get(on)).text
    (failed,) = directory.list_pulls(place, as_principal(who))
    assert (failed.trouble, 'class="error"' in shown) == ("web_page", True)
    assert (await who.post(on, on, **{**fields, "days": "1", "pull": str(pull.id)})).status_code == 303
    (now,) = directory.list_pulls(place, as_principal(who))
    assert (now.id, now.days, now.trouble) == (pull.id, 1, "")
    assert (await who.post(f"{on}/{pull.id}/remove", on)).status_code == 303
    assert directory.list_pulls(place, as_principal(who)) == []
    entries, _ = audit.list_entries(open_engine(place), subject="office AZE 1")
    told = [(one.action, one.actor) for one in entries if one.action.startswith("pull.")]
    assert told[::-1] == [(f"pull.{done}", who.account.id) for done in ("set", "changed", "removed")]
    changed = next(one for one in entries if one.action == "pull.changed")
    assert (changed.before["days"], changed.after["days"], changed.after["address"]) == (7, 1, ADDRESS)
    for at in range(10):
        kept(place, who, address=f"{ADDRESS}?{at}")
    assert (await who.post(on, on, **fields)).status_code == 422


def test_nothing_is_asked_twice_in_a_day_that_is_closed(person: Make, place: Settings) -> None:
    who, site = person(), Site()
    pull = kept(place, who)
    with open_engine(place).begin() as connection:
        store.set_period(connection, "AZE", "figures", YEAR, 1, closed=True)
    assert sweep.sweep(place, pull.due_at, site) == 0
    (now,) = directory.list_pulls(place, as_principal(who))
    assert (now.trouble, now.failures, site.asked) == ("closed", 0, 0)
