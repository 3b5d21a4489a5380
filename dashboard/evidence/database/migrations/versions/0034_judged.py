"""Decisions: the measure taken, and the month in which the figure should show it."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    for name in ("measure", "shows"):
        op.add_column("decision", sa.Column(name, sa.String(), nullable=False, server_default=""))
