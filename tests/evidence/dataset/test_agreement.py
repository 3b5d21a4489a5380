"""Published figures do not go back: a database that is gone, older, other or damaged is refused with what to do."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from dashboard.evidence.database.engine import Unusable, create_engine_for
from dashboard.evidence.dataset import agreement
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.store import Damaged, Dataset
from dashboard.evidence.dataset.wholeness import RecordBehind
from dashboard.settings import Settings
from tests.evidence.database.figures import figure, figures, issue

COMMANDS = r"backup restore FILE.*dataset rebuild"


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", database_url=None)


@pytest.fixture
def record(here: Settings) -> Engine:
    """Two vintages, published; SQLite, whose file can be lost and damaged."""
    from dashboard.evidence.database.engine import migrate, open_engine

    migrate(here)
    made = open_engine(here)
    first = figures(figure(60.0), figure(5.0, indicator="bribery"))
    issue(made, first)
    publish(made, here.dataset_dir)
    issue(made, figures(figure(61.5)), first.filter(indicator="trust")["id"])
    publish(made, here.dataset_dir)
    made.dispose()
    return made


def _path(here: Settings) -> Path:
    path = here.sqlite_path
    assert path is not None
    return path


def test_what_belongs_together_is_not_refused(here: Settings, record: Engine) -> None:
    agreement.require_agreement(here)


def test_before_anything_is_published_there_need_be_no_database(here: Settings) -> None:
    agreement.require_agreement(here)
    assert not _path(here).exists()


def test_a_missing_database_is_refused_and_not_made(here: Settings, record: Engine) -> None:
    _path(here).unlink()
    with pytest.raises(RecordBehind, match=COMMANDS):
        agreement.require_agreement(here)
    assert not _path(here).exists()


def test_an_empty_file_is_no_database(here: Settings, record: Engine) -> None:
    _path(here).write_bytes(b"")
    for ending in ("-wal", "-shm"):
        _path(here).with_name(f"{_path(here).name}{ending}").unlink(missing_ok=True)
    with pytest.raises(RecordBehind, match=COMMANDS):
        agreement.require_agreement(here)


def test_an_older_database_is_refused(here: Settings, record: Engine) -> None:
    with sqlite3.connect(_path(here)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DELETE FROM vintage WHERE number = 2")
    with pytest.raises(RecordBehind, match=rf"ends with vintage 1.*{COMMANDS}"):
        agreement.require_agreement(here)


def test_other_figures_under_the_same_number_are_refused(here: Settings, record: Engine, tmp_path: Path) -> None:
    other = Settings(data_dir=here.data_dir, database_url=f"sqlite:///{tmp_path / 'other.sqlite3'}")
    from dashboard.evidence.database.engine import migrate, open_engine

    migrate(other)
    issue(open_engine(other), figures(figure(1.0)))
    issue(open_engine(other), figures(figure(2.0, country="GEO")))
    with pytest.raises(RecordBehind, match=rf"other figures.*{COMMANDS}"):
        agreement.require_agreement(other)
    create_engine_for(other.sqlalchemy_url).dispose()


@pytest.mark.parametrize("offset", [0, 5000, 20_000])
def test_a_damaged_database_is_refused(here: Settings, record: Engine, offset: int) -> None:
    data = bytearray(_path(here).read_bytes())
    data[offset : offset + 4096] = b"\xff" * 4096
    _path(here).write_bytes(data)
    with pytest.raises(Unusable, match=rf"is damaged.*{COMMANDS}"):
        agreement.require_agreement(here)


def test_a_database_whose_own_words_are_no_text_is_damaged_and_no_fault_of_the_product(
    here: Settings, record: Engine
) -> None:
    from dashboard.evidence.database.engine import migrate

    whole = _path(here).read_bytes()
    _path(here).write_bytes(whole.replace(b"CREATE TABLE vintage", b"CREATE T\xff\xfeLE vintage"))
    assert _path(here).read_bytes() != whole
    with pytest.raises(Unusable, match=rf"is damaged.*{COMMANDS}"):
        agreement.require_agreement(here)
    for opened in (agreement.list_digests, migrate):
        with pytest.raises(Unusable, match="malformed"):
            opened(here)


def test_a_folder_in_the_place_of_the_database_is_one_sentence(here: Settings, record: Engine) -> None:
    _path(here).unlink()
    _path(here).mkdir()
    with pytest.raises(Unusable, match="cannot be opened"):
        agreement.require_agreement(here)


def test_a_byte_in_any_published_file_is_seen_before_it_is_read(here: Settings, record: Engine) -> None:
    dataset = Dataset.current(here.dataset_dir)
    for name in dataset.manifest["files"]:
        path = dataset.folder / name
        whole = path.read_bytes()
        path.write_bytes(whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:])
        again = Dataset.open(dataset.folder)
        with pytest.raises(Damaged, match=path.name):
            _read_all(again)
        assert again.verify() == [f"{name} is not as it was published"]
        path.write_bytes(whole)
    assert dataset.verify() == []
    _read_all(Dataset.open(dataset.folder))


def test_a_byte_that_changes_without_a_trace_is_found_by_looking_again(here: Settings, record: Engine) -> None:
    dataset = Dataset.current(here.dataset_dir)
    file = next(name for name in dataset.manifest["files"] if "trust" in name)
    _read_all(dataset)
    from dashboard.evidence.dataset import wholeness

    _, hashed = wholeness._hashes[dataset.folder / file]
    path = dataset.folder / file
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    stat = path.stat()
    wholeness._hashes[path] = ((stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns), hashed)
    wholeness.check_file(dataset.folder, dataset.manifest, file)  # nothing shows yet
    assert dataset.verify() == [f"{file} is not as it was published"]
    with pytest.raises(Damaged):
        _read_all(dataset)


def test_a_damaged_manifest_is_not_served_and_is_published_again(here: Settings, record: Engine) -> None:
    manifest = Dataset.current(here.dataset_dir).folder / "manifest.json"
    whole = manifest.read_text()
    for broken in ("", "{", "[]", whole.replace('"vintage": 2', '"vintage": 3'), whole[:-40]):
        manifest.write_text(broken)
        (here.dataset_dir / "CURRENT").touch()  # a new process reads it anew
        with pytest.raises(Damaged, match=r"manifest\.json"):
            Dataset.current(here.dataset_dir)
        assert publish(record, here.dataset_dir).fresh
        assert manifest.read_text() == whole
    record.dispose()


def _read_all(dataset: Dataset) -> None:
    dataset.scan().collect()
    dataset.latest().collect()
    dataset.coverage()
    dataset.records()
    dataset.vintages()
    dataset.outcomes()
    dataset.observation("0" * 16)


@pytest.mark.parametrize("asked", ["contradiction", "settle"])
def test_what_is_published_between_two_looks_is_not_ahead_of_the_record(
    here: Settings, record: Engine, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    from dashboard.evidence.database import vintages
    from dashboard.operations.settling import settle

    listing, looks = vintages.list_digests_on, []

    def late(connection: Connection) -> list[tuple[int, str]]:
        """The record as it was before the last publication, at the first look."""
        looks.append(1)
        return listing(connection)[: 1 if len(looks) == 1 else None]

    monkeypatch.setattr(vintages, "list_digests_on", late)
    assert (agreement.explain_contradiction(here) == "") if asked == "contradiction" else (settle(here) is None)
    assert len(looks) == 2
