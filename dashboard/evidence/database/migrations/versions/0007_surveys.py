"""Surveys of submissions: their encrypted file by name, columns, mapping, and when they were destroyed."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "survey_file",
        sa.Column("submission", sa.Integer, sa.ForeignKey("submission.id"), primary_key=True),
        sa.Column("country", sa.String, nullable=False, index=True),
        sa.Column("name", sa.String, nullable=False),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("columns", "mapping", "results")),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("destroyed_at", Moment),
        sa.Column("destroyed_why", sa.String, nullable=False),
    )
