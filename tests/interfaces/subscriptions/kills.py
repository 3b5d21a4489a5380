"""``python -m tests.interfaces.subscriptions.kills``: senders killed 200 times on SQLite and on PostgreSQL (``COUNT``).

Six readers by mail and three programs follow a country. Each round a figure has changed; a process begins to tell all
nine and is killed by SIGKILL at a random moment; others finish. Afterwards each has been told of this change and of no
other, under one id. A kill between the moment a server took a message and the moment that is put down sends the
same message again, with the same id and the same words: how often is told in the last line.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import text

from dashboard.evidence.codebook.loader import DATA, hash_folder
from dashboard.evidence.database.engine import migrate, open_engine, reading, writing
from dashboard.evidence.dataset.publish import publish
from dashboard.interfaces.subscriptions import signup, store
from dashboard.interfaces.subscriptions.model import SealedContent
from dashboard.settings import Settings
from tests.evidence.database.figures import figures, issue
from tests.evidence.database.places import make_place
from tests.interfaces.subscriptions import kill
from tests.interfaces.subscriptions.conftest import wgi
from tests.serving import free_port

READERS, PROGRAMS = 6, 3
MOMENT = 0.06
"""Longest wait before a kill behind the last message that came, in seconds: a message takes about as long."""

PATIENCE = 300.0
"""Seconds in which the others finish what a killed one left."""

VINTAGES = 9
"""Uganda's figure is 0.11 in the first, then 0.12 …: 0.1 has fewer digits, and would be no revision beside them."""

BEGAN = datetime(2026, 3, 20, 9, tzinfo=UTC)
NOW = BEGAN + timedelta(hours=1)


class Received:
    """What came by mail and by webhook: whom it was for, its id, and what it says; repeats too."""

    def __init__(self) -> None:
        self.told: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._lock = threading.Lock()

    def take(self, whom: str, name: str, words: str) -> None:
        """Note a message."""
        with self._lock:
            self.told[whom].append((name, words))

    def count(self) -> int:
        """How many messages came, repeats too."""
        with self._lock:
            return sum(map(len, self.told.values()))

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter."""
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.take(envelope.rcpt_tos[0], str(letter["Message-ID"]), str(letter.get_content()))
        return "250 OK"

    @contextlib.contextmanager
    def listening(self) -> Iterator[tuple[int, int]]:
        """A mail server and a web server; gives their ports."""
        received = self

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                words = body.partition('"data":')[2]  # without the time of the attempt
                received.take(self.path, self.headers["webhook-id"], words)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        mail = Controller(self, hostname="127.0.0.1", port=free_port())
        web = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        mail.start()
        threading.Thread(target=web.serve_forever, daemon=True).start()
        try:
            yield mail.port, web.server_address[1]
        finally:
            mail.stop()
            web.shutdown()
            web.server_close()


def follow(settings: Settings, hooks: int) -> None:
    """Nine that follow Uganda, confirmed, told of the first vintage."""
    places = [("mail", f"reader{at}@office.test") for at in range(READERS)]
    places += [("webhook", f"http://127.0.0.1:{hooks}/{at}") for at in range(PROGRAMS)]
    with writing(open_engine(settings)) as connection:
        for channel, to in places:
            content = SealedContent(to, signup.generate_token(), signup.generate_token(), "whsec_" + "a" * 32)
            values = {
                "channel": channel, "countries": "UGA", "lang": "en", "days": 1 if channel == "mail" else 0,
                "sealed": content.seal(settings), "sealed_with": signup.identify_secret(settings), "address_mark": to,
                "bound_mark": to, "confirm_hash": to, "stop_hash": to, "made_at": BEGAN, "confirmed_at": BEGAN,
                "due_at": BEGAN, "told": 1,
            }  # fmt: skip
            store.add(connection, values)


class Senders:
    """Processes that send what is due, made one after another."""

    def __init__(self, url: str, folder: Path, mail: int) -> None:
        command = [sys.executable, "-m", "tests.interfaces.subscriptions.kill", url, str(folder), str(mail)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def begin(self) -> int:
        """A process that sends; its number."""
        self.process.stdin.write(f"{NOW.isoformat()}\n")
        self.process.stdin.flush()
        return int(self._line())

    def end(self) -> None:
        """Wait until it has ended."""
        assert self._line() == "done"

    def _line(self) -> str:
        return self.process.stdout.readline().strip()


def kills(kind: str, count: int, seed: int = 9) -> list[str]:
    """Kill ``count`` senders on one kind of database and say what was hit; gives the faults."""
    chance, faults, hit, repeats, received = random.Random(seed), list[str](), Counter[int](), 0, Received()
    with make_place(kind) as (url, folder), received.listening() as (mail, hooks):
        settings = kill.place(url, folder, str(mail))
        migrate(settings)
        _publish(settings)
        follow(settings, hooks)
        senders = Senders(url, folder, mail)
        with senders.process:
            for at in range(1, count + 1):
                told = 1 + at % (VINTAGES - 1)
                _set_back(settings, told)
                received.told.clear()
                number = senders.begin()
                after = chance.randrange(READERS + PROGRAMS)  # so many were told, then a moment more
                until = time.monotonic() + PATIENCE
                while received.count() < after and _lives(number) and time.monotonic() < until:
                    time.sleep(0.001)
                time.sleep(chance.uniform(0.0, MOMENT))
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
                senders.end()
                hit[received.count()] += 1
                while not _all_told(settings) and time.monotonic() < until:
                    senders.begin()
                    senders.end()
                    time.sleep(0.2)
                repeats += received.count() - len(received.told)
                faults += [f"round {at}: {fault}" for fault in _check(received, told)]
                if len(faults) > 9:
                    break
            senders.process.stdin.close()
    between = sum(many for told, many in hit.items() if 0 < told < READERS + PROGRAMS)
    sys.stdout.write(
        f"{kind}: {hit.total()} kills of senders ({between} with some told and some not), "
        f"{hit.total() * (READERS + PROGRAMS)} messages due, {repeats} sent again with the same id; "
        f"{len(faults)} faults\n"
    )
    sys.stdout.writelines(f"  {fault}\n" for fault in faults)
    sys.stdout.flush()
    return faults


def _check(received: Received, told: int) -> Iterator[str]:
    """What is wrong after a round: somebody who was not told, was told under two ids, or of something else."""
    before, now = f"{(10 + told) / 100}", f"{(10 + VINTAGES) / 100}"
    if len(received.told) != READERS + PROGRAMS:
        yield f"only {sorted(received.told)} were told"
    for whom, messages in received.told.items():
        if len({name for name, _ in messages}) != 1:
            yield f"{whom} was told under {len({name for name, _ in messages})} ids"
        if len({words for _, words in messages}) != 1:
            yield f"{whom} was told in different words"
        if before not in messages[0][1] or now not in messages[0][1]:
            yield f"{whom} was not told of {before} → {now}: {messages[0][1][:200]}"


def _lives(number: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def _all_told(settings: Settings) -> bool:
    """Whether it is put down that everybody was told."""
    with reading(open_engine(settings)) as connection:
        return not connection.execute(text(f"SELECT 1 FROM subscription WHERE told < {VINTAGES}")).first()


def _set_back(settings: Settings, told: int) -> None:
    """As if all had been told up to a vintage, and were due again."""
    with writing(open_engine(settings)) as connection:
        connection.execute(text("DELETE FROM lease"))  # of the one killed before
        connection.execute(text(f"UPDATE subscription SET told = {told}, pending = 0, failures = 0"))
        for number in store.list_due(connection, BEGAN + timedelta(days=999)):
            one = store.find_by_id(connection, number)
            assert one is not None
            store.change(connection, one, due_at=BEGAN)


def _publish(settings: Settings) -> None:
    """Vintages in which Uganda's figure is another one each time."""
    engine, before = open_engine(settings), ""
    for at in range(1, VINTAGES + 1):
        rows = figures(wgi("UGA", (10 + at) / 100))
        issue(engine, rows, [before] if before else ())
        before = str(rows["id"][0])
    publish(engine, settings.dataset_dir, hash_folder(DATA))


def main() -> int:
    """The exit code says whether all was well on both."""
    count = int(os.environ.get("COUNT", "200"))
    return 1 if [fault for kind in ("sqlite", "postgresql") for fault in kills(kind, count)] else 0


if __name__ == "__main__":
    sys.exit(main())
