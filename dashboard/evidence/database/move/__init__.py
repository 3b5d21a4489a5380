"""Move the database from SQLite to PostgreSQL."""
