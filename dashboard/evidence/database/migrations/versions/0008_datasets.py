"""Published datasets, so that other machines can take them over."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "dataset_version",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("vintage", sa.Integer, nullable=False),
        sa.Column("published_at", Moment, nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("manifest", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "dataset_file",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
