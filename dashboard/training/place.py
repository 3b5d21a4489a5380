"""The folder of a training workspace: marked as one, never one that holds a real record, never served in public."""

import json
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dashboard.operations.supervision import Occupied, alone
from dashboard.settings import LOOPBACK, TRAINING_MARK, Settings


class WorkspaceRefused(Exception):
    """A training workspace cannot be made or served here; the message says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class WorkspaceAccount:
    """An account of the workspace as the terminal prints it; the password opens nothing but this workspace."""

    email: str
    role: str
    country: str
    password: str


@dataclass(frozen=True, slots=True)
class Made:
    """What a workspace was made with: the secrets of its forms, sessions and opinions, and its people."""

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


def made(folder: Path) -> Made | None:
    """What the workspace in ``folder`` was made with; None where there is none yet.

    Raises:
        WorkspaceRefused: the folder holds something else, such as a real record, or what it was made with cannot be
            read.
    """
    _refuse_others(folder)
    mark = folder / TRAINING_MARK
    if not mark.is_file():
        return None
    try:
        held = json.loads(mark.read_text(encoding="utf-8"))
        if not held["whole"]:
            return None
        return Made(held["secret"], held["voice_key"], tuple(WorkspaceAccount(**one) for one in held["people"]))
    except (ValueError, KeyError, TypeError) as error:
        raise WorkspaceRefused(
            f"{mark} is damaged: choose another folder with --folder, or begin anew with --reset, "
            "which loses what was done in this one."
        ) from error


def begin(folder: Path, voice_key: str) -> Made:
    """Mark an empty folder, or one whose making was cut short, as a workspace, and give it its secrets."""
    reset(folder)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = Made(secrets.token_urlsafe(48), voice_key)
    _write(folder, fresh, whole=False)
    return fresh


def finish(folder: Path, done: Made) -> None:
    """Say that the workspace is whole; from now on it is kept until it is reset."""
    _write(folder, done, whole=True)


def reset(folder: Path) -> None:
    """Remove a workspace with all that was done in it.

    Raises:
        WorkspaceRefused: the folder holds something else, or a server runs on it.
    """
    _refuse_others(folder)
    if not folder.exists():
        return
    try:
        with alone(folder, port=0):  # it serves nothing
            shutil.rmtree(folder)
    except Occupied as reason:
        raise WorkspaceRefused(str(reason)) from reason


def _refuse_others(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / TRAINING_MARK).is_file():
        raise WorkspaceRefused(
            f"{folder} holds something that is no training workspace: choose another folder with --folder."
        )


def _write(folder: Path, held: Made, *, whole: bool) -> None:
    mark = folder / TRAINING_MARK
    mark.touch(mode=0o600)
    mark.chmod(0o600)
    mark.write_text(json.dumps({"whole": whole, **asdict(held)}), encoding="utf-8")
