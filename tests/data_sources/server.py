"""A publisher on localhost: a real HTTP server that replies as a script says, faults included.

``publisher`` is a fixture for every test: ``publisher.on(path, reply, reply …)`` scripts what a path answers, the last
reply again and again. Nothing leaves the machine.
"""

import gzip
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from data_sources.fetching.raw import RawStore

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Scripted:
    """One reply. ``delay`` comes before the status line, ``drip`` between bytes of the body (seconds)."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: float = 0.0
    stall: bool = False  # send half the body, then nothing
    cut: bool = False  # send half the body, then close
    drop: bool = False  # close without an answer


def json_reply(body: bytes, **more: Any) -> Scripted:
    return Scripted(body, headers={"Content-Type": JSON} | more.pop("headers", {}), **more)


def status(code: int, body: bytes = b"", **headers: str) -> Scripted:
    return Scripted(body, code, {name.replace("_", "-"): value for name, value in headers.items()})


def bad_gateway() -> Scripted:
    page = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
    return status(502, page, Content_Type="text/html")


def gzipped(body: bytes) -> Scripted:
    return Scripted(gzip.compress(body), headers={"Content-Type": JSON, "Content-Encoding": "gzip"})


def _has_not_changed(reply: Scripted, asked: Mapping[str, str]) -> bool:
    """True when the question carries the very marks of this reply (RFC 9110, section 13.2.2)."""
    if reply.status != 200:
        return False
    if "If-None-Match" in asked:
        return asked["If-None-Match"] == reply.headers.get("ETag", "")
    return "If-Modified-Since" in asked and asked["If-Modified-Since"] == reply.headers.get("Last-Modified", "")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up early is part of the play."""


class Publisher:
    """The script and the record of what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []  # of each question, empty for a GET
        self.statuses: list[int] = []
        self.bytes_sent = 0  # in bodies
        self.most_at_once = 0
        self.closing = threading.Event()
        self._at_once = 0
        self._lock = threading.Lock()
        self._scripts: dict[tuple[str, frozenset[tuple[str, str]]], list[Scripted]] = {}
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.host}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def on(self, path: str, *replies: Scripted, **query: str) -> None:
        """Script a path, for requests with these query values (other values may be there too)."""
        self._scripts[path, frozenset(query.items())] = list(replies)

    def paths(self) -> list[str]:
        """Paths asked for, in order."""
        return [path for path, _ in self.asked]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _next(self, path: str, query: dict[str, list[str]]) -> Scripted:
        given = {(name, value) for name, values in query.items() for value in values}
        with self._lock:
            self.asked.append((path, query))
            matching = [key for key in self._scripts if key[0] == path and key[1] <= given]
            if not matching:
                return status(404, b"not scripted")
            replies = self._scripts[max(matching, key=lambda key: len(key[1]))]
            return replies.pop(0) if len(replies) > 1 else replies[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.do_GET()

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with publisher._lock:
                    publisher.bodies.append(body)
                    publisher._at_once += 1
                    publisher.most_at_once = max(publisher.most_at_once, publisher._at_once)
                    publisher.headers.append({name.lower(): value for name, value in self.headers.items()})
                try:
                    self._answer()
                except OSError:  # the client gave up, as it should
                    self.close_connection = True
                finally:
                    with publisher._lock:
                        publisher._at_once -= 1

            def _answer(self) -> None:
                parts = urlsplit(self.path)
                reply = publisher._next(parts.path, parse_qs(parts.query, keep_blank_values=True))
                publisher.closing.wait(reply.delay)
                if reply.drop:
                    self.close_connection = True
                    return
                if _has_not_changed(reply, self.headers):
                    reply = replace(reply, status=304, body=b"")
                with publisher._lock:
                    publisher.statuses.append(reply.status)
                    publisher.bytes_sent += len(reply.body)
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                half = reply.body[: len(reply.body) // 2]
                if reply.stall or reply.cut:
                    self.wfile.write(half)
                    self.wfile.flush()
                    if reply.stall:
                        publisher.closing.wait(30)
                    self.close_connection = True
                elif reply.drip:
                    for n in range(len(reply.body)):
                        self.wfile.write(reply.body[n : n + 1])
                        time.sleep(reply.drip)
                else:
                    self.wfile.write(reply.body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Quiet."""

        return Handler


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """A publisher on localhost, reached without any proxy of the environment."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    served = Publisher()
    served.start()
    yield served
    served.stop()


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    """An empty store of replies."""
    return RawStore(tmp_path / "raw")
