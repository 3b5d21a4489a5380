"""``python -m dashboard codebook check``."""

import re
from pathlib import Path

from typer.testing import CliRunner

from dashboard.operations.cli import app

from .conftest import Spoil


def test_sound_files_say_so(folder: Path) -> None:
    result = CliRunner().invoke(app, ["codebook", "check", "--folder", str(folder)])
    assert result.exit_code == 0
    assert re.search(r"\d,\d{3} rows in \d{2} files, (no fault|0 errors, \d+ warnings?)\n", result.output)


def test_faults_are_a_table_and_exit_1(folder: Path, spoil: Spoil) -> None:
    line = spoil("links.csv", {"target": "16.99"}, metric="wgi_pv")
    result = CliRunner().invoke(app, ["codebook", "check", "--folder", str(folder)])
    assert result.exit_code == 1
    assert f"links.csv:{line}:target" in result.output
    assert "reference.dangling" in result.output
    assert "Correct it or add it to targets.csv." in result.output
    assert "1 error, 0 warnings" in result.output


def test_warnings_alone_exit_0(folder: Path, spoil: Spoil) -> None:
    spoil("targets.csv", {"title_fr": ""}, code="16.6")
    result = CliRunner().invoke(app, ["codebook", "check", "--folder", str(folder)])
    assert (result.exit_code, "0 errors, " in result.output) == (0, True)
    assert "title.language" in result.output


def test_missing_folder_is_said_plainly(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["codebook", "check", "--folder", str(tmp_path / "nowhere")])
    assert result.exit_code == 2
    assert "No folder" in result.output
