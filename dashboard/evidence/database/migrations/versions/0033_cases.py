"""Opinions: complaints with a number, and what came of them."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "voice_case",
        sa.Column("opinion", sa.String(), sa.ForeignKey("voice_opinion.id"), primary_key=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("read_at", Moment),
        sa.Column("answered_at", Moment),
        sa.Column("office", sa.String(), nullable=False, server_default=""),
        sa.Column("language", sa.String(), nullable=False, server_default=""),
        sa.Column("words", sa.String(), nullable=False, server_default=""),
    )
    op.create_index("ix_voice_case_number", "voice_case", ["number"], unique=True)
