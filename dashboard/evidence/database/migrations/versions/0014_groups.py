"""Accounts: whether a role came from a group at the organisation's login, and goes when the person leaves it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

GIVEN = ("account.provisioned", "account.invited", "account.rights_changed")


def upgrade() -> None:
    op.add_column("account", sa.Column("by_group", sa.Boolean, nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    audit = sa.table("audit", *map(sa.column, ("number", "actor", "action", "subject", "reason")))
    given = sa.select(audit.c.subject, audit.c.actor, audit.c.action, audit.c.reason)
    last: dict[str, bool] = {}  # the trail says who gave each role
    for subject, actor, action, reason in connection.execute(
        given.where(audit.c.action.in_(GIVEN)).order_by(audit.c.number)
    ):
        of_groups = actor is None and reason == "groups at the organisation's login"
        last[subject] = action == "account.provisioned" or (action == "account.rights_changed" and of_groups)
    account = sa.table("account", sa.column("id"), sa.column("by_group"))
    numbers = [int(subject.split()[1]) for subject, by_group in last.items() if by_group]
    for number in numbers:
        connection.execute(account.update().where(account.c.id == number).values(by_group=sa.true()))
