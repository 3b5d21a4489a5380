"""Probes: up is a page of 2xx with the expected text, asked once in a step by one server."""

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from sqlalchemy import Engine

from dashboard.contributions.delivery import probing, store
from dashboard.contributions.delivery.hours import list_availability
from dashboard.contributions.delivery.probing import (
    LEASE,
    MOST_BYTES,
    MOST_REDIRECTS,
    STEP,
    ProbeRefused,
    checked_text,
    list_asked,
    probe_all,
    round_of,
    step_of,
)  # fmt: skip
from dashboard.contributions.delivery.tables import ServiceAddress
from dashboard.evidence.database import leases

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
WORDS = "Book an appointment"


def test_up_is_a_page_with_the_expected_text_and_each_step_is_asked_once(record: Engine) -> None:
    answers = {
        "https://up.example/": (200, "<h1>Book&nbsp;an\n appointment</h1>"), "https://forbids.example/": (403, WORDS),
        "https://broken.example/": (502, WORDS), "https://repair.example/": (200, "Closed for repair"),
        "https://long.example/": (200, "x" * MOST_BYTES + WORDS), "https://home.example/en": (200, WORDS),
    }  # fmt: skip
    elsewhere = {
        "https://astray.example/": "http://169.254.169.254/", "https://other.example/": "https://home.example/en",
        "https://home.example/": "/en", "https://plain.example/": "http://plain.example/",
        "https://round.example/": "/",
    }  # fmt: skip
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.host == "gone.example":
            raise httpx.ConnectError("no")
        asked.append(str(request.url))
        if to := elsewhere.get(str(request.url)):
            return httpx.Response(302, headers={"Location": to})
        status, text = answers[str(request.url)]
        return httpx.Response(status, stream=httpx.ByteStream(text.encode()))

    for url in ("https://gone.example/", "https://kept.example:abc/", *elsewhere, *list(answers)[:-1]):
        store.save_address(record, url, "AZE", url, NOW, channel="web", expects=WORDS)
    round_of(record, NOW, httpx.MockTransport(handle))
    found = {url: one.error for url, one in store.find_newest_probes(record, step_of(NOW)).items()}
    assert found == {
        "https://up.example/": "", "https://home.example/": "",
        "https://forbids.example/": "status", "https://broken.example/": "status", "https://repair.example/": "no_text",
        "https://long.example/": "no_text", "https://gone.example/": "unreachable",
        "https://kept.example:abc/": "unreachable", "https://astray.example/": "elsewhere",
        "https://other.example/": "elsewhere", "https://plain.example/": "elsewhere",
        "https://round.example/": "status",
    }  # fmt: skip
    for url, error in found.items():
        (kept,) = store.probes(record, url, NOW - STEP, NOW + STEP)
        assert (kept.at, kept.up) == (step_of(NOW), not error)
    assert not any("169.254" in url or url.startswith("http:") for url in asked)
    assert asked.count("https://round.example/") == MOST_REDIRECTS + 1
    times = len(asked)
    assert round_of(record, NOW + timedelta(minutes=2), httpx.MockTransport(handle)) == []  # another server
    assert len(asked) == times
    assert len(round_of(record, NOW + STEP, httpx.MockTransport(handle))) == len(found)


def test_one_of_two_servers_asks_and_another_text_begins_anew(record: Engine) -> None:
    url = "https://a.example/"
    store.save_address(record, url, "AZE", "Portal", NOW, channel="web", expects="Welcome")
    asked = httpx.MockTransport(lambda request: httpx.Response(200, stream=httpx.ByteStream(b"Welcome")))
    assert leases.acquire_lease(record, LEASE, "another server", 60)
    assert round_of(record, NOW, asked) == []
    leases.release_lease(record, LEASE, "another server")
    assert [one.up for one in round_of(record, NOW, asked)] == [True]
    assert leases.find_holder(record, LEASE) is None
    later = NOW + timedelta(days=2)
    (row,) = list_availability(record, "AZE", "en", later)
    shown = [row[name].replace("\u00a0", " ") for name in ("channel", "up", "measured")]
    assert shown == ["Web", "100.00 %", "0 %"]
    for expects, channel, since in (("Welcome", "web", NOW), ("Welcome!", "web", later), ("Welcome!", "app", later)):
        store.save_address(record, url, "AZE", "Site", later, channel=channel, expects=expects)
        (kept,) = store.addresses(record, "AZE")
        assert (kept.added_at, kept.expects, kept.channel, kept.name) == (since, expects, channel, "Site")
    (row,) = list_availability(record, "AZE", "en", later + timedelta(hours=1))
    assert row["up"] == "not reported"  # what was judged otherwise is not counted
    assert store.stop_asking(record, url)
    assert not store.stop_asking(record, url)
    assert round_of(record, later, asked) == []
    assert len(store.probes(record, url, NOW - timedelta(hours=1), later)) == 1


def test_each_address_comes_first_in_some_round(record: Engine) -> None:
    for number in range(7):
        store.save_address(record, f"https://{number}.example/", "AZE", "x", NOW, channel="web", expects="text")
    assert len({list_asked(record, step_of(NOW) + number * STEP)[0].url for number in range(7)}) == 7


@pytest.mark.parametrize("text", ["abc", "a  \n b", "x" * 200])
def test_a_text_is_kept_as_it_is_looked_for(text: str) -> None:
    assert checked_text(text) == " ".join(text.split())


@pytest.mark.parametrize("text", ["ab", "", "x" * 201, "&#32;&#32; a"])
def test_a_text_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(ProbeRefused, match="3 to 200"):
        checked_text(text)


class Page(BaseHTTPRequestHandler):
    """A page that comes byte by byte and never ends, or one that is there."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"text/html; charset={'punycode' if self.path == '/odd' else 'windows-1254'}")
        self.end_headers()
        if self.path != "/slow":
            self.wfile.write("Kapı açık".encode("utf-8" if self.path == "/odd" else "windows-1254"))
            return
        with suppress(OSError):
            while True:
                self.wfile.write(b".")
                time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


async def test_a_slow_page_is_down_in_time_and_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "TIMEOUT", 0.5)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.daemon_threads, server.block_on_close = True, False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        base = f"http://127.0.0.1:{server.server_port}"
        listed = [ServiceAddress(url=f"{base}/{path}", country="TUR", name="x", expects="Kapı açık", added_at=NOW)
                  for path in ("slow", "there", "odd")]  # fmt: skip
        found = await probe_all(listed, step_of(NOW), httpx.AsyncHTTPTransport())
    finally:
        server.shutdown()
        server.server_close()
    assert [(one.up, one.error) for one in found] == [(False, "slow"), (True, ""), (True, "")]
    assert (found[0].milliseconds or 0) < 5_000
