"""What lies in ``deploy/`` can be used as it is: nginx takes it, and every setting in it is one of ours."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from dashboard.settings import Settings
from tests.machines.place import DEPLOY, compose, free_port, written


@pytest.mark.skipif(shutil.which("nginx") is None or shutil.which("openssl") is None, reason="nginx is not here")
@pytest.mark.parametrize("upstream", ["upstream.conf", "upstream-many.conf"])
def test_nginx_takes_it(upstream: str, tmp_path: Path) -> None:
    text = (DEPLOY / upstream).read_text()
    for name in ("web", "worker"):  # names of containers, which nobody here knows
        text = text.replace(f"server {name}:", "server 127.0.0.1:")
    folder = written(tmp_path / "nginx", free_port(), text)
    tried = subprocess.run(["nginx", "-t", "-p", folder, "-c", folder / "nginx.conf"], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr


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
