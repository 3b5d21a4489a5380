"""Reconcile database and served dataset after a publication was cut short."""

from pathlib import Path

from dashboard.accounts import audit
from dashboard.evidence.codebook import loader
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.evidence.dataset import layout, publication
from dashboard.evidence.dataset.force import SettledPublication, lock_folder
from dashboard.settings import Settings

ACTION = "dataset.finished"


def settle(settings: Settings) -> SettledPublication | None:
    """Finish or take back a publication that was cut short, and return what was done, if anything.

    Finished publications are entered in the audit trail. Without a database nothing is done, and none is made.

    Raises:
        RecordBehind: the served dataset is ahead of the record, or of another one.
    """
    path = settings.sqlite_path
    if path is not None and (not path.exists() or path.stat().st_size == 0):
        return None
    codebook = loader.hash_folder(loader.find_folder())
    done = publication.finish_publication(open_engine(settings), settings.dataset_dir, codebook)
    if _list_notes(settings.dataset_dir):
        _record_finished(settings)
    return done


def _record_finished(settings: Settings) -> None:
    """Enter each finished publication in the audit trail, once, whoever finished it."""
    engine = open_engine(settings)
    with lock_folder(settings.dataset_dir):
        for note in _list_notes(settings.dataset_dir):
            name = note.name.removeprefix(layout.FINISHED)
            subject = f"vintage {name.partition('-')[0]}"
            is_recorded = any(entry.action == ACTION for entry in audit.list_entries(engine, subject=subject)[0])
            if not is_recorded:
                with writing(engine) as connection:
                    audit.record(
                        connection, action=ACTION, subject=subject, after={"version": name},
                        reason="Its publication had been cut short.",
                    )  # fmt: skip
            note.unlink()


def _list_notes(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{layout.FINISHED}*"))
