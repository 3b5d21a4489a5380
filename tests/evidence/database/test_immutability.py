"""Whoever writes to the database directly cannot change what a vintage says either."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import reading, writing
from tests.evidence.database.figures import NOTHING, figures, issue

BATCH = (
    "indicator, source, series, edition, unit, dimensions, status, nature, source_detail, footnote, interval_level, "
    '"primary", raw_sha256, retrieved_at'
)
FIGURE = "INSERT INTO observation (batch, id, country, period, value_text, superseded) VALUES"

DEEDS = {
    "change a value": "UPDATE observation SET value = 99 WHERE country = 'AZE'",
    "change a value while superseding it": "UPDATE observation SET value = 99, superseded = 3 WHERE country = 'AZE'",
    "move a figure to another country": "UPDATE observation SET country = 'XKX', superseded = 3 WHERE country = 'AZE'",
    "supersede by a sealed vintage": "UPDATE observation SET superseded = 2 WHERE country = 'AZE'",
    "supersede by the vintage that brings it": "UPDATE observation SET superseded = 3 WHERE country = 'ARM'",
    "bring a superseded figure back": "UPDATE observation SET superseded = NULL WHERE country = 'GEO'",
    "supersede a figure again": "UPDATE observation SET superseded = 3 WHERE country = 'GEO'",
    "delete a figure": "DELETE FROM observation WHERE country = 'AZE'",
    "change an edition": "UPDATE batch SET edition = '2027'",
    "delete a batch": "DELETE FROM batch",
    "redate a vintage": "UPDATE vintage SET note = 'nothing to see' WHERE number = 1",
    "unseal a vintage": "UPDATE vintage SET state = 'open' WHERE number = 1",
    "delete a vintage": "DELETE FROM vintage WHERE number = 3",
    "change what was received": "UPDATE raw_record SET url = 'https://elsewhere.example'",
    "delete what was received": "DELETE FROM raw_record",
    "add a figure to a sealed vintage": f"{FIGURE} (1, '0123456789abcdef', 'AZE', '1999', '1', NULL)",
    "add a figure that is superseded already": f"{FIGURE} (9, '0123456789abcdef', 'AZE', '1999', '1', 3)",
    "add a batch to a sealed vintage": f"INSERT INTO batch SELECT 10, 1, {BATCH} FROM batch WHERE number = 1",
}

DEEDS_OF_ONE = {
    "sqlite": (
        "REPLACE INTO observation SELECT * FROM observation",
        "REPLACE INTO raw_record SELECT * FROM raw_record",
    ),
    "postgresql": ("TRUNCATE observation, batch, vintage, raw_record CASCADE",),
}


@pytest.fixture
def told(record: Engine) -> Engine:
    """Two sealed vintages, the second supersedes Georgia's figure; a third is open and brings one of Armenia."""
    issue(record, figures({"country": "AZE"}, {"country": "GEO"}))
    issue(record, NOTHING, vintages.read_current_rows(record, "trust", "un_sdg").filter(country="GEO")["id"])
    with writing(record) as connection:
        for statement in (
            "INSERT INTO vintage (number, created_at, note, rows, added, superseded, changes, digest, state) "
            "VALUES (3, '2026-05-01 00:00:00', '', 0, 0, 0, '{}', '', 'open')",
            f"INSERT INTO batch SELECT 9, 3, {BATCH} FROM batch",
            f"{FIGURE} (9, 'fedcba9876543210', 'ARM', '2020', '1', NULL)",
        ):
            connection.exec_driver_sql(statement)
    return record


def attempt(record: Engine, statement: str) -> None:
    with writing(record) as connection:
        connection.exec_driver_sql(statement)


def contents(record: Engine) -> list[list[tuple[object, ...]]]:
    with reading(record) as connection:
        tables = ("observation", "batch", "vintage", "raw_record")
        return [sorted(map(tuple, connection.execute(text(f"SELECT * FROM {name}"))), key=str) for name in tables]


def test_the_database_refuses_every_deed(told: Engine) -> None:
    before = contents(told)
    for deed, statement in DEEDS.items():
        with pytest.raises(DBAPIError, match="the record is immutable"):
            attempt(told, statement)
        assert contents(told) == before, deed


def test_ways_around_the_triggers_that_an_engine_has_are_closed(told: Engine) -> None:
    before = contents(told)
    for statement in DEEDS_OF_ONE[told.dialect.name]:
        with pytest.raises(DBAPIError, match="the record is immutable"):
            attempt(told, statement)
    assert contents(told) == before


def test_the_vintage_being_written_may_supersede(told: Engine) -> None:
    attempt(told, "UPDATE observation SET superseded = 3 WHERE country = 'AZE'")
    assert [row[-1] for row in contents(told)[0]].count(3) == 1


def test_an_error_does_not_say_what_was_bound(record: Engine) -> None:
    """It would stand in the log: a citizen's words, a person's address."""
    with pytest.raises(DBAPIError) as caught, writing(record) as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:words)"), {"words": "not for the log"})
    assert "not for the log" not in str(caught.value)
