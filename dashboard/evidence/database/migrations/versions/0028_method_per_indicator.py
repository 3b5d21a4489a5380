"""Submissions: how the figures of an indicator were made, where otherwise than those of the whole file."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("submission", sa.Column("methods", sa.JSON, nullable=False, server_default="{}"))
