"""What is wrong although it runs is noticed: by ``find_faults``, by ``/readyz`` and by the doctor."""

import json
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.accounts import audit, mail
from dashboard.accounts.mail import Undelivered
from dashboard.accounts.model import Role, State
from dashboard.accounts.tables import Account
from dashboard.analysis.charts import converter
from dashboard.answers.base.context import open_context
from dashboard.contributions.submissions.reading import process
from dashboard.evidence.database.engine import create_engine_for, open_engine, writing
from dashboard.evidence.dataset.force import lock_folder
from dashboard.interfaces.api.contract import readiness
from dashboard.interfaces.protection import condition
from dashboard.interfaces.protection.condition import MAX_SKEW, find_faults
from dashboard.operations import doctor
from dashboard.operations.cli import app
from dashboard.operations.supervision import hold_folder
from dashboard.runtime.renderer import START_TIMEOUT_S, Renderer, RenderError
from dashboard.runtime.sandbox import pools
from dashboard.settings import MailSettings, Settings, settings
from tests.accounts.smtp import Controller, Folder
from tests.evidence.database.figures import figure, figures, issue
from tests.runtime.test_renderer import write_build
from tests.serving import free_port


@pytest.fixture
def here(handmade_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """An installation of its own, whole and published, which the product uses."""
    shutil.copytree(handmade_settings.data_dir, tmp_path / "data")
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)
    settings.cache_clear()
    monkeypatch.setattr(readiness, "CHECK_INTERVAL_S", -1.0)
    yield settings()
    create_engine_for(settings().sqlalchemy_url).dispose()
    settings.cache_clear()


def ready(part: str) -> tuple[str, str]:
    """The status of ``/readyz`` and what it says of a part."""
    state = readiness.check_readiness()
    return state["status"], state["checks"].get(part, "")


def told(here: Settings, part: str) -> list[str]:
    """What the doctor says is wrong with a part."""
    return [one.words for one in doctor.examine(here) if one.part == part and one.mark != "ok" and one.do]


def test_a_whole_installation_has_nothing_wrong(here: Settings) -> None:
    assert find_faults(here) == []
    assert readiness.check_readiness()["checks"] == dict.fromkeys(readiness.PARTS, "ok")
    assert ready("record") == ("ready", "ok")
    assert not list(here.data_dir.glob(".writable-*"))


def test_a_record_ahead_of_what_is_served_is_noticed_unless_it_is_being_published(here: Settings) -> None:
    issue(open_engine(here), figures(figure(1.0, period="2025")))
    words = "The record ends with vintage 3, readers are served 2-"
    assert ready("record") == ("degraded", "holds more than readers are served; the log says why")
    assert [one.startswith(words) for one in told(here, "record")] == [True]
    with lock_folder(here.dataset_dir):
        assert (ready("record"), told(here, "record")) == (("ready", "ok"), [])


def test_a_dataset_ahead_of_the_record_is_not_ready(here: Settings) -> None:
    other = here.sqlite_path
    open_engine(here).dispose()
    other.unlink()
    from dashboard.evidence.database.engine import migrate

    migrate(here)
    issue(open_engine(here), figures(figure(60.0)))
    assert ready("database") == ("not ready", "behind what is published")
    assert any("ends with vintage 1" in one.words for one in doctor.examine(here) if one.part == "database")


def test_a_log_that_was_removed_under_the_server_is_not_ready_at_once(here: Settings) -> None:
    record, path = open_engine(here), here.sqlite_path
    assert ready("database") == ("ready", "ok")
    path.with_name(f"{path.name}-wal").unlink()
    assert ready("database") == ("not ready", "its file or its log was removed under the server: restart it")
    record.dispose()
    assert ready("database") == ("ready", "ok")  # as after a restart


def test_the_doctor_tells_what_a_running_server_says_of_itself(here: Settings) -> None:
    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(503)
            self.end_headers()
            state = {"status": "not ready", "checks": {"dataset": "ok", "database": "its log was removed"}}
            self.wfile.write(json.dumps(state).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    with hold_folder(here.data_dir, server.server_port):
        said = [(one.mark, one.words) for one in doctor.examine(here) if one.part == "server"]
        assert said == [("bad", "It says of database: its log was removed")]
        server.shutdown()
        server.server_close()
        said = [(one.mark, one.words.partition(" at")[0]) for one in doctor.examine(here) if one.part == "server"]
        assert said == [("look", "It does not answer")]


def test_a_folder_that_cannot_be_written_to_is_noticed(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    unwritable = here.model_copy(update={"data_dir": Path("/proc/self/fdinfo")})  # also root may not write there
    (fault,) = [one for one in find_faults(unwritable) if one.part == "disk" and "proc" in one.words]
    assert fault.public == "cannot be written to"
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and allowed(path, mode))
    assert ready("disk") == ("degraded", "the database cannot be written to")
    assert any("monitor.sqlite3 may not be written to" in words for words in told(here, "disk"))


@pytest.mark.parametrize(
    ("ahead", "wrong"), [(MAX_SKEW - timedelta(seconds=30), False), (MAX_SKEW + timedelta(minutes=1), True)]
)
def test_a_clock_behind_the_newest_entry_of_the_trail_is_noticed(
    here: Settings, monkeypatch: pytest.MonkeyPatch, ahead: timedelta, wrong: bool
) -> None:
    class Ahead(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) + ahead

    with monkeypatch.context() as patched:
        patched.setattr(audit, "datetime", Ahead)
        with writing(open_engine(here)) as connection:
            audit.record(connection, action="test.done", subject="one")
    assert ready("clock") == (("degraded", "is behind what was written") if wrong else ("ready", "ok"))
    assert [("entry of the audit trail" in words) for words in told(here, "clock")] == [True] * wrong


@pytest.mark.parametrize("apart", [MAX_SKEW.total_seconds() + 60, -MAX_SKEW.total_seconds() - 60])
def test_a_clock_apart_from_that_of_the_disk_is_noticed(
    here: Settings, monkeypatch: pytest.MonkeyPatch, apart: float
) -> None:
    now = condition.time.time
    monkeypatch.setattr(condition.time, "time", lambda: now() + apart)
    assert ready("clock") == ("degraded", "differs from the clock of the disk")
    assert re.search(r"It is \d+ seconds apart from the clock of the disk /", " ".join(told(here, "clock")))


@pytest.mark.usefixtures("record")
def test_a_database_that_takes_no_writes_is_noticed(monitor_settings: Settings) -> None:
    monitor_settings.data_dir.mkdir()
    assert find_faults(monitor_settings) == []
    if monitor_settings.sqlite_path is None:
        record = open_engine(monitor_settings)
        with record.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f'ALTER DATABASE "{record.url.database}" SET default_transaction_read_only = on')
        record.dispose()
        assert [(one.part, one.public) for one in find_faults(monitor_settings)] == [
            ("disk", "the database cannot be written to")
        ]


def test_a_process_that_no_longer_reads_files_is_noticed(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    process.SANDBOX.close()
    with monkeypatch.context() as patched:
        patched.setattr(pools, "begin", sys.exit)
        (fault,) = [one for one in find_faults(here, is_thorough=True) if one.part == "reading"]
        assert "does not start" in fault.words
        assert ready("reading") == ("degraded", "files that are sent cannot be read")  # it failed once, so it is tried
    assert ready("reading") == ("ready", "ok")
    assert not process.trouble()


def test_a_process_that_no_longer_draws_is_noticed(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    converter.SANDBOX.close()
    with monkeypatch.context() as patched:
        patched.setattr(pools, "begin", sys.exit)
        with pytest.raises(ValueError, match="ended"):
            converter.convert_to_svg("{}", "6.4")
        assert ready("charts") == ("degraded", "cannot be drawn")
        assert told(here, "charts")
    assert ready("charts") == ("ready", "ok")
    assert not converter.has_failed()


def test_a_process_that_no_longer_renders_is_noticed_until_it_does(here: Settings, tmp_path: Path) -> None:
    (tmp_path / "index.js").write_text("process.exit(1);", encoding="utf-8")
    renderer = Renderer(tmp_path / "index.js")
    with pytest.raises(RenderError):
        renderer.render("/en/", {}, START_TIMEOUT_S)
    assert ready("pages") == ("degraded", "leave without their figures")
    (fault,) = find_faults(here)
    assert "Node" in fault.do
    write_build(tmp_path)
    renderer.render("/en/", {}, START_TIMEOUT_S)
    renderer.close()
    assert ready("pages") == ("ready", "ok")


def test_mail_that_is_not_taken_is_noticed_until_it_is(here: Settings, tmp_path: Path) -> None:
    sending = here.model_copy(
        update={"mail": MailSettings(host="127.0.0.1", port=9, encryption="none", timeout=5)}
    )  # fmt: skip
    to = Account(
        id=1, email="one@office.test", name="One", role=Role.ADMIN, state=State.ACTIVE, second_factor=False,
        created_at=datetime.now(UTC),
    )  # fmt: skip
    with pytest.raises(Undelivered):
        mail.send(sending, mail.compose_letter(sending, to, "reset", "https://monitor.test/x", 2))
    (first,) = [one for one in find_faults(sending) if one.part == "mail"]
    assert first.words.startswith("None was taken since 20")
    with pytest.raises(Undelivered):
        mail.send(sending, mail.compose_letter(sending, to, "reset", "https://monitor.test/x", 2))
    (again,) = [one for one in find_faults(sending) if one.part == "mail"]
    assert again.words[:40] == first.words[:40]  # since the first
    assert [one for one in find_faults(here) if one.part == "mail"] == []  # no server is configured any more
    (tmp_path / "post").mkdir()
    server = Controller(Folder(tmp_path / "post"), hostname="127.0.0.1", port=0)
    server.port = free_port()
    server.start()
    try:
        sending = sending.model_copy(update={"mail": sending.mail.model_copy(update={"port": server.port})})
        mail.send(sending, mail.compose_letter(sending, to, "reset", "https://monitor.test/x", 2))
        assert mail.read_failure(sending) is None
        full = mail.compose_letter(sending, to, "reset", "https://monitor.test/x", 2)
        full.replace_header("To", "full@office.test")
        with pytest.raises(Undelivered):
            mail.send(sending, full)
        assert mail.read_failure(sending) is None  # one address is full, the server takes mail
    finally:
        server.stop()


def test_an_old_backup_is_noticed_where_there_are_some(here: Settings) -> None:
    assert ready("backups") == ("ready", "ok")
    folder = here.data_dir / "backups"
    folder.mkdir(exist_ok=True)
    (folder / "notes.txt").write_text("none")
    for hours, state in ((49, "degraded"), (47, "ready")):
        moment = datetime.now(UTC) - timedelta(hours=hours)
        (folder / f"{moment:%Y%m%dT%H%M%SZ}.monitor-backup").touch()
        assert ready("backups")[0] == state
        assert told(here, "backups") == (["The newest is 2.0 days old"] if hours > 48 else [])


def test_a_database_that_may_not_be_written_to_is_noticed(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition.os, "access", lambda *_: False)
    (fault,) = [one for one in find_faults(here) if one.part == "disk"]
    assert (fault.public, fault.do) == ("the database cannot be written to", f"chmod 600 {here.sqlite_path}")


def test_a_look_is_kept_for_a_few_seconds(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    monkeypatch.setattr(readiness, "find_faults", lambda _: looks.append(1) or [])
    monkeypatch.setattr(readiness, "CHECK_INTERVAL_S", 60.0)
    monkeypatch.setattr(readiness, "_kept", (0.0, None, []))
    for _ in range(5):
        assert ready("record") == ("ready", "ok")
    assert len(looks) == 1
    assert open_context().dataset.vintage == 2


def test_who_asks_while_somebody_looks_does_not_wait(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, go_on = threading.Event(), threading.Event()

    def slow(_: Settings) -> list[condition.ConditionFault]:
        looks.set()
        assert go_on.wait(30)
        return []

    monkeypatch.setattr(readiness, "find_faults", slow)
    first = threading.Thread(target=readiness.check_readiness)
    first.start()
    assert looks.wait(30)
    assert ready("record") == ("ready", "ok")
    assert first.is_alive()
    go_on.set()
    first.join()


def test_the_command_tries_what_a_server_only_looks_at(here: Settings) -> None:
    said = CliRunner().invoke(app, ["doctor"]).output
    assert "ok    reading     A file was read" in said
    assert "ok    charts      A chart was drawn" in said
