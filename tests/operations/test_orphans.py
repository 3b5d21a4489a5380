"""The supervisor is killed by SIGKILL: what it had started goes, with all below it, and the next start finds room."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

from dashboard.operations.cli.serve import PORT_TIMEOUT_S
from dashboard.operations.supervision import hold_folder
from dashboard.runtime import process

ROOT = Path(__file__).parents[2]
SERVER = """
import socket, subprocess, sys, time
from dashboard.runtime.process import end_with_parent
end_with_parent()
held = socket.create_server(("127.0.0.1", int(sys.argv[1])))
below = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(below.pid, flush=True)
while True:
    sum(range(10_000))
"""
SUPERVISOR = """
import os, subprocess, sys
from pathlib import Path
from dashboard.runtime import process
from dashboard.operations.supervision import hold_folder
with hold_folder(Path(sys.argv[1]), int(sys.argv[2])):
    environment = os.environ | {process.WITH_PARENT: "1", process.PARENT: str(os.getpid())}
    child = subprocess.Popen([sys.executable, "-c", sys.argv[3], sys.argv[2]], env=environment, start_new_session=True)
    print(child.pid, flush=True)
    child.wait()
"""


def test_nothing_goes_on_serving_or_writing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", SUPERVISOR, str(tmp_path), str(port), SERVER]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        started = [psutil.Process(int(supervisor.stdout.readline())) for _ in range(2)]
        os.kill(supervisor.pid, signal.SIGKILL)
        killed = time.monotonic()
        gone, alive = psutil.wait_procs(started, timeout=30)
        took = time.monotonic() - killed
    assert (len(gone), alive) == (2, [])
    assert process.LOOKS_EVERY * 3 < PORT_TIMEOUT_S, "the next start waits longer for the port than they take to go"
    with hold_folder(tmp_path, port), socket.create_server(("127.0.0.1", port)):
        pass  # the next start has folder and port
    assert took < 10, "on a busy machine"
