"""Citizens' voice: what an endpoint of the operator's own proposes, and how right it was."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0010"
down_revision = "0009"


def _texts(*names: str) -> tuple[sa.Column, ...]:
    return tuple(sa.Column(name, sa.String, nullable=False) for name in names)


def upgrade() -> None:
    op.create_table(
        "voice_proposal",
        sa.Column("opinion", sa.String, sa.ForeignKey("voice_opinion.id"), primary_key=True),
        sa.Column("version", sa.String, primary_key=True),
        *_texts("theme"),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_table(
        "voice_endpoint",
        sa.Column("id", sa.String, primary_key=True),
        *_texts("version", "model"),
        sa.Column("at", Moment, nullable=False),
        *_texts("classifier", "code_version"),
        sa.Column("report", sa.JSON, nullable=False),
    )
    op.add_column("voice_count", sa.Column("endpoint", sa.String, nullable=False, server_default=""))
