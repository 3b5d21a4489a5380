"""Pages are rendered without Node here: what a component draws is seen in the browser."""

import pytest

from dashboard.answers.base.cache import BytesCache
from dashboard.interfaces.pages.shell import serving
from tests.interfaces.pages.documents import EmptyRenderer


@pytest.fixture(autouse=True)
def renderer(monkeypatch: pytest.MonkeyPatch) -> EmptyRenderer:
    """The renderer of all pages, and nothing kept of earlier tests."""
    empty = EmptyRenderer()
    monkeypatch.setattr(serving, "get_renderer", lambda: empty)
    monkeypatch.setattr(serving, "_documents", BytesCache(2**22))
    return empty
