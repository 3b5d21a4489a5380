"""``python -m dashboard source``: how publishers stand, whether they answer, and a folder for a new one."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database import runs, vintages
from dashboard.evidence.database.engine import migrate, open_engine
from dashboard.evidence.gathering.plan import GatheringChoice, NothingToGather, list_publishers, plan
from dashboard.evidence.gathering.run import gather
from dashboard.evidence.gathering.scaffolding import Publisher as Described
from dashboard.evidence.gathering.scaffolding import Refused, scaffold
from dashboard.evidence.gathering.standing import list_standings, probe
from dashboard.operations.cli import app
from dashboard.settings import Settings
from data_sources.contract import SeriesRef
from data_sources.fetching.fetch import collect
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.raw import RawStore
from data_sources.info import load_info
from data_sources.registry import list_hosts
from tests.data_sources.server import Publisher, Scripted, bad_gateway, json_reply
from tests.data_sources.shapes import csv_file
from tests.evidence.gathering.publishers import WorldBank

BUREAU = Described(
    "bureau", "National bureau figures", "National bureau", "https://bureau.example/", "CC BY 4.0",
    "https://creativecommons.org/licenses/by/4.0/", "https://bureau.example/api",
)  # fmt: skip
SIZES = {"internet_users": 2}
ROOT = Path(__file__).parents[3]


@pytest.fixture
def asked(tmp_path: Path, publisher: Publisher) -> Settings:
    return Settings(
        data_dir=tmp_path, database_url=None, http={"read_timeout": 5},
        sources={"world_bank": {"base_url": f"{publisher.url}/v2"}},
    )  # fmt: skip


def test_a_publisher_that_answers_is_well_and_nothing_is_kept(asked: Settings, publisher: Publisher) -> None:
    bank = WorldBank(publisher)
    bank.on("internet_users", json_reply(bank.body("internet_users", [("AZE", "2020", "84.6")])))
    (said,) = probe(asked, load_codebook(), ("world_bank",), SIZES)
    assert (said.well, said.words.startswith("IT.NET.USER.ZS: 1 rows, edition “lastupdated 2026-07-01”")) == (
        True,
        True,
    )
    size, seconds = re.search(r", (\d+) kB in (\d+\.\d) s$", said.words).groups()  # type: ignore[union-attr]
    assert (int(size), 0 <= float(seconds) < 60) == (0, True)
    assert not asked.raw_dir.exists()


def test_a_publisher_that_fails_is_named_with_the_reason_after_one_try(asked: Settings, publisher: Publisher) -> None:
    WorldBank(publisher).on("internet_users", bad_gateway())
    (said,) = probe(asked, load_codebook(), ("world_bank",), SIZES)
    assert (said.well, said.words.startswith("IT.NET.USER.ZS: http_502: HTTP 502")) == (False, True)
    assert len(publisher.asked) == 1


def test_a_publisher_without_address_is_no_failure_and_an_unknown_one_is_refused(asked: Settings) -> None:
    (said,) = probe(asked, load_codebook(), ("cpi",), {})
    assert (said.well, "no address configured" in said.words) == (True, True)
    with pytest.raises(NothingToGather, match=r"there are: .*cpi"):
        probe(asked, load_codebook(), ("wjp",), {})


def test_a_platform_that_prints_two_years_is_offered_the_rule_that_reads_them(
    tmp_path: Path, publisher: Publisher
) -> None:
    lines = ["Year,Value", *(f"{year}/{year % 100 + 1:02},{year - 2000}.5" for year in range(2015, 2018)),
             *(f"{year},{year - 2000}.5" for year in range(2018, 2022))]  # fmt: skip
    book, rooms = load_codebook(), list_publishers(Settings())
    for one in plan(book, rooms, GatheringChoice(("open_sdg",), secondary=True)):
        publisher.on(f"/uga/en/data/{one.link.series.partition(':')[2]}.csv", Scripted(csv_file(*lines)))
    here = [{"id": site.id, "base_url": f"{publisher.url}/{site.id}"} for site in rooms["open_sdg"].info.sites]
    for options, said in (({}, '{"years": "period"} of site uga reads them all'), ({"years": "period"}, "7 rows")):
        declared = {"open_sdg": {"sites": [site | {"options": options} for site in here]}}
        asked = Settings(data_dir=tmp_path, database_url=None, http={"read_timeout": 5}, sources=declared)
        (found,) = (one for one in probe(asked, book, ("open_sdg",), {}) if one.site == "uga")
        assert said in found.words
        assert ("print two years" in found.words) == (not options)


def test_the_list_tells_success_failure_and_next_due(asked: Settings) -> None:
    migrate(asked)
    record, moment = open_engine(asked), datetime(2026, 5, 1, tzinfo=UTC)
    run = runs.start_run(record, trigger="command", plan={})
    told = {"run": run, "source": "world_bank", "retrieved_at": moment}
    runs.record_outcome(
        record, runs.SeriesOutcome(series="IT.NET.USER.ZS", indicator="internet_users", state="new", **told)
    )
    runs.record_outcome(
        record,
        runs.SeriesOutcome(
            series="SI.POV.DDAY", indicator="extreme_poverty", state="failed", code="http_503", message="busy", **told
        ),
    )
    bank = next(one for one in list_standings(asked, load_codebook()) if one.source == "world_bank")
    assert (bank.last_success, bank.failing, bank.last_failure) == (moment, 1, "http_503: busy")
    assert bank.next_due is not None


def test_of_several_failures_the_latest_is_told_and_of_several_successes_too(asked: Settings) -> None:
    migrate(asked)
    record, moment = open_engine(asked), datetime(2026, 5, 1, tzinfo=UTC)
    run = runs.start_run(record, trigger="command", plan={})
    series = [
        one
        for one in plan(load_codebook(), list_publishers(asked), GatheringChoice(secondary=True))
        if one.key[0] == "world_bank"
    ]
    series.sort(key=lambda one: one.link.role == "secondary")  # those a schedule asks for come first
    states = ("new", "unchanged", "failed", "failed")
    for hours, one, state in zip((1, 3, 9, 5), series, states, strict=False):
        at = moment + timedelta(hours=hours)
        told = {"source": "world_bank", "series": one.link.series, "indicator": one.metric.id, "retrieved_at": at}
        runs.record_outcome(
            record, runs.SeriesOutcome(run=run, state=state, code=f"after_{hours}", message="said", **told)
        )
    known = {one.source: one for one in list_standings(asked, load_codebook())}
    bank, unknown, silent = known["world_bank"], known["un_sdg"], known["cpi"]
    assert (bank.series, bank.failing, bank.last_failure) == (len(series), 2, "after_9: said")
    assert bank.last_success == moment + timedelta(hours=3)
    assert (unknown.failing, unknown.last_success, unknown.last_failure) == (0, None, "")
    assert (silent.askable, silent.next_due) == (False, None)
    assert bank.next_due == moment + timedelta(hours=1, days=series[0].source.info.asked_every_days)


async def test_a_series_never_received_is_due_after_the_first_vintage(asked: Settings, publisher: Publisher) -> None:
    """Each new vintage would put off the day on which a publisher is asked for the first time."""
    migrate(asked)
    bank = WorldBank(publisher)
    for value in ("84.6", "85.6"):
        bank.on("internet_users", json_reply(bank.body("internet_users", [("AZE", "2020", value)])))
        await gather(asked, load_codebook(), GatheringChoice(("world_bank",), ("internet_users",)))
    first, _ = vintages.list_vintages(open_engine(asked))
    never = next(one for one in list_standings(asked, load_codebook()) if one.source == "un_sdg")
    days = load_info(ROOT / "data_sources" / "un_sdg").asked_every_days
    assert never.next_due == first.created_at + timedelta(days=days)


def test_a_series_that_no_schedule_asks_for_is_never_due(asked: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    book = load_codebook()
    metrics = {
        name: replace(one, series=tuple(replace(link, role="secondary") for link in one.series))
        for name, one in book.metrics.items()
    }
    monkeypatch.setattr("dashboard.settings.settings", lambda: asked)
    monkeypatch.setattr("dashboard.evidence.codebook.load_codebook", lambda: replace(book, metrics=metrics))
    listed = CliRunner().invoke(app, ["source", "list"])
    assert listed.exit_code == 0
    said = r"world_bank +[1-9][0-9]* series  never received +asked for with gather --secondary only"
    assert re.search(said, listed.output)


def test_the_commands_say_it(asked: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.settings.settings", lambda: asked)
    listed = CliRunner().invoke(app, ["source", "list"])
    assert (listed.exit_code, "never received" in listed.output) == (0, True)
    assert CliRunner().invoke(app, ["source", "check", "cpi"]).exit_code == 0
    assert CliRunner().invoke(app, ["source", "check", "wjp"]).exit_code == 2


def test_a_new_publisher_is_in_our_style(tmp_path: Path) -> None:
    folder, _ = scaffold(BUREAU, tmp_path)
    assert subprocess.run([sys.executable, "-m", "ruff", "check", "--isolated", "-q", str(folder)]).returncode == 0
    assert subprocess.run([sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=120", "--check", "-q",
                           str(folder)]).returncode == 0  # fmt: skip


def test_a_new_publisher_passes_the_contract_suite_as_it_is_made(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data_sources", tmp_path / "data_sources", ignore=shutil.ignore_patterns("__pycache__"))
    suite = Path("tests/data_sources")
    (tmp_path / suite).mkdir(parents=True)
    for name in ("test_source_contract.py", "server.py", "shapes.py"):
        shutil.copy(ROOT / suite / name, tmp_path / suite)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.data_sources.server"]\n')
    shutil.copy(ROOT / "tests" / "checks.py", tmp_path / "tests")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    _, line = scaffold(BUREAU, tmp_path / "data_sources")
    cases = tmp_path / suite / "test_source_contract.py"
    text = cases.read_text(encoding="utf-8").replace("\nCASES = [\n", f"\nCASES = [\n{line}\n")
    cases.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-k", "bureau or has_a_case", str(cases)],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 13 passed" in f" {done.stdout.splitlines()[-1]}"


async def test_a_new_publisher_works_as_it_is_made(tmp_path: Path, publisher: Publisher) -> None:
    folder, line = scaffold(BUREAU, tmp_path)
    assert line.startswith('    Case("bureau", "A_SERIES", ')
    spec = importlib.util.spec_from_file_location("bureau_source", folder / "source.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    info = replace(load_info(folder), base_url=publisher.url, hosts=(publisher.host,))
    body = b'[{"area": "ATA", "year": 2020, "value": 12.5}, {"area": "BVT", "year": 2020, "value": null}]'
    publisher.on("/A_SERIES", json_reply(body))
    room = module.source(info)
    (task,) = room.plan([SeriesRef("A_SERIES", "an_indicator")])
    async with HttpClient(HttpLimits(attempts=1), list_hosts([room])) as client:
        rows = (await collect(client, room, task, RawStore(tmp_path / "raw"))).parsed.observations
    assert rows.select("area", "period", "value", "status").rows() == [
        ("ATA", "2020", 12.5, "normal"), ("BVT", "2020", None, "missing"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"id": "Bureau!"}, "is no id"),
        ({"base_url": "http://bureau.example"}, "not an https address"),
        ({"title": 'a "quoted" title'}, "plain words"),
    ],
)
def test_a_publisher_that_cannot_be_described_is_refused(tmp_path: Path, wrong: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        scaffold(replace(BUREAU, **wrong), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    scaffold(BUREAU, tmp_path)
    with pytest.raises(Refused, match="exists already"):
        scaffold(BUREAU, tmp_path)
