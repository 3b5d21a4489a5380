"""Citizens' voice: what an endpoint proposed goes, and who opened sealed words, which the audit trail tells."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    for table in ("voice_proposal", "voice_endpoint", "voice_access"):
        op.drop_table(table)
    op.drop_column("voice_count", "endpoint")
