"""Citizens' voice: what moderators decide on opinions, and what a country answers to a theme."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0006"
down_revision = "0005"


def _texts(*names: str) -> tuple[sa.Column, ...]:
    return tuple(sa.Column(name, sa.String, nullable=False) for name in names)


def upgrade() -> None:
    op.create_table(
        "voice_decision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("opinion", sa.String, sa.ForeignKey("voice_opinion.id"), nullable=False, index=True),
        *_texts("what", "who"),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_table(
        "voice_reply",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        *_texts("theme", "period", "language", "said", "did", "office", "who"),
        sa.Column("at", Moment, nullable=False),
    )
