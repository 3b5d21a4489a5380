"""What commands say is true: which series, which site, which setting, and what was or was not written."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.evidence.codebook import CodebookError, load_codebook
from dashboard.evidence.codebook.faults import Fault
from dashboard.evidence.gathering.plan import GatheringChoice, list_publishers, name_series, plan
from dashboard.evidence.gathering.review.review import REJECTED
from dashboard.evidence.gathering.run import Summary
from dashboard.evidence.gathering.series import SeriesVerdict
from dashboard.evidence.gathering.standing import probe
from dashboard.operations.cli import app
from dashboard.operations.cli.gather import _describe_outcome
from dashboard.settings import FaultySettings, Settings
from dashboard.settings import settings as known
from tests.data_sources.server import Publisher, Scripted, json_reply, status
from tests.data_sources.shapes import csv_file

SITES = "MONITOR_SOURCES__OPEN_SDG__SITES"
JSON = "a list stands in [ ], a text in double quotes"


def moved(publisher: Publisher) -> list[dict[str, str]]:
    """Every site we know, each at a path of its own on a server of the test."""
    sites = list_publishers(Settings())["open_sdg"].info.sites
    return [{"id": site.id, "base_url": f"{publisher.url}/{site.id}"} for site in sites]


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings are read anew, and again afterwards."""
    known.cache_clear()
    yield monkeypatch
    known.cache_clear()


def test_a_series_is_named_with_its_site_and_country() -> None:
    of = {
        one.link.series: one
        for one in plan(load_codebook(), list_publishers(Settings()), GatheringChoice(secondary=True))
    }
    assert name_series(of["kaz:16-6-2"]) == "sat_overall_gov (open_sdg kaz:16-6-2, KAZ)"
    assert name_series(of["IT.NET.USER.ZS"]) == "internet_users (world_bank IT.NET.USER.ZS)"


def test_every_site_is_asked_and_what_it_shows_is_said(tmp_path: Path, publisher: Publisher) -> None:
    sites = moved(publisher)
    settings = Settings(data_dir=tmp_path, database_url=None, sources={"open_sdg": {"sites": sites}})
    for indicator in ("16-6-2", "16-5-1", "16-5-2", "16-6-1", "16-9-1"):
        publisher.on(f"/kaz/en/data/{indicator}.csv", Scripted(csv_file("Year,Value", "2015,0")))
        publisher.on(f"/kaz/en/meta/{indicator}.json", status(404))
    seen = {one.site: one for one in probe(settings, load_codebook(), ("open_sdg",), {})}
    assert list(seen) == [site["id"] for site in sites]
    kaz = seen["kaz"]
    assert "0 rows" in kaz.words
    assert "placeholder: kaz:" in kaz.words
    assert "http_404: the publisher has no such file: read without it (metadata)" in kaz.words
    assert "nothing to ask for" in seen["rwa"].words
    assert "uga:16-3-2: http_404" in seen["uga"].words
    assert not any(path.startswith("/rwa") for path in publisher.paths())


@pytest.mark.parametrize(
    ("variable", "text", "words"),
    [
        (SITES, '[{"id": "x"', f"{SITES} is not JSON: a list stands in [ ], a text in double quotes"),
        (SITES, '{"id": "x"}', f"{SITES}: Input should be a valid list"),
        ("MONITOR_VOICE__KEYS", "abc", "a setting that begins with MONITOR_VOICE is not JSON: " + JSON),
        (
            "MONITOR_LOG_LEVEL",
            "LOUD",
            "MONITOR_LOG_LEVEL: Input should be 'DEBUG', 'INFO', 'WARNING', 'ERROR' or 'CRITICAL'",
        ),
        ("MONITOR_HTTP__TOTAL_TIMEOUT", "0", "MONITOR_HTTP__TOTAL_TIMEOUT: Input should be greater than 0"),
        (
            "MONITOR_SECURITY_CONTACT",
            "mailto:me@example.org\nContact: x",
            "MONITOR_SECURITY_CONTACT: Value error, must begin with mailto: or https://",
        ),
        ("MONITOR_REVIEW__SHARE", "3", "MONITOR_REVIEW__SHARE: Input should be less than or equal to 1"),
    ],
)
def test_a_faulty_setting_is_named_without_its_value(
    fresh: pytest.MonkeyPatch, variable: str, text: str, words: str
) -> None:
    fresh.setenv(variable, text)
    with pytest.raises(FaultySettings) as raised:
        known()
    assert str(raised.value) == words


def test_a_setting_of_nothing_is_none_and_a_level_may_be_written_small(
    tmp_path: Path, fresh: pytest.MonkeyPatch
) -> None:
    plain = Settings(_env_file=None)
    (tmp_path / ".env").write_text("MONITOR_DATABASE_URL=postgresql://other\n")
    fresh.setenv("MONITOR_LOG_LEVEL", "debug")
    for name in ("DATA_DIR", "DATABASE_URL", "KEYS_DIR", "BACKUP_KEY", "METRICS_TOKEN", "PORT"):
        fresh.setenv(f"MONITOR_{name}", "")
    made = Settings(_env_file=tmp_path / ".env")
    assert made.log_level == "DEBUG"
    assert made.model_copy(update={"log_level": plain.log_level}) == plain


@pytest.mark.parametrize(
    "command",
    [
        ("source", "list"),
        *(pytest.param(one, marks=pytest.mark.long) for one in (("source", "check", "cpi"), ("dataset", "status"))),
    ],
)
def test_nobody_sees_a_traceback_for_a_faulty_setting(command: tuple[str, ...], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", *command], cwd=Path(__file__).parents[3], text=True, capture_output=True,
        env=os.environ | {SITES: "[{", "MONITOR_DATA_DIR": str(tmp_path)}, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert f"{SITES} is not JSON" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize("command", [("source", "list"), ("source", "check", "cpi")])
def test_a_faulty_codebook_is_said_by_file_and_row(
    fresh: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...]
) -> None:
    def faulty() -> None:
        raise CodebookError([Fault("national.csv", 7, "series", "national.site", "“ata” is no site.", "Declare it.")])

    fresh.setenv("MONITOR_DATA_DIR", str(tmp_path))
    fresh.setattr("dashboard.evidence.codebook.load_codebook", faulty)
    done = CliRunner().invoke(app, list(command))
    assert done.exit_code in (1, 2)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "national.csv:7:series" in done.output


def verdict(state: str, code: str = "") -> SeriesVerdict:
    first = plan(load_codebook(), list_publishers(Settings()), GatheringChoice(("world_bank",), ("internet_users",)))[0]
    return SeriesVerdict(first, state, code)  # type: ignore[arg-type]


def test_the_last_line_is_true() -> None:
    rejected = Summary((verdict("unchanged", REJECTED), verdict("unchanged")))
    assert "what changed in 1 series was rejected before" in _describe_outcome(rejected, dry_run=False)
    assert "Nothing has changed" not in _describe_outcome(rejected, dry_run=False)
    assert _describe_outcome(Summary((verdict("unchanged"),)), dry_run=False).startswith("Nothing has changed")
    said = _describe_outcome(Summary((verdict("changed"),)), dry_run=True)
    assert said == "Dry run: nothing gathered was written. 1 series would enter a new vintage."


@pytest.mark.long
def test_a_dry_run_publishes_nothing_and_does_not_say_so(
    fresh: pytest.MonkeyPatch, tmp_path: Path, publisher: Publisher
) -> None:
    fresh.setenv("MONITOR_DATA_DIR", str(tmp_path))
    fresh.delenv("MONITOR_DATABASE_URL", raising=False)
    fresh.setenv(SITES, json.dumps(moved(publisher)))
    for site in moved(publisher):
        publisher.on(f"/{site['id']}/en/data/16-6-2.csv", Scripted(csv_file("Year,Value", "2030,50")))
        publisher.on(f"/{site['id']}/en/meta/16-6-2.json", json_reply(b"{}"))
    asked = ("gather", "--dry-run", "--source", "open_sdg", "--indicator", "sat_overall_gov")
    done = CliRunner().invoke(app, list(asked))
    assert done.exit_code == 0, done.output
    assert "Published dataset" not in done.output
    assert "Dry run: nothing gathered was written" in done.output
    assert "sat_overall_gov (open_sdg kaz:16-6-2, KAZ)" in done.output
    assert not (tmp_path / "dataset").exists()
