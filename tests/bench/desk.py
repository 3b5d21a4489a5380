"""A served product while ministries send: its memory, what readers wait, and how soon a publication is on the page.

The product is a training workspace, the one with accounts; ``python -m tests.bench.desk FOLDER STEP`` does what its
people do in a process of its own, with the settings of that workspace.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil

from dashboard.operations.training import making, place
from dashboard.runtime.sandbox.inside import POLITE
from tests.bench.measure import Figure, milliseconds, quantile
from tests.bench.product import Server, serve
from tests.bench.submissions import workbook
from tests.serving import ROOT, settle

ROWS = 200_000
LARGE = 50_000_000  # bytes
CHART = "/api/v1/charts/trend.json?indicator=wgi_cc&country=AZE,GEO,UZB"
READS = 3_000
SLOWER, GROWN, SHOWN = 1.5, 20.0, 2.0
"""How often as long a reader may wait while a file is checked; MiB for an upload; seconds to the page."""

COUNTRY, INDICATOR = "XAB", "battery_1662_exit"


def figures() -> Iterator[Figure]:
    """What the promises of the upload and of publication come to on a running product."""
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / "workspace"
        command = ("training", "--folder", str(folder))
        with serve(Path(room) / "unused", command=command) as server:
            held = place.read_workspace(folder)
            assert held is not None
            environment = os.environ | making.make_environment(folder, urlsplit(server.url).port or 0, held)
            yield from _sending(server, folder, environment)
            yield from _publication(server, folder, environment)


def _sending(server: Server, folder: Path, environment: dict[str, str]) -> Iterator[Figure]:
    token = _step(folder, "token", environment)
    with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=120) as client:
        read = lambda: client.get(CHART, headers={"Cache-Control": "no-cache"}).raise_for_status()  # noqa: E731
        path = folder.parent / "large.csv"
        path.write_bytes((b"indicator,value,note\n" + b"completion_rate,1," + b"x" * 200 + b"\n") * (LARGE // 240))
        small = folder.parent / "small.csv"
        small.write_text("indicator,value\ncompletion_rate,1\n")
        with _meanwhile(client, small):
            pass  # what reading needs is loaded
        settle(server.process)
        before, seen = _serving(server), []
        milliseconds(read, 20)
        idle = quantile(milliseconds(read, READS), 0.95)
        with _meanwhile(client, path) as busy:
            while busy():
                seen.append(_serving(server))
        yield Figure("memory of the server for a file of 50 MB, grown", max(seen) - before, "MiB", GROWN)
        book = folder.parent / "rows.xlsx"
        workbook(book, ROWS)
        with _meanwhile(client, book) as busy:
            spans = []
            while busy():
                spans += milliseconds(read, 5)
        yield Figure("a chart while nothing is sent, 95 %", idle, "ms")
        late = quantile(sorted(spans), 0.95)
        yield Figure(f"a chart while {ROWS:,} rows are checked, 95 % of {len(spans)}", late, "ms")
        yield Figure("the same, relative to nothing sent", late / idle, "×", SLOWER)


def _serving(server: Server) -> float:
    """Memory of the processes that serve, in MiB: without the limited one that reads the file."""
    total = 0
    for one in [server.process, *server.process.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            total += 0 if one.nice() >= POLITE else one.memory_full_info().pss
    return total / 2**20


@contextmanager
def _meanwhile(client: httpx.Client, path: Path) -> Iterator[Callable[[], bool]]:
    """Send a file in a thread; gives whether it is still under way. Ends when it has been answered."""
    answers: list[int] = []

    def send() -> None:
        year = str(datetime.now(UTC).year - 1)
        with path.open("rb") as file:
            reply = client.post("/api/v1/submissions", data={"period": year}, files={"file": (path.name, file)})
        answers.append(reply.status_code)

    sending = threading.Thread(target=send)
    sending.start()
    yield sending.is_alive
    sending.join()
    assert answers in ([201], [422], [413]), answers


def _publication(server: Server, folder: Path, environment: dict[str, str]) -> Iterator[Figure]:
    number = _step(folder, "approved", environment)
    began = time.perf_counter()
    value = float(_step(folder, f"publish:{number}", environment))
    asked = f"/api/v1/observations.json?indicator={INDICATOR}&country={COUNTRY}&from={datetime.now(UTC).year - 1}"
    while value not in [row["value"] for row in httpx.get(server.url + asked).json()["rows"]]:
        assert time.perf_counter() - began < 60
        time.sleep(0.02)
    span = time.perf_counter() - began
    yield Figure("a publication in another process, until the product shows it", span, "s", SHOWN)


def _step(folder: Path, step: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "tests.bench.desk", str(folder), step]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def _do(folder: Path, step: str) -> str:
    """A step of the workspace's people: a token, the number of an approved submission, or a figure just published."""
    from dashboard.accounts import people
    from dashboard.accounts.store import make_principal
    from dashboard.contributions.submissions import publication
    from dashboard.evidence.codebook import load_codebook
    from dashboard.operations.training.desk import Desk
    from dashboard.settings import settings

    now = settings()
    assert now.data_dir == folder.resolve()
    everybody = {(str(one.role), one.country): make_principal(one) for one in people.list_accounts(now)}
    if step == "token":
        return people.make_token(now, everybody["contributor", COUNTRY], "bench")
    desk = Desk(now, everybody, datetime.now(UTC).date())
    figures = desk.figures(COUNTRY, desk.year)
    if step == "approved":
        sent = desk.upload(COUNTRY, desk.year, figures)
        return str(desk.move(desk.move(sent, "submit"), "approve", "approver").id)
    publication.publish(now, load_codebook(), everybody["reviewer", ""], int(step.partition(":")[2]))
    return str(next(one.value for one in figures if (one.indicator, one.group) == (INDICATOR, "")))


if __name__ == "__main__":
    print(_do(Path(sys.argv[1]), sys.argv[2]))  # noqa: T201
