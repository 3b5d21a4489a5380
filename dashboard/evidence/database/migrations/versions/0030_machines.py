"""Machines: what a personal token may do, and addresses from which an office's figures are fetched."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0030"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("account_token", sa.Column("scopes", sa.String(), nullable=False, server_default="submit"))
    op.create_table(
        "submission_pull",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("country", sa.String(), nullable=False, index=True),
        sa.Column("office_number", sa.Integer, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("set_by", sa.Integer, nullable=False),
        sa.Column("set_office", sa.String(), nullable=False),
        sa.Column("set_at", Moment, nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("asked_at", Moment, nullable=True),
        sa.Column("came_at", Moment, nullable=True),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("came_for", sa.String(), nullable=False),
        sa.Column("submission", sa.Integer, sa.ForeignKey("submission.id"), nullable=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
    )
