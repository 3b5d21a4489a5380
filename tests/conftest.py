"""Fixtures for every room."""

import os
import sys

import pytest
from hypothesis import settings

from dashboard.runtime.process import DEFAULTS
from dashboard.runtime.sandbox import pools

pytest_plugins = [
    "tests.needs",  # before those that use it
    "tests.chromium",
    "tests.data_sources.server",
    "tests.evidence.database.places",
    "tests.answers.published",
]

# What is compiled once is kept, whatever the environment says: to compile it anew takes longer than most tests.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

ENGINE = "POLARS_ENGINE_AFFINITY"
os.environ.setdefault(ENGINE, DEFAULTS[ENGINE])  # questions are answered as the served product answers them

# Hundreds of files are read in tests, each in a process of its own: to load these takes longer than to read one.
SUBMISSIONS = "dashboard.contributions.submissions"
pools.PRELOADED += [f"{SUBMISSIONS}.{name}" for name in ("methods.resolving", "reading.extract", "rules")]

# The first example may load a library on a busy machine: time is measured by benchmarks, not by examples.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


RECORD = {"database", "dataset", "gathering", "operations"}
"""Rooms of the record: their tests run on SQLite and on PostgreSQL in ``make test``."""

STORES = {
    "test_audit", "test_sessions", "test_people", "test_decisions", "test_views", "test_life", "test_survey",
    "test_intake", "test_review", "test_a_year", "test_conflicts", "test_reminders",
}  # fmt: skip
"""Tests of the rooms above it that write and read all that their ``store`` module can: on PostgreSQL in ``make long``.
The others of these rooms, whose statements are the same, run there in ``make nightly``."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as long or nightly what repeats a room above the record on PostgreSQL."""
    for item in items:
        if item.get_closest_marker("postgres") and item.path.parent.name not in RECORD:
            item.add_marker(pytest.mark.long if item.path.stem in STORES else pytest.mark.nightly)
