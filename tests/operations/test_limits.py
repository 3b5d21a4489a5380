"""Every limit of operations exactly at, one below and one above, from the constants of the rules themselves."""

import errno
import json
import re
import resource
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import ArgumentError

from dashboard.evidence.database.engine import Unusable, migrate, open_engine
from dashboard.evidence.dataset.publish import publish
from dashboard.interfaces.protection import condition
from dashboard.operations import doctor, supervision
from dashboard.operations.archive import BadArchive, clear_unfinished, open_for_writing
from dashboard.operations.backup import SUFFIX
from dashboard.operations.doctor import MIN_FREE_BYTES, MIN_OPEN_FILES, SCARCE_BYTES, examine
from dashboard.operations.retention import RetentionRule, list_backups, prune
from dashboard.operations.supervision import MAX_FAILED_STARTS, RestartedProcess, format_start_command, hold_folder
from dashboard.operations.trouble import explain_error, run_explaining_errors
from dashboard.operations.watching import jobs
from dashboard.settings import Settings
from tests.checks import all_of
from tests.evidence.database.figures import figure, figures, issue
from tests.operations.keys import KEY

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def named(folder: Path, *moments: datetime) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for moment in moments:
        (folder / f"{moment:%Y%m%dT%H%M%SZ}{SUFFIX}").touch()


# Which backups stay


def test_backups_are_given_newest_first_and_what_is_named_otherwise_is_none(tmp_path: Path) -> None:
    named(tmp_path, NOW - timedelta(days=1), NOW, NOW - SECOND)
    (tmp_path / f"notes{SUFFIX}").touch()
    (tmp_path / "20261126T120000Z").touch()
    assert [moment for moment, _ in list_backups(tmp_path)] == [NOW, NOW - SECOND, NOW - timedelta(days=1)]
    assert all_of(path.name.startswith(f"{moment:%Y%m%dT%H%M%S}") for moment, path in list_backups(tmp_path))


@pytest.mark.parametrize(
    ("keep", "step", "stay"),
    [
        (RetentionRule(3, 0, 0), timedelta(days=1), 3),
        (RetentionRule(1, 0, 0), timedelta(days=1), 1),
        (RetentionRule(3, 0, 0), timedelta(hours=1), 1),
        (RetentionRule(0, 54, 0), timedelta(weeks=1), 54),  # more weeks than a year has: the year counts
        (RetentionRule(0, 0, 13), timedelta(days=30.5), 13),
        (RetentionRule(0, 0, 0), timedelta(days=1), 1),
        (RetentionRule(), timedelta(days=1), 7 + 3 + 10),
    ],
)
def test_so_many_days_weeks_and_months_stay_and_no_more(
    tmp_path: Path, keep: RetentionRule, step: timedelta, stay: int
) -> None:
    many = int(timedelta(days=430) / step) if step >= timedelta(days=1) else 5
    moments = [NOW - number * step for number in range(many)]
    named(tmp_path, *moments)
    would = prune(tmp_path, keep, dry_run=True)
    assert len(list_backups(tmp_path)) == many, "a dry run deletes nothing"
    assert prune(tmp_path, keep) == would
    left = [moment for moment, _ in list_backups(tmp_path)]
    if keep == RetentionRule():  # each rule by itself, from its own words
        spans: tuple[tuple[int, Callable[[datetime], Any]], ...] = (
            (7, lambda moment: moment.date()), (5, lambda moment: moment.isocalendar()[:2]),
            (12, lambda moment: (moment.year, moment.month)),
        )  # fmt: skip
        expected = set()
        for most, span in spans:
            kept = sorted({span(moment) for moment in moments}, reverse=True)[:most]
            expected |= {max(moment for moment in moments if span(moment) == one) for one in kept}
        assert left == sorted(expected, reverse=True)
    else:
        assert len(left) == stay
        assert left == moments[:1] if keep.months == 0 and keep.days < 2 and not keep.weeks else left[0] == moments[0]


# What the doctor finds


def found(settings: Settings, part: str) -> list[tuple[str, str, str]]:
    return [(one.mark, one.words, one.do) for one in examine(settings) if one.part == part]


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(_env_file=None, data_dir=tmp_path, database_url=None)


@pytest.fixture
def held(bare: Settings) -> Settings:
    """A published record of one vintage, whose file only its owner reads."""
    migrate(bare)
    issue(open_engine(bare), figures(figure(60.0), figure(12.0, indicator="bribery")))
    publish(open_engine(bare), bare.dataset_dir)
    bare.sqlite_path.chmod(0o600)
    return bare


@pytest.mark.parametrize(
    ("free", "mark", "words"),
    [
        (MIN_FREE_BYTES - 1, "bad", "0.5 GB are free"), (MIN_FREE_BYTES, "look", "0.5 GB are free"),
        (SCARCE_BYTES - 1, "look", "2.0 GB are free"), (SCARCE_BYTES, "ok", "2.0 GB are free"),
        (0, "bad", "0.0 GB are free"),
        (12_340_000_000, "ok", "12.3 GB are free"),
    ],
)  # fmt: skip
def test_room_on_the_disk(bare: Settings, monkeypatch: pytest.MonkeyPatch, free: int, mark: str, words: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert found(bare, "disk") == [(mark, words, "" if mark == "ok" else "Make room on the disk.")]


OLDEST = timedelta(hours=Settings.model_fields["backup_hours"].default)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return moment.astimezone(tz)

    monkeypatch.setattr(doctor, "datetime", Clock)
    monkeypatch.setattr(condition, "datetime", Clock)


@pytest.mark.parametrize(
    ("age", "mark", "words"),
    [
        (timedelta(hours=30), "ok", "1.2"), (OLDEST, "ok", "2.0"),
        (OLDEST + SECOND, "look", "2.0"), (timedelta(days=9.5), "look", "9.5"),
    ],
)  # fmt: skip
def test_the_age_of_the_newest_backup(
    bare: Settings, monkeypatch: pytest.MonkeyPatch, age: timedelta, mark: str, words: str
) -> None:
    named(bare.data_dir / "backups", NOW, NOW - timedelta(days=40))
    at(monkeypatch, NOW + age)
    ((said, text, do),) = found(bare, "backups")
    assert (said, text, bool(do)) == (mark, f"The newest is {words} days old", mark == "look")


def test_no_backup_is_something_to_look_at(bare: Settings) -> None:
    assert [mark for mark, *_ in found(bare, "backups")] == ["look"]


def test_the_clock_is_not_before_the_newest_vintage(held: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard.evidence.dataset.store import Dataset

    newest = Dataset.current(held.dataset_dir).created_at
    last = newest - condition.MAX_SKEW
    for moment, mark in ((newest, "ok"), (last, "ok"), (last - timedelta(microseconds=1), "bad")):
        at(monkeypatch, moment)
        ((said, words, _),) = found(held, "clock")
        assert said == mark
        assert f"{newest if mark == 'bad' else moment:%Y-%m-%d %H:%M}" in words


def test_database_and_dataset_are_counted(held: Settings) -> None:
    assert found(held, "database") == [("ok", f"SQLite in {held.sqlite_path}, 1 vintage", "")]
    ((mark, words, do),) = found(held, "dataset")
    files = json.loads(next(held.dataset_dir.glob("versions/*/manifest.json")).read_text())["files"]
    assert (mark, words.partition(": ")[2], do) == ("ok", f"{len(files)} files, all as published", "")
    issue(open_engine(held), figures(figure(61.0, period="2021")))
    publish(open_engine(held), held.dataset_dir)
    assert found(held, "database")[0][1].endswith(", 2 vintages")
    assert found(held, "publishers") == [("ok", "No series failed last", "")]


@pytest.mark.parametrize(
    ("mode", "well"), [(0o600, True), (0o640, False), (0o604, False), (0o610, False), (0o700, True)]
)
def test_who_may_read_the_database(held: Settings, mode: int, well: bool) -> None:
    held.sqlite_path.chmod(mode)
    said = [one for one in found(held, "database") if one[0] != "ok"]
    assert said == ([] if well else [("look", "Others may read its file", f"chmod 600 {held.sqlite_path}")])


@pytest.mark.parametrize("many", [0, 1, 2])
def test_damaged_files_are_counted(held: Settings, many: int) -> None:
    files = sorted(held.dataset_dir.glob("versions/*/observations/*.parquet"))
    assert len(files) == 2
    for file in files[:many]:
        file.chmod(0o600)
        file.write_bytes(file.read_bytes()[:-1] + b"?")
    ((mark, words, do),) = found(held, "dataset")
    assert mark == ("bad" if many else "ok")
    assert [file.name in words for file in files] == [many > 0, False]
    assert words.endswith(" and 1 more") is (many == 2)
    assert do == ("python -m dashboard dataset publish" if many else "")


def test_the_port_is_free_taken_or_that_of_a_server_of_this_folder(bare: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = bare.model_copy(update={"port": taken.getsockname()[1]})
        ((mark, words, do),) = found(busy, "port")
        assert (mark, f"Port {busy.port} cannot be used" in words) == ("bad", True)
        assert do == f"Choose another: {format_start_command('…', training=False)}"
        with hold_folder(bare.data_dir, 4000):
            ((mark, words, _),) = found(busy, "port")
            assert mark == "ok"
            assert re.match(r'A server of this folder runs: .*"port": 4000', words)
    assert found(busy, "port") == [("ok", f"Port {busy.port} is free", "")]


@pytest.mark.parametrize(
    ("files", "told"), [(MIN_OPEN_FILES, False), (MIN_OPEN_FILES - 1, True), (0, True), (resource.RLIM_INFINITY, False)]
)
def test_files_that_may_be_open(bare: Settings, monkeypatch: pytest.MonkeyPatch, files: int, told: bool) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    said = [words for _, words, _ in found(bare, "settings") if "connections" in words]
    assert said == ([f"Only {files} files and connections may be open"] if told else [])


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize("named_well", [False, True])
def test_what_a_public_server_should_have_set(bare: Settings, public: bool, named_well: bool) -> None:
    settings = bare.model_copy(
        update={
            "public_url": "https://monitor.example" if public else "",
            "security_contact": "mailto:a@monitor.example" if named_well else "",
            "backup_key": Settings(_env_file=None, backup_key=KEY).backup_key if named_well else None,
        }
    )
    said = [words for mark, words, _ in found(settings, "settings") if mark == "look"]
    wanted = ["Nobody is named to whom a weakness is reported", "Backups are not encrypted"]
    assert [words for words in said if words in wanted] == (wanted if public and not named_well else [])


@pytest.mark.parametrize(("key", "wrong"), [(None, []), (KEY, []), (KEY.lower(), []), ("a passphrase", ["backups"])])
def test_a_key_with_which_no_backup_can_be_made_is_noticed(bare: Settings, key: str | None, wrong: list[str]) -> None:
    settings = bare.model_copy(update={"backup_key": key and SecretStr(key)})
    assert [fault.part for fault in condition.find_faults(settings) if "BACKUP_KEY" in fault.words] == wrong


@pytest.mark.parametrize(("mode", "told"), [(0o600, False), (0o640, True), (0o604, True)])
def test_a_file_of_settings_is_for_its_owner(bare: Settings, mode: int, told: bool) -> None:
    (bare.data_dir / ".env").touch(mode=mode)
    (bare.data_dir / ".env").chmod(mode)
    said = [(words, do) for _, words, do in found(bare, "settings") if ".env" in words]
    assert said == ([("Others may read .env", "chmod 600 .env")] if told else [])


# What is started again


class Ended:
    """A process that has ended."""

    pid = 2**30  # none has it

    def poll(self) -> int:
        return 3


@pytest.mark.parametrize("worked_after", [None, *range(MAX_FAILED_STARTS)])
def test_what_fails_to_start_is_tried_so_many_times_and_counted_anew_once_it_worked(
    monkeypatch: pytest.MonkeyPatch, worked_after: int | None
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(supervision.time, "sleep", waits.append)
    kept = RestartedProcess(Ended, lambda: True)  # type: ignore[arg-type]
    for number in range(MAX_FAILED_STARTS):
        if number == worked_after:
            monkeypatch.setattr(Ended, "poll", lambda _: None)
            assert kept.look()  # it is up, and found to be ready
            monkeypatch.setattr(Ended, "poll", lambda _: 3)
            assert kept.look()
            assert kept.restarts == number + 1
            waits.clear()
            break
        assert kept.look() is (number < MAX_FAILED_STARTS - 1)
    tries = 0
    while worked_after is not None and kept.look():
        tries += 1
    assert tries == (MAX_FAILED_STARTS - 1 if worked_after is not None else 0)
    assert waits == pytest.approx([min(0.1 * 2**failed, 2.0) for failed in range(1, MAX_FAILED_STARTS)])


def test_one_that_is_up_but_not_ready_has_not_worked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision.time, "sleep", lambda _: None)
    kept = RestartedProcess(Ended, lambda: False)  # type: ignore[arg-type]
    tries = 0
    while True:
        monkeypatch.setattr(Ended, "poll", lambda _: None)
        assert kept.look()
        monkeypatch.setattr(Ended, "poll", lambda _: 3)
        if not kept.look():
            break
        tries += 1
    assert tries == MAX_FAILED_STARTS - 1


def test_a_process_is_asked_to_end_before_it_is_made_to(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Any] = []

    class Deaf:
        pid = 77

        def wait(self, patience: float | None = None) -> int:
            if patience is not None:
                said.append(patience)
                raise subprocess.TimeoutExpired("x", patience)
            return -9

    monkeypatch.setattr(supervision.os, "killpg", lambda pid, number: said.append((pid, number)))
    assert supervision.end_process(Deaf()) == -9  # type: ignore[arg-type]
    assert said[0::2][:3] == [(77, signal.SIGINT), (77, signal.SIGTERM), (77, signal.SIGKILL)]
    assert said[1::2][:3] == [10.0, 3.0, 3.0]
    assert said[-1] == (77, signal.SIGKILL), "what it had started itself"


def test_who_holds_the_folder_is_said_and_what_cannot_be_read_of_it_too(tmp_path: Path) -> None:
    assert format_start_command(3001, training=False) == "make run PORT=3001"
    assert format_start_command(3001, training=True) == "python -m dashboard training --port 3001"
    with hold_folder(tmp_path, 3000):
        (tmp_path / supervision.LOCK).write_text("[]")
        with pytest.raises(supervision.Occupied, match="which one is not known"), hold_folder(tmp_path, 3001):
            pass
    with hold_folder(tmp_path, 3001):
        assert json.loads((tmp_path / supervision.LOCK).read_text())["port"] == 3001


# The file a backup is


def test_only_what_was_left_unfinished_under_this_ending_is_cleared(tmp_path: Path) -> None:
    for name in (f".unfinished-a{SUFFIX}", ".unfinished-notes", f"a{SUFFIX}"):
        (tmp_path / name).touch()
    with open_for_writing(tmp_path / f"b{SUFFIX}"):
        clear_unfinished(tmp_path, SUFFIX)
        left = {path.name for path in tmp_path.iterdir()}
    assert left == {".unfinished-notes", f"a{SUFFIX}", f".unfinished-b{SUFFIX}"}
    assert (tmp_path / f"b{SUFFIX}").stat().st_mode & 0o777 == 0o600


def test_what_is_refused_by_its_proof_leaves_nothing(tmp_path: Path) -> None:
    seen: list[bytes] = []

    def prove(written: Path) -> None:
        seen.append(written.read_bytes())
        raise BadArchive("no")

    with pytest.raises(BadArchive), open_for_writing(tmp_path / "x", "", prove) as stream:
        stream.write(b"bytes")
    assert seen == [b"bytes"], "it is whole on the disk before it is looked at"
    assert list(tmp_path.iterdir()) == []


# What stands in the way, as a sentence


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "is not ours to use: give the account that runs the monitor the right to it."),
        (errno.EPERM, "is not ours to use: give the account that runs the monitor the right to it."),
        (errno.EROFS, "cannot be written to: it lies on a read-only file system; "
         "let MONITOR_DATA_DIR name another folder."),
        (errno.ENOTDIR, "is needed as a folder, but it (or one above it) is a file: move it away."),
        (errno.EEXIST, "is needed as a folder, but it is a file: move it away."),
        (errno.EISDIR, "is needed as a file, but it is a folder."),
        (errno.ENOENT, "does not exist: check how it is written, or MONITOR_DATA_DIR."),
        (errno.EMFILE, "could not be opened: too many files are open; raise the limit (`ulimit -n 65536`)."),
        (errno.ENAMETOOLONG, "has a name that is too long: let MONITOR_DATA_DIR name a shorter folder."),
    ],
)  # fmt: skip
def test_every_error_of_the_system_names_the_file_and_ends_as_a_sentence(number: int, words: str) -> None:
    assert explain_error(OSError(number, "as the system says", "/srv/monitor")) == f"/srv/monitor {words}"
    assert explain_error(OSError(number, "as the system says")) is None, "without a file nobody knows where"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Unusable("It is damaged"), "It is damaged."), (Unusable("It is damaged."), "It is damaged."),
        (Unusable("Is it damaged?"), "Is it damaged?"), (Unusable(" It is! "), "It is!"),
        (OSError(9999, "unheard of", "/srv/x"), None), (ValueError("x"), None),
        (OSError(28, "No space left on device"), "There is no room left on the disk: free some, then try again. "
         "What was published stays."),
        (OSError(28, "No space left on device", "/srv/x"), "There is no room left on the disk of /srv/x: free some, "
         "then try again. What was published stays."),
        (ArgumentError("x"), "MONITOR_DATABASE_URL cannot be read: use "
         "postgresql+psycopg://user:password@host:port/name, or leave it empty for SQLite in the data folder."),
    ],
)  # fmt: skip
def test_an_error_is_a_sentence_or_a_fault_of_ours(error: BaseException, said: str | None) -> None:
    assert explain_error(error) == said
    told: list[str] = []

    def work() -> None:
        raise error

    if said is None:
        with pytest.raises(type(error)):
            run_explaining_errors(work, told.append)
        assert told == []
    else:
        assert run_explaining_errors(work, told.append) == 1
        assert told == [said]
    assert run_explaining_errors(lambda: None, told.append) == 0


def test_an_error_behind_which_one_with_words_stands_is_said_in_its_own() -> None:
    outer = RuntimeError("The record could not be read")
    outer.__cause__ = Unusable("It is damaged")
    assert explain_error(outer) == "The record could not be read."


# What is looked at


@pytest.mark.parametrize(("version", "mark"), [((3, 10), "bad"), ((3, 11), "ok"), ((3, 13), "ok"), ((3, 14), "bad")])
def test_versions_of_python_from_the_first_to_the_last(
    bare: Settings, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int], mark: str
) -> None:
    monkeypatch.setattr(doctor.sys, "version_info", version)
    ((said, _, do),) = found(bare, "versions")
    assert (said, do) == (mark, "" if mark == "ok" else "Use Python 3.11, 3.12 or 3.13.")


def test_series_that_failed_last_are_counted_and_no_others(bare: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = [
        {"state": state, "source": source} for state, source in (("failed", "b"), ("new", "a"), ("failed", "b"))
    ]
    monkeypatch.setattr(doctor.Dataset, "current", lambda _: SimpleNamespace(outcomes=lambda: outcomes))
    ((mark, words, _),) = found(bare, "publishers")
    assert (mark, words) == ("look", "2 series failed last, of b")


def test_a_job_is_overdue_after_twice_its_interval_and_not_before() -> None:
    job = jobs.Job("tidy", 100.0, 0.0, well_at=50.0)
    assert [job.is_overdue(50.0 + 100.0 * jobs.OVERDUE_FACTOR + more) for more in (0.0, 0.5)] == [False, True]
