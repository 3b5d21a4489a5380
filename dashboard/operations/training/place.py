"""The folder of a training workspace: marked, never a real record, never served in public."""

import json
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dashboard.operations.supervision import Occupied, hold_folder
from dashboard.settings import LOOPBACK, TRAINING_MARK, Settings


class WorkspaceRefused(Exception):
    """A training workspace cannot be made or served here; the message says why."""


@dataclass(frozen=True, slots=True)
class WorkspaceAccount:
    """An account of the workspace as printed; its password opens nothing else."""

    email: str
    role: str
    country: str
    password: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """The secrets and people of a workspace."""

    secret: str
    voice_key: str  # seals the words of invented opinions
    people: tuple[WorkspaceAccount, ...] = ()


def refuse_public(settings: Settings, host: str) -> None:
    """Make sure that only this machine can reach the workspace.

    Raises:
        WorkspaceRefused: a public address is set, or the server would listen to others.
    """
    if host not in LOOPBACK:
        raise WorkspaceRefused(f"A training workspace is served on this machine only: leave out --host {host}.")
    public = settings.public_url or ""
    if public and urlsplit(public).hostname not in LOOPBACK:
        raise WorkspaceRefused(
            f"A training workspace has no public address, but MONITOR_PUBLIC_URL is {public}: "
            "start it where that is not set."
        )


def read_workspace(folder: Path) -> Workspace | None:
    """Return the finished workspace in a folder; None where there is none yet.

    Raises:
        WorkspaceRefused: the folder holds something else, or its mark is damaged.
    """
    _refuse_others(folder)
    mark = folder / TRAINING_MARK
    if not mark.is_file():
        return None
    try:
        stored = json.loads(mark.read_text(encoding="utf-8"))
        if not stored["whole"]:
            return None
        return Workspace(
            stored["secret"], stored["voice_key"], tuple(WorkspaceAccount(**person) for person in stored["people"])
        )
    except (ValueError, KeyError, TypeError) as error:
        raise WorkspaceRefused(
            f"{mark} is damaged: choose another folder with --folder, or begin anew with --reset, "
            "which loses what was done in this one."
        ) from error


def begin(folder: Path, voice_key: str) -> Workspace:
    """Mark an empty folder, or an unfinished workspace, as a workspace with new secrets."""
    reset(folder)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = Workspace(secrets.token_urlsafe(48), voice_key)
    _write(folder, fresh, whole=False)
    return fresh


def finish(folder: Path, done: Workspace) -> None:
    """Mark the workspace as finished: it is kept until it is reset."""
    _write(folder, done, whole=True)


def reset(folder: Path) -> None:
    """Delete a workspace with all that was done in it.

    Raises:
        WorkspaceRefused: the folder holds something else, or a server runs on it.
    """
    _refuse_others(folder)
    if not folder.exists():
        return
    try:
        with hold_folder(folder, port=0):  # it serves nothing
            shutil.rmtree(folder)
    except Occupied as reason:
        raise WorkspaceRefused(str(reason)) from reason


def _refuse_others(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / TRAINING_MARK).is_file():
        raise WorkspaceRefused(
            f"{folder} holds something that is no training workspace: choose another folder with --folder."
        )


def _write(folder: Path, workspace: Workspace, *, whole: bool) -> None:
    mark = folder / TRAINING_MARK
    mark.touch(mode=0o600)
    mark.chmod(0o600)
    mark.write_text(json.dumps({"whole": whole, **asdict(workspace)}), encoding="utf-8")
