"""Fixtures for every room."""

from hypothesis import settings

pytest_plugins = ["tests.data_sources.server", "tests.database.places", "tests.services.published"]

# The first example of a test may load a library, and machines are busy: time is measured by benchmarks, not by examples.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
