"""Submissions of countries: what was sent, its moves, years that are due or closed, columns they have mapped."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("country", sa.String, nullable=False, index=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("dataset", "period")),
        sa.Column("state", sa.String, nullable=False, index=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("lang", "filename", "sha256")),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("idempotency", sa.String, nullable=False),
        sa.Column("created_by", sa.Integer, nullable=False),
        sa.Column("created_office", sa.String, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("counts", "method", "unknown")),
        sa.Column("findings", sa.LargeBinary),
        sa.Column("figures", sa.LargeBinary),
        sa.Column("submitted_by", sa.Integer),
        sa.Column("submitted_office", sa.String, nullable=False),
        sa.Column("submitted_at", Moment),
        sa.Column("approved_by", sa.Integer),
        sa.Column("approved_office", sa.String, nullable=False),
        sa.Column("approved_at", Moment),
        sa.Column("published_at", Moment),
        sa.Column("vintage", sa.Integer, sa.ForeignKey("vintage.number")),
        sa.Column("supersedes", sa.Integer, sa.ForeignKey("submission.id")),
        sa.Column("reason", sa.String, nullable=False),
        sa.CheckConstraint(
            "approved_by IS NULL OR submitted_by IS NULL OR approved_by <> submitted_by", name="four_eyes"
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'published') OR (submitted_by IS NOT NULL AND approved_by IS NOT NULL)",
            name="approved_by_someone",
        ),
    )
    for name, columns, where in (
        ("one_published", ["country", "dataset", "period"], "state = 'published'"),
        ("one_key", ["created_by", "idempotency"], "idempotency <> ''"),
    ):
        condition = sa.text(where)
        op.create_index(name, "submission", columns, unique=True, sqlite_where=condition, postgresql_where=condition)
    op.create_table(
        "submission_move",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("submission", sa.Integer, sa.ForeignKey("submission.id"), nullable=False, index=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("move", "before", "after")),
        sa.Column("account", sa.Integer, nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("moment", Moment, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
    )
    op.create_table(
        "submission_period",
        *(sa.Column(name, sa.String, primary_key=True) for name in ("country", "dataset", "period")),
        sa.Column("due", Moment),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
    )
    op.create_table(
        "submission_mapping",
        sa.Column("country", sa.String, primary_key=True),
        sa.Column("heads", sa.JSON, nullable=False),
    )
