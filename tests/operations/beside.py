"""``python -m tests.operations.beside --rounds 200``: every command beside a live server, and nothing is missing.

A server in a process of its own takes opinions all the while. A round alters a byte of a published file, waits until
the server has made it anew (every other round), runs one command of the command line, and compares what was thanked
for (303) with the rows of the record; at the end once more, after the server has stopped.
"""

import argparse
import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import text

from dashboard.accounts import store as accounts
from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.delivery.store import save_centres
from dashboard.contributions.voice.inbox import new_key
from dashboard.evidence.codebook import loader
from dashboard.evidence.database.engine import create_engine_for, migrate, open_engine, reading, writing
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.store import Dataset
from dashboard.settings import Settings
from tests.evidence.database.figures import figure, figures, issue
from tests.operations.live import OPENED
from tests.serving import free_port

ROOT = Path(__file__).parents[2]
SENDERS = 2
PATIENCE = 300.0
"""Seconds to wait for a server on a busy machine."""

COMMANDS: tuple[str, ...] = (
    "account list",
    "dataset publish",
    "backup create",
    "account invite {new}@office.test --role reviewer",
    "account link {new}@office.test",
    "account confirm {new}@office.test",
    "account codes {new}@office.test",
    "account rotate",
    "account revoke {new}@office.test",
    "account audit verify",
    "account audit export {folder}/{new}.jsonl",
    "backup verify {backup}",
    "backup restore {backup} --replace",
    "backup prune",
    "dataset status",
    "dataset rebuild",
    "dataset vintages",
    "dataset editions",
    "dataset waiting",
    "dataset approve 7",
    "dataset reject 7",
    "dataset diff 1 2",
    "dataset rollback 1",
    "delivery address https://office.test/ --country AZE --name Portal --expects Welcome",
    "delivery forget https://office.test/",
    "delivery centres {centres}",
    "delivery counts {counts}",
    "probe",
    "doctor",
    "claims check",
    "gather --source un_sdg --indicator trust",
    "source list",
    "submission check {counts} --country AZE --dataset counts --period 2026-01",
    "submission data-call --country AZE --out {folder}/{new}.xlsx",
    "submission list",
    "submission release 1",
    "submission tidy",
    "voice expire",
    "voice import {opinions}",
    "voice queue AZE {folder}/{new}.csv --coder one",
    "voice label AZE {labels} --coder one",
    "voice release AZE",
    "voice rotate",
    "voice train",
    "serve",
)
"""Every command that reads or writes the record; ``serve`` is refused, and so is what would replace the file."""

APART = {
    "backup key": "prints a key",
    "check": "reads a file and what is published",
    "codebook check": "reads files",
    "database move": "is refused beside a server, and only reads the record",
    "dataset compare": "reads what is published",
    "locales status": "reads files",
    "mcp": "reads what is published",
    "sdmx load": "reads and writes files",
    "sdmx mapping": "reads what is published",
    "snapshot build": "writes files",
    "source check": "asks publishers, keeps nothing",
    "source new": "writes files",
    "survey lits": "reads and writes files",
    "training": "has a folder of its own",
    "voice key": "prints a key",
}
"""Commands that do not touch the record, and why."""


@dataclass
class Live:
    """A running server, who sends it opinions, and what they were thanked for."""

    settings: Settings
    environment: dict[str, str]
    port: int
    process: "subprocess.Popen[str]"
    thanked: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)
    ended: threading.Event = field(default_factory=threading.Event)

    def command(self, words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the command line on the same folder."""
        return subprocess.run(
            [sys.executable, "-m", "dashboard", *words.split()], cwd=ROOT, env=self.environment, capture_output=True,
            text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip

    def say(self, client: httpx.Client) -> None:
        """Send one opinion, and note it when it was thanked for."""
        one = uuid.uuid4().hex
        self.unsure.add(one)  # until there is an answer
        form = {"id": one, "day": datetime.now(UTC).date().isoformat(), "service": "other", "rating": "3"}
        reply = client.post(f"http://127.0.0.1:{self.port}/voice/baku-1/", data=form)
        if reply.status_code == 303:
            self.thanked.append(one)
        else:
            self.refused.append(reply.status_code)
        self.unsure.discard(one)

    def missing(self) -> set[str]:
        """What was thanked for by now and is not in the record."""
        return set(self.thanked) - self.kept()

    def kept(self) -> set[str]:
        """Numbers of the opinions in the record that came by the form; read as any other process reads it."""
        with reading(open_engine(self.settings)) as connection:
            rows = connection.execute(text("SELECT id FROM voice_opinion WHERE channel = 'form'"))
            there = {str(row[0]) for row in rows}
        create_engine_for(self.settings.sqlalchemy_url).dispose()
        return there

    def repair(self) -> None:
        """Change one byte of a published file, and wait until the server has made it anew."""
        path = next(Dataset.current(self.settings.dataset_dir).folder.rglob("*.parquet"))
        whole = path.read_bytes()
        path.write_bytes(whole[:30] + bytes([whole[30] ^ 1]) + whole[31:])
        deadline = time.monotonic() + PATIENCE
        while not _holds(path, whole):
            assert time.monotonic() < deadline, "the published file was not made anew"
            time.sleep(0.02)

    def wait_for(self, more: int) -> None:
        """Wait until so many more opinions were thanked for."""
        wanted, deadline = len(self.thanked) + more, time.monotonic() + PATIENCE
        while len(self.thanked) < wanted:
            assert time.monotonic() < deadline, f"opinions are not taken any more: {self.refused[-3:]}"
            time.sleep(0.01)


def _holds(path: Path, whole: bytes) -> bool:
    """Whether that is in the file; while its version is put in its place, it is nowhere."""
    try:
        return path.read_bytes() == whole
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Live]:
    """A server on a new folder, under load until the block ends; what it opened beside SQLite is a fault."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")} | {
        "MONITOR_DATA_DIR": str(folder),
        "MONITOR_ACCOUNTS__ENABLED": "true",
        "MONITOR_PUBLIC_URL": "http://localhost:3000",
        "MONITOR_SECRET": "s" * 40,
        "MONITOR_VOICE__KEYS": json.dumps([new_key("one")]),
        "MONITOR_VOICE__PER_MINUTE": "1000000",
        "MONITOR_VOICE__PER_HOUR": "1000000",
        "MONITOR_SCHEDULE__ENABLED": "false",
        "MONITOR_HTTP__ATTEMPTS": "1",
        "MONITOR_HTTP__CONNECT_TIMEOUT": "0.2",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "NO_PROXY": "127.0.0.1",
    }
    settings, port = Settings(data_dir=folder, database_url=None), free_port()
    _fill(settings)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.operations.live", str(port)], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    live = Live(settings, environment, port, process)
    senders = [threading.Thread(target=_send, args=(live,), daemon=True) for _ in range(SENDERS)]
    try:
        _await(live)
        for one in senders:
            one.start()
        live.wait_for(1)
        yield live
    finally:
        live.ended.set()
        for one in senders:
            if one.ident:
                one.join()
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[0]
    assert OPENED not in said, said


def _fill(settings: Settings) -> None:
    """Two published vintages, a centre with a form, and who reads its opinions."""
    migrate(settings)
    record = open_engine(settings)
    issue(record, figures(figure(60.0), figure(70.0, country="GEO"), figure(5.0, indicator="bribery")))
    issue(record, figures(figure(61.0, period="2025")))
    publish(record, settings.dataset_dir, loader.hash_folder(loader.find_folder()))
    save_centres(record, [Centre("baku-1", "AZE", "Baku 1", date(2020, 1, 1), form=True)])
    with writing(record) as connection:
        for role in ("moderator", "integrity_officer"):
            accounts.add_account(
                connection, email=f"{role}@office.test", role=role, country="AZE", state="active",
                created_at=datetime.now(UTC),
            )  # fmt: skip
    create_engine_for(settings.sqlalchemy_url).dispose()


def _await(live: Live) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"http://127.0.0.1:{live.port}/readyz").status_code == 200:
                return
        assert live.process.poll() is None, "the server has ended"
        time.sleep(0.05)
    raise AssertionError("the server is not ready")


def _send(live: Live) -> None:
    with httpx.Client(trust_env=False, timeout=30) as client:
        while not live.ended.is_set():
            with contextlib.suppress(httpx.TransportError):
                live.say(client)
            time.sleep(0.05)


def rounds(folder: Path, count: int, commands: Sequence[str] = COMMANDS) -> Iterator[str]:
    """Run so many rounds; says each, and raises AssertionError at the first opinion that is missing."""
    data, beside = folder / "data", _files(folder)
    with running(data) as live:
        backup = live.command("backup create").stdout.partition(": ")[0] if "{backup}" in " ".join(commands) else ""
        for number, pattern in zip(range(count), itertools.cycle(commands), strict=False):
            if number % 2 == 0:
                live.repair()
            new = f"person-{number // len(commands)}"
            words = pattern.format(new=new, backup=backup, folder=folder, **beside)
            told = live.command(words)
            assert "Traceback" not in told.stderr, f"{words}: {told.stderr}"
            live.wait_for(5)
            gone = live.missing()
            assert not gone, f"round {number + 1}, {words}: {len(gone)} of {len(live.thanked)} thanked for are missing"
            yield f"{number + 1:>4}  {told.returncode}  {len(live.thanked):>6} thanked for, all there  {words}"
    gone = live.missing()
    assert not gone, f"after the end: {len(gone)} of {len(live.thanked)} thanked for are missing"
    more = live.kept() - set(live.thanked) - live.unsure
    assert not more, f"{len(more)} are kept that nobody was thanked for"
    yield f"{count} rounds: {len(live.thanked)} thanked for, none missing, {len(live.refused)} told to come again"


def _files(folder: Path) -> dict[str, str]:
    texts = {
        "centres": "code,country,name,since\nganja-1,AZE,Ganja 1,2024-01-01\n",
        "counts": "centre,service,channel,month,started,completed\nbaku-1,id,counter,2026-01,120,90\n",
        "opinions": "id,centre,channel,said_on,rating,text\n"
        f"{'a' * 32},baku-1,counter,{datetime.now(UTC).date() - timedelta(days=1)},2,slow queue\n",
        "labels": f"opinion,theme\n{'a' * 32},waiting\n",
    }
    for name, body in texts.items():
        (folder / f"{name}.csv").write_text(body, encoding="utf-8")
    return {name: str(folder / f"{name}.csv") for name in texts}


def main() -> int:
    """Exit code 1 when something thanked for is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    asked = parser.parse_args()
    with TemporaryDirectory() as place:
        try:
            for said in rounds(Path(place), asked.rounds):
                sys.stdout.write(f"{said}\n")
                sys.stdout.flush()
        except AssertionError as error:
            sys.stdout.write(f"{error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
