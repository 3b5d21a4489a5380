"""No client fills the log: one line a minute for the same fault, and so many bytes of all; its files are private."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.evidence.database.engine import open_engine
from dashboard.interfaces.protection.requests import client_address
from dashboard.operations.logs import (
    BURST_BYTES,
    MARK_VARIABLE,
    SHARE_BYTES,
    WINDOW_S,
    BoundedHandler,
    Journal,
    Share,
    configure,
)
from dashboard.settings import Settings

ours, foreign = logging.getLogger("dashboard.x"), logging.getLogger("engineio.server")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Any]:
    """What a process has logged so far, as the journal would see it."""
    monkeypatch.delenv(MARK_VARIABLE, raising=False)
    root, stream = logging.getLogger(), io.StringIO()
    before, levels = root.handlers[:], {name: logging.getLogger(name).level for name in ("", "engineio.server")}
    configure()
    handler = BoundedHandler(stream, clock)
    handler.setFormatter(root.handlers[0].formatter)
    root.handlers[:] = [handler]
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def fail(kind: type[Exception] = ValueError) -> None:
    try:
        raise kind("so and so")
    except Exception:
        ours.exception("it failed")


def by(client: str, work: Any) -> None:
    marked = client_address.set(client)
    work()
    client_address.reset(marked)


def test_the_same_fault_of_a_client_is_one_line_a_minute_and_the_next_tells_of_the_others(
    written: Any, clock: Clock
) -> None:
    for turn in range(50):
        for client in ("10.0.0.1", "10.0.0.2"):
            by(client, lambda turn=turn, client=client: ours.warning("refused %s %s", turn, client[-1]))
    assert [line["event"] for line in written()] == ["refused 0 1", "refused 0 2"]
    clock.now += WINDOW_S - 0.001
    by("10.0.0.1", lambda: ours.warning("another fault"))
    assert [(line["event"], line.get("left_out")) for line in written()[2:]] == [("another fault", 49)]


def test_a_fault_is_told_again_exactly_after_a_minute(written: Any, clock: Clock) -> None:
    for pause in (0, WINDOW_S - 0.001, 0.001):
        clock.now += pause
        by("10.0.0.1", fail)
    assert [line.get("left_out", 0) for line in written()] == [0, 1]


def test_other_kinds_of_error_at_the_same_place_are_other_faults(written: Any) -> None:
    for kind in (ValueError, TypeError, ValueError):
        by("10.0.0.1", lambda kind=kind: fail(kind))
    assert [line["error"] for line in written()] == ["ValueError: so and so", "TypeError: so and so"]


def test_lines_of_our_own_that_no_client_causes_are_all_written(written: Any) -> None:
    for turn in range(500):
        ours.info("publisher %s was asked", turn)
    assert len(written()) == 500


def test_tracebacks_and_what_libraries_say_repeat_nowhere(written: Any) -> None:
    for _ in range(50):
        fail()
        foreign.error("message async handler error")
    assert [line["event"] for line in written()] == ["it failed", "message async handler error"]


def test_whatever_a_client_causes_is_less_than_a_megabyte_an_hour(written: Any, clock: Clock) -> None:
    """Three hundred places in the code that it can make speak, eight kilobytes each time."""
    text = "y" * 50_000
    places = [logging.LogRecord("dashboard.x", 30, f"/x{at}.py", at, text, (), None) for at in range(300)]
    said = 0
    for minute in range(60):
        clock.now = 1000.0 + minute * WINDOW_S
        for record in places[minute::2]:
            by("10.0.0.1", lambda record=record: logging.getLogger().handle(record))
            said += 1
    size = sum(len(json.dumps(line)) + 1 for line in written())
    assert SHARE_BYTES * 30 < size < 1_000_000
    assert sum(line.get("left_out", 0) for line in written()) + len(written()) > said - len(places)


def test_no_client_takes_the_share_of_another(written: Any) -> None:
    for at in range(300):
        record = logging.LogRecord("dashboard.x", 30, f"/x{at}.py", at, "y" * 5_000, (), None)
        by("10.0.0.1", lambda record=record: logging.getLogger().handle(record))
    by("10.0.0.2", lambda: ours.warning("an honest one"))
    assert written()[-1]["event"] == "an honest one"


def test_the_address_of_a_client_is_never_written(written: Any) -> None:
    by("203.0.113.77", fail)
    assert written()
    assert "203.0.113.77" not in json.dumps(written())


def test_a_share_is_used_up_and_comes_back(clock: Clock) -> None:
    share = Share(1_000, clock)
    assert [share.take(999), share.take(1), share.take(1)] == [True, True, False]
    clock.now += 0.9 * WINDOW_S / SHARE_BYTES
    assert [share.take(1), share.take(1)] == [True, False]
    clock.now += 10 * WINDOW_S
    assert [share.take(1_000), share.take(1)] == [True, False]
    share.left_out += 3
    assert (share.told(), share.told()) == (3, 0)


def test_what_is_no_line_of_ours_has_a_share_too(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "serve.log", "word")
    journal._follow(io.BytesIO(b"thread panicked at library.rs\n" * 20_000), "server")
    journal.close()
    assert BURST_BYTES < journal.path.stat().st_size < 5 * BURST_BYTES


def test_a_new_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    place = Settings(_env_file=None, data_dir=tmp_path / "data")
    open_engine(place).dispose()
    assert place.data_dir.stat().st_mode & 0o777 == 0o700


def test_every_file_of_the_log_is_its_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "serve.log.7").touch(mode=0o644)
    journal = Journal(tmp_path / "serve.log", "word", most_bytes=20_000)
    for number in range(1_000):
        journal.say(f"{number} " + "x" * 100)
    journal.close()
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert len(modes) == 10
    assert set(modes.values()) == {0o600}
