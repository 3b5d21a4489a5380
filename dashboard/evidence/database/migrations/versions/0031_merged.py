"""Service counts: which services another has taken over, and from which month on."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "service_merged",
        sa.Column("country", sa.String(3), primary_key=True),
        sa.Column("old", sa.String(), primary_key=True),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
    )
