"""A language model on this machine that is good, slow, lying or huge."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pydantic import SecretStr

from dashboard.settings import EndpointSettings
from dashboard.voice.proposals.endpoint import Endpoint

WORDS = {"queue": "waiting", "clerk": "staff", "fee": "cost", "website": "digital"}


class Model(ThreadingHTTPServer):
    """A server that answers as ``says`` tells it and remembers what it was asked."""

    daemon_threads = True

    def __init__(self, says: "Callable[[Handler, str], None]") -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.says = says
        self.asked: list[str] = []
        self.heads: list[dict[str, str]] = []
        self.ended = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Model

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(body)
        self.server.heads.append({name.lower(): value for name, value in self.headers.items()})
        try:
            self.server.says(self, json.loads(json.loads(body)["messages"][1]["content"]))
        except OSError:  # the product has hung up
            pass

    def do_GET(self) -> None:
        self.server.asked.append("GET")
        self.answer(b"{}")

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def says(self, word: str) -> None:
        self.answer(json.dumps({"choices": [{"message": {"content": word}}], "model": "served"}).encode())

    def log_message(self, *_: object) -> None:
        """Nothing to the screen."""


Serve = Callable[["Callable[[Handler, str], None]"], Model]


def endpoint(url: str, seconds: float = 30.0, key: str = "", hosts: tuple[str, ...] = ()) -> Endpoint:
    return Endpoint(
        EndpointSettings(url=url, model="small", key=SecretStr(key) if key else None, hosts=hosts, seconds=seconds)
    )


def good(handler: Handler, text: str) -> None:
    handler.says(next((theme for word, theme in WORDS.items() if word in text), "unsure"))


def hang(handler: Handler, _: str) -> None:
    handler.server.ended.wait(30)


def drip(handler: Handler, _: str) -> None:
    """A byte now and then, each in time."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.ended.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def drip_heads(handler: Handler, _: str) -> None:
    while not handler.server.ended.wait(0.05):
        handler.wfile.write(b"H")
        handler.wfile.flush()


def huge(handler: Handler, _: str) -> None:
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.ended.is_set():
        handler.wfile.write(b'{"choices": "' + b"x" * 65_536)


def packed(handler: Handler, _: str) -> None:
    """A small body that says it unpacks to a theme."""
    import gzip

    said = json.dumps({"choices": [{"message": {"content": "waiting"}}]}).encode()
    handler.answer(gzip.compress(said), **{"Content-Encoding": "gzip"})


def body(content: bytes, status: int = 200) -> Callable[[Handler, str], None]:
    return lambda handler, _: handler.answer(content, status)


def saying(word: str) -> Callable[[Handler, str], None]:
    return lambda handler, _: handler.says(word)
