"""Where ``serve`` listens, and what it says before it does."""

import importlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner

from dashboard.operations import doctor
from dashboard.operations.cli import app
from dashboard.operations.supervision import Occupied
from dashboard.settings import Settings, VoiceSettings, settings

serve = importlib.import_module("dashboard.operations.cli.serve")  # the room has a command of that name

SERVER = """
import os, signal, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

class Ready(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

port, ending, before = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
if not before.exists():
    before.touch()
    os.kill(os.getpid(), signal.SIGKILL) if ending == "killed" else sys.exit(3)
HTTPServer(("127.0.0.1", port), Ready).serve_forever()
"""
"""A server that ends before it answers when it is started first, and answers when it is started again."""

SERVE = """
import importlib, sys
serve = importlib.import_module("dashboard.operations.cli.serve")
serve._prepare_in_process = lambda: None
serve.frontend.is_built = lambda *_: True
serve.frontend.write_serve_command = lambda host, port, build: ([sys.executable, "-u", *sys.argv[2:]], {})
serve.serve(int(sys.argv[1]), "127.0.0.1")
"""
"""``serve`` without the product: whatever else it is given is its server."""


@pytest.mark.parametrize(("options", "port"), [([], 4711), (["--port", "4712"], 4712)])
def test_the_port_is_that_of_the_settings_unless_one_is_named(
    options: list[str], port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def occupied(_: Path, asked: int) -> None:
        raise Occupied(f"asked for {asked}")

    monkeypatch.setattr(serve, "hold_folder", occupied)
    monkeypatch.setenv("MONITOR_PORT", "4711")
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    try:
        done = CliRunner().invoke(app, ["serve", *options])
    finally:
        settings.cache_clear()
    assert done.exit_code == 1
    assert f"asked for {port}" in done.output


def test_half_a_key_is_said_before_a_form_turns_everybody_away(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        serve.refuse_unconfigured(Settings(_env_file=None, voice=VoiceSettings(keys=(SecretStr("2026-11:abc"),))))
    assert "MONITOR_VOICE__KEYS: key 1 is not name:base64" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_port_of_either_family_is_refused_when_it_is_in_use_alone(
    host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "PORT_TIMEOUT_S", 0.2)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as taken:
            taken.bind((host, 0))
            port = taken.getsockname()[1]
    except OSError:
        pytest.skip(f"this machine has no {host}")
    serve.refuse_busy_port(host, port)
    with socket.socket(family) as taken:
        taken.bind((host, port))
        taken.listen()
        with pytest.raises(typer.Exit):
            serve.refuse_busy_port(host, port)
        assert f"make run PORT={port + 1}" in capsys.readouterr().err


@pytest.mark.parametrize(("training", "start"), [(False, "make run PORT="), (True, "dashboard training --port ")])
def test_where_a_port_is_in_use_the_command_for_another_is_named(
    training: bool, start: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "PORT_TIMEOUT_S", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        here = Settings(_env_file=None, data_dir=tmp_path, training=training, port=port)
        monkeypatch.setattr("dashboard.settings.settings", lambda: here)
        done = CliRunner().invoke(app, ["serve"])
        (found,) = [one for one in doctor.examine(here) if one.part == "port"]
    assert done.exit_code == 1
    assert f"{start}{port + 1}" in done.output
    assert f"{start}…" in found.do


def test_it_asks_itself_past_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/readyz" else 503)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")  # where nobody answers
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(urllib.request, "_opener", None)  # made before the proxy was named
    with ThreadingHTTPServer(("127.0.0.1", 0), Ready) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        try:
            url = f"http://127.0.0.1:{server.server_port}"
            assert serve.is_answering(f"{url}/readyz")
            assert not serve.is_answering(f"{url}/other")
        finally:
            server.shutdown()
    assert not serve.is_answering(f"{url}/readyz")


@pytest.mark.parametrize(
    ("host", "shown"), [("::", "[::1]"), ("::1", "[::1]"), ("0.0.0.0", "127.0.0.1"), ("10.0.0.1", "10.0.0.1")]
)
def test_it_is_asked_where_it_listens(host: str, shown: str) -> None:
    assert serve.name_reachable_host(host) == shown


@contextmanager
def _serving(ending: str, folder: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    (folder / "server.py").write_text(SERVER, encoding="utf-8")
    its_own = [str(folder / "server.py"), port, ending, str(folder / "before")]
    child = subprocess.Popen(
        [sys.executable, "-c", SERVE, port, *its_own], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, "MONITOR_DATA_DIR": str(folder / "data")},
    )  # fmt: skip
    try:
        yield child, f"http://127.0.0.1:{port}/livez"
    finally:
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=30)


def test_a_server_killed_before_it_was_ready_is_started_again(tmp_path: Path) -> None:
    with _serving("killed", tmp_path) as (child, url):
        deadline = time.monotonic() + 60
        while not serve.is_answering(url):
            assert child.poll() is None, child.communicate()[0]
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert child.stdout is not None
        assert any("(exit code -9) and was started again" in line for line in child.stdout)


def test_a_server_that_ends_before_it_was_ready_did_not_start(tmp_path: Path) -> None:
    with _serving("ended", tmp_path) as (child, url):
        said, _ = child.communicate(timeout=60)
        assert child.returncode == 1
        assert "The server did not start (exit code 3)" in said
        assert not serve.is_answering(url)
