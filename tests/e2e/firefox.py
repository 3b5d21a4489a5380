"""Firefox, driven by its own Marionette: the few commands that the tests need, over its socket."""

import itertools
import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.serving import free_port

PATIENCE = 60.0
"""Seconds that Firefox may take to start, and a command to answer."""


class Firefox:
    """A window of Firefox. Commands are those of WebDriver; an error of the browser is raised with its words."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._numbers = itertools.count(1)
        self._received()  # its greeting
        self.command("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"pageLoadStrategy": "normal"}}})

    def command(self, name: str, arguments: dict[str, Any]) -> Any:
        """Send a command and give its answer."""
        number = next(self._numbers)
        sent = json.dumps([0, number, name, arguments]).encode()
        self._socket.sendall(f"{len(sent)}:".encode() + sent)
        _, answered, error, value = self._received()
        if answered != number or error:
            raise RuntimeError(f"{name}: {error}")
        return value

    def open(self, url: str) -> None:
        """Go to an address and wait until it is loaded."""
        self.command("WebDriver:Navigate", {"url": url})

    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page."""
        return self.command("WebDriver:ExecuteScript", {"script": f"return {script}", "args": []})["value"]

    def wait(self, script: str, seconds: float = 20.0) -> bool:
        """Whether an expression becomes true in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.evaluate(script):
                return True
            time.sleep(0.1)
        return False

    def _received(self) -> Any:
        size = b""
        while (sign := self._socket.recv(1)) != b":":
            if not sign:
                raise RuntimeError("Firefox has closed the connection")
            size += sign
        text = b""
        while len(text) < int(size):
            text += self._socket.recv(int(size) - len(text))
        return json.loads(text)


def found() -> str | None:
    """Where Firefox is; None where there is none."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


@contextmanager
def firefox(path: str) -> Iterator[Firefox]:
    """A fresh Firefox without a window, closed afterwards."""
    port = free_port()
    with tempfile.TemporaryDirectory() as profile:
        (Path(profile) / "user.js").write_text(f'user_pref("marionette.port", {port});\n')
        command = [path, "--headless", "--marionette", "--no-remote", "--profile", profile]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with _connected(port) as connection:
                yield Firefox(connection)
        finally:
            process.terminate()
            process.wait(30)


def _connected(port: int) -> socket.socket:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
