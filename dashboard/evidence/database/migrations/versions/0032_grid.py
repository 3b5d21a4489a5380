"""Submissions: what an office types into the table of a year, as it was kept last."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "submission_grid",
        sa.Column("country", sa.String(), primary_key=True),
        sa.Column("office_number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("period", sa.String(), primary_key=True),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("cells", sa.JSON, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("hands", sa.JSON, nullable=False),
        sa.Column("account", sa.Integer, nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("saved_at", Moment, nullable=False, index=True),
        sa.Column("submission", sa.Integer, sa.ForeignKey("submission.id")),
    )
