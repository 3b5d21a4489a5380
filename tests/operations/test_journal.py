"""The log: how long a line is, what is hidden in it, what of it is shown last, and how much is kept."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from dashboard.operations.logs import LOG_FILES, MAX_LINE_CHARS, SECRET_WORDS, Journal, configure
from tests.checks import all_of


def lines(journal: Journal) -> list[dict[str, Any]]:
    return [json.loads(line) for line in journal.path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("length", "kept"),
    [(MAX_LINE_CHARS - 1, MAX_LINE_CHARS - 1), (MAX_LINE_CHARS, MAX_LINE_CHARS), (MAX_LINE_CHARS + 1, MAX_LINE_CHARS)],
)
def test_a_line_of_the_journal_has_an_end(tmp_path: Path, length: int, kept: int) -> None:
    journal = Journal(tmp_path / "serve.log", "word")
    journal.say("x" * length, level="error", source="server")
    journal.close()
    (line,) = lines(journal)
    assert (line["event"], line["level"], line["source"]) == ("x" * kept, "error", "server")


@pytest.mark.parametrize("field", [*SECRET_WORDS, "API_Token", "setCookie"])
def test_fields_of_secrets_are_hidden_and_long_ones_cut(field: str, capsys: pytest.CaptureFixture[str]) -> None:
    import structlog

    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        for length in (MAX_LINE_CHARS, MAX_LINE_CHARS + 1):
            configure()  # anew: the same fault is written once a minute
            with structlog.contextvars.bound_contextvars(**{field: "open sesame", "words": "y" * length}):
                logging.getLogger("x").warning("said %s", length)
        first, second = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    finally:
        root.handlers[:], root.level = before, level
    assert first[field] == second[field] == "hidden"
    assert first["words"] == "y" * MAX_LINE_CHARS
    assert second["words"] == "y" * MAX_LINE_CHARS + "… (1 more characters)"
    assert (first["event"], first["level"]) == (f"said {MAX_LINE_CHARS}", "warning")


def test_the_last_lines_are_the_words_of_the_last_events(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "serve.log", "word")
    assert journal.last() == ""
    for number in range(30):
        journal.say(f"event {number}", trace="at line 3" if number == 29 else "")
    with journal.path.open("a") as file:
        file.write("no json\n")
    assert journal.last(3).splitlines() == ["event 28", "event 29", "at line 3", "no json"]
    assert journal.last().splitlines()[0] == "event 6"
    journal.close()
    journal.path.unlink()
    assert journal.last() == ""


def test_the_log_keeps_so_many_files_of_a_share_each(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "serve.log", "word", most_bytes=20_000)
    for number in range(400):
        journal.say(f"{number:03} " + "x" * 100)
    journal.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) == LOG_FILES == 10
    assert all_of(file.stat().st_size <= 20_000 // LOG_FILES for file in files)
    assert json.loads((tmp_path / "serve.log").read_text().splitlines()[-1])["event"].startswith("399")
