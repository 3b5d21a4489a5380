"""A server of the API in a process of its own, with the upkeep that a product's server does, for tests beside it.

``python -m tests.operations.live PORT``: as ``serve`` does, it is alone on its data folder, and looks at what is
published, again and again without a pause. Whoever opens the record's file outside SQLite is said on its last line.
"""

import sys
import threading
import time
from pathlib import Path

import uvicorn

from dashboard.operations.supervision import hold_folder
from dashboard.operations.upkeep import UpkeepStatus, verify_published
from dashboard.settings import settings

OPENED = "opened outside SQLite: "
TOUCHING = ("open", "shutil.copyfile", "shutil.move", "os.rename", "os.remove", "os.truncate")
"""What Python tells of itself (audit events) when a file is opened, copied or replaced past SQLite."""


def main(port: int) -> None:
    """Serve until interrupted."""
    record = str(settings().sqlite_path)
    opened: list[str] = []

    def hear(event: str, given: tuple[object, ...]) -> None:
        if event in TOUCHING and given and str(given[0]).startswith(record):
            opened.append(f"{event} {given[0]}")

    sys.addaudithook(hear)
    from dashboard.interfaces.desk.site import api

    threading.Thread(target=_look, daemon=True).start()
    with hold_folder(settings().data_dir, port):
        uvicorn.run(api, host="127.0.0.1", port=port, log_level="warning", access_log=False)
    for one in dict.fromkeys(opened):
        sys.stdout.write(f"{OPENED}{one}\n")


def _look() -> None:
    status = UpkeepStatus()
    while True:
        time.sleep(0.05)
        verify_published(settings(), status)


if __name__ == "__main__":
    Path(settings().data_dir).mkdir(parents=True, exist_ok=True)
    main(int(sys.argv[1]))
