"""What one machine publishes is in force on the others, checked, at once, and never older than what they had."""

import itertools
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from dashboard.evidence.database import datasets
from dashboard.evidence.database.engine import reading, writing
from dashboard.evidence.dataset import layout, travel
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.store import Damaged, Dataset, NotPublished
from dashboard.evidence.dataset.travel import pull_newest
from dashboard.evidence.dataset.wholeness import RecordBehind
from tests.evidence.database.figures import figure, figures, issue

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgres"], indirect=True),  # with SQLite there is one machine
]


@pytest.fixture
def record(record: Engine) -> Engine:
    """A record that several machines share."""
    issue(record, figures(figure(60.0), figure(70.0, country="GEO"), figure(5.0, indicator="bribery")))
    return record


@pytest.fixture
def machines(tmp_path: Path) -> tuple[Path, Path]:
    """The folders of two machines; the second holds nothing yet."""
    return tmp_path / "one", tmp_path / "other"


def shown(folder: Path) -> list[float]:
    return sorted(Dataset.current(folder).scan().collect()["value"].to_list())


def bodies(record: Engine) -> int:
    with reading(record) as connection:
        return int(connection.execute(text("SELECT count(*) FROM dataset_file")).scalar_one())


def test_a_version_is_the_same_on_every_machine(record: Engine, machines: tuple[Path, Path]) -> None:
    one, other = machines
    assert pull_newest(record, one) == ""
    version = publish(record, one)
    assert pull_newest(record, one) == ""
    assert pull_newest(record, other) == version.name
    assert pull_newest(record, other) == ""
    dataset = Dataset.current(other)
    assert (dataset.verify(), dataset.manifest) == ([], Dataset.current(one).manifest)
    assert shown(other) == [5.0, 60.0, 70.0]
    assert list((other / layout.VERSIONS).iterdir()) == [dataset.folder]


def test_only_what_changed_is_fetched_and_kept(
    record: Engine, machines: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = machines
    publish(record, one)
    pull_newest(record, other)
    held = bodies(record)
    issue(record, figures(figure(61.0, period="2021")))
    version = publish(record, one)
    fetched: list[str] = []
    body_on = datasets.read_file_on
    monkeypatch.setattr(datasets, "read_file_on", lambda on, sha256: fetched.append(sha256) or body_on(on, sha256))
    assert pull_newest(record, other) == version.name
    files = Dataset.current(other).manifest["files"]
    assert files["observations/bribery.parquet"] not in fetched
    assert files["observations/trust.parquet"] in fetched
    assert bodies(record) == held + len(fetched)
    for day in range(2022, 2026):
        issue(record, figures(figure(61.0, period=str(day))))
        publish(record, one)
    with reading(record) as connection:
        kept = connection.execute(text("SELECT name FROM dataset_version")).scalars().all()
        named = connection.execute(text("SELECT files FROM dataset_version")).scalars().all()
    assert len(kept) == datasets.KEEP_VERSIONS
    assert bodies(record) == len(set(itertools.chain(*named)))


def test_it_never_goes_back(record: Engine, machines: tuple[Path, Path]) -> None:
    one, other = machines
    first = publish(record, one)
    issue(record, figures(figure(61.0, period="2021")))
    second = publish(record, other)
    with writing(record) as connection:  # as a restored backup of the database has it
        connection.execute(text("DELETE FROM dataset_version WHERE name = :name"), {"name": second.name})
    assert datasets.find_newest_name(record) == first.name
    assert pull_newest(record, other) == ""
    assert Dataset.current(other).version == second.name
    travel.offer_version(record, other, second.name)
    assert pull_newest(record, one) == second.name


def test_of_one_vintage_the_last_published_counts(record: Engine, machines: tuple[Path, Path]) -> None:
    one, other = machines
    old, new = publish(record, one, "codebook 1"), publish(record, other, "codebook 2")
    assert pull_newest(record, one) == new.name
    assert publish(record, one, "codebook 1").name == old.name
    assert (datasets.find_newest_name(record), pull_newest(record, other)) == (old.name, old.name)


def test_another_record_is_refused(record: Engine, machines: tuple[Path, Path]) -> None:
    one, other = machines
    publish(record, other)
    issue(record, figures(figure(61.0, period="2021")))
    publish(record, one)
    pointer = (other / layout.CURRENT).read_text()
    manifest = next((other / layout.VERSIONS).iterdir()) / layout.MANIFEST
    digest = Dataset.open(manifest.parent).manifest["digest"]
    manifest.write_text(manifest.read_text().replace(digest, digest[::-1]))
    (other / layout.CURRENT).write_text(f"{pointer.split()[0]} {layout.hash_file(manifest)}\n")
    with pytest.raises(RecordBehind, match="holds other figures"):
        pull_newest(record, other)
    assert (other / layout.CURRENT).read_text().split()[0] == pointer.split()[0]


@pytest.mark.parametrize("harm", ["UPDATE dataset_file SET body = body || 'x'", "DELETE FROM dataset_file"])
def test_bytes_that_are_not_those_published_are_not_taken(
    harm: str, record: Engine, machines: tuple[Path, Path]
) -> None:
    one, other = machines
    publish(record, one)
    with writing(record) as connection:
        connection.execute(text(harm))
    with pytest.raises(Damaged, match="not in the database as it was published"):
        pull_newest(record, other)
    with pytest.raises(NotPublished):
        Dataset.current(other)


def test_a_file_outside_its_version_is_not_written(record: Engine, machines: tuple[Path, Path]) -> None:
    one, other = machines
    publish(record, one)
    with writing(record) as connection:
        connection.execute(
            text("UPDATE dataset_version SET manifest = :manifest"),
            {"manifest": (Dataset.current(one).folder / layout.MANIFEST).read_bytes().replace(b"index.p", b"../i.p")},
        )
    with pytest.raises(Damaged, match="no file of a dataset"):
        pull_newest(record, other)


def test_machines_that_pull_and_publish_at_once_end_with_the_newest(
    record: Engine, machines: tuple[Path, Path]
) -> None:
    one, other = machines
    publish(record, one)
    faults: list[BaseException] = []

    def work(folder: Path, publishes: bool) -> None:
        try:
            for _ in range(5):
                pull_newest(record, folder)
                if publishes:
                    publish(record, folder)
        except BaseException as error:
            faults.append(error)

    workers = [threading.Thread(target=work, args=(folder, yes)) for folder in machines for yes in (True, False)]
    for worker in workers:
        worker.start()
    issue(record, figures(figure(61.0, period="2021")))
    for worker in workers:
        worker.join()
    publish(record, one)
    pull_newest(record, other)
    assert faults == []
    assert Dataset.current(one).version == Dataset.current(other).version == datasets.find_newest_name(record)
    assert shown(other) == [5.0, 60.0, 61.0, 70.0]
