"""``python tests/accounts/smtp.py PORT FOLDER``: a mail server that writes each message to a file."""

import sys
import time
from pathlib import Path

from aiosmtpd.controller import Controller


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
