"""Service counts: what tells that a country's have changed is read from an index, however many there are."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("ix_service_report_superseded", "service_report", ["country", "superseded_at"])
