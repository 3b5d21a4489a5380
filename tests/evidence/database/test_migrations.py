"""A database comes to the tables of the models by itself, whoever starts first and however often."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from dashboard.accounts import audit
from dashboard.accounts import store as account_store
from dashboard.accounts import tables as accounts
from dashboard.contributions.actions import tables as actions
from dashboard.contributions.delivery import tables as delivery
from dashboard.contributions.submissions import store
from dashboard.contributions.submissions import tables as submissions
from dashboard.contributions.submissions.model import Finding
from dashboard.contributions.voice import tables as voice
from dashboard.evidence.database import clock, datasets, file, leases, observations, proposals, records, runs
from dashboard.evidence.database.engine import (
    HEAD_REVISION,
    MIGRATIONS,
    Unusable,
    create_engine_for,
    migrate,
    reading,
    writing,
)
from dashboard.interfaces.subscriptions.tables import Subscription
from dashboard.settings import Settings
from tests.checks import all_of

TABLES = (
    leases.Lease,
    observations.Observation,
    records.RawRecord,
    runs.SeriesOutcome,
    proposals.Proposal,
    accounts.AuditRow,
    submissions.SubmissionRow,
    submissions.SurveyFileRow,
    submissions.OfficeConflict,
    submissions.PullRow,
    submissions.GridDraftRow,
    Subscription,
    datasets.DatasetFile,
    delivery.ServiceReport,
    voice.VoiceOpinion,
    actions.Decision,
    clock.ClockRow,
)

MIGRATE = """
import sys
from dashboard.evidence.database.engine import migrate
from dashboard.settings import Settings
migrate(Settings(database_url=sys.argv[1]))
print("sqlalchemy" in sys.modules)
"""


def start_migrating(url: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", MIGRATE, url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_migrations_make_exactly_the_tables_of_the_models(record: Engine) -> None:
    with record.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    assert {table.__tablename__ for table in TABLES} < set(SQLModel.metadata.tables)


def test_the_newest_file_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD_REVISION


def test_migrating_again_changes_nothing(record: Engine, monitor_settings: Settings) -> None:
    leases.acquire_lease(record, "gathering", "me", 60)
    migrate(monitor_settings)
    assert leases.find_holder(record, "gathering") == "me"


ADDED = {
    "0014": ("account.by_group",),
    "0015": ("voice_count.agreement",),
    "0016": (
        "account.given_by", "account.given_at", "account.confirmed_by", "account.waits", "account.held_until",
        "account_link.by_another",
    ),
    "0017": ("submission.released",),
    "0018": ("account_device", "audit_head"),
    "0019": ("voice_count.exact",),
    "0020": ("clock",),
    "0022": ("submission.intent", "submission.withdrawn"),
    "0023": (
        "submission_conflict", "submission_assignment", "office", "submission.office_number", "account.office_number",
    ),
    "0025": ("voice_opinion.emptied", "voice_opinion.rules"),
    "0026": ("submission_choice",),
    "0027": ("submission_reminder",),
    "0028": ("submission.methods",),
    "0030": ("account_token.scopes", "submission_pull"),
    "0031": ("service_merged",),
    "0032": ("submission_grid",),
    "0033": ("voice_case",),
    "0034": ("decision.measure", "decision.shows"),
    "0035": ("service_address.channel", "service_address.expects"),
    "0036": ("subscription",),
    "0037": ("voice_opinion.origin", "voice_opinion.batch", "voice_batch"),
}  # fmt: skip
"""Columns and tables that migrations have added, by the migration."""

GONE = {
    "0021": (
        "CREATE TABLE voice_proposal (opinion VARCHAR, version VARCHAR, theme VARCHAR)",
        "CREATE TABLE voice_endpoint (id VARCHAR, version VARCHAR)",
        "CREATE TABLE voice_access (id INTEGER, opinion VARCHAR, who VARCHAR)",
        "ALTER TABLE voice_count ADD COLUMN endpoint VARCHAR NOT NULL DEFAULT ''",
    ),
    "0023": (
        "DROP INDEX one_published",
        "CREATE UNIQUE INDEX one_published ON submission (country, dataset, period) WHERE state = 'published'",
        "DROP TABLE submission_period",
        "CREATE TABLE submission_period (country VARCHAR NOT NULL, dataset VARCHAR NOT NULL, period VARCHAR NOT NULL, "
        "due TIMESTAMP, closed BOOLEAN NOT NULL, reason VARCHAR NOT NULL, PRIMARY KEY (country, dataset, period))",
        "DROP TABLE submission_mapping",
        "CREATE TABLE submission_mapping (country VARCHAR NOT NULL, heads JSON NOT NULL, PRIMARY KEY (country))",
    ),
}
"""What migrations have taken away or made anew, by the migration, as statements that bring it back."""


def go_back_to(connection: Connection, revision: str) -> None:
    """A database as it was before what came after a migration."""
    for statement in (one for later, statements in GONE.items() if later > revision for one in statements):
        connection.execute(text(statement))
    for later, columns in ADDED.items():
        for table, _, column in (one.partition(".") for one in columns if later > revision):
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}" if column else f"DROP TABLE {table}"))
    connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_roles_that_came_from_groups_are_known_from_the_trail(record: Engine, monitor_settings: Settings) -> None:
    """An installation that has run before: who came by a group must not keep the role for want of a mark."""
    groups = "groups at the organisation's login"
    trails = (
        (("provisioned", ""),),
        (("invited", ""), ("rights_changed", groups)),
        (("invited", ""), ("logged_in", "")),
        (("provisioned", ""), ("rights_changed", "moved")),
    )
    with writing(record) as connection:
        for number, trail in enumerate(trails, start=1):
            added = account_store.add_account(
                connection,
                email=f"{number}@stat.test",
                role="contributor",
                state="active",
                created_at=datetime.now(UTC),
            )
            for action, reason in trail:
                by = account_store.make_principal(added) if action == "rights_changed" and reason != groups else None
                audit.record(
                    connection, action=f"account.{action}", subject=f"account {added.id}", by=by, reason=reason
                )
        go_back_to(connection, "0013")
    migrate(monitor_settings)
    with reading(record) as connection:
        found = account_store.list_accounts(connection)
        assert [one.by_group for one in found] == [True, True, False, False]
        assert [(one.given_by, one.waits) for one in found] == [(None, False)] * 3 + [(found[3].id, False)]
        assert all_of(one.given_at and datetime.now(UTC) - one.given_at < timedelta(minutes=5) for one in found)


def test_processes_that_start_at_once_wait_for_each_other(empty_database_url: str) -> None:
    started = [start_migrating(empty_database_url) for _ in range(3)]
    ends = [(process.communicate(timeout=60)[1], process.returncode) for process in started]
    assert ends == [("", 0)] * 3
    with reading(create_engine_for(empty_database_url)) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD_REVISION]


def test_what_was_sent_before_stays_the_whole_of_its_year(record: Engine, monitor_settings: Settings) -> None:
    with writing(record) as connection:
        columns = {
            "country": "AZE", "dataset": "figures", "period": "2025", "state": "checked", "lang": "en", "filename": "a",
            "sha256": "", "size": 0, "created_by": 1, "created_office": "", "created_at": datetime.now(UTC),
        }  # fmt: skip
        number = store.add(connection, columns)
        go_back_to(connection, "0021")
    migrate(monitor_settings)
    with reading(record) as connection:
        kept = store.get(connection, number)
        assert (kept.intent, kept.withdrawn) == ("replaces", [])


def test_everything_a_country_had_belongs_to_its_first_office(record: Engine, monitor_settings: Settings) -> None:
    """Accounts, submissions, closed years and mapped columns; its name is what readers see for those who send."""
    sent = {"dataset": "figures", "lang": "en", "filename": "a", "sha256": "", "size": 0, "created_by": 1,
            "created_at": datetime.now(UTC)}  # fmt: skip
    both = {"period": "2025", "submitted_by": 1, "approved_by": 2}
    due = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
    people = (
        ("AZE", "approver", "active", "Ministry"), ("AZE", "contributor", "active", "State Agency"),
        ("AZE", "contributor", "revoked", "Closed office"), ("GEO", "approver", "invited", "House of Justice"),
        ("MAR", "moderator", "active", "Voices"), ("", "reviewer", "active", ""),
    )  # fmt: skip
    with writing(record) as connection:
        for at, (country, role, state, office) in enumerate(people):
            account_store.add_account(
                connection, email=f"{at}@stat.test", country=country, role=role, state=state, office=office,
                created_at=datetime.now(UTC),
            )  # fmt: skip
        numbers = [
            store.add(connection, sent | both | {"country": country, "state": state, "created_office": office})
            for country, state, office in (("AZE", "published", "Old name"), ("KGZ", "draft", "Earlier"),
                                           ("KGZ", "withdrawn", "Tunduk"))
        ]  # fmt: skip
        before = [account_store.list_accounts(connection), [store.get(connection, number) for number in numbers]]
        go_back_to(connection, "0022")
        connection.execute(
            text("INSERT INTO submission_period VALUES ('AZE', 'figures', '2025', :due, :yes, 'Why')"),
            {"due": "2026-03-31 23:59:00.000000" if record.dialect.name == "sqlite" else due, "yes": True},
        )
        connection.execute(text("""INSERT INTO submission_mapping VALUES ('AZE', '{"göstərici": "indicator"}')"""))
    migrate(monitor_settings)
    with reading(record) as connection:
        assert [
            account_store.list_accounts(connection),
            [store.get(connection, number) for number in numbers],
        ] == before
        assert {one.office_number for one in account_store.list_accounts(connection)} == {1}
        (year,) = store.periods(connection)
        assert [*year.model_dump().values()] == ["AZE", "figures", "2025", 1, due, True, "Why"]
        assert store.mapping(connection, "AZE", 1) == {"göstərici": "indicator"}
        assert [(it.country, it.number, it.name) for it in account_store.list_offices(connection)] == [
            ("AZE", 1, "State Agency"), ("GEO", 1, "House of Justice"), ("KGZ", 1, "Tunduk"),
        ]  # fmt: skip
    second = sent | both | {"country": "AZE", "state": "published", "created_office": ""}
    with pytest.raises(IntegrityError), writing(record) as connection:
        store.add(connection, second)
    with writing(record) as connection:
        store.add(connection, second | {"office_number": 2})  # which has a year of its own


def test_no_answer_stays_in_findings_of_earlier_releases(record: Engine, monitor_settings: Settings) -> None:
    def found(rule: str, read: str, **values: str) -> Finding:
        return Finding(rule, "error", read=read, values=values)

    label = found("survey_label_unknown", "q1", labels="they asked me for money")
    stratum = found("survey_single_psu", "Xocavand, Zəngilan", count="2", choice="refuse")
    other = found("survey_codes_wrong", "4 3 2", levels="4")
    written = {"country": "AZE", "period": "2025", "state": "withdrawn", "lang": "en", "filename": "a", "sha256": ""}
    with writing(record) as connection:
        for dataset, findings in (("survey", [label, stratum, other]), ("survey", [other]), ("figures", [stratum])):
            by = {"created_by": 1, "created_office": "", "created_at": datetime.now(UTC), "size": 0}
            number = store.add(connection, {**written, **by, "dataset": dataset})
            store.checked(connection, number, findings=findings, figures=b"", values={})
        store.add(connection, {**written, **by, "dataset": "survey"})  # which was never read
        go_back_to(connection, "0012")
    migrate(monitor_settings)
    with reading(record) as connection:
        kept = [store.findings_of(connection, number) for number in range(1, 5)]
    assert kept == [
        [replace(label, values={"labels": "…"}), replace(stratum, read=""), other], [other], [stratum], [],
    ]  # fmt: skip


def test_a_failed_migration_leaves_nothing_behind(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    def stop(*_args: object, **_options: object) -> None:
        raise RuntimeError("the disk is full")

    made = op.create_table
    monkeypatch.setattr(
        op, "create_table", lambda name, *a, **o: stop() if name == "observation" else made(name, *a, **o)
    )
    settings = Settings(database_url=empty_database_url)
    with pytest.raises(RuntimeError, match="disk is full"):
        migrate(settings)
    with reading(create_engine_for(empty_database_url)) as connection:
        assert not create_engine_for(empty_database_url).dialect.has_table(connection, "vintage")
    monkeypatch.undo()
    migrate(settings)
    assert leases.acquire_lease(create_engine_for(empty_database_url), "gathering", "me", 60)


def test_a_current_sqlite_file_is_known_without_loading_sqlalchemy(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'monitor.sqlite3'}"
    for loaded in ("True\n", "False\n"):
        assert start_migrating(url).communicate(timeout=60) == (loaded, "")


def test_sqlite_writes_ahead_and_keeps_references(tmp_path: Path) -> None:
    made = create_engine_for(f"sqlite:///{tmp_path / 'new' / 'monitor.sqlite3'}")
    with reading(made) as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == file.BUSY_TIMEOUT_S * 1000
    made.dispose()


@pytest.mark.parametrize("url", ["mysql://monitor:secret@localhost/monitor", "sqlite://", "sqlite:///:memory:"])
def test_another_database_is_refused_without_showing_its_password(url: str) -> None:
    with pytest.raises(Unusable, match="MONITOR_DATABASE_URL") as refused:
        create_engine_for(url)
    assert "secret" not in str(refused.value)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    settings = Settings(database_url="postgresql://monitor:secret@127.0.0.1:1/monitor")
    with pytest.raises(Unusable, match=r"127.0.0.1:1/monitor cannot be used: .*MONITOR_DATABASE_URL") as refused:
        migrate(settings)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "monitor.sqlite3"
    file.write_text("country,value\nAZE,61.5\n" * 100)
    with pytest.raises(Unusable, match=r"monitor.sqlite3 cannot be used: file is not a database"):
        migrate(Settings(database_url=f"sqlite:///{file}"))
    assert file.read_text().startswith("country,value")


def test_a_database_of_a_newer_product_is_not_touched(record: Engine, monitor_settings: Settings) -> None:
    with writing(record) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unusable, match=f"is at migration 9999, this version of the product knows {HEAD_REVISION}"):
        migrate(monitor_settings)


def test_a_new_database_is_read_by_us_alone_whichever_command_makes_it(tmp_path: Path) -> None:
    migrate(Settings(data_dir=tmp_path / "data", database_url=None))
    assert {oct(one.stat().st_mode & 0o777) for one in (tmp_path / "data").glob("monitor.sqlite3*")} == {"0o600"}
