"""Submissions: which indicators an office sends."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "submission_choice",
        sa.Column("country", sa.String(), primary_key=True),
        sa.Column("office_number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("indicators", sa.JSON, nullable=False),
    )
