"""What a command says when it cannot do what was asked: what, where, and what helps."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.operations.cli import app
from dashboard.operations.trouble import explain_error
from dashboard.settings import settings


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Run a command on a data folder, and give what it said."""

    def said(folder: Path, *command: str, code: int) -> str:
        monkeypatch.setenv("MONITOR_DATA_DIR", str(folder))
        settings.cache_clear()
        done = CliRunner().invoke(app, list(command))
        assert done.exit_code == code, done.output
        return done.output

    yield said
    settings.cache_clear()


def test_gather_says_what_is_wrong_with_the_folder(run: Callable[..., str], tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    said = run(file, "gather", "--dry-run", code=2)
    assert f"{file} is needed as a folder, but it is a file: move it away." in said


def test_accounts_that_are_not_enabled_are_not_said_to_be(run: Callable[..., str], tmp_path: Path) -> None:
    said = run(tmp_path, "account", "list", code=1)
    assert "is set" not in said
    assert "MONITOR_ACCOUNTS__ENABLED=true" in said


def test_a_file_that_was_named_wrongly_is_not_put_down_to_the_data_folder_alone() -> None:
    said = explain_error(FileNotFoundError(2, "No such file or directory", "/backups/typo"))
    assert said == "/backups/typo does not exist: check how it is written, or MONITOR_DATA_DIR."


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("submission", "list", "--state", "publishd"), "There is no state publishd. There are: draft, checked,"),
        (("submission", "list", "--country", "AZB"), "There is no country AZB: write its ISO3 code, such as AZE."),
        (
            ("submission", "check", "FILE", "--country", "AZE", "--dataset", "count"),
            "There are: figures, survey, counts, agreement_activities.",
        ),
        (
            ("submission", "check", "FILE", "--country", "AZE", "--lang", "de"),
            "There is no language de. There are: en,",
        ),
        (("submission", "check", "FILE", "--country", "AZE", "--period", "2025-01"), "“2025-01” is not a year from"),
        (("backup", "prune", "--folder", "FILE"), "is a file, but a folder is needed."),
        (("backup", "prune", "--folder", "FILE.no"), "does not exist: check how it is written."),
        (("account", "invite", "a@b.org", "--role", "reviewer", "--lang", "de"), "There is no language de."),
        (("voice", "release", "AZB"), "There is no country AZB"),
        (("voice", "queue", "AZB", "FILE.csv", "--coder", "me"), "There is no country AZB"),
        (("voice", "label", "AZB", "FILE", "--coder", "me"), "There is no country AZB"),
        (("gather", "--due", "--accept", "wgi_cx"), "There is no indicator wgi_cx. Did you mean wgi_cc"),
    ],
)
def test_what_does_not_exist_is_refused_and_not_taken_for_nothing(
    run: Callable[..., str], tmp_path: Path, command: tuple[str, ...], words: str
) -> None:
    file = tmp_path / "file"
    file.write_text("Indicator code;Value")
    said = run(tmp_path / "data", *(one.replace("FILE", str(file)) for one in command), code=2)
    assert words in said
    assert not (tmp_path / "file.csv").exists()
