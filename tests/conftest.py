"""Fixtures for every room."""

from hypothesis import settings

pytest_plugins = ["tests.data_sources.server", "tests.database.places", "tests.services.published"]

# The first example may load a library on a busy machine: time is measured by benchmarks, not by examples.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
