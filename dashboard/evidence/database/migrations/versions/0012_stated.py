"""Submissions: how figures were made may be said beside their file, for a CSV or an SDMX message cannot say it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("submission", sa.Column("stated", sa.JSON, nullable=False, server_default="{}"))
