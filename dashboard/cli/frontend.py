"""Whether the pages are built for this very tree and port; then they are served at once, without building them anew.

Building takes about ten seconds, serving what is built about two. The address of the websocket is part of the build:
the public one, or else that of the port. So the processes behind a proxy share a build, and one of them builds it.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboard.settings import Settings

ROOT = Path(__file__).parents[2]
STAMP = "monitor-build.txt"
STARTS_WITHIN = 300.0  # seconds; the first start installs the front end's packages
WANTED = "MONITOR_BUILD"
"""Name in the environment of builder and server: the stamp of the build that is wanted."""

_SOURCES = (
    "dashboard/**/*", "assets/**/*", "reflex.lock/bun.lock", "rxconfig.py", "requirements.lock", ".npmrc",
    "bunfig.toml",
)  # fmt: skip
_BEHIND = {
    "api", "cli", "database", "dataset", "gathering", "measures", "operations", "protection", "external",
}  # fmt: skip  # rooms no page is made of
_KINDS = {".py", ".jsx", ".js", ".json", ".toml", ".lock", ".csv", ".css", ".svg", ".ico", ".woff2", ".txt", ""}


def web_folder(root: Path) -> Path:
    """Where Reflex builds: ``REFLEX_WEB_WORKDIR``, or ``.web`` in the tree."""
    return root / os.environ.get("REFLEX_WEB_WORKDIR", ".web")


def stamp(root: Path, port: int, configured: "Settings") -> str:
    """What the build depends on, as one line: the tree's files, the settings baked in, versions, and the port."""
    digest = hashlib.sha256()
    baked = configured.public_url or str(port), str(configured.training), version("reflex"), platform.python_version()
    digest.update("\n".join(baked).encode())
    for pattern in _SOURCES:
        for path in sorted(root.glob(pattern)):
            if path.suffix in _KINDS and path.is_file() and not _BEHIND & set(path.relative_to(root).parts):
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def is_built(root: Path, wanted: str) -> bool:
    """Whether the build of that stamp is there, whole."""
    web = web_folder(root)
    try:
        return (web / STAMP).read_text(encoding="ascii") == wanted and (web / "build/client/404.html").is_file()
    except OSError:
        return False


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Nobody else builds there meanwhile; the system gives the lock back when a builder dies."""
    web = web_folder(root)
    web.parent.mkdir(parents=True, exist_ok=True)
    with web.with_name(f"{web.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def forget(root: Path) -> None:
    """Before a build: until it is done, nothing is built."""
    (web_folder(root) / STAMP).unlink(missing_ok=True)


def remember(root: Path, built: str) -> None:
    """After a build that is whole."""
    (web_folder(root) / STAMP).write_text(built, encoding="ascii")


def tidy(root: Path) -> None:
    """Write ``reflex.lock/package.json`` as a first build does: later ones break its lines, as if it had changed."""
    lockfile = root / "reflex.lock/package.json"
    lockfile.write_text(json.dumps(json.loads(lockfile.read_text(encoding="utf-8"))), encoding="utf-8")


def building(port: int, wanted: str) -> tuple[list[str], dict[str, str]]:
    """The command that builds the pages for this port under that stamp, and what to add to its environment."""
    ports = {"REFLEX_FRONTEND_PORT": str(port), "REFLEX_BACKEND_PORT": str(port)}
    return [sys.executable, "-m", "dashboard.cli.builder"], {**ports, WANTED: wanted}


def serving(host: str, port: int, wanted: str) -> tuple[list[str], dict[str, str]]:
    """The command that serves pages and API as soon as the build of that stamp is there, and its environment."""
    settled = {
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        WANTED: wanted,
    }
    return [sys.executable, "-m", "dashboard.cli.server", host, str(port)], settled
