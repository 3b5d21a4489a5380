"""``python -m dashboard gather`` as people and machines meet it: killed, twice at once, misused."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import select
from sqlmodel import col

from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.evidence.database.runs import GatherRun
from dashboard.evidence.dataset.store import Dataset
from dashboard.settings import Settings
from tests.data_sources.server import Publisher, Scripted, bad_gateway, json_reply
from tests.data_sources.shapes import wb_body, wb_row

ROOT = Path(__file__).parents[3]
CHOSEN = ("--source", "world_bank", "--indicator", "internet_users", "--indicator", "mobile_subscriptions")
PATHS = {
    "internet_users": "/v2/country/all/indicator/IT.NET.USER.ZS",
    "mobile_subscriptions": "/v2/country/all/indicator/IT.CEL.SETS.P2",
}
NEW = 91.25
"""A figure the publishers' files do not have."""

EMBEDDED = 3
"""Vintages that the product brings: two of November and the 2026 edition of the WGI."""

USUAL: list[float] = []
"""Seconds a gathering takes on this machine, once measured."""


@pytest.fixture
def settings(embedded_settings: Settings, tmp_path: Path) -> Settings:
    """Of a product that has been started: the embedded dataset is published."""
    open_engine(embedded_settings).dispose()
    shutil.copytree(embedded_settings.data_dir, tmp_path, dirs_exist_ok=True)
    return Settings(data_dir=tmp_path, database_url=None)


@pytest.fixture
def start(settings: Settings, publisher: Publisher) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    begun: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, **more: str) -> subprocess.Popen[str]:
        environment = os.environ | {
            "MONITOR_DATA_DIR": str(settings.data_dir),
            "MONITOR_DATABASE_URL": "",
            "MONITOR_SOURCES__WORLD_BANK__BASE_URL": f"{publisher.url}/v2",
            "MONITOR_SOURCES__UN_SDG__BASE_URL": f"{publisher.url}/sdg",
            "MONITOR_HTTP__ATTEMPTS": "1",
            "MONITOR_REVIEW__SHARE": "1",
            "MONITOR_REVIEW__COUNTRIES": "1",
            **more,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard", "gather", *(arguments or CHOSEN)],
            cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        begun.append(process)
        return process

    yield begin
    for process in begun:
        if process.poll() is None:
            process.kill()
            process.communicate()


def body(indicator: str, value: float = NEW) -> bytes:
    code = PATHS[indicator].rsplit("/", 1)[-1]
    return wb_body(wb_row("AZE", "2024", value, code=code, name="Azerbaijan"))


def serve(publisher: Publisher, delay: float = 0.0) -> None:
    for indicator, path in PATHS.items():
        publisher.on(path, json_reply(body(indicator), delay=delay))


def shown(settings: Settings, indicator: str) -> list[float]:
    rows = Dataset.current(settings.dataset_dir).rows(indicator)
    return rows.filter(country="AZE", period="2024").select(pl.col("value")).collect()["value"].to_list()


def end(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _ = process.communicate(timeout=60)
    assert "Traceback" not in said
    return process.returncode, said


def wait(until: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.long
def test_a_person_reads_what_became_of_each_series(
    settings: Settings, publisher: Publisher, start: Callable[..., subprocess.Popen[str]]
) -> None:
    serve(publisher)
    code, said = end(start())
    assert code == 0
    assert "Gathering 2 series" in said
    assert "internet_users" in said
    assert "edition “lastupdated 2026-07-01” supersedes “WDI, pull of July 2026”" in said
    assert "AZE 2024 revised from 90.4398 to 91.25" in said
    assert f"Vintage {EMBEDDED + 1} is published as dataset {Dataset.current(settings.dataset_dir).version}" in said
    code, said = end(start())
    assert (code, "Nothing has changed" in said) == (0, True)


@pytest.mark.long
def test_exit_codes_tell_some_from_none(
    settings: Settings, publisher: Publisher, start: Callable[..., subprocess.Popen[str]]
) -> None:
    version = Dataset.current(settings.dataset_dir).version
    serve(publisher)
    publisher.on(PATHS["internet_users"], bad_gateway())
    code, said = end(start("--dry-run", *CHOSEN))
    assert code == 1
    assert "FAILED internet_users (world_bank IT.NET.USER.ZS): http_502: HTTP 502" in said
    assert "what is published of them is unchanged" in said
    publisher.on(PATHS["mobile_subscriptions"], bad_gateway())
    code, said = end(start())
    assert code == 2
    assert Dataset.current(settings.dataset_dir).version == version


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--indicator", "nonsense"), "nonsense is not in the codebook"),
        (("--source", "wjp"), "wjp is no publisher we know; there are: cpi, egdi"),
        (("--source", "un_sdg", "--indicator", "internet_users"), "add --secondary"),
        (("--country", "Azerbaijan"), "is not an ISO3 code"),
    ],
)
def test_a_choice_that_matches_nothing_is_explained(
    start: Callable[..., subprocess.Popen[str]], arguments: tuple[str, ...], words: str
) -> None:
    code, said = end(start(*arguments))
    assert (code, words in said) == (2, True), said


@pytest.mark.long
def test_of_two_gatherings_at_once_the_second_is_told_who_and_since_when(
    settings: Settings, publisher: Publisher, start: Callable[..., subprocess.Popen[str]]
) -> None:
    serve(publisher, delay=60.0)
    first = start()
    wait(lambda: publisher.asked)
    code, said = end(start())
    assert code == 75
    assert f"process {first.pid} on " in said
    assert "since 20" in said
    first.send_signal(signal.SIGINT)
    code, said = end(first)
    assert (code, "Nothing was written" in said) == (130, True)
    serve(publisher)
    assert end(start())[0] == 0
    assert len(vintages.list_vintages(open_engine(settings))) == EMBEDDED + 1


@pytest.mark.long
def test_killed_while_fetching_the_next_goes_on_with_what_was_received(
    settings: Settings, publisher: Publisher, start: Callable[..., subprocess.Popen[str]]
) -> None:
    version = Dataset.current(settings.dataset_dir).version
    serve(publisher)
    publisher.on(PATHS["mobile_subscriptions"], Scripted(stall=True, body=b"[{}]"))
    process = start()
    requests = settings.raw_dir / "requests"
    wait(lambda: len(publisher.asked) == 2 and requests.is_dir() and any(requests.glob("*.json")))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert Dataset.current(settings.dataset_dir).version == version
    publisher.asked.clear()
    serve(publisher)
    code, said = end(start())
    assert (code, "replies it had received were used" in said) == (0, True)
    assert publisher.paths() == [PATHS["mobile_subscriptions"]]
    assert [shown(settings, indicator) for indicator in PATHS] == [[NEW], [NEW]]
    with reading(open_engine(settings)) as connection:
        states = {run.id: run.state for run in connection.execute(select(col(GatherRun.id), col(GatherRun.state)))}
    assert [states[run] for run in sorted(states)[EMBEDDED:]] == ["interrupted", "succeeded"]


@pytest.mark.parametrize(
    "share", [0.75, *(pytest.param(one, marks=pytest.mark.long) for one in (0.35, 0.6, 0.85, 0.95))]
)
@pytest.mark.long
def test_killed_at_any_moment_the_dataset_is_the_old_or_the_new_one(
    share: float, settings: Settings, publisher: Publisher, start: Callable[..., subprocess.Popen[str]]
) -> None:
    old = [shown(settings, indicator) for indicator in PATHS]
    serve(publisher)
    if not USUAL:
        began = time.monotonic()
        assert end(start("--dry-run", *CHOSEN))[0] == 0
        USUAL.append((time.monotonic() - began) * 1.3)  # writing and publishing come on top
    process = start()
    time.sleep(USUAL[0] * share)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert Dataset.current(settings.dataset_dir).verify() == []
    assert [shown(settings, indicator) for indicator in PATHS] in (old, [[NEW], [NEW]])
    assert len(vintages.list_vintages(open_engine(settings))) in (EMBEDDED, EMBEDDED + 1)
    assert end(start())[0] == 0
    assert [shown(settings, indicator) for indicator in PATHS] == [[NEW], [NEW]]
    assert len(vintages.list_vintages(open_engine(settings))) == EMBEDDED + 1
    assert Dataset.current(settings.dataset_dir).verify() == []


def test_a_database_that_cannot_be_reached_is_said_in_words(
    start: Callable[..., subprocess.Popen[str]], settings: Settings
) -> None:
    code, said = end(start(MONITOR_DATABASE_URL="postgresql://nobody:hidden@127.0.0.1:1/none"))
    assert (code, "MONITOR_DATABASE_URL" in said) == (2, True), said
    assert "hidden" not in said + (settings.data_dir / "gather.log").read_text(encoding="utf-8")
