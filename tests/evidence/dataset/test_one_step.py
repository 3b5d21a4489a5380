"""What an interrupted publication leaves, every way it can lie there, and what becomes of it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.accounts import audit
from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import reading
from dashboard.evidence.dataset import layout
from dashboard.evidence.dataset.force import PublicationState, SettledPublication, announce_version, compare_with_record
from dashboard.evidence.dataset.publication import (
    Unpublished,
    finish_publication,
    open_publication,
    open_record_transaction,
    settle_publication,
)
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.store import Dataset
from dashboard.evidence.dataset.wholeness import RecordBehind
from dashboard.operations import settling
from dashboard.settings import Settings
from tests.evidence.database.figures import figure, figures, issue, raw_record

BOOK = "book"


@pytest.fixture
def folder(record: Engine, monitor_settings: Settings) -> Path:
    """A folder in which vintages 1 and 2 were published, and 2 is in force."""
    for value in (60.0, 61.0):
        issue(record, figures(figure(value, period=f"20{value:.0f}")))
        publish(record, monitor_settings.dataset_dir, BOOK)
    for note in monitor_settings.dataset_dir.glob(f"{layout.FINISHED}*"):
        note.unlink()
    return monitor_settings.dataset_dir


def now(record: Engine, folder: Path) -> PublicationState:
    with reading(record) as connection:
        return compare_with_record(folder, vintages.list_digests_on(connection))


def versions(folder: Path) -> dict[int, str]:
    return {int(path.name.partition("-")[0]): path.name for path in (folder / layout.VERSIONS).iterdir()}


class Cut(BaseException):
    """The process ends here; nothing that it would do on its way out is done."""


def cut(record: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch, *, decided: bool) -> None:
    """Publish vintage 3 and stop beside the commit, as a kill does."""

    def stop(*_: object) -> bool:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr("dashboard.evidence.dataset.publication.clear_failed", stop)
        patch.setattr(f"dashboard.evidence.dataset.publication.{'_activate' if decided else 'offer_version_on'}", stop)
        with pytest.raises(Cut):
            _third(record, folder)


def _third(record: Engine, folder: Path) -> None:
    with open_publication(record, folder, BOOK) as step:
        last = vintages.list_vintages_on(step.connection)[-1].created_at
        vintages.write_vintage_on(
            step.connection, created_at=last.replace(year=last.year + 1), note="", run_id=None,
            added=figures(figure(62.0, period="2015")), superseded=(), records=[raw_record()],
        )  # fmt: skip


def test_both_ways_are_told_and_settled(record: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = versions(folder)[2]
    assert now(record, folder) == PublicationState(2, 2, two, "", "")
    assert finish_publication(record, folder, BOOK) is None
    cut(record, folder, monkeypatch, decided=False)
    three = versions(folder)[3]
    assert now(record, folder) == PublicationState(2, 2, two, three, "undo")
    assert finish_publication(record, folder, BOOK) == SettledPublication(three, 3, finished=False)
    assert (now(record, folder), versions(folder).keys()) == (PublicationState(2, 2, two, "", ""), {1, 2})
    cut(record, folder, monkeypatch, decided=True)
    assert now(record, folder) == PublicationState(3, 2, two, three, "finish")
    assert finish_publication(record, folder, BOOK) == SettledPublication(three, 3, finished=True)
    assert now(record, folder) == PublicationState(3, 3, three, "", "")


def test_a_record_ahead_without_an_announcement_is_published(record: Engine, folder: Path) -> None:
    issue(record, figures(figure(62.0, period="2015")))
    assert now(record, folder).todo == "finish"
    done = finish_publication(record, folder, BOOK)
    assert (done.vintage, done.finished, now(record, folder).todo) == (3, True, "")


def test_a_dataset_ahead_of_the_record_is_refused_and_stays(record: Engine, folder: Path) -> None:
    version = Dataset.current(folder).version
    assert compare_with_record(folder, [(1, "of another record")]).todo == "refuse"
    assert compare_with_record(folder, []).todo == "refuse"
    manifest = folder / layout.VERSIONS / version / layout.MANIFEST
    manifest.write_text(manifest.read_text().replace('"vintage": 2', '"vintage": 3'))
    announce_version(folder, folder / layout.VERSIONS / version, version)
    (folder / layout.NEXT).replace(folder / layout.CURRENT)
    with pytest.raises(RecordBehind, match="ends with vintage 2"):
        finish_publication(record, folder, BOOK)
    with pytest.raises(RecordBehind), open_publication(record, folder, BOOK):
        raise AssertionError("nothing is begun")
    assert Dataset.current(folder).version == version


def test_an_older_version_never_takes_the_place_of_a_newer_one(record: Engine, folder: Path) -> None:
    one, two = versions(folder)[1], versions(folder)[2]
    announce_version(folder, folder / layout.VERSIONS / one, one)
    assert settle_publication(record, folder) == SettledPublication(one, 1, finished=False)
    assert Dataset.current(folder).version == two


def test_what_is_damaged_is_made_anew(record: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut(record, folder, monkeypatch, decided=True)
    version = folder / layout.VERSIONS / versions(folder)[3]
    (version / layout.INDEX).unlink()
    assert finish_publication(record, folder, BOOK) == SettledPublication(version.name, 3, finished=True)
    assert (Dataset.current(folder).vintage, Dataset.current(folder).verify()) == (3, [])


def test_what_cannot_be_read_announces_nothing(record: Engine, folder: Path) -> None:
    (folder / layout.NEXT).write_text("../elsewhere\n")
    assert settle_publication(record, folder) is None
    assert not (folder / layout.NEXT).exists()


def test_what_was_finished_stands_in_the_trail_once(
    record: Engine, folder: Path, monitor_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settling.settle(monitor_settings)
    assert audit.verify(record).entries == 0, "nothing was finished"
    cut(record, folder, monkeypatch, decided=False)
    settling.settle(monitor_settings)
    assert audit.verify(record).entries == 0, "what was taken back was never done"
    cut(record, folder, monkeypatch, decided=True)
    with open_publication(record, folder, BOOK):
        pass  # whoever publishes next finishes it, and knows nothing of a trail
    note = next(folder.glob(f"{layout.FINISHED}*"))
    told = note.read_bytes()
    settling.settle(monitor_settings)
    note.write_bytes(told)  # killed between the entry and the note's end
    settling.settle(monitor_settings)
    entries, count = audit.list_entries(record, subject="vintage 3")
    assert ([entry.action for entry in entries], count) == (["dataset.finished"], 1)
    assert (entries[0].after, entries[0].actor) == ({"version": Dataset.current(folder).version}, None)
    assert not note.exists()


def test_what_the_disk_refuses_is_told_by_its_kind(record: Engine, folder: Path) -> None:
    before = now(record, folder)
    for error, words in ((OSError(28, "No space left"), "no room left"), (OSError(5, "Input/output error"), "refused")):
        with (
            pytest.raises(Unpublished, match=f"nothing has changed: .*{words}"),
            open_publication(record, folder, BOOK),
        ):
            raise error
    with pytest.raises(ValueError, match="a fault of ours"), open_publication(record, folder, BOOK):
        raise ValueError("a fault of ours")
    with pytest.raises(ValueError, match="a fault of ours"), open_record_transaction(record):
        raise ValueError("a fault of ours")
    assert now(record, folder) == before
