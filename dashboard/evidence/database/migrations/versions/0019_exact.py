"""Counts of opinions: how many there are beside what is told, so that the next release knows what changed."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("voice_count", sa.Column("exact", sa.Integer(), nullable=True))
