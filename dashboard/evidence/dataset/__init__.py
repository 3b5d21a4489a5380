"""The published dataset: immutable versions built from the database, and how they are read."""
