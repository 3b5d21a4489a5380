"""Choose which backups to keep: the newest of each of the last days, weeks and months."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dashboard.operations.backup import SUFFIX


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How many days, weeks and months keep their newest backup."""

    days: int = 7
    weeks: int = 5
    months: int = 12


def list_backups(folder: Path) -> list[tuple[datetime, Path]]:
    """Return a folder's backups by the moment in their name, newest first; other files are ignored."""
    files = []
    for path in folder.glob(f"*{SUFFIX}"):
        try:
            moment = datetime.strptime(path.name.removesuffix(SUFFIX), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            continue
        files.append((moment, path))
    return sorted(files, reverse=True)


def prune(folder: Path, keep: RetentionRule, *, dry_run: bool = False) -> list[Path]:
    """Delete the backups that no rule keeps, never the newest, and return them; a dry run deletes none."""
    files = list_backups(folder)
    retained = {path for _, path in files[:1]}
    rules: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (keep.days, lambda moment: moment.date()),
        (keep.weeks, lambda moment: moment.isocalendar()[:2]),
        (keep.months, lambda moment: (moment.year, moment.month)),
    )
    for count, span in rules:
        newest: dict[object, Path] = {}
        for moment, path in files:
            newest.setdefault(span(moment), path)
        retained |= set(list(newest.values())[:count])
    expired = [path for _, path in files if path not in retained]
    if not dry_run:
        for path in expired:
            path.unlink()
    return expired
