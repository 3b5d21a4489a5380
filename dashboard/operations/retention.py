"""Which backups stay: the newest of each of the last days, weeks and months that have one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dashboard.operations.backup import ENDING


@dataclass(frozen=True, slots=True)
class Keep:
    """How many days, weeks and months keep their newest backup."""

    days: int = 7
    weeks: int = 5
    months: int = 12


def backups(folder: Path) -> list[tuple[datetime, Path]]:
    """The backups in a folder by the moment in their name, newest first; other files are left alone."""
    found = []
    for path in folder.glob(f"*{ENDING}"):
        try:
            moment = datetime.strptime(path.name.removesuffix(ENDING), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            continue
        found.append((moment, path))
    return sorted(found, reverse=True)


def prune(folder: Path, keep: Keep) -> list[Path]:
    """Delete the backups that are not kept; gives them. The newest always stays."""
    found = backups(folder)
    kept = {path for _, path in found[:1]}
    rules: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (keep.days, lambda moment: moment.date()),
        (keep.weeks, lambda moment: moment.isocalendar()[:2]),
        (keep.months, lambda moment: (moment.year, moment.month)),
    )
    for most, span in rules:
        newest: dict[object, Path] = {}
        for moment, path in found:
            newest.setdefault(span(moment), path)
        kept |= set(list(newest.values())[:most])
    gone = [path for _, path in found if path not in kept]
    for path in gone:
        path.unlink()
    return gone
