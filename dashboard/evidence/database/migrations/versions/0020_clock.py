"""The last look at the clock, and a leap of it that is doubted."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("leapt_from", Moment),
        sa.Column("leapt_at", Moment),
    )
