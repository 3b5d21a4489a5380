"""Service delivery: what an address is expected to say, and of which channel it is."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.add_column("service_address", sa.Column("channel", sa.String, nullable=False, server_default="web"))
    op.add_column("service_address", sa.Column("expects", sa.String, nullable=False, server_default=""))
