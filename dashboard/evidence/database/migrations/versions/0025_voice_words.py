"""Opinions: why their words are gone, and by which rules they were redacted.

What was redacted before is redacted again: nobody noted by which rules.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("voice_opinion", sa.Column("emptied", sa.String(), nullable=False, server_default=""))
    op.add_column("voice_opinion", sa.Column("rules", sa.String(), nullable=False, server_default=""))
