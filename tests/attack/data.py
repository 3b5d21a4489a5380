"""Attacks on what is kept: bytes of published files, the database, and the processes that serve."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import psutil

from tests.attack.target import Target
from tests.serving import ROOT

Figures = dict[str, float]


def bytes_(target: Target) -> Figures:
    """One altered byte in each published file, while readers ask."""
    version = (target.data_dir / "dataset" / "CURRENT").read_text().split()[0]
    folder = target.data_dir / "dataset" / "versions" / version
    names = [*json.loads((folder / "manifest.json").read_text())["files"], "manifest.json"]
    asked = "/api/v1/observations.csv?indicator=wgi_cc&country=AZE"
    right = target.get(asked)[2]
    whole = {name: (folder / name).read_bytes() for name in names}
    for name, body in whole.items():
        middle = len(body) // 2
        (folder / name).write_bytes(body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :])
    began = time.monotonic()
    wrong = cut = unready = 0
    healed = 0.0
    while time.monotonic() - began < 75:
        with contextlib.suppress(OSError):
            status, headers, body = target.get(asked)
            if status == 200:
                wrong += body != right
                cut += "content-length" in headers and int(headers["content-length"]) != len(body)
            unready += target.get("/readyz")[0] == 503
        if all((folder / name).exists() and (folder / name).read_bytes() == body for name, body in whole.items()):
            healed = time.monotonic() - began
            break
        time.sleep(0.25)
    return {"files": len(names), "healed_after_s": healed, "wrong": wrong, "cut": cut, "said_unready": unready}


def kills(target: Target, rounds: int) -> Figures:
    """``kill -9`` of each process of the server in turn."""
    longest, back, orphans = 0.0, 0, 0
    for number in range(rounds):
        children = target.serve.children(recursive=True)
        victims = [child for child in children if serves(child)]
        victim = victims[number % len(victims)]
        before = {child.pid for child in children}
        victim.send_signal(signal.SIGKILL)
        began = time.monotonic()
        time.sleep(0.3)
        while time.monotonic() - began < 30 and not target.answers():
            time.sleep(0.05)
        took = time.monotonic() - began
        longest, back = max(longest, took), back + (took < 10)
        time.sleep(1.0)
        family = {target.serve.pid, *(child.pid for child in target.serve.children(recursive=True))}
        orphans += sum(psutil.pid_exists(pid) and pid not in family and _lives(pid) for pid in before)
    return {"rounds": rounds, "back_in_10s": back, "longest_s": longest, "orphans": orphans}


def serves(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in " ".join(process.cmdline())
    return False


def _lives(pid: int) -> bool:
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def parent(target: Target) -> Figures:
    """``kill -9`` of the process that watches over the others: nothing is left, and a new start finds all in order."""
    children = [child.pid for child in target.serve.children(recursive=True)]
    os.kill(target.serve.pid, signal.SIGKILL)
    time.sleep(1.5)
    return {"left": sum(_lives(pid) for pid in children)}


def second(target: Target) -> Figures:
    """A second server on the same data."""
    code, said = _serve(target, str(target.port + 1))
    return {"refused": float(code == 1), "said": float("Another server runs on" in said and "Traceback" not in said)}


def refusals(target: Target) -> Figures:
    """A database that is gone, older or damaged beside a newer dataset: ten ways. The server must not run."""
    path = target.data_dir / "monitor.sqlite3"
    whole = path.read_bytes()
    ways = {
        "gone": lambda: path.unlink(),
        "empty": lambda: path.write_bytes(b""),
        "text": lambda: path.write_text("not a database"),
        "head": lambda: path.write_bytes(b"\0" * 4096 + whole[4096:]),
        "schema": lambda: path.write_bytes(whole[:100] + b"\xff" * 3000 + whole[3100:]),
        "middle": lambda: path.write_bytes(
            whole[: len(whole) // 2] + b"\xff" * 40960 + whole[len(whole) // 2 + 40960 :]
        ),
        "half": lambda: path.write_bytes(whole[: len(whole) // 2]),
        "folder": lambda: (path.unlink(), path.mkdir()),
        "fresh": lambda: (path.unlink(), _fresh(path)),
        "other": lambda: _other(path),
    }
    refused = traced = 0
    for name, harm in ways.items():
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        harm()
        code, said = _serve(target, str(target.port))
        well = code == 1 and ("dataset rebuild" in said or name == "folder") and len(said.strip().splitlines()) <= 3
        refused += well
        traced += "Traceback" in said
        if not well:
            print("   ", name, code, said[-400:])  # noqa: T201
        if path.is_dir():
            path.rmdir()
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        path.write_bytes(whole)
    return {"ways": len(ways), "refused": refused, "tracebacks": traced}


def _fresh(path: "os.PathLike[str]") -> None:
    from dashboard.evidence.database.engine import create_engine_for, migrate
    from dashboard.settings import Settings

    settings = Settings(database_url=f"sqlite:///{path}")
    migrate(settings)
    create_engine_for(settings.sqlalchemy_url).dispose()


def _other(path: "os.PathLike[str]") -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE vintage SET digest = 'f' || substr(digest, 2)")


def _serve(target: Target, port: str) -> tuple[int, str]:
    environment = os.environ | {"MONITOR_DATA_DIR": str(target.data_dir), "MONITOR_SCHEDULE__ENABLED": "false"}
    environment.setdefault("REFLEX_WEB_WORKDIR", str(ROOT / ".web-test"))
    command = [sys.executable, "-m", "dashboard", "serve", "--port", port]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    return ran.returncode, ran.stdout + ran.stderr
