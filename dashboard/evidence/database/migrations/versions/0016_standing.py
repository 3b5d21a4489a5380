"""Accounts: who gave a role and when, which reviewer confirmed it, until when it is held; links another asked for.

Accounts that are there wait for nobody; who gave their role is read from the trail, so that its thirty days count.
"""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0016"
down_revision = "0015"

GIVEN = ("account.provisioned", "account.invited", "account.rights_changed")


def upgrade() -> None:
    op.add_column("account", sa.Column("given_by", sa.Integer))
    op.add_column("account", sa.Column("given_at", Moment))
    op.add_column("account", sa.Column("confirmed_by", sa.Integer))
    op.add_column("account", sa.Column("waits", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("account", sa.Column("held_until", Moment))
    op.add_column("account_link", sa.Column("by_another", sa.Boolean, nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    audit = sa.table(
        "audit", sa.column("number"), sa.column("actor"), sa.column("action"), sa.column("subject"),
        sa.column("moment", Moment),
    )  # fmt: skip
    given = sa.select(audit.c.subject, audit.c.actor, audit.c.moment).where(audit.c.action.in_(GIVEN))
    last = {subject: (actor, moment) for subject, actor, moment in connection.execute(given.order_by(audit.c.number))}
    account = sa.table("account", sa.column("id"), sa.column("given_by"), sa.column("given_at", Moment))
    for subject, (actor, moment) in last.items():
        number = int(subject.split()[1])
        connection.execute(account.update().where(account.c.id == number).values(given_by=actor, given_at=moment))
