"""Whether the pages are built for this very tree; then they are served at once, without building them anew.

Building takes about ten seconds, serving what is built about two. Reflex builds in one folder (``.web``, 160 MB of
packages); what it built is kept below it in a folder for each stamp (4 MB), so that no build takes away the pages that
another server serves. Neither port nor public address is part of a build: pages ask the origin they came from.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.operations.supervision import end

if TYPE_CHECKING:
    from dashboard.settings import Settings

Started = Callable[[list[str], dict[str, str]], "subprocess.Popen[bytes]"]
"""Starts a command with that in its environment."""

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 300.0  # seconds; the first start installs the front end's packages
WANTED = "MONITOR_BUILD"
"""Name in the environment of the builder: the stamp of the build that is wanted."""
WORKS_IN = "REFLEX_WEB_WORKDIR"
MOST_UNUSED = 3
"""Builds kept that no server uses, the latest used first: whoever goes back to them need not build."""

_IN_USE = "in-use"
_BUILT = ("routes.json", "reflex.json", "backend", "build/client")
"""What a server reads of a build; the pages come last."""
_SOURCES = (
    "dashboard/**/*", "assets/**/*", "reflex.lock/bun.lock", "rxconfig.py", "requirements.lock", ".npmrc",
    "bunfig.toml",
)  # fmt: skip
_BEHIND = {
    "api", "cli", "database", "dataset", "gathering", "measures", "operations", "protection", "external",
}  # fmt: skip  # rooms no page is made of
_KINDS = {".py", ".jsx", ".js", ".json", ".toml", ".lock", ".csv", ".css", ".svg", ".ico", ".woff2", ".txt", ""}


def find_web_folder(root: Path) -> Path:
    """Where Reflex works: ``REFLEX_WEB_WORKDIR``, or ``.web`` in the tree."""
    return root / os.environ.get(WORKS_IN, ".web")


def build_folder(root: Path, wanted: str) -> Path:
    """Where the build of that stamp is kept."""
    return find_web_folder(root) / "builds" / wanted[:20]


def stamp(root: Path, configured: "Settings") -> str:
    """What the build depends on, as one line: the tree's files, the settings baked in, and versions."""
    digest = hashlib.sha256()
    baked = str(configured.training), version("reflex"), platform.python_version()
    digest.update("\n".join(baked).encode())
    for pattern in _SOURCES:
        for path in sorted(root.glob(pattern)):
            if path.suffix in _KINDS and path.is_file() and not _BEHIND & set(path.relative_to(root).parts):
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def is_whole(folder: Path) -> bool:
    """Whether a build is there to be served."""
    return (folder / "build/client/404.html").is_file()


def is_built(root: Path, wanted: str) -> bool:
    """Whether the build of that stamp is there, whole."""
    return is_whole(build_folder(root, wanted))


@contextlib.contextmanager
def lock_builds(root: Path) -> Iterator[None]:
    """Nobody else builds there meanwhile; the system gives the lock back when a builder dies."""
    web = find_web_folder(root)
    web.parent.mkdir(parents=True, exist_ok=True)
    with web.with_name(f"{web.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def hold_build(root: Path, wanted: str) -> Iterator[None]:
    """The build of that stamp, there or still to be made, is not removed meanwhile, however many others are made."""
    folder = build_folder(root, wanted)
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.ExitStack() as held:
            try:
                lock = held.enter_context((folder / _IN_USE).open("a"))
                fcntl.flock(lock, fcntl.LOCK_SH)
                os.utime(lock.fileno())
                if not os.path.samestat(os.fstat(lock.fileno()), (folder / _IN_USE).stat()):
                    continue
            except FileNotFoundError:  # removed in this very moment
                continue
            yield
            return


def keep(root: Path, wanted: str) -> None:
    """After a build that is whole: keep it under its stamp, and remove old ones that no server uses."""
    web, folder = find_web_folder(root), build_folder(root, wanted)
    with hold_build(root, wanted):
        coming = folder / "coming"
        shutil.rmtree(coming, ignore_errors=True)
        coming.mkdir()
        for name in _BUILT:
            there, here = web / name, folder / name
            copied = coming / here.name
            if there.is_dir():
                shutil.copytree(there, copied)
                shutil.rmtree(here, ignore_errors=True)
            else:
                shutil.copyfile(there, copied)
            here.parent.mkdir(exist_ok=True)
            copied.rename(here)
        coming.rmdir()
        _remove_unused(folder.parent)


def _remove_unused(builds: Path) -> None:
    """Remove builds that nobody uses, but for the latest used."""
    marks = sorted(builds.glob(f"*/{_IN_USE}"), key=lambda mark: mark.stat().st_mtime, reverse=True)
    kept = 0
    for mark in marks:
        with mark.open("a") as lock, contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            kept += 1
            if kept > MOST_UNUSED:
                shutil.rmtree(mark.parent)


def keep_compiled(root: Path, environment: dict[str, str]) -> None:
    """In that environment Python keeps what it compiles: a restart that compiles all anew takes twice as long.

    Beside the code, or beside the builds where the code may only be read, as under systemd.
    """
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if not os.access(root / "dashboard", os.W_OK):
        environment.setdefault("PYTHONPYCACHEPREFIX", str(find_web_folder(root) / "compiled"))


def tidy(root: Path) -> None:
    """Write ``reflex.lock/package.json`` as a first build does: later ones break its lines, as if it had changed."""
    lockfile = root / "reflex.lock/package.json"
    lockfile.write_text(json.dumps(json.loads(lockfile.read_text(encoding="utf-8"))), encoding="utf-8")


def write_build_command(wanted: str) -> tuple[list[str], dict[str, str]]:
    """The command that builds the pages under that stamp, and what to add to its environment."""
    return [sys.executable, "-m", "dashboard.cli.builder"], {WANTED: wanted}


def write_serve_command(host: str, port: int, wanted: str) -> tuple[list[str], dict[str, str]]:
    """The command that serves pages and API as soon as the build of that stamp is there, and its environment."""
    settled = {
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        WORKS_IN: str(build_folder(ROOT, wanted)),
    }
    return [sys.executable, "-m", "dashboard.cli.server", host, str(port)], settled


class BuiltPages:
    """The pages of the tree as it is now, for one ``serve``: in use as long as it runs, built where they are missing.

    The tree may change while a server runs, and a build may be removed: what is started again asks anew.
    """

    def __init__(self, root: Path, configured: "Settings", started: Started) -> None:
        self._root, self._configured, self._started = root, configured, started
        self._using, self._stamps = contextlib.ExitStack(), set[str]()
        self._stamp = ""
        self.builders: list[subprocess.Popen[bytes]] = []

    def wanted(self) -> str:
        """The stamp of the tree; its build is there, or being made."""
        self._stamp = wanted = stamp(self._root, self._configured)
        if wanted not in self._stamps:
            self._stamps.add(wanted)
            self._using.enter_context(hold_build(self._root, wanted))
        if not self.are_built() and not any(builder.poll() is None for builder in self.builders):
            self.builders = [self._started(*write_build_command(wanted))]
        return wanted

    def are_built(self) -> bool:
        """Whether the build that was wanted last is there."""
        return is_built(self._root, self._stamp)

    def end_builders(self) -> None:
        """End what builds, if it still does."""
        while self.builders:
            end(self.builders.pop())

    def let_go(self) -> None:
        """The builds are no longer in use."""
        self.end_builders()
        self._using.close()
