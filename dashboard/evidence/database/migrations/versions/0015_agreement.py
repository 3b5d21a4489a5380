"""Citizens' voice: how far the people who sorted the opinions of a release agree."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("voice_count", sa.Column("agreement", sa.Float))
