"""Changes that wait for a person before they become a vintage."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("run", sa.Integer, sa.ForeignKey("gather_run.id")),
        sa.Column("source", sa.String, nullable=False, index=True),
        sa.Column("indicators", sa.JSON, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("note", "reason", "state", "digest")),
        sa.Column("vintage", sa.Integer, sa.ForeignKey("vintage.number")),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("superseded", sa.JSON, nullable=False),
        sa.Column("added", sa.LargeBinary, nullable=False),
    )
