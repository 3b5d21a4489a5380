"""What the system says of a full disk reaches whoever publishes, from the file that Polars makes, too."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import is_disk_full
from dashboard.evidence.dataset.publication import Unpublished, open_publication
from tests.evidence.database.figures import START, figure, figures, raw_record

FULL = Path("/dev/full")  # every write to it finds no room


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_without_room_is_no_fault_of_ours(
    record: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = "dashboard.evidence.dataset.layout.locate_observations"
    monkeypatch.setattr(named, lambda _: str(FULL))  # an absolute path stays what it is below any folder
    with pytest.raises(Unpublished, match="no room left on the disk") as told:
        _published(record, tmp_path / "dataset")
    assert told.value.full
    assert isinstance(told.value.__cause__, OSError)
    assert is_disk_full(told.value.__cause__)
    assert vintages.list_vintages(record) == []
    monkeypatch.undo()
    _published(record, tmp_path / "dataset")
    assert len(vintages.list_vintages(record)) == 1


def _published(record: Engine, folder: Path) -> None:
    with open_publication(record, folder, "") as step:
        vintages.write_vintage_on(
            step.connection, created_at=START, note="", run_id=None, added=figures(figure(1.0)), superseded=(),
            records=[raw_record()],
        )  # fmt: skip
