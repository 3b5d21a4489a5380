"""What ``/metrics`` tells of operation: each figure moves with what it counts; strangers get none; alerts name them."""

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import Engine, text
from starlette.applications import Starlette

from dashboard.accounts import audit
from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.tables import ServiceProbe
from dashboard.contributions.voice import store as voice
from dashboard.contributions.voice.tables import VoiceCase, VoiceOpinion
from dashboard.evidence.database.engine import writing
from dashboard.interfaces.protection import metrics
from dashboard.operations.watching import asking, gauges, jobs
from dashboard.operations.watching.gauges import OperationCollector, register_metrics
from dashboard.settings import Settings

ROOT = Path(__file__).parents[2]


def now() -> datetime:
    """The moment: a run of all tests lasts longer than what is measured here."""
    return datetime.now(UTC)


@pytest.fixture
def told(record: Engine, monitor_settings: Settings, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """``told()``: each figure that is told now, by name and labels."""
    monkeypatch.setattr(gauges, "settings", lambda: monitor_settings)
    for job in jobs.list_jobs():
        jobs.forget(job.name)
    registry = CollectorRegistry()
    registry.register(OperationCollector())

    def read() -> dict[str, float]:
        families = text_string_to_metric_families(generate_latest(registry).decode())
        return {" ".join([one.name, *one.labels.values()]): one.value for family in families for one in family.samples}

    return read


def opinion(id_: str, days: float, *, integrity: bool) -> VoiceOpinion:
    at = now() - timedelta(days=days)
    return VoiceOpinion(
        id=id_, country="AZE", centre="a", said_on=at.date(), received_at=at, language="en", language_by="found",
        integrity=integrity,
    )  # fmt: skip


def test_reports_nobody_opened_and_complaints_nobody_answered(record: Engine, told) -> None:  # type: ignore[no-untyped-def]
    before = told()
    assert [before[f"monitor_{name}"] for name in ("integrity_reports_unread", "complaints_unanswered")] == [0, 0]
    rows = [opinion("old", 9, integrity=True), opinion("new", 2, integrity=True), opinion("plain", 20, integrity=False)]
    voice.add(record, [(one, []) for one in rows])
    voice.open_cases(record, [VoiceCase(opinion="plain", number="n", received_at=now() - timedelta(days=20))])
    found = told()
    assert found["monitor_integrity_reports_unread"] == 2
    assert found["monitor_integrity_reports_unread_oldest_seconds"] == pytest.approx(9 * 86400, abs=600)
    assert found["monitor_complaints_unanswered"] == 1
    assert found["monitor_complaints_unanswered_oldest_seconds"] == pytest.approx(20 * 86400, abs=600)
    with writing(record) as connection:
        audit.record(connection, action=voice.REPORT_READ, subject="opinion old")
        audit.record(connection, action="voice.report_noted", subject="opinion new")
        connection.execute(text("UPDATE voice_case SET answered_at = received_at"))
    found = told()
    assert found["monitor_integrity_reports_unread"] == 1
    assert found["monitor_integrity_reports_unread_oldest_seconds"] == pytest.approx(2 * 86400, abs=600)
    assert (found["monitor_complaints_unanswered"], found["monitor_complaints_unanswered_oldest_seconds"]) == (0, 0)


def test_addresses_up_down_and_unasked_each_channel_apart(record: Engine, told) -> None:  # type: ignore[no-untyped-def]
    for number, channel in enumerate(("web", "web", "web", "app")):
        store.save_address(record, f"https://{number}.test/", "AZE", "x", now(), channel=channel, expects="text")
    step = timedelta(minutes=5)
    store.save_probes(
        record,
        [
            ServiceProbe(url="https://0.test/", at=now() - step, up=True),
            ServiceProbe(url="https://1.test/", at=now() - 2 * step, up=True),
            ServiceProbe(url="https://1.test/", at=now() - step, up=False),
            ServiceProbe(url="https://2.test/", at=now() - 5 * step, up=False),
        ],
    )
    found = told()
    states = [[found[f"monitor_probes {one} {state}"] for state in ("up", "down", "unasked")] for one in ("web", "app")]
    assert states == [[1, 1, 1], [0, 0, 1]]


def test_backups_drafts_and_pulls(record: Engine, monitor_settings: Settings, told) -> None:  # type: ignore[no-untyped-def]
    assert told()["monitor_backup_present"] == 0
    assert "monitor_backup_age_seconds" not in told()
    folder = monitor_settings.data_dir / "backups"
    folder.mkdir(parents=True)
    (folder / f"{now() - timedelta(days=3):%Y%m%dT%H%M%SZ}.monitor-backup").touch()
    found = told()
    assert found["monitor_backup_present"] == 1
    assert found["monitor_backup_age_seconds"] == pytest.approx(3 * 86400, abs=600)
    assert [found[f"monitor_{name}"] for name in ("drafts", "drafts_with_errors", "pulls_failing")] == [0, 0, 0]
    from dashboard.contributions.submissions.tables import PullRow, SubmissionRow

    draft = {"country": "AZE", "dataset": "figures", "period": "2025", "lang": "en", "filename": "f", "sha256": "",
             "size": 0, "created_by": 1, "created_office": "x", "created_at": now()}  # fmt: skip
    pull = {"country": "AZE", "office_number": 1, "address": "https://x.test/", "form": "csv", "days": 1, "set_by": 1,
            "set_office": "x", "set_at": now(), "due_at": now()}  # fmt: skip
    with writing(record) as connection:
        for state, counts in (("draft", {"error": 2}), ("draft", {"warning": 1}), ("withdrawn", {"error": 1})):
            row = SubmissionRow(**draft, state=state, counts=counts, idempotency=f"{state}{counts}")
            connection.execute(SubmissionRow.__table__.insert(), row.model_dump(exclude={"id"}))  # type: ignore[attr-defined]
        for failures in (0, 3):
            row_ = PullRow(**pull, failures=failures)
            connection.execute(PullRow.__table__.insert(), row_.model_dump(exclude={"id"}))  # type: ignore[attr-defined]
    found = told()
    assert [found[f"monitor_{name}"] for name in ("drafts", "drafts_with_errors", "pulls_failing")] == [2, 1, 1]


def test_jobs_that_fail_hang_or_are_late(told, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    jobs.expect("tidy", 100)
    now = time.time()
    with jobs.track("tidy"):
        pass
    assert [told()[f"monitor_job_{state} tidy"] for state in ("failed", "overdue")] == [0, 0]
    monkeypatch.setattr(time, "time", lambda: now + 150)
    with pytest.raises(ValueError, match="no"), jobs.track("tidy"):
        raise ValueError("no")
    assert [told()[f"monitor_job_{state} tidy"] for state in ("failed", "overdue")] == [1, 0]
    monkeypatch.setattr(time, "time", lambda: now + 250)
    assert [told()[f"monitor_job_{state} tidy"] for state in ("failed", "overdue")] == [1, 1]
    jobs.expect("tidy", 100)
    with jobs.track("tidy"):
        pass
    assert [told()[f"monitor_job_{state} tidy"] for state in ("failed", "overdue")] == [0, 0]


def test_nothing_is_asked_and_nothing_expected_where_no_address_is_listed(
    record: Engine, monitor_settings: Settings, told, monkeypatch: pytest.MonkeyPatch  # type: ignore[no-untyped-def]
) -> None:  # fmt: skip
    from dashboard.contributions.delivery import probing

    rounds: list[object] = []
    monkeypatch.setattr(probing, "round_of", lambda engine, now: rounds.append(now) or [])
    assert asking.ask_addresses(monitor_settings) == 0
    assert (rounds, jobs.list_jobs()) == ([], [])
    store.save_address(record, "https://x.test/", "AZE", "x", now(), channel="web", expects="text")
    asking.ask_addresses(monitor_settings)
    assert len(rounds) == 1
    assert told()["monitor_job_overdue ask_addresses"] == 0
    store.stop_asking(record, "https://x.test/")
    asking.ask_addresses(monitor_settings)
    assert (len(rounds), jobs.list_jobs()) == (1, [])


async def test_a_schedule_that_is_off_asks_nobody(monitor_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    off = monitor_settings.model_copy(
        update={"schedule": monitor_settings.schedule.model_copy(update={"enabled": False})}
    )
    asked: list[object] = []
    monkeypatch.setattr(asking, "settings", lambda: off)
    monkeypatch.setattr(asking, "ask_addresses", asked.append)
    await asking.ask_schedule()  # ends at once
    assert asked == []


def test_a_part_that_cannot_be_read_is_named_and_hides_no_other(told, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    assert told()["monitor_unreadable opinions"] == 0
    monkeypatch.setattr(voice, "count_unanswered", lambda engine: 1 / 0)
    found = told()
    assert (found["monitor_unreadable opinions"], found["monitor_unreadable submissions"]) == (1, 0)
    assert "monitor_integrity_reports_unread" not in found
    assert "monitor_drafts" in found


@pytest.mark.parametrize(
    ("token", "headers", "seen"),
    [
        ("", {}, True), ("", {"X-Forwarded-For": "127.0.0.1"}, False), ("", {"Forwarded": "for=127.0.0.1"}, False),
        ("word", {}, False), ("word", {"Authorization": "Bearer word"}, True),
        ("word", {"Authorization": "Bearer x"}, False),
    ],
)  # fmt: skip
async def test_strangers_are_told_nothing(
    record: Engine, monitor_settings: Settings, monkeypatch: pytest.MonkeyPatch,
    token: str, headers: dict[str, str], seen: bool,
) -> None:  # fmt: skip
    with_token = monitor_settings.model_copy(update={"metrics_token": SecretStr(token) if token else None})
    monkeypatch.setattr(metrics, "settings", lambda: with_token)
    monkeypatch.setattr(gauges, "settings", lambda: with_token)
    register_metrics()
    register_metrics()  # once in a process
    answer = await ask("127.0.0.1", headers)
    assert (answer.status_code, "monitor_integrity_reports_unread" in answer.text) == ((200 if seen else 404), seen)
    assert (await ask("93.184.215.14", {})).status_code == 404


async def ask(address: str, headers: dict[str, str]) -> httpx.Response:
    """What somebody at an address is answered."""
    carried = httpx.ASGITransport(metrics.measure_requests(Starlette()), client=(address, 5000))
    async with httpx.AsyncClient(transport=carried, base_url="http://monitor.test") as client:
        return await client.get("/metrics", headers=headers)


def test_every_name_of_an_alert_is_one_that_is_told(monitor_settings: Settings, told) -> None:  # type: ignore[no-untyped-def]
    folder = monitor_settings.data_dir / "backups"
    folder.mkdir(parents=True)
    (folder / f"{now():%Y%m%dT%H%M%SZ}.monitor-backup").touch()
    jobs.expect("tidy", 100)
    names = {name.split(" ")[0] for name in told()} | {"monitor_series_failing"}  # told where a dataset is published
    groups = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    shape = re.compile(
        r"(?:max(?: by \((?P<by>\w+)\))? \()?(?P<name>monitor_\w+)(?:\{(?P<label>\w+)=\"(?P<value>\w+)\"\})?\)?"
        r" (?:>|==) \d+(?: \* \d+)?"
    )
    tell = {" ".join([one.name, *sorted(one.labels)]): one for family in gauges_told() for one in family.samples}
    for rule in rules:
        found = shape.fullmatch(rule["expr"].replace("max(", "max ("))
        assert found, rule["expr"]
        assert rule["expr"].count("(") == rule["expr"].count(")")
        assert found["name"] in names, rule["alert"]
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"\d+[mhd]", rule.get("for", "1m"))
        assert {"summary", "action"} <= set(rule["annotations"])
        labels = {label for name, one in tell.items() if one.name == found["name"] for label in one.labels}
        used = {found["by"], found["label"], *re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])} - {None}
        assert used <= labels, rule["alert"]


def gauges_told():  # type: ignore[no-untyped-def]
    """All families, as they are told now."""
    return list(OperationCollector().collect())
