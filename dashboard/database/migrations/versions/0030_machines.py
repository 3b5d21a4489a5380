"""Machines: what a personal token may do, and addresses from which an office's figures are fetched."""

import sqlalchemy as sa
from alembic import op


revision = "0030"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("account_token", sa.Column("scopes", sa.String(), nullable=False, server_default="submit"))
