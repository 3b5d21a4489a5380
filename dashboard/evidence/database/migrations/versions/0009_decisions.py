"""Decisions on figures: what raised them, who acts by when, how they ended."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0009"
down_revision = "0008"


def _texts(*names: str) -> tuple[sa.Column, ...]:
    return tuple(sa.Column(name, sa.String, nullable=False) for name in names)


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        *_texts("kind", "place", "metric", "month"),
        sa.Column("figure", sa.JSON, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        *_texts("dataset", "owner"),
        sa.Column("due", sa.Date, nullable=False),
        *_texts("state", "words", "language", "office"),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("moved_at", Moment, nullable=False),
        sa.UniqueConstraint("country", "kind", "place", "metric", "month", name="uq_decision_subject"),
    )
