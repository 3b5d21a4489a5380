"""What lies in ``deploy/`` can be used as it is: nginx takes it, and every setting in it is one of ours."""

import json
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from dashboard.settings import Settings
from tests.machines.place import DEPLOY, ROOT, compose, free_port, written


@pytest.mark.skipif(shutil.which("nginx") is None or shutil.which("openssl") is None, reason="nginx is not here")
@pytest.mark.parametrize("upstream", ["upstream.conf", "upstream-many.conf"])
def test_nginx_takes_it(upstream: str, tmp_path: Path) -> None:
    text = (DEPLOY / upstream).read_text()
    for name in ("web", "worker"):  # names of containers, which nobody here knows
        text = text.replace(f"server {name}:", "server 127.0.0.1:")
    folder = written(tmp_path / "nginx", free_port(), text)
    tried = subprocess.run(["nginx", "-t", "-p", folder, "-c", folder / "nginx.conf"], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr


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
        threading.Thread(target=server.serve_forever).start()
        try:
            asked = command[2].replace(":3000", f":{server.server_port}")
            assert asked != command[2]
            done = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True)
        finally:
            server.shutdown()
    assert done.returncode == code, done.stderr


@pytest.mark.parametrize("service", ["web", "worker"])
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
    assert made.limits_url == "redis://cache/0"
    assert made.proxies == 1
    assert made.schedule.enabled == (service == "worker")


def test_only_the_worker_has_a_folder_that_is_kept() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    kept = {
        name for name, said in services.items() if any("/var/lib/monitor" in one for one in said.get("volumes", ()))
    }
    assert kept == {"worker"}
    assert services["web"]["deploy"]["replicas"] > 1


def test_keys_of_survey_files_have_a_place_that_is_kept_and_may_be_written_to() -> None:
    folder = str(Settings(_env_file=None, data_dir="/var/lib/monitor").survey_keys_dir)
    unit = (DEPLOY / "systemd/monitor.service").read_text()
    assert Path(folder).name in re.findall(r"^StateDirectory=(.*)$", unit, re.M)[0].split()
    assert f"mkdir -p /var/lib/monitor {folder} " in (DEPLOY / "Containerfile").read_text()
    volumes = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["worker"]["volumes"]
    assert f"keys:{folder}" in volumes


@pytest.mark.parametrize(
    "path", ["/contribute/upload", "/contribute/7/survey", "/api/v1/submissions", "/api/v1/opinions"]
)
def test_files_reach_the_worker_whole(path: str) -> None:
    place = re.search(r"location ~ (\S+) \{\s+client_max_body_size 64m;[^}]*monitor_worker;", _nginx())
    assert place is not None
    assert re.search(place[1], path)


def _nginx() -> str:
    return (DEPLOY / "nginx.conf").read_text()


def test_no_image_and_no_commit_holds_secrets_or_data() -> None:
    left_out = {line.strip("/") for line in (ROOT / ".dockerignore").read_text().splitlines()}
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()}
    secret = {".env", "deploy/monitor.env", "deploy/tls", "var", "var-training"}
    assert secret <= left_out & ignored
    assert {".venv", ".git"} <= left_out
