"""Subscriptions without an account: what is followed, and an address that only the installation's secret opens."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0036"
down_revision = "0035"

INDEXED = ("sealed_with", "address_mark", "bound_mark", "confirm_hash", "stop_hash", "due_at")


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("countries", "indicators", "claim", "lang")),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("brief", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("sealed", "sealed_with", "address_mark")),
        *(sa.Column(name, sa.String, nullable=False) for name in ("bound_mark", "confirm_hash", "stop_hash")),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("confirmed_at", Moment),
        sa.Column("expires_at", Moment),
        sa.Column("due_at", Moment, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("told", "pending", "failures")),
    )
    for name in INDEXED:
        op.create_index(f"ix_subscription_{name}", "subscription", [name])
