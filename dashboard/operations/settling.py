"""Record and served dataset brought together after a publication was cut short, and the word of it in the audit trail.

``settle(settings)``: at each start, when a server is started again, and every few seconds while one runs.
"""

from pathlib import Path

from dashboard.accounts import audit
from dashboard.codebook import loader
from dashboard.database.engine import open_engine, writing
from dashboard.dataset import layout, publication
from dashboard.dataset.force import Settled, lock_folder
from dashboard.settings import Settings

ACTION = "dataset.finished"


def settle(settings: Settings) -> Settled | None:
    """Finish or take back what was cut short, and write down what was finished; quick when nothing was.

    Without a database there is nothing to go by, and none is made.

    Returns:
        What was finished or taken back; None where record and served agreed.

    Raises:
        GoesBack: what is served is ahead of the record, or of another one.
    """
    path = settings.sqlite_path
    if path is not None and (not path.exists() or path.stat().st_size == 0):
        return None
    done = publication.finish(open_engine(settings), settings.dataset_dir, loader.digest_folder(loader.find_folder()))
    if _notes(settings.dataset_dir):
        _write_down(settings)
    return done


def _write_down(settings: Settings) -> None:
    """An entry for each publication that was finished, once, whoever finished it and whoever looks."""
    record = open_engine(settings)
    with lock_folder(settings.dataset_dir):
        for note in _notes(settings.dataset_dir):
            name = note.name.removeprefix(layout.FINISHED)
            subject = f"vintage {name.partition('-')[0]}"
            told = any(entry.action == ACTION for entry in audit.listing(record, subject=subject)[0])
            if not told:
                with writing(record) as connection:
                    audit.record(
                        connection, action=ACTION, subject=subject, after={"version": name},
                        reason="Its publication had been cut short.",
                    )  # fmt: skip
            note.unlink()


def _notes(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{layout.FINISHED}*"))
