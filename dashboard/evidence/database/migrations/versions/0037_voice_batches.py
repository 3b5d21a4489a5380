"""Opinions: files wait as batches for a second person, and each opinion keeps whether it came by form or file."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.create_table(
        "voice_batch",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("sender", sa.Integer, nullable=False),
        sa.Column("office", sa.String, nullable=False, server_default=""),
        sa.Column("sent_at", Moment, nullable=False),
        sa.Column("state", sa.String, nullable=False, server_default="waiting"),
        sa.Column("decided_by", sa.Integer),
        sa.Column("decided_at", Moment),
    )
    op.create_index("ix_voice_batch_country", "voice_batch", ["country"])
    op.add_column("voice_opinion", sa.Column("origin", sa.String, nullable=False, server_default=""))
    op.add_column("voice_opinion", sa.Column("batch", sa.Integer))
