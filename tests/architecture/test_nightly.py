"""The list of the night names what exists; a command that fails is told and keeps no other from running."""

import importlib.util
import re
import shlex
from pathlib import Path

import pytest

from tests import nightly

ROOT = Path(__file__).parents[2]
TARGETS = set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("command", nightly.commands(nightly.LIST.read_text(encoding="utf-8"), []))
def test_what_the_list_names_exists(command: str) -> None:
    words = shlex.split(command)
    while words[0] == "env" or "=" in words[0]:
        del words[0]
    if words[0] == "make":
        assert words[1] in TARGETS
    else:
        assert words[:2] == ["python", "-m"]
        assert importlib.util.find_spec(words[2]) is not None


def test_all_run_and_the_one_that_fails_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "nightly"
    listed.write_text(f"# a room\nfalse\n\n touch {tmp_path}/after\n", encoding="utf-8")
    monkeypatch.setattr(nightly, "LIST", listed)
    assert nightly.main([]) == 1
    assert (tmp_path / "after").exists()
    told = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith(("kept", "FAILED"))]
    assert [(line[0], line[3]) for line in told] == [("FAILED", "false"), ("kept", "touch")]
    assert (nightly.main(["touch"]), nightly.main(["nothing has this"])) == (0, 1)
