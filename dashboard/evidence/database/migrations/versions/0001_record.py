# ruff: noqa: S608  (the statements are made of this file's own constants)
"""The record: raw records, runs, vintages, observations, leases; and the triggers that keep it immutable."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "gather_run",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("finished_at", Moment),
        sa.Column("state", sa.String, nullable=False, index=True),
        sa.Column("trigger", sa.String, nullable=False),
        sa.Column("plan", sa.JSON, nullable=False),
        sa.Column("summary", sa.JSON, nullable=False),
    )
    op.create_table(
        "series_outcome",
        sa.Column("run", sa.Integer, sa.ForeignKey("gather_run.id"), primary_key=True),
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("series", sa.String, primary_key=True),
        sa.Column("indicator", sa.String, primary_key=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("state", "code", "message")),
        *(
            sa.Column(name, sa.Integer, nullable=False)
            for name in ("new", "changed", "unchanged", "missing", "rejected", "vanished")
        ),
        sa.Column("retrieved_at", Moment, nullable=False),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("expires_at", sa.Float, nullable=False),
    )
    op.create_table(
        "raw_record",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("source", sa.String, nullable=False, index=True),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("params", sa.JSON, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("media_type", "etag", "last_modified")),
        sa.Column("retrieved_at", Moment, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("edition", "publisher", "licence", "origin", "note")),
    )
    op.create_table(
        "vintage",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("run", sa.Integer, sa.ForeignKey("gather_run.id")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("rows", "added", "superseded")),
        sa.Column("changes", sa.JSON, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
    )
    op.create_table(
        "batch",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("vintage", sa.Integer, sa.ForeignKey("vintage.number"), nullable=False, index=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("indicator", "source", "series", "edition", "unit")),
        *(
            sa.Column(name, sa.String, nullable=False)
            for name in ("dimensions", "status", "nature", "source_detail", "footnote")
        ),
        sa.Column("interval_level", sa.Float),
        sa.Column("primary", sa.Boolean, nullable=False),
        sa.Column("raw_sha256", sa.String, sa.ForeignKey("raw_record.sha256"), nullable=False),
        sa.Column("retrieved_at", Moment, nullable=False),
        sa.Index("ix_batch_indicator_source", "indicator", "source"),
    )
    op.create_table(
        "observation",
        sa.Column("batch", sa.Integer, sa.ForeignKey("batch.number"), primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("country", sa.String, nullable=False),
        sa.Column("period", sa.String, nullable=False),
        sa.Column("value", sa.Float),
        sa.Column("value_text", sa.String, nullable=False),
        *(sa.Column(name, sa.Float) for name in ("lower", "upper", "std_error")),
        sa.Column("superseded", sa.Integer, sa.ForeignKey("vintage.number")),
        sqlite_with_rowid=False,
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.get_bind().exec_driver_sql(statement)


SEALED = "the record is immutable"

FIGURE = ("batch", "id", "country", "period", "value", "value_text", "lower", "upper", "std_error")


def _build_columns(row: str) -> str:
    return ", ".join(f"{row}.{name}" for name in FIGURE)


def _create_sqlite_trigger(name: str, event: str, table: str, condition: str, message: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{SEALED}: {message}'); END"
    )


SQLITE = [
    _create_sqlite_trigger(
        "observation_added", "INSERT", "observation",
        "NEW.superseded IS NOT NULL OR (SELECT v.state FROM batch b JOIN vintage v ON v.number = b.vintage "
        "WHERE b.number = NEW.batch) IS NOT 'open'",
        "observations are only added to the vintage being written",
    ),
    _create_sqlite_trigger(
        "observation_changed", "UPDATE", "observation",
        f"OLD.superseded IS NOT NULL OR ({_build_columns('NEW')}) IS NOT ({_build_columns('OLD')}) "
        "OR (SELECT state FROM vintage WHERE number = NEW.superseded) IS NOT 'open' "
        "OR NEW.superseded <= (SELECT vintage FROM batch WHERE number = NEW.batch)",
        "an observation is only superseded, once, by the vintage being written",
    ),
    _create_sqlite_trigger(
        "batch_added", "INSERT", "batch",
        "(SELECT state FROM vintage WHERE number = NEW.vintage) IS NOT 'open'",
        "batches are only added to the vintage being written",
    ),
    _create_sqlite_trigger(
        "vintage_changed", "UPDATE", "vintage",
        "OLD.state IS NOT 'open' OR NEW.number IS NOT OLD.number",
        "a sealed vintage stays as it is",
    ),
    _create_sqlite_trigger("batch_changed", "UPDATE", "batch", "TRUE", "a batch stays as it is"),
    _create_sqlite_trigger("raw_record_changed", "UPDATE", "raw_record", "TRUE", "a raw record stays as it is"),
    *(
        _create_sqlite_trigger(f"{table}_deleted", "DELETE", table, "TRUE", f"no {table} is deleted")
        for table in ("observation", "batch", "vintage", "raw_record")
    ),
]  # fmt: skip


def _create_function(name: str, condition: str, message: str, result: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{SEALED}: {message}' USING ERRCODE = 'restrict_violation'; END IF; "
        f"RETURN {result}; END $$"
    )


# Statement triggers see all rows of a COPY at once: one join instead of a look-up per row.
POSTGRESQL = [
    _create_function(
        "observation_added",
        "EXISTS (SELECT FROM added a LEFT JOIN batch b ON b.number = a.batch "
        "LEFT JOIN vintage v ON v.number = b.vintage "
        "WHERE a.superseded IS NOT NULL OR v.state IS DISTINCT FROM 'open')",
        "observations are only added to the vintage being written", "NULL",
    ),
    "CREATE TRIGGER observation_added AFTER INSERT ON observation REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION observation_added()",
    _create_function(
        "observation_changed",
        "EXISTS (SELECT FROM later n LEFT JOIN earlier o ON o.batch = n.batch AND o.id = n.id "
        "LEFT JOIN batch b ON b.number = n.batch LEFT JOIN vintage v ON v.number = n.superseded "
        f"WHERE o.superseded IS NOT NULL OR ({_build_columns('n')}) IS DISTINCT FROM ({_build_columns('o')}) "
        "OR v.state IS DISTINCT FROM 'open' OR n.superseded <= b.vintage)",
        "an observation is only superseded, once, by the vintage being written", "NULL",
    ),
    "CREATE TRIGGER observation_changed AFTER UPDATE ON observation "
    "REFERENCING OLD TABLE AS earlier NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION observation_changed()",
    _create_function(
        "batch_added",
        "EXISTS (SELECT FROM added a LEFT JOIN vintage v ON v.number = a.vintage "
        "WHERE v.state IS DISTINCT FROM 'open')",
        "batches are only added to the vintage being written", "NULL",
    ),
    "CREATE TRIGGER batch_added AFTER INSERT ON batch REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION batch_added()",
    _create_function(
        "vintage_changed", "OLD.state IS DISTINCT FROM 'open' OR NEW.number IS DISTINCT FROM OLD.number",
        "a sealed vintage stays as it is", "NEW",
    ),
    "CREATE TRIGGER vintage_changed BEFORE UPDATE ON vintage FOR EACH ROW EXECUTE FUNCTION vintage_changed()",
    _create_function("record_changed", "TRUE", "nothing of it is changed or deleted", "NULL"),
    *(
        f"CREATE TRIGGER {table}_changed BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION record_changed()"
        for table in ("batch", "raw_record")
    ),
    *(
        f"CREATE TRIGGER {table}_deleted BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION record_changed()"
        for table in ("observation", "batch", "vintage", "raw_record")
    ),
    *(
        f"CREATE TRIGGER {table}_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION record_changed()"
        for table in ("observation", "batch", "vintage", "raw_record")
    ),
]  # fmt: skip
