"""A training workspace has everything for itself, whatever ``.env`` says of the installation beside it."""

import os
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.contributions.submissions.microdata import retention
from dashboard.evidence.database.engine import migrate, open_engine
from dashboard.operations.cli import app
from dashboard.operations.supervision import hold_folder
from dashboard.operations.training import making, place
from dashboard.settings import Settings


def test_keys_and_redis_of_the_installation_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    key = keys / ("a" * 32)
    key.write_bytes(b"k" * 32)
    lately = time.time() - 2 * retention.ORPHANED
    os.utime(key, (lately, lately))
    monkeypatch.setenv("MONITOR_KEYS_DIR", str(keys))
    monkeypatch.setenv("MONITOR_REDIS_URL", "redis://:secret@127.0.0.1:1/0")
    for name, value in making.make_environment(tmp_path / "training", 3100, place.Workspace("secret", "key")).items():
        monkeypatch.setenv(name, value)
    settings = Settings(_env_file=None)
    settings.data_dir.mkdir()
    place._write(settings.data_dir, place.Workspace("secret", "key"), whole=True)
    migrate(settings)
    assert retention.sweep(settings) == 0
    open_engine(settings).dispose()
    assert key.read_bytes() == b"k" * 32
    assert settings.limits_url == "memory://"


def test_a_workspace_stays_until_it_is_reset_and_one_cut_short_begins_anew(tmp_path: Path) -> None:
    folder = tmp_path / "training"
    short = place.begin(folder, "key")
    (folder / "half").touch()
    assert place.read_workspace(folder) is None
    begun = place.begin(folder, "key")
    assert begun.secret != short.secret
    assert not (folder / "half").exists()
    place.finish(folder, begun)
    assert place.read_workspace(folder) == begun
    place.reset(folder)
    assert not folder.exists()


def test_a_workspace_that_is_served_is_not_reset(tmp_path: Path) -> None:
    folder = tmp_path / "training"
    place.begin(folder, "key")
    with hold_folder(folder, 3100):
        done = CliRunner().invoke(app, ["training", "--folder", str(folder), "--reset", "--make-only"])
        assert (done.exit_code, done.output.count("\n")) == (1, 1), done.output
        assert "port 3100" in done.output
        assert place.read_workspace(folder) is None
    assert (folder / "training.json").exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"whole": true, "secret": "a", "voice_key": "b", "people": [{}]}']
)
def test_a_damaged_workspace_is_said_in_one_sentence(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "training"
    place.begin(folder, "key")
    (folder / "training.json").write_text(text)
    done = CliRunner().invoke(app, ["training", "--folder", str(folder), "--make-only"])
    assert (done.exit_code, done.output.count("\n")) == (1, 1), done.output
    assert "training.json is damaged" in done.output
    assert "--reset" in done.output
    place.reset(folder)
    assert not folder.exists()
