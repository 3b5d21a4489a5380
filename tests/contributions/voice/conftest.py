"""A database of either kind, keys, and two centres."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.delivery.store import save_centres
from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import Keyring, new_key
from dashboard.contributions.voice.tables import VoiceCount
from dashboard.contributions.voice.vectors import find_weights
from dashboard.evidence.database.engine import writing
from tests.accounts.conftest import hasher
from tests.needs import missing

__all__ = ["hasher"]  # a password of the product takes longer to hash than most of these tests

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.fixture
def keys() -> Keyring:
    return Keyring([new_key("one")])


@pytest.fixture
def weights() -> None:
    if find_weights() is None:
        missing("The weights of sentence vectors are not installed on this machine.")


@pytest.fixture
def inbox(record: Engine) -> Engine:
    """The database with two centres of two countries."""
    services = (("passport", "Pasport"), ("id-card", "Şəxsiyyət vəsiqəsi"))
    save_centres(
        record,
        [
            Centre("baku-1", "AZE", "Bakı 1", date(2020, 1, 1), services=services, form=True),
            Centre("hoima", "UGA", "Hoima", date(2023, 7, 1), form=True),
        ],
    )
    return record


def put_in_force(engine: Engine, rows: Sequence[VoiceCount]) -> None:
    """Put a release of a country in force, after the one that is."""
    country = rows[0].country
    before = store.published(engine, country)
    with writing(engine) as connection:
        assert store.publish(connection, country, before[0].release if before else "", rows)
