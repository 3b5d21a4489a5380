"""The workspace holds what it promises, stays apart from real records, and says of everything that it is invented."""

import csv
import gzip
import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from typer.testing import CliRunner

from dashboard.accounts import people
from dashboard.accounts.model import Role
from dashboard.answers.base.context import open_context
from dashboard.answers.countries.country import view_country
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.delivery.metrics import by_centre, metrics, satisfaction
from dashboard.contributions.submissions import deadlines, store
from dashboard.contributions.voice import store as voice
from dashboard.contributions.voice.model import THEMES
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.check import check_folder
from dashboard.evidence.database.engine import Unusable, migrate, open_engine, reading
from dashboard.locales import LANGUAGES
from dashboard.operations.cli import app
from dashboard.operations.training import countries, opinions, place, services
from dashboard.operations.training.marking import mark
from dashboard.settings import Settings, settings
from tests.operations.training.kept import copied, in_effect

pytestmark = pytest.mark.long  # the whole workspace is made first

NOTICE = "Training: invented figures"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, place.Workspace]]:
    """A workspace made as the command makes it."""
    with in_effect(copied(tmp_path_factory.mktemp("training") / "workspace")) as made:
        yield made


def test_submissions_stand_in_every_state_and_one_deadline_is_over(workspace: tuple[Settings, place.Workspace]) -> None:
    held, _ = workspace
    with reading(open_engine(held)) as connection:
        found = store.listing(connection)
    assert {it.state for it in found} == {
        "draft", "checked", "submitted", "approved", "published", "returned", "withdrawn", "not_reported", "superseded",
    }  # fmt: skip
    assert {it.country for it in found} == {"XAA", "XAB", "XAC", "XAD"}
    assert all(it.reason for it in found if it.state in ("returned", "not_reported"))
    assert [it.errors > 0 for it in found if it.state == "checked"] == [True]
    late = [it.country for it in deadlines.listing(held, datetime.now(UTC)) if it.standing == "overdue"]
    assert "XAB" in late


def test_people_of_every_role_have_a_password_only_the_folder_knows(
    workspace: tuple[Settings, place.Workspace],
) -> None:
    held, done = workspace
    assert Counter(one.role for one in done.people) == {
        "contributor": 5, "approver": 5, "coordinator": 4, "moderator": 4, "integrity_officer": 4, "reviewer": 1,
        "admin": 1,
    }  # fmt: skip
    assert len({one.password for one in done.people}) == 24
    assert {one.role for one in people.list_accounts(held)} == set(Role)
    assert place.read_workspace(held.data_dir) == done
    assert (held.data_dir / "training.json").stat().st_mode & 0o077 == 0


def test_the_codebook_is_without_fault_and_holds_no_other_adopter(workspace: tuple[Settings, place.Workspace]) -> None:
    held, _ = workspace
    assert held.codebook_dir is not None
    assert [fault for fault in check_folder(held.codebook_dir)[1] if fault.severity == "error"] == []
    assert {event.iso3 for event in load_codebook().events} == {"AZE", "XAA", "XAB", "XAC", "XAD"}
    for it in countries.COUNTRIES:
        assert {"en", "fr", "ar", "az"} <= set(load_codebook().countries[it.iso3].name)
    assert not {it.iso3 for it in countries.COUNTRIES} & {
        row["iso3"]
        for row in csv.DictReader(io.StringIO((countries.DATA / "countries.csv").read_text(encoding="utf-8")))
    }


def test_an_invented_country_is_not_said_to_be_listed_by_a_publisher(
    workspace: tuple[Settings, place.Workspace],
) -> None:
    for lang in LANGUAGES:
        facts = {one["id"] for one in view_country(open_context(lang), "XAB")["facts"]}
        assert "income" in facts
        assert "not_m49" not in facts


def test_planted_changes_of_services_are_there_to_find(workspace: tuple[Settings, place.Workspace]) -> None:
    database = open_engine(workspace[0])
    verdicts = {}
    for it in countries.COUNTRIES:
        tested = satisfaction(delivery.reports(database, it.iso3)).tested
        verdicts[it.iso3] = tested.verdict if tested else ""
    assert verdicts == {"XAA": "met", "XAB": "not_met", "XAC": "cannot_tell", "XAD": "cannot_tell"}
    recent = services.list_months(datetime.now(UTC).date())[-1]
    waits = by_centre(metrics()["waiting_p90"], [
        one for one in delivery.reports(database, "XAB") if one.month == recent
    ])  # fmt: skip
    assert max(waits, key=lambda code: waits[code].value or 0) == services.RISING
    down = {(one.centre, one.month): one.counts.get("unplanned_down_minutes", 0)
            for one in delivery.reports(database, "XAC")}  # fmt: skip
    assert max(down, key=lambda key: down[key])[0] == services.OUTAGE[0]


def test_opinions_are_many_redacted_and_one_theme_grows(workspace: tuple[Settings, place.Workspace]) -> None:
    database = open_engine(workspace[0])
    kept = [one for it in countries.COUNTRIES for one in voice.opinions(database, [it.iso3])]
    reports = {it.iso3: len(voice.opinions(database, [it.iso3], integrity=True)) for it in countries.COUNTRIES}
    assert min(reports.values()) >= 3, "each officer has something to read"
    assert len(kept) + sum(reports.values()) == opinions.COUNT
    assert set(opinions.SHARES) == set(THEMES)
    for it in countries.COUNTRIES:
        assert [case.read_at for case, _ in voice.cases(database, it.iso3)] == [None] * opinions.NUMBERED
    assert all(one.synthetic for one in kept)
    assert not [one.text for one in kept if "7946" in one.text or "Quillon" in one.text]
    sorted_ = voice.labels(database)
    told = [one for one in kept if one.country == opinions.GROWING and {label.theme for label in
            sorted_.get(one.id, {}).values()} == {"waiting"}]  # fmt: skip
    grown = services.list_months(datetime.now(UTC).date())[-opinions.GROWN]
    late = sum(one.said_on >= grown for one in told)
    assert late > 1.8 * (len(told) - late)


def test_a_real_folder_and_a_workspace_are_not_taken_for_each_other(
    workspace: tuple[Settings, place.Workspace], tmp_path: Path
) -> None:
    with pytest.raises(Unusable, match="training workspace"):
        migrate(Settings(data_dir=workspace[0].data_dir, training=False))
    with pytest.raises(Unusable, match="no training workspace"):
        migrate(Settings(data_dir=tmp_path / "other", training=True))
    elsewhere = f"sqlite:///{workspace[0].data_dir / 'monitor.sqlite3'}"
    with pytest.raises(Unusable, match="training workspace"):
        migrate(Settings(data_dir=tmp_path / "real", training=False, database_url=elsewhere))
    (tmp_path / "real").mkdir(exist_ok=True)
    (tmp_path / "real" / "monitor.sqlite3").write_bytes(b"a record")
    for act in (place.read_workspace, place.reset):
        with pytest.raises(place.WorkspaceRefused, match="no training workspace"):
            act(tmp_path / "real")
    assert (tmp_path / "real" / "monitor.sqlite3").exists()


def test_a_public_address_is_refused_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for options, public in ((["--host", "0.0.0.0"], ""), ([], "https://monitor.example.org")):
        monkeypatch.setenv("MONITOR_PUBLIC_URL", public)
        settings.cache_clear()
        result = CliRunner().invoke(app, ["training", "--folder", str(tmp_path / "ws"), "--make-only", *options])
        settings.cache_clear()
        assert (result.exit_code, result.output.count("\n")) == (1, 1), result.output
        assert not (tmp_path / "ws").exists()


async def test_every_answer_is_marked() -> None:
    packed = gzip.compress(b'{"a":1}')

    def answers(path: str, body: Any) -> Route:
        return Route(path, lambda request: body)

    site = mark(Starlette(routes=[
        answers("/api/v1/one", JSONResponse({"rows": []})),
        answers("/api/v1/list", JSONResponse([1])),
        answers("/api/v1/packed", Response(packed, 200, {"content-encoding": "gzip"}, "application/json")),
        answers("/api/v1/rows.csv", Response('a,b\n1,"x\ny"\n', 200,
                                             {"content-disposition": 'attachment; filename="rows.csv"'}, "text/csv")),
        answers("/api/v1/templates/XAB.csv", Response("a;b\n", 200, None, "text/csv")),
        answers("/embed/fr/trend/", HTMLResponse('<html lang="fr"><body><main class="x"><h1>A</h1></main></body>')),
    ]))  # fmt: skip
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=site), base_url="http://localhost") as client:
        found = {path: await client.get(path) for path in (
            "/api/v1/one", "/api/v1/list", "/api/v1/packed", "/api/v1/rows.csv", "/api/v1/templates/XAB.csv",
            "/embed/fr/trend/", "/nowhere",
        )}  # fmt: skip
    assert {answer.headers["x-training"] for answer in found.values()} == {NOTICE}
    assert found["/api/v1/one"].json() == {"training": NOTICE, "rows": []}
    assert found["/api/v1/list"].json() == [1]
    assert found["/api/v1/packed"].json() == {"training": NOTICE, "a": 1}
    rows = list(csv.reader(io.StringIO(found["/api/v1/rows.csv"].text)))
    assert rows == [["a", "b", "training"], ["1", "x\ny", NOTICE]]
    assert 'filename="training_rows.csv"' in found["/api/v1/rows.csv"].headers["content-disposition"]
    assert found["/api/v1/templates/XAB.csv"].text == "a;b\n"
    assert '<main class="x"><p><strong>Formation' in found["/embed/fr/trend/"].text
    assert json.loads(found["/api/v1/one"].content)["training"] == NOTICE
