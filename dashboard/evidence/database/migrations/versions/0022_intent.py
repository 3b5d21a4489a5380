"""Submissions: whether one adds and corrects or replaces its year, and which figures it took back and why.

What was sent before was read as the whole of its year, and stays so.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("submission", sa.Column("intent", sa.String(), nullable=False, server_default="replaces"))
    op.add_column("submission", sa.Column("withdrawn", sa.JSON, nullable=False, server_default="[]"))
