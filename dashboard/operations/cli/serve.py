"""``serve``: prepare the data and serve the production app on one port, saying what happens."""

import contextlib
import errno
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
from secrets import token_hex
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.operations.cli import frontend
from dashboard.operations.cli.frontend import ROOT, START_TIMEOUT_S
from dashboard.operations.cli.output import fail
from dashboard.operations.logs import MARK_VARIABLE, Journal
from dashboard.operations.supervision import Occupied, RestartedProcess, format_start_command, hold_folder
from dashboard.runtime import process

if TYPE_CHECKING:
    from dashboard.settings import Settings

PORT_TIMEOUT_S = 1.5  # seconds


def serve(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of all; MONITOR_PORT, or 3000, if left out.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every interface.")] = "127.0.0.1",
) -> None:
    """Prepare the data and serve the production app, restarted when it dies."""
    started_at = time.monotonic()
    from dashboard.settings import find_unknown_variables, settings

    port = port or settings().port
    if unknown := find_unknown_variables():
        _say(f"No settings, and ignored: {', '.join(unknown)}. More: python -m dashboard doctor")
    _refuse_open_host(host, settings().public_url)
    refuse_unconfigured(settings())
    _refuse_public_training(settings(), host)
    data_dir = settings().data_dir.resolve()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.ExitStack() as running:
        try:
            running.enter_context(hold_folder(data_dir, port))
        except Occupied as reason:
            fail(str(reason))
        refuse_busy_port(host, port, training=settings().training)
        os.environ["MONITOR_PORT"] = str(port)
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        journal = Journal(data_dir / "serve.log", token_hex(8))
        running.callback(journal.close)
        _say(f"Preparing pages (log: {os.path.relpath(journal.path)})…")

        def start_process(command: list[str], additions: dict[str, str]) -> "subprocess.Popen[bytes]":
            environment = os.environ | additions | {"MONITOR_DATA_DIR": str(data_dir)}
            environment |= {MARK_VARIABLE: journal.word, process.WITH_PARENT: "1", process.PARENT: str(os.getpid())}
            frontend.keep_compiled(ROOT, environment)
            environment.setdefault("MALLOC_ARENA_MAX", "2")  # threads that take turns need no heaps of their own
            child = subprocess.Popen(  # noqa: S603 - our own command
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
            assert child.stdout is not None
            journal.follow(child.stdout, command[2].rpartition(".")[2])
            return child

        def wait_until(reached: Callable[[], bool], *children: "subprocess.Popen[bytes]") -> None:
            _wait_until(reached, children, stop, deadline, journal)

        def answers(path: str) -> bool:
            return is_answering(f"http://{name_reachable_host(host)}:{port}{path}")

        pages = frontend.BuiltPages(ROOT, settings(), start_process)
        running.callback(pages.let_go)

        def start_server() -> "subprocess.Popen[bytes]":
            return start_process(*frontend.write_serve_command(host, port, pages.request_build()))

        def was_killed() -> bool:
            """By the system or by hand, before it was ready: it did not fail to start, and is started again."""
            return (server.process.poll() or 0) < 0

        deadline = time.monotonic() + START_TIMEOUT_S
        pages.request_build()
        if not pages.are_built():
            _prepare_in_process()  # beside the builder; the server reads its code after that
        server = RestartedProcess(start_server, lambda: answers("/livez"))
        running.callback(server.end)
        if pages.builders:
            wait_until(lambda: pages.are_built() or was_killed(), server.process, *pages.builders)
            pages.end_builders()  # an ended child is not kept for days
        else:
            _prepare_in_process()

        wait_until(lambda: answers("/readyz") or was_killed(), server.process)
        if not stop.is_set() and not was_killed():
            _say(f"Ready after {time.monotonic() - started_at:.1f} s: http://localhost:{port}  (Ctrl+C stops)")
        _watch(server, stop, journal)


def _watch(server: RestartedProcess, stop: threading.Event, journal: Journal) -> None:
    """Restart the server whenever it ends by itself, until told to stop."""
    while not stop.wait(0.2):
        before, code = server.restarts, server.process.poll()
        if not server.look():
            fail(f"The server stops by itself again and again (exit code {code}). Its last lines:\n{journal.last()}")
        if server.restarts > before:
            words = f"The server ended by itself (exit code {code}) and was started again."
            journal.say(words, "error", source="serve")
            _say(words)


def _prepare_in_process() -> None:
    """Prepare the data in a process of its own, whose memory is then given back."""
    preparing = multiprocessing.get_context("spawn").Process(target=_prepare_data, args=(os.getpid(),))
    preparing.start()
    preparing.join()
    if preparing.exitcode:
        raise typer.Exit(1)


def _prepare_data(parent: int) -> None:
    process.end_after(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who waits is told, and stops after this
    from dashboard.operations.prepare import prepare_data
    from dashboard.operations.trouble import run_explaining_errors
    from dashboard.settings import settings

    sys.exit(run_explaining_errors(lambda: prepare_data(settings(), _say), lambda words: typer.echo(words, err=True)))


def _wait_until(
    reached: Callable[[], bool],
    children: tuple["subprocess.Popen[bytes]", ...],
    stop: threading.Event,
    deadline: float,
    journal: Journal,
) -> None:
    """Wait until ``reached`` or the user stops; fail where a child ends or time is over."""
    reported_at = time.monotonic()
    while not stop.is_set() and not reached():
        for child in children:
            if child.poll() is not None and not reached():
                fail(f"The server did not start (exit code {child.returncode}). Its last lines:\n{journal.last()}")
        now = time.monotonic()
        if now > deadline:
            fail(f"Not ready after {START_TIMEOUT_S:.0f} s. Its last lines:\n{journal.last()}")
        if now - reported_at > 5:
            reported_at = now
            _say("  still building the pages; the first start takes longest…")
        stop.wait(0.05)


def is_answering(url: str) -> bool:
    """Return True if the address answers with 200."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # HTTP_PROXY is for publishers, not for us
    try:
        with direct.open(url, timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def refuse_busy_port(host: str, port: int, *, training: bool = False) -> None:
    """Refuse a port in use and name another; what a killed server left gets a moment to end."""
    deadline = time.monotonic() + PORT_TIMEOUT_S
    while True:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return
            except OSError as error:
                if time.monotonic() > deadline or error.errno != errno.EADDRINUSE:
                    command = format_start_command(port + 1, training=training)
                    fail(f"Port {port} cannot be used ({error.strerror}). Choose another: {command}")
        time.sleep(0.1)


def _refuse_open_host(host: str, public_url: str | None) -> None:
    """Refuse to serve beyond this machine without a public https address."""
    from dashboard.settings import LOOPBACK

    if host not in LOOPBACK and not (public_url or "").startswith("https://"):
        fail(
            f"To be reached at {host}, set MONITOR_PUBLIC_URL to the https address that visitors use "
            "(a proxy ends TLS: docs/operator.md)."
        )


def refuse_unconfigured(configured: "Settings") -> None:
    """Refuse accounts without the settings that make them safe, and forms with an invalid key."""
    if configured.voice.keys:
        from dashboard.contributions.voice.inbox import NoKey, keyring

        try:
            keyring(configured)
        except NoKey as reason:
            fail(str(reason))
    if not configured.accounts.enabled:
        return
    from dashboard.accounts import oidc, tokens
    from dashboard.accounts.model import Unconfigured

    try:
        tokens.require_configuration(configured)
        oidc.read_mapping(configured)
    except Unconfigured as reason:
        fail(str(reason))


def _refuse_public_training(configured: "Settings", host: str) -> None:
    """Refuse to serve invented figures to others."""
    if configured.training:
        from dashboard.operations.training import place

        try:
            place.refuse_public(configured, host)
        except place.WorkspaceRefused as reason:
            fail(str(reason))


def name_reachable_host(host: str) -> str:
    """Return the address by which this machine reaches the server."""
    address = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"[{address}]" if ":" in address else address


def _say(line: str) -> None:
    typer.echo(line)
    sys.stdout.flush()
