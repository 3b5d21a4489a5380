"""What lies in ``deploy/`` can be used as it is: nginx takes it, and every setting in it is one of ours."""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboard.operations import backup
from dashboard.settings import Settings
from tests.checks import all_of
from tests.machines.place import DEPLOY, INSECURE, ROOT, compose, free_port, proxied, written

needs_nginx = pytest.mark.needs("nginx", "openssl")


@needs_nginx
@pytest.mark.parametrize("upstream", ["upstream.conf", "upstream-many.conf"])
def test_nginx_takes_it(upstream: str, tmp_path: Path) -> None:
    text = (DEPLOY / upstream).read_text()
    for name in ("web", "worker"):  # names of containers, which nobody here knows
        text = text.replace(f"server {name}:", "server 127.0.0.1:")
    folder = written(tmp_path / "nginx", free_port(), text)
    tried = subprocess.run(["nginx", "-t", "-p", folder, "-c", folder / "nginx.conf"], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr


def test_its_cache_lies_where_every_system_has_a_folder_for_it() -> None:
    """Nginx makes the last folder alone; Debian's has no /var/cache/nginx, the image no /var/lib/nginx."""
    (kept,) = re.findall(r"^proxy_cache_path (\S+) ", _nginx(), re.M)
    assert Path(kept).parent == Path("/var/cache")


class Server(ThreadingHTTPServer):
    """Answers behind nginx as the product's do, and notes what it is asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[tuple[str, str | None]] = []
        self.together = threading.Barrier(2)
        self.port = 0  # of nginx


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        given = self.headers.get("If-None-Match")
        self.server.asked.append((self.path, given))
        if "together" in self.path:
            self.server.together.wait(3)
        fixed = "v=" in self.path or self.path.startswith("/assets/")
        body = b"" if given == '"tag"' else b"figures"
        self.send_response(200 if body else 304)
        self.send_header("ETag", '"tag"')
        self.send_header("Cache-Control", "public, max-age=31536000" if fixed else "public, max-age=0, must-revalidate")
        if body:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """It runs behind nginx at ``server.port``."""
    with Server() as one:
        threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01}).start()
        one.port = free_port()
        upstream = (DEPLOY / "upstream.conf").read_text().replace(":3000", f":{one.server_port}")
        try:
            with proxied(written(tmp_path / "nginx", one.port, upstream), one.port):
                yield one
        finally:
            one.shutdown()


def _asked(server: Server, path: str, tag: str = "") -> tuple[int, bytes]:
    link = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=10, context=INSECURE)
    with contextlib.closing(link):
        link.request("GET", path, headers={"If-None-Match": tag} if tag else {})
        reply = link.getresponse()
        return reply.status, reply.read()


@needs_nginx
@pytest.mark.parametrize("path", ["/assets/app-0123.js", "/api/v1/data.json?indicator=trust&v=0123"])
def test_what_never_changes_is_kept(server: Server, path: str) -> None:
    assert [_asked(server, path), _asked(server, path)] == [(200, b"figures")] * 2
    assert _asked(server, path, '"tag"') == (304, b"")
    assert server.asked == [(path, None)]


@needs_nginx
@pytest.mark.parametrize("path", ["/api/v1/data.json", "/api/v1/data.json?v=", "/fonts/fonts.css", "/en/"])
def test_a_live_answer_is_asked_again_by_its_mark(server: Server, path: str) -> None:
    assert _asked(server, path) == (200, b"figures")
    assert _asked(server, path, '"tag"') == (304, b"")
    assert _asked(server, path, '"other"') == (200, b"figures")
    assert server.asked == [(path, None), (path, '"tag"'), (path, '"other"')]


@needs_nginx
def test_who_asks_for_a_live_answer_waits_for_nobody(server: Server) -> None:
    with ThreadPoolExecutor(2) as readers:
        replies = list(readers.map(lambda _: _asked(server, "/api/v1/together.json"), range(2)))
    assert replies == [(200, b"figures")] * 2


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_a_container_asks_itself_past_the_proxy_of_the_environment(status: int, code: int) -> None:
    command = json.loads(re.findall(r"^  CMD (\[.*)$", (DEPLOY / "Containerfile").read_text(), re.M)[0])

    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    environment = {"HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1"}  # where nobody answers
    with ThreadingHTTPServer(("127.0.0.1", 0), Ready) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        try:
            asked = command[2].replace(":3000", f":{server.server_port}")
            assert asked != command[2]
            done = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True)
        finally:
            server.shutdown()
    assert done.returncode == code, done.stderr


@pytest.mark.parametrize("service", ["web", "worker", "backup"])
def test_every_setting_is_one_of_ours(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Settings(_env_file=None).model_dump()
    for name, value in compose(service).items():
        assert name.startswith("MONITOR_")
        known = plain
        for part in name.removeprefix("MONITOR_").lower().split("__"):
            assert part in known, name
            known = known[part]
        monkeypatch.setenv(name, value)
    made = Settings(_env_file=None)
    assert (made.limits_url, made.proxies) == ("redis://cache/0", 1)
    assert made.schedule.enabled == (service == "worker")


def test_only_the_worker_has_a_folder_that_is_kept() -> None:
    services = _services()
    kept = {
        name for name, said in services.items() if any("/var/lib/monitor" in one for one in said.get("volumes", ()))
    }
    assert kept == {"worker", "backup"}  # which copies what the worker holds
    assert services["web"]["deploy"]["replicas"] > 1


def test_keys_of_survey_files_have_a_place_that_is_kept_and_may_be_written_to() -> None:
    folder = str(Settings(_env_file=None, data_dir="/var/lib/monitor").survey_keys_dir)
    unit = (DEPLOY / "systemd/monitor.service").read_text()
    assert Path(folder).name in re.findall(r"^StateDirectory=(.*)$", unit, re.M)[0].split()
    assert f"mkdir -p /var/lib/monitor {folder} " in (DEPLOY / "Containerfile").read_text()
    assert f"keys:{folder}" in _services()["worker"]["volumes"]
    assert not any(volume.startswith("keys:") for volume in _services()["backup"]["volumes"])


def test_backups_lie_where_they_are_looked_for() -> None:
    folder = "/var/lib/monitor/backups"
    assert all_of(f"backups:{folder}" in _services()[name]["volumes"] for name in ("backup", "worker"))
    assert f" {folder} " in (DEPLOY / "Containerfile").read_text()  # a new volume takes the owner of it


@pytest.mark.parametrize("missing", ["", "database", "dataset"])
def test_a_backup_is_made_every_day(missing: str, migrated: Path, tmp_path: Path) -> None:
    """As the container does it; the programs it calls are real but for `sleep`, which tells how long and waits."""
    (tmp_path / "sleep").write_text('#!/bin/sh\necho "$1" >> "$0.asked"\nexec /bin/sleep 60\n')
    (tmp_path / "sleep").chmod(0o755)
    data = tmp_path / "data"
    backups = data / "backups"
    backups.mkdir(parents=True)
    (data / "dataset").mkdir()
    if missing != "dataset":
        (data / "dataset" / "CURRENT").touch()
    for name in ("20260101T000000Z", "20260101T010000Z"):  # of one day, of which the later stays
        (backups / f"{name}{backup.SUFFIX}").touch()
    shell, option, script = _services()["backup"]["command"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")} | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "MONITOR_DATA_DIR": str(data),
        "MONITOR_DATABASE_URL": f"sqlite:///{tmp_path / 'none' if missing == 'database' else migrated}",
    }
    script = script.replace("$$", "$").replace("/var/lib/monitor", str(data))
    running = subprocess.Popen([shell, option, script], cwd=ROOT, env=environment, start_new_session=True)
    asked, deadline = tmp_path / "sleep.asked", time.monotonic() + 60
    try:
        while not asked.exists() and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert asked.read_text().split() == ["600" if missing else "86400"]
        made = [path for path in backups.iterdir() if not path.name.startswith("202601")]
        assert len(made) == (0 if missing else 1)
        assert all(backup.verify(path).engine == "sqlite" for path in made)
        assert len(list(backups.glob("20260101*"))) == (2 if missing else 1)
        running.terminate()
        assert running.wait(5) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


@pytest.mark.parametrize(
    "path", ["/contribute/upload", "/contribute/7/survey", "/api/v1/submissions", "/api/v1/opinions"]
)
def test_files_reach_the_worker_whole(path: str) -> None:
    place = re.search(r"location ~ (\S+) \{\s+client_max_body_size 64m;[^}]*monitor_worker;", _nginx())
    assert re.search(place[1], path)


def _services() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    return services


def _nginx() -> str:
    return (DEPLOY / "nginx.conf").read_text()


def test_the_guide_names_what_must_be_there_before_containers_start() -> None:
    guide = (ROOT / "docs/operator.md").read_text()
    (folder,) = re.findall(r"^\./(\S+):/etc/ssl/monitor:ro$", "\n".join(_services()["proxy"]["volumes"]), re.M)
    files = [f"{folder}/{name}" for name in re.findall(r"ssl_certificate\S* /etc/ssl/monitor/(\S+);", _nginx())]
    assert len(files) == 2
    for file in (*files, _services()["worker"]["env_file"]):
        assert f"`deploy/{file}`" in guide
    assert re.findall(r"return 301 https://(\S+?)\$", _nginx())[0] in guide


def test_no_image_and_no_commit_holds_secrets_or_data() -> None:
    left_out = {line.strip("/") for line in (ROOT / ".dockerignore").read_text().splitlines()}
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()}
    assert {".env", "deploy/monitor.env", "deploy/tls", "var", "var-training"} <= left_out & ignored
    assert {".venv", ".git"} <= left_out
