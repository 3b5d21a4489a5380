"""The API at an address of this machine: for programs and clients that speak to a socket."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from dashboard.interfaces.desk.site import api

PASSED = ("content-type", "etag", "repr-digest", "content-range", "accept-ranges")


def get(path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    """The answer of the API of this process."""

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://test") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


@contextmanager
def serve_api() -> Iterator[str]:
    """The address at which the API of this process answers, while the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: self.headers[name] for name in ("Range", "If-Range") if self.headers[name]}
            answer = get(self.path, asked)
            self.send_response(answer.status_code)
            for name in PASSED:
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
