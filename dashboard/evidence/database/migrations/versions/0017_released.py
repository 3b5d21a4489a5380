"""Submissions: who answered for the published figures that one removes."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("submission", sa.Column("released", sa.JSON, nullable=False, server_default="{}"))
