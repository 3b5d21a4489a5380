"""Submissions: of which deadlines a person was reminded, so that each reminder is sent once."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "submission_reminder",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("moment", Moment, nullable=False),
    )
