"""What Alembic runs: the migrations in ``versions/`` on the connection that ``engine.migrate`` gives.

A migration is a file ``versions/<four digits>_<subject>.py`` with that number as its revision. A test proves that all
of them together make exactly the tables of the models.
"""

from alembic import context

connection = context.config.attributes["connection"]
# The caller's transaction holds the lock and commits; Alembic only works within it.
context.configure(connection=connection, transactional_ddl=False, transaction_per_migration=False)
context.run_migrations()
