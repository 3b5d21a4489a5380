"""A database of either kind, keys, two centres, and servers of a language model."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from dashboard.delivery.model import Centre
from dashboard.delivery.store import save_centres
from dashboard.voice.inbox import Keyring, new_key
from tests.voice.model import Handler, Model, Serve

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.fixture
def keys() -> Keyring:
    return Keyring([new_key("one")])


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


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers and ends them."""
    running: list[Model] = []

    def start(says: Callable[[Handler, str], None]) -> Model:
        model = Model(says)
        threading.Thread(target=model.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        running.append(model)
        return model

    yield start
    for model in running:
        model.ended.set()
        model.shutdown()
        model.server_close()
