"""Accounts, their links, sessions and tokens; and the audit trail with the triggers that keep it append-only."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String, nullable=False, unique=True),
        *(
            sa.Column(name, sa.String, nullable=False)
            for name in ("name", "role", "country", "network", "office", "language", "state", "password", "totp")
        ),
        sa.Column("totp_step", sa.Integer, nullable=False),
        sa.Column("subject", sa.String, unique=True),
        sa.Column("created_at", Moment, nullable=False),
    )
    op.create_table(
        "account_link",
        sa.Column("hash", sa.String, primary_key=True),
        sa.Column("account", sa.Integer, sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
    )
    op.create_table(
        "account_session",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("hash", sa.String, nullable=False, unique=True),
        sa.Column("account", sa.Integer, sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("stage", sa.String, nullable=False),
        *(sa.Column(name, Moment, nullable=False) for name in ("started_at", "used_at", "expires_at")),
        *(sa.Column(name, sa.String, nullable=False) for name in ("address", "agent")),
    )
    op.create_table(
        "account_token",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("hash", sa.String, nullable=False, unique=True),
        sa.Column("account", sa.Integer, sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
    )
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("moment", Moment, nullable=False),
        sa.Column("actor", sa.Integer),
        *(sa.Column(name, sa.String, nullable=False) for name in ("office", "action")),
        sa.Column("subject", sa.String, nullable=False, index=True),
        sa.Column("address", sa.String, nullable=False),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("before", "after")),
        *(sa.Column(name, sa.String, nullable=False) for name in ("reason", "previous", "digest")),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.get_bind().exec_driver_sql(statement)


SEALED = "the audit trail is only added to"

SQLITE = [
    f"CREATE TRIGGER audit_{event.lower()} BEFORE {event} ON audit BEGIN SELECT RAISE(ABORT, '{SEALED}'); END"
    for event in ("UPDATE", "DELETE")
]

POSTGRESQL = [
    "CREATE FUNCTION audit_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION '{SEALED}' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER audit_changed BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_sealed()",
    "CREATE TRIGGER audit_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_sealed()",
]
