"""The monitor on many processes, as ``deploy/`` sets it up, on this machine: PostgreSQL, Redis, nginx, web × N.

``with running(3) as place``: the settings are those of ``compose.yaml``, the proxy's those of ``nginx.conf``; only
names, ports and folders are others. Containers are processes here; all else is real.
"""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import psycopg
import redis
import yaml

from tests.evidence.database.places import SERVER
from tests.serving import ROOT, free_port, served_product, started

DEPLOY = ROOT / "deploy"
CACHE = "redis://127.0.0.1:6379/11"
STARTS_WITHIN = 300.0
PORT = int(os.environ.get("MACHINES_PORT", "38443"))
"""Of nginx: a part of the public address, and so of the build of the pages, which then serves the next run, too."""
INSECURE = ssl._create_unverified_context()  # the certificate is made for the test


@dataclass(slots=True)
class Web:
    """One web process with all that it starts."""

    port: int
    folder: Path
    serve: psutil.Process

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of an answer, asked past the proxy."""
        return _asked(http.client.HTTPConnection("127.0.0.1", self.port, 60), path)

    def ready(self) -> dict[str, Any]:
        """What `/readyz` says; {} while it does not answer well."""
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            status, body = self.get("/readyz")
            return json.loads(body) if status == 200 else {}
        return {}

    def version(self) -> str:
        """The dataset version in force here."""
        return str(self.ready().get("versions", {}).get("dataset", ""))

    def processes(self) -> list[psutil.Process]:
        """The server and its worker."""
        return self.serve.children(recursive=True)

    def worker(self) -> psutil.Process:
        """The process that answers."""
        return max(self.processes(), key=lambda one: one.memory_info().rss)

    def cpu(self) -> float:
        """Seconds of processor time of the process that answers."""
        times = self.worker().cpu_times()
        return times.user + times.system

    def counted(self, name: str) -> float:
        """Sum of a metric over its labels."""
        lines = self.get("/metrics")[1].decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


@dataclass(slots=True)
class Place:
    """All of it: where it answers, and its parts."""

    port: int
    database_url: str
    folder: Path
    webs: list[Web]

    @property
    def url(self) -> str:
        """The public address."""
        return f"https://localhost:{self.port}"

    def get(self, path: str, own: str = "127.0.0.1") -> tuple[int, bytes]:
        """Status and body of an answer through nginx, asked from an address of this machine."""
        link = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=60, context=INSECURE, source_address=(own, 0)
        )
        return _asked(link, path)


def _asked(link: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
    try:
        link.request("GET", path)
        reply = link.getresponse()
        return reply.status, reply.read()
    finally:
        link.close()


@contextlib.contextmanager
def running(count: int) -> Iterator[Place]:
    """The monitor on ``count`` web processes until the block ends.

    Raises:
        RuntimeError: a part did not get ready.
    """
    with contextlib.ExitStack() as parts:
        folder = Path(parts.enter_context(TemporaryDirectory(prefix="machines-")))
        folder.chmod(0o755)
        database = parts.enter_context(_database())
        redis.Redis.from_url(CACHE).flushdb()
        place = Place(PORT, database, folder, [])
        settings = compose("web") | {
            "MONITOR_DATABASE_URL": database,
            "MONITOR_PUBLIC_URL": place.url,
            "MONITOR_REDIS_URL": CACHE,
        }
        for number in range(count):
            place.webs.append(parts.enter_context(web(folder / f"web{number}", settings)))
        parts.enter_context(proxied(written(folder / "nginx", PORT, _upstream(place)), PORT))
        wait(place.webs)
        yield place


def compose(service: str) -> dict[str, str]:
    """The environment that ``compose.yaml`` gives a service."""
    said = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"][service]["environment"]
    return {name: str(value) for name, value in said.items()}


@contextlib.contextmanager
def web(folder: Path, settings: dict[str, str]) -> Iterator[Web]:
    """A web process as a container runs it (see ``Containerfile``), on a port of its own."""
    folder.mkdir(parents=True)
    port = free_port()
    environment = os.environ | {"REFLEX_WEB_WORKDIR": str(ROOT / ".web-test")}
    environment |= {"MONITOR_DATA_DIR": str(folder)} | settings
    log = folder / "said.log"
    with started(served_product(port), by=signal.SIGTERM, env=environment, log=log) as process:
        yield Web(port, folder, psutil.Process(process.pid))


def wait(webs: list[Web]) -> None:
    """Until all are ready."""
    deadline = time.monotonic() + STARTS_WITHIN
    for one in webs:
        while not one.ready():
            if not one.serve.is_running() or one.serve.status() == psutil.STATUS_ZOMBIE or time.monotonic() > deadline:
                raise RuntimeError(f"a web process did not get ready: {(one.folder / 'said.log').read_text()[-2000:]}")
            time.sleep(0.2)


@contextlib.contextmanager
def _database() -> Iterator[str]:
    name = f"monitor_machines_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield SERVER.rpartition("/")[0] + f"/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def proxied(folder: Path, port: int) -> Iterator[None]:
    """Nginx as ``written`` into a folder, until the block ends.

    Raises:
        RuntimeError: it did not start.
    """
    with (folder / "said.log").open("wb") as log:
        process = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf"], stderr=log)
    try:
        deadline = time.monotonic() + 10
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"nginx did not start: {(folder / 'said.log').read_text()}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(10)


def written(folder: Path, port: int, upstream: str) -> Path:
    """A folder with all that nginx needs to run ``deploy/nginx.conf`` here, with a certificate of its own."""
    for name in ("tls", "kept", "conf.d"):
        (folder / name).mkdir(parents=True)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-keyout", folder / "tls/privkey.pem", "-out", folder / "tls/fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "nginx.conf").write_text(
        f"daemon off; user root; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
        "events { worker_connections 4096; }\n"
        f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"include {folder}/conf.d/*.conf; }}\n"
    )
    (folder / "conf.d/default.conf").write_text(_proxy(port, folder))
    (folder / "conf.d/upstream.conf").write_text(upstream)
    return folder


def _proxy(port: int, folder: Path) -> str:
    """``nginx.conf`` with this machine's names, ports and folders; every one of them must be there to be replaced."""
    text = (DEPLOY / "nginx.conf").read_text()
    for old, new in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("monitor.example.org", "localhost"),
        ("/etc/ssl/monitor", str(folder / "tls")),
        ("/var/cache/nginx-monitor", str(folder / "kept")),
    ):
        if old not in text:
            raise RuntimeError(f"deploy/nginx.conf has no {old}")
        text = text.replace(old, new)
    return text


def _upstream(place: Place) -> str:
    """``upstream-many.conf`` with the web processes there are; the first is the worker, too."""
    text = (DEPLOY / "upstream-many.conf").read_text()
    (options,) = re.findall(r"server web:3000( [^;]*);", text)
    lines = "\n    ".join(f"server 127.0.0.1:{one.port}{options};" for one in place.webs)
    text = re.sub(r"server web:3000 [^;]*;", lines, text)
    text = re.sub(r"\n.*server worker:3000 [^;]*backup;", "", text)
    return text.replace("worker:3000", f"127.0.0.1:{place.webs[0].port}")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def missing() -> str:
    """Which part cannot be had on this machine; "" when all are there."""
    for program in ("nginx", "openssl"):
        if shutil.which(program) is None:
            return program
    try:
        redis.Redis.from_url(CACHE).ping()
    except redis.RedisError:
        return "Redis at 127.0.0.1:6379"
    try:
        psycopg.connect(SERVER, connect_timeout=5).close()
    except psycopg.OperationalError:
        return "PostgreSQL at 127.0.0.1:5432"
    return ""
