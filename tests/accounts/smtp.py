"""``python tests/accounts/smtp.py PORT FOLDER``: a mail server that writes each message to a file."""

import contextlib
import email
import email.message
import email.policy
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.controller import Controller


@dataclass(frozen=True, slots=True)
class Post:
    """A mail server and the folder of what it took."""

    port: int
    folder: Path

    def messages(self) -> list[email.message.EmailMessage]:
        """What it took, in order."""
        files = sorted(self.folder.glob("*.eml"), key=lambda path: int(path.stem))
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]


@contextlib.contextmanager
def mail_server(folder: Path) -> Iterator[Post]:
    """A real mail server in a process of its own, until the block ends."""
    from tests.serving import free_port

    folder.mkdir()
    port = free_port()
    command = [sys.executable, "-W", "ignore", __file__, str(port), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        yield Post(port, folder)
        process.terminate()


class Folder:
    """Takes mail, but none for ``full@…``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # type: ignore[no-untyped-def]  # noqa: N802
        """Take a recipient or not."""
        if address.startswith("full@"):
            return "552 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # type: ignore[no-untyped-def]  # noqa: N802
        """Write the message."""
        number = len(list(self.folder.iterdir()))
        part = self.folder / f"{number}.part"
        part.write_bytes(envelope.content)
        part.rename(self.folder / f"{number}.eml")
        return "250 OK"


if __name__ == "__main__":
    controller = Controller(Folder(Path(sys.argv[2])), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    print("ready", flush=True)  # noqa: T201
    while True:
        time.sleep(3600)
