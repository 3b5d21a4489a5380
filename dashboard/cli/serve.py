"""``serve``: prepare the data and serve the production app on one port, saying what happens."""

import contextlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from dashboard import runtime
from dashboard.cli import frontend
from dashboard.cli.frontend import ROOT, STARTS_WITHIN


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of pages, API and websocket.")] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every interface.")] = "127.0.0.1",
) -> None:
    """Prepare the data (database, embedded dataset) and serve the production app."""
    began = time.monotonic()
    _refuse_busy_port(host, port)
    runtime.prepare()

    from dashboard.settings import settings

    data_dir = settings().data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    log_path = data_dir / "serve.log"
    build = frontend.stamp(ROOT, port)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    _say(f"Preparing pages (log: {os.path.relpath(log_path)})…")
    with log_path.open("wb") as log, contextlib.ExitStack() as running:

        def started(command: list[str], settled: dict[str, str]) -> subprocess.Popen[bytes]:
            environment = os.environ | settled | {"MONITOR_DATA_DIR": str(data_dir)}
            child = subprocess.Popen(  # noqa: S603 - our own command
                command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
            running.callback(_end, child)
            return child

        def waited(reached: Callable[[], bool], *children: subprocess.Popen[bytes]) -> None:
            _wait_until(reached, children, stop, deadline, log_path)

        deadline = time.monotonic() + STARTS_WITHIN
        if frontend.is_built(ROOT, build):
            server = started(*frontend.serving(host, port, build))
            _prepared_apart()
        else:
            builder = started(*frontend.building(port, build))
            _prepared_apart()
            server = started(*frontend.serving(host, port, build))  # it reads its code while the pages are built
            waited(lambda: frontend.is_built(ROOT, build), builder, server)
        waited(lambda: _answers(f"http://{_reachable(host)}:{port}/readyz"), server)
        if not stop.is_set():
            _say(f"Ready after {time.monotonic() - began:.1f} s: http://localhost:{port}  (Ctrl+C stops)")
        while not stop.wait(0.3) and server.poll() is None:
            pass
        if not stop.is_set():
            _fail(f"The server stopped by itself (exit code {server.returncode}). Its last lines:\n{_tail(log_path)}")


def _prepared_apart() -> None:
    """Prepare the data in a process of its own: what it takes in memory is given back, and this one only waits."""
    preparing = multiprocessing.get_context("spawn").Process(target=_prepare_data)
    preparing.start()
    preparing.join()
    if preparing.exitcode:
        raise typer.Exit(1)


def _prepare_data() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who waits is told, and stops after this
    from dashboard.codebook import CodebookError
    from dashboard.database.engine import Unusable
    from dashboard.gathering.embedded import DamagedEmbedded, ensure_ready
    from dashboard.settings import settings

    try:
        ensure_ready(settings(), say=_say)
    except (CodebookError, DamagedEmbedded, Unusable) as reason:
        typer.echo(str(reason), err=True)
        sys.exit(1)


def _wait_until(
    reached: Callable[[], bool],
    children: tuple[subprocess.Popen[bytes], ...],
    stop: threading.Event,
    deadline: float,
    log_path: Path,
) -> None:
    """Wait for that, or for the user who stops it; say why where a child ends before, or the time is over."""
    told = time.monotonic()
    while not stop.is_set() and not reached():
        for child in children:
            if child.poll() is not None and not reached():
                _fail(f"The server did not start (exit code {child.returncode}). Its last lines:\n{_tail(log_path)}")
        now = time.monotonic()
        if now > deadline:
            _fail(f"Not ready after {STARTS_WITHIN:.0f} s. Its last lines:\n{_tail(log_path)}")
        if now - told > 5:
            told = now
            _say("  still building the pages; the first start takes longest…")
        stop.wait(0.05)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:  # noqa: S310 - our own address
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _refuse_busy_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            _fail(f"Port {port} cannot be used ({error.strerror}). Choose another: make run PORT={port + 1}")


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104 - compared, not bound


def _end(server: subprocess.Popen[bytes]) -> int:
    """Stop the server and its workers: politely, then for good."""
    for number, patience in ((signal.SIGINT, 5), (signal.SIGTERM, 3), (signal.SIGKILL, 3)):
        try:
            os.killpg(server.pid, number)
            server.wait(patience)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    return server.wait()


def _tail(path: Path, lines: int = 25) -> str:
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _say(line: str) -> None:
    typer.echo(line)
    sys.stdout.flush()


def _fail(message: str) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(1)
