"""Fixtures for every room."""

pytest_plugins = ["tests.data_sources.server", "tests.database.places", "tests.services.published"]
