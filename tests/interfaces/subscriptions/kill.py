"""``python -m tests.interfaces.subscriptions.kill URL FOLDER MAIL``: sends what is due, in a process for each line it
is given.

A line is the moment; the process's number is said, and ``done`` when it has ended, by itself or killed by ``kills``.
Everything is loaded once: nothing is asked of a database or of Polars before the process for a line is made.
"""

import os
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import aiosmtplib  # noqa: F401 - loaded before the first process is made

from dashboard.interfaces.subscriptions.sweep import sweep
from dashboard.interfaces.subscriptions.webhook import PostOutcome
from dashboard.runtime import outbound
from dashboard.settings import Settings

SITE = "https://monitor.test"
HELD = 1.0
"""Seconds for which what a killed process was sending is nobody else's."""


def place(url: str, folder: Path, mail: str) -> Settings:
    """The settings of an installation whose mail server listens on a port of this machine."""
    return Settings(
        data_dir=folder, database_url=url, public_url=SITE, secret="k" * 40,
        mail={"host": "127.0.0.1", "port": int(mail), "encryption": "none", "sender": "monitor@monitor.test"},
    )  # fmt: skip


def post(url: str, secret: str, message_id: str, body: bytes, now: datetime) -> PostOutcome:
    """Tell a program on this machine, without the sandbox: a process for each would take longer than the sending."""
    host = url.removeprefix("http://").partition("/")[0]
    job = {"address": url, "most": 99, "seconds": 9, "private": [host], "content": body}
    told = outbound.ask({**job, "headers": {"webhook-id": message_id}})
    return PostOutcome("taken" if told.get("status") == 204 else "failed")


def main(url: str, folder: str, mail: str) -> None:
    """One process after another."""
    os.environ["MONITOR_DATA_DIR"] = folder
    settings = place(url, Path(folder), mail)
    for line in sys.stdin:
        number = os.fork()
        if not number:
            with suppress(Exception):
                sweep(settings, datetime.fromisoformat(line.strip()), post=post, lease_s=HELD)
            os._exit(0)
        say(str(number))
        os.waitpid(number, 0)
        say("done")


def say(word: str) -> None:
    """Tell whoever has started this."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
