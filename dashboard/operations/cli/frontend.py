"""Build the pages, or reuse a build of the same tree.

Reflex builds in one folder (``.web``); each build is kept below it under a stamp of its inputs, so that no build takes
away the pages that another server serves. Port and public address are not part of a build.
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

from dashboard.operations.supervision import end_process

if TYPE_CHECKING:
    from dashboard.settings import Settings

StartProcess = Callable[[list[str], dict[str, str]], "subprocess.Popen[bytes]"]
"""Starts a command with these additions to its environment."""

ROOT = Path(__file__).parents[3]
START_TIMEOUT_S = 300.0  # seconds; the first start installs the front end's packages
STAMP_VARIABLE = "MONITOR_BUILD"
"""Environment variable of the builder with the stamp of the wanted build."""
FOLDER_VARIABLE = "REFLEX_WEB_WORKDIR"
MAX_UNUSED_BUILDS = 3
"""Most recently used builds that are kept although no server uses them."""

_IN_USE = "in-use"
_BUILT = ("routes.json", "reflex.json", "backend", "build/server", "build/client")
"""What a server reads of a build; the pages come last."""
_SOURCES = (
    "dashboard/**/*", "assets/**/*", "reflex.lock/bun.lock", "rxconfig.py", "requirements.lock", ".npmrc",
    "bunfig.toml",
)  # fmt: skip
_NOT_IN_PAGES = {
    "api", "cli", "database", "dataset", "gathering", "measures", "operations", "protection", "external",
}  # fmt: skip  # rooms no page is made of
_KINDS = {".py", ".jsx", ".js", ".json", ".toml", ".lock", ".csv", ".css", ".svg", ".ico", ".woff2", ".txt", ""}


def find_web_folder(root: Path) -> Path:
    """Return the folder where Reflex works: ``REFLEX_WEB_WORKDIR``, or ``.web`` in the tree."""
    return root / os.environ.get(FOLDER_VARIABLE, ".web")


def get_build_folder(root: Path, wanted: str) -> Path:
    """Return the folder of a stamp's build."""
    return find_web_folder(root) / "builds" / wanted[:20]


def compute_stamp(root: Path, configured: "Settings") -> str:
    """Return a hash of what the build depends on: source files, settings and versions."""
    digest = hashlib.sha256()
    baked = str(configured.training), version("reflex"), platform.python_version()
    digest.update("\n".join(baked).encode())
    for pattern in _SOURCES:
        for path in sorted(root.glob(pattern)):
            if path.suffix in _KINDS and path.is_file() and not _NOT_IN_PAGES & set(path.relative_to(root).parts):
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def is_whole(folder: Path) -> bool:
    """Return True if a build is complete."""
    return (folder / "build/client/404.html").is_file()


def is_built(root: Path, wanted: str) -> bool:
    """Return True if the build of a stamp exists and is complete."""
    return is_whole(get_build_folder(root, wanted))


@contextlib.contextmanager
def lock_builds(root: Path) -> Iterator[None]:
    """Keep others from building; the system releases the lock of a dead builder."""
    web = find_web_folder(root)
    web.parent.mkdir(parents=True, exist_ok=True)
    with web.with_name(f"{web.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def hold_build(root: Path, wanted: str) -> Iterator[None]:
    """Keep the build of a stamp, existing or still to come, from being removed."""
    folder = get_build_folder(root, wanted)
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.ExitStack() as stack:
            try:
                lock = stack.enter_context((folder / _IN_USE).open("a"))
                fcntl.flock(lock, fcntl.LOCK_SH)
                os.utime(lock.fileno())
                if not os.path.samestat(os.fstat(lock.fileno()), (folder / _IN_USE).stat()):
                    continue
            except FileNotFoundError:  # removed in this very moment
                continue
            yield
            return


def keep_build(root: Path, wanted: str) -> None:
    """Keep a complete build under its stamp, and remove old builds that no server uses."""
    web, folder = find_web_folder(root), get_build_folder(root, wanted)
    with hold_build(root, wanted):
        incoming = folder / "coming"
        shutil.rmtree(incoming, ignore_errors=True)
        incoming.mkdir()
        for name in _BUILT:
            source, target = web / name, folder / name
            copied = incoming / target.name
            if source.is_dir():
                shutil.copytree(source, copied)
                shutil.rmtree(target, ignore_errors=True)
            else:
                shutil.copyfile(source, copied)
            target.parent.mkdir(exist_ok=True)
            copied.rename(target)
        incoming.rmdir()
        _remove_unused(folder.parent)


def _remove_unused(builds: Path) -> None:
    """Remove unused builds except the most recently used."""
    marks = sorted(builds.glob(f"*/{_IN_USE}"), key=lambda mark: mark.stat().st_mtime, reverse=True)
    unused = 0
    for mark in marks:
        with mark.open("a") as lock, contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            unused += 1
            if unused > MAX_UNUSED_BUILDS:
                shutil.rmtree(mark.parent)


def keep_compiled(root: Path, environment: dict[str, str]) -> None:
    """Let Python keep its bytecode, since recompiling doubles the time of a restart.

    It lies beside the code, or beside the builds where the code is read-only.
    """
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if not os.access(root / "dashboard", os.W_OK):
        environment.setdefault("PYTHONPYCACHEPREFIX", str(find_web_folder(root) / "compiled"))


def tidy_lockfile(root: Path) -> None:
    """Write ``reflex.lock/package.json`` as the first build does; later ones reformat it."""
    lockfile = root / "reflex.lock/package.json"
    lockfile.write_text(json.dumps(json.loads(lockfile.read_text(encoding="utf-8"))), encoding="utf-8")


def write_build_command(wanted: str) -> tuple[list[str], dict[str, str]]:
    """Return the command that builds the pages of a stamp, and additions to its environment."""
    return [sys.executable, "-m", "dashboard.operations.cli.builder"], {STAMP_VARIABLE: wanted}


def write_serve_command(host: str, port: int, wanted: str) -> tuple[list[str], dict[str, str]]:
    """Return the command that serves pages and API of a build, and additions to its environment."""
    environment = {
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        FOLDER_VARIABLE: str(get_build_folder(ROOT, wanted)),
    }
    return [sys.executable, "-m", "dashboard.operations.cli.server", host, str(port)], environment


class BuiltPages:
    """The pages of the tree, held for a ``serve`` and built where they are missing.

    The tree may change while a server runs, so every restart asks again.
    """

    def __init__(self, root: Path, configured: "Settings", start_process: StartProcess) -> None:
        self._root, self._configured, self._started = root, configured, start_process
        self._using, self._stamps = contextlib.ExitStack(), set[str]()
        self._stamp = ""
        self.builders: list[subprocess.Popen[bytes]] = []

    def request_build(self) -> str:
        """Return the stamp of the present tree, having started its build if needed."""
        self._stamp = stamp = compute_stamp(self._root, self._configured)
        if stamp not in self._stamps:
            self._stamps.add(stamp)
            self._using.enter_context(hold_build(self._root, stamp))
        if not self.are_built() and not any(builder.poll() is None for builder in self.builders):
            self.builders = [self._started(*write_build_command(stamp))]
        return stamp

    def are_built(self) -> bool:
        """Return True if the last requested build exists."""
        return is_built(self._root, self._stamp)

    def end_builders(self) -> None:
        """End builders that still run."""
        while self.builders:
            end_process(self.builders.pop())

    def let_go(self) -> None:
        """Release the builds."""
        self.end_builders()
        self._using.close()
