"""The audit trail: only added to, and whoever gets past that is found."""

import json
import threading
from dataclasses import replace
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from dashboard.accounts import audit
from dashboard.accounts.model import Principal, Role
from dashboard.accounts.tables import AuditHeadRow, AuditRow
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings
from tests.accounts.conftest import Browser, serving

ANNA = Principal(7, Role.REVIEWER, "", "", "Programme office", "Anna", "en")


def write(record: Engine, count: int = 3) -> list[AuditRow]:
    entries = []
    for number in range(count):
        with writing(record) as connection:
            entries.append(
                audit.record(
                    connection, action="submission.published", subject=f"submission {number}", by=ANNA,
                    address="192.0.2.7", before={"state": "approved"}, after={"state": "published"}, reason="«وضوح» ok",
                )
            )  # fmt: skip
    return entries


def test_an_entry_says_who_what_on_what_when_from_where_before_after_and_why(record: Engine) -> None:
    (written,) = write(record, 1)
    listed, total = audit.list_entries(record)
    assert (listed, total) == ([written], 1)
    assert (written.actor, written.office, written.address) == (7, "reviewer, Programme office", "192.0.2.7")
    assert (written.before, written.after, written.reason) == (
        {"state": "approved"}, {"state": "published"}, "«وضوح» ok",
    )  # fmt: skip
    with writing(record) as connection:
        assert audit.record(connection, action="a.b", subject="c").office == ""


def test_the_trail_verifies_and_its_head_is_the_last_digest(record: Engine) -> None:
    assert audit.verify(record) == audit.TrailVerdict(0, "", 0, "")
    entries = write(record)
    assert audit.verify(record, entries[0].digest) == audit.TrailVerdict(3, entries[-1].digest, 0, "")


@pytest.mark.parametrize("statement", ["UPDATE audit SET reason = 'x'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_it(record: Engine, statement: str) -> None:
    write(record)
    with pytest.raises(DatabaseError, match="only added to"), writing(record) as connection:
        connection.execute(text(statement))
    assert audit.verify(record).broken == 0


def test_postgresql_refuses_to_empty_it(record: Engine) -> None:
    write(record, 1)
    if record.dialect.name == "postgresql":
        with pytest.raises(DatabaseError, match="only added to"), writing(record) as connection:
            connection.execute(text("TRUNCATE audit"))


def past_the_triggers(record: Engine, statement: str) -> None:
    """As somebody with all rights on the database would."""
    with writing(record) as connection:
        if record.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        else:
            for name in ("audit_update", "audit_delete"):
                connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET reason = 'other' WHERE number = 2", 2),
        ("UPDATE audit SET actor = NULL WHERE number = 1", 1),
        ('UPDATE audit SET after = \'{"state": "draft"}\' WHERE number = 3', 3),
        ("DELETE FROM audit WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 1", 1),
        ("UPDATE audit SET number = 9 WHERE number = 3", 3),
    ],
)
def test_a_changed_row_is_found(record: Engine, statement: str, broken: int) -> None:
    write(record)
    past_the_triggers(record, statement)
    assert audit.verify(record).broken == broken


def test_a_cut_end_shows_against_a_digest_noted_before(record: Engine) -> None:
    head = write(record)[-1].digest
    past_the_triggers(record, "DELETE FROM audit WHERE number = 3")
    assert audit.verify(record).broken == 0
    verdict = audit.verify(record, head)
    assert (verdict.broken, "end of the trail is missing" in verdict.fault) == (3, True)


def test_a_cut_end_shows_against_what_was_published_of_it(record: Engine) -> None:
    today = date(2026, 11, 29)
    assert audit.publish_head(record, today) is None, "of nothing there is no end"
    entries = write(record)
    first = audit.publish_head(record, today)
    assert first == AuditHeadRow(day=today, number=3, digest=entries[-1].digest)
    write(record, 2)
    assert audit.publish_head(record, today) == first, "once a day"
    second = audit.publish_head(record, today + timedelta(days=1))
    assert (second.number, audit.list_heads(record, 5)) == (5, [second, first])
    assert audit.list_heads(record, 1) == [second]
    write(record, 1)
    assert audit.verify(record).broken == 0
    past_the_triggers(record, "DELETE FROM audit WHERE number > 5")
    for left, broken in ((5, 0), (4, 5), (3, 4), (2, 3), (0, 1)):
        with writing(record) as connection:
            connection.execute(text("DELETE FROM audit WHERE number > :left"), {"left": left})
        verdict = audit.verify(record)
        assert (verdict.entries, verdict.broken) == (left, broken)
        assert not broken or "entry 5 was published on 2026-11-30: the end of the trail is missing" in verdict.fault


def test_another_trail_with_as_many_entries_is_not_the_one_that_was_published(record: Engine) -> None:
    write(record)
    audit.publish_head(record, date(2026, 11, 29))
    past_the_triggers(record, "DELETE FROM audit")
    write(record, 4)  # a whole chain of its own
    verdict = audit.verify(record)
    assert (verdict.broken, verdict.fault) == (3, "entry 3 is not the one that was published")


async def test_the_feed_has_number_and_digest_of_each_day_and_nothing_else(place: Settings) -> None:
    record = open_engine(place)
    for lang in ("en", "ar"):
        empty = await Browser(serving(place)).get(f"/api/v1/audit.atom?lang={lang}")
        assert (empty.status_code, "<entry>" in empty.text) == (200, False)
    (entry,) = write(record, 1)
    for at in range(62):
        audit.publish_head(record, date(2026, 9, 1) + timedelta(days=at))
    answer = await Browser(serving(place)).get("/api/v1/audit.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.text)
    ids = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}id")]
    assert ids[:2] == ["urn:asan-sdg-monitor:audit", "urn:asan-sdg-monitor:audit:2026-11-01"]
    assert len(ids) == 61
    assert {one.text for one in feed.iter("{http://www.w3.org/2005/Atom}content")} == {f"1 {entry.digest}"}
    assert "Anna" not in answer.text
    assert "192.0.2.7" not in answer.text


def test_an_entry_stands_or_falls_with_what_it_tells_of(record: Engine) -> None:
    def stopped() -> None:
        with writing(record) as connection:
            audit.record(connection, action="a.b", subject="c")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stopped()
    assert audit.list_entries(record) == ([], 0)


def test_writers_at_once_make_one_chain(record: Engine) -> None:
    threads = [threading.Thread(target=write, args=(record, 5)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert audit.verify(record) == replace(audit.verify(record), entries=20, broken=0, fault="")


def test_pages_and_subjects_of_the_list(record: Engine) -> None:
    write(record, audit.PAGE_ENTRIES + 2)
    newest, total = audit.list_entries(record)
    rest, _ = audit.list_entries(record, page=2)
    assert (len(newest), newest[0].number, [entry.number for entry in rest], total) == (25, 27, [2, 1], 27)
    assert [entry.number for entry in audit.list_entries(record, subject="submission 4")[0]] == [5]


def test_the_export_can_be_checked_by_anyone(record: Engine) -> None:
    import hashlib

    write(record)
    previous = ""
    for line in audit.export(record):
        entry = json.loads(line)
        digest = entry.pop("digest")
        written = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert hashlib.sha256(written.encode()).hexdigest() == digest
        assert entry["previous"] == previous
        previous = digest


def test_reading_sees_nothing_of_a_transaction_under_way(record: Engine) -> None:
    with writing(record) as connection:
        audit.record(connection, action="a.b", subject="c")
        with reading(record) as other:
            assert other.execute(text("SELECT count(*) FROM audit")).scalar() == 0
