"""Service delivery (centres, reports, probes) and citizens' voice (opinions, sealed words, labels, models, counts)."""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0005"
down_revision = "0004"


def _texts(*names: str) -> tuple[sa.Column, ...]:
    return tuple(sa.Column(name, sa.String, nullable=False) for name in names)


def upgrade() -> None:
    op.create_table(
        "service_centre",
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("since", sa.Date, primary_key=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        *_texts("name", "region"),
        sa.Column("opened", sa.Date),
        sa.Column("closed", sa.Date),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("services", sa.JSON, nullable=False),
        sa.Column("form", sa.Boolean, nullable=False),
    )
    op.create_table(
        "service_report",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        *_texts("centre", "service", "channel"),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("histograms", sa.JSON, nullable=False),
        sa.Column("cost", sa.Float),
        *_texts("currency", "measured_by"),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("superseded_at", Moment),
    )
    op.create_table(
        "service_address",
        sa.Column("url", sa.String, primary_key=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        *_texts("name"),
        sa.Column("added_at", Moment, nullable=False),
    )
    op.create_table(
        "service_probe",
        sa.Column("url", sa.String, sa.ForeignKey("service_address.url"), primary_key=True),
        sa.Column("at", Moment, primary_key=True),
        sa.Column("up", sa.Boolean, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("milliseconds", sa.Integer),
        *_texts("error"),
    )
    op.create_table(
        "voice_opinion",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("centre", sa.String, nullable=False, index=True),
        *_texts("service", "channel"),
        sa.Column("said_on", sa.Date, nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        *_texts("language", "language_by", "kind"),
        sa.Column("rating", sa.Integer),
        sa.Column("attributes", sa.JSON, nullable=False),
        *_texts("outcome"),
        sa.Column("days_to_answer", sa.Integer),
        *_texts("text"),
        sa.Column("redactions", sa.JSON, nullable=False),
        *_texts("listed_theme"),
        sa.Column("integrity", sa.Boolean, nullable=False),
        sa.Column("synthetic", sa.Boolean, nullable=False),
    )
    op.create_index("ix_voice_opinion_country", "voice_opinion", ["country", "integrity", "received_at"])
    op.create_table(
        "voice_sealed",
        sa.Column("opinion", sa.String(64), sa.ForeignKey("voice_opinion.id"), primary_key=True),
        sa.Column("part", sa.String, primary_key=True),
        *_texts("key"),
        sa.Column("nonce", sa.LargeBinary, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", Moment, index=True),
    )
    op.create_table(
        "voice_label",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("opinion", sa.String(64), sa.ForeignKey("voice_opinion.id"), nullable=False, index=True),
        *_texts("coder", "kind", "theme"),
        sa.Column("others", sa.JSON, nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_table(
        "voice_answer",
        sa.Column("opinion", sa.String(64), sa.ForeignKey("voice_opinion.id"), primary_key=True),
        *_texts("model", "theme"),
        sa.Column("probability", sa.Float, nullable=False),
        sa.Column("answered", sa.Boolean, nullable=False),
    )
    op.create_table(
        "voice_model",
        sa.Column("version", sa.String, primary_key=True),
        sa.Column("trained_at", Moment, nullable=False),
        sa.Column("labels", sa.Integer, nullable=False),
        *_texts("labels_digest", "code_version"),
        sa.Column("report", sa.JSON, nullable=False),
    )
    op.create_table(
        "voice_count",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("release", sa.String, nullable=False, index=True),
        *_texts("country", "centre"),
        sa.Column("month", sa.Date, nullable=False),
        *_texts("theme"),
        sa.Column("n", sa.Integer),
        sa.Column("transactions", sa.Integer),
        sa.Column("published_at", Moment, nullable=False),
        *_texts("model", "labels_digest"),
        sa.Column("thresholds", sa.JSON, nullable=False),
        *_texts("code_version"),
    )
    op.create_table(
        "voice_access",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("opinion", sa.String(64), nullable=False),
        *_texts("who", "part"),
        sa.Column("at", Moment, nullable=False),
    )
