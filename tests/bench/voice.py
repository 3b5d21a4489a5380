"""Citizens' voice: the form over a slow link, at 50 posts a second and after ``kill -9``; 100,000 opinions by words.

``python -m tests.bench.voice`` measures this alone.
"""

import asyncio
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

import httpx
from playwright.sync_api import sync_playwright

from dashboard.accounts import store as accounts
from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.delivery.store import save_centres
from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import new_key
from dashboard.evidence.database.engine import migrate, open_engine, writing
from dashboard.settings import Settings
from tests.bench.measure import Figure, most_memory, quantile
from tests.bench.slow_link import open_far
from tests.chromium import launched
from tests.serving import ROOT, free_port, served_desks, started, wait_for

POSTS, SECONDS = 50, 20
"""Posts a second, and for how long."""

FORM = 50.0
VISITS = 5
FAR = {"the list of services": ("?lang=az", 0.5), "the form": ("?lang=az&service=id", 1.3)}
"""Pages of a centre's form, and the seconds at 400 kbit/s and 300 ms until all of each is there."""

OPINIONS = 100_000
SORTED, MEMORY = 120.0, 600.0
SPOKEN = {"en": "UGA", "fr": "SEN", "ar": "MAR", "az": "AZE", "ru": "KAZ", "tr": "TUR"}
"""Language → a country in which it is told apart from the others spoken there."""


def figures() -> Iterator[Figure]:
    """Milliseconds of a form, forms lost, seconds and memory of the opinions."""
    yield from _form()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.voice", "sort"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    yield Figure(f"{OPINIONS:,} opinions redacted, sealed and identified", told["taken"], "s")
    yield Figure("the same and sorted by the classifier", told["taken"] + told["sorted"], "s", SORTED)
    yield Figure("memory of the process that did it", told["memory"], "MiB", MEMORY)


def _form() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        made = Settings(data_dir=Path(folder))
        migrate(made)
        save_centres(open_engine(made), [_centre()])
        with writing(open_engine(made)) as connection:
            accounts.add_account(
                connection, email="m@office.test", role="moderator", country="AZE", state="active",
                created_at=datetime.now(UTC),
            )  # fmt: skip
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        with started(served_desks(port), by=signal.SIGKILL, env=_environment(Path(folder))) as server:
            wait_for(server, f"{url}/voice/baku-1/", within=120)
            yield from _far(url)
            spans, thanked, refused = asyncio.run(_posts(url, server))
        kept = {one.id for one in store.opinions(open_engine(made), ["AZE"])}
        calm = sorted(spans)
        yield Figure(f"a form answered, {POSTS} posts a second, median", quantile(calm, 0.5), "ms")
        yield Figure(f"a form answered, {POSTS} posts a second, 95 %", quantile(calm, 0.95), "ms", FORM)
        yield Figure("forms answered otherwise than with thanks before the kill", refused, "", 0)
        yield Figure(f"forms thanked for and lost in kill -9 (of {len(thanked):,})", len(thanked - kept), "", 0)


def _centre() -> Centre:
    services = (("id", "Şəxsiyyət vəsiqəsi"), *((f"s{at}", f"Xidmət {at}") for at in range(11)))
    return Centre("baku-1", "AZE", "Bakı", date(2020, 1, 1), services=services, form=True)


def _far(url: str) -> Iterator[Figure]:
    """What a visitor who was never here waits for, over a slow link."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for name, (asked, promise) in FAR.items():
            spans = []
            for _ in range(VISITS):
                page = open_far(browser)
                page.goto(f"{url}/voice/baku-1/{asked}", wait_until="load")
                page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
                spans.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000)
                page.close()
            yield Figure(f"slow link, {name} of a centre: all there, median of {VISITS}", median(spans), "s", promise)
        browser.close()


async def _posts(url: str, server: "subprocess.Popen[bytes]") -> tuple[list[float], set[str], int]:
    """Posts on their own clock, whether those before were answered or not; the server is killed in the last second."""
    spans: list[float] = []
    thanked: set[str] = set()
    refused = 0
    killed = False

    async def post(client: httpx.AsyncClient, at: int) -> None:
        nonlocal refused
        data = {"id": f"{at:032d}", "rating": "2", "text": f"növbə uzun idi, üç saat gözlədim {at}", "lang": "az"}
        began = time.perf_counter()
        try:
            answer = await client.post(f"{url}/voice/baku-1/", data=data)
        except httpx.HTTPError:
            refused += not killed
            return
        if answer.status_code == 303:
            thanked.add(data["id"])
            spans.append(1000 * (time.perf_counter() - began))
        else:
            refused += 1

    async with httpx.AsyncClient(timeout=10) as client:
        await asyncio.gather(*(post(client, 10_000_000 + at) for at in range(20)))  # the first load what is needed
        spans.clear()
        began = time.perf_counter()
        running = []
        for at in range(POSTS * SECONDS):
            await asyncio.sleep(max(0.0, began + at / POSTS - time.perf_counter()))
            running.append(asyncio.create_task(post(client, at)))
            if at == POSTS * SECONDS - POSTS // 2:
                killed = True
                server.send_signal(signal.SIGKILL)
        await asyncio.gather(*running)
    return spans, thanked, refused


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "MONITOR_DATA_DIR": str(folder), "MONITOR_ACCOUNTS__ENABLED": "true", "MONITOR_SECRET": "s" * 40,
        "MONITOR_PUBLIC_URL": "http://localhost", "MONITOR_VOICE__KEYS": f'["{new_key("one")}"]',
        "MONITOR_VOICE__PER_MINUTE": "100000", "MONITOR_VOICE__PER_HOUR": "100000", "MONITOR_DATABASE_URL": "",
    }  # fmt: skip


def _sort() -> dict[str, float]:
    """Redact, seal and identify; train on a thirtieth; let the classifier answer for all. In a process of its own."""
    from dashboard.contributions.voice.classifier import Label, train
    from dashboard.contributions.voice.inbox import Keyring
    from dashboard.contributions.voice.intake import prepared
    from dashboard.contributions.voice.model import Intake
    from dashboard.operations.training.opinions import make_rows

    keys, now = Keyring([new_key("one")]), datetime.now(UTC)
    rows = list(make_rows(now.date()))
    texts: list[str] = []
    languages: list[str] = []
    began = time.perf_counter()
    for at, row in zip(range(OPINIONS), itertools.cycle(rows), strict=False):
        words = f"{row['text']} {at}"
        one = Intake(f"{at:032d}", "centre", now.date(), text=words)
        kept, _ = prepared(keys, SPOKEN[str(row["language"])], one, now)
        texts.append(kept.text)
        languages.append(kept.language)
    taken = time.perf_counter() - began
    began = time.perf_counter()
    labels = [Label(texts[at], languages[at], str(rows[at % len(rows)]["theme"])) for at in range(0, OPINIONS, 30)]
    given = train(labels).answers(texts, languages)
    assert len(given) == OPINIONS
    sorted_ = time.perf_counter() - began
    return {
        "taken": taken,
        "sorted": sorted_,
        "memory": most_memory(),
        "answered": sum(one.answered for one in given),
        "cpu": time.process_time(),
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["sort"]:
        sys.stdout.write(json.dumps(_sort()))
    else:
        for figure in figures():
            promise = "" if figure.promise is None else f"  (promised: at most {figure.promise:g} {figure.unit})"
            sys.stdout.write(f"{figure.value:9.2f} {figure.unit:4} {figure.name}{promise}\n")
            sys.stdout.flush()
