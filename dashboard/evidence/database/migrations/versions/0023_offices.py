"""Offices of a country: accounts, submissions, years and mapped columns belong to one; all that is there, to the first.

An office may have indicators to itself, and where two offices send the same figure, that waits for the coordinator.
The first office is called what readers see in the place of those who send, or sent, the country's figures.
"""

import sqlalchemy as sa
from alembic import op

from dashboard.evidence.database.columns import Moment

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    for table in ("account", "submission"):
        op.add_column(table, sa.Column("office_number", sa.Integer, nullable=False, server_default="1"))
    op.drop_index("one_published", "submission")
    where = sa.text("state = 'published'")
    op.create_index(
        "one_published", "submission", ["country", "dataset", "period", "office_number"], unique=True,
        sqlite_where=where, postgresql_where=where,
    )  # fmt: skip
    _with_office(
        "submission_period", ["country", "dataset", "period"],
        sa.Column("due", Moment), sa.Column("closed", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
    )  # fmt: skip
    _with_office("submission_mapping", ["country"], sa.Column("heads", sa.JSON, nullable=False))
    op.create_table(
        "office",
        sa.Column("country", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String, nullable=False),
    )
    op.create_table(
        "submission_assignment",
        *(sa.Column(name, sa.String, primary_key=True) for name in ("country", "indicator")),
        sa.Column("office_number", sa.Integer, nullable=False),
    )
    op.create_table(
        "submission_conflict",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("country", sa.String, nullable=False, index=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("indicator", "period", "dimensions", "state")),
        sa.Column("submission", sa.Integer, sa.ForeignKey("submission.id"), nullable=False, index=True),
        sa.Column("office_number", sa.Integer, nullable=False),
        sa.Column("value", sa.Float, nullable=False),
        sa.Column("holder", sa.Integer, sa.ForeignKey("submission.id"), nullable=False, index=True),
        sa.Column("holder_office", sa.Integer, nullable=False),
        sa.Column("held", sa.Float),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("decided_by", sa.Integer),
        sa.Column("decided_office", sa.String, nullable=False),
        sa.Column("decided_at", Moment),
        sa.Column("chosen", sa.Integer),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("vintage", sa.Integer, sa.ForeignKey("vintage.number")),
    )
    where = sa.text("state = 'open'")
    op.create_index(
        "one_open", "submission_conflict", ["country", "indicator", "period", "dimensions", "office_number"],
        unique=True, sqlite_where=where, postgresql_where=where,
    )  # fmt: skip
    _name_first_offices()


def _with_office(table: str, key: list[str], *columns: "sa.Column[object]") -> None:
    """Make a table anew with the office in its key: SQLite cannot change the key of one."""
    names = [sa.column(name) for name in key] + [sa.column(it.name, it.type) for it in columns]
    rows = [dict(row) for row in op.get_bind().execute(sa.select(*names).select_from(sa.table(table))).mappings()]
    op.drop_table(table)
    made = op.create_table(
        table,
        *(sa.Column(name, sa.String, primary_key=True) for name in key),
        sa.Column("office_number", sa.Integer, primary_key=True, autoincrement=False),
        *columns,
    )
    op.bulk_insert(made, [row | {"office_number": 1} for row in rows])


def _name_first_offices() -> None:
    """Who sends names the office; where nobody has an account any more, what was sent last."""
    connection = op.get_bind()
    account = sa.table("account", *map(sa.column, ("id", "country", "office", "role", "state")))
    sent = sa.table("submission", *map(sa.column, ("id", "country", "created_office")))
    names: dict[str, str] = {}
    for row in connection.execute(sa.select(sent.c.country, sent.c.created_office).order_by(sent.c.id)):
        names[row.country] = row.created_office or names.get(row.country, "")
    people = sa.select(account).where(account.c.role.in_(("approver", "contributor")), account.c.country != "")
    found = connection.execute(people.order_by(account.c.id)).all()
    # the later wins: an approver before a contributor, whoever was revoked before both
    for row in sorted(found, key=lambda it: (it.state != "revoked", it.role == "contributor")):
        names[row.country] = row.office or names.get(row.country, "")
    office = sa.table("office", *map(sa.column, ("country", "number", "name")))
    rows = [{"country": country, "number": 1, "name": name} for country, name in names.items() if name]
    if rows:
        connection.execute(office.insert(), rows)
